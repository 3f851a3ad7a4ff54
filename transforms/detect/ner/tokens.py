"""A text as the built-in model reads it: words, their WordPiece codes, their case and spacing.

The network is uncased, so what capitals and line breaks tell is given to it apart, as the shape.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SHAPES = 32
"""Number of shapes: eight cases of a word, by four kinds of gap before it."""

MOST_PIECES = 5
"""Pieces of a word that are read; the rest of a long number or string says no more."""

WINDOW_PIECES = 128
"""Pieces that the network reads at once, with the two marks that open and close a window."""

MARGIN = 12
"""Words at an inner edge of a window whose labels are taken from its neighbour, which sees more."""

_WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")

_MOST_CACHED = 200_000
_LONGEST_WORD = 64

_LOWER, _TITLE, _UPPER, _INITIAL, _MIXED, _DIGITS, _SIGN, _OTHER = range(8)
_GLUED, _BLANK, _WIDE, _NEW_LINE = 0, 8, 16, 24


class Words(NamedTuple):
    """The words of a text: where each begins and ends, its codes and its shape."""

    starts: list[int]
    ends: list[int]
    pieces: list[tuple[int, ...]]
    shapes: list[int]


class Window(NamedTuple):
    """Words ``first`` to ``last`` (exclusive); of them ``from_`` to ``to`` are labelled here."""

    first: int
    last: int
    from_: int
    to: int


class Encoder:
    """Makes words of texts, with the vocabulary of the network. Not shared between threads."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """``vocabulary``: WordPiece's, by code; ``##`` begins a piece inside of a word."""
        self._codes = {piece: code for code, piece in enumerate(vocabulary)}
        self.unknown = self._codes["[UNK]"]
        self.opening, self.closing = self._codes["[CLS]"], self._codes["[SEP]"]
        self._known: dict[str, tuple[tuple[int, ...], int]] = {}

    def encode(self, text: str) -> Words:
        """The words of ``text``; white space is none."""
        starts, ends, pieces, shapes = [], [], [], []
        known, at = self._known, 0
        for match in _WORD.finditer(text):
            start, end = match.span()
            word = match[0]
            found = known.get(word)
            if found is None:
                found = known[word] = (self._pieces(word), _case(word))
            starts.append(start)
            ends.append(end)
            pieces.append(found[0])
            shapes.append(found[1] + (_gap(text, at, start)))
            at = end
        if len(known) > _MOST_CACHED:
            known.clear()
        return Words(starts, ends, pieces, shapes)

    def _pieces(self, word: str) -> tuple[int, ...]:
        bare = plain(word)[:_LONGEST_WORD]
        codes: list[int] = []
        at = 0
        while at < len(bare) and len(codes) < MOST_PIECES:
            end = len(bare)
            mark = "##" if at else ""
            while end > at and mark + bare[at:end] not in self._codes:
                end -= 1
            if end == at:
                return (self.unknown,)
            codes.append(self._codes[mark + bare[at:end]])
            at = end
        return tuple(codes) or (self.unknown,)


def plain(word: str) -> str:
    """``word`` in lower case without accents, as the network's vocabulary has it."""
    lower = word.lower()
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFD", lower)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def _case(word: str) -> int:
    first = word[0]
    if first.isdigit():
        return _DIGITS
    if not first.isalpha():
        return _SIGN
    if word.islower():
        return _LOWER
    if len(word) == 1:
        return _INITIAL if word.isupper() else _OTHER
    if word.isupper():
        return _UPPER
    if first.isupper() and word[1:].islower():
        return _TITLE
    return _MIXED if word.lower() != word.upper() else _OTHER


def _gap(text: str, end: int, start: int) -> int:
    if start == end:
        return _GLUED if start else _NEW_LINE
    gap = text[end:start]
    if gap == " ":
        return _BLANK
    return _NEW_LINE if "\n" in gap else _WIDE


def windows(words: Words, pieces: int = WINDOW_PIECES) -> Iterator[Window]:
    """Windows of at most so many ``pieces`` over a text's words; every word is labelled in exactly
    one of them."""
    room = pieces - 2
    sizes = [len(pieces) for pieces in words.pieces]
    first, from_ = 0, 0
    while from_ < len(sizes):
        used, last = 0, first
        while last < len(sizes) and used + sizes[last] <= room:
            used += sizes[last]
            last += 1
        to = last if last == len(sizes) else max(from_ + 1, last - MARGIN)
        yield Window(first, last, from_, to)
        from_ = to
        first = max(0, from_ - MARGIN)
