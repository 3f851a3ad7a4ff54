"""What is real in a record, so that no surrogate in it is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .lexicon import fold

_WORD = re.compile(r"[^\W\d_]+")
# Words that may be names: those that begin with a capital, or are of a script without.
_NAMED = re.compile(r"(?<![^\W\d_])(?![a-z])[^\W\d_]{2,}")
_DIGIT = re.compile(r"\d")
_OTHER = re.compile(r"[\W_]+")
_SHORTEST_NUMBER = 5


def real_in(texts: Iterable[str], fields: Iterable[str], found: Iterable[str]) -> frozenset[str]:
    """The folded words of a record's texts and of its identifiers in ``fields``, and the bare
    letters and digits of its numbers, in fields and ``found`` in the texts."""
    values = set(fields)
    # An apostrophe parts two words here: O'Brien's names nobody else.
    words = set(_WORD.findall("\n".join([*texts, *values]).casefold()))
    real = {word if word.isascii() else fold(word) for word in words}
    for value in values.union(found):
        if not value.isascii():
            real.update(map(fold, value.split()))
        if _DIGIT.search(value) and is_number(bare := compact(value)):
            real.add(bare)
    return frozenset(real)


def named_in(surrogate: str) -> Iterator[str]:
    """What of a surrogate must not be real: its names, and its number."""
    yield from (fold(word) for word in _NAMED.findall(surrogate))
    if is_number(bare := compact(surrogate)):
        yield bare


def compact(value: str) -> str:
    """The letters and digits of a value, in lower case."""
    return _OTHER.sub("", value).casefold()


def is_number(bare: str) -> bool:
    """Whether letters and digits are so many that two of them are alike by no accident."""
    return len(bare) >= _SHORTEST_NUMBER and _DIGIT.search(bare) is not None
