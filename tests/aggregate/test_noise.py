"""The noise is what is stated, and neighbours cannot be told apart better than (ε, δ) allows.

Each statistical test fails once in a million runs although all is well (``checks.FALSE_ALARM``);
each check is shown to see the mutants that it is there for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import opendp.prelude as dp
import polars as pl
import pyarrow as pa
import pytest
from scipy.stats import binom

from tests.aggregate import checks
from tests.aggregate.checks import (
    DRAWS,
    FALSE_ALARM,
    Numbers,
    copies,
    exact_of,
    first_measure,
    keeps_its_promise,
    noise_fits,
    with_scale,
)
from tests.aggregate.support import MEASURES, release
from transforms.aggregate.mechanisms import Family, Noise
from transforms.aggregate.noise import Noisy, draw
from transforms.aggregate.planning import plan
from transforms.aggregate.queries import ROWS, STEPS, SUBJECTS
from transforms.aggregate.settings import ReleaseSettings

ROW = ("s0", "f", 0, "a", 0, 30.0)
DELTA = 1e-3
"""Large, so that what it allows can be seen in so many draws."""


def one(measure: str, **changes: Any) -> ReleaseSettings:
    """A release of one measure over one group."""
    given: dict[str, Any] = {
        "keys": ["a"],
        "max_rows_per_group": 3,
        "measures": [MEASURES[measure]],
    }
    return release(**given | changes)


NUMBERS = [MEASURES[name] for name in ("count", "count_subjects", "sum", "variance")]
CELLS = [MEASURES[name] for name in ("median", "histogram", "top_k of public values", "marginal")]


@pytest.mark.parametrize("family", list(Family))
def test_each_number_has_noise_of_the_stated_distribution(family: Family) -> None:
    distinct = MEASURES["count_distinct"]
    it = release(keys=["a"], measures=[*NUMBERS, distinct], max_rows_per_group=2, delta=DELTA)
    chosen = plan(it, family)
    exact = exact_of([ROW], it)
    noisy = draw(copies(exact, DRAWS), it, chosen)
    for m in chosen.mechanisms:
        if m.query.kind == "split":  # The row's value is the middle of its bounds.
            parts = noisy.cells[m.query.column] - [STEPS // 2, STEPS // 2, 0]
            assert np.abs(np.corrcoef(parts.T) - np.eye(3)).max() < 0.02  # 6 standard errors
            draws = parts.ravel().tolist()
        else:
            draws = (noisy.groups[m.query.column] - exact[m.query.column][0].as_py()).to_list()
        assert noise_fits(draws, m.noise), m.query.column
        # Any other scale would be seen: half of it, or a root of two.
        for factor in (0.5, 0.5**0.5, 2**0.5):
            assert not noise_fits(draws, Noise(family, m.noise.scale * factor))


@pytest.mark.parametrize("family", list(Family))
def test_each_cell_has_noise_of_the_stated_distribution(family: Family) -> None:
    it = release(keys=["a"], measures=CELLS, max_rows_per_group=2, delta=DELTA)
    chosen = plan(it, family)
    noisy = draw(copies(exact_of([], it).slice(0, 0), 1), it, chosen)
    assert all(cells.size == 0 for cells in noisy.cells.values())
    nothing = pl.DataFrame(exact_of([("s", "f", 0, "a", None, None, None, None)], it))
    noisy = draw(copies(nothing.to_arrow().cast(exact_of([], it).schema), 40_000), it, chosen)
    for m in chosen.mechanisms:
        if m.query.kind == "frequent":
            found = noisy.values[m.query.column]
            draws = [number for group in found for number in group.values()]
        else:
            cells = noisy.cells[m.query.column]
            if m.query.kind == "marginal":
                cells = cells[:, :-1]  # All but the one of missing values, where the row is.
            draws = cells.ravel().tolist()
        assert len(draws) >= DRAWS - 20_000
        assert noise_fits(draws, m.noise), m.query.column


def test_a_tree_has_independent_noise_in_every_node_and_the_sums_of_its_leaves() -> None:
    it = one("quantile", max_rows_per_group=1)
    chosen = plan(it)
    [m] = chosen.mechanisms
    noisy = draw(copies(exact_of([ROW], it), 400), it, chosen).cells[m.query.column]
    assert noisy.shape == (400, 334)
    # The row counts in its leaf (age 0 of -3 to 70: bin 12), in the node above and in the root.
    exact = [int(node in (0, 1, 34 + 12)) for node in range(334)]
    assert noise_fits((noisy - exact).ravel().tolist(), m.noise)
    assert not noise_fits((noisy[:, :1] - 3 * int(m.noise.scale)).ravel().tolist(), m.noise)


# (measure, what the second input has more of one subject, the number that is looked at)
MORE = [("new", "f", i, "a", 70, 60.0, code) for i, code in enumerate("wwwwww")]
SPREAD = [("new", "f", i, "a", 0, 0.0 if i % 2 else 60.0) for i in range(6)]


def cells(_: ReleaseSettings, noisy: Noisy) -> Numbers:
    """The bin that the subject fills, before anything is read off it: what is read tells less."""
    [found] = noisy.cells.values()
    return found[:, -1].astype(float)


def other_code(_: ReleaseSettings, noisy: Noisy) -> Numbers:
    """The cell of a marginal in which the subject is: another code, and the last bin."""
    [found] = noisy.cells.values()
    return found[:, 2 * 3 + 1].astype(float)


def number_of(value: str) -> Callable[[ReleaseSettings, Noisy], Numbers]:
    """A value's number of subjects; less than any if it does not show."""

    def look(_: ReleaseSettings, noisy: Noisy) -> Numbers:
        [found] = noisy.values.values()
        return np.fromiter((group.get(value, -1000) for group in found), float, len(found))

    return look


