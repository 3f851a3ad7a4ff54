"""Ages in text: a band in the place of the number."""

from __future__ import annotations

import re

from . import spoken

OLDEST = 90
"""From here on all ages are one band (45 CFR 164.514(b)(2)(i)(C))."""
_TOO_OLD = 130
_HUNDRED = r"(?:(?:a|one) )?hundred(?:[ -](?:and[ -])?(?:{0}))?"
_WORDS = "|".join(word.replace(" ", "[ -]") for word in sorted(spoken.NUMBERS, key=len)[::-1])
_NUMBER = re.compile(
    rf"\b\d{{1,3}}(?=s\b|\b|[a-z])|\b{_HUNDRED.format(_WORDS)}\b|\b(?:{_WORDS})\b", re.IGNORECASE
)
_MONTHS_OLD = re.compile(r"(?<=[\s-])?(months?|weeks?|days?|mo|wks?)\b", re.IGNORECASE)
_DECADE = re.compile(r"\b(\d)0['’]?s\b|\b(twen|thir|for|fif|six|seven|eigh|nine)ties\b", re.I)


def band(age: float, width: int, top: int | None) -> str:
    """The band of a number: ``50-54`` of width 5; ``90+`` from ``top`` on."""
    if top is not None and age >= top:
        return f"{top}+"
    low = int(age // width) * width
    high = low + width - 1
    if top is not None:
        high = min(high, top - 1)
    return str(low) if low == high else f"{low}-{high}"


def banded(text: str, width: int) -> str | None:
    """The text with its ages as bands: "54-year-old" becomes "50-54-year-old".

    Ages in months, weeks or days become years. None where it names no age.
    """
    if match := _DECADE.search(text):
        # Coarser than any band already; over 89 it is not.
        oldest = match[1] == "9" or (match[2] or "").casefold() == "nine"
        return f"{text[: match.start()]}{OLDEST}+{text[match.end() :]}" if oldest else text
    unit = _MONTHS_OLD.search(text)
    found = list(_NUMBER.finditer(text))
    if not found or any(_value(m.group()) > _TOO_OLD and not unit for m in found):
        return None
    per_year = 1
    if unit:
        per_year = {"m": 12, "w": 52, "d": 365}[unit[1][0].casefold()]
    new = _NUMBER.sub(lambda m: band(_value(m.group()) / per_year, width, OLDEST), text)
    return _MONTHS_OLD.sub(lambda m: "years" if m[1].endswith("s") else "year", new)


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    words = " ".join(text.casefold().replace("-", " ").split())
    _, hundred, after = words.partition("hundred")
    if not hundred:
        return spoken.NUMBERS[words]
    return 100 + spoken.NUMBERS[after.removeprefix(" and").strip() or "zero"]
