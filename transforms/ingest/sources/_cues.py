"""Timed text: cues of WebVTT, SubRip and SubViewer.

Our own, since ``webvtt-py`` 0.6 leaves out a cue whose timing is damaged, or whose text holds an
arrow, without a word, and gives all that two voices say in one cue to the first; and it does not
reach 10 MB/s. Here no text is lost: a damaged timing refuses the file.
Source: W3C WebVTT (Candidate Recommendation, 2019), 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms.ingest.text import UnreadableError

_CLOCK = r"((?:\d{1,4}:)?\d{1,2}):(\d{1,2}(?:[.,]\d{1,3})?)"
_ARROW = re.compile(
    rf"^[ \t]*+{_CLOCK}[ \t]*+-->[ \t]*+{_CLOCK}(?:[ \t]+[^\n]*)?$\n?", re.MULTILINE
)
_COMMA = re.compile(rf"^[ \t]*{_CLOCK},{_CLOCK}[ \t]*$\n?", re.MULTILINE)
_ANY_ARROW = re.compile(r"^[ \t]*+[^ \t\n]*[ \t]*-->.*$", re.MULTILINE)
_SKIPPED = re.compile(r"(?:^|(?<=\n\n))(?:NOTE|STYLE|REGION)\b(?:[^\n]++\n?)++", re.MULTILINE)
_GROUPS = 5
"""Pieces of a text that is split at a timing: four of it, and what stands before."""
_IDENTIFIER = re.compile(r"\S+|\d+ \"[^\"\n]*\" \(\d+\)")


class Cues(NamedTuple):
    """The cues of a file, in columns: pieces of text, and when they are shown, in seconds."""

    texts: list[str]
    starts: list[float]
    ends: list[float]
    identifiers: list[str]


def arrow_cues(text: str) -> Cues:
    """Cues of WebVTT and SubRip: ``00:00:01.000 --> 00:00:02.000`` and lines of text.

    Raises: UnreadableError, where a timing is damaged.
    """
    pieces = _ARROW.split(text)
    if text.count("-->") != len(pieces) // _GROUPS:
        for match in _ANY_ARROW.finditer(text):
            if not _ARROW.match(text, match.start()) and _looks_like_timing(match[0]):
                line = text.count("\n", 0, match.start()) + 1
                raise UnreadableError(f"damaged timing of a cue, in line {line}")
    first = max(text.find("-->"), 0)
    has_comments = any(text.find(word, first) >= 0 for word in ("NOTE", "STYLE", "REGION"))
    return _cues(pieces, has_comments)


def comma_cues(text: str) -> Cues:
    """Cues of SubViewer (``.sbv``): ``0:00:01.000,0:00:02.000`` and lines of text."""
    return _cues(_COMMA.split(text), has_comments=False)


def _looks_like_timing(line: str) -> bool:
    before = line.partition("-->")[0]
    return ":" in before and not re.search(r"[^\W\d_]{3}", before)


def _cues(pieces: Sequence[str], has_comments: bool) -> Cues:
    """Cues of what stands between timings, and the parts of these."""
    heading, *bodies = pieces[::_GROUPS]
    starts = _seconds(pieces[1::_GROUPS], pieces[2::_GROUPS])
    ends = _seconds(pieces[3::_GROUPS], pieces[4::_GROUPS])
    if not bodies:
        return Cues([], [], [], [])
    if has_comments:
        bodies = [_SKIPPED.sub("", body) if "\n\n" in body else body for body in bodies]
    identifiers = [_identifier(heading)[1]]
    texts = []
    for body in bodies[:-1]:
        said, identifier = _identifier(body)
        texts.append(said.strip())
        identifiers.append(identifier)
    texts.append(bodies[-1].strip())
    return Cues(texts, starts, ends, identifiers)


def _identifier(body: str) -> tuple[str, str]:
    """The text of a cue, and the identifier of the next one: a line that a blank one precedes."""
    if body.endswith("\n\n"):
        return body, ""
    # Of a cue without text the blank line comes at once.
    before, blank, last = f"\n{body}".rpartition("\n\n")
    last = last.removesuffix("\n")
    if (blank or not before) and (last.isalnum() or _IDENTIFIER.fullmatch(last)):
        return before, last
    return body, ""


def _seconds(minutes: Sequence[str], seconds: Sequence[str]) -> list[float]:
    """Times of ``01:02`` and ``03.500`` in seconds."""
    parts = zip(map(_minutes, minutes), map(_milliseconds, seconds), strict=True)
    return [(whole + rest) / 1000 for whole, rest in parts]


@lru_cache(4096)
def _minutes(clock: str) -> int:
    hours, _, minutes = clock.rpartition(":")
    return int(hours or 0) * 3_600_000 + int(minutes) * 60_000


@lru_cache(1 << 16)
def _milliseconds(seconds: str) -> int:
    return round(float(seconds.replace(",", ".")) * 1000)
