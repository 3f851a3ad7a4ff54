"""What is real in a record, so that no surrogate in it is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from . import spoken
from .lexicon import fold

_WORD = re.compile(r"[^\W\d_]+")
_LETTERS_ALONE = bytes(c if chr(c).isalpha() and c < 128 else 32 for c in range(256))
"""ASCII with all else as spaces: some times faster than the pattern."""
# Words that may be names: those that begin with a capital, or are of a script without.
_NAMED = re.compile(r"(?<![^\W\d_])(?![a-z])[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_OTHER = re.compile(r"[\W_]+")
_SHORTEST_NUMBER = 5
_LONGEST_NATIONAL = 9
"""Digits by which two phone numbers are told to be one, with or without a country's code."""
_SHORTEST_SAID = 15
"""Characters of five digits in words."""


def real_in(texts: Iterable[str], fields: Iterable[str], found: Iterable[str]) -> frozenset[str]:
    """The folded words of a record's texts and of its identifiers in ``fields``, and the bare
    letters and digits of its numbers, in fields and ``found`` in the texts."""
    values = set(fields)
    # An apostrophe parts two words here: O'Brien's names nobody else.
    real = _words_of("\n".join([*texts, *values]))
    for value in values.union(found):
        if not value.isascii():
            real.update(map(fold, value.split()))
        if len(value) >= _SHORTEST_SAID or _DIGIT.search(value):
            real.update(numbers_in(value))
    return frozenset(real)


def _words_of(text: str) -> set[str]:
    if text.isascii():
        return {*text.encode().lower().translate(_LETTERS_ALONE).decode().split()}
    words = set(_WORD.findall(text.casefold()))
    return {word if word.isascii() else fold(word) for word in words}


def named_in(surrogate: str) -> Iterator[str]:
    """What of a surrogate must not be real: its names, and its number."""
    yield from (fold(word) for word in _NAMED.findall(surrogate))
    yield from numbers_in(surrogate)


def numbers_in(value: str) -> Iterator[str]:
    """The forms by which a number is known, if the value is one: its letters and digits, those that
    are spoken too, and the end of a number as long as a phone's."""
    said = spoken.read(value) if len(value) >= _SHORTEST_SAID else None
    bare = said.digits if said else compact(value) if _DIGIT.search(value) else ""
    if is_number(bare):
        yield bare
        if len(bare) > _LONGEST_NATIONAL and bare.isdigit():
            yield f"…{bare[-_LONGEST_NATIONAL:]}"


def compact(value: str) -> str:
    """The letters and digits of a value, in lower case."""
    return _OTHER.sub("", value).casefold()


def is_number(bare: str) -> bool:
    """Whether letters and digits are so many that two of them are alike by no accident."""
    return len(bare) >= _SHORTEST_NUMBER and _DIGIT.search(bare) is not None
