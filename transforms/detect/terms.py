"""Lists of terms: read from files, and found in texts, thousands of them in one pass."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import regex
from ahocorasick_rs import AhoCorasick

LISTS = Path(__file__).parent / "vocabulary"
"""The lists that Veilbeam carries, one file each, by name."""

_COMMENT = regex.compile(r"(?:^|\s)#.*")
_SHORTEST = 3

_LONGER = regex.compile(r"\s{2,}")
_CLUSTERS = regex.compile(r"\s{2,}|\X")
_IN_WORD = regex.compile(r"[\p{L}\p{N}]")
_CONTINUES = regex.compile(r"[\p{M}\u200c\u200d]")
# Scripts that write no space between words, or glue particles to them (Korean).
_UNSPACED = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
    r"\p{Javanese}\p{Balinese}\p{Tai_Tham}\p{Yi}]"
)


class Occurrence(NamedTuple):
    """``text[start:end]`` is the term of this ``number`` (its place in the list, from 0)."""

    start: int
    end: int
    number: int


class TermFileError(ValueError):
    """A list cannot be used; the text says which file, which line, and why."""


def objection(term: str) -> str | None:
    """Why a string is no term; None if it is one."""
    return None if _IN_WORD.search(term) else "a term needs a letter or digit"


def objection_to_denied(term: str) -> str | None:
    """Why a term cannot be replaced wherever it stands; None if it can."""
    signs = _IN_WORD.findall(term)
    if signs and len(signs) < _SHORTEST and not _UNSPACED.search(term):
        return (
            f"a term of fewer than {_SHORTEST} letters and digits would be replaced in too many "
            "places; write more of it"
        )
    return objection(term)


def read_terms(path: Path, wrong: Callable[[str], str | None] = objection) -> tuple[str, ...]:
    """The terms of a UTF-8 file, one a line, sorted, none twice. ``#`` begins a comment; blank
    lines are none. ``wrong`` says what speaks against a term.

    Raises TermFileError, which names file and line and holds no term.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TermFileError(f"{path}:{line}: not UTF-8; save the list as UTF-8") from None
    except FileNotFoundError:
        raise TermFileError(
            f"{path}: no such file; a path is relative to the configuration file"
        ) from None
    except OSError as error:
        raise TermFileError(f"{path}: cannot be read ({type(error).__name__})") from None
    terms = set()
    for number, line_ in enumerate(text.splitlines(), start=1):
        term = _COMMENT.sub("", line_).strip()
        why = wrong(term) if term else None
        if why is not None:
            raise TermFileError(f"{path}:{number}: {why}")
        if term:
            terms.add(unicodedata.normalize("NFC", term))
    return tuple(sorted(terms))


@lru_cache
def carried(name: str) -> tuple[str, ...]:
    """The terms of a list that Veilbeam carries."""
    return read_terms(LISTS / f"{name}.txt")


class Terms:
    """Finds the terms of a list: whole words, whatever their case, accents as written (in Unicode's
    normal form C), any white space for a blank, any apostrophe or hyphen for another."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._needles = [_Text.of(" ".join(term.split())).folded for term in terms]
        self._automaton = AhoCorasick(self._needles) if self._needles else None

    def find(self, text: str) -> Iterator[Occurrence]:
        """All occurrences; they may overlap."""
        if self._automaton is None:
            return
        read = _Text.of(text)
        folded = read.folded
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if not joined(folded, start) and not joined(folded, end):
                yield Occurrence(*read.place(start, end), number)


class _Folding(dict[int, str]):
    """``str.translate`` table: one character for all that count as the same."""

    def __missing__(self, code: int) -> str:
        char = unicodedata.normalize("NFC", chr(code))
        folds = (char.casefold(), char.lower(), char)
        self[code] = folded = next((one for one in folds if len(one) == 1), chr(code))
        return folded


_FOLDING = _Folding(
    {ord(c): "'" for c in "’‘ʼ´`"}
    | {ord(c): "-" for c in "‐‑–"}
    | {ord(c): " " for c in "\t\n\v\f\r\x85\xa0\u2007\u2009\u202f\u2028\u2029"}
)


class _Text(NamedTuple):
    """A text as terms are compared, and where its characters stood, if not at the same places."""

    folded: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    @classmethod
    def of(cls, text: str) -> _Text:
        normal = text.isascii() or unicodedata.is_normalized("NFC", text)
        pattern = _LONGER if normal else _CLUSTERS
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        last = 0
        for match in pattern.finditer(text):
            first, end = match.span()
            changed = " " if match[0].isspace() else unicodedata.normalize("NFC", match[0])
            parts += (text[last:first], changed)
            starts += (*range(last, first), *[first] * len(changed))
            ends += (*range(last + 1, first + 1), *[end] * len(changed))
            last = end
        if not parts:
            return cls(text.translate(_FOLDING))
        parts.append(text[last:])
        starts += range(last, len(text))
        ends += range(last + 1, len(text) + 1)
        return cls("".join(parts).translate(_FOLDING), starts, ends)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text a part of the folded one stands."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place belong to one word."""
    return 0 < place < len(text) and _one_word(text[place - 1], text[place])


@lru_cache(maxsize=10_000)
def _one_word(left: str, right: str) -> bool:
    if _CONTINUES.match(right):
        return bool(_IN_WORD.match(left) or _CONTINUES.match(left))
    if not _IN_WORD.match(right) or not (_IN_WORD.match(left) or _CONTINUES.match(left)):
        return False
    return not (_UNSPACED.match(left) or _UNSPACED.match(right))
