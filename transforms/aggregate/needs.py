"""Which queries a release needs for its measures, and what part of the budget each has."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import combinations
from typing import Literal

from transforms.aggregate.measures import (
    Axis,
    Bounded,
    Count,
    CountDistinct,
    CountSubjects,
    Histogram,
    Marginal,
    Mean,
    Measure,
    Median,
    Quantile,
    Spread,
    Sum,
    TopK,
)
from transforms.aggregate.queries import ROWS, SUBJECTS, Query
from transforms.aggregate.settings import ReleaseSettings


def values_of(field: str) -> Query:
    """The number of a field's values."""
    return Query(f"values:{field}", "values", field)


def _moment(kind: Literal["sum", "squares"], measure: Bounded, centred: bool) -> Query:
    field, name = measure.field, f"{kind}:{measure.field}"
    if measure.auto:
        where = "auto:middle" if centred else "auto:0"
        return Query(f"{name}:{where}", kind, field, centred=centred, auto=True)
    assert measure.lower is not None and measure.upper is not None
    query = Query("", kind, field, measure.lower, measure.upper, centred)
    return replace(query, column=f"{name}:{query.lower!r}:{query.upper!r}:{query.centre!r}")


def _split(measure: Bounded) -> Query:
    assert measure.lower is not None and measure.upper is not None
    column = f"split:{measure.field}:{measure.lower!r}:{measure.upper!r}"
    return Query(column, "split", measure.field, measure.lower, measure.upper, centred=True)


def _binned(kind: Literal["histogram", "tree"], field: str, edges: tuple[float, ...]) -> Query:
    return Query(f"{kind}:{field}:{_digest(edges)}", kind, field, edges=edges)


def _digest(cells: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(cells).encode()).hexdigest()[:12]


def extent_of(field: str) -> Query:
    """The histogram from which a field's bounds are found."""
    return Query(f"extent:{field}", "extent", field, auto=True)


def parts_of(field: str) -> Query:
    """The sums from which a field's others are made, once its bounds are known."""
    return Query(f"parts:{field}", "parts", field, auto=True)


def _has_centred(release: ReleaseSettings, measure: Sum) -> bool:
    """Whether another measure needs the sum of distances from the middle of the same bounds."""
    return any(
        isinstance(other, Mean | Spread)
        and (other.field, other.lower, other.upper) == (measure.field, measure.lower, measure.upper)
        for other in release.measures
    )


def _counted(measure: Count, release: ReleaseSettings) -> Query:
    """A split of the counted field (of any, if records are counted), or a number of its own."""
    stated = (m for m in release.measures if isinstance(m, Mean | Spread) and not m.auto)
    alone = ROWS if measure.field is None else values_of(measure.field)
    return next((_split(m) for m in stated if measure.field in (None, m.field)), alone)


def needs(measure: Measure, release: ReleaseSettings) -> list[Query]:
    """The queries that the measure is computed from.

    A mean takes the values split between their bounds; a variance the sum of their squared
    distances from the middle as well. A sum whose mean or variance is asked too, and a count of
    records or of the field's values, are read off the same split. Where bounds are found from the
    data there is no split, but a sum of distances from the middle, and a number of values.
    """
    match measure:
        case Count():
            return [_counted(measure, release)]
        case CountSubjects():
            return [SUBJECTS]
        case Sum() if not _has_centred(release, measure):
            return [_moment("sum", measure, centred=False)]
        case Sum() | Mean() if measure.auto:
            return [_moment("sum", measure, centred=True), values_of(measure.field)]
        case Sum() | Mean():
            return [_split(measure)]
        case Quantile() | Median():
            return [_binned("tree", measure.field, measure.edges)]
        case Histogram():
            return [_binned("histogram", measure.field, measure.edges)]
        case CountDistinct():
            return [Query(f"distinct:{measure.field}", "distinct", measure.field)]
        case TopK():
            values = tuple(measure.values or ())
            column = f"frequent:{measure.field}:{_digest(values) if values else 'private'}"
            return [Query(column, "frequent", measure.field, values=values)]
        case Marginal():
            return [_marginal(tuple(measure.axes.items()))]
        case _ if measure.auto:
            return [
                _moment("squares", measure, centred=True),
                _moment("sum", measure, centred=True),
                values_of(measure.field),
            ]
        case _:
            return [_moment("squares", measure, centred=True), _split(measure)]


def queries_of(release: ReleaseSettings) -> list[Query]:
    """All distinct queries of a release that get noise.

    With private keys the first is the number of subjects, whose noisy value selects the groups.
    """
    first = [SUBJECTS] if release.private else []
    extents = [extent_of(field) for field in release.auto_fields]
    wanted = [query for measure in release.measures for query in needs(measure, release)]
    return list(dict.fromkeys([*first, *extents, *wanted, *_choices(release)]))


def pairs_of(release: ReleaseSettings) -> list[Query]:
    """The marginals of all pairs of columns among which a tree is chosen."""
    axes = {name: axes_of(release)[name] for name in release.tree}
    return [_marginal(pair) for pair in combinations(axes.items(), 2)]


