"""Exact table -> noisy numbers, drawn once: the only place where privacy is spent.

Numbers are whole, and leave this module noisy or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.aggregate import extent, tree
from transforms.aggregate.mechanisms import Choice
from transforms.aggregate.needs import pairs_of, parts_of, values_of
from transforms.aggregate.planning import Mechanism, Plan
from transforms.aggregate.queries import ROWS, STEPS, SUBJECTS, Query
from transforms.aggregate.settings import ReleaseSettings

LARGEST = 2**61
"""Exact sums beyond it are refused: noise on top could leave 64 bits."""

Bounds = Mapping[str, tuple[float, float]]
"""By field: lower and upper bound that were found from the data."""


@dataclass(frozen=True)
class Noisy:
    """The groups that may be shown, each query with noise."""

    groups: pl.DataFrame
    """Their keys, and the queries of one number by column."""
    cells: dict[str, tree.Cells] = field(default_factory=dict)
    """By column: the queries of many numbers, a row for each group."""
    values: dict[str, list[dict[Any, int]]] = field(default_factory=dict)
    """By column: for each group the values that may be shown, with their numbers."""
    kinds: dict[str, pa.DataType] = field(default_factory=dict)
    """By column: the type of these values."""
    bounds: Bounds = field(default_factory=dict)


def draw(exact: pa.Table, release: ReleaseSettings, plan: Plan) -> Noisy:
    """Add noise. Each call spends the release's (ε, δ).

    ``exact`` has one row for each group: with public keys all of them, with private keys those met.
    """
    frame = pl.DataFrame(exact)
    bounds, frame = _find_bounds(frame, plan)
    numbers: dict[str, list[int]] = {}
    cells: dict[str, tree.Cells] = {}
    values: dict[str, list[dict[Any, int]]] = {}
    if plan.threshold is not None:
        selector = plan.of(SUBJECTS)
        # The row's number stands for the key; every row's noise is independent of it.
        whole = dict(enumerate(_whole(frame, selector.query)))
        shown = selector.noise.select(whole, plan.threshold)
        rows = sorted(shown)
        frame = frame[rows]
        numbers[SUBJECTS.column] = [shown[row] for row in rows]
    for m in plan.mechanisms:
        column = m.query.column
        match m.query.kind:
            case "extent" | "choice" | "chosen":
                continue
            case "split":
                cells[column] = _noised(_split(frame, m.query), m)
            case "histogram" | "marginal":
                cells[column] = _noised(_dense(frame, m.query), m)
            case "tree":
                cells[column] = _noised(tree.grow(_dense(frame, m.query)), m)
            case "frequent":
                values[column] = list(_frequent(frame, m))
            case _ if column not in numbers:
                numbers[column] = m.noise.add(_whole(frame, m.query))
    if release.tree:
        cells |= _tree(frame, release, plan, cells)
    noisy = pl.DataFrame(numbers, schema=dict.fromkeys(numbers, pl.Int64))
    groups = pl.concat([frame.select(release.group_by), noisy], how="horizontal")
    kinds = {name: exact.schema.field(name).type.value_type.field("cell").type for name in values}
    return Noisy(groups, cells, values, kinds, bounds)


def _whole(frame: pl.DataFrame, query: Query) -> list[int]:
    """The exact numbers, checked: OpenDP takes whatever it is given."""
    return _checked(frame[query.column], query).to_list()


def _checked(numbers: pl.Series, query: Query) -> pl.Series:
    if numbers.dtype != pl.Int64 or numbers.null_count() or (numbers.abs() > LARGEST).any():
        raise AssertionError(f"exact table: '{query.kind}' is no whole number of 62 bits")
    return numbers


def _split(frame: pl.DataFrame, query: Query) -> tree.Cells:
    """Of each group what falls to the upper bound, to the lower one, and to missing values."""
    columns = (query.column, values_of(query.field).column, ROWS.column)
    upper, values, rows = (_checked(frame[name], query).to_numpy() for name in columns)
    if (rows > LARGEST // STEPS).any():
        raise AssertionError(f"exact table: '{query.kind}' is no whole number of 62 bits")
    return np.stack([upper, values * STEPS - upper, (rows - values) * STEPS], axis=1)


def _noised(exact: tree.Cells, mechanism: Mechanism) -> tree.Cells:
    noisy = mechanism.noise.add(exact.ravel().tolist())
    return np.array(noisy, dtype=np.int64).reshape(exact.shape)


def _listed(frame: pl.DataFrame, query: Query) -> pl.DataFrame:
    """Cells of all groups: ``row`` (of the group), ``cell`` and its sums."""
    found = frame.select(query.column).with_row_index("row").explode(query.column)
    found = found.filter(pl.col(query.column).is_not_null()).unnest(query.column)
    _checked(found["n"], query)
    return found


def _dense(frame: pl.DataFrame, query: Query) -> tree.Cells:
    """All cells of each group, those that did not occur with 0."""
    found = _listed(frame, query)
    count = len(query.edges) - 1 if query.kind == "tree" else query.cells
    places = {value: place for place, value in enumerate(query.values)}
    cell = found["cell"]
    if places:
        cell = cell.replace_strict(list(places), list(places.values()), return_dtype=pl.Int64)
    table = np.zeros((frame.height, count), dtype=np.int64)
    table[found["row"].to_numpy(), cell.to_numpy()] = found["n"].to_numpy()
    return table


def _tree(
    frame: pl.DataFrame, release: ReleaseSettings, plan: Plan, alone: Mapping[str, tree.Cells]
) -> dict[str, tree.Cells]:
    """Noisy marginals of pairs that make a tree of all columns; by their columns.

    Edge by edge that pair is chosen, of those that join two parts, whose score is greatest.

    Source: McKenna, Miklau, Sheldon 2021, "Winning the NIST contest", algorithm 1 (MST).
    """
    single = {m.query.axes[0][0]: alone[m.query.column] for m in plan.mechanisms if m.query.axes}
    exact = {query: _dense(frame, query) for query in pairs_of(release)}
    scores = scores_of(exact, single)
    choices = [m for m in plan.mechanisms if m.query.kind == "choice"]
    measures = [m for m in plan.mechanisms if m.query.kind == "chosen"]
    part = {name: {name} for name in release.tree}
    chosen = {}
    for choice, measure in zip(choices, measures, strict=True):
        open_ = [q for q in scores if part[q.axes[0][0]] is not part[q.axes[1][0]]]
        assert isinstance(choice.noise, Choice)
        query = open_[choice.noise.choose([scores[q] for q in open_])]
        joined = part[query.axes[0][0]] | part[query.axes[1][0]]
        part |= dict.fromkeys(joined, joined)
        chosen[query.column] = _noised(exact[query], measure)
    return chosen


def scores_of(
    exact: Mapping[Query, tree.Cells], single: Mapping[str, tree.Cells]
) -> dict[Query, int]:
    """How far (L1) each pair's counts are from what the noisy marginals of its columns foretell.

    What is foretold is whole, and so is a score: a subject's records change it by their number at
    most.
    """
    return {
        query: int(np.abs(counts - _foretold(*(single[name] for name, _ in query.axes))).sum())
        for query, counts in exact.items()
    }


def _foretold(one: tree.Cells, other: tree.Cells) -> tree.Cells:
    """Whole counts of all pairs of cells, were they independent."""
    first, second = (np.maximum(cells.ravel(), 0).astype(np.float64) for cells in (one, other))
    whole = max((first.sum() + second.sum()) / 2, 1.0)
    shares = second / max(second.sum(), 1.0)
    foretold = np.outer(first / max(first.sum(), 1.0) * whole, shares)
    return np.rint(foretold).astype(np.int64).reshape(1, -1)


def _frequent(frame: pl.DataFrame, m: Mechanism) -> Iterator[dict[Any, int]]:
    """For each group the values with their noisy numbers of subjects: all public ones, or those of
    the data that reach the threshold."""
    if m.threshold is None:
        for row in _noised(_dense(frame, m.query), m).tolist():
            yield dict(zip(m.query.values, row, strict=True))
        return
    found = _listed(frame, m.query)
    shown = m.noise.select(dict(enumerate(found["n"].to_list())), m.threshold)
    groups: list[dict[Any, int]] = [{} for _ in range(frame.height)]
    rows, cells = found["row"].to_list(), found["cell"].to_list()
    for place in sorted(shown):
        groups[rows[place]][cells[place]] = shown[place]
    yield from groups


def _find_bounds(frame: pl.DataFrame, plan: Plan) -> tuple[Bounds, pl.DataFrame]:
    """Noisy bounds of each field that asks for them, and the sums between these bounds."""
    bounds: dict[str, tuple[float, float]] = {}
    for m in plan.mechanisms:
        if m.query.kind != "extent":
            continue
        parts = _listed(frame, parts_of(m.query.field))
        totals = dict(parts.group_by("cell").agg(pl.col("n").sum()).iter_rows())
        noisy = m.noise.add([totals.get(index, 0) for index in extent.INDICES])
        found = extent.choose(noisy, m.noise.error(0.05 / len(extent.INDICES)))
        bounds[m.query.field] = (found.lower, found.upper)
        wanted = [q for q in (it.query for it in plan.mechanisms) if _is_made(q, m.query.field)]
        cells: list[list[extent.Cell]] = [[] for _ in range(frame.height)]
        for row, *numbers in parts.select("row", "cell", "n", "s", "q").iter_rows():
            cells[row].append(extent.Cell(*numbers))
        for query in wanted:
            sums = [
                found.squares(group, STEPS)
                if query.kind == "squares"
                else found.total(group, STEPS, query.centred)
                for group in cells
            ]
            frame = frame.with_columns(pl.Series(query.column, sums, dtype=pl.Int64))
    return bounds, frame


def _is_made(query: Query, field: str) -> bool:
    return query.auto and query.kind != "extent" and query.field == field