TOGETHER = [MEASURES["count"], MEASURES["count of values"] | {"name": "values"}, MEASURES["mean"]]
NOTHING = [("new", "f", i, "a", 70, None) for i in range(6)]
HALF = [("new", "f", i, "a", 70, 60.0 if i % 2 else None) for i in range(6)]


def part(place: int) -> Callable[[ReleaseSettings, Noisy], Numbers]:
    """What falls to the upper bound, to the lower one, or to missing values."""

    def look(_: ReleaseSettings, noisy: Noisy) -> Numbers:
        [found] = noisy.cells.values()
        return found[:, place].astype(float)

    return look


def least_part(_: ReleaseSettings, noisy: Noisy) -> Numbers:
    """Of two parts that a subject adds to: looked at together, they must not tell more."""
    [found] = noisy.cells.values()
    return np.minimum(found[:, 0], found[:, 2]).astype(float)


NEIGHBOURS: dict[str, tuple[list[Any], Any, dict[str, Any]]] = {
    "count": (MORE, first_measure, {}),
    "count of values": (MORE, first_measure, {}),
    "count_subjects": (MORE, first_measure, {}),
    "sum": (MORE, first_measure, {}),
    "mean": (MORE, first_measure, {}),
    "variance": (SPREAD, first_measure, {}),
    "standard_deviation": (MORE, first_measure, {}),
    "median": (MORE, cells, {}),
    "histogram": (MORE, cells, {}),
    "marginal": (MORE, other_code, {}),
    "top_k": (MORE, number_of("w"), {"delta": DELTA}),
    "top_k of public values": (
        [(*r[:6], "y") for r in MORE],
        number_of("y"),
        {"max_rows_per_group": 1},
    ),
    "count_distinct": ([(*r[:6], str(i)) for i, r in enumerate(MORE)], first_measure, {}),
}
NEIGHBOURS |= {
    "count beside its mean": (MORE, first_measure, {"measures": TOGETHER}),
    "values at the upper bound": (MORE, part(0), {"measures": TOGETHER}),
    "values at the lower bound": (
        [(*r[:5], 0.0) for r in NOTHING],
        part(1),
        {"measures": TOGETHER},
    ),
    "missing values": (NOTHING, part(2), {"measures": TOGETHER}),
    "values and missing ones": (HALF, least_part, {"measures": TOGETHER}),
}
ROWS_BEFORE = [(f"s{i}", "f", i, "a", 20, 30.0) for i in range(5)]


