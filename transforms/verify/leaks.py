"""The leak check: is anything of what a record is known to hold still in what it became?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from transforms.batches import flat, rows_of
from transforms.detect.batch import SEAM, known_of_batch
from transforms.detect.engine import Detector
from transforms.detect.known import RECOGNISER, find_known
from transforms.detect.spans import Span
from transforms.fields import FieldSpec, FieldType, Role, Treatment
from transforms.pseudonymise.batch import Place, Treated
from transforms.verify.settings import VerifySettings

LEFT = " still holds "
"""In every reason for which the leak check refuses a record, and in no other."""

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
    reasons: list[str | None] = []
    texts = _documents(fields, treated, _is_text)
    kept = _documents(fields, treated, _is_kept)
    # Attributes have few distinct values; and a word of one says nothing of the next.
    values = list({value for record in kept for _, value in record.parts})
    certain = {
        value: [span for span in spans if settings.counts(span)]
        for value, spans in zip(values, detector.detect(values), strict=True)
    }
    found = detector.detect([record.text for record in texts])
    for text, attributes, own, spans in zip(texts, kept, known, found, strict=True):
        reasons.append(
            text.reason(find_known(text.text, own))
            or text.reason([span for span in spans if settings.counts(span)])
            or attributes.reason(find_known(attributes.text, own))
            or next(
                (
                    _reason(max(certain[value], key=_score), field)
                    for field, value in attributes.parts
                    if certain[value]
                ),
                None,
            )
        )
    return reasons


class _Document(NamedTuple):
    """Some values of a record as one text, without stand-ins."""

    parts: list[tuple[str, str]]
    """The values, each with its field's name."""

    @property
    def text(self) -> str:
        return SEAM.join(value for _, value in self.parts)

    def reason(self, left: Sequence[Span]) -> str | None:
        """Why the record must not be published, given what is left in the text."""
        if not left:
            return None
        worst = max(left, key=_score)
        start = 0
        for field, value in self.parts:
            start += len(value) + len(SEAM)
            if worst.start < start:
                return _reason(worst, field)
        raise AssertionError("a span lies behind its text")


def _documents(
    fields: Sequence[FieldSpec], treated: Treated, chosen: Callable[[FieldSpec], bool]
) -> list[_Document]:
    records = [_Document([]) for _ in range(treated.source.num_rows)]
    for field in fields:
        if field.name not in treated.published.schema.names or not chosen(field):
            continue
        column = treated.published.column(field.name)
        values = ["" if v is None else str(v) for v in flat(column).to_pylist()]
        if field.name in treated.places:
            values = [_hide(*pair) for pair in zip(values, treated.places[field.name], strict=True)]
        for row, value in zip(rows_of(column), values, strict=True):
            records[row].parts.append((field.name, value))
    return records


def _is_text(field: FieldSpec) -> bool:
    return field.role is Role.TEXT


def _is_kept(field: FieldSpec) -> bool:
    """Published as it is; all but texts and these was replaced value by value."""
    return field.treatment is Treatment.KEEP and field.type in (
        FieldType.STRING,
        FieldType.INTEGER,
    )


def _reason(span: Span, field: str) -> str:
    whose = "the record's own " if span.recogniser == RECOGNISER else ""
    return f"field '{field}'{LEFT}{whose}{span.entity}"


def _score(span: Span) -> float:
    return span.score


def _hide(text: str, places: Sequence[Place]) -> str:
    if not places:
        return text
    parts, last = [], 0
    for start, end in sorted(places):
        parts.append(text[last:start])
        parts.append(_HIDDEN * (end - start))
        last = max(last, end)
    return "".join(parts) + text[last:]
