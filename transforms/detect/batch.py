"""A batch's texts, searched: the stage's logic without Beam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.batches import flat, rows_of
from transforms.detect.engine import Detector
from transforms.detect.known import Known, known_fields, known_of
from transforms.detect.spans import Span
from transforms.fields import FieldSpec, Role

SEAM = "\n"
"""Between the items of a list (the turns of a talk), which are searched as one text."""


class Detected(NamedTuple):
    """A batch, and for each of its text fields the spans of each value (of each item of each
    record, for a list field, in the order of the flattened column)."""

    source: pa.RecordBatch
    spans: dict[str, list[list[Span]]]

    def one(self, row: int) -> Detected:
        """One of the records, alone."""
        spans = {
            name: [
                found
                for found, owner in zip(values, rows_of(self.source.column(name)), strict=True)
                if owner == row
            ]
            for name, values in self.spans.items()
        }
        return Detected(self.source.slice(row, 1), spans)


def detect_batch(
    detector: Detector, batch: pa.RecordBatch, fields: Sequence[FieldSpec]
) -> Detected:
    """Search every text field of a batch.

    Raises DetectionError where a text could not be searched to its end.
    """
    known = known_of_batch(batch, fields)
    found: dict[str, list[list[Span]]] = {}
    for field in fields:
        if field.role is not Role.TEXT:
            continue
        column = batch.column(field.name)
        documents = [_items(value, field) for value in column.to_pylist()]
        spans = detector.detect([SEAM.join(items) for items in documents], known)
        found[field.name] = [
            part
            for items, whole in zip(documents, spans, strict=True)
            for part in _by_item(items, whole)
        ]
        assert len(found[field.name]) == len(flat(column))
    return Detected(batch, found)


def known_of_batch(batch: pa.RecordBatch, fields: Sequence[FieldSpec]) -> list[Known]:
    """What each record of a batch is known to hold."""
    looked_for = known_fields(fields)
    columns = [batch.column(field.name).to_pylist() for field in looked_for]
    return [
        known_of(
            {
                field: [item for item in _items(value, field) if item]
                for field, value in zip(looked_for, row, strict=True)
            }
        )
        for row in zip(*columns, strict=True)
    ]


def _items(value: Any, field: FieldSpec) -> list[str]:
    """A field's value as the list of its items; a missing one is an empty text."""
    return [item or "" for item in value or []] if field.is_list else [value or ""]


def _by_item(items: Sequence[str], spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans of a joined text, cut at its seams and counted from each item's start."""
    start = 0
    for item in items:
        end = start + len(item)
        yield [
            span._replace(start=max(span.start, start) - start, end=min(span.end, end) - start)
            for span in spans
            if span.start < end and span.end > start
        ]
        start = end + len(SEAM)
