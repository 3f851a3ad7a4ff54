"""Noisy numbers -> the measures of a release, and how far off these may be; all post-processing.

Nothing here sees the data: what it reads has noise already.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any, Literal

import polars as pl
import pyarrow as pa

from transforms.aggregate import tree
from transforms.aggregate.keys import bin_labels
from transforms.aggregate.measures import (
    Axis,
    Bounded,
    Count,
    Histogram,
    KeyValue,
    Marginal,
    Mean,
    Measure,
    Median,
    Quantile,
    Ranked,
    StandardDeviation,
    Sum,
    TopK,
)
from transforms.aggregate.needs import needs
from transforms.aggregate.noise import Bounds, Noisy
from transforms.aggregate.planning import Plan
from transforms.aggregate.queries import Query
from transforms.aggregate.settings import ReleaseSettings

_NONE: Bounds = {}


def resolved(measure: Measure, release: ReleaseSettings, bounds: Bounds) -> list[Query]:
    """The queries of a measure, with bounds that were found from the data."""
    return [query.within(bounds.get(query.field)) for query in needs(measure, release)]


def read_off(measure: Measure, release: ReleaseSettings, noisy: Noisy) -> pa.Array:
    """The measure's column.

    Counts below 0 become 0; means, variances and quantiles stay within their bounds; a quantile of
    a group in which nothing seems to be is null.
    """
    queries = resolved(measure, release, noisy.bounds)
    match measure:
        case Quantile() | Median():
            nodes = noisy.cells[queries[0].column]
            found = tree.quantiles(nodes, measure.edges, [measure.at])
            return pa.array([row if row is None else row[0] for row in found], pa.float64())
        case Histogram():
            return _histogram(measure, noisy.cells[queries[0].column])
        case TopK():
            column = queries[0].column
            return _top_k(measure, noisy.values[column], noisy.kinds[column])
        case Marginal():
            return _marginal(measure, noisy.cells[queries[0].column])
        case _:
            return _number(measure, queries, noisy).to_arrow()


def _numbers_of(query: Query, found: Noisy) -> dict[str, pl.Series]:
    """The noisy numbers of each group that a query gives, by what they are."""
    if query.kind != "split":
        return {query.kind: found.groups[query.column] * query.step}
    upper, lower, missing = (pl.Series(part) * query.step for part in found.cells[query.column].T)
    return {
        "sum": (upper - lower) * query.half,
        "values": upper + lower,
        "rows": upper + lower + missing,
    }


def _number(measure: Measure, queries: Sequence[Query], found: Noisy) -> pl.Series:
    noisy = {k: n for query in queries for k, n in _numbers_of(query, found).items()}
    if not isinstance(measure, Bounded):
        kind: str = queries[0].kind
        if kind == "split":
            kind = "values" if isinstance(measure, Count) and measure.field else "rows"
        return noisy[kind].round().cast(pl.Int64).clip(lower_bound=0)
    total = next(query for query in queries if query.kind in ("sum", "split"))
    if isinstance(measure, Sum):
        # The values' number is noisy only if the sum is one of distances from a centre.
        return noisy["sum"] + (noisy["values"] * total.centre if "values" in noisy else 0.0)
    number = noisy["values"].clip(lower_bound=1)
    distance = (noisy["sum"] / number).clip(-total.half, total.half)
    if isinstance(measure, Mean):
        return (total.centre + distance).clip(total.lower, total.upper)
    largest = total.half**2
    square = (largest / 2 + noisy["squares"] / number).clip(0, largest)
    variance = (square - distance**2).clip(0, largest)
    return variance.sqrt() if isinstance(measure, StandardDeviation) else variance


def _histogram(measure: Histogram, counts: tree.Cells) -> pa.Array:
    bins = list(pairwise(measure.edges))
    kind = pa.struct({"lower": pa.float64(), "upper": pa.float64(), "count": pa.int64()})
    rows = [
        [
            {"lower": low, "upper": high, "count": max(0, count)}
            for (low, high), count in zip(bins, row, strict=True)
        ]
        for row in counts.tolist()
    ]
    return pa.array(rows, pa.list_(kind))


def _top_k(measure: TopK, groups: Sequence[dict[Any, int]], kind: pa.DataType) -> pa.Array:
    rows = []
    for group in groups:
        # Of equal numbers the one that comes first: the order tells nothing of the exact ones.
        ranked = sorted(group.items(), key=lambda item: (-item[1], item[0]))[: measure.k]
        rows.append([{"value": value, "subjects": max(0, n)} for value, n in ranked])
    return pa.array(rows, pa.list_(pa.struct({"value": kind, "subjects": pa.int64()})))


def labels_of(axis: Axis) -> list[KeyValue | None]:
    """What the cells of an axis are called; None where there is no value."""
    stated: list[KeyValue | None] = list(axis.values or bin_labels(axis.edges or ()))
    return stated + [axis.other] * (axis.other is not None) + [None] * axis.missing


def _marginal(measure: Marginal, counts: tree.Cells) -> pa.Array:
    labels = {name: labels_of(axis) for name, axis in measure.axes.items()}
    kinds = {name: pa.scalar(of_axis[0]).type for name, of_axis in labels.items()}
    cells = [dict(zip(labels, cell, strict=True)) for cell in product(*labels.values())]
    rows = [
        [cell | {"count": max(0, n)} for cell, n in zip(cells, row, strict=True)]
        for row in counts.tolist()
    ]
    return pa.array(rows, pa.list_(pa.struct(kinds | {"count": pa.int64()})))


@dataclass(frozen=True)
class Error:
    """How far a measure is off, with probability 95% at least, by noise alone.

    Not counted: what bounding cut and clipped, and of a quantile the width of a bin.
    """

    size: float | None
    """None where it is in units of bounds that are not known yet."""
    per: Literal["group", "values", "root", "rank"] = "group"
    """group: plus or minus ``size``. values: ``size`` divided by the group's number of values.
    root: the root of that. rank: so many records from the place in their order."""

    def at(self, values: float) -> float | None:
        """The error in a group with so many values (of a rank: as a part of them)."""
        if self.size is None:
            return None
        match self.per:
            case "group":
                return self.size
            case "values" | "rank":
                return self.size / max(values, 1.0)
            case "root":
                return math.sqrt(self.size / max(values, 1.0))


def error_of(
    measure: Measure, release: ReleaseSettings, plan: Plan, bounds: Bounds = _NONE
) -> Error:
    """The measure's 95% error; needs no data.

    Args:
        bounds: Of fields with ``bounds: auto``: those found, or supposed.
    """
    queries: dict[str, Query] = {q.kind: q for q in resolved(measure, release, bounds)}
    if any(query.auto and query.half == 0 for query in queries.values() if query.kind != "values"):
        return Error(None, _per(measure))
    if "split" in queries:
        return _split_error(measure, queries, plan)
    # Each number may take an equal part of the 5% (union bound).
    alpha = 0.05 / len(queries)
    error = {k: plan.of(q).noise.error(alpha) * q.step for k, q in queries.items()}
    match measure:
        case Quantile() | Median():
            return Error(_rank_error(measure, plan, release), "rank")
        case Sum():
            # A sum of distances lacks its centre as often as there are values.
            return Error(error["sum"] + error.get("values", 0.0) * abs(queries["sum"].centre))
        case Mean():
            # |S'/n' - S/n| <= (|S'-S| + |S/n| |n'-n|) / n', and |S/n| <= half of the range.
            return Error(error["sum"] + error["values"] * queries["sum"].half, "values")
        case Bounded():
            half = queries["sum"].half
            mean = error["sum"] + error["values"] * half
            square = error["squares"] + error["values"] * half**2 / 2
            # |m'² - m²| <= 2 half |m' - m|; and |√v' - √v| <= √|v' - v|.
            return Error(square + 2 * half * mean, _per(measure))
        case _:
            return Error(next(iter(error.values())))


def _split_error(measure: Measure, queries: Mapping[str, Query], plan: Plan) -> Error:
    split = queries["split"]
    noise, half = plan.of(split).noise, split.half
    match measure:
        case Count():
            return Error(math.ceil(noise.error(0.05, 2 if measure.field else 3) * split.step))
        case Sum():
            # Each bound, as often as is counted to it: with less weight than the farther one has.
            farther = max(abs(split.lower), abs(split.upper))
            terms = sum(bound != 0 for bound in (split.lower, split.upper))
            return Error(noise.error(0.05, terms) * split.step * farther)
    # Of n' = u' + l' and S' = half (u' - l'): S'/n' - S/n is half/n' times (1 - r) (u' - u) less
    # (1 + r) (l' - l), where r in [-1, 1] is the mean's place; so at most 2 half/n' times the
    # greater of both, each of which may take an equal part (union bound).
    alpha = 0.05 / len(queries)
    part = noise.error(alpha / 2) * split.step
    mean = 2 * half * part
    if isinstance(measure, Mean):
        return Error(mean, "values")
    squares = queries["squares"]
    square = plan.of(squares).noise.error(alpha) * squares.step + 2 * part * half**2 / 2
    return Error(square + 2 * half * mean, _per(measure))


def _per(measure: Measure) -> Literal["group", "values", "root"]:
    if isinstance(measure, Sum):
        return "group"
    return "root" if isinstance(measure, StandardDeviation) else "values"


def _rank_error(measure: Ranked, plan: Plan, release: ReleaseSettings) -> float:
    [query] = needs(measure, release)
    return plan.of(query).noise.deviation * tree.rank_error(measure.bins, measure.at)
