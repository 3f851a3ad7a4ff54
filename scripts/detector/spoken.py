"""Numbers and dates as they are said."""

from __future__ import annotations

from datetime import date
from random import Random

from scripts.detector.words import MONTHS

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip


def number(value: int) -> str:
    """A number below 10,000 in words."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        return f"{_ONES[hundreds]} hundred" + (f" and {number(rest)}" if rest else "")
    thousands, rest = divmod(value, 1000)
    return f"{number(thousands)} thousand" + (f" {number(rest)}" if rest else "")


def ordinal(value: int) -> str:
    """A day of the month: ``twenty first``."""
    *head, last = number(value).split()
    said = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join([*head, said])


def year(value: int, random: Random) -> str:
    """``nineteen eighty two``, ``two thousand and five``, ``eighty two``."""
    if 2000 <= value < 2010:
        rest = value - 2000
        return "two thousand" + (random.choice((" and ", " ")) + _ONES[rest] if rest else "")
    century, rest = divmod(value, 100)
    short = number(rest) if rest >= 10 else f"oh {_ONES[rest]}"
    return short if random.random() < 0.25 else f"{number(century)} {short}"


def day(value: date, random: Random, with_year: bool) -> str:
    """A date as it is said."""
    month = MONTHS[value.month - 1]
    said = random.choice(
        (
            f"the {ordinal(value.day)} of {month}",
            f"{ordinal(value.day)} of {month}",
            f"{month} {ordinal(value.day)}",
            f"{month} the {ordinal(value.day)}",
            f"{ordinal(value.day)} {month}",
        )
    )
    return f"{said} {year(value.year, random)}" if with_year else said


def digits(text: str, random: Random) -> str:
    """Digits one by one: ``oh seven double one``."""
    zero = random.choice(("oh", "zero", "o"))
    said: list[str] = []
    at = 0
    figures = [c for c in text if c.isdigit()]
    while at < len(figures):
        name = zero if figures[at] == "0" else _ONES[int(figures[at])]
        if at + 1 < len(figures) and figures[at] == figures[at + 1] and random.random() < 0.6:
            said.append(f"double {name}")
            at += 2
        else:
            said.append(name)
            at += 1
    return " ".join(said)


def characters(text: str) -> str:
    """Letters and digits one by one: ``l s six two a b``."""
    return " ".join(_ONES[int(c)] if c.isdigit() else c.lower() for c in text if c.isalnum())


def spelled(name: str, random: Random) -> str:
    """The letters of a name one by one: ``S-M-I-T-H``, ``s m i double t``."""
    letters = [c for c in name.upper() if c.isalpha()]
    if random.random() < 0.3:
        letters = [c.lower() for c in letters]
    said: list[str] = []
    for letter in letters:
        if said and said[-1] == letter and random.random() < 0.6:
            said[-1] = f"double {letter}"
        else:
            said.append(letter)
    return random.choice(("-", "-", " ", ", ", "... ")).join(said)
