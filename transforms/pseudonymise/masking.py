"""Masked values: a few characters stay, of the others only that they were there."""

from __future__ import annotations

import string

import regex

from transforms.fields import Mask

_STAYS = frozenset(string.punctuation + string.whitespace)


def masked(value: str, how: Mask) -> str:
    """The value, masked. A character is what a reader takes for one (a grapheme of Unicode's
    UAX #29): a letter with its accents, a syllable with its vowel signs, an emoji."""
    characters: list[str] = regex.findall(r"\X", value)
    hidden = [i for i, c in enumerate(characters) if not _STAYS.issuperset(c)]
    first, last = how.keep_first, how.keep_last
    if 2 * (first + last) > sum(any(map(str.isalnum, characters[i])) for i in hidden):
        first = last = 0
    beginning, end = hidden[:first], hidden[len(hidden) - last :]
    if how.width is not None:
        kept = ["".join(characters[i] for i in part) for part in (beginning, end)]
        return kept[0] + how.width * how.character + kept[1]
    covered = {*hidden} - {*beginning, *end}
    return "".join(how.character if i in covered else c for i, c in enumerate(characters))
