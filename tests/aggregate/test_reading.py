"""Measures are what they are called, and their errors are as stated."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aggregate.checks import copies, exact_of
from tests.aggregate.support import MEASURES, release
from transforms.aggregate import tree
from transforms.aggregate.extent import BINS, LEAST, Cell, Extent, bin_of_value, choose
from transforms.aggregate.extent import steps_of_value as steps_of
from transforms.aggregate.mechanisms import Family
from transforms.aggregate.noise import draw
from transforms.aggregate.planning import plan
from transforms.aggregate.queries import STEPS
from transforms.aggregate.reading import error_of, read_off

_RANDOM = random.Random(1)
MINUTES = [float(_RANDOM.randint(0, 60)) for _ in range(4000)]
AGES = [_RANDOM.randint(0, 70) for _ in range(4000)]
ROWS = [(f"s{i}", "f", i, "a", AGES[i], MINUTES[i], "xyyzzz"[i % 6], None) for i in range(4000)]


def read(name: str, epsilon: float = 1e8, rows: list[Any] = ROWS, **changes: Any) -> Any:
    it = release(keys=["a"], measures=[MEASURES[name]], epsilon=epsilon, **changes)
    noisy = draw(exact_of(rows, it), it, plan(it))
    return read_off(it.measures[0], it, noisy).to_pylist()[0]


def test_with_a_huge_epsilon_each_measure_is_what_numpy_says() -> None:
    delta = {"delta": 1e-6}
    assert read("count") == read("count of values") == read("count_subjects") == 4000
    assert read("sum") == pytest.approx(sum(AGES), rel=1e-5)
    assert read("mean") == pytest.approx(np.mean(MINUTES), rel=1e-5)
    assert read("variance") == pytest.approx(np.var(MINUTES), rel=1e-4)
    assert read("standard_deviation") == pytest.approx(np.std(AGES), rel=1e-4)
    assert read("median") == pytest.approx(np.median(MINUTES), abs=15)  # the width of a bin
    assert read("quantile") == pytest.approx(np.quantile(AGES, 0.9), abs=1)
    counts = [sum(age < 2 for age in AGES), sum(age >= 2 for age in AGES)]
    assert [bin["count"] for bin in read("histogram")] == counts
    assert [(bin["lower"], bin["upper"]) for bin in read("histogram")] == [(0, 2), (2, 50)]
    top = [{"value": "z", "subjects": 1999}, {"value": "y", "subjects": 1334}]
    assert read("top_k", **delta) == top
    assert read("top_k of public values", **delta) == [
        {"value": "y", "subjects": 1334},
        {"value": "x", "subjects": 667},
    ]
    assert read("count_distinct") == 3
    assert read("auto sum") == pytest.approx(sum(MINUTES), rel=1e-4)
    assert read("auto variance") == pytest.approx(np.var(AGES), rel=1e-3)


def test_a_group_of_nothing_has_no_quantile_and_stays_within_bounds() -> None:
    nothing = [("s", "f", 0, "a", None, None, None, None)]
    assert read("median", rows=nothing) is None
    assert read("mean", rows=nothing) == pytest.approx(30, abs=1e-3)
    assert read("variance", rows=nothing) == pytest.approx(450, abs=1)
    assert read("top_k", rows=nothing, delta=1e-6) == []


@pytest.mark.parametrize("epsilon", [0.01, 1.0])
@pytest.mark.parametrize("name", [n for n in MEASURES if n not in ("top_k", "quantile")])
def test_whatever_the_noise_no_measure_leaves_its_bounds(name: str, epsilon: float) -> None:
    it = release(keys=["a"], measures=[MEASURES[name]], epsilon=epsilon, delta=1e-6)
    noisy = draw(copies(exact_of(ROWS[:3], it), 300), it, plan(it))
    column = pl.Series(read_off(it.measures[0], it, noisy).to_pylist())
    lower, upper = {
        "mean": (0.0, 60.0),
        "median": (0.0, 60.0),
        "variance": (0.0, 900.0),
        "standard_deviation": (0.0, 36.5),
    }.get(name, (0.0, math.inf))
    if column.dtype == pl.List:
        field = "subjects" if "top_k" in name else "count"
        column = column.explode().struct.field(field)
    if "sum" not in name and not name.startswith("auto"):
        assert column.drop_nulls().is_between(lower, upper).all()
    assert not column.drop_nulls().cast(pl.Float64).is_nan().any()


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize(
    "name", ["count", "count_subjects", "sum", "mean", "variance", "standard_deviation",
             "count_distinct"],
)  # fmt: skip
def test_stated_errors_hold_in_95_of_100(name: str, family: Family) -> None:
    # 4,000 draws; a false alarm once in a million (95% - 5 standard errors).
    rows = ROWS[:500]
    it = release(keys=["a"], measures=[MEASURES[name]], delta=1e-6, epsilon=3.0)
    chosen = plan(it, family)
    exact = exact_of(rows, it)
    noisy = draw(copies(exact, 4000), it, chosen)
    column = read_off(it.measures[0], it, noisy).to_numpy(zero_copy_only=False)
    error = error_of(it.measures[0], it, chosen).at(len(rows))
    assert error is not None
    off = np.abs(column - read(name, rows=rows))
    assert (off <= error * (1 + 1e-3)).mean() > 0.95 - 5 * math.sqrt(0.05 * 0.95 / 4000)


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize(("at", "bins"), [(0.5, 60), (0.9, 300)])
def test_the_stated_error_of_a_rank_holds(at: float, bins: int, family: Family) -> None:
    # 300 draws; a false alarm once in a million.
    measure = {"kind": "quantile", "at": at, "field": "minutes", "lower": 0, "upper": 60}
    it = release(keys=["a"], measures=[measure | {"bins": bins}], delta=1e-6, epsilon=1.0)
    chosen = plan(it, family)
    noisy = draw(copies(exact_of(ROWS, it), 300), it, chosen)
    found = read_off(it.measures[0], it, noisy).to_numpy(zero_copy_only=False)
    error = error_of(it.measures[0], it, chosen).size
    assert error is not None
    ordered, width = np.sort(MINUTES), 60 / bins
    # Whole minutes are all at the lower edge of their bin, as if spread over it.
    least = np.searchsorted(ordered, found - width, side="left")
    most = np.searchsorted(ordered, found + width, side="right")
    rank = at * len(ROWS)
    within = (least - error <= rank) & (rank <= most + error)
    assert within.mean() > 0.95 - 5 * math.sqrt(0.05 * 0.95 / 300)
    assert error < len(ROWS) / 4  # It tells something.


def test_errors_of_unknown_bounds_wait_for_them() -> None:
    it = release(keys=["a"], measures=[MEASURES["auto sum"]])
    chosen = plan(it)
    assert error_of(it.measures[0], it, chosen).at(100) is None
    one = error_of(it.measures[0], it, chosen, {"minutes": (0.0, 64.0)}).at(100)
    two = error_of(it.measures[0], it, chosen, {"minutes": (0.0, 128.0)}).at(100)
    assert one is not None and two == pytest.approx(2 * one)


def test_errors_fall_with_epsilon_and_the_size_of_the_group() -> None:
    mean = MEASURES["mean"]
    cheap, dear = (release(keys=["a"], measures=[mean], epsilon=e) for e in (0.1, 1.0))
    errors = [error_of(it.measures[0], it, plan(it)) for it in (cheap, dear)]
    assert errors[0].at(100) == pytest.approx(10 * errors[1].at(100), rel=0.05)  # type: ignore[operator]
    assert errors[0].at(1000) == pytest.approx(errors[0].at(100) / 10)  # type: ignore[operator]


@given(st.lists(st.floats(-1e10, 1e10), min_size=1, max_size=20), st.data())
@settings(deadline=None)
def test_sums_over_parts_are_those_of_clipped_values(values: list[float], data: Any) -> None:
    ends = data.draw(st.tuples(st.integers(-BINS, BINS), st.integers(-BINS, BINS)).map(sorted))
    found = Extent(*ends)
    frame = pl.DataFrame({"x": values}).select(
        "x", cell=bin_of_value(pl.col("x")), s=steps_of(pl.col("x"), bin_of_value(pl.col("x")))
    )
    assert frame["s"].abs().max() <= 2**14  # type: ignore[operator]
    cells = [Cell(cell, 1, s, s * s) for _, cell, s in frame.iter_rows()]
    lower, upper = found.lower, found.upper
    assert lower < upper
    for centred in (True, False):
        centre = (lower + upper) / 2 if centred else 0.0
        most = max(upper - centre, centre - lower)
        shown = (0.0 if abs(v) < 2.0**LEAST else v for v in values)
        plain = sum(min(max(v, lower), upper) - centre for v in shown) / most * STEPS
        total = found.total(cells, STEPS, centred)
        assert abs(total) <= STEPS * len(cells)
        # Values are rounded to a part in 2^14 of their size, tiny ones to 0.
        assert total == pytest.approx(plain, abs=STEPS * len(cells) * 2.0**-12 + 1)
    assert abs(found.squares(cells, STEPS)) <= STEPS * len(cells)


def test_bounds_are_the_bins_that_stand_out_of_the_noise() -> None:
    noisy = [0] * (2 * BINS + 1)
    noisy[BINS + 11], noisy[BINS + 13], noisy[BINS + 30], noisy[3] = 500, 90, 20, -400
    assert choose(noisy, 50) == Extent(11, 13)
    assert (Extent(11, 13).lower, Extent(11, 13).upper) == (1.0, 8.0)
    assert choose(noisy, 1000) == Extent(11, 11)  # None stands out: the likeliest.
    assert (Extent(-3, 2).lower, Extent(-3, 2).upper) == (-(2.0 ** (LEAST + 3)), 2.0 ** (LEAST + 2))
    assert Extent(0, 0).upper == 2.0**LEAST


def test_bounds_from_the_data_fit_the_data() -> None:
    it = release(keys=["a"], measures=[MEASURES["auto sum"]], epsilon=1.0)
    bounds = [draw(exact_of(ROWS, it), it, plan(it)).bounds["minutes"] for _ in range(50)]
    assert sum(upper == 64.0 and lower <= 2.0 for lower, upper in bounds) > 40


@pytest.mark.parametrize("bins", [2, 10, 200, 301])
def test_trees_without_noise_give_their_quantiles_back(bins: int) -> None:
    leaves = np.random.default_rng(1).integers(0, 50, (3, bins))
    edges = [float(edge) for edge in range(bins + 1)]
    nodes = tree.grow(leaves)
    assert nodes.shape == (3, tree.nodes(bins))
    for row, found in zip(leaves, tree.quantiles(nodes, edges, [0.1, 0.5, 0.9]), strict=True):
        totals = np.concatenate([[0], np.cumsum(row)])
        expected = np.interp([t * totals[-1] for t in (0.1, 0.5, 0.9)], totals, edges)
        assert found == pytest.approx(expected, abs=1e-6)
    assert tree.quantiles(np.zeros((1, tree.nodes(bins)), dtype=np.int64), edges, [0.5]) == [None]
