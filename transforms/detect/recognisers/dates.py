"""Dates as people write and say them, beyond the numeric formats of Presidio's DateRecognizer."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._dates import (
    DAY,
    DAY_MONTH_YEAR,
    FILLER,
    FULL_MONTH,
    ISO,
    MONTH,
    MONTH_ANY_CASE,
    MONTH_DAY_YEAR,
    ORDINAL_DAY,
    ORDINAL_WORD,
    SPACED,
    YEAR,
    YEAR_WORDS,
)

_TIME = r"[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:[ ]?(?:Z|UTC|[+-][0-2]\d:?[0-5]\d))?"
_NO_VERB = r"(?![ ](?:be|have|need|not|cause|also|help|take|feel|want|come|get|I|you|we|want)\b)"


class WrittenDate(GroupRecogniser):
    """DATE_TIME with the month in words, or in ISO 8601. Never a bare fraction: "3/7" is three
    days, "120/80" a blood pressure, "7/10" a score."""

    ENTITY = "DATE_TIME"
    CONTEXT = ("date", "datum", "fecha")
    PATTERNS = (
        Pattern("ISO 8601", rf"(?<![\d-])(?:{ISO})(?:{_TIME})?(?![\d-])", 0.8),
        Pattern("day month year", rf"(?<![\d/.,])\b(?:{DAY_MONTH_YEAR})", 0.85),
        Pattern("month day year", rf"\b(?:{MONTH_DAY_YEAR})", 0.85),
        Pattern("day month", rf"(?<![\d/.,-])\b{DAY}\.?[ -]{MONTH}\b(?![ ]?['’]\d)", 0.7),
        Pattern(
            "ordinal and month",
            rf"\b(?:{ORDINAL_DAY}|{DAY}\.|{ORDINAL_WORD})[ ](?:(?:day[ ])?of[ ])?"
            rf"{MONTH_ANY_CASE}\b{_NO_VERB}",
            0.75,
        ),
        Pattern("el día de mes", rf"\b{DAY}[ ](?:de|of)[ ]{MONTH_ANY_CASE}\b", 0.75),
        Pattern(
            "month day",
            rf"\b{MONTH}\.?[ ](?:the[ ])?(?:{ORDINAL_DAY}|{DAY}(?!\d|[.,/:]\d|[ ]?(?:mg|ml|%|times)"
            rf"\b)|{ORDINAL_WORD})\b",
            0.7,
        ),
        Pattern(
            "month year",
            rf"\b{MONTH_ANY_CASE}\b\.?,?[ ]{FILLER}(?:{YEAR}\b|['’]\d\d\b|(?=nineteen|two|twenty|o)"
            rf"{YEAR_WORDS})",
            0.75,
        ),
        Pattern("spaced", rf"(?:{SPACED})", 0.7),
        # Safe Harbor counts every part of a date but the year: 45 CFR 164.514(b)(2)(C).
        Pattern(
            "month",
            r"\b(?:in|since|until|till|last|this|next|early|late|mid|by|from|during|around|between|"
            r"before|after|of|seit|ab|bis|anfang|ende|mitte)[- ](?:early[ ]|late[ ]|mid[- ]|"
            r"last[ ])?"
            rf"(?P<id>{FULL_MONTH})\b(?!['’-])",
            0.5,
        ),
    )
