"""What transcripts share: who speaks in a line, what a file's name tells, turns from lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.ingest.consultation import Consultation, Meeting, Turn
from transforms.ingest.files import base_name
from transforms.ingest.settings import SourceSettings
from transforms.ingest.times import Clock

_LABEL = re.compile(r"\s*([^\s:][^:\n]{0,79}):(?:[ \t]+(?=\S)|[ \t]*\n)")
_PARTICLES = frozenset("de da di do du del der den van von la le el al bin ibn ap y e".split())
_NO_NAMES = frozenset(
    "note notes question answer example so well and but okay ok warning remember summary plan"
    " first second third finally also however attendees date time subject topic re".split()
)


class Said(NamedTuple):
    """One piece of talk, before pieces of one speaker become a turn."""

    speaker: str | None
    text: str
    start: float | None = None
    """Seconds since the beginning."""
    end: float | None = None
    at: str | None = None
    """Time of day, ISO 8601."""


Piece = tuple[str | None, str | None, float | None, float | None, str | None]
"""The same as a plain tuple, which takes a third of the time to make; it may have no text."""


@lru_cache(4096)
def looks_like_name(label: str) -> bool:
    """Whether what stands before a colon is somebody's name, and not the beginning of a sentence.

    "Jane van der Berg", "Dr. Patel", "SPEAKER_00", "jane.doe", "+44 7700 900123".
    """
    words = label.split()
    if not 0 < len(words) <= 7 or label.lower() in _NO_NAMES:
        return False
    bare = [word.strip("()[].,'\"“”*_") for word in words]
    return (
        any(w[:1].isupper() or w[:1].isdigit() or w[:1] == "+" for w in bare)
        and all(
            not w
            or not w[0].islower()
            or w in _PARTICLES
            or "(" in word
            or ")" in word
            or "/" in word
            or (len(words) == 1 and not w.isalpha())
            for w, word in zip(bare, words, strict=True)
        )
    ) or (len(words) == 1 and bool(re.search(r"[\d_.@]", words[0])))


def split_labels(texts: Sequence[str]) -> list[tuple[str | None, str]]:
    """(speaker, what was said) of each ``Name: text``; no speaker where none is named."""
    found = [_LABEL.match(text) for text in texts]
    labels = [match[1] if match else "" for match in found]
    speakers = speakers_among(labels)
    return [
        (speakers[label], text[match.end() :].strip("* \n"))
        if match and label in speakers
        else (None, text.strip())
        for text, match, label in zip(texts, found, labels, strict=True)
    ]


def speakers_among(labels: Sequence[str]) -> dict[str, str]:
    """The names in those of the labels, which stand before a colon, that are speakers.

    A label is a speaker if it looks like a name, or returns: a screen name ("mum's phone") stands
    there many times, the beginning of a sentence once.
    """
    counts = Counter(map(str.rstrip, labels))
    return {
        label: name.strip("*_ ")
        for label in set(labels)
        if (name := label.rstrip())
        and (looks_like_name(name) or (counts[name] > 2 and name.lower() not in _NO_NAMES))
    }


def turns_of(pieces: Iterable[Piece]) -> list[Turn]:
    """Turns: pieces of one speaker that follow each other become one, so that a name that is cut
    in two by a subtitle's end is whole again."""
    turns: list[Turn] = []
    texts: list[str] = []
    last: str | None = None
    for speaker, text, start, end, at in pieces:
        if not text:
            continue
        if turns and speaker == last:
            texts.append(text)
            if end is not None:
                turns[-1]["end_offset"] = end
            continue
        if len(texts) > 1:
            turns[-1]["text"] = " ".join(texts)
        turn: Turn = {"text": text}
        if speaker is not None:
            turn["speaker"] = speaker
        if at is not None:
            turn["at"] = at
        if start is not None:
            turn["offset"] = start
        if end is not None:
            turn["end_offset"] = end
        turns.append(turn)
        texts, last = [text], speaker
    if len(texts) > 1:
        turns[-1]["text"] = " ".join(texts)
    return turns


