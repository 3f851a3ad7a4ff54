"""Trees of counts over the bins of a field, for quantiles; all by OpenDP.

Each node counts the values below it, so that the number of values up to any bin is a sum of few
noisy numbers. Up to some hundred bins the best tree is flat: the bins alone.

Sources: Hay, Rastogi, Miklau, Suciu 2010 (consistent trees of counts); Qardaji, Yang, Li 2013 (the
branching factor).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from opendp.core import function_eval

from transforms.aggregate import dp

dp.enable_features("contrib")

Cells = np.ndarray[tuple[int, int], np.dtype[np.int64]]
"""Whole numbers, one row for each group."""

Floats = np.ndarray[tuple[int, int], np.dtype[np.float64]]

_FINE = 2**20
"""Whole steps of a noise of 1, for trees take whole numbers."""

_SPACE = dp.vector_domain(dp.atom_domain(T=dp.i64)), dp.l1_distance(T=dp.i64)


@cache
def branching(bins: int) -> int:
    """Children of each node."""
    return int(dp.t.choose_branching_factor(bins))


def is_flat(bins: int) -> bool:
    """Whether the bins themselves are the tree: a root above them would only cost budget."""
    return branching(bins) >= bins


@cache
def _grower(bins: int) -> dp.Transformation:
    return dp.t.make_b_ary_tree(*_SPACE, leaf_count=bins, branching_factor=branching(bins))


def layers(bins: int) -> int:
    """In how many nodes one value counts."""
    return 1 if is_flat(bins) else int(_grower(bins).map(1))


def nodes(bins: int) -> int:
    """Noisy counts of each group."""
    return (
        bins
        if is_flat(bins)
        else len(function_eval(_grower(bins).function, [0] * bins, "Vec<i64>"))
    )


def grow(leaves: Cells) -> Cells:
    """The nodes above each group's bins, the bins among them."""
    bins = leaves.shape[1]
    if is_flat(bins):
        return leaves
    grower = _grower(bins)
    grown = [function_eval(grower.function, row, "Vec<i64>") for row in leaves.tolist()]
    return np.array(grown, dtype=np.int64).reshape(len(leaves), nodes(bins))


def quantiles(
    nodes: Cells, edges: Sequence[float], at: Sequence[float]
) -> list[list[float] | None]:
    """The quantiles of each group, from its noisy nodes (post-processing); None of an empty one.

    Within a bin values are taken to be spread evenly.
    """
    read = dp.t.make_quantiles_from_counts(list(edges), list(at), TA=float, F=float)
    counts = _ascending(_leaves(nodes, len(edges) - 1))
    return [read(row) if sum(row) > 0 else None for row in counts.tolist()]


def _leaves(nodes: Cells, bins: int) -> Floats:
    if is_flat(bins) or not len(nodes):
        return nodes[:, :bins].astype(np.float64)
    read = dp.t.make_consistent_b_ary_tree(branching(bins), TIA=dp.i64, TOA=float)
    leaves = [function_eval(read, row, "Vec<i64>")[:bins] for row in nodes.tolist()]
    return np.array(leaves, dtype=np.float64)


def _ascending(counts: Floats) -> Floats:
    """Counts whose running totals never fall: midway between the least such totals above those
    given and the greatest below them. (Counts below 0 raised to 0 would add up to a bias.)"""
    totals = np.cumsum(counts, axis=1)
    above = np.maximum.accumulate(totals, axis=1)
    below = np.minimum.accumulate(totals[:, ::-1], axis=1)[:, ::-1]
    return np.diff(np.maximum((above + below) / 2, 0.0), axis=1, prepend=0.0)


def rank_error(bins: int, at: float) -> float:
    """How far off a quantile's rank is, with probability 95%, for noise of standard deviation 1.

    The rank found is wrong by what is wrong with the running total there, less the part ``at`` of
    what is wrong with the whole; the worst place counts.
    """
    totals = _errors_of_totals(bins)
    worst = np.abs(totals - at * totals[:, -1:]).max(axis=1)
    # A little more than the 95th of 100, since so few draws tell it to a half or to one.
    return float(np.quantile(worst, 0.96 if len(totals) > 1_000 else 0.97))


@cache
def _errors_of_totals(bins: int) -> Floats:
    """What is wrong with the running totals, in many draws.

    It depends on the tree alone, not on data: simulated, always with the same numbers, by the noise
    with the heavier tails. (This noise hides nothing: it only tells how large an error is.)
    """
    draws = 2_000 if is_flat(bins) else 400
    noise = np.random.default_rng(0).laplace(scale=2**-0.5, size=(draws, nodes(bins)))
    return np.cumsum(_leaves((noise * _FINE).astype(np.int64), bins) / _FINE, axis=1)
