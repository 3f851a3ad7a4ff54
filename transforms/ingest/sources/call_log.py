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
from typing import NamedTuple
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
            at = next((i for i, row in enumerate(rows[:10]) if _is_header(row)), None)
            if at is None:
                raise UnreadableError("no columns of a call log", document.path)
            columns = Columns(rows[at], _COLUMNS)
            cells = columns.reader(*_COLUMNS)
            calls = [row for row in rows[at + 1 :] if any(row)]
            # The file's own dates come first: phones of one folder may write them differently.
            order = order_of(_date(columns.of(row, "date")) for row in calls)
            order = order or settings.date_order
            clock = Clock((), settings.model_copy(update={"date_order": order}))
            width = len(rows[at])
            found = False
            for row in calls:
                try:
                    if len(row) != width:
                        raise UnreadableError(f"ragged row: {len(row)} fields, {width} columns")
                    record = _call(_Cells(*cells(row)), "to" in columns, clock, settings)
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


class _Cells(NamedTuple):
    """A row's cells, in the order of ``_COLUMNS``; empty where there is no such column."""

    id: str
    number: str
    caller: str
    called: str
    name: str
    date: str
    time: str
    end: str
    duration: str
    minutes: str
    type: str
    result: str
    service: str


def _call(
    cells: _Cells, has_called: bool, clock: Clock, settings: SourceSettings
) -> Consultation | None:
    """A call; ``None`` where nobody answered.

    Raises: UnreadableError.
    """
    lasted = _lasted(cells.minutes, cells.duration)
    if lasted == 0 or _is_unanswered(cells.type) or (not lasted and _is_unanswered(cells.result)):
        return None
    started = _moment(_date(cells.date), cells.time, clock, settings)
    if started is None:
        raise UnreadableError("a call has no date that can be read")
    channel, platform = _service(cells.service, cells.type)
    record: Consultation = {
        "channel": channel,
        "platform": platform,
        "started_at": started,
    }
    ended = _ended(cells.end, started, lasted, clock)
    if ended is not None:
        record["ended_at"] = ended
    if people := _people(cells, has_called):
        record["participants"] = people
    if cells.id:
        record["meeting"] = {"id": cells.id}
    return record


def _people(cells: _Cells, has_called: bool) -> list[Participant]:
    """The other end of the line; both ends, where the log names them."""
    if has_called and cells.caller and cells.called:
        people = [_person(cells.caller), _person(cells.called)]
        # The name is that of the other: who was called, or who called.
        other = people[1 if _is_out(cells.type) else 0]
    else:
        end = cells.number or (cells.caller or cells.called if has_called else "")
        people = [_person(end) if end else {}]
        other = people[0]
    if cells.name:
        other["name"] = cells.name
    return people if people[0] else []


def _person(end: str) -> Participant:
    match _kind_of(end):
        case "phone":
            return {"phone": end}
        case "email":
            return {"email": end}
    return {"name": end}


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
    return _WEEKDAY.sub("", cell) if not cell[:1].isdecimal() else cell


def _moment(date: str, time: str, clock: Clock, settings: SourceSettings) -> str | None:
    if _EPOCH.fullmatch(date):
        zone = ZoneInfo(settings.time_zone) if settings.time_zone else UTC
        moment = datetime.fromtimestamp(int(date[:10]), zone)
        return moment.isoformat()
    if time and time != date and ":" not in date:
        date = f"{date} {time}"
    return clock.iso(date)


def _lasted(minutes: str, duration: str) -> float | None:
    """Seconds; ``None`` where none are told. A bare number is of seconds, unless the column says
    minutes."""
    if minutes:
        seconds = _duration(minutes)
        is_bare = re.fullmatch(r"[\d.,]+", minutes) is not None
        return seconds * 60 if seconds is not None and is_bare else seconds
    return _duration(duration)


@lru_cache(4096)
def _duration(cell: str) -> float | None:
    if (seconds := seconds_of(cell)) is not None:
        return seconds
    if re.fullmatch(r"\d{1,6}(?:[.,]\d{1,3})?", cell):
        return float(cell.replace(",", "."))
    match = _WORDS.fullmatch(cell.strip())
    if match is None or not any(match.groups()):
        return None
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + rest)


def _ended(end: str, started: str, lasted: float | None, clock: Clock) -> str | None:
    if len(started) > len("2024-03-05") and lasted:
        return (datetime.fromisoformat(started) + timedelta(seconds=round(lasted))).isoformat()
    return clock.iso(end) if end else None
