"""Frequency matching: the most frequent stand-in is taken for the most frequent name, and so on.

The attacker knows exactly how often each family name occurs, which is more than registers tell.
Chance: who has no release at all, and takes everybody for the most frequent name.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

from transforms.fields import Role, Treatment
from transforms.verify.attack.evidence import Evidence
from transforms.verify.attack.result import Result

NAME = "frequency matching of names"


def attack(evidence: Evidence) -> Result:
    """How many people's family name is guessed; of the first field that holds each person's own
    name and has stand-ins in the release."""
    for field in evidence.fields:
        if (
            field.role is not Role.IDENTIFIER
            or field.entity != "PERSON"
            or field.treatment not in (Treatment.SURROGATE, Treatment.TOKEN)
            or field.is_list
            or field.name not in evidence.read
            or field.name not in evidence.published
        ):
            continue
        names = [_last(evidence.own(person, field.name)) for person in evidence.people]
        told = [_last(evidence.told(person.release, field.name)) for person in evidence.people]
        pairs = [(n, t) for n, t in zip(names, told, strict=True) if n and t]
        several = sum(len(set(evidence.own(p, field.name))) > 1 for p in evidence.people)
        if pairs and several <= len(evidence.people) / 10:
            return _matched(pairs, field.name)
    return Result.not_possible(NAME, "no field holds people's own names and has stand-ins for them")


def _matched(pairs: Sequence[tuple[str, str]], field: str) -> Result:
    names, told = Counter(n for n, _ in pairs), Counter(t for _, t in pairs)
    guess = dict(zip(_ranked(told), _ranked(names), strict=False))
    fell = sum(guess.get(stand_in) == name for name, stand_in in pairs)
    return Result.of(
        NAME,
        targets=len(pairs),
        claims=sum(stand_in in guess for _, stand_in in pairs),
        fell=fell,
        tries=len(pairs),
        probability=max(names.values()) / len(pairs),
        details={"different names": len(names), "different stand-ins": len(told)},
        note=f"family names of '{field}'",
    )


def _ranked(counts: Counter[str]) -> list[str]:
    """By frequency; equally frequent ones in no order that means anything."""
    mixed = sorted(counts)
    random.Random(0).shuffle(mixed)  # noqa: S311
    return sorted(mixed, key=lambda value: -counts[value])


def _last(values: Sequence[str]) -> str | None:
    words = values[0].casefold().split() if values else []
    return words[-1] if words else None
