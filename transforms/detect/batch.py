"""A batch's texts, searched: the stage's logic without Beam."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.batches import rows_of
from transforms.detect.engine import Detector
from transforms.detect.known import Known, known_fields, known_of
from transforms.detect.roles import PERSON, PersonRole, person_roles
from transforms.detect.spans import Span
from transforms.fields import FieldSpec, Role

SEAM = "\n"
"""Between the texts of a record (its note, the turns of a talk), which are searched as one."""


class Detected(NamedTuple):
    """A batch, and for each of its text fields the spans of each value (of each item of each
    record, for a list field, in the order of the flattened column)."""

    source: pa.RecordBatch
    spans: dict[str, list[list[Span]]]
    people: Counter[PersonRole]
    """Names in the texts by whose they are."""

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
        return Detected(self.source.slice(row, 1), spans, Counter())


def detect_batch(
    detector: Detector, batch: pa.RecordBatch, fields: Sequence[FieldSpec]
) -> Detected:
    """Search the texts of each record of a batch, all of them as one document.

    Raises DetectionError where a text could not be searched to its end.
    """
    texts = [field for field in fields if field.role is Role.TEXT]
    columns = [batch.column(field.name).to_pylist() for field in texts]
    records = [
        [_items(value, field) for field, value in zip(texts, row, strict=True)]
        for row in zip(*columns, strict=True)
    ]
    documents = [SEAM.join(item for items in record for item in items) for record in records]
    found: dict[str, list[list[Span]]] = {field.name: [] for field in texts}
    people: Counter[PersonRole] = Counter()
    spans = detector.detect(documents, known_of_batch(batch, fields))
    for record, document, whole in zip(records, documents, spans, strict=True):
        people.update(person_roles(document, _names(whole)))
        parts = _by_item([item for items in record for item in items], whole)
        for field, items in zip(texts, record, strict=True):
            found[field.name].extend(islice(parts, len(items)))
    return Detected(batch, found, people)


def _names(spans: Iterable[Span]) -> list[Span]:
    """Names, each once though several recognisers may have found it."""
    names: list[Span] = []
    for span in spans:
        if span.entity == PERSON and (not names or span.start >= names[-1].end):
            names.append(span)
    return names


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


def _by_item(items: Iterable[str], spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans of a joined text, by start, cut at its seams and counted from each item's start."""
    start = 0
    waiting = deque(spans)
    open_spans: list[Span] = []
    for item in items:
        end = start + len(item)
        while waiting and waiting[0].start < end:
            open_spans.append(waiting.popleft())
        yield [
            span._replace(start=max(span.start, start) - start, end=min(span.end, end) - start)
            for span in open_spans
            if span.end > start
        ]
        start = end + len(SEAM)
        open_spans = [span for span in open_spans if span.end > start]
