"""Dates and times in exports, to ISO 8601: the same day is written in a dozen ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from transforms.ingest.settings import SourceSettings
from transforms.ingest.text import UnreadableError

_NUMBERS = re.compile(r"\[?(\d{1,4})[./-]\s?(\d{1,2})[./-]\s?(\d{1,4})\.?,?", re.ASCII)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH_NAME = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_NAMED = (
    re.compile(rf"(?:[a-z]+,\s)?{_MONTH_NAME}\s(?P<day>\d{{1,2}}),?\s(?P<year>\d{{4}}),?", re.I),
    re.compile(rf"(?:[a-z]+,\s)?(?P<day>\d{{1,2}})\.?\s{_MONTH_NAME},?\s(?P<year>\d{{4}}),?", re.I),
)
_CLOCK = re.compile(
    r"(?:[\s,T]*(?:at\s)?\s*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?"
    r"\s*(?:([AaPp])\.?\s?[Mm]\.?)?)?"
    r"\s*(Z|(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d{2})?|UTC|GMT)?\]?",
    re.ASCII,
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
        # Each line has a moment of its own, of a day and a time of day that others have too.
        date, _, time = text.partition(" ")
        return self.iso_of(date, time) or self.iso_of(*_cut(text))

    def iso_of(self, date: str, time: str) -> str | None:
        """``iso`` of what stands in two columns."""
        if len(date) + len(time) > _LONGEST:
            return None
        day, clock = _day(date, self._order, self._zone), _time_of_day(time)
        if day is None or clock is None:
            return None
        iso, offset = day
        if not iso:
            raise UnreadableError(AMBIGUOUS)
        if len(clock) != len("T09:15:00"):
            return iso + clock
        if offset is None:
            moment = datetime.fromisoformat(iso + clock)
            return moment.replace(tzinfo=ZoneInfo(self._zone or "UTC")).isoformat()
        return f"{iso}{clock}{offset}"


class _Day(NamedTuple):
    """A date in ISO 8601; empty, where day and month cannot be told apart."""

    iso: str
    offset: str | None
    """Of all its times from UTC; ``None`` on a day on which the clocks change."""


@lru_cache(4096)
def _day(text: str, order: str | None, zone: str | None) -> _Day | None:
    text = _plain(text)
    if match := _NUMBERS.fullmatch(text):
        order = "ymd" if len(match[1]) > 2 else order
        if order is None:
            return _Day("", None)
        year, month, number = map(int, _YEAR_MONTH_DAY[order](match.groups()))
    elif match := next(filter(None, (pattern.fullmatch(text) for pattern in _NAMED)), None):
        month = _MONTHS.index(match["month"].lower()) + 1
        year, number = int(match["year"]), int(match["day"])
    else:
        return None
    local = ZoneInfo(zone) if zone else None
    try:
        first = datetime(year + 2000 if year < 100 else year, month, number, tzinfo=local)
    except ValueError:
        return None
    offset, last = (t.isoformat()[19:] for t in (first, first.replace(hour=23, minute=59)))
    return _Day(first.date().isoformat(), offset if offset == last else None)


@lru_cache(1 << 15)  # more than the seconds of eight hours
def _time_of_day(text: str) -> str | None:
    """``T09:15:00``, with an offset where the text has one; empty, where it has no time, and
    ``None`` where there is something else."""
    match = _CLOCK.fullmatch(_plain(text))
    if match is None:
        return None
    hour, minute, second, half, zone = match.groups()
    if hour is None:
        return ""
    hours = int(hour) % 12 + 12 * (half in "Pp") if half else int(hour)
    if hours > 23 or minute > "59" or (second or "") > "59":
        return None
    return f"T{hours:02}:{minute}:{second or '00'}{_offset(zone) if zone else ''}"


def _cut(text: str) -> tuple[str, str]:
    """A date's text and what follows it; nothing, where the text begins with no date."""
    text = _plain(text[: _LONGEST + 1])
    for pattern in (_NUMBERS, *_NAMED):
        if match := pattern.match(text):
            return match[0], text[match.end() :]
    return "", ""


def _plain(text: str) -> str:
    return (text if text.isascii() else text.translate(_SPACES)).strip()


def order_of(dates: Iterable[str]) -> str | None:
    """``dmy``, ``mdy`` or ``ymd``, told from numbers that cannot be a month; ``None`` if none is
    so large."""
    for text in dates:
        match = _NUMBERS.match(_plain(text)[:_LONGEST])
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
    offset = f"{match[1]}{int(match[2]):02}:{match[3] or '00'}" if match else "+00:00"
    return offset.replace("-00:00", "+00:00")
