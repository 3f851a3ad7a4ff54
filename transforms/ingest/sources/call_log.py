"""Call logs as CSV: telephone and FaceTime calls, of which nobody kept the words.

The columns of iMazing (``Call type, Date, Duration, Number, Contact, Location, Service``), of
Android's backups (``Name, Number, Type, Date, Duration``), and of telephone systems (``Direction,
From, To, Start Time, End Time, Duration, Result``) are told by what they mean.
Sources: iMazing, "Export iPhone call history"; SyncTech, "SMS Backup & Restore: fields in the
call log"; RingCentral, "Call log export"; Zoom Support, "Viewing call logs"; Android Developers,
"CallLog.Calls".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, compress, groupby, islice, tee
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, SURE, Document, DocumentSource, Head, Refusal
from transforms.ingest.sources._reports import (
    BLOCK,
    Columns,
    first_names,
    rows_of,
    stripped,
)
from transforms.ingest.speakers import digits
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock, order_of, seconds_of

_COLUMNS = {
    "id": ("callid", "uniqueid", "callsid", "sessionid"),
    "number": (
        "number", "phonenumber", "phone", "contactnumber", "callernumber", "phoneno", "rawnumber",
        "formattednumber", "telephone", "caller", "callerid", "address",
    ),
    "from": ("from", "fromnumber", "callingnumber", "caller", "callernumber", "callerid", "source"),
    "to": ("to", "tonumber", "callednumber", "callee", "calleenumber", "destination", "dialed"),
    "name": ("contact", "name", "contactname", "callername", "displayname", "cachedname"),
    "date": (
        "date", "starttime", "calldate", "datetime", "calltime", "datetimestarted", "timestamp",
        "readabledate", "started", "startdate", "callstarttime", "calldatetime", "timestarted",
    ),
    "time": ("time", "calltime", "timeofday"),
    "end": ("endtime", "ended", "enddate", "timefinished", "callendtime"),
    "duration": (
        "duration", "callduration", "durationseconds", "durationsec", "durations", "talktime",
        "durationinseconds", "talking", "calllength", "billsec", "durationhhmmss",
    ),
    "minutes": ("durationminutes", "durationmin", "durationinminutes", "minutes"),
    "type": ("calltype", "type", "direction", "calldirection", "inout"),
    "result": (
        "result", "callresult", "status", "callstatus", "actionresult", "action", "disposition",
    ),
    "service": ("service", "app", "provider", "line"),
}  # fmt: skip
_OF_CALLS = frozenset(
    {
        "calltype", "callduration", "calldate", "callername", "callernumber", "calltime", "callid",
        "direction", "calldirection", "callresult", "callednumber", "callingnumber", "talktime",
        "callee", "calleenumber", "callerid", "callsid", "billsec", "cachedname",
    }
)  # fmt: skip
_KNOWN = frozenset(name for names in _COLUMNS.values() for name in names)
_UNANSWERED = re.compile(
    r"miss|reject|declin|block|voice ?mail|no.?answer|unanswer|busy|fail|cancel|hang ?up|abandon"
    r"|verpasst|abgelehnt|perdida|rechazada|manqué|refusé|persa|rifiutata|gemist",
    re.IGNORECASE,
)
_OUT = re.compile(r"out|dial|made|ausgehend|gewählt|saliente|sortant|emis|uscita|uitgaand", re.I)
_WORDS = re.compile(
    r"(?:(\d{1,4})\s?h(?:ours?|rs?|\.)?)?[\s,]*(?:(\d{1,4})\s?m(?:in(?:ute)?s?|\.)?)?[\s,]*"
    r"(?:(\d{1,6})\s?s(?:ec(?:ond)?s?|\.)?)?",
    re.IGNORECASE,
)
_LONGEST = 100
"""Characters of a duration in words."""
_WEEKDAY = re.compile(r"^[^\W\d]{2,12}\.?,?\s+(?=\d)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


class CallLog(DocumentSource):
    """A call log: each call that was answered is a consultation without turns."""

    format = Format.CALL_LOG
    title = "call log (telephone, FaceTime)"
    endings = frozenset({".csv"})

    def sniff(self, head: Head) -> float:
        """A number, a date, and how long it took, in columns most of which logs of calls have."""
        for names in first_names(head)[:3]:
            found = Columns(list(names), _COLUMNS)
            is_timed = any(key in found for key in ("duration", "minutes", "end"))
            if is_timed and "date" in found and ("number" in found or "from" in found):
                strange = len({name for name in names if name} - _KNOWN)
                if names & _OF_CALLS and strange <= len(names) // 2:
                    return SURE
                return LIKELY if "type" in found and strange <= 1 else 0.0
        return 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation | Refusal]:
        """The answered calls, in the file's order. A row that cannot be read is refused alone."""
        for document in documents:
            rows = rows_of(document, document.text(settings))
            header = next((row for row in map(stripped, islice(rows, 10)) if _is_header(row)), None)
            if header is None:
                raise UnreadableError("no columns of a call log", document.path)
            columns = Columns(header, _COLUMNS)
            blocks, dated = tee(_blocks(rows))
            # The file's own dates come first: phones of one folder may write them differently.
            dates = (cell for block in dated for cell in columns.cells(block, "date")[0])
            order = order_of(map(_date, dates)) or settings.date_order
            del dates, dated  # or they would hold all rows
            clock = Clock((), settings.model_copy(update={"date_order": order}))
            found = False
            for block in blocks:
                calls = _calls(block, columns, len(header), clock, settings)
                yield from calls
                found = found or bool(calls)
            if not found:
                raise UnreadableError("no answered call in the log", document.path)


