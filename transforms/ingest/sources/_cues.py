"""Timed text: cues of WebVTT, SubRip and SubViewer.

Our own, since ``webvtt-py`` 0.6 leaves out a cue whose timing is damaged, or whose text holds an
arrow, without a word, and gives all that two voices say in one cue to the first; and it does not
reach 10 MB/s. Here no text is lost: a damaged timing refuses the file.
Source: W3C WebVTT (Candidate Recommendation, 2019), 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.ingest.text import UnreadableError

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,3})?)"
_ARROW = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t]+[^\n]*)?$\n?", re.MULTILINE)
_COMMA = re.compile(rf"^[ \t]*{_CLOCK},{_CLOCK}[ \t]*$\n?", re.MULTILINE)
_ANY_ARROW = re.compile(r"^[ \t]*[\d:.,]*[^ \t\n]*[ \t]*-->.*$", re.MULTILINE)
_SKIPPED = re.compile(r"(?:^|(?<=\n\n))(?:NOTE|STYLE|REGION)\b(?:[^\n]+\n?)+", re.MULTILINE)
_GROUPS = 7
"""Pieces of a text that is split at a timing: six of it, and what stands before."""
_IDENTIFIER = re.compile(r"\S+|\d+ \"[^\"\n]*\" \(\d+\)")


class Cue(NamedTuple):
    """A piece of text and when it is shown, in seconds."""

    start: float
    end: float
    text: str
    identifier: str


def arrow_cues(text: str) -> Iterator[Cue]:
    """Cues of WebVTT and SubRip: ``00:00:01.000 --> 00:00:02.000`` and lines of text.

    Raises: UnreadableError, where a timing is damaged.
    """
    pieces = _ARROW.split(text)
    if text.count("-->") != len(pieces) // _GROUPS:
        for match in _ANY_ARROW.finditer(text):
            if not _ARROW.match(text, match.start()) and _looks_like_timing(match[0]):
                line = text.count("\n", 0, match.start()) + 1
                raise UnreadableError(f"damaged timing of a cue, in line {line}")
    return _cues(pieces, has_comments="NOTE" in text or "STYLE" in text)


def comma_cues(text: str) -> Iterator[Cue]:
    """Cues of SubViewer (``.sbv``): ``0:00:01.000,0:00:02.000`` and lines of text."""
    return _cues(_COMMA.split(text), has_comments=False)


def _looks_like_timing(line: str) -> bool:
    before = line.partition("-->")[0]
    return ":" in before and not re.search(r"[^\W\d_]{3}", before)


def _cues(pieces: Sequence[str], has_comments: bool) -> Iterator[Cue]:
    """Cues of what stands between timings, and the parts of these."""
    bodies = pieces[::_GROUPS]
    starts = map(_seconds, *(pieces[i::_GROUPS] for i in (1, 2, 3)))
    ends = map(_seconds, *(pieces[i::_GROUPS] for i in (4, 5, 6)))
    identifier = _identifier(bodies[0])[1] if len(bodies) > 1 else ""
    last = len(bodies) - 2
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        body = bodies[number + 1]
        if has_comments and "\n\n" in body:
            body = _SKIPPED.sub("", body)
        named = identifier
        if number != last:
            body, identifier = _identifier(body)
        yield Cue(start, end, body.strip(), named)


def _identifier(body: str) -> tuple[str, str]:
    """The text of a cue, and the identifier of the next one: a line that a blank one precedes."""
    if body.endswith("\n\n"):
        return body, ""
    # Of a cue without text the blank line comes at once.
    before, blank, last = f"\n{body}".rpartition("\n\n")
    last = last.removesuffix("\n")
    if (blank or not before) and _IDENTIFIER.fullmatch(last):
        return before, last
    return body, ""


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return (_whole(hours, minutes) + _milliseconds(seconds)) / 1000


@lru_cache(4096)
def _whole(hours: str | None, minutes: str) -> int:
    return int(hours or 0) * 3_600_000 + int(minutes) * 60_000


@lru_cache(1 << 16)
def _milliseconds(seconds: str) -> int:
    return round(float(seconds.replace(",", ".")) * 1000)
