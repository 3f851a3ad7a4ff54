"""Ages in digits and words; those above 89 are an entity of their own (45 CFR 164.514(b)(2)(C))."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._numbers import SPELLED, SPELLED_UNIT, value_of

_OLDEST = 122
_DIGITS = r"(?<![\d.,/-])\d{1,3}"
_ADULT = r"(?<![\d.,/:-])(?:1[0-2]\d|[1-9]\d)"
_YEARS = r"(?:years?|yrs?|y)"
_SEX = r"(?:male|female|man|woman|boy|girl|gentleman|lady|m|f)"
# "I'm 54" is an age; "I'm 30 weeks pregnant", "he's 80 kilos" and "I'm 50 percent sure" are not.
_NO_MEASURE = (
    rf"(?![ ]?[-/:%°]|[ -]{SPELLED_UNIT}\b|[.,]\d|[ -](?:and[ ]a[ ]half|to|or)[ ]|[ -]?(?:weeks?|"
    rf"wks?|months?|days?|"
    r"hours?|hrs?|minutes?|mins?|kg|kilos?|kilogram|pounds?|lbs?|stone|st\b|cm|cent|metres?|"
    r"meters?|"
    r"feet|foot|ft|inch|miles?|mm|mg|ml|mcg|percent|per[ ]cent|degrees?|units?|times|out[ ]of|over|"
    r"beats|bpm|breaths|cigarettes|packs?|pounds|thousand|hundred|million|tablets?|pm|am|"
    r"o['’]?clock|"
    r"milligrams?|micrograms?|wochen|monate|kilo|prozent|uhr|semanas|meses|kilos|por[ ]ciento|"
    r"point|"
    r"yards|blocks|grams?|litres?|liters?|years?[ ](?:ago|in|into|since|clean|sober|married)))"
)


class Age(GroupRecogniser):
    """AGE, or AGE_OVER_89. The span is the number alone, so that "54-year-old" can become
    "50-59-year-old"."""

    ENTITY = "AGE"
    MORE_ENTITIES = ("AGE_OVER_89",)
    PATTERNS = (
        Pattern(
            "years old",
            rf"\b(?P<id>{_DIGITS}|{SPELLED}|{SPELLED_UNIT})(?:[ -]?{_YEARS}[ -](?:old|of[ ]age)\b|"
            r"[ -]?(?:y\.?[ /]?o|yr[ /]?o)\b|[ ]?jahre?[ ]alt\b|[ -]?jährige?[rnms]?\b|"
            r"[ ]j\.(?!\w)|"
            r"[ ]años[ ]de[ ]edad\b)",
            0.9,
        ),
        Pattern(
            "aged",
            rf"\b(?:aged?|age[ ]of|age[ ]is|edad(?:[ ]de)?|alter(?:[ ]von)?|turn(?:ed|ing|s)|"
            rf"edad[ ]es)[ ]?[:=]?[ ]?(?P<id>{_DIGITS}|{SPELLED})\b{_NO_MEASURE}",
            0.8,
        ),
        Pattern(
            "I'm",
            rf"\b(?:I['’]m|I[ ]am|(?:he|she)(?:['’]s|[ ]is)|you['’]re|you[ ]are|who['’]s|who[ ]is|"
            rf"ich[ ]bin|(?:er|sie)[ ]ist)[ ](?:only|just|now|about|already|almost|nearly|erst|"
            rf"schon|jetzt)?[ ]?(?P<id>{_ADULT}|"
            rf"{SPELLED})\b{_NO_MEASURE}(?![ -]\p{{L}}+[ ]pregnant)",
            0.6,
        ),
        Pattern(
            "age and sex",
            rf"\b(?P<id>{_ADULT})[ -]?{_YEARS}?[ -](?:old[ -])?"
            r"(?:(?:white|black|asian|caucasian|hispanic|african[ -]american|right[ -]handed|"
            r"left[ -]handed)[ ]){0,2}(?:male|female|man|woman|boy|girl|gentleman|lady)\b",
            0.8,
        ),
        # "54M" opens a note; "98.6F" and "90F" are temperatures.
        Pattern(
            "54M",
            r"(?:^|[.;]\s{1,2}|\b(?:a|pt|patient|is|for)[ ])(?P<id>(?:1[6-9]|[2-8]\d|9[0-5]))"
            r"[ ]?/?(?-i:[MF]|yo)\b(?=[ \t]*(?:$|[,;.)]|[ ]\p{L}))",
            0.6,
        ),
        Pattern(
            "sex and age",
            r"\b(?:male|female|man|woman)[ ]?[,(/][ ]?(?P<id>[1-9]\d)\b(?![%./])",
            0.6,
        ),
        Pattern("im Alter", rf"\bim[ ]alter[ ]von[ ](?P<id>{_DIGITS}|{SPELLED})\b", 0.85),
        Pattern(
            "años",
            r"\b(?:(?<!\b(?:m[aá]s|menos|cerca|per[ií]odo|aproximad[oa]|plazo|fumador[a]?|historia|"
            r"evolución|"
            rf"antes|después|[oó]sea|durante)[ ])de|tengo|tiene|con|cumplid?[oa]?|cumple|los|"
            rf"edad:?|,|paciente)[ ]"
            rf"(?P<id>{_DIGITS}|{SPELLED})[ ]años(?:[ ]de[ ]edad)?\b"
            r"(?![ ]de[ ](?:evoluci|tratam|segui|duraci|histori|antig))",
            0.7,
        ),
        Pattern(
            "nineties",
            r"\bin[ ](?:her|his|their|my)[ ](?:early[ ]|mid[ -]?|late[ ])?(?P<id>nineties|"
            r"90['’]?s)\b",
            0.85,
        ),
    )

    def entity_of(self, value: str) -> str:
        age = value_of(value)
        return "AGE" if age is not None and age <= 89 else "AGE_OVER_89"

    def invalidate_result(self, pattern_text: str) -> bool:
        age = value_of(pattern_text)
        return age is not None and not 0 < age <= _OLDEST
