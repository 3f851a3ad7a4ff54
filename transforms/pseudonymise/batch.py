"""A batch with its spans, treated: the stage's logic without Beam."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from transforms.batches import flat, like, rows_of
from transforms.detect.batch import Detected

from .pseudonymiser import Pseudonymiser


class Treated(NamedTuple):
    """A batch before and after: ``source`` as it was read, ``published`` as it may become public,
    and for each text field the places (start, end) of the stand-ins in each of its (flattened)
    values."""

    source: pa.RecordBatch
    published: pa.RecordBatch
    places: dict[str, list[list[tuple[int, int]]]]

    def only(self, kept: pa.Array) -> Treated:
        """The records for which ``kept`` (a boolean each) is true."""
        places = {}
        for name, values in self.places.items():
            rows = rows_of(self.source.column(name))
            places[name] = [
                value for value, row in zip(values, rows, strict=True) if kept[row].as_py()
            ]
        return Treated(self.source.filter(kept), self.published.filter(kept), places)


def treat(pseudonymiser: Pseudonymiser, detected: Detected, subject: str) -> Treated:
    """Replace what was detected in a batch's texts, and treat its other fields.

    ``subject`` is the name of the subject's field.
    """
    batch = detected.source
    hints = pseudonymiser.hints(batch)
    subjects = batch.column(subject).to_pylist()
    texts: dict[str, pa.Array] = {}
    places: dict[str, list[list[tuple[int, int]]]] = {}
    for name, spans in detected.spans.items():
        column = batch.column(name)
        values = flat(column).to_pylist()
        treated = [
            (value, [])
            if not found
            else pseudonymiser.text(value, found, subjects[row], hints[row])
            for value, found, row in zip(values, spans, rows_of(column), strict=True)
        ]
        texts[name] = like(column, pa.array([text for text, _ in treated], pa.string()))
        places[name] = [put for _, put in treated]
    return Treated(batch, pseudonymiser.record_batch(batch, texts, hints), places)
