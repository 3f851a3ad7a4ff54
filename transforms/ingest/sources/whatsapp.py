"""WhatsApp's exported chats, as text.

The iPhone's form, and Android's; date and time are written as the phone's region does::

    [12/03/2024, 14:05:09] Sam Lee: hello
    12/03/2024, 14:05 - Sam Lee: hello
    there
    [3/12/24, 2:05:09 PM] Sam Lee: hello            (a narrow space before PM)
    12.03.24, 14:05 - Sam Lee: hello                [2024/3/12 下午2:05:09] Sam Lee: hello

What WhatsApp writes itself has no sender on Android; on the iPhone it has the chat's name as its
sender, and its text begins with a left-to-right mark.
Source: WhatsApp Help Centre, "How to export your chat history". It does not describe the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, repeat
from zoneinfo import ZoneInfo

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.files import base_name
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, SURE, Document, DocumentSource, Head
from transforms.ingest.sources._talk import turns_of
from transforms.ingest.sources._whatsapp_words import (
    AFTER,
    ATTACHED,
    BEFORE,
    CHAT_WITH,
    DELETED,
    EDITED,
    ENCRYPTED,
    NOTICE,
    PLACEHOLDERS,
    PM,
    YEAR_FIRST,
    plain,
)
from transforms.ingest.speakers import digits
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import AMBIGUOUS


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_DATE = r"\d{1,4}[./-] ?\d{1,2}[./-] ?\d{1,4}[.,،]{0,2} ?"
_TIME = (
    rf"(?:(?:{_any(BEFORE)}) ?)?\d{{1,2}}[:.]\d{{1,2}}(?:[:.]\d{{1,2}})?"
    rf"(?: ?(?:[AaPp]\.? ?[Mm]\.?|{_any(AFTER)}))?"
)
_SENDER = r"(?:([^:\n]{0,100}(?=:(?:[ \n\u200e]|\Z))|[^\n]{0,100}?(?=: )): *)?"
_BRACKETED = re.compile(rf"\n\u200e{{0,3}}\[({_DATE})({_TIME})\] {_SENDER}")
_DASHED = re.compile(rf"\n\u200e{{0,3}}({_DATE})({_TIME})(?: [-–]|:) {_SENDER}")
_NUMBER = re.compile(r"(\d+)")

_MARKS = "\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_LONGEST_PHRASE = 60
_LONGEST_NOTICE = 400
_NAMED = re.compile(r"\u200e?<[^<>:\n]{2,30}: ?\u200e?([^<>\n]{1,200}\.\w{1,5})>")
_FILE = re.compile(r"\u200e?([^\n]{1,200}\.\w{1,5}) \(([^()\n]{2,40})\)")
_OWN_NAME = re.compile(r"(?:IMG|VID|PTT|AUD|STK|DOC)-\d{8}-WA\d{4,6}\.\w{1,5}")
_PLACE = re.compile(
    r"\u200e?[^:\n]{1,30}: ?\u200e?https?://(?:maps\.google|[a-z.]{0,20}foursquare)\.com/\S*"
)
_PHRASES = PLACEHOLDERS | DELETED
_NO_ORDER = "dates fit no order of day, month and year: set source.date_order"
_OLDEST, _LATEST = 2009, 2099
_BUDDHIST = 543


class WhatsApp(DocumentSource):
    """An exported chat: one file is one consultation."""

    format = Format.WHATSAPP
    title = "WhatsApp chat export"
    endings = frozenset({".txt"})

    def sniff(self, head: Head) -> float:
        """A first line with a stamp; WhatsApp's own notice or the file's name make it sure."""
        if head.is_binary or not head.lines:
            return 0.0
        lines = ["\n" + _spaced(line) for line in head.lines[:60]]
        pattern = next((p for p in (_BRACKETED, _DASHED) if p.match(lines[0])), None)
        if pattern is None:
            return 0.0
        stamped = [line for line in lines if pattern.match(line)]
        is_named = head.name.lower() == "_chat.txt" or CHAT_WITH.match(head.name) is not None
        if is_named or any("\u200e" in line or ENCRYPTED.search(line) for line in stamped):
            return SURE
        return LIKELY if any(": " in line[20:] for line in stamped) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The messages of a chat; what WhatsApp wrote itself is left out."""
        for document in documents:
            text = "\n" + _spaced(document.text(settings)).lstrip("\n")
            pattern = _BRACKETED if _BRACKETED.match(text) else _DASHED
            before, *pieces = pattern.split(text)
            if before.strip() or not pieces:
                raise UnreadableError("no WhatsApp chat: line 1 has no date", document.path)
            dates, times, senders, bodies = (pieces[column::4] for column in range(4))
            ats, seconds = _moments(dates, times, settings)
            yield _consultation(document.path, senders, bodies, ats, seconds)


