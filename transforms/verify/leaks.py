"""The leak check: is anything of what a record is known to hold still in what it became?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.batches import flat, rows_of
from transforms.detect.batch import known_of_batch
from transforms.detect.engine import Detector
from transforms.detect.known import Known, find_known
from transforms.fields import FieldSpec, FieldType, Role, Treatment
from transforms.pseudonymise.batch import Treated
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
    source, published, places = treated
    reasons: list[str | None] = [None] * source.num_rows
    known = known_of_batch(source, fields)
    for field in fields:
        if field.name not in published.schema.names or not _searched(field):
            continue
        column = published.column(field.name)
        owners = rows_of(column)
        values = [value or "" for value in flat(column).to_pylist()]
        if field.name in places:
            values = [_hide(v, p) for v, p in zip(values, places[field.name], strict=True)]
        for row, entity in _left(detector, settings, values, owners, known):
            reasons[row] = reasons[row] or f"field '{field.name}' still holds {entity}"
    return reasons


def _searched(field: FieldSpec) -> bool:
    """Texts, and what is published as it is; all else was replaced value by value."""
    return field.type is FieldType.STRING and (
        field.role is Role.TEXT or field.treatment is Treatment.KEEP
    )


def _left(
    detector: Detector,
    settings: VerifySettings,
    values: Sequence[str],
    owners: Sequence[int],
    known: Sequence[Known],
) -> Iterator[tuple[int, str]]:
    # What is published as it is has few distinct values.
    distinct = list(dict.fromkeys(values))
    certain = {
        value: next((s.entity for s in spans if settings.counts(s)), None)
        for value, spans in zip(distinct, detector.detect(distinct), strict=True)
    }
    for value, owner in zip(values, owners, strict=True):
        own = find_known(value, known[owner])
        if own:
            yield owner, f"the record's own {own[0].entity}"
        elif (entity := certain[value]) is not None:
            yield owner, entity


def _hide(text: str, places: Sequence[tuple[int, int]]) -> str:
    parts, last = [], 0
    for start, end in sorted(places):
        parts.append(text[last:start])
        parts.append(_HIDDEN * (end - start))
        last = max(last, end)
    return "".join(parts) + text[last:]
