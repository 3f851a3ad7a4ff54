"""Dates of birth: any way to write a date, after words that say whose birth it is."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._dates import (
    DAY_MONTH_YEAR,
    FILLER,
    ISO,
    MONTH_ANY_CASE,
    MONTH_DAY_YEAR,
    NUMERIC,
    ORDINAL_DAY,
    ORDINAL_WORD,
    SPACED,
    YEAR,
    YEAR_WORDS,
)

_LABEL = (
    r"(?:d\.?[ ]?o\.?[ ]?b\b\.?|date[ ]of[ ]birth|birth[ -]?date|birth[ -]?day|born|"
    r"fecha[ ](?:de[ ])?nac(?:imiento|\.)?|f\.?[ ]?(?:de[ ])?nac(?:imiento)?\b\.?|nacid[oa]|"
    r"nac[ií]|"
    r"naci[oó]|cumpleaños|geb(?:oren|urtsdatum|urtstag)|geb\.|\*)"
)
# Also the answer to the question: "What is your date of birth?\nPatient: Yes, it's the ..."
_BETWEEN = (
    r"(?:[\s:=,.;?!()–-]|(?:is|was|on|the|of|it|it['’]s|it[ ]is|that['’]s|in|please|and|your|mine|"
    r"my|patient|pt|caller|parent|mother|yes|yeah|sure|so|um|uh|er|okay|ok|course|el|día|dia|es|"
    r"fue|"
    r"en|am|ist|der|den|vom|ich|bin|paciente|sí|si|ja|me|for|doctor)(?=[\s:=,.;?!()–-])){1,40}"
)
_DATE = "|".join(
    (
        ISO,
        NUMERIC,
        SPACED,
        DAY_MONTH_YEAR,
        MONTH_DAY_YEAR,
        rf"(?:{ORDINAL_DAY}|{ORDINAL_WORD})[ ]of[ ](?:the[ ])?(?:{ORDINAL_DAY}|"
        rf"{ORDINAL_WORD}),?[ ]{FILLER}"
        rf"(?:{YEAR}|{YEAR_WORDS})",
        rf"{MONTH_ANY_CASE},?[ ]{FILLER}(?:{YEAR}|{YEAR_WORDS})",
        rf"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2]){YEAR}(?!\d)",
        YEAR + r"(?![\d/-])",
    )
)


class DateOfBirth(GroupRecogniser):
    """DATE_OF_BIRTH after "born", "DOB", "fecha de nacimiento", "geb." and the like."""

    ENTITY = "DATE_OF_BIRTH"
    PATTERNS = (Pattern("labelled date", rf"(?<!\w){_LABEL}{_BETWEEN}(?P<id>{_DATE})", 0.95),)
