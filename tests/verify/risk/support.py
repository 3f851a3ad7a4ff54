"""A small table of people, as it would be published, and risk over it by counting alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from transforms.fields import FieldSettings, FieldSpec, source_schema
from transforms.pseudonymise.batch import Treated
from transforms.verify.risk import trails
from transforms.verify.risk.settings import Attributes, RiskSettings

FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "patient": {"role": "subject"},
        "age": {"role": "quasi", "type": "integer", "generalise": {"band": 10, "top": 90}},
        "area": {"role": "quasi", "generalise": {"prefix": 2}},
        "sex": {"role": "attribute"},
        "visits": {"role": "attribute", "type": "integer"},
        "illness": {"role": "attribute"},
        "salary": {"role": "attribute", "type": "integer"},
        "note": {"role": "text"},
    }.items()
]
Row = dict[str, Any]


def risk(**given: Any) -> RiskSettings:
    return RiskSettings.model_validate(given)


def about(settings: RiskSettings) -> Attributes:
    return Attributes(settings, FIELDS)


def treated(rows: Sequence[Row]) -> Treated:
    """Records with these published values. In the source, numbers that were made coarser are not
    known here, and left empty."""
    raw = [{**row, "age": None, "_file": "f", "_position": n} for n, row in enumerate(rows, 1)]
    published = {
        field.name: pa.array([row.get(field.name) for row in rows], field.published_type)
        for field in FIELDS
    }
    published["patient"] = pa.array([f"ID_{row['patient']}" for row in rows])
    return Treated(
        pa.RecordBatch.from_pylist(raw, schema=source_schema(FIELDS)),
        pa.record_batch(published),
        {"note": [[] for _ in rows]},
    )


def table(rows: Sequence[Row], settings: RiskSettings) -> pl.DataFrame:
    """Their table of trails."""
    return table_of([treated(rows)], settings)


def table_of(batches: Sequence[Treated], settings: RiskSettings) -> pl.DataFrame:
    found = [values(batch, settings) for batch in batches]
    return trails.of_subjects([trails.no_rows(about(settings)), *found])


def values(batch: Treated, settings: RiskSettings) -> pl.DataFrame:
    subjects = batch.source.column("patient")
    columns = trails.columns_of(batch.published, subjects, about(settings))
    return trails.rows_of(pa.Table.from_batches([columns]), about(settings))


def counted(rows: Sequence[Row], quasi: Sequence[str]) -> dict[tuple[Any, ...], set[str]]:
    """The subjects of each class, by counting."""
    classes: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in rows:
        classes[tuple(row.get(name) for name in quasi)].add(row["patient"])
    return dict(classes)


def rows_of(batch: Treated) -> list[Row]:
    """What is published, with the subjects as they are in the source."""
    subjects = batch.source.column("patient").to_pylist()
    return [
        {**row, "patient": subject}
        for row, subject in zip(batch.published.to_pylist(), subjects, strict=True)
    ]
