"""How a published value can be made coarser, step by step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from transforms.fields import FieldSpec, Generalise, Icd10, Period, Treatment
from transforms.pseudonymise import ages, icd10
from transforms.verify.risk.settings import HierarchySettings, RiskSettings

_BAND = re.compile(r"(-?\d+)(?:-(-?\d+)|\+)?")
_DATE = re.compile(r"(\d{4})(?:-W\d\d|(-\d\d)(?:-\d\d.*)?)?", re.DOTALL)
_WIDEST = 100
"""Bands stop to double here where no ``top`` tells how far the values go."""
_OF_A_DAY = (Period.MONTH, Period.YEAR)
LEFT_OUT = "left out"


class OutsideError(Exception):
    """A value that a hierarchy does not know."""


class Step(NamedTuple):
    """One step: what it is called, and what a published value becomes."""

    name: str
    coarser: Callable[[str], str | None]
    """Raises OutsideError."""


class Hierarchy(NamedTuple):
    """The steps of a field; step 0 is the value as it is published, at the last it is left out.

    Each step is a function of the step before: classes only ever merge. What is missing stays so.
    """

    field: str
    steps: tuple[Step, ...]

    @property
    def height(self) -> int:
        """The number of the last step."""
        return len(self.steps) - 1

    def recoding(self, values: Iterable[str | None], step: int) -> dict[str | None, str | None]:
        """What each of the values becomes at a step.

        Raises OutsideError.
        """
        coarser = self.steps[step].coarser
        return {value: None if value is None else coarser(value) for value in values}

    def outside(self, values: Iterable[str | None]) -> list[str]:
        """Those of the values that a step does not know."""
        return [value for value in values if value is not None and not self._knows(value)]

    def _knows(self, value: str) -> bool:
        try:
            for step in self.steps:
                step.coarser(value)
        except OutsideError:
            return False
        return True


def hierarchy_of(field: FieldSpec, settings: RiskSettings) -> Hierarchy:
    """The steps of a quasi-identifier: the configured ones, or those that its own ``generalise``
    suggests (bands twice as wide, prefixes a character shorter, from month to year)."""
    how = settings.hierarchies.get(field.name)
    steps = _suggested(field) if how is None else _configured(how, field.generalise)
    ends = (Step("as configured", lambda value: value), Step(LEFT_OUT, lambda value: None))
    return Hierarchy(field.name, (ends[0], *steps, ends[1]))


def _configured(how: HierarchySettings, own: Generalise | None) -> list[Step]:
    if how.file is not None:
        columns = range(1, len(how.file[0]))
        return [_column({row[0]: row[n] for row in how.file}, n) for n in columns]
    if how.bands is not None:
        return [_band(width, own.top if own else None) for width in how.bands]
    if how.prefixes is not None:
        return [_prefix(length) for length in how.prefixes]
    return [_period(period) for period in how.periods or ()]


def _suggested(field: FieldSpec) -> list[Step]:
    own = field.generalise
    if own is None:
        return [_period(p) for p in _OF_A_DAY] if field.treatment is Treatment.SHIFT else []
    if own.band is not None:
        widths, width = [], 2 * own.band
        while width < (_WIDEST if own.top is None else own.top):
            widths.append(width)
            width *= 2
        return [_band(width, own.top) for width in widths]
    if own.prefix is not None:
        return [_prefix(length) for length in range(own.prefix - 1, 0, -1)]
    if own.icd10 is Icd10.CATEGORY:
        return [Step("ICD-10 chapter", _chapter)]
    return [_period(Period.YEAR)] if own.period not in (None, Period.YEAR) else []


def _column(becomes: dict[str, str], number: int) -> Step:
    def coarser(value: str) -> str:
        if value not in becomes:
            raise OutsideError
        return becomes[value]

    return Step(f"column {number + 1} of its file", coarser)


def _band(width: int, top: int | None) -> Step:
    def coarser(value: str) -> str:
        found = _BAND.fullmatch(value)
        if found is None:
            raise OutsideError
        return ages.band(int(found[1]), width, top)

    return Step(f"bands of {width}", coarser)


def _chapter(value: str) -> str:
    found = icd10.coarser(value, Icd10.CHAPTER)
    if found is None:
        raise OutsideError
    return found


def _prefix(length: int) -> Step:
    return Step(f"prefix {length}", lambda value: value[:length])


def _period(period: Period) -> Step:
    def coarser(value: str) -> str:
        found = _DATE.fullmatch(value)
        if found is None or (period is Period.MONTH and found[2] is None):
            raise OutsideError
        return found[1] if period is Period.YEAR else found[1] + found[2]

    return Step(str(period), coarser)
