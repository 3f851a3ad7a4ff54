"""Names after a title: "Dr Patel", "Mrs O'Neill", "Frau Dr. von Stein", "Sra. Núñez"."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._names import (
    NAME,
    NAME_OR_CAPITALS,
    TITLE,
    TITLES,
    NameRecogniser,
)


class TitledName(NameRecogniser):
    """PERSON after a title. The title is not part of the span: it stays readable."""

    TITLED = True
    PATTERNS = (
        Pattern("title", rf"\b{TITLE}{TITLES}(?P<id>{NAME})", 0.85),
        Pattern(
            "title in capitals",
            r"\b(?-i:(?:DR|MR|MRS|MS|MISS|PROF|HERR|FRAU|SRA|SR)\.?[ ])(?P<id>"
            r"(?-i:(?:\p{Lu}{1,2}\.?[ ]){0,2}\p{Lu}{4,}(?:['’-]\p{Lu}+)?(?:[ ]\p{Lu}{4,})?))\b",
            0.7,
        ),
        Pattern(
            "abbreviated title and capitals",
            rf"\b(?-i:Dr|Mr|Mrs|Ms|Miss|Prof|Herr|Frau|Sr|"
            rf"Sra)\.?[ ](?P<id>(?!(?-i:\p{{Lu}}{{2,3}})\b)"
            rf"{NAME_OR_CAPITALS})",
            0.8,
        ),
        # As speech recognition writes it; "doctor" and "miss" are too common for that.
        Pattern(
            "all in lower case",
            r"\b(?-i:mr|mrs|dr)\.?[ ](?P<id>(?-i:\p{Ll}{3,20}(?:['’-]\p{Ll}{2,20})?))\b",
            0.6,
        ),
        # "D." and "Dª" are Spanish; "vitamin D. Take two" is not.
        Pattern(
            "Don and Doña, abbreviated",
            rf"(?<!vitamin[ ])(?<!vitamina[ ])\b(?-i:D\.ª|Dª\.?|D\.)[ ](?P<id>{NAME}[ ]{NAME})",
            0.7,
        ),
    )
