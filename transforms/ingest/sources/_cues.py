"""Timed text: cues of WebVTT, SubRip and SubViewer.

Our own, since ``webvtt-py`` 0.6 leaves out a cue whose timing is damaged, or whose text holds an
arrow, without a word, and gives all that two voices say in one cue to the first; and it does not
reach 10 MB/s. Here no text is lost: a damaged timing refuses the file.
Source: W3C WebVTT (Candidate Recommendation, 2019), 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from transforms.ingest.text import UnreadableError

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2}(?:[.,]\d{1,3})?)"
_ARROW = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t]+[^\n]*)?$\n?", re.MULTILINE)
_COMMA = re.compile(rf"^[ \t]*{_CLOCK},{_CLOCK}[ \t]*$\n?", re.MULTILINE)
_ANY_ARROW = re.compile(r"^[ \t]*[\d:.,]*[^ \t\n]*[ \t]*-->.*$", re.MULTILINE)
_SKIPPED = re.compile(r"(?:^|(?<=\n\n))(?:NOTE|STYLE|REGION)\b(?:[^\n]+\n?)+", re.MULTILINE)
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
    if text.count("-->") != (found := len(_ARROW.findall(text))):
        for match in _ANY_ARROW.finditer(text):
            if not _ARROW.match(text, match.start()) and _looks_like_timing(match[0]):
                line = text.count("\n", 0, match.start()) + 1
                raise UnreadableError(f"damaged timing of a cue, in line {line}")
    if found == 0:
        return iter(())
    return _cues(text, _ARROW, has_comments="NOTE" in text or "STYLE" in text)


def comma_cues(text: str) -> Iterator[Cue]:
    """Cues of SubViewer (``.sbv``): ``0:00:01.000,0:00:02.000`` and lines of text."""
    return _cues(text, _COMMA, has_comments=False)


def _looks_like_timing(line: str) -> bool:
    before = line.partition("-->")[0]
    return ":" in before and not re.search(r"[^\W\d_]{3}", before)


def _cues(text: str, timing: re.Pattern[str], has_comments: bool) -> Iterator[Cue]:
    matches = timing.finditer(text)
    match = next(matches, None)
    identifier = _identifier(text[: match.start()])[1] if match else ""
    while match is not None:
        following = next(matches, None)
        body = text[match.end() : following.start() if following else len(text)]
        if has_comments and "\n\n" in body:
            body = _SKIPPED.sub("", body)
        named = identifier
        if following is not None:
            body, identifier = _identifier(body)
        h1, m1, s1, h2, m2, s2 = match.groups()
        yield Cue(_seconds(h1, m1, s1), _seconds(h2, m2, s2), body.strip(), named)
        match = following


def _identifier(body: str) -> tuple[str, str]:
    """The text of a cue, and the identifier of the next one: a line that a blank one precedes."""
    # Of a cue without text the blank line comes at once.
    before, blank, last = f"\n{body}".rpartition("\n\n")
    last = last.removesuffix("\n")
    if (blank or not before) and _IDENTIFIER.fullmatch(last):
        return before, last
    return body, ""


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    total = int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))
    return round(total, 3)
