"""Transcripts as plain text: Google Meet, Teams, Otter and others of their kind.

Forms that are read, each told by its lines::

    [00:00:10] Jane Doe: hello          (and without brackets, or with - after the time)
    Jane Doe  0:10                      (Otter, Teams: a line with the speaker and the time,
    hello                                then what was said)
    0:0:1.20 --> 0:0:3.40               (Teams, from its Word document)
    Jane Doe
    hello
    Attendees                           (Google Meet, from its document: names, then the talk,
    Jane Doe, Sam Lee                    with a time between paragraphs)
    Transcript
    Jane Doe: hello

Sources: Google Meet Help, "Use transcripts with Google Meet"; Otter Help Center, "Export
conversations"; Microsoft Support, "View live transcription in Microsoft Teams meetings".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import LIKELY, Document, DocumentSource, Head
from transforms.ingest.sources._cues import arrow_cues
from transforms.ingest.sources._talk import (
    FileFacts,
    Piece,
    consultation,
    facts_in_name,
    looks_like_name,
    split_labels,
    turns_of,
)
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock, seconds_of

_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
_STAMPED = re.compile(rf"[\[(]?({_CLOCK})[\])]?\s*[-–]?\s*(?=\S)([^:\n]{{1,80}}):[ \t]+(\S.*)")
_HEADED = re.compile(
    rf"(?=\S)([^\n\t]{{1,80}}?)(?:[ \t]{{2,}}|\t|,? *[(\[] *|\s[-–]\s)({_CLOCK})[)\]]?\s*"
)
_TIME_ALONE = re.compile(rf"[\[(]?({_CLOCK})[\])]?")
_ARROW = re.compile(r"\s*\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3} --> \d")
_FOOTER = re.compile(
    r"(?:Transcribed by https?://otter\.ai|Transcription ended after [\d:]+"
    r"|This editable transcript was computer generated|Meeting ended after [\d:]+"
    r"|.{1,80} (?:started|stopped) transcription$)",
    re.IGNORECASE,
)
_AFTER_TIME = frozenset("0123456789])")
_SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())


class Transcript(DocumentSource):
    """A transcript as text: one file is one consultation."""

    format = Format.TRANSCRIPT
    title = "transcript as plain text (Google Meet, Teams, Otter)"
    endings = frozenset({".txt", ".md"})

    def sniff(self, head: Head) -> float:
        """At least two lines that say who speaks, among the first hundred."""
        if head.is_binary or head.ending in (".csv", ".json", ".jsonl", ".ndjson", ".xml"):
            return 0.0
        form = _form(head.text.split("\n")[:300])
        return 0.0 if form is None else LIKELY

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The talk, a turn for each change of speaker."""
        for document in documents:
            text = document.text(settings)
            lines = text.split("\n")
            form = _form(lines[:300])
            if form is None:
                raise UnreadableError("no form of a transcript that is known", document.path)
            people: list[Participant] = []
            facts = facts_in_name(document.path, settings)
            if form == "arrow":
                pieces = _arrows(text)
            elif form == "labelled":
                people, lines, facts = _meet(lines, facts, settings)
                pieces = _paragraphs(_labelled(lines))
            elif form == "stamped":
                pieces = _paragraphs(_stamped(lines))
            else:
                pieces = _paragraphs(_headed(lines))
                if facts.started_at is None:
                    facts = facts._replace(started_at=_dated(lines[:12], settings))
            turns = turns_of(pieces)
            if not turns:
                raise UnreadableError("no talk in the transcript", document.path)
            record = consultation(turns, "video", facts)
            if people:
                record["participants"] = people
            yield record


def _form(lines: Sequence[str]) -> str | None:
    """Which form the lines have."""
    full = [stripped for line in lines if (stripped := line.strip())]
    if full and _ARROW.match(full[0]):
        return "arrow"
    counts = {
        "stamped": sum(1 for line in full if _is_stamped(line)),
        "headed": sum(1 for line in full if _is_headed(line)),
    }
    best = max(counts, key=lambda form: counts[form])
    if counts[best] >= 2 or (counts[best] == 1 and len(full) <= 4):
        return best
    start = _talk_begins(lines)
    if start is not None:
        return "labelled"
    return None


def _is_stamped(line: str) -> bool:
    match = _stamp(line)
    return match is not None and looks_like_name(match[2].strip())


def _stamp(line: str) -> re.Match[str] | None:
    return _STAMPED.match(line) if line[:1] in "[(" or line[:1].isdigit() else None


def _head(line: str) -> re.Match[str] | None:
    """A line that ends with a time, and begins with a name as far as its form goes."""
    return _HEADED.fullmatch(line) if line[-1:].isdigit() or line[-1:] in ")]" else None


def _is_headed(line: str) -> bool:
    match = _head(line)
    return match is not None and looks_like_name(_clean(match[1]))


