"""Differentially private tables as files of a release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from transforms.aggregate.releaser import METADATA
from transforms.publish.manifest import Aggregate, FileEntry, Measure
from transforms.publish.writer import ParquetPart

AGGREGATES = "aggregates"

_QUALITY = pa.schema(
    {
        "columns": pa.list_(pa.string()),
        "ways": pa.int64(),
        "cells": pa.int64(),
        "total_variation": pa.float64(),
        "by_noise_alone": pa.float64(),
    }
)


def write_aggregate(folder: str, name: str, table: pa.Table) -> tuple[FileEntry, Aggregate]:
    """Write a released table to ``aggregates/<name>.parquet``, its metadata with it.

    Returns:
        The file, and what the manifest says of the table: read from the table's own metadata, so
        that both say the same.
    """
    file = _write(folder, f"{AGGREGATES}/{name}.parquet", table)
    told = _told(table)
    keys = (
        "kind",
        "epsilon",
        "delta",
        "mechanism",
        "max_groups",
        "max_rows_per_group",
        "explanation",
    )
    return file, Aggregate.model_validate(
        {key: told[key] for key in keys}
        | {"name": name, "file": file.path, "rows": table.num_rows}
        | {"measures": [_measure(measure) for measure in told["measures"]]}
    )


def write_quality(folder: str, name: str, table: pa.Table) -> list[FileEntry]:
    """Write how well synthetic rows fit their noisy marginals to ``aggregates/<name>.quality
    .parquet``; nothing for other tables."""
    quality = _told(table).get("quality")
    if quality is None:
        return []
    rows = pa.Table.from_pylist(quality, schema=_QUALITY)
    return [_write(folder, f"{AGGREGATES}/{name}.quality.parquet", rows)]


def _told(table: pa.Table) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(table.schema.metadata[METADATA])
    return told


def _write(folder: str, path: str, table: pa.Table) -> FileEntry:
    part = ParquetPart(folder, path, table.schema)
    try:
        for batch in table.to_batches():
            part.write(batch)
        return part.close()
    except BaseException:
        part.discard()
        raise


def _measure(told: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: told[key] for key in Measure.model_fields if key in told}
    # An error that depends on the group is told in words, with a product beside them.
    return {key: value for key, value in known.items() if key != "error_95" or _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
