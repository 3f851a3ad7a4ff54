"""Checks of a mechanism, as functions of it: true of the right one, false of each mutant.

Each is statistical and has a false-alarm rate: how often it fails although all is well.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from scipy.stats import beta, chisquare, dlaplace, norm

from tests.aggregate.support import KEY, table
from transforms.aggregate.mechanisms import Family, Noise
from transforms.aggregate.noise import Noisy, draw
from transforms.aggregate.planning import Plan
from transforms.aggregate.reading import read_off
from transforms.aggregate.settings import ReleaseSettings
from transforms.aggregate.sums import aggregate_shard, merge

FALSE_ALARM = 1e-6
DRAWS = 100_000

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Exact = Callable[[list[Any], ReleaseSettings], pa.Table]
Draw = Callable[[pa.Table, ReleaseSettings, Plan], Noisy]


def exact_of(rows: list[Any], release: ReleaseSettings) -> pa.Table:
    """The exact table, as the stage makes it."""
    return merge([aggregate_shard(table(rows), release, KEY)[0]], release)


def noise_fits(draws: Sequence[int], noise: Noise) -> bool:
    """Whether draws have the stated distribution (chi-squared test over 50 bins)."""
    if noise.family is Family.LAPLACE:
        law = dlaplace(1 / noise.scale)
        cdf = law.cdf
    else:
        # Of the discrete Gaussian, between halves: exact to e^(-2π²σ²), nothing for σ >= 1.
        law = norm(scale=noise.scale)
        cdf = lambda x: law.cdf(np.asarray(x) + 0.5)  # noqa: E731
    inner = np.unique(np.round(law.ppf(np.linspace(0.02, 0.98, 49))))
    edges = np.concatenate([[-np.inf], inner, [np.inf]])
    expected = np.diff(cdf(edges)) * len(draws)
    # Bins are (a, b], as the distribution function has it.
    observed = np.bincount(np.searchsorted(inner, draws, side="left"), minlength=len(expected))
    return bool(chisquare(observed, expected * (len(draws) / expected.sum())).pvalue > FALSE_ALARM)


def stays_within(without: Numbers, with_one: Numbers, epsilon: float, delta: float) -> bool:
    """Whether two samples of one number each could come from an (ε, δ)-DP mechanism on neighbours.

    Looks at the share of draws beyond each of some 40 cuts, to either side, and either way round;
    the exact (Clopper-Pearson) bounds on each share are such that all together fail with
    probability ``FALSE_ALARM`` at most.
    """
    both = np.concatenate([without, with_one])
    tails = 0.5 ** np.arange(5, 12)
    cuts = np.unique(
        np.quantile(both, np.concatenate([tails, np.linspace(0.05, 0.95, 25), 1 - tails]))
    )
    level = FALSE_ALARM / (len(cuts) * 8)
    for event in (lambda x, c: x >= c, lambda x, c: x <= c):
        for cut in cuts:
            one, other = event(without, cut), event(with_one, cut)
            for likely, unlikely in ((one, other), (other, one)):
                hits, n = int(likely.sum()), len(likely)
                least = beta.ppf(level, hits, n - hits + 1) if hits else 0.0
                hits, n = int(unlikely.sum()), len(unlikely)
                most = beta.ppf(1 - level, hits + 1, n - hits) if hits < n else 1.0
                if least > math.exp(epsilon) * most + delta:
                    return False
    return True


def copies(exact: pa.Table, count: int) -> pa.Table:
    """The table so many times: as many independent draws at once."""
    frame = pl.DataFrame(exact)[np.tile(np.arange(len(exact)), count)]
    return frame.to_arrow().cast(exact.schema)


def first_measure(release: ReleaseSettings, noisy: Noisy) -> Numbers:
    """The number that is looked at: the release's first column, as it is published."""
    column = read_off(release.measures[0], release, noisy)
    return column.to_numpy(zero_copy_only=False).astype(float)


def keeps_its_promise(
    release: ReleaseSettings,
    plan: Plan,
    rows: list[Any],
    more: list[Any],
    look: Callable[[ReleaseSettings, Noisy], Numbers] = first_measure,
    exact: Exact = exact_of,
    draw: Draw = draw,
) -> bool:
    """Whether the release of ``rows``, and of ``rows`` with one subject's ``more``, stay within its
    (ε, δ), in ``DRAWS`` draws of each. Both exact tables must have the same groups."""
    samples = []
    for given in (rows, rows + more):
        table = exact(given, release)
        values = look(release, draw(copies(table, DRAWS), release, plan)).reshape(DRAWS, len(table))
        # Several groups: for Gaussian noise their sum tells most, for Laplace the smallest.
        joined = values.sum(axis=1) if plan.family is Family.GAUSSIAN else values.min(axis=1)
        samples.append(joined)
    return stays_within(samples[0], samples[1], release.epsilon, release.delta)


def with_scale(plan: Plan, factor: float) -> Plan:
    """A mutant: other noise than the plan says."""

    def scaled(noise: Noise) -> Noise:
        return dataclasses.replace(noise, scale=noise.scale * factor)

    return dataclasses.replace(
        plan,
        mechanisms=tuple(dataclasses.replace(m, noise=scaled(m.noise)) for m in plan.mechanisms),
    )


def drawn_twice(exact: pa.Table, release: ReleaseSettings, plan: Plan) -> Noisy:
    """A mutant: a retry drew again, and a reader has the mean of both."""
    one, two = draw(exact, release, plan), draw(exact, release, plan)
    numbers = [name for name in one.groups.columns if ":" in name]
    mean = [((one.groups[n] + two.groups[n]) // 2).alias(n) for n in numbers]
    return dataclasses.replace(one, groups=one.groups.with_columns(mean))


def one_more_of(bound: str) -> Exact:
    """A mutant: one more is let through than the bound says."""

    def exact(rows: list[Any], release: ReleaseSettings) -> pa.Table:
        more = release.model_copy(update={bound: getattr(release, bound) + 1})
        return exact_of(rows, more)

    return exact


def bounded_after_merging(rows: list[Any], release: ReleaseSettings) -> pa.Table:
    """A mutant: all rows are added up, and only the sums of the groups are cut to what their
    subjects may add."""
    free = release.model_copy(update={"max_groups": 10_000, "max_rows_per_group": 10_000})
    frame = pl.DataFrame(exact_of(rows, free))
    most = pl.col("n:subjects") * release.max_rows_per_group
    cut = frame.with_columns(pl.min_horizontal("n:rows", most).alias("n:rows"))
    return cut.to_arrow().cast(exact_of(rows, release).schema)


def sharded_by_row(rows: list[Any], release: ReleaseSettings) -> pa.Table:
    """A mutant: rows are dealt to shards by their place, so that each shard bounds a part of a
    subject."""
    parts = [aggregate_shard(table(rows[i::2]), release, KEY)[0] for i in range(2)]
    return merge(parts, release)
