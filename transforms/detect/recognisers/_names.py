"""How a person's name is written, and where it ends."""

from __future__ import annotations

from typing import ClassVar

import regex

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._words import fold, is_stop_word, may_be_surname

_SPACE = r"[ \t\u00A0]{1,2}"
PARTICLES = (
    "van", "von", "vom", "der", "den", "de", "del", "della", "di", "da", "das", "do", "dos", "du",
    "la", "le", "las", "los", "el", "al", "bin", "ibn", "bint", "ter", "ten", "zu", "zum", "zur",
    "y", "e", "st", "st.",
)  # fmt: skip
_PARTICLE = "(?:" + "|".join(regex.escape(p) for p in PARTICLES) + ")"

_MIXED = (
    r"(?-i:(?:\p{Lu}['’])?\p{Lu}\p{M}*[\p{Ll}\p{M}]+(?:\p{Lu}[\p{Ll}\p{M}]+)?"
    r"(?:['’‑-]\p{Lu}[\p{Ll}\p{M}]+){0,3})(?!\p{L})"
)
_CAPITALS = r"(?-i:\p{Lu}[\p{Lu}\p{M}]+(?:['’-]\p{Lu}+){0,2})(?!\p{L})"
_ANY_CASE = r"\p{L}[\p{L}\p{M}]+(?:['’-]\p{L}{2,}){0,2}(?!\p{L})"
_INITIALS = r"(?:(?-i:\p{Lu})(?:\.[ªa]?[ ]?|[ª]?[ ]))"


def _name(token: str, most: int) -> str:
    more = f"(?:{_SPACE}(?:{_PARTICLE}{_SPACE}){{0,2}}{_INITIALS}?{token}){{0,{most - 1}}}"
    particles = f"(?:{_PARTICLE}{_SPACE}){{0,2}}"
    return f"{particles}{_INITIALS}{{0,3}}{particles}{token}{more}"


NAME = _name(_MIXED, 4)
"""One to four capitalised words, with initials, particles, hyphens and apostrophes."""
NAME_OR_CAPITALS = _name(f"(?:{_MIXED}|{_CAPITALS})", 4)
"""The same, or in capitals throughout."""
FULL_NAME_OR_CAPITALS = NAME_OR_CAPITALS.removesuffix("{0,3}") + "{1,3}"
"""The same, two words at least."""
ANY_CASE_NAME = _name(_ANY_CASE, 3)
"""One to three words in any case, as speech recognition writes them."""

TITLE = (
    r"(?:(?:dr(?:\.[ ]?med)?|prof|mr|mrs|(?-i:Ms)|mx|sra?|srta|dra|dña)\.?|"
    r"doctora?|doktor|professor|miss|mister|missus|sister|nurse|matron|herrn?|frau|"
    r"señor(?:a|ita)?|doña|(?-i:Don))\s{1,2}"
)
"""A title, and the space between it and a name."""
TITLES = f"(?:{TITLE}){{0,3}}"

_WORD = regex.compile(r"\S+")
_INITIAL = regex.compile(r"[A-HJ-Z]ª?|(?:\p{Lu}\.)+ª?")


def end_of_name(value: str, titled: bool = False) -> int:
    """Where the name at the start of ``value`` ends: before the first word that belongs to no
    name, and without particles left over at the end. 0 if there is no name.

    After a title, or after a first name, a word such as "White" is taken for a surname.
    """
    end = 0
    for match in _WORD.finditer(value):
        word = match.group()
        if _INITIAL.fullmatch(word):
            continue
        if is_stop_word(word) and not ((titled or end) and may_be_surname(word)):
            break
        if fold(word) not in PARTICLES:
            end = match.end()
    return len(value[:end].rstrip(",;:"))


class NameRecogniser(GroupRecogniser):
    """Base of the recognisers of people's names: a span ends where the name does."""

    ENTITY = "PERSON"
    TITLED: ClassVar[bool] = False
    """Whether a title stands before every name."""

    def narrow(self, value: str) -> tuple[int, int]:
        return 0, end_of_name(value, self.TITLED)

    def invalidate_result(self, pattern_text: str) -> bool:
        # An initial alone is no name.
        return sum(c.isalpha() for c in pattern_text) < 2
