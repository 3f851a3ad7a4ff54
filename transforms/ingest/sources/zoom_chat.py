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
from functools import lru_cache
from itertools import repeat

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.files import base_name
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._talk import consultation, facts_in_name, turns_of
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

# The shortest before what follows: that begins with a blank or a colon. No name has more of them.
_NAME = r"(?=\S)([^ \t:\n]*+(?:[ \t:][^ \t:\n]*+){0,40}?)"
_SAVED = re.compile(
    rf"\n((?:\d{{4}}-\d\d-\d\d )?\d\d):(\d\d:\d\d)[ \t]+From[ \t]+{_NAME}"
    rf"(?:[ \t]+to[ \t]+{_NAME})?(?:[ \t]:[ \t]?|:[ \t]*+(?=\n|\Z))"
)
_RECORDED = re.compile(r"\n(\d\d):(\d\d:\d\d)\t(?=\S)([^\t\n]*?)():\t")
_PRIVATE = re.compile(r"\s*\((?:Direct Message|Privately)\)\s*$")
_REACTION = re.compile(
    r'\s*(?:Reacted to "|Removed a .{1,20} reaction from "|.{1,3} reacted to ")', re.DOTALL
)
_REPLY = re.compile(r'(?<!\s)\s*+Replying to "[^\n]*"?\s*(?:\n|$)')
_EVERYONE = frozenset({"everyone", "me", "hosts and panelists", "waiting room participants"})


class ZoomChat(DocumentSource):
    """A chat log: one file is one consultation."""

    format = Format.ZOOM_CHAT
    title = "Zoom chat log"
    endings = frozenset({".txt"})

    def sniff(self, head: Head) -> float:
        """A first line with a time and a sender in Zoom's way."""
        first = "\n" + head.lines[0] if head.lines else ""
        return SURE if _SAVED.match(first) or _RECORDED.match(first) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The messages; reactions are left out, and what a reply quotes."""
        for document in documents:
            text = "\n" + document.text(settings)
            pattern = _SAVED if _SAVED.match("\n" + text.lstrip()) else _RECORDED
            before, *pieces = pattern.split(text)
            if before.strip() or not pieces:
                line = before.count("\n") if pieces else 1
                raise UnreadableError(f"no Zoom chat: line {max(line, 1)} has no sender")
            hours, minutes, senders, recipients, bodies = (pieces[c::5] for c in range(5))
            senders = list(map(str.strip, senders))
            facts = facts_in_name(document.path, settings)
            is_recorded = pattern is _RECORDED or base_name(document.path).lower() == "chat.txt"
            offsets, ats = _times(hours, minutes, facts.started_at, is_recorded, settings)
            turns = turns_of(zip(senders, map(_words, bodies), offsets, repeat(None), ats))
            if not turns:
                raise UnreadableError("no message in the chat")
            record = consultation(turns, "chat", facts, "zoom")
            record["participants"] = _people(senders, recipients)
            if ats[0]:
                record.setdefault("started_at", ats[0])
            yield record


def _words(body: str) -> str:
    """What somebody wrote; nothing where it is a reaction."""
    if '"' in body and _REACTION.match(body):
        return ""
    body = (_REPLY.sub("", body, count=1) if "Reply" in body else body).strip()
    return "\n".join(map(str.strip, body.split("\n"))) if "\n" in body else body


def _people(senders: Sequence[str], recipients: Sequence[str | None]) -> list[Participant]:
    """Who wrote, and who was written to in private."""
    names: dict[str, None] = {}
    for sender, recipient in dict.fromkeys(zip(senders, recipients, strict=True)):
        names[sender] = None
        private = _PRIVATE.sub("", recipient or "").strip()
        if private and private.lower() not in _EVERYONE:
            names[private] = None
    return [{"name": name} for name in names]


def _times(
    hours: Sequence[str],
    minutes: Sequence[str],
    started_at: str | None,
    is_recorded: bool,
    settings: SourceSettings,
) -> tuple[list[float], list[str | None]]:
    """When messages were sent: seconds since the first one, and the time of day if the day is
    known."""
    clock = Clock((), settings)
    start = datetime.fromisoformat(started_at) if started_at and is_recorded else None
    # Within an hour the offset from UTC does not change.
    wholes = {hour: clock.iso(f"{hour}:00:00") for hour in set(hours) if len(hour) > 2}
    seconds: list[int] = []
    ats: list[str | None] = []
    days = 0
    for hour, rest in zip(hours, minutes, strict=True):
        passed, is_time = _passed(rest)
        now = int(hour[-2:]) * 3600 + passed + days * 86400
        if len(hour) > 2:
            whole = wholes[hour] if is_time else None
            at = f"{whole[:14]}{rest}{whole[19:]}" if whole else None
        else:
            if seconds and now < seconds[-1] - 43200:
                days, now = days + 1, now + 86400  # past midnight
            at = (start + timedelta(seconds=now)).isoformat() if start else None
        seconds.append(now)
        ats.append(at)
    first = 0.0 if is_recorded else seconds[0]
    since = {}
    if ats[0]:
        began = datetime.fromisoformat(ats[0])
        dated = {hour: datetime.fromisoformat(whole) for hour, whole in wholes.items() if whole}
        since = {hour: (whole - began).total_seconds() for hour, whole in dated.items()}
    offsets = [
        since[hour] + _passed(rest)[0] if at and hour in since else now - first
        for hour, rest, at, now in zip(hours, minutes, ats, seconds, strict=True)
    ]
    return offsets, ats


@lru_cache(4096)
def _passed(minutes: str) -> tuple[int, bool]:
    """Seconds in ``15:23``, and whether an hour has that many minutes, and they seconds."""
    minute, _, second = minutes.partition(":")
    return int(minute) * 60 + int(second), minute <= "59" and second <= "59"