def _consultation(
    path: str,
    senders: Sequence[str | None],
    bodies: Sequence[str],
    ats: Sequence[str],
    seconds: Sequence[int],
) -> Consultation:
    """The consultation of messages in columns. One without a sender is a notice.

    Raises: UnreadableError, where nobody wrote anything.
    """
    attachments: list[str] = []
    texts = [
        None
        if sender is None or (number < 3 and ENCRYPTED.search(body))
        else _message(body.strip(" \n"), attachments)
        for number, (sender, body) in enumerate(zip(senders, bodies, strict=True))
    ]
    names = {sender: sender and sender.strip("\u200e~ ") for sender in set(senders)}
    speakers = [names[sender] for sender in senders]
    sent = [number for number, text in enumerate(texts) if text]
    if not sent and not attachments:
        raise UnreadableError("no message in the chat")
    record: Consultation = {"channel": "chat", "platform": "whatsapp"}
    if sent:
        first, last = sent[0], sent[-1]
        record["started_at"], record["ended_at"] = ats[first], ats[last]
        offsets = [passed - seconds[first] for passed in seconds]
        record["turns"] = turns_of(zip(speakers, texts, offsets, repeat(None), ats))
    wrote = zip(speakers, texts, strict=True)
    people = dict.fromkeys(name for name, text in wrote if name is not None and text is not None)
    record["participants"] = list(map(_person, people))
    if attachments:
        record["attachments"] = list(dict.fromkeys(attachments))
    if title := _title(path):
        record["meeting"] = {"topic": title}
    return record


def _spaced(text: str) -> str:
    """Plain spaces for those that do not break, and no marks of direction but WhatsApp's own."""
    if text.isascii():
        return text
    for mark in _MARKS:
        text = text.replace(mark, "")
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _person(name: str) -> Participant:
    """A sender. Who is not in the phone's contacts has a number in place of a name."""
    if not any(map(str.isalpha, name)) and digits(name):
        return {"name": name, "phone": name}
    return {"name": name}


def _message(body: str, attachments: list[str]) -> str | None:
    """What somebody wrote, nothing where it is a file or deleted, ``None`` for a notice.

    Names of files go to ``attachments``.
    """
    if body.endswith(">"):
        start = body.rfind("<")
        if plain(body[start:]) in EDITED:
            body = body[:start].rstrip("\u200e \n")
    first, _, rest = body.partition("\n")
    is_marked, last = first[:1] == "\u200e", first[-1:]
    if is_marked or len(first) <= _LONGEST_PHRASE or last in ")>":
        if plain(first) in _PHRASES:
            return rest.replace("\u200e", "")
        if last == ">" and (file := _NAMED.fullmatch(first)):
            attachments.append(file[1])
            return rest.replace("\u200e", "")
        if (
            last == ")"
            and (file := _FILE.fullmatch(first))
            and (plain(file[2]) in ATTACHED or _OWN_NAME.fullmatch(file[1]))
        ):
            attachments.append(file[1])
            return rest.replace("\u200e", "")
        if "://" in first and _PLACE.fullmatch(first):
            return rest.replace("\u200e", "")
    if "\u200e" not in body:
        return body
    name, _, phrase = first.rpartition("\u200e")
    if plain(phrase) in PLACEHOLDERS:  # a document: its name stands before
        if name := name.partition(" • ")[0].strip("\u200e "):
            attachments.append(name)
        return rest.replace("\u200e", "")
    if (
        is_marked
        and len(body) <= _LONGEST_NOTICE
        and (ENCRYPTED.search(first) or NOTICE.search(first))
    ):
        return None
    return body.replace("\u200e", "")


def _title(path: str) -> str | None:
    """The chat's name, where the file or its folder is called after it."""
    name = base_name(path)
    folder = base_name(path[: len(path) - len(name) - 1])
    stem = re.sub(r"\.(?:txt|zip)(?:\.gz|\.zstd?)?$", "", name, flags=re.IGNORECASE)
    match = CHAT_WITH.fullmatch(stem) or CHAT_WITH.fullmatch(folder)
    return match[1].strip() if match else None