def case(measure: str) -> tuple[ReleaseSettings, list[Any], list[Any], Any]:
    more, look, changes = NEIGHBOURS[measure]
    full = [(*r, "x", None) if len(r) == 6 else (*r, None) for r in more]
    changes = {"measures": [MEASURES[measure]]} | changes if measure in MEASURES else changes
    return (
        release(**{"keys": ["a"], "max_rows_per_group": 3} | changes),
        [(*r, "x", None) for r in ROWS_BEFORE],
        full,
        look,
    )


@pytest.mark.parametrize("measure", NEIGHBOURS)
def test_neighbours_of_each_measure_stay_within_epsilon(measure: str) -> None:
    it, rows, more, look = case(measure)
    assert keeps_its_promise(it, plan(it), rows, more, look)


@pytest.mark.parametrize(
    "measure",
    ["count", "sum", "count_distinct", "values at the upper bound", "values at the lower bound",
     "missing values"],
)  # fmt: skip
def test_half_of_the_noise_is_noticed(measure: str) -> None:
    it, rows, more, look = case(measure)
    assert not keeps_its_promise(it, with_scale(plan(it), 0.5), rows, more, look)


def test_too_low_a_threshold_is_noticed() -> None:
    it, rows, more, look = case("top_k")
    chosen = plan(it)
    [m] = chosen.mechanisms
    assert m.threshold is not None
    low = dataclasses.replace(m, threshold=m.threshold // 2)
    mutant = dataclasses.replace(chosen, mechanisms=(low,))
    assert not keeps_its_promise(it, mutant, rows, more, look)


LOOSE = {"epsilon": 2.0, "delta": 0.03}
"""Where too little Gaussian noise shows most, in so many draws."""
TWO = {"keys": ["a", "b"], "max_groups": 2, "max_rows_per_group": 1}
IN_TWO = [("new", "f", i, "ab"[i % 2], 1, 1.0) for i in range(20)]
BEFORE_TWO = [("s0", "f", 0, "a", 1, 1.0), ("s1", "f", 1, "b", 1, 1.0)]


@pytest.mark.parametrize("family", list(Family))
def test_a_subject_in_two_groups_stays_within_epsilon_and_delta(family: Family) -> None:
    it = one("count", **TWO, **LOOSE)
    assert keeps_its_promise(it, plan(it, family), BEFORE_TWO, IN_TWO)


@pytest.mark.parametrize(("family", "factor"), [(Family.LAPLACE, 0.5), (Family.GAUSSIAN, 0.5**0.5)])
def test_noise_without_the_second_group_is_noticed(family: Family, factor: float) -> None:
    """L0 left out of L1, or its root out of L2."""
    it = one("count", **TWO, **LOOSE)
    mutant = with_scale(plan(it, family), factor)
    assert not keeps_its_promise(it, mutant, BEFORE_TWO, IN_TWO)


@pytest.mark.parametrize("bound", ["max_groups", "max_rows_per_group"])
def test_a_bound_off_by_one_is_noticed(bound: str) -> None:
    it = one("count", **TWO | {"max_groups": 1})
    exact = checks.one_more_of(bound)
    # Of one group the lesser of two says little: each sample takes both.
    rows, more = BEFORE_TWO, IN_TWO
    if bound == "max_rows_per_group":
        it = one("count", max_rows_per_group=1)
        rows, more = BEFORE_TWO[:1], [("new", "f", i, "a", 1, 1.0) for i in range(9)]
    assert keeps_its_promise(it, plan(it), rows, more)
    assert not keeps_its_promise(it, plan(it), rows, more, exact=exact)


def test_bounding_after_merging_is_noticed() -> None:
    it = one("count", max_rows_per_group=2)
    rows = [(f"s{i}", "f", i, "a", 1, 1.0) for i in range(9)]
    more = [("new", "f", i, "a", 1, 1.0) for i in range(99)]
    assert not keeps_its_promise(it, plan(it), rows, more, exact=checks.bounded_after_merging)


def test_noise_that_is_drawn_twice_is_noticed() -> None:
    it = one("count", max_rows_per_group=1)
    exact, chosen = exact_of(BEFORE_TWO[:1], it), plan(it)
    more = [("new", "f", 9, "a", 1, 1.0)]
    assert not keeps_its_promise(it, chosen, BEFORE_TWO[:1], more, draw=checks.drawn_twice)
    for how, right in ((draw, True), (checks.drawn_twice, False)):
        noisy = how(copies(exact, DRAWS), it, chosen).groups[ROWS.column]
        assert noise_fits((noisy - 1).to_list(), chosen.mechanisms[0].noise) == right


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize(("epsilon", "groups"), [(1.0, 1), (2.0, 2)])
def test_a_lone_subject_shows_no_more_often_than_delta(
    family: Family, epsilon: float, groups: int
) -> None:
    it = release(
        keys="private",
        measures=[MEASURES["count_subjects"]],
        epsilon=epsilon,
        delta=0.05,
        max_groups=groups,
    )
    chosen = plan(it, family)
    [selector] = chosen.mechanisms
    assert selector.threshold is not None
    lone = exact_of([("s", "f", 0, "a", 1, 1.0)], it)
    exact = copies(lone, groups * DRAWS)
    exact = exact.set_column(0, "clinic", pa.array(map(str, range(exact.num_rows))))
    shown = draw(exact, it, chosen).groups
    subjects = {int(number) // groups for number in shown["clinic"].to_list()}
    assert len(subjects) <= binom.ppf(1 - FALSE_ALARM, DRAWS, it.delta)
    # Not by far too high a threshold: one less would be too low.
    share = it.delta if family is Family.LAPLACE else it.delta / 2
    assert selector.noise.delta(selector.threshold - 1, groups) > share
    # One less shows too often, or the check would see nothing.
    if family is Family.LAPLACE:
        low = binom.ppf(FALSE_ALARM, DRAWS, selector.noise.delta(selector.threshold, 1))
        assert len(subjects) >= low


def test_opendp_alone_would_show_lone_subjects_too_often() -> None:
    """Guards the reason of ``Noise.delta``; if it fails, OpenDP has mended its map."""
    noise, threshold = Noise(Family.LAPLACE, 1.0), 5
    claimed = noise.above(threshold).map((1, 1, 1))[1]
    shown = len(noise.select(dict.fromkeys(range(DRAWS), 1), threshold))
    assert shown > binom.ppf(1 - FALSE_ALARM, DRAWS, claimed)
    assert claimed < noise.delta(threshold, 1)


def test_private_groups_below_the_threshold_are_gone_and_others_keep_all_queries() -> None:
    it = release(keys="private", delta=1e-6)
    frame = pl.DataFrame(exact_of([("s", "f", 0, "a", 1, 1.0)], it))
    groups = [
        frame.with_columns(clinic=pl.lit(f"{'crowd' if crowd else 'lone'}{i}"))
        .with_columns(pl.lit(10**6 if crowd else 1).alias(SUBJECTS.column))
        .cast(frame.schema)
        for crowd in (False, True)
        for i in range(50)
    ]
    noisy = draw(pl.concat(groups).to_arrow(), it, plan(it)).groups
    assert sorted(noisy["clinic"]) == sorted(f"crowd{i}" for i in range(50))
    numbers = [m.query for m in plan(it).mechanisms if m.query.kind != "split"]
    assert noisy.columns == ["clinic", *(query.column for query in numbers)]
    assert min(noisy[SUBJECTS.column]) > 10**6 - 1000


def test_no_groups_is_an_empty_table() -> None:
    it = release(keys="private", delta=1e-6, measures=list(MEASURES.values()))
    assert draw(exact_of([], it), it, plan(it)).groups.height == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda column: column.cast(pl.Float64),
        lambda column: column.shift(1),
        lambda column: column + 2**62,
    ],
)
def test_numbers_that_opendp_must_not_be_given_are_refused(
    spoil: Callable[[pl.Series], pl.Series],
) -> None:
    it = release()
    frame = pl.DataFrame(exact_of(BEFORE_TWO, it))
    with pytest.raises(AssertionError, match="no whole number of 62 bits"):
        draw(frame.with_columns(spoil(frame[ROWS.column])).to_arrow(), it, plan(it))


def test_opendp_takes_nan_in_silence() -> None:
    """Guards the reason of the check above."""
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.l1_distance(T=float)
    [number] = dp.m.make_laplace(*space, scale=1.0)([float("nan")])
    assert isinstance(number, float)
