"""Noise by OpenDP: discrete Laplace on the whole numbers of one small table.

Private keys are selected by OpenDP's Laplace threshold on the number of distinct subjects. What is
lost is OpenDP's ``map``; it is held against the stated amount and against a formula of its own
(each query: L1 sensitivity / scale, added up; a lone subject in L0 groups: L0 times the tail).

OpenDP 0.16 shows groups *at* the threshold, but its map leaves that count out of δ (its issue
2922), too small by a factor of exp(1/scale). So the threshold comes from the formula, which counts
it, and the map is only a second bound.

Sources: Ghosh, Roughgarden, Sundararajan 2012 (discrete Laplace); Canonne, Kamath, Steinke 2020
(exact sampling); Rogers 2023 (thresholds for unknown domains).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import opendp.prelude as dp
import polars as pl
import pyarrow as pa

from transforms.aggregate.queries import SUBJECTS, Query, queries_of
from transforms.aggregate.settings import ReleaseSettings, stated

dp.enable_features("contrib")

_VECTOR = dp.vector_domain(dp.atom_domain(T=dp.i64)), dp.l1_distance(T=dp.i64)
_MAP = (
    dp.map_domain(dp.atom_domain(T=dp.i64), dp.atom_domain(T=dp.i64)),
    dp.l01inf_distance(dp.absolute_distance(T=dp.i64)),
)

LARGEST = 2**61
"""Exact sums beyond it are refused: noise on top could leave 64 bits."""


@dataclass(frozen=True)
class Mechanism:
    """How one query gets its noise."""

    query: Query
    sensitivity: int
    """L1, in the query's steps."""
    epsilon: float
    """The query's share of the release's ε."""
    scale: float
    """Of the discrete Laplace noise, in steps; its standard deviation is about √2 times it."""
    threshold: int | None = None
    """Groups whose noisy number of subjects is less are not shown (private keys)."""

    def error(self, alpha: float) -> int:
        """The noise stays within it with probability 1 - alpha at least; in steps.

        The least t with P(|noise| > t) = 2 a^(t + 1) / (1 + a) <= alpha, a = exp(-1/scale).
        """
        tail = self.scale * math.log(2 / (alpha * (1 + math.exp(-1 / self.scale))))
        return max(0, math.ceil(tail) - 1)


@dataclass(frozen=True)
class Loss:
    """Privacy loss of a whole release."""

    epsilon: float
    delta: float


@dataclass(frozen=True)
class Plan:
    """Every mechanism of a release, and what they lose together; knows nothing of the data."""

    mechanisms: tuple[Mechanism, ...]
    loss: Loss

    def of(self, query: Query) -> Mechanism:
        """The mechanism of one query."""
        return next(m for m in self.mechanisms if m.query == query)


def plan(release: ReleaseSettings) -> Plan:
    """Choose scales and threshold so that the whole release loses at most its (ε, δ)."""
    queries = queries_of(release)
    share = _round_down(stated(release.epsilon) / len(queries))
    mechanisms = []
    for query in queries:
        sensitivity = query.sensitivity(release)
        scale = dp.binary_search_param(_laplace, d_in=sensitivity, d_out=share, T=float)
        selects = release.private and query == SUBJECTS
        threshold = _find_threshold(scale, release) if selects else None
        mechanisms.append(Mechanism(query, sensitivity, share, scale, threshold))
    return Plan(tuple(mechanisms), _checked_loss(mechanisms, release))


def _round_down(value: Fraction) -> float:
    nearest = float(value)
    return nearest if Fraction(nearest) <= value else math.nextafter(nearest, 0)


def _laplace(scale: float) -> dp.Measurement:
    return dp.m.make_laplace(*_VECTOR, scale=scale)


def _laplace_threshold(scale: float, threshold: int) -> dp.Measurement:
    return dp.m.make_laplace_threshold(*_MAP, scale=scale, threshold=threshold)


def delta_of(scale: float, threshold: int, groups: int) -> float:
    """Bound on the probability that a subject who is alone in ``groups`` groups shows in any.

    Union over groups of P(1 + noise >= threshold) = a^(threshold - 1) / (1 + a), a = exp(-1/scale).
    """
    tail = math.exp(-(threshold - 1) / scale) / (1 + math.exp(-1 / scale))
    return groups * tail * (1 + 1e-12)


def _find_threshold(scale: float, release: ReleaseSettings) -> int:
    """The least threshold at which both δ are at most the stated one."""
    groups = release.groups_per_subject
    a = math.exp(-1 / scale)
    threshold = max(2, math.floor(1 + scale * math.log(groups / (release.delta * (1 + a)))))
    while _worst_delta(scale, threshold, groups) > release.delta:
        threshold += 1
    return threshold


def _worst_delta(scale: float, threshold: int, groups: int) -> float:
    opendp = _laplace_threshold(scale, threshold).map((groups, groups, 1))[1]
    return max(opendp, delta_of(scale, threshold, groups))


def _checked_loss(mechanisms: Sequence[Mechanism], release: ReleaseSettings) -> Loss:
    """What is lost by OpenDP's maps (basic composition), after checks against both bounds."""
    epsilon, formula, delta = Fraction(0), Fraction(0), 0.0
    groups = release.groups_per_subject
    for m in mechanisms:
        if m.threshold is None:
            lost = _laplace(m.scale).map(m.sensitivity)
        else:
            lost, _ = _laplace_threshold(m.scale, m.threshold).map((groups, m.sensitivity, 1))
            delta = _worst_delta(m.scale, m.threshold, groups)
        epsilon += Fraction(lost)
        formula += Fraction(m.sensitivity) / Fraction(m.scale)
    if max(epsilon, formula) > stated(release.epsilon) or delta > release.delta:
        # Not an assert: it must hold under python -O as well.
        raise AssertionError(f"release '{release.name}' would lose more than it states")
    return Loss(float(epsilon), delta)


def draw(exact: pa.Table, release: ReleaseSettings, plan: Plan) -> pl.DataFrame:
    """The groups that may be shown, each query with noise. Each call spends the release's (ε, δ).

    ``exact`` has one row for each group: with public keys all of them, with private keys those met.
    """
    frame = pl.DataFrame(exact)
    selector = next((m for m in plan.mechanisms if m.threshold is not None), None)
    noisy: dict[str, list[int]] = {}
    if selector is not None:
        counts = _whole(frame, selector.query)
        assert selector.threshold is not None
        # The row's number stands for the key; every row's noise is independent of it.
        shown = _laplace_threshold(selector.scale, selector.threshold)(dict(enumerate(counts)))
        rows = sorted(shown)
        frame = frame[rows]
        noisy[selector.query.column] = [shown[row] for row in rows]
    for m in plan.mechanisms:
        if m is not selector:
            noisy[m.query.column] = _laplace(m.scale)(_whole(frame, m.query))
    values = pl.DataFrame(noisy, schema=dict.fromkeys(noisy, pl.Int64))
    return pl.concat([frame.select(release.group_by), values], how="horizontal")


def _whole(frame: pl.DataFrame, query: Query) -> list[int]:
    """The exact numbers, checked: OpenDP takes whatever it is given."""
    column = frame[query.column]
    if column.dtype != pl.Int64 or column.null_count() or (column.abs() > LARGEST).any():
        raise AssertionError(f"exact table: '{query.kind}' is no whole number of 62 bits")
    return column.to_list()
