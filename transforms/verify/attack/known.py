"""Known-identifier search: does anything by which a person is known stand in the person's records?

Chance: the same search in the records of somebody else, since a made-up name may well be a real
person's name. Each person is compared with several others.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from transforms.fields import Role
from transforms.verify.attack.evidence import Evidence, Person
from transforms.verify.attack.result import Result

NAME = "known-identifier search"
_OTHERS = 20
"""Other people with whom each one is compared."""
_SHORTEST_WORD = 3
_SHORTEST_CODE = 6
_WORD = re.compile(r"\w+")
_NO_NAMES = frozenset({"the", "and", "mrs", "miss", "prof", "van", "von", "del", "der", "den"})
_PEOPLE = frozenset({"PERSON"})


class _Known(NamedTuple):
    """What is looked for of a person: (entity, it), as words or as letters and digits in a row."""

    words: set[tuple[str, str]]
    phrases: set[tuple[str, str]]
    codes: set[tuple[str, str]]


class _Text(NamedTuple):
    """What is searched: all that is published of a person."""

    words: frozenset[str]
    phrase: str
    code: str


def attack(evidence: Evidence) -> Result:
    """How many people have one of their identifiers in their own published records."""
    people = evidence.people
    if len(people) < 2:
        return Result.not_possible(NAME, "fewer than two people")
    known = [_known(evidence, person) for person in people]
    texts = [_text(evidence, person) for person in people]
    found = [_found(k, t) for k, t in zip(known, texts, strict=True)]
    chooser = random.Random(0)  # noqa: S311
    shifts = [chooser.randrange(1, len(people)) for _ in range(min(_OTHERS, len(people) - 1))]
    by_chance = sum(
        bool(_found(known[i], texts[(i + shift) % len(people)]))
        for shift in shifts
        for i in range(len(people))
    )
    details = Counter(entity for entities in found for entity in entities)
    fell = sum(map(bool, found))
    return Result.of(
        NAME,
        targets=len(people),
        claims=fell,
        fell=fell,
        tries=len(people),
        probability=by_chance / (len(shifts) * len(people)),
        details=dict(details.most_common()),
    )


def _known(evidence: Evidence, person: Person) -> _Known:
    known = _Known(set(), set(), set())
    for field in evidence.fields:
        if field.role not in (Role.IDENTIFIER, Role.SUBJECT) or field.name not in evidence.read:
            continue
        entity = str(field.entity)
        for value in set(evidence.own(person, field.name)):
            plain = _plain(value)
            code = _code(plain)
            if entity in _PEOPLE:
                words = _WORD.findall(plain)
                known.words.update(
                    (entity, w) for w in words if len(w) >= _SHORTEST_WORD and w not in _NO_NAMES
                )
            elif any(c.isdigit() for c in code) or "@" in value:
                if len(code) >= _SHORTEST_CODE:
                    known.codes.add((entity, code))
            elif len(code) >= _SHORTEST_WORD:
                known.phrases.add((entity, " ".join(_WORD.findall(plain))))
    return known


def _text(evidence: Evidence, person: Person) -> _Text:
    values = [
        _plain(value)
        for name in evidence.published
        for value in evidence.told(person.release, name)
    ]
    words = [_WORD.findall(value) for value in values]
    return _Text(
        frozenset(word for each in words for word in each),
        "".join(f" {' '.join(each)} |" for each in words),
        "|".join(_code(value) for value in values),
    )


def _found(known: _Known, text: _Text) -> set[str]:
    """The kinds of identifiers that are found."""
    return set(_hits(known, text))


def _hits(known: _Known, text: _Text) -> Iterator[str]:
    yield from (entity for entity, word in known.words if word in text.words)
    yield from (entity for entity, phrase in known.phrases if f" {phrase} " in text.phrase)
    yield from (entity for entity, code in known.codes if code in text.code)


def _plain(text: str) -> str:
    """Without accents and case."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in parts if not unicodedata.combining(c))


def _code(plain: str) -> str:
    return "".join(filter(str.isalnum, plain))
