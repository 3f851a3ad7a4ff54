"""Number words of English, German and Spanish, as pieces of patterns and as values."""

from __future__ import annotations

from itertools import chain

import regex

_EN = """one two three four five six seven eight nine
ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty thirty forty fifty sixty seventy eighty ninety"""
_DE = """ein zwei drei vier fünf sechs sieben acht neun
zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn
zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"""
_ES = """uno dos tres cuatro cinco seis siete ocho nueve
diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve
veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa"""

_EN_UNITS, _EN_TEENS, _EN_TENS = (line.split() for line in _EN.splitlines())
_DE_UNITS, _DE_TEENS, _DE_TENS = (line.split() for line in _DE.splitlines())
_ES_UNITS, _ES_TEENS, _ES_TENS = (line.split() for line in _ES.splitlines())

_VALUES: dict[str, int] = {"a hundred": 100, "one hundred": 100, "hundert": 100, "cien": 100}
for units, teens, tens in (
    (_EN_UNITS, _EN_TEENS, _EN_TENS),
    (_DE_UNITS, _DE_TEENS, _DE_TENS),
    (_ES_UNITS, _ES_TEENS, _ES_TENS),
):
    _VALUES.update(zip(chain(units, teens), range(1, 20), strict=True))
    _VALUES.update(zip(tens, range(20, 100, 10), strict=True))
_VALUES |= {f"{u}und{t}": _VALUES[u] + _VALUES[t] for u in _DE_UNITS for t in _DE_TENS}
_VALUES |= {f"{t} y {u}": _VALUES[t] + _VALUES[u] for u in _ES_UNITS for t in _ES_TENS}
_VALUES |= {f"{t} {u}": _VALUES[t] + _VALUES[u] for u in _EN_UNITS for t in _EN_TENS}
_VALUES |= {f"{t} and {u}": _VALUES[t] + _VALUES[u] for u in _EN_UNITS for t in _EN_TENS}
_VALUES |= {
    f"{hundred} and {word}": 100 + _VALUES[word]
    for hundred in ("a hundred", "one hundred")
    for word in (*_EN_UNITS, *_EN_TEENS)
}
_VALUES |= {f"hundert{word}": 100 + _VALUES[word] for word in (*_DE_UNITS, *_DE_TEENS)}
_VALUES |= {f"ciento {word}": 100 + _VALUES[word] for word in (*_ES_UNITS, *_ES_TEENS)}

_DE_TENS_WORD = "(?:" + "|".join(_DE_TENS) + ")"
SPELLED = (
    r"(?:(?:a|one)[ ]hundred(?:[ ]and[ ](?:" + "|".join((*_EN_UNITS, *_EN_TEENS)) + "))?"
    r"|(?:" + "|".join(_EN_TENS) + r")(?:(?:[ -]|[ ]and[ ])(?:" + "|".join(_EN_UNITS) + r"))?"
    r"|" + "|".join(_EN_TEENS) + r"|(?:(?:" + "|".join(_DE_UNITS) + rf")und)?{_DE_TENS_WORD}"
    r"|hundert(?:" + "|".join((*_DE_UNITS, *_DE_TEENS)) + ")?|" + "|".join(_DE_TEENS) + "|"
    r"(?:" + "|".join(_ES_TENS) + r")(?:[ ]y[ ](?:" + "|".join(_ES_UNITS) + r"))?"
    r"|cien(?:to[ ](?:" + "|".join((*_ES_UNITS, *_ES_TEENS)) + r"))?|" + "|".join(_ES_TEENS) + ")"
)
"""Pattern of a number in words, 10 to 119, in any of the three languages."""
SPELLED_UNIT = "(?:" + "|".join((*_EN_UNITS, *_DE_UNITS, *_ES_UNITS)) + ")"
"""Pattern of a number in words, 1 to 9."""


def value_of(text: str) -> int | None:
    """The number that ``text`` states in digits or words; None if it states none."""
    folded = regex.sub(r"[\s-]+", " ", text.strip().lower())
    return int(folded) if folded.isdecimal() else _VALUES.get(folded)
