"""Facebook Messenger, as "Download your information" gives it in JSON.

A thread is a folder with ``message_1.json``, ``message_2.json`` ..., newest message first. Its text
is UTF-8 of which each byte is written as a Latin-1 character (``\\u00c3\\u00a9`` for é)::

    {"participants": [{"name": "Sam Lee"}], "title": "Sam Lee", "thread_path": "inbox/samlee_1015",
     "messages": [{"sender_name": "Sam Lee", "timestamp_ms": 1709633723000, "content": "Hi",
                   "photos": [{"uri": ".../photos/1.jpg"}], "reactions": [...]},
                  {"sender_name": "Sam Lee", "timestamp_ms": 1709634000000, "call_duration": 312}]}

Threads that are encrypted end to end are downloaded in Messenger itself, one file each::

    {"participants": ["Sam Lee"], "threadName": "Sam Lee_40", "messages": [
      {"senderName": "Sam Lee", "timestamp": 1709633723000, "text": "Hi", "type": "text",
       "media": [{"uri": "./media/1.jpeg"}], "isUnsent": false}]}

Sources: Facebook Help Centre, "Download a copy of your information on Facebook"; Messenger Help
Centre, "Download your end-to-end encrypted data".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.files import base_name
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._json import is_one_value, loaded, objects, seconds, text_of
from transforms.ingest.sources._talk import Said, turns_of
from transforms.ingest.text import UnreadableError

_MARKS = re.compile(
    r'"sender_name"\s*:\s*"[^"\n]{0,200}",\s*"timestamp_ms"\s*:\s*\d'
    r'|"senderName"\s*:\s*"[^"\n]{0,200}"|"threadName"\s*:\s*"'
)
_PARTS = re.compile(r"message_\d{1,4}\.json(?:\.gz|\.zstd?)?", re.IGNORECASE)
_ATTACHED = ("photos", "videos", "audio_files", "files", "gifs", "media")
_NOTICE = re.compile(
    r"(?:Reacted .{1,20} to your message\s*"
    r"|.{1,100} (?:sent (?:an attachment|a photo|a video|a voice message|a GIF|a sticker"
    r"|a live location|a link)|joined the (?:video )?call|started sharing video"
    r"|unsent a message))\.?"
)
_VIDEO = re.compile(r"video", re.IGNORECASE)


class Messenger(DocumentSource):
    """A thread: all its files are one consultation, and each call in it is one more."""

    format = Format.MESSENGER
    title = "Facebook Messenger thread"
    endings = frozenset({".json"})

    def sniff(self, head: Head) -> float:
        """Participants and messages, with the fields of either form."""
        text = head.text
        if '"participants"' not in text[:2000] and '"messages"' not in text:
            return 0.0
        return SURE if is_one_value(head) and _MARKS.search(text) else 0.0

    def group(self, path: str) -> str:
        """The folder of a thread's numbered files."""
        name = base_name(path)
        return path[: len(path) - len(name)] if _PARTS.fullmatch(name) else path

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """For each thread the chat, then its calls, by time."""
        threads: dict[str, _Thread] = {}
        for document in documents:
            value = loaded(document)
            if not isinstance(value, dict) or not isinstance(value.get("messages"), list):
                raise UnreadableError("no thread of Messenger", document.path)
            name = text_of(value.get("thread_path"))
            threads.setdefault(name, _Thread({}, [], [], [])).add(value, document)
        zone = ZoneInfo(settings.time_zone) if settings.time_zone else UTC
        for thread in threads.values():
            yield from thread.consultations(zone)


class _Message(NamedTuple):
    at: float
    """Seconds since 1970."""
    number: int
    """Place among the messages, oldest first: tells the order within a millisecond."""
    sender: str
    text: str
    call: float | None
    """How long it lasted, where it is a call."""


