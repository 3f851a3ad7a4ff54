"""What a class tells of a sensitive field: l-diversity and t-closeness.

Tables of values have ``CLASS``, ``VALUE`` and ``SUBJECTS``: how many different subjects of a class
have a value. A missing value is a value like the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from transforms.verify.risk.classes import CLASS
from transforms.verify.risk.trails import SUBJECTS, TRAIL

VALUE = "r:value"
DISTINCT, ENTROPY, CLOSENESS = "r:distinct", "r:entropy", "r:closeness"
_SHARE, _PLACE, _IN_ALL = "r:share", "r:place", "r:all"

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


def values(classed: pl.DataFrame, sensitive: str) -> pl.DataFrame:
    """The table of values of a sensitive field."""
    return (
        classed.group_by(CLASS, TRAIL, pl.col(sensitive).alias(VALUE))
        .agg(pl.col(SUBJECTS).first())
        .group_by(CLASS, VALUE)
        .agg(pl.col(SUBJECTS).sum())
    )


def diversity(values: pl.DataFrame) -> pl.DataFrame:
    """``CLASS``, ``DISTINCT`` and ``ENTROPY`` l of each class (Machanavajjhala et al. 2007).

    Entropy l is e ** -sum(p ln p): entropy l-diversity asks that it is l at least.
    """
    n = pl.col(SUBJECTS)
    # The entropy of shares n / N is ln N - sum(n ln n) / N: sums alone, which are quick.
    return (
        values.with_columns((n * n.log()).alias("n ln n"))
        .group_by(CLASS)
        .agg(pl.len().cast(pl.Int64).alias(DISTINCT), n.sum().alias("N"), pl.col("n ln n").sum())
        .select(
            CLASS,
            DISTINCT,
            (pl.col("N").log() - pl.col("n ln n") / pl.col("N")).exp().alias(ENTROPY),
        )
    )


def closeness(values: pl.DataFrame, *, ordered: bool) -> pl.DataFrame:
    """``CLASS`` and ``CLOSENESS``: the earth mover's distance between the distribution of values in
    a class and in all (Li, Li, Venkatasubramanian 2007), from 0 to 1.

    ``ordered`` values are numbers, and lie i - j steps of all m - 1 apart; a missing one lies
    before all. Others lie 1 apart, and the distance is half the sum of |p - q|.
    """
    whole = (
        values.group_by(VALUE)
        .agg(pl.col(SUBJECTS).sum())
        .sort(VALUE, nulls_last=False)
        .with_row_index(_PLACE)
        .with_columns((pl.col(SUBJECTS) / pl.col(SUBJECTS).sum()).alias(_IN_ALL))
    )
    shares = values.with_columns(
        (pl.col(SUBJECTS) / pl.col(SUBJECTS).sum().over(CLASS)).alias(_SHARE)
    ).join(whole.select(VALUE, _PLACE, _IN_ALL), on=VALUE, nulls_equal=True)
    if ordered:
        return _ordered(shares, whole[_IN_ALL].to_numpy())
    # The class has too much of what it has, and too little of all else: as much.
    more = (pl.col(_SHARE) - pl.col(_IN_ALL)).clip(lower_bound=0).sum()
    return shares.group_by(CLASS).agg(more.alias(CLOSENESS))


def _ordered(shares: pl.DataFrame, whole: Floats) -> pl.DataFrame:
    """Sum of |P - Q| over the m - 1 steps, by m - 1; P and Q cumulative.

    P is constant between the values of a class, and Q rises: where it crosses P is found by
    bisection, and what lies before and behind comes from sums of Q. So the cost is that of the
    values that are there, not of classes times values.
    """
    steps = len(whole) - 1
    if steps < 1:
        return shares.select(CLASS).unique().with_columns(pl.lit(0.0).alias(CLOSENESS))
    cumulative = np.minimum(np.cumsum(whole)[:-1], 1.0)
    sums = np.concatenate([[0.0], np.cumsum(cumulative)])
    runs = shares.sort(CLASS, _PLACE).with_columns(
        pl.col(_SHARE).cum_sum().over(CLASS).alias("level"),
        pl.col(_PLACE).shift(-1).over(CLASS).fill_null(steps).cast(pl.Int64).alias("end"),
        pl.col(_PLACE).first().over(CLASS).cast(pl.Int64).alias("first"),
        pl.col(_PLACE).cast(pl.Int64),
    )
    level, start, end = (runs[n].to_numpy() for n in ("level", _PLACE, "end"))
    cross = np.clip(np.searchsorted(cumulative, level), start, end)
    below = level * (cross - start) - (sums[cross] - sums[start])
    above = sums[end] - sums[cross] - level * (end - cross)
    before: Any = sums[runs["first"].to_numpy()]  # P is 0 there
    distance = (
        runs.select(CLASS)
        .with_columns(pl.Series("d", below + above), pl.Series("before", before))
        .group_by(CLASS)
        .agg((pl.col("d").sum() + pl.col("before").first()) / steps)
    )
    return distance.select(CLASS, pl.col("d").clip(0.0, 1.0).alias(CLOSENESS))
