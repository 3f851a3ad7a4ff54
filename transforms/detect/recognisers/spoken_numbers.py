"""Numbers spelled out in speech: "oh seven seven double one ...", "null eins sieben ..."."""

from __future__ import annotations

from itertools import pairwise

import regex
from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser

_DIGITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "naught": 0, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "null": 0, "eins": 1, "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9,
    "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7,
    "ocho": 8, "nueve": 9,
}  # fmt: skip
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "doppel": 2, "doble": 2}
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_TEENS = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"

_DIGIT = "(?:" + "|".join(sorted(_DIGITS, key=len, reverse=True)) + ")"
_REPEAT = r"(?:(?:double|triple|treble|doppel|doble)[ -]?)"
_ITEM = rf"(?:{_REPEAT}?{_DIGIT}\b|{_REPEAT}?\d{{1,5}}\b|{_TENS}\b|{_TEENS}\b|hundred\b)"
_FILLER = (
    r"(?:(?:um|uh|er|erm|uhm|äh|ähm|eh|and|then|dash|space|okay|yeah|that['’]s|it['’]s|so|dann|und|"
    r"luego|y|ja|s[ií]|guion|strich)\b[\s,.…-]{1,3})"
)
_BETWEEN = rf"[\s,.…–-]{{1,5}}{_FILLER}{{0,2}}"

_WORDS = regex.compile(
    rf"{_REPEAT}|{_DIGIT}\b|{_TENS}\b|{_TEENS}\b|hundred\b|\d+", regex.IGNORECASE
)


class SpokenNumber(GroupRecogniser):
    """PHONE_NUMBER: six digits or more, all or some of them in words; English, German and Spanish.

    Counting ("one, two, three ...") and quantities ("one hundred and twenty") are none.
    """

    ENTITY = "PHONE_NUMBER"
    CONTEXT = ("number", "phone", "mobile", "call", "nummer", "telefon", "número", "teléfono")
    PATTERNS = (
        Pattern(
            "words",
            rf"(?<![\p{{L}}\d'’-])(?:plus[ ])?(?:{_REPEAT}?{_DIGIT}|\d{{1,5}})\b"
            rf"(?:{_BETWEEN}{_ITEM}){{2,24}}",
            0.75,
        ),
        Pattern(
            "single digits",
            r"(?<![\d.,/-][ ])(?<![\d.,/-])\d(?:[ ,-]{1,2}\d){7,14}(?![.,/]?\d)",
            0.6,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        values, single, words = _spoken(pattern_text)
        count = len(values)
        if count < 6 or single < 4:
            return True
        if (not words and single < count) or (not words and count < 8):
            return True
        steps = {b - a for a, b in pairwise(values)}
        return (len(steps) == 1 and bool(words)) or steps <= {1} or steps <= {-1}


def _spoken(text: str) -> tuple[list[int], int, int]:
    """The digits that a text says, how many of them it says one by one, and how many words it has
    for digits."""
    values: list[int] = []
    single = words = 0
    repeat = 1
    for match in _WORDS.finditer(text.lower()):
        word = match.group().strip(" -")
        if word in _REPEATS:
            repeat = _REPEATS[word]
            continue
        if word in _DIGITS:
            values += [_DIGITS[word]] * repeat
            single += repeat
            words += 1
        elif word.isdecimal():
            values += [int(c) for c in word] * (repeat if len(word) == 1 else 1)
            single += repeat if len(word) == 1 or words else 0
        else:
            # Tens and teens: two digits; which ones does not matter here.
            values += [-1, -2]
        repeat = 1
    return values, single, words