_GMT = re.compile(r"GMT(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)")
_ZOOM_FOLDER = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d)\.(\d\d)\.(\d\d) (.+)")
_TEAMS = re.compile(
    r"^(.*?)-(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)-Meeting (?:Recording|Transcript)"
)
_MEET = re.compile(
    r"^(.*?)\s*(?:[-–(]\s*)(\d{4}[-/_]\d\d[-/_]\d\d)[ _](?:at )?(\d\d)[:_-](\d\d)\s*"
    r"((?:GMT|UTC)?[+-]?\d{0,2}|[A-Z]{3,4})?\)?\s*(?:[-–]\s*(Transcript|Chat|Attendance|Notes).*)?"
)
_MEETING_ID = re.compile(r"(?<!\d)(\d{9,11})(?!\d)")
_MEET_CODE = re.compile(r"(?<![a-z])([a-z]{3}-[a-z]{4}-[a-z]{3})(?![a-z])")


class FileFacts(NamedTuple):
    """What a vendor writes in a recording's file name."""

    started_at: str | None = None
    platform: str | None = None
    meeting: Meeting = {}


def facts_in_name(path: str, settings: SourceSettings) -> FileFacts:
    """When a recording began, on which platform, and its meeting's id or topic.

    Zoom's cloud: ``GMT20240305-101500_Recording.transcript.vtt`` (UTC); Zoom's folder on a
    computer: ``2024-03-05 10.15.00 Topic 85512345678``; Teams: ``Topic-20240305_101500-Meeting
    Recording.vtt``; Meet: ``Topic (2024-03-05 10:15 GMT) - Transcript.txt``.
    """
    clock = Clock((), settings)
    name = base_name(path)
    folder = base_name(path[: len(path) - len(name) - 1])
    meeting: Meeting = {}
    if number := _MEETING_ID.search(name) or _MEETING_ID.search(folder):
        meeting["id"] = number[1]
    elif code := _MEET_CODE.search(name):
        meeting["id"] = code[1]
    stem = re.sub(r"(\.transcript|\.cc)?\.[A-Za-z]{1,4}(\.gz|\.zstd?)?$", "", name)
    if m := _GMT.search(name):
        at = clock.iso(f"{m[1]}-{m[2]}-{m[3]} {m[4]}:{m[5]}:{m[6]}Z")
        return FileFacts(at, "zoom", meeting)
    if m := _ZOOM_FOLDER.match(folder):
        meeting["topic"] = _MEETING_ID.sub("", m[5]).strip()
        at = clock.iso(f"{m[1]} {m[2]}:{m[3]}:{m[4]}")
        return FileFacts(at, "zoom", meeting)
    if m := _TEAMS.match(stem):
        meeting["topic"] = m[1].strip()
        at = clock.iso(f"{m[2]}-{m[3]}-{m[4]} {m[5]}:{m[6]}:{m[7]}")
        return FileFacts(at, "teams", meeting)
    if m := _MEET.match(stem):
        meeting["topic"] = m[1].strip()
        date = re.sub(r"[/_]", "-", m[2])
        zone = m[5] if m[5] and re.fullmatch(r"(GMT|UTC)([+-]\d{1,2})?", m[5]) else ""
        at = clock.iso(f"{date} {m[3]}:{m[4]} {zone}".strip())
        return FileFacts(at, "meet", meeting)
    return FileFacts(None, None, meeting)


def consultation(
    turns: list[Turn], channel: str, facts: FileFacts, platform: str | None = None
) -> Consultation:
    """A consultation of turns, and of what the file's name tells."""
    record: Consultation = {"channel": channel, "turns": turns}
    if (where := platform or facts.platform) is not None:
        record["platform"] = where
    if facts.started_at is not None:
        record["started_at"] = facts.started_at
    if facts.meeting:
        record["meeting"] = facts.meeting
    return record