def _talk_begins(lines: Sequence[str]) -> int | None:
    """The line after Meet's heading, if most lines there are ``Name: text``."""
    start = _after_heading(lines)
    marked = start > 0
    full = [line for line in lines[start:] if line.strip() and not _time_alone(line)]
    labelled = [label for label, _ in split_labels(list(map(_unmarked, full))) if label]
    enough = len(full) * (0.3 if marked else 0.6)
    needed = 1 if marked else 3
    # A dialogue has speakers who return; a form has fields that do not.
    returns = marked or len(set(labelled)) * 2 <= len(labelled)
    return start if len(labelled) >= max(needed, enough) and returns else None


def _after_heading(lines: Sequence[str]) -> int:
    """The line after Meet's heading; 0 where there is none."""
    return max(
        (
            i + 1
            for i, line in enumerate(lines[:60])
            if "Transcript" in line and re.search(r"(?:^|- )Transcript$", _clean(line))
        ),
        default=0,
    )


def _time_alone(line: str) -> re.Match[str] | None:
    return _TIME_ALONE.fullmatch(line) if line[-1:] in _AFTER_TIME else None


def _stamped(lines: Iterable[str]) -> Iterator[Piece | str]:
    for line in map(str.strip, lines):
        match = _stamp(line)
        if match and looks_like_name(match[2].strip()):
            yield match[2].strip(), match[3], seconds_of(match[1]), None, None
        else:
            yield line


def _headed(lines: Iterable[str]) -> Iterator[Piece | str]:
    """What stands before the first speaker is a heading: title, date, key words."""
    is_talk = False
    for line in map(str.strip, lines):
        match = _head(line)
        if match and looks_like_name(_clean(match[1])):
            is_talk = True
            yield _clean(match[1]), "", seconds_of(match[2]), None, None
        elif is_talk:
            yield line


def _dated(lines: Iterable[str], settings: SourceSettings) -> str | None:
    """The date and time in a heading: ``Tue, Mar 05, 2024 10:15AM • 12:34``."""
    clock = Clock((), settings)
    for line in lines:
        text = line.partition("•")[0].strip()
        if any(c.isalpha() for c in text) and (found := clock.iso(text)):
            return found
    return None


def _labelled(lines: Iterable[str]) -> Iterator[Piece | str]:
    """A time that stands alone is when the next one speaks."""
    full = [cleaned for line in lines if (cleaned := _unmarked(line))]
    start: float | None = None
    for line, (label, text) in zip(full, split_labels(full), strict=True):
        if time := _time_alone(line):
            start = seconds_of(time[1])
        elif label is not None:
            yield label, text, start, None, None
            start = None
        else:
            yield text


def _paragraphs(items: Iterable[Piece | str]) -> Iterator[Piece]:
    """What somebody begins to say, with the lines that go on after it."""
    speaker, start = None, None
    lines: list[str] = []
    for item in items:
        if isinstance(item, str):
            if item and not _FOOTER.match(item):
                lines.append(item)
            continue
        if lines:
            yield speaker, "\n".join(lines), start, None, None
        speaker, text, start, *_ = item
        lines = [text] if text else []
    if lines:
        yield speaker, "\n".join(lines), start, None, None


def _arrows(text: str) -> Iterator[Piece]:
    """Teams's Word document as text: the speaker stands in the first line of a cue."""
    cues = arrow_cues(text)
    for cue, start, end in zip(cues.texts, cues.starts, cues.ends, strict=True):
        speaker, _, said = cue.partition("\n")
        if said.strip():
            yield speaker.strip(), " ".join(said.split()), start, end, None
        elif speaker.strip():
            yield None, speaker.strip(), start, end, None


def _meet(
    lines: Sequence[str], facts: FileFacts, settings: SourceSettings
) -> tuple[list[Participant], list[str], FileFacts]:
    """Meet's document: who attended, and the lines of talk."""
    start = _after_heading(lines)
    head = [_clean(line) for line in lines[:start] if line.strip()]
    people: list[Participant] = []
    if "Attendees" in head:
        after = head[head.index("Attendees") + 1 :]
        names = after[0].split(",") if after and after[0] != "Transcript" else []
        people = [{"name": name.strip()} for name in names if name.strip()]
    if head and facts.started_at is None:
        titled = facts_in_name(head[0] + ".txt", settings)
        if titled.platform == "meet":
            facts = titled._replace(meeting={**titled.meeting, **facts.meeting})
    return people, list(lines[start:]), facts


def _clean(line: str) -> str:
    return _unmarked(line.replace("📖", "").replace("📝", ""))


def _unmarked(line: str) -> str:
    """A line without the marks of a heading, or of what is bold."""
    return line.lstrip("#*_" + _SPACES).rstrip("*_" + _SPACES)
