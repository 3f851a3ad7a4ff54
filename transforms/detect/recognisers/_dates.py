"""How dates are written: pieces of patterns that the date recognisers share."""

from __future__ import annotations

_EN_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_EN_MONTHS_LOWER = _EN_MONTHS.replace("mar(?:ch)?", "march")
_DE_MONTHS = r"jänner|januar|februar|märz|mai|juni|juli|oktober|dezember"
_ES_MONTHS = (
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
)
# "may" and "mar" are words of other meanings when in lower case.
_MONTH_START = "(?=[jfmasonde][aepuoägbcnikl][nbrilygptvczeo])"
"""Three letters that every month begins with: a cheap test before the list is tried."""
MONTH = rf"(?:{_MONTH_START}(?:{_ES_MONTHS}|{_DE_MONTHS}|(?-i:May|MAY|Mar|MAR)|{_EN_MONTHS_LOWER}))"
MONTH_ANY_CASE = rf"(?:{_MONTH_START}(?:{_ES_MONTHS}|{_DE_MONTHS}|may|{_EN_MONTHS}))"
FULL_MONTH = (
    r"(?-i:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember)"
)

DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
YEAR = r"(?:(?:18|19|20)\d\d)"
SHORT_YEAR = rf"(?:{YEAR}|['’]?\d\d)"
ORDINAL_DAY = rf"{DAY}(?:st|nd|rd|th)"

ORDINAL_WORD = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|"
    r"thirtieth|(?:twenty|thirty)[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|"
    r"ninth))"
)
_UNIT = r"(?:one|two|three|four|five|six|seven|eight|nine)"
_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
_TEEN = r"(?:ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
YEAR_WORDS = (
    rf"(?:nineteen,?[ -](?:hundred(?:[ ]and[ ]{_UNIT})?|o(?:h|['’])?[ -]?{_UNIT}|"
    rf"{_TENS}(?:[ -]{_UNIT})?|{_TEEN})"
    rf"|two[ ]thousand(?:[ ](?:and[ ])?(?:{_TENS}(?:[ -]{_UNIT})?|{_TEEN}|{_UNIT}))?"
    rf"|twenty,?[ -](?:{_TENS}(?:[ -]{_UNIT})?|{_TEEN}|o(?:h|['’])?[ -]?{_UNIT})"
    rf"|o(?:h)?[ ]{_UNIT}|{_TENS}[ -]{_UNIT})\b"
)
FILLER = r"(?:(?:of|in|del?|um|uh|er|erm|año),?[ ]){0,3}"
"""What is said between the parts of a date."""

NUMERIC = (
    (
        rf"(?<![\d/.])(?:{DAY}(?P<_s>[/.-]){_MONTH_NUMBER}|{_MONTH_NUMBER}(?P<_t>[/.-]){DAY})"
        rf"[/.-](?:{YEAR}|\d\d)(?![\d/]|[.]\d)"
    )
    .replace("(?P<_s>[/.-])", "[/.-]")
    .replace("(?P<_t>[/.-])", "[/.-]")
)
SPACED = rf"(?<![\d/.]){DAY}(?:\.[ ]|[ ]/[ ]|[ ]){_MONTH_NUMBER}(?:\.[ ]|[ ]/[ ]|[ ]){YEAR}(?!\d)"
ISO = rf"{YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.]{DAY}(?!\d)"
_DAY_IN_TEXT = rf"(?:{DAY}(?:st|nd|rd|th|\.|º|°)?|{ORDINAL_WORD})"
DAY_MONTH_YEAR = (
    rf"{_DAY_IN_TEXT}(?:[ ]day)?(?:[ ](?:of|de)[ ]|[ ]|-){MONTH_ANY_CASE}\b\.?,?"
    rf"[ -]{FILLER}(?:{YEAR}|['’]\d\d|{YEAR_WORDS})(?!\d)"
)
MONTH_DAY_YEAR = (
    rf"{MONTH_ANY_CASE}\b\.?[ ](?:the[ ])?(?:{DAY}(?:st|nd|rd|th)?|{ORDINAL_WORD}),?[ ]"
    rf"{FILLER}(?:{YEAR}|['’]\d\d|{YEAR_WORDS})(?!\d)"
)