def _marginal(axes: tuple[tuple[str, Axis], ...]) -> Query:
    return Query(f"marginal:{_digest(axes)}", "marginal", axes=axes)


def _choices(release: ReleaseSettings) -> list[Query]:
    """A tree over n columns is chosen edge by edge: n - 1 choices, and as many marginals."""
    edges = range(1, len(release.tree))
    return [
        *(Query(f"choice:{edge}", "choice") for edge in edges),
        *(Query(f"chosen:{edge}", "chosen") for edge in edges),
    ]


def shares_of(release: ReleaseSettings) -> dict[Query, float]:
    """Share of the budget of each noisy query; they add up to 1.

    Each has the largest weight of the measures that it serves (1 if it only selects the groups); a
    split for each of the numbers that are read off it, as if each were noised by itself. So no
    number has more noise for being read off a split, and others have less.
    histograms for ``bounds: auto`` have ``bounds_share`` together, the others the rest. Where a
    tree of pairs is chosen, a third is for choosing, a third for the chosen pairs, and a third for
    all else (McKenna, Miklau, Sheldon 2021, algorithm 1).
    """
    queries = queries_of(release)
    numbers: dict[tuple[Query, str], float] = {}
    for measure in release.measures:
        for query in needs(measure, release):
            for number in _read_off(measure, query):
                old = numbers.get((query, number), 0.0)
                numbers[query, number] = max(old, measure.weight)
    weights = dict.fromkeys(queries, 0.0)
    for (query, _), weight in numbers.items():
        weights[query] += weight
    if release.private and weights[SUBJECTS] == 0.0:
        weights[SUBJECTS] = 1.0
    extents = [query for query in queries if query.kind == "extent"]
    for_bounds = release.bounds_share if extents else 0.0
    total = sum(weights.values())
    if release.tree:
        edges = len(release.tree) - 1
        return {
            query: 1 / (3 * edges) if query.kind in ("choice", "chosen") else weight / (3 * total)
            for query, weight in weights.items()
        }
    return {
        query: for_bounds / len(extents)
        if query.kind == "extent"
        else (1 - for_bounds) * weight / total
        for query, weight in weights.items()
    }


def _read_off(measure: Measure, query: Query) -> tuple[str, ...]:
    """The numbers that a measure takes from a query."""
    if query.kind != "split":
        return (query.kind,)
    if isinstance(measure, Count):
        return ("rows",) if measure.field is None else ("values",)
    return ("values", "sum")


def exact_queries(release: ReleaseSettings) -> list[Query]:
    """The queries that the exact table holds: those of the release that are sums over its rows,
    both counts, numbers of values beside splits, and parts for those whose bounds are not known
    yet."""
    sums = [query for query in queries_of(release) if query.kind not in ("choice", "chosen")]
    given = [query for query in sums if not query.auto]
    parts = [parts_of(field) for field in release.auto_fields]
    beside = [values_of(query.field) for query in given if query.kind == "split"]
    return list(dict.fromkeys([SUBJECTS, ROWS, *given, *beside, *parts, *pairs_of(release)]))


def numeric_fields(release: ReleaseSettings) -> list[str]:
    """The fields of which a release reads numbers."""
    exact = (q for q in exact_queries(release) if q.kind not in ("distinct", "frequent"))
    return list(dict.fromkeys(q.field for q in exact if q.field))


def axes_of(release: ReleaseSettings) -> dict[str, Axis]:
    """The fields whose cells a release counts combinations of."""
    marginals = (measure for measure in release.measures if isinstance(measure, Marginal))
    return {name: axis for marginal in marginals for name, axis in marginal.axes.items()}


def published_fields(release: ReleaseSettings) -> list[str]:
    """The fields of which a release shows values as they are: those that make groups without time
    buckets or bins, those of ``top_k``, and those of which a marginal lists values."""
    coarse = release.periods.keys() | release.bins.keys()
    shown = [name for name in release.group_by if name not in coarse]
    shown += [name for name, axis in axes_of(release).items() if axis.edges is None]
    return list(
        dict.fromkeys([*shown, *(m.field for m in release.measures if isinstance(m, TopK))])
    )


def hidden_fields(release: ReleaseSettings) -> list[str]:
    """The fields of which a release shows no value: what is measured, bucketed or binned."""
    counted = (m.field for m in release.measures if isinstance(m, CountDistinct))
    binned = [name for name, axis in axes_of(release).items() if axis.edges is not None]
    measured = numeric_fields(release)
    return list(dict.fromkeys([*release.periods, *release.bins, *measured, *counted, *binned]))


def raw_fields(release: ReleaseSettings) -> list[str]:
    """The fields of which a release reads values as they are."""
    exact = (q for q in exact_queries(release) if q.kind in ("distinct", "frequent"))
    return list(dict.fromkeys(q.field for q in exact))