class _Thread(NamedTuple):
    people: dict[str, Participant]
    messages: list[_Message]
    attachments: list[str]
    titles: list[str]

    def add(self, value: Mapping[str, Any], document: Document) -> None:
        """The messages of one file. Raises: UnreadableError, where one has no time."""
        people = value.get("participants")
        for person in people if isinstance(people, list) else ():
            self._met(_repaired(person.get("name") if isinstance(person, dict) else person))
        title = _repaired(value.get("title")) or _repaired(value.get("threadName"))
        if title and title not in self.titles:
            self.titles.append(title)
        for message in objects(value["messages"]):
            stamp = message.get("timestamp_ms", message.get("timestamp"))
            if isinstance(stamp, bool) or not isinstance(stamp, int) or not 0 < stamp < 4e12:
                raise UnreadableError("a message has no time", document.path)
            sender = _repaired(message.get("sender_name")) or _repaired(message.get("senderName"))
            self._met(sender)
            if message.get("is_unsent") is True or message.get("isUnsent") is True:
                continue
            self.attachments.extend(_attachments(message))
            is_call = message.get("type") == "Call" or "call_duration" in message
            call = seconds(message.get("call_duration")) or 0.0 if is_call else None
            text = _text(message)
            self.messages.append(_Message(stamp / 1000, -len(self.messages), sender, text, call))

    def _met(self, name: str) -> None:
        if name:
            self.people.setdefault(name, {"name": name})

    def consultations(self, zone: ZoneInfo | Any) -> Iterator[Consultation]:
        """The chat, unless nobody wrote; and the calls that were answered."""
        self.messages.sort()
        written = [m for m in self.messages if m.call is None and m.text]
        first = written[0].at if written else 0.0
        turns = turns_of(
            Said(m.sender or None, m.text, round(m.at - first, 3), None, _iso(m.at, zone))
            for m in written
        )
        calls = [m for m in self.messages if m.call]
        if turns or self.attachments:
            chat = self._consultation("chat", self.messages, zone)
            if turns:
                chat["started_at"] = _iso(first, zone)
                chat["ended_at"] = _iso(written[-1].at, zone)
                chat["turns"] = turns
            if self.attachments:
                chat["attachments"] = list(dict.fromkeys(self.attachments))
            yield chat
        for call in calls:
            channel = "video" if _VIDEO.search(call.text) else "phone"
            record = self._consultation(channel, [call], zone)
            record["ended_at"] = _iso(call.at + (call.call or 0.0), zone)
            yield record

    def _consultation(
        self, channel: str, messages: Sequence[_Message], zone: ZoneInfo | Any
    ) -> Consultation:
        record: Consultation = {
            "channel": channel,
            "platform": "messenger",
            "participants": [person.copy() for person in self.people.values()],
        }
        if messages:
            record["started_at"] = _iso(messages[0].at, zone)
        if self.titles:
            record["meeting"] = {"topic": self.titles[0]}
        return record


def _repaired(value: object) -> str:
    """A text whose UTF-8 was taken for Latin-1, as it was. What is none, stays as it is."""
    text = text_of(value)
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8").strip()
    except UnicodeError:
        return text


def _text(message: Mapping[str, Any]) -> str:
    """What was written, and the link that was shared; nothing, where Messenger wrote it itself."""
    text = _repaired(message.get("content")) or _repaired(message.get("text"))
    share = message.get("share")
    link = _repaired(share.get("link")) if isinstance(share, dict) else ""
    if _NOTICE.fullmatch(text):
        text = ""
    return f"{text}\n{link}".strip() if link and link not in text else text


def _attachments(message: Mapping[str, Any]) -> Iterable[str]:
    """The names of files that were sent; of a sticker nothing is worth keeping."""
    for kind in _ATTACHED:
        if kind in message:
            for item in objects(message[kind]):
                if name := _repaired(item.get("uri")).rpartition("/")[2]:
                    yield name


def _iso(at: float, zone: ZoneInfo | Any) -> str:
    return datetime.fromtimestamp(at, zone).isoformat(timespec="seconds")
