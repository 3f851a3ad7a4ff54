"""The second pass: what was found once in a text is found in its other places there.

A name that a title or the context gave away stands elsewhere without them, in another case, or in
part. What is looked for, and where, is more careful than for a record's own identifiers
(``known``), since what was found may be wrong:

- A person's name: whole, and each of its words of three letters or more, in any case. A word that
  is an ordinary one too, or has two letters, counts only with a capital, inside of a sentence.
- Whatever holds a digit and five letters or digits, but dates and ages: whole, in any spacing.
- An e-mail address, a place or organisation: whole. A single word that is a place or organisation
  only with a capital, unless the text has none at all.
- Several words, all of them ordinary: only with a capital.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import regex
from faker.providers.lorem.de_DE import Provider as GermanWords
from faker.providers.lorem.en_US import Provider as EnglishWords
from faker.providers.lorem.es_ES import Provider as SpanishWords

from transforms.detect.known import ORDINARY, find_known, fold, known_values
from transforms.detect.recognisers._words import is_stop_word
from transforms.detect.spans import Span, outside

RECOGNISER = "repeat"

_NAMES = frozenset(("PERSON",))
_PLACES = frozenset(("LOCATION", "FACILITY", "ORGANIZATION"))
_NEVER = frozenset(
    ("DATE_TIME", "DATE_OF_BIRTH", "AGE", "AGE_OVER_89", "OCCUPATION", "NRP", "URL", "IP_ADDRESS")
)
"""Their values stand for something else in other places, or are found there anyway."""

_COMMON = ORDINARY.union(
    fold(word)
    for provider in (EnglishWords, GermanWords, SpanishWords)
    for word in provider.word_list
)
_POSSESSIVE = regex.compile(r"['’]s?$", regex.IGNORECASE)
_INSIDE = regex.compile(r"[\p{Ll},]\s{1,2}$")
_FEWEST_DIGITS_AND_LETTERS = 5
_SHORTEST_PLACE = 4


def repeats(text: str, sure: Sequence[Span], covered: Sequence[Span], score: float) -> list[Span]:
    """The other places in a text of what is ``sure`` to have been found in it, with this
    ``score``; none that lies in what is ``covered`` already, or in another."""
    values = dict.fromkeys(
        (_POSSESSIVE.sub("", text[span.start : span.end]), span.entity)
        for span in sure
        if span.entity not in _NEVER
    )
    known = known_values((value, entity) for value, entity in values if _sure(value, entity))
    if not known.words and not known.compact:
        return []
    counted = [span for span in find_known(text, known) if _counts(text, span)]
    found: list[Span] = []
    end = -1
    for span in sorted(outside(counted, covered), key=lambda span: (span.start, -span.end)):
        if span.end > end:
            found.append(span._replace(score=score, recogniser=RECOGNISER))
            end = span.end
    return found


def _sure(value: str, entity: str) -> bool:
    """Whether a value says the same wherever it stands."""
    if entity in _NAMES:
        return "\n" not in value  # What stands in the next line may be no name.
    signs = [c for c in value if c.isalnum()]
    if any(c.isdigit() for c in signs):
        return len(signs) >= _FEWEST_DIGITS_AND_LETTERS
    return (entity in _PLACES and len(signs) >= _SHORTEST_PLACE) or "@" in value


def _counts(text: str, span: Span) -> bool:
    value = text[span.start : span.end]
    if entity_is_name := span.entity in _NAMES:
        if any(c.isdigit() for c in value):
            return False
    elif span.entity == "EMAIL_ADDRESS" and value.isalpha():
        return False  # Its part before the "@" alone: "reception".
    if not (entity_is_name or span.entity in _PLACES):
        return True
    words = value.split()
    if len(words) > 1:
        return value[0].isupper() or not all(map(_is_common, words))
    if _is_common(value):
        return value[0].isupper() and value[1:].islower() and _within_sentence(text, span.start)
    return entity_is_name or value[0].isupper() or text.islower()


@lru_cache(maxsize=10_000)
def _is_common(word: str) -> bool:
    return len(word) < 3 or fold(word) in _COMMON or is_stop_word(word)


def _within_sentence(text: str, start: int) -> bool:
    """Whether a capital is there for the word's own sake."""
    return _INSIDE.search(text, max(0, start - 3), start) is not None
