"""Scales, tails, thresholds and errors: against sums over the distributions themselves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.aggregate.mechanisms import Family, Noise, Sensitivity

FAMILIES = list(Family)


def weights(noise: Noise) -> tuple[dict[int, float], float]:
    """The distribution, added up term by term."""
    far = math.ceil(45 * noise.scale + 10)
    if noise.family is Family.LAPLACE:
        law = {x: math.exp(-abs(x) / noise.scale) for x in range(-far, far + 1)}
    else:
        law = {x: math.exp(-((x / noise.scale) ** 2) / 2) for x in range(-far, far + 1)}
    return law, sum(law.values())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("scale", [0.3, 1.0, 4.7, 60.0])
def test_tails_are_never_too_small_and_nearly_right(family: Family, scale: float) -> None:
    noise = Noise(family, scale)
    law, total = weights(noise)
    for least in (1, 2, 3, 5, 9, 40, 100, 300):
        exact = sum(weight for x, weight in law.items() if x >= least) / total
        assert noise.tail(least) >= exact * (1 - 1e-9)
        if scale > 1 and exact > 1e-12:
            assert noise.tail(least) <= exact * (1.25 if family is Family.GAUSSIAN else 1 + 1e-9)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("scale", [0.3, 1.0, 4.7, 60.0])
@pytest.mark.parametrize("alpha", [0.5, 0.05, 0.01, 1e-6])
def test_the_error_is_the_least_bound_that_holds(
    family: Family, scale: float, alpha: float
) -> None:
    noise = Noise(family, scale)
    law, total = weights(noise)

    def beyond(bound: int) -> float:
        return sum(weight for x, weight in law.items() if abs(x) > bound) / total

    error = noise.error(alpha)
    assert beyond(error) <= alpha * (1 + 1e-9)
    assert error == 0 or beyond(error - 1) > alpha * (1 - 1e-9)


@pytest.mark.parametrize("alpha", [0.05, 0.01, 1e-6])
def test_the_error_of_wide_noise_joins_that_of_narrow_noise(alpha: float) -> None:
    narrow, wide = (Noise(Family.GAUSSIAN, scale).error(alpha) for scale in (1000.0, 1000.1))
    assert abs(wide - narrow) <= 2
    million = Noise(Family.GAUSSIAN, 1e6)
    assert 2 * million.tail(million.error(alpha) + 1) == pytest.approx(alpha, rel=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    family=st.sampled_from(FAMILIES),
    l1=st.integers(1, 10**9),
    l2_squared=st.integers(1, 10**12),
    share=st.floats(1e-6, 100.0),
)
def test_noise_costs_what_it_may_and_no_less(
    family: Family, l1: int, l2_squared: int, share: float
) -> None:
    sensitivity = Sensitivity(l1, l2_squared)
    noise = Noise.costing(family, sensitivity, share)
    lost = noise.lost(sensitivity)
    formula = l1 / noise.scale if family is Family.LAPLACE else l2_squared / (2 * noise.scale**2)
    assert lost <= share
    assert lost == pytest.approx(formula, rel=1e-9)
    assert lost == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("scale", [0.5, 2.0, 30.0])
@pytest.mark.parametrize("cells", [1, 3])
@pytest.mark.parametrize("delta", [1e-12, 1e-6, 0.05])
def test_the_threshold_is_the_least_whose_delta_is_paid(
    family: Family, scale: float, cells: int, delta: float
) -> None:
    noise = Noise(family, scale)
    threshold = noise.threshold(delta, cells)
    law, total = weights(noise)
    shown = cells * sum(weight for x, weight in law.items() if 1 + x >= threshold) / total
    assert shown <= noise.delta(threshold, cells) <= delta
    assert threshold == 2 or noise.delta(threshold - 1, cells) > delta


def test_the_root_of_a_sensitivity_is_never_too_small() -> None:
    for number in (1, 2, 3, 9, 10**12 + 1, 2**40 * 50):
        assert Sensitivity(1, number).l2 ** 2 >= number
