"""Linkage: someone joins the release with a table of people by what both tell of them.

Whoever fits one person of the release alone is claimed to be that person. Chance: as many guesses,
each right with one in all people of the release.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from transforms.verify.attack.evidence import Evidence
from transforms.verify.attack.result import Result

NAME = "linkage by quasi-identifiers"

Values = tuple[str | None, ...]
"""Of the quasi-identifiers, as the release writes them."""


def attack(evidence: Evidence, quasi: Sequence[str], table: Mapping[str, set[Values]]) -> Result:
    """How many people of a second table are found in the release.

    ``table``: for each person (by the token that the release should not give away) the values of
    the quasi-identifiers, brought into the form that the release has, which it states.
    """
    if not quasi:
        return Result.not_possible(NAME, "the release has no quasi-identifier that others know")
    who: dict[Values, set[str]] = defaultdict(set)
    columns = [evidence.after(name) for name in quasi]
    for token, rows in evidence.released.items():
        for row in rows:
            who[tuple(column[row][0] if column[row] else None for column in columns)].add(token)
    targets, claims, fell, expected = 0, 0, 0, 0.0
    for token, tuples in table.items():
        if token not in evidence.released:
            continue
        targets += 1
        candidates = set.intersection(*(who.get(values, set()) for values in tuples))
        if token in candidates:
            expected += 1 / len(candidates)
        if len(candidates) == 1:
            claims += 1
            fell += token in candidates
    return Result.of(
        NAME,
        targets=targets,
        claims=claims,
        fell=fell,
        tries=claims,
        probability=1 / max(evidence.in_release, 1),
        details={"right if a candidate is guessed, expected": round(expected)},
        note=f"over {', '.join(quasi)}",
    )