def _blocks(rows: Iterable[list[str]]) -> Iterator[list[list[str]]]:
    """Rows of one width together, in order."""
    for _, alike in groupby(rows, len):
        while block := list(islice(alike, BLOCK)):
            yield block


def _is_header(row: Sequence[str]) -> bool:
    columns = Columns(row, _COLUMNS)
    return "date" in columns and ("number" in columns or "from" in columns)


def _calls(
    rows: Sequence[list[str]],
    columns: Columns,
    width: int,
    clock: Clock,
    settings: SourceSettings,
) -> Sequence[Consultation | Refusal]:
    """The answered calls of rows that have one width; one that cannot be read is refused alone."""
    try:
        if len(rows[0]) != width:
            raise UnreadableError(f"ragged row: {len(rows[0])} fields, {width} columns")
        return _answered(rows, columns, clock, settings)
    except UnreadableError as problem:
        if len(rows) > 1:
            alone = [_calls([row], columns, width, clock, settings) for row in rows]
            return list(chain.from_iterable(alone))
        is_blank = not any(map(str.strip, rows[0]))
        return [] if is_blank else [Refusal(str(problem), ",".join(rows[0]).encode())]


def _answered(
    rows: Sequence[list[str]], columns: Columns, clock: Clock, settings: SourceSettings
) -> list[Consultation]:
    """The calls that somebody answered.

    Raises: UnreadableError, where one has no date.
    """
    minutes, durations, kinds, results = columns.cells(
        rows, "minutes", "duration", "type", "result"
    )
    lasted = list(map(_lasted, minutes, durations))
    answered = [
        seconds != 0
        and not _is_unanswered(kind)
        and not (seconds is None and _is_unanswered(result))
        for seconds, kind, result in zip(lasted, kinds, results, strict=True)
    ]
    rows, lasted = list(compress(rows, answered)), list(compress(lasted, answered))
    ids, numbers, callers, called, names, dates, times, ends, kinds, services = columns.cells(
        rows, "id", "number", "from", "to", "name", "date", "time", "end", "type", "service"
    )
    started = _started(dates, times, clock, settings)
    ended = _ended(ends, started, lasted, clock)
    # The other end of the line; both ends, where the log names them.
    if "to" not in columns:
        callers = called
    people = _people(numbers, callers, called, names, kinds)
    records: list[Consultation] = []
    for call, start, end, service, kind, present in zip(
        ids, started, ended, services, kinds, people, strict=True
    ):
        channel, platform = _platform(service, kind)
        record: Consultation = {"channel": channel, "platform": platform, "started_at": start}
        if end is not None:
            record["ended_at"] = end
        if present:
            record["participants"] = present
        if call:
            record["meeting"] = {"id": call}
        records.append(record)
    return records


