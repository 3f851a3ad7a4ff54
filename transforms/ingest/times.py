"""Dates and times in exports, to ISO 8601: the same day is written in a dozen ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from zoneinfo import ZoneInfo

from transforms.ingest.settings import SourceSettings
from transforms.ingest.text import UnreadableError

_NUMBERS = r"(\d{1,4})[./-]\s?(\d{1,2})[./-]\s?(\d{1,4})\.?"
_TIME = (
    r"(?:[\s,T]*(?:at\s)?\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?:([AaPp])\.?\s?[Mm]\.?)?)?"
)
_ZONE = r"\s*(Z|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?"
_NUMERIC = re.compile(rf"\[?{_NUMBERS}{_TIME}{_ZONE}\]?", re.ASCII)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_NAME = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_NAMED = (
    re.compile(rf"(?:[a-z]+,\s)?{_MONTH_NAME}\s(\d{{1,2}}),?\s(\d{{4}}),?{_TIME}{_ZONE}", re.I),
    re.compile(rf"(?:[a-z]+,\s)?(\d{{1,2}})\.?\s{_MONTH_NAME},?\s(\d{{4}}),?{_TIME}{_ZONE}", re.I),
)
_YEAR_MONTH_DAY = {
    "dmy": itemgetter(2, 1, 0), "mdy": itemgetter(2, 0, 1), "ymd": itemgetter(0, 1, 2)
}  # fmt: skip
_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " ", "\u200e": None, "\u200f": None})

_LONGEST = 100
"""Characters of a date. Of longer texts the patterns would take longer than their length."""

AMBIGUOUS = "ambiguous date: 03/04 may be two; set source.date_order"


class Clock:
    """Reads the dates of one export, all of which are written alike."""

    def __init__(self, dates: Iterable[str], settings: SourceSettings) -> None:
        """``dates``: those of the export, which together tell their order."""
        self._order = settings.date_order or order_of(dates)
        self._zone = settings.time_zone

    def iso(self, text: str) -> str | None:
        """A date and time (or date alone) in ISO 8601; ``None`` where it is no date.

        Raises: UnreadableError, where day and month cannot be told apart.
        """
        return _iso(text, self._order, self._zone)


@lru_cache(8192)
def _iso(text: str, order: str | None, zone: str | None) -> str | None:
    text = (text if text.isascii() else text.translate(_SPACES)).strip()
    if len(text) > _LONGEST:
        return None
    if match := _NUMERIC.fullmatch(text):
        first, second, third, *rest = match.groups()
        order = "ymd" if len(first) > 2 else order
        if order is None:
            raise UnreadableError(AMBIGUOUS)
        year, month, day = map(int, _YEAR_MONTH_DAY[order]((first, second, third)))
    elif match := _NAMED[0].fullmatch(text):
        name, number, full_year, *rest = match.groups()
        year, month, day = int(full_year), _MONTHS.index(name.lower()) + 1, int(number)
    elif match := _NAMED[1].fullmatch(text):
        number, name, full_year, *rest = match.groups()
        year, month, day = int(full_year), _MONTHS.index(name.lower()) + 1, int(number)
    else:
        return None
    hour, minute, second, half, offset = rest
    hours = int(hour or 0)
    if half:
        hours = hours % 12 + (12 if half in "Pp" else 0)
    year += 2000 if year < 100 else 0
    local = ZoneInfo(zone) if zone and not offset else None
    try:
        moment = datetime(year, month, day, hours, int(minute or 0), int(second or 0), 0, local)
    except ValueError:
        return None
    if hour is None:
        return moment.date().isoformat()
    return moment.isoformat() + (_offset(offset) if offset else "")


def order_of(dates: Iterable[str]) -> str | None:
    """``dmy``, ``mdy`` or ``ymd``, told from numbers that cannot be a month; ``None`` if none is
    so large."""
    for text in dates:
        match = _NUMERIC.match(text.translate(_SPACES).strip()[:_LONGEST])
        if not match:
            continue
        first, second = match[1], match[2]
        if len(first) > 2:
            return "ymd"
        if int(first) > 12:
            return "dmy"
        if int(second) > 12:
            return "mdy"
    return None


def seconds_of(clock: str) -> float | None:
    """Seconds in ``1:02:03.5``, ``02:03`` or ``02:03,500``; ``None`` where it is no such thing."""
    parts = clock.strip().replace(",", ".").split(":")
    try:
        if not 2 <= len(parts) <= 3 or not all(parts):
            return None
        total = 0.0
        for part in parts:
            total = total * 60 + float(part)
    except ValueError:
        return None
    return total if 0 <= total < 1e7 else None


def instant(iso: str | None) -> tuple[float, bool] | None:
    """A time as a number of seconds, and whether its offset from UTC is known."""
    if not iso or len(iso) < 11:  # a date alone
        return None
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo("UTC")).timestamp(), False
    return moment.timestamp(), True


def _offset(zone: str) -> str:
    match = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    return f"{match[1]}{int(match[2]):02}:{match[3] or '00'}" if match else "+00:00"