def _moments(
    dates: Sequence[str], times: Sequence[str], settings: SourceSettings
) -> tuple[list[str], list[int]]:
    """When each message was sent: in ISO 8601, and in seconds of the wall clock.

    Raises: UnreadableError, where one is no date, or day and month cannot be told apart.
    """
    zone = ZoneInfo(settings.time_zone) if settings.time_zone else None
    days = {
        text: (day, day.isoformat(), day.toordinal() * 86400)
        for text, day in _days(dates, times, settings.date_order).items()
    }
    ats, seconds = [], []
    for text, (hour, clock, passed) in zip(dates, map(_clock, times), strict=True):
        day, iso, midnight = days[text]
        ats.append(f"{iso}T{clock}{_offset(day, hour, zone)}")
        seconds.append(midnight + passed)
    return ats, seconds


def _days(dates: Sequence[str], times: Iterable[str], given: str | None) -> dict[str, date]:
    """The day of each date."""
    numbers = {text: tuple(_NUMBER.findall(text)) for text in dict.fromkeys(dates)}
    clocks = " ".join(times)
    is_year_first = any(half in clocks for half in YEAR_FIRST)
    unique, is_dotted = list(dict.fromkeys(numbers.values())), "." in dates[0][:6]
    order = "ymd" if is_year_first else _order(unique, is_dotted, given)
    days = {}
    for text, parts in numbers.items():
        day = _day(parts, "ymd" if len(parts[0]) > 2 else order)
        if day is None:
            raise UnreadableError(_NO_ORDER)
        days[text] = day
    return days


@lru_cache(1 << 16)
def _clock(time: str) -> tuple[int, str, int]:
    """The hour of a time of day, the time as ISO 8601 has it, and in seconds.

    Raises: UnreadableError, where it is none.
    """
    before, hour, _, minute, *rest, after = (part.strip(" ") for part in _NUMBER.split(time))
    hours, minutes, seconds = int(hour), int(minute), int(rest[1]) if rest else 0
    if half := BEFORE.get(before) or AFTER.get(after) or after[:1].lower():
        hours = hours % 12 + (12 if half[0] == PM[0] else 0)
    if hours > 23 or minutes > 59 or seconds > 59:
        raise UnreadableError("a message's time is none")
    clock = f"{hours:02}:{minutes:02}:{seconds:02}"
    return hours, clock, hours * 3600 + minutes * 60 + seconds


@lru_cache(8192)
def _offset(day: date, hour: int, zone: ZoneInfo | None) -> str:
    """The offset from UTC at that hour."""
    if zone is None:
        return ""
    return datetime(day.year, day.month, day.day, hour, tzinfo=zone).isoformat()[19:]


def _order(days: Sequence[tuple[str, str, str]], is_dotted: bool, given: str | None) -> str:
    """What all dates can be; else the order that is given; else that which leaves the messages in
    the order of time; else by the dots, which no region writes with the month first.

    Raises: UnreadableError, where nothing of it tells.
    """
    open_days = [day for day in days if len(day[0]) <= 2]
    # Of two figures the year comes first only where somebody says so: 12.03.24 would fit as well.
    orders = ("dmy", "mdy", "ymd") if given == "ymd" else ("dmy", "mdy")
    read = {order: [_day(day, order) for day in open_days] for order in orders}
    fits = {order: [d for d in dates if d] for order, dates in read.items() if None not in dates}
    if not fits:
        raise UnreadableError(_NO_ORDER)
    if given in fits:
        return given
    if len({tuple(dates) for dates in fits.values()}) == 1:
        return next(iter(fits))
    ordered = [order for order, dates in fits.items() if _is_by_time(dates)]
    if len(ordered) == 1:
        return ordered[0]
    if is_dotted:
        return "dmy"
    raise UnreadableError(AMBIGUOUS)


def _is_by_time(dates: Sequence[date]) -> bool:
    """Whether no date is before the one above it; a day is forgiven, since phones travel."""
    return all(later >= earlier - timedelta(days=1) for earlier, later in pairwise(dates))


def _day(numbers: tuple[str, str, str], order: str) -> date | None:
    """A date of three numbers; ``None`` where it is none, or none at which WhatsApp existed."""
    found = dict(zip(order, map(int, numbers), strict=True))
    year = found["y"] + (2000 if found["y"] < 100 else 0)
    if year >= _OLDEST + _BUDDHIST:
        year -= _BUDDHIST
    if not _OLDEST <= year <= _LATEST:
        return None
    try:
        return date(year, found["m"], found["d"])
    except ValueError:
        return None
