"""Digits as they are spoken: "oh seven seven double one" is 07711."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .lexicon import listed

_LANGUAGES = (
    listed("zero one two three four five six seven eight nine"),
    listed("null eins zwei drei vier fünf sechs sieben acht neun"),
    listed("cero uno dos tres cuatro cinco seis siete ocho nueve"),
)
_DIGITS = {word: str(i) for names in _LANGUAGES for i, word in enumerate(names)} | {
    "oh": "0", "o": "0", "nought": "0", "nil": "0", "zwo": "2",
}  # fmt: skip
_TIMES = {"double": 2, "doble": 2, "doppel": 2, "triple": 3, "treble": 3}
_ITEM = re.compile(
    rf"\b(?:(?P<times>{'|'.join(_TIMES)})(?P<gap>[\s-]+))?"
    rf"(?P<said>(?:{'|'.join(sorted(_DIGITS, key=len, reverse=True))})\b|\d)|(?P<bare>\d)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:[\s,.\-–()+/…?!]|\b(?:and|then|plus|und|dann|y)\b)*", re.IGNORECASE)
_START = re.compile(_BETWEEN.pattern + rf"(?:{'|'.join((*_TIMES, *_DIGITS))}|\d)", re.IGNORECASE)


@dataclass(frozen=True, repr=False)
class Spelled:
    """A text that is nothing but digits, some of them in words."""

    text: str
    digits: str
    """What it says."""

    def write(self, digits: str) -> str:
        """The same text saying other ``digits``: as many as it has."""
        items = list(_ITEM.finditer(self.text))
        words = [(m["said"] or m["bare"]).casefold() for m in items]
        names = next((n for n in _LANGUAGES if not {*n}.isdisjoint(words)), _LANGUAGES[0])
        zero = next((w for w in words if _DIGITS.get(w) == "0"), names[0])
        names = (zero, *names[1:])
        out: list[str] = []
        taken = end = 0
        for match in items:
            new = digits[taken : taken + _count(match)]
            out += [self.text[end : match.start()], _say(match, new, names)]
            taken, end = taken + len(new), match.end()
        return "".join([*out, self.text[end:]])


def read(text: str) -> Spelled | None:
    """The digits of a text with digits in words; None if it has none or says anything else."""
    if not _START.match(text):
        return None
    items = list(_ITEM.finditer(text))
    if sum(m["said"] is not None and not m["said"].isdigit() for m in items) < 2:
        return None
    end = 0
    digits = ""
    for match in items:
        if not _BETWEEN.fullmatch(text[end : match.start()]):
            return None
        end = match.end()
        word = (match["said"] or match["bare"]).casefold()
        digits += _DIGITS.get(word, word) * _count(match)
    return Spelled(text, digits) if _BETWEEN.fullmatch(text[end:]) else None


def _count(match: re.Match[str]) -> int:
    return _TIMES[match["times"].casefold()] if match["times"] else 1


def _say(match: re.Match[str], new: str, names: Sequence[str]) -> str:
    old = match["said"] or match["bare"]
    said = list(new) if old.isdigit() else [names[int(digit)] for digit in new]
    if old.isupper() and len(old) > 1:
        said = [word.upper() for word in said]
    elif old.istitle():
        said = [word.title() for word in said]
    if match["times"] and len(set(new)) == 1:
        return f"{match['times']}{match['gap']}{said[0]}"
    return " ".join(said)


_SMALL = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
             "nine": "ninth", "twelve": "twelfth"}  # fmt: skip


def words_of(number: int, joiner: str = "-") -> str:
    """A number from 0 to 99 in English words: "fifty-four"."""
    if number < 20:
        return _SMALL[number]
    tens, rest = divmod(number, 10)
    return _TENS[tens - 2] + (f"{joiner}{_SMALL[rest]}" if rest else "")


def ordinal_of(number: int, joiner: str = "-") -> str:
    """A number from 1 to 99 as an English ordinal: "twenty-first"."""
    stem, _, last = words_of(number, " ").rpartition(" ")
    if last not in _ORDINALS:
        last = f"{last[:-1]}ie" + "th" if last.endswith("y") else f"{last}th"
    else:
        last = _ORDINALS[last]
    return f"{stem}{joiner}{last}" if stem else last


NUMBERS = {words_of(i, " "): i for i in range(100)}
"""English words of the numbers from 0 to 99, with spaces."""
ORDINALS = {ordinal_of(i, " "): i for i in range(1, 100)}
"""English ordinals from 1 to 99, with spaces."""
