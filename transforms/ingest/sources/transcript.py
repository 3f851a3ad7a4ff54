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
    speakers_among,
    turns_of,
)
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock, seconds_of

_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?"
_STAMPED = re.compile(
    rf"[\[(]?({_CLOCK})[\])]?\s*+(?:[-–]\s*+)?(?=\S)([^:\n]{{1,80}}):[ \t]+(\S.*)"
)
_HEADED = re.compile(
    rf"(?=\S)([^\n\t]{{1,80}}?)(?:[ \t]{{2,}}|\t|,? *[(\[] *|\s[-–]\s)({_CLOCK})[)\]]?\s*"
)
_SAYS = re.compile(r"\n([^\s:][^:\n]{0,79})(:[ \t]+)(?=\S)")
_TIME_ALONE = re.compile(rf"[\[(]?({_CLOCK})[\])]?")
_ARROW = re.compile(r"\s*\d{1,2}:\d{1,2}:\d{1,2}[.,]\d{1,3} --> \d")
_FOOTER = re.compile(
    r"(?:Transcribed by https?://otter\.ai|Transcription ended after [\d:]+"
    r"|This editable transcript was computer generated|Meeting ended after [\d:]+"
    r"|.{1,80} (?:started|stopped) transcription$)",
    re.IGNORECASE,
)
_FIRST = 300
"""Lines that tell the form."""
_LONGEST_TITLE = 200
_AFTER_TIME = frozenset("0123456789])")
_BOLD = "*_" + "".join(c for c in map(chr, range(0x3001)) if c.isspace())
_HEADING = "#" + _BOLD


class Transcript(DocumentSource):
    """A transcript as text: one file is one consultation."""

    format = Format.TRANSCRIPT
    title = "transcript as plain text (Google Meet, Teams, Otter)"
    endings = frozenset({".txt", ".md"})

    def sniff(self, head: Head) -> float:
        """At least two lines that say who speaks, among the first 300."""
        if head.is_binary or head.ending in (".csv", ".json", ".jsonl", ".ndjson", ".xml"):
            return 0.0
        lines = head.text.split("\n")[:_FIRST]
        return LIKELY if _form(lines) or _talk(lines) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The talk, a turn for each change of speaker."""
        for document in documents:
            text = document.text(settings)
            lines = text.split("\n")
            form = _form(lines[:_FIRST])
            talk = None if form else _talk(lines[:_FIRST])
            if not form and not talk:
                raise UnreadableError("no form of a transcript that is known", document.path)
            people: list[Participant] = []
            facts = facts_in_name(document.path, settings)
            if form == "arrow":
                pieces = _arrows(text)
            elif talk:
                people, facts = _meet(lines, facts, settings)
                pieces = _paragraphs(_labelled(talk + _labels(lines[_FIRST:])))
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
    """Which form the lines have, where a time stands beside each name."""
    full = [stripped for line in lines if (stripped := line.strip())]
    if full and _ARROW.match(full[0]):
        return "arrow"
    counts = {"stamped": len([*filter(_stamp, full)]), "headed": len([*filter(_head, full)])}
    best = max(counts, key=lambda form: counts[form])
    return best if counts[best] >= 2 or (counts[best] == 1 and len(full) <= 4) else None


def _stamp(line: str) -> re.Match[str] | None:
    """The parts of a line that begins with a time and a name."""
    match = None if line[:1].isalpha() else _STAMPED.match(line)
    return match if match and looks_like_name(match[2].strip()) else None


def _head(line: str) -> re.Match[str] | None:
    """The parts of a line that is a name and a time."""
    match = _HEADED.fullmatch(line) if line[-1:].isdigit() or line[-1:] in ")]" else None
    return match if match and looks_like_name(_clean(match[1])) else None


def _talk(lines: Sequence[str]) -> list[str] | None:
    """What is said after Meet's heading, if most lines there are ``Name: text``."""
    start = _after_heading(lines)
    marked = start > 0
    pieces = _labels(lines[start:])
    full = sum(1 for line in lines[start:] if line.strip() and not _time_alone(line))
    speakers = speakers_among(pieces[::3])
    labelled = [speakers[label] for label in pieces[::3] if label in speakers]
    needed = max(1, full * 0.3) if marked else max(3, full * 0.6)
    # A dialogue has speakers who return; a form has fields that do not.
    returns = marked or len(set(labelled)) * 2 <= len(labelled)
    return pieces if len(labelled) >= needed and returns else None


def _labels(lines: Iterable[str]) -> list[str]:
    """Label, colon, and what follows until the next one, in turn; the first label is empty."""
    return ["", "", *_SAYS.split("\n".join(["", *filter(None, map(_unmarked, lines))]))]


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
        if match := _stamp(line):
            yield match[2].strip(), match[3], seconds_of(match[1]), None, None
        else:
            yield line


def _headed(lines: Iterable[str]) -> Iterator[Piece | str]:
    """What stands before the first speaker is a heading: title, date, key words."""
    is_talk = False
    for line in map(str.strip, lines):
        if match := _head(line):
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


def _labelled(pieces: Sequence[str]) -> Iterator[Piece | str]:
    """A time that stands alone is when the next one speaks."""
    labels, colons, texts = pieces[::3], pieces[1::3], pieces[2::3]
    speakers = map(speakers_among(labels).get, labels)
    start: float | None = None
    for speaker, label, colon, text in zip(speakers, labels, colons, texts, strict=True):
        said, *others = text.split("\n") if "\n" in text else [text]
        if speaker is None:
            yield label + colon + said
        else:
            yield speaker, said.strip("* "), start, None, None
            start = None
        for line in others:
            if time := _time_alone(line):
                start = seconds_of(time[1])
            else:
                yield line


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
        speaker, text, start, _, _ = item
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
) -> tuple[list[Participant], FileFacts]:
    """Meet's document: who attended, and when."""
    head = [_clean(line) for line in lines[: _after_heading(lines)] if line.strip()]
    people: list[Participant] = []
    if "Attendees" in head:
        after = head[head.index("Attendees") + 1 :]
        names = after[0].split(",") if after and after[0] != "Transcript" else []
        people = [{"name": name.strip()} for name in names if name.strip()]
    if head and facts.started_at is None:
        titled = facts_in_name(head[0][:_LONGEST_TITLE] + ".txt", settings)
        if titled.platform == "meet":
            facts = titled._replace(meeting={**titled.meeting, **facts.meeting})
    return people, facts


def _clean(line: str) -> str:
    return _unmarked(line.replace("📖", "").replace("📝", ""))


def _unmarked(line: str) -> str:
    """A line without the marks of a heading, or of what is bold."""
    return line.lstrip(_HEADING).rstrip(_BOLD)
