"""The leak check: is anything of what a record is known to hold still in what it became?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter

from transforms.batches import flat, rows_of
from transforms.detect.batch import SEAM, known_of_batch
from transforms.detect.engine import Detector
from transforms.detect.known import RECOGNISER, find_known
from transforms.detect.spans import Span
from transforms.fields import FieldSpec, FieldType, Role, Treatment
from transforms.pseudonymise.batch import Place, Treated
from transforms.verify.settings import VerifySettings

_HIDDEN = "\x1a"
"""Stands for a surrogate while the rest is searched: no pattern matches it."""


def leaks(
    detector: Detector, settings: VerifySettings, fields: Sequence[FieldSpec], treated: Treated
) -> list[str | None]:
    """For each record of a batch, why it must not be published; None where nothing speaks
    against it.

    The reason names a field and an entity, never a value.
    """
    known = known_of_batch(treated.source, fields)
    records = _documents(fields, treated)
    spans = detector.detect([document for document, _ in records])
    reasons: list[str | None] = []
    for (document, parts), own, found in zip(records, known, spans, strict=True):
        left = find_known(document, own) or [span for span in found if settings.counts(span)]
        reasons.append(_reason(left[0], parts) if left else None)
    return reasons


def _documents(
    fields: Sequence[FieldSpec], treated: Treated
) -> list[tuple[str, list[tuple[int, str]]]]:
    """For each record all that is searched, as one text without its stand-ins; and where in it
    which field begins."""
    parts: list[list[tuple[str, str]]] = [[] for _ in range(treated.source.num_rows)]
    for field in fields:
        if field.name not in treated.published.schema.names or not _searched(field):
            continue
        column = treated.published.column(field.name)
        values = [value or "" for value in flat(column).to_pylist()]
        if field.name in treated.places:
            values = [_hide(*pair) for pair in zip(values, treated.places[field.name], strict=True)]
        for row, value in zip(rows_of(column), values, strict=True):
            parts[row].append((field.name, value))
    documents = []
    for record in parts:
        starts = accumulate((len(value) + len(SEAM) for _, value in record), initial=0)
        fields_at = [(start, name) for start, (name, _) in zip(starts, record, strict=False)]
        documents.append((SEAM.join(value for _, value in record), fields_at))
    return documents


def _reason(span: Span, fields_at: Sequence[tuple[int, str]]) -> str:
    index = bisect_right(fields_at, span.start, key=itemgetter(0)) - 1
    whose = "the record's own " if span.recogniser == RECOGNISER else ""
    return f"field '{fields_at[index][1]}' still holds {whose}{span.entity}"


def _searched(field: FieldSpec) -> bool:
    """Texts, and what is published as it is; all else was replaced value by value."""
    return field.type is FieldType.STRING and (
        field.role is Role.TEXT or field.treatment is Treatment.KEEP
    )


def _hide(text: str, places: Sequence[Place]) -> str:
    if not places:
        return text
    parts, last = [], 0
    for start, end in sorted(places):
        parts.append(text[last:start])
        parts.append(_HIDDEN * (end - start))
        last = max(last, end)
    return "".join(parts) + text[last:]
