"""Dates: someone knows when a person had consultations, and looks for who had them so.

By the days themselves, by the days between them, and by the times of day. Who fits one person of
the release alone is claimed to be that one. Chance: as many guesses, each right with one in all
people of the release.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from transforms.fields import Role, Treatment
from transforms.verify.attack.evidence import Evidence
from transforms.verify.attack.result import Result

DAYS, INTERVALS, TIMES = "calendar days", "date intervals", "times of day"
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ](\d\d:\d\d)")

Fingerprint = Callable[[Sequence[str]], Hashable | None]
"""What a person's dates tell; None where they tell nothing."""


def attacks(evidence: Evidence) -> Iterator[Result]:
    """The three attacks, on the first date that is published with its day."""
    names = [
        f.name
        for f in evidence.fields
        if f.role is Role.DATE
        and f.name in evidence.published
        and f.name in evidence.read
        and not f.is_list
    ]
    names.sort(key=lambda name: evidence.field(name).treatment is not Treatment.SHIFT)
    for attack, fingerprint in ((DAYS, _days), (INTERVALS, _intervals), (TIMES, _times)):
        if not names:
            yield Result.not_possible(attack, "the release has no dates")
        else:
            yield _matched(evidence, names[0], attack, fingerprint)


def _matched(evidence: Evidence, name: str, attack: str, fingerprint: Fingerprint) -> Result:
    who: dict[Hashable, list[str]] = defaultdict(list)
    for token, rows in evidence.released.items():
        if (told := fingerprint(evidence.told(rows, name))) is not None:
            who[told].append(token)
    targets, claims, fell = 0, 0, 0
    for person in evidence.people:
        known = fingerprint(evidence.own(person, name))
        if known is None:
            continue
        targets += 1
        candidates = who.get(known, [])
        if len(candidates) == 1:
            claims += 1
            fell += candidates[0] == person.token
    return Result.of(
        attack,
        targets=targets,
        claims=claims,
        fell=fell,
        tries=claims,
        probability=1 / max(evidence.in_release, 1),
        note=f"of '{name}'" if targets else f"of '{name}': nobody has any, or enough of them",
    )


def _days(values: Sequence[str]) -> Hashable | None:
    return tuple(sorted(_read(values))) or None


def _intervals(values: Sequence[str]) -> Hashable | None:
    days = sorted(_read(values))
    return tuple((b - a).days for a, b in pairwise(days)) or None


def _times(values: Sequence[str]) -> Hashable | None:
    found = (_TIME.match(value) for value in values)
    return tuple(sorted(match[1] for match in found if match)) or None


def _read(values: Sequence[str]) -> Iterator[date]:
    for value in values:
        if match := _DAY.match(value):
            try:
                yield date(*map(int, match.groups()))
            except ValueError:
                continue
