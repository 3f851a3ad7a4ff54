"""Canaries: unique words that were planted in the source and must never come out.

``veilbeam sample --canaries N`` plants them in fields and texts. Chance: none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.verify.attack.evidence import Evidence
from transforms.verify.attack.result import Result

NAME = "canaries"
MARK = "canary"
LETTERS = 10
"""Letters of a canary behind the mark."""
_CANARY = re.compile(rf"{MARK}[a-z]{{{LETTERS}}}")


def canaries_in(texts: Iterable[str]) -> set[str]:
    """The canaries that stand in texts, in whatever case."""
    return {found for text in texts for found in _CANARY.findall(text.casefold())}


def attack(evidence: Evidence, content: Iterable[str]) -> Result:
    """How many people have a canary that came out.

    ``content`` is all that can be read in the release: values, metadata, documents, names of files.
    """
    of_person = {
        person.token: canaries_in(
            value for name in evidence.read for value in evidence.own(person, name)
        )
        for person in evidence.people
    }
    planted = {token: found for token, found in of_person.items() if found}
    out = canaries_in(content)
    fell = sum(bool(found & out) for found in planted.values())
    # One that is nobody's here (of a field that is not read) counts as well.
    strays = len(out - set().union(*planted.values()))
    if not planted and not out:
        return Result.not_possible(NAME, "none are planted (veilbeam sample --canaries N)")
    return Result.of(
        NAME,
        targets=len(planted),
        claims=fell + strays,
        fell=fell + strays,
        tries=len(planted),
        probability=0.0,
        details={
            "planted": len(set().union(*planted.values())),
            "came out": len(out),
        },
    )
