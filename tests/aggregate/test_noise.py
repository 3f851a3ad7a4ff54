"""The noise is what is stated, and neighbours cannot be told apart better than (ε, δ) allows.

Each statistical test states its false-alarm rate: how often it fails although all is well.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import opendp.prelude as dp
import polars as pl
import pyarrow as pa
import pytest
from scipy.stats import binom, chisquare, dlaplace

from transforms.aggregate.bounding import exact_queries
from transforms.aggregate.noise import Plan, delta_of, draw, plan
from transforms.aggregate.queries import ROWS, SUBJECTS
from transforms.aggregate.settings import ReleaseSettings, stated

FALSE_ALARM = 1e-6
DRAWS = 50_000
MEASURES = [
    {"kind": "count"},
    {"kind": "sum", "field": "age", "lower": -3, "upper": 70},
    {"kind": "mean", "field": "minutes", "lower": 0, "upper": 60},
]


def release(**changes: Any) -> ReleaseSettings:
    given = {
        "name": "r",
        "group_by": ["g"],
        "keys": list(range(100)),
        "measures": MEASURES,
        "epsilon": 1.0,
        "max_groups": 2,
        "max_rows_per_group": 3,
    }
    return ReleaseSettings.model_validate(given | changes)


def exact(release: ReleaseSettings, groups: int, **values: int) -> pa.Table:
    """A table of equal groups: as many independent draws at once."""
    columns = {q.column: [values.get(q.kind, 0)] * groups for q in exact_queries(release)}
    return pa.table({"g": range(groups), **columns})


def with_scales(chosen: Plan, factor: float) -> Plan:
    return dataclasses.replace(
        chosen,
        mechanisms=tuple(dataclasses.replace(m, scale=m.scale * factor) for m in chosen.mechanisms),
    )


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 1 / 3, 1.0, 7.7, 1e6])
@pytest.mark.parametrize("private", [False, True])
def test_the_loss_is_within_what_is_stated_and_uses_nearly_all_of_it(
    epsilon: float, private: bool
) -> None:
    how: dict[str, Any] = {"keys": "private", "delta": 1e-6} if private else {}
    it = release(epsilon=epsilon, **how)
    chosen = plan(it)
    independent = sum(m.sensitivity / m.scale for m in chosen.mechanisms)
    assert stated(chosen.loss.epsilon) <= stated(epsilon)
    assert chosen.loss.epsilon == pytest.approx(independent, rel=1e-9)
    assert chosen.loss.epsilon == pytest.approx(epsilon, rel=1e-9)
    assert chosen.loss.delta <= it.delta


def test_sensitivities_by_hand() -> None:
    chosen = plan(release(keys="private", delta=1e-6))
    in_units = {m.query.column: m.sensitivity * m.query.step for m in chosen.mechanisms}
    assert in_units == pytest.approx(
        {
            "n:subjects": 2,  # 2 groups
            "n:rows": 6,  # 2 groups x 3 rows
            "sum:age:-3.0:70.0:0.0": 6 * 70,  # the farther bound
            "sum:minutes:0.0:60.0:30.0": 6 * 30,  # half of the range
            "values:minutes": 6,
        }
    )


def test_a_sum_beside_its_mean_costs_nothing() -> None:
    both = release(measures=[MEASURES[2], MEASURES[2] | {"kind": "sum"}])
    assert plan(both).mechanisms == plan(release(measures=[MEASURES[2]])).mechanisms


def noise_fits(draws: list[int], scale: float) -> bool:
    """Chi-squared test of the discrete Laplace distribution."""
    law = dlaplace(1 / scale)
    inner = np.unique(law.ppf(np.linspace(0.02, 0.98, 49)))
    edges = np.concatenate([[-np.inf], inner, [np.inf]])
    expected = np.diff(law.cdf(edges)) * len(draws)
    # Bins are (a, b], as the distribution function has it.
    observed = np.bincount(np.searchsorted(inner, draws, side="left"), minlength=len(expected))
    return bool(chisquare(observed, expected).pvalue > FALSE_ALARM)


@pytest.mark.parametrize("factor", [1.0, 0.5, 1 / math.sqrt(2), 2.0])
def test_each_query_has_discrete_laplace_noise_of_the_stated_scale(factor: float) -> None:
    it = release()
    chosen = plan(it)
    noisy = draw(exact(it, DRAWS, rows=7), it, with_scales(chosen, factor))
    for m in chosen.mechanisms:
        zero = 7 if m.query == ROWS else 0
        draws = [number - zero for number in noisy[m.query.column].to_list()]
        # Any other scale must be seen: half of it, or the root of it left out.
        assert noise_fits(draws, m.scale) == (factor == 1.0)


def told_apart(it: ReleaseSettings, chosen: Plan) -> bool:
    """Whether some event shows that a subject was added to two groups by more than e^ε."""
    most = it.max_rows_per_group
    seen = []
    for rows in (0, most):
        numbers = draw(exact(it, 2 * DRAWS, rows=rows), it, chosen)["n:rows"].to_numpy()
        seen.append(numbers.reshape(DRAWS, 2))  # Two groups at a time.
    for cut in range(0, most + 1):
        without, with_subject = (int((pair >= cut).all(axis=1).sum()) for pair in seen)
        allowed = math.exp(it.epsilon) * (without + 5 * math.sqrt(without))
        if with_subject - 5 * math.sqrt(with_subject) > allowed:  # About 1e-6 each.
            return True
    return False


def test_neighbours_stay_within_epsilon() -> None:
    it = release(measures=[{"kind": "count"}])
    assert not told_apart(it, plan(it))


def test_too_little_noise_would_be_noticed() -> None:
    it = release(measures=[{"kind": "count"}])
    assert told_apart(it, with_scales(plan(it), 0.5))


@pytest.mark.parametrize(("epsilon", "groups"), [(1.0, 1), (3.0, 1), (2.0, 2)])
def test_a_lone_subject_shows_no_more_often_than_delta(epsilon: float, groups: int) -> None:
    it = release(
        keys="private",
        measures=[{"kind": "count_subjects"}],
        epsilon=epsilon,
        delta=0.05,
        max_groups=groups,
    )
    chosen = plan(it)
    [selector] = chosen.mechanisms
    shown = draw(exact(it, groups * DRAWS, subjects=1), it, chosen)
    subjects = {number // groups for number in shown["g"].to_list()}
    assert len(subjects) <= binom.ppf(1 - FALSE_ALARM, DRAWS, it.delta)
    # Not by far too high a threshold: one less would be too low.
    assert selector.threshold is not None
    assert delta_of(selector.scale, selector.threshold - 1, groups) > it.delta
    # The formula tells the truth, and so is not the same mistake twice.
    expected = 1 - (1 - delta_of(selector.scale, selector.threshold, 1)) ** groups
    low, high = binom.ppf([FALSE_ALARM, 1 - FALSE_ALARM], DRAWS, expected)
    assert low <= len(subjects) <= high


def test_opendp_alone_would_show_lone_subjects_too_often() -> None:
    """Guards the reason of ``noise.delta_of``; if it fails, OpenDP has mended its map."""
    space = (
        dp.map_domain(dp.atom_domain(T=dp.i64), dp.atom_domain(T=dp.i64)),
        dp.l01inf_distance(dp.absolute_distance(T=dp.i64)),
    )
    measurement = dp.m.make_laplace_threshold(*space, scale=1.0, threshold=5)
    claimed = measurement.map((1, 1, 1))[1]
    shown = len(measurement(dict.fromkeys(range(DRAWS), 1)))
    assert shown > binom.ppf(1 - FALSE_ALARM, DRAWS, claimed)
    assert claimed < delta_of(1.0, 5, 1)


def test_private_groups_below_the_threshold_are_gone_and_others_keep_all_queries() -> None:
    it = release(keys="private", delta=1e-6)
    lone, crowd = exact(it, 50, subjects=1), exact(it, 50, subjects=10**6, rows=10**6)
    crowd = crowd.set_column(0, "g", pa.array(range(50, 100)))
    noisy = draw(pa.concat_tables([lone, crowd]), it, plan(it))
    assert noisy["g"].to_list() == list(range(50, 100))
    assert noisy.columns == ["g", *(m.query.column for m in plan(it).mechanisms)]
    assert noisy[SUBJECTS.column].min() > 10**6 - 1000


def empty(it: ReleaseSettings) -> pa.Table:
    return exact(it, 0).cast(exact(it, 1).schema)


def test_no_groups_is_an_empty_table() -> None:
    it = release(keys="private", delta=1e-6)
    assert draw(empty(it), it, plan(it)).height == 0


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
    frame = pl.DataFrame(exact(it, 3))
    with pytest.raises(AssertionError, match="no whole number of 62 bits"):
        draw(frame.with_columns(spoil(frame[ROWS.column])).to_arrow(), it, plan(it))
