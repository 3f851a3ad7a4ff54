"""What a release's budget buys, told without any data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.aggregate.support import MEASURES, release
from transforms.aggregate.mechanisms import Family
from transforms.aggregate.needs import extent_of, shares_of
from transforms.aggregate.planning import Plan, plan
from transforms.aggregate.queries import STEPS
from transforms.aggregate.settings import stated

FOUR = {"max_groups": 2, "max_rows_per_group": 3}


def named(chosen: Plan, attribute: Any) -> dict[str, Any]:
    return {m.query.column: attribute(m) for m in chosen.mechanisms}


@settings(max_examples=60, deadline=None)
@given(
    measures=st.lists(st.sampled_from(list(MEASURES)), min_size=1, max_size=6, unique=True),
    epsilon=st.floats(1e-3, 900.0),
    delta=st.floats(1e-12, 0.1),
    private=st.booleans(),
    family=st.sampled_from(Family),
)
def test_the_loss_is_within_what_is_stated_and_uses_nearly_all_of_it(
    measures: list[str], epsilon: float, delta: float, private: bool, family: Family
) -> None:
    it = release(
        measures=[MEASURES[name] for name in measures],
        epsilon=epsilon,
        delta=delta,
        **({"keys": "private"} if private else {}),
        **FOUR,
    )
    chosen = plan(it, family)
    assert stated(chosen.loss.epsilon) <= stated(epsilon)
    assert chosen.loss.epsilon == pytest.approx(epsilon, rel=1e-7)
    assert chosen.loss.delta <= delta
    if family is Family.LAPLACE:
        spent = sum(m.sensitivity.l1 / m.noise.scale for m in chosen.mechanisms)
        assert spent == pytest.approx(chosen.loss.epsilon, rel=1e-9)
    else:
        spent = sum(m.sensitivity.l2_squared / m.noise.scale**2 / 2 for m in chosen.mechanisms)
        assert spent == pytest.approx(chosen.loss.rho, rel=1e-9)


def test_sensitivities_by_hand() -> None:
    it = release(
        keys="private",
        delta=1e-6,
        measures=[MEASURES[n] for n in MEASURES if "top" not in n],
        **FOUR,
    )
    found = named(plan(it), lambda m: m.sensitivity)
    step = {m.query.column: m.query.step for m in plan(it).mechanisms}
    in_units = {
        column: (most.l1 * step[column], most.l2_squared * step[column] ** 2)
        for column, most in found.items()
        if "auto" not in column
    }
    # 2 groups of 3 rows: 6 rows in all, squares 2 x 3² = 18.
    expected = {
        "n:subjects": (2, 2),
        "extent:minutes": (6, 36),  # over all groups together
        "extent:age": (6, 36),
        "values:age": (6, 18),  # for its variance with bounds from the data
        "split:age:-3.0:70.0": (6, 18),
        "split:minutes:0.0:60.0": (6, 18),
        "squares:minutes:0.0:60.0:30.0": (6 * 450, 18 * 450**2),  # half of 30²
        "squares:age:-3.0:70.0:33.5": (6 * 36.5**2 / 2, 18 * (36.5**2 / 2) ** 2),
        "distinct:code": (6, 18),
    }
    for column, most in expected.items():
        assert in_units[column] == pytest.approx(most), column
    trees = [most for column, most in in_units.items() if column.startswith("tree:")]
    assert trees == [(6, 18), (18, 54)]  # flat; of three layers


def test_a_sum_and_counts_beside_their_mean_cost_nothing() -> None:
    mean = MEASURES["mean"]
    alone = release(measures=[mean])
    counts = [MEASURES["count"], MEASURES["count of values"]]
    with_all = release(measures=[mean, mean | {"kind": "sum"}, *counts])
    assert plan(with_all).mechanisms == plan(alone).mechanisms
    [m] = plan(alone).mechanisms
    assert m.share == pytest.approx(1.0)


@pytest.mark.parametrize("family", Family)
def test_no_number_has_more_noise_for_being_read_off_a_split(family: Family) -> None:
    """Standard deviations, beside those of five numbers with noise of their own."""
    counts = [MEASURES["count"], MEASURES["count_subjects"]]
    it = release(measures=[*counts, MEASURES["mean"], MEASURES["sum"]], delta=1e-6)
    apart = release(measures=[{"kind": "count", "field": "age"}], delta=1e-6)
    alone = plan(apart, family).mechanisms[0].noise.deviation
    factor = 5.0 if family is Family.LAPLACE else 5**0.5
    noise = named(plan(it, family), lambda m: m.noise.deviation)
    rows = STEPS * alone * factor
    assert 3**0.5 * noise["split:minutes:0.0:60.0"] <= rows * 1.001
    assert noise["n:subjects"] <= alone * factor * 1.001


def test_parts_of_an_epsilon_between_two_floats_do_not_pass_it() -> None:
    """Their sum, rounded up to a float, passed this ε, which lies above the float next to it."""
    ranked = {"field": "minutes", "lower": -0.5, "upper": 59.5, "bins": 60}
    edges = [0, 10, 20, 30, 45, 60]
    it = release(
        group_by=[],
        keys=None,
        measures=[
            {"kind": "median", **ranked},
            {"kind": "quantile", "at": 0.9, **ranked},
            {"kind": "histogram", "field": "minutes", "edges": edges, "weight": 2},
        ],
        epsilon=0.08891397050194615,
        max_rows_per_group=2,
    )
    assert stated(plan(it).loss.epsilon) <= stated(it.epsilon)


def test_weights_share_the_budget() -> None:
    it = release(measures=[MEASURES["count"] | {"weight": 3}, MEASURES["count_subjects"]])
    share = named(plan(it, Family.LAPLACE), lambda m: m.share)
    assert share == pytest.approx({"n:rows": 0.75, "n:subjects": 0.25})
    it = release(measures=it.measures, delta=1e-6)
    share = named(plan(it, Family.GAUSSIAN), lambda m: m.share)
    assert share["n:rows"] == pytest.approx(3 * share["n:subjects"])


def test_bounds_from_the_data_cost_their_share() -> None:
    it = release(measures=[MEASURES["auto sum"], MEASURES["count"]], bounds_share=0.2)
    share = named(plan(it), lambda m: m.share)
    assert share[extent_of("minutes").column] == pytest.approx(0.2)
    assert sum(shares_of(it).values()) == pytest.approx(1)


def test_gaussian_noise_is_taken_where_it_is_less() -> None:
    many = release(delta=1e-6, measures=list(MEASURES.values()), max_groups=3)
    few = release(delta=1e-6, measures=[MEASURES["count"]])
    assert plan(many).family is Family.GAUSSIAN
    assert plan(few).family is Family.LAPLACE
    assert plan(release(measures=many.measures[:9])).family is Family.LAPLACE  # No δ is given.
    for it in (many, few):
        least, other = plan(it), plan(it, next(f for f in Family if f is not plan(it).family))
        assert least.mechanisms[0].noise.deviation < other.mechanisms[0].noise.deviation


def test_delta_is_shared_by_thresholds_and_the_conversion() -> None:
    it = release(
        keys="private", delta=1e-6, measures=[MEASURES["top_k"], MEASURES["count"]], epsilon=2.0
    )
    for family, parts in ((Family.LAPLACE, 2), (Family.GAUSSIAN, 3)):
        chosen = plan(it, family)
        thresholds = [m for m in chosen.mechanisms if m.threshold is not None]
        assert len(thresholds) == 2
        for m in thresholds:
            assert m.threshold is not None
            assert m.noise.delta(m.threshold, 1) <= 1e-6 / parts < m.noise.delta(m.threshold - 1, 1)
        assert chosen.threshold == thresholds[0].threshold
