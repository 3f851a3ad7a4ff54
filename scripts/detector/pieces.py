"""A training text: pieces with or without a label, so that any change keeps the spans exact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of text; ``label`` names the entity that it is, or is empty."""

    text: str
    label: str = ""


class Gold(NamedTuple):
    """A labelled text: ``spans`` are (start, end, label), by start, none overlapping."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def join(pieces: Iterable[Piece]) -> Gold:
    """The text that pieces make, with the spans of those that are labelled."""
    parts: list[str] = []
    spans = []
    at = 0
    for text, label in pieces:
        if label:
            # Blanks at the edges of a value belong to no entity.
            start = at + len(text) - len(text.lstrip())
            end = at + len(text.rstrip())
            if end > start:
                spans.append((start, end, label))
        parts.append(text)
        at += len(text)
    return Gold("".join(parts), tuple(spans))


def split(gold: Gold) -> list[Piece]:
    """The pieces of a labelled text; the inverse of ``join``."""
    pieces = []
    at = 0
    for start, end, label in gold.spans:
        if start > at:
            pieces.append(Piece(gold.text[at:start]))
        pieces.append(Piece(gold.text[start:end], label))
        at = end
    if at < len(gold.text):
        pieces.append(Piece(gold.text[at:]))
    return pieces
