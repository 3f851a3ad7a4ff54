"""Chat logs of Zoom meetings, as text: those that a participant saved, and those of recordings.

Saved (``meeting_saved_chat.txt``, ``meeting_saved_new_chat.txt``, ``chat.txt``)::

    10:15:23 From  Jane Doe : hello                       (until 2021)
    10:15:23 From  Jane Doe  to  Everyone:                (since)
        hello
    2024-03-05 10:15:23 From Jane Doe to Dr Patel(Direct Message):
        hello

Of a cloud recording (``GMT20240305-101500_RecordingnewChat.txt``), with the time since its
beginning::

    00:12:23<tab>Jane Doe:<tab>hello

Sources: Zoom Support, "Saving in-meeting chat" and "Finding and viewing cloud recordings".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.files import base_name
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._talk import Piece, consultation, facts_in_name, turns_of
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

_SAVED = re.compile(
    r"^(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d)[ \t]+From[ \t]+(?=\S)([^\n]*?)"
    r"(?:[ \t]+to[ \t]+(?=\S)([^\n]*?))?(?:[ \t]:[ \t]?|:[ \t]*$\n?)",
    re.MULTILINE,
)
_RECORDED = re.compile(r"^()(\d\d:\d\d:\d\d)\t(?=\S)([^\t\n]*?)():\t", re.MULTILINE)
_PRIVATE = re.compile(r"\s*\((?:Direct Message|Privately)\)\s*$")
_REACTION = re.compile(
    r'\s*(?:Reacted to "|Removed a .{1,20} reaction from "|.{1,3} reacted to ")', re.DOTALL
)
_REPLY = re.compile(r'\s*Replying to "[^\n]*"?\s*(?:\n|$)')
_EVERYONE = frozenset({"everyone", "me", "hosts and panelists", "waiting room participants"})


class ZoomChat(DocumentSource):
    """A chat log: one file is one consultation."""

    format = Format.ZOOM_CHAT
    title = "Zoom chat log"
    endings = frozenset({".txt"})

    def sniff(self, head: Head) -> float:
        """A first line with a time and a sender in Zoom's way."""
        first = head.lines[0] + "\n" if head.lines else ""
        return SURE if _SAVED.match(first) or _RECORDED.match(first) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The messages; reactions are left out, and what a reply quotes."""
        for document in documents:
            text = document.text(settings)
            pattern = _SAVED if _SAVED.match(text.lstrip()) else _RECORDED
            messages = list(pattern.finditer(text))
            if not messages or text[: messages[0].start()].strip():
                line = text[: messages[0].start()].count("\n") if messages else 1
                raise UnreadableError(f"no Zoom chat: line {max(line, 1)} has no sender")
            facts = facts_in_name(document.path, settings)
            is_recorded = pattern is _RECORDED or base_name(document.path).lower() == "chat.txt"
            times = _Times(messages, facts.started_at, is_recorded, settings)
            ends = [m.start() for m in messages[1:]] + [len(text)]
            people: dict[str, Participant] = {}
            said: list[Piece] = []
            private_to = {message[4]: "" for message in messages}
            for recipient in private_to:
                name = _PRIVATE.sub("", recipient or "").strip()
                private_to[recipient] = "" if name.lower() in _EVERYONE else name
            for number, (message, end) in enumerate(zip(messages, ends, strict=True)):
                sender, recipient = message.group(3, 4)
                sender = sender.strip()
                if sender not in people:
                    people[sender] = {"name": sender}
                if (private := private_to[recipient]) and private not in people:
                    people[private] = {"name": private}
                body = text[message.end() : end]
                if not ('"' in body and _REACTION.match(body)):
                    words = (_REPLY.sub("", body, count=1) if "Reply" in body else body).strip()
                    if "\n" in words:
                        words = "\n".join(line.strip() for line in words.split("\n"))
                    offset, at = times.of(number)
                    said.append((sender, words, offset, None, at))
            turns = turns_of(said)
            if not turns:
                raise UnreadableError("no message in the chat")
            record = consultation(turns, "chat", facts, "zoom")
            record["participants"] = list(people.values())
            if times.began:
                record.setdefault("started_at", times.began)
            yield record


class _Times:
    """When messages were sent: seconds since the first one, and the time of day if the day is
    known."""

    def __init__(
        self,
        messages: Sequence[re.Match[str]],
        started_at: str | None,
        is_recorded: bool,
        settings: SourceSettings,
    ) -> None:
        seconds: list[float] = []
        days = 0
        for message in messages:
            hours, minutes, rest = message[2].split(":")
            now = int(hours) * 3600 + int(minutes) * 60 + int(rest) + days * 86400
            if seconds and not message[1] and now < seconds[-1] - 43200:
                days, now = days + 1, now + 86400  # past midnight
            seconds.append(now)
        self._dates = [message[1] for message in messages]
        self._clock = Clock((), settings)
        self._messages = messages
        self._start = datetime.fromisoformat(started_at) if started_at and is_recorded else None
        self._seconds = seconds
        self._first = 0.0 if is_recorded else seconds[0]
        self._hours: dict[tuple[str, str], str | None] = {}
        self.began = self._at(0)
        self._began = None if self.began is None else datetime.fromisoformat(self.began)

    def of(self, number: int) -> tuple[float | None, str | None]:
        """(offset, time of day) of a message."""
        at = self._at(number)
        if at is not None and self._began is not None and self._dates[number]:
            return (datetime.fromisoformat(at) - self._began).total_seconds(), at
        return self._seconds[number] - self._first, at

    def _at(self, number: int) -> str | None:
        if date := self._dates[number]:
            hour, _, rest = self._messages[number][2].partition(":")
            if (date, hour) not in self._hours:
                self._hours[date, hour] = self._clock.iso(f"{date} {hour}:00:00")
            # Within an hour the offset from UTC does not change.
            whole = self._hours[date, hour]
            if whole is None or rest[:2] > "59" or rest[3:] > "59":
                return None
            return f"{whole[:14]}{rest}{whole[19:]}"
        if self._start is not None:
            return (self._start + timedelta(seconds=self._seconds[number])).isoformat()
        return None