def _people(*columns: Sequence[str]) -> Iterator[list[Participant]]:
    """Who was on the line: by number, caller, who was called, name, and kind of each call."""
    for number, caller, called, name, kind in zip(*columns, strict=True):
        people: list[Any]
        if caller and called:
            people = [{_kind_of(caller): caller}, {_kind_of(called): called}]
        elif end := number or caller or called:
            people = [{_kind_of(end): end}]
        else:
            people = [{}] if name else []
        if name:
            # That of the other end: who was called, or who called.
            people[len(people) > 1 and _is_out(kind)]["name"] = name
        yield people


@lru_cache(8192)
def _kind_of(end: str) -> str:
    """What an end of the line is: a number, or the account or the name in its place."""
    if digits(end) and not any(map(str.isalpha, end)):
        return "phone"
    return "email" if "@" in end else "name"


@lru_cache(1024)
def _is_out(word: str) -> bool:
    return _OUT.search(word) is not None


@lru_cache(1024)
def _is_unanswered(word: str) -> bool:
    return _UNANSWERED.search(word) is not None


@lru_cache(1024)
def _platform(service: str, kind: str) -> tuple[str, str]:
    """Channel and platform: FaceTime is video, unless it says that it is not."""
    words = f"{service} {kind}".lower()
    is_facetime = "facetime" in words
    is_video = "video" in words or (is_facetime and "audio" not in words)
    return "video" if is_video else "phone", "facetime" if is_facetime else "phone"


@lru_cache(4096)
def _date(cell: str) -> str:
    """The date without its day of the week."""
    match = _WEEKDAY.match(cell)
    return cell[match.end() :] if match else cell


def _started(
    dates: Sequence[str], times: Sequence[str], clock: Clock, settings: SourceSettings
) -> list[str]:
    """When calls began.

    Raises: UnreadableError, where one has no date.
    """
    zone = ZoneInfo(settings.time_zone or "UTC")
    started = [
        _of_epoch(date, zone)
        if date.isdecimal()
        else clock.iso_of(date, time)
        if date and time and time != date and ":" not in date
        else clock.iso(date or time)
        for date, time in zip(map(_date, dates), times, strict=True)
    ]
    if None in started:
        raise UnreadableError("a call has no date that can be read")
    return started  # type: ignore[return-value]


def _of_epoch(seconds: str, zone: ZoneInfo) -> str | None:
    """Seconds or milliseconds since 1970."""
    if not _EPOCH.fullmatch(seconds):
        return None
    return datetime.fromtimestamp(int(seconds[:10]), zone).isoformat()


@lru_cache(4096)
def _lasted(minutes: str, duration: str) -> float | None:
    """Seconds; ``None`` where none are told. A bare number is of seconds, unless the column says
    minutes."""
    if minutes:
        seconds = _duration(minutes)
        is_bare = re.fullmatch(r"[\d.,]+", minutes) is not None
        return seconds * 60 if seconds is not None and is_bare else seconds
    return _duration(duration)


def _duration(cell: str) -> float | None:
    if (seconds := seconds_of(cell)) is not None:
        return seconds
    if re.fullmatch(r"\d{1,6}(?:[.,]\d{1,3})?", cell):
        return float(cell.replace(",", "."))
    match = _WORDS.fullmatch(cell.strip()[:_LONGEST])
    if match is None or not any(match.groups()):
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + rest)


def _ended(
    ends: Sequence[str], started: Sequence[str], lasted: Sequence[float | None], clock: Clock
) -> list[str | None]:
    """When calls ended: so long after they began, or when the log says so."""
    seconds = np.rint(np.array(lasted, float)).astype("m8[s]")
    local = np.array([start[: len("2024-03-05T09:15:00")] for start in started], "M8[s]")
    later = np.datetime_as_string(local + seconds).tolist()
    return [
        moment + start[19:] if long and len(start) > 10 else clock.iso(end) if end else None
        for moment, start, long, end in zip(later, started, lasted, ends, strict=True)
    ]
