"""Slips of the pen in names: "Jonh Smiht" is John Smith, and his surrogate is misspelt alike."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

SHORTEST = 5
"""Letters that a name must have: among shorter ones a letter makes another name (Jan, Jon)."""
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


class Slip(StrEnum):
    """The slips of one letter (Damerau 1964)."""

    SWAPPED = "swapped"
    LEFT_OUT = "left out"
    ADDED = "added"
    WRONG = "wrong"


class Found(NamedTuple):
    """A slip, and the place in the right word of the letter that it befell."""

    slip: Slip
    place: int


def slip_between(right: str, wrong: str) -> Found | None:
    """The one slip that makes ``wrong`` of ``right``; None where it takes more, or none."""
    if right == wrong or abs(len(right) - len(wrong)) > 1:
        return None
    place = next((i for i, (a, b) in enumerate(zip(right, wrong, strict=False)) if a != b), None)
    if place is None:
        place = min(len(right), len(wrong))
    rest, other = right[place:], wrong[place:]
    if rest[1:] == other:
        return Found(Slip.LEFT_OUT, place)
    if rest == other[1:]:
        return Found(Slip.ADDED, place)
    if rest[1:] == other[1:]:
        return Found(Slip.WRONG, place)
    if rest[:2] == other[1::-1] and rest[2:] == other[2:]:
        return Found(Slip.SWAPPED, place)
    return None


def misspelt(word: str, found: Found) -> str:
    """``word`` with the same slip, as near as may be to the same place, never at its first letter;
    ``word`` itself if it is too short for one."""
    if len(word) < 4:
        return word
    place = min(max(found.place, 1), len(word) - 2)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    if found.slip is Slip.LEFT_OUT:
        return before + after
    if found.slip is Slip.SWAPPED and after[0] != letter:
        return before + after[0] + letter + after[1:]
    if found.slip is Slip.WRONG:
        row = next((keys for keys in _KEYS if letter in keys[:-1]), None)
        if row is not None:
            return before + row[row.index(letter) + 1] + after
    return before + letter + letter + after
