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
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice, tee
from typing import Any
from zoneinfo import ZoneInfo

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, SURE, Document, DocumentSource, Head, Refusal
from transforms.ingest.sources._reports import Columns, first_names, rows_of
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
    "result": ("result", "callresult", "status", "actionresult", "action", "disposition"),
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
            header = next((row for row in islice(rows, 10) if _is_header(row)), None)
            if header is None:
                raise UnreadableError("no columns of a call log", document.path)
            columns = Columns(header, _COLUMNS)
            cells, has_called = columns.reader(*_COLUMNS), "to" in columns
            rows, dated = tee(rows)
            # The file's own dates come first: phones of one folder may write them differently.
            order = order_of(_date(columns.of(row, "date")) for row in dated)
            del dated  # or it would hold all rows
            order = order or settings.date_order
            clock = Clock((), settings.model_copy(update={"date_order": order}))
            width = len(header)
            found = False
            for row in rows:
                if not any(row):
                    continue
                try:
                    if len(row) != width:
                        raise UnreadableError(f"ragged row: {len(row)} fields, {width} columns")
                    record = _call(cells(row), has_called, clock, settings)
                except UnreadableError as problem:
                    yield Refusal(str(problem), ",".join(row).encode())
                    found = True
                    continue
                if record is not None:
                    yield record
                    found = True
            if not found:
                raise UnreadableError("no answered call in the log", document.path)


def _is_header(row: Sequence[str]) -> bool:
    columns = Columns(row, _COLUMNS)
    return "date" in columns and ("number" in columns or "from" in columns)


def _call(
    cells: Sequence[str], has_called: bool, clock: Clock, settings: SourceSettings
) -> Consultation | None:
    """A call, of the cells of ``_COLUMNS``; ``None`` where nobody answered.

    Raises: UnreadableError.
    """
    call, number, caller, called, name, date, time, end = cells[:8]
    duration, minutes, kind, result, service = cells[8:]
    lasted = _lasted(minutes, duration)
    if lasted == 0 or _is_unanswered(kind) or (not lasted and _is_unanswered(result)):
        return None
    started = _moment(_date(date), time, clock, settings)
    if started is None:
        raise UnreadableError("a call has no date that can be read")
    channel, platform = _service(service, kind)
    record: Consultation = {"channel": channel, "platform": platform, "started_at": started}
    if (ended := _ended(end, started, lasted, clock)) is not None:
        record["ended_at"] = ended
    # The other end of the line; both ends, where the log names them.
    if has_called and caller and called:
        people = [_person(caller), _person(called)]
        # The name is that of the other: who was called, or who called.
        other = people[1 if _is_out(kind) else 0]
    else:
        people = [other := _person(number or (has_called and (caller or called)) or "")]
    if name:
        other["name"] = name
    if people[0]:
        record["participants"] = people
    if call:
        record["meeting"] = {"id": call}
    return record


def _person(end: str) -> Participant:
    person: Any = {_kind_of(end): end} if end else {}
    return person


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
def _service(service: str, kind: str) -> tuple[str, str]:
    """Channel and platform: FaceTime is video, unless it says that it is not."""
    words = f"{service} {kind}".lower()
    is_facetime = "facetime" in words
    is_video = "video" in words or (is_facetime and "audio" not in words)
    return "video" if is_video else "phone", "facetime" if is_facetime else "phone"


def _date(cell: str) -> str:
    """The date without its day of the week."""
    match = _WEEKDAY.match(cell)
    return cell[match.end() :] if match else cell


def _moment(date: str, time: str, clock: Clock, settings: SourceSettings) -> str | None:
    if date.isdecimal() and _EPOCH.fullmatch(date):
        zone = ZoneInfo(settings.time_zone) if settings.time_zone else UTC
        moment = datetime.fromtimestamp(int(date[:10]), zone)
        return moment.isoformat()
    if time and time != date and ":" not in date:
        date = f"{date} {time}"
    return clock.iso(date)


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


def _ended(end: str, started: str, lasted: float | None, clock: Clock) -> str | None:
    if len(started) > len("2024-03-05") and lasted:
        local, offset = started[:19], started[19:].replace("-00:00", "+00:00")
        # Times without an offset take half as long to write.
        moment = datetime.fromisoformat(local) + timedelta(0, round(lasted))
        return moment.isoformat() + offset
    return clock.iso(end) if end else None
