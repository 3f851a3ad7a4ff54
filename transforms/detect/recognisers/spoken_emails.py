"""E-mail addresses as they are said: "jane dot smith at gmail dot com"."""

from __future__ import annotations

import regex
from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._words import is_stop_word

_DOT = r"(?:\.|,?[ ](?:dot|punkt|punto|point)[ ])"
_AT = r"(?:,?[ ](?:at(?:[ ]sign)?|arroba|ät|klammeraffe)[ ]|[ ]?@[ ]?|[ ]?[\[(][ ]?at[ ]?[\])][ ]?)"
_JOIN = (
    r"(?:[ ,]{1,2}(?:dot|punkt|punto|point|underscore|unterstrich|dash|hyphen|minus|bindestrich|"
    r"gui[oó]n(?:[ ]bajo)?|plus)[ ]|[._-]|[ ])"
)
_TOP = r"(?:com|co|org|net|edu|gov|uk|us|de|es|eu|io|me|info|ac|nhs|at|ch|ie|fr|it|nl|biz|cat|gmbh)"
_WORD = r"[\p{L}\d]{1,24}"

_TOKEN = regex.compile(r"[\p{L}\d'’]+")
_CONNECTORS_TEXT = """
dot punkt punto point underscore unterstrich dash hyphen minus bindestrich guion guión bajo plus
"""
_CONNECTORS = frozenset(_CONNECTORS_TEXT.split())
_AT_WORD = regex.compile(_AT, regex.IGNORECASE)


class SpokenEmail(GroupRecogniser):
    """EMAIL_ADDRESS in words, or with only some of its signs in words."""

    ENTITY = "EMAIL_ADDRESS"
    PATTERNS = (
        Pattern(
            "spoken",
            rf"(?<=(?<![\p{{L}}\d'’])(?P<before>(?:{_WORD}{_JOIN}){{0,7}}{_WORD})){_AT}"
            rf"{_WORD}(?:[ -]{_WORD}){{0,2}}{_DOT}"
            rf"(?:[\p{{L}}\d-]{{1,24}}{_DOT}){{0,3}}{_TOP}\b",
            0.85,
        ),
    )

    def narrow(self, value: str) -> tuple[int, int]:
        # The words before the address ("my e-mail is ...") are not part of it.
        signs = list(_AT_WORD.finditer(value))
        if not signs or " " not in value:
            return 0, 0
        at = signs[-1]
        start = at.start()
        for token in reversed(list(_TOKEN.finditer(value, 0, at.start()))):
            word = token.group().lower()
            connector = word in _CONNECTORS
            if not connector and len(word) > 1 and is_stop_word(word):
                break
            if word in {"email", "e-mail", "mail", "adresse", "address", "correo", "lautet"}:
                break
            if not connector:
                start = token.start()
        return (start, len(value)) if start < at.start() else (0, 0)
