"""Annotated texts: what a person marked, whatever the format in which it was written down.

Offsets count Unicode code points from 0; the end is the first character that is not marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from transforms.errors import UsageError

Range = tuple[int, int]

_LABEL = re.compile(r"[^\W\d_][\w./&-]{0,59}")
_MOST_NAMED = 20


class Format(StrEnum):
    """How an annotated text is written down."""

    JSONL = "jsonl"
    """``{"id"?, "text", "spans": [{"start", "end", "entity"}]}``, one object a line."""
    BRAT = "brat"
    """A ``.txt`` with a ``.ann`` beside it, or a folder of such pairs (brat's standoff format)."""
    PRESIDIO_RESEARCH = "presidio-research"
    """A list of presidio-research's ``InputSample``."""


class GoldSpan(NamedTuple):
    """What was marked: most often one range; ``ranges`` are by start and share no character."""

    ranges: tuple[Range, ...]
    label: str

    @property
    def start(self) -> int:
        return self.ranges[0][0]

    @property
    def end(self) -> int:
        return self.ranges[-1][1]


class GoldText(NamedTuple):
    """An annotated text. ``place`` says where it was read (``file:line``), and is no part of it;
    ``id`` is the annotator's own name for it, which may be an identifier itself."""

    place: str
    text: str
    spans: tuple[GoldSpan, ...]
    id: str | None = None


class Mistake(NamedTuple):
    """What is wrong at one place of a file; never holds any of the text."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


def refuse(mistakes: Iterable[Mistake]) -> None:
    """Raise UsageError, one line for each mistake, if there is any."""
    lines = [str(mistake) for mistake in mistakes]
    if len(lines) > _MOST_NAMED:
        lines[_MOST_NAMED:] = [f"... and {len(lines) - _MOST_NAMED:,} more"]
    if lines:
        raise UsageError("\n".join(lines))


def mistakes_in(gold: GoldText, places: Iterable[str]) -> Iterator[Mistake]:
    """What is wrong with a text's spans; ``places`` says where each of them was read."""
    if not gold.text.strip():
        yield Mistake(gold.place, "the text is empty")
        return
    right: list[tuple[GoldSpan, str]] = []
    for span, place in zip(gold.spans, places, strict=True):
        what = _wrong(span, gold.text)
        if what is not None:
            yield Mistake(place, what)
        else:
            right.append((span, place))
    reached: dict[str, tuple[int, str]] = {}
    for (start, end), label, place in sorted(
        (marked, span.label, place) for span, place in right for marked in span.ranges
    ):
        before, other = reached.get(label, (0, ""))
        if start < before:
            yield Mistake(place, f"overlaps {other.rpartition(': ')[2]}, which has the same label")
        reached[label] = max((before, other), (end, place))


def _wrong(span: GoldSpan, text: str) -> str | None:
    if not _LABEL.fullmatch(span.label):
        return "the label is none: letters, figures, _ - . / are expected, a letter first"
    for start, end in span.ranges:
        if not 0 <= start < end <= len(text):
            return f"{start}-{end} is no range of a text of {len(text):,} characters"
        if not text[start:end].strip():
            return f"{start}-{end} marks nothing but blanks: check the offsets"
    ends = [0, *(end for _, end in span.ranges)]
    if any(start < end for (start, _), end in zip(span.ranges, ends, strict=False)):
        return "its ranges overlap each other"
    return None
