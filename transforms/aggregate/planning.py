"""How a release will be noised, from its settings alone: knows nothing of the data.

A release uses one family of noise for all its numbers, so that its loss is one sum: Laplace, in ε;
or Gaussian, in ρ of zCDP, turned into (ε, δ) at the end. Both are planned, and the one that gives
less noise at the release's (ε, δ) is taken. What is lost is OpenDP's map of each mechanism; it is
held against the stated amount and against the textbook formulas (``mechanisms.Noise.lost``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from transforms.aggregate.accounting import (
    GREATEST_EPSILON,
    Loss,
    added,
    epsilon_of,
    rho_of,
    round_down,
)
from transforms.aggregate.mechanisms import Choice, Family, Noise, Sensitivity
from transforms.aggregate.needs import queries_of, shares_of
from transforms.aggregate.queries import SUBJECTS, Query
from transforms.aggregate.settings import ReleaseSettings, stated


@dataclass(frozen=True)
class Mechanism:
    """How one query gets its noise."""

    query: Query
    sensitivity: Sensitivity
    """In the query's steps."""
    share: float
    """What it may lose: of ε (Laplace) or of ρ (Gaussian)."""
    noise: Noise
    """Scale in the query's steps."""
    threshold: int | None = None
    """What does not reach it is not shown: groups by their noisy number of subjects (private keys),
    values of ``top_k`` by theirs."""


@dataclass(frozen=True)
class Plan:
    """Every mechanism of a release, and what they lose together."""

    family: Family
    mechanisms: tuple[Mechanism, ...]
    loss: Loss

    def of(self, query: Query) -> Mechanism:
        """The mechanism of one query (with or without bounds that were found since)."""
        return next(m for m in self.mechanisms if m.query.column == query.column)

    @property
    def threshold(self) -> int | None:
        """What the noisy number of subjects of a private group must reach; None of public keys."""
        return next((m.threshold for m in self.mechanisms if m.query == SUBJECTS), None)


def plan(release: ReleaseSettings, family: Family | None = None) -> Plan:
    """Choose noise and thresholds so that the whole release loses at most its (ε, δ).

    Args:
        family: Plan for this one; by default for the one with less noise, on the geometric mean
            over the noisy numbers by their shares.
    """
    if family is not None:
        return _plan(release, family)
    convertible = release.delta > 0 and release.epsilon <= GREATEST_EPSILON
    allowed = list(Family) if convertible else [Family.LAPLACE]
    return min((_plan(release, one) for one in allowed), key=lambda it: _spread(it, release))


def _spread(plan: Plan, release: ReleaseSettings) -> float:
    shares = shares_of(release)
    return sum(shares[m.query] * math.log(m.noise.deviation) for m in plan.mechanisms)


def _plan(release: ReleaseSettings, family: Family) -> Plan:
    most = release.contribution
    selecting = [q for q in queries_of(release) if _selects(q, release)]
    # δ in equal parts: one for each threshold, and one to turn ρ into ε.
    parts = len(selecting) + (family is Family.GAUSSIAN)
    whole = min(stated(release.delta), Fraction(release.delta))  # As of ε, below.
    delta = round_down(whole / parts) if parts else 0.0
    total = release.epsilon if family is Family.LAPLACE else rho_of(release.epsilon, delta)
    # Of the number as written and the float near it the lesser: their parts, added up and rounded
    # up to a float, would else pass an ε whose float lies below it.
    budget = min(stated(total), Fraction(total)) if family is Family.LAPLACE else Fraction(total)
    mechanisms = []
    for query, part in _exact_shares(release).items():
        sensitivity = query.sensitivity(most)
        share = round_down(budget * part)
        how = Choice if query.kind == "choice" else Noise
        noise = how.costing(family, sensitivity, share)
        threshold = noise.threshold(delta, cells_of(query, release)) if query in selecting else None
        mechanisms.append(Mechanism(query, sensitivity, share, noise, threshold))
    plan = Plan(family, tuple(mechanisms), _loss(mechanisms, release, family, delta))
    if stated(plan.loss.epsilon) > stated(release.epsilon) or plan.loss.delta > release.delta:
        # Not an assert: it must hold under python -O as well.
        raise AssertionError(f"release '{release.name}' would lose more than it states")
    return plan


def _exact_shares(release: ReleaseSettings) -> dict[Query, Fraction]:
    shares = {query: Fraction(share) for query, share in shares_of(release).items()}
    total = sum(shares.values())
    return {query: share / total for query, share in shares.items()}


def _selects(query: Query, release: ReleaseSettings) -> bool:
    return query.selects_values or (release.private and query == SUBJECTS)


def cells_of(query: Query, release: ReleaseSettings) -> int:
    """In how many cells (groups, or values of groups) one subject can be alone."""
    return release.contribution.rows if query.selects_values else release.contribution.groups


def _loss(
    mechanisms: list[Mechanism], release: ReleaseSettings, family: Family, delta: float
) -> Loss:
    lost = added(m.noise.lost(m.sensitivity) for m in mechanisms)
    thresholds = added(
        m.noise.delta(m.threshold, cells_of(m.query, release))
        for m in mechanisms
        if m.threshold is not None
    )
    if family is Family.LAPLACE:
        return Loss(lost, thresholds, None, thresholds)
    return Loss(epsilon_of(lost, delta), added([delta, thresholds]), lost, thresholds)
