"""A batch with its spans, treated: the stage's logic without Beam."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import accumulate, groupby
from operator import itemgetter
from typing import NamedTuple

import pyarrow as pa

from transforms.batches import flat, like, rows_of
from transforms.detect.batch import Detected
from transforms.detect.spans import Span

from .hints import Hints
from .pseudonymiser import Pseudonymiser

Place = tuple[int, int]
"""Where in a published text a stand-in was put: start and end."""

_SEAM = "\x1e"
"""Between the texts of a record; ingest leaves none in any text."""


class Treated(NamedTuple):
    """A batch before and after: ``source`` as it was read, ``published`` as it may become public,
    and for each text field the places of the stand-ins in each of its (flattened) values."""

    source: pa.RecordBatch
    published: pa.RecordBatch
    places: dict[str, list[list[Place]]]

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
    hints = pseudonymiser.hints(batch, detected.spans)
    subjects = batch.column(subject).to_pylist()
    texts: dict[str, pa.Array] = {}
    places: dict[str, list[list[Place]]] = {}
    for name, spans in detected.spans.items():
        column = batch.column(name)
        values = zip(flat(column).to_pylist(), spans, strict=True)
        treated: list[tuple[str | None, list[Place]]] = []
        for row, many in groupby(zip(rows_of(column), values, strict=True), itemgetter(0)):
            items, found = zip(*(value for _, value in many), strict=True)
            treated += _record(pseudonymiser, items, found, subjects[row], hints[row])
        texts[name] = like(column, pa.array([text for text, _ in treated], pa.string()))
        places[name] = [put for _, put in treated]
    return Treated(batch, pseudonymiser.record_batch(batch, texts, hints), places)


def _record(
    pseudonymiser: Pseudonymiser,
    items: Sequence[str | None],
    spans: Sequence[Sequence[Span]],
    subject: str | None,
    hints: Hints,
) -> list[tuple[str | None, list[Place]]]:
    """The texts of one record, treated: all in one call, since each costs more than its text."""
    if not any(spans):
        return [(item, []) for item in items]
    starts = [0, *accumulate(len(item or "") + 1 for item in items)]
    whole, put = pseudonymiser.text(
        _SEAM.join(item or "" for item in items),
        [
            Span(start + span[0], start + span[1], *span[2:])
            for start, found in zip(starts, spans, strict=False)
            for span in found
        ],
        subject,
        hints,
    )
    treated: list[tuple[str | None, list[Place]]] = []
    start, waiting = 0, deque(sorted(put))
    for item, text in zip(items, whole.split(_SEAM), strict=True):
        end = start + len(text)
        mine = []
        while waiting and waiting[0][1] <= end:
            first, last = waiting.popleft()
            mine.append((first - start, last - start))
        treated.append((None if item is None else text, mine))
        start = end + 1
    return treated
