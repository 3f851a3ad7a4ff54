"""Columns without text, treated as their field says; by distinct values where that is enough."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from transforms.fields import Generalise, Period

from . import ages, dates, icd10
from .dates import Reading

_NUMBER = re.compile(r"\s*[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\s*")
# Area and district, then sector and unit.
_UK_POSTCODE = re.compile(r"((?P<area>[A-Z]{1,2})\d[A-Z\d]?) ?\d[A-Z]{2}", re.IGNORECASE)


def by_value(values: pa.Array, treat: Callable[[Any], str | None]) -> pa.Array:
    """Each value treated; null stays null. ``treat`` is called once for each distinct value."""
    if not len(values):
        return pa.array([], pa.string())
    encoded = values.dictionary_encode()
    treated = pa.array([treat(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return treated.take(encoded.indices)


def by_row(
    values: pa.Array, rows: Sequence[int], treat: Callable[[str, int], str | None]
) -> pa.Array:
    """Each value treated knowing its record: ``rows`` are the records of the values."""
    treated = [
        None if value is None else treat(value, row)
        for value, row in zip(values.to_pylist(), rows, strict=True)
    ]
    return pa.array(treated, pa.string())


def generaliser(how: Generalise, reading: Reading) -> Callable[[Any], str | None]:
    """What makes a value coarser; it returns None for what it cannot read or must suppress."""
    coarser = _coarser(how, reading)
    if not how.suppress:
        return coarser

    def unless_suppressed(value: Any) -> str | None:
        result = coarser(value)
        return None if result in how.suppress else result

    return unless_suppressed


def _coarser(how: Generalise, reading: Reading) -> Callable[[Any], str | None]:
    if how.band is not None:
        width, top = how.band, how.top
        return lambda value: _banded(value, width, top)
    if how.prefix is not None:
        length = how.prefix
        return lambda value: _prefix(value, length)
    if how.icd10 is not None:
        level = how.icd10
        return lambda value: icd10.coarser(str(value), level)
    period = how.period
    return lambda value: _period(value, period, reading)


def _banded(value: Any, width: int, top: int | None) -> str | None:
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return ages.band(value, width, top)


def _prefix(value: Any, length: int) -> str | None:
    text = str(value).strip()
    if match := _UK_POSTCODE.fullmatch(text):
        outward = match[1].upper()
        # A part of a district's number would be another district.
        return outward if len(outward) <= length else match["area"].upper()
    return text[:length] or None


def _period(value: Any, period: Period | None, reading: Reading) -> str | None:
    found = dates.read(str(value), reading)
    if found is None:
        return None
    day, precision = found
    if period is Period.YEAR:
        return f"{day.year:04d}"
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year:04d}-W{week:02d}" if precision == "day" else None
    return None if precision == "year" else f"{day.year:04d}-{day.month:02d}"
