"""What a valid configuration gives up all the same: warnings for the officer.

What a configuration must not say is an error of ``pipelines.settings``; these are choices that it
may make, and that someone should make on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.settings import Problem, Settings
from pipelines.studio.accuracy import Spent, new_releases
from transforms.aggregate.ledger import views
from transforms.aggregate.settings import AggregateSettings
from transforms.fields import FieldSpec, Role, Treatment
from transforms.verify.risk.settings import Action, RiskSettings

MUCH = 10.0
"""ε above which a promise means little."""
FEW_DAYS = 30
"""Days of shift below which who knows one date almost knows the others."""
SMALL = 5
"""Usual k inside of an organisation."""

_TELLS = frozenset(
    (
        "name surname forename firstname lastname fullname phone telephone mobile email mail "
        "address street postcode zip nhs ssn mrn dob birth birthdate licence license passport "
        "account iban ip"
    ).split()
)
"""Words that stand in names of fields that identify."""

_REVERSIBLE = (Treatment.ENCRYPT, Treatment.FPE)
_TREATED = (Role.SUBJECT, Role.IDENTIFIER, Role.QUASI, Role.DATE, Role.TEXT)


def warnings(saved: Settings, now: Settings, spent: Spent) -> list[Problem]:
    """What ``now`` gives up, also in comparison with what is ``saved``."""
    return [
        *_fields(saved, now),
        *_texts(now),
        *_risk(saved.verify.risk, now.verify.risk),
        *(_aggregate(saved.aggregate, now.aggregate, spent) if now.aggregate else ()),
    ]


def _fields(saved: Settings, now: Settings) -> Iterator[Problem]:
    before = {spec.name: spec for spec in saved.specs}
    for spec in now.specs:
        at = ("fields", spec.name)
        was = before.get(spec.name)
        if spec.role is Role.ATTRIBUTE:
            if was is not None and was.role in _TREATED:
                yield Problem(
                    (*at, "role"),
                    f"is published as it is: an identifier is kept, if it is one. In the file its "
                    f"role is '{was.role}'",
                )
            elif tells(spec):
                yield Problem(
                    (*at, "role"),
                    "is published as it is, and its name sounds like an identifier: make it an "
                    "identifier, or drop it",
                )
        elif spec.role is Role.QUASI and was is not None and was.role is Role.IDENTIFIER:
            yield Problem(
                (*at, "role"),
                "is a direct identifier in the file: a part of it is published now, and it is no "
                "longer looked for as an identifier",
            )
        if spec.treatment in _REVERSIBLE:
            yield Problem(
                (*at, "treatment"), "can be opened again by whoever holds the key; a token cannot"
            )


def tells(spec: FieldSpec) -> bool:
    """Whether a field's own name sounds like an identifier."""
    last = re.split(r"[.\[\]]+", spec.path.rstrip("[]"))[-1]
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", f"{last} {spec.name.rpartition('.')[2]}")
    return not _TELLS.isdisjoint(word.lower() for word in words)


def _texts(now: Settings) -> Iterator[Problem]:
    for entity, treatment in now.pseudonymise.entities.items():
        if treatment is Treatment.KEEP:
            yield Problem(
                ("pseudonymise", "entities", entity), "stays in texts as it is: it is not replaced"
            )
    shifts = any(spec.treatment is Treatment.SHIFT for spec in now.specs)
    if shifts and now.pseudonymise.max_shift_days < FEW_DAYS:
        yield Problem(
            ("pseudonymise", "max_shift_days"),
            f"below {FEW_DAYS}, someone who knows one visit's day can almost read the others",
        )


def _risk(saved: RiskSettings, now: RiskSettings) -> Iterator[Problem]:
    if now.k < SMALL:
        yield Problem(
            ("verify", "risk", "k"),
            f"{SMALL} is usual inside of an organisation, 11 where data go out: the fewer share "
            "their coarse data, the sooner one stands out",
        )
    if now.action is Action.WARN and saved.action is not Action.WARN:
        yield Problem(
            ("verify", "risk", "action"),
            f"classes below the thresholds are published, with a warning; in the file: "
            f"'{saved.action}'",
        )


def _aggregate(
    saved: AggregateSettings | None, now: AggregateSettings, spent: Spent
) -> Iterator[Problem]:
    for at, epsilon in (
        (("aggregate", "budget", "epsilon"), now.budget.epsilon),
        (("aggregate", "max_epsilon"), now.max_epsilon),
    ):
        if epsilon > MUCH:
            yield Problem(at, f"above {MUCH:g} the promise means little")
    deltas = [release.delta for release in now.releases if release.delta > 0]
    if deltas and now.subjects is None:
        yield Problem(
            ("aggregate", "subjects"),
            f"the largest δ is one in {1 / max(deltas):,.0f}: it must be far below one in the "
            "number of patients. Say about how many there are, and a larger one is refused",
        )
    yield from _ledger(saved, now, spent)


def _ledger(
    saved: AggregateSettings | None, now: AggregateSettings, spent: Spent
) -> Iterator[Problem]:
    asked = sum((r.amount for r in new_releases(now, spent)), views.NOTHING)
    if not (spent.amount + asked).within(now.budget.amount):
        yield Problem(
            ("aggregate", "budget"),
            f"the ledger will refuse the run: {spent.amount} was spent and {asked} is asked, of "
            f"{now.budget.amount}",
        )
    before = {} if saved is None else {release.name: release for release in saved.releases}
    for number, release in enumerate(now.releases):
        known = spent.releases.get(now.release_id(release))
        if known is None:
            continue
        if known != release.amount or before.get(release.name) not in (None, release):
            yield Problem(
                ("aggregate", "releases", number),
                "stands in the ledger already: with other settings it is refused, until "
                "'aggregate.edition' names a new one, which spends again",
            )
