"""The accountant: OpenDP's own figures, and never below what others have published."""

from __future__ import annotations

import math
from fractions import Fraction

import opendp.prelude as dp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.aggregate.accounting import (
    Loss,
    added,
    combined,
    delta_of,
    epsilon_of,
    rho_of,
    round_down,
    round_up,
)
from transforms.aggregate.settings import Amount


def published_epsilon(rho: float, delta: float) -> float:
    """ε of ρ-zCDP by Canonne, Kamath, Steinke 2020, proposition 7, evaluated on its own: the least
    over α > 1 of αρ + (log(1/(αδ)) + (α - 1) log(1 - 1/α)) / (α - 1)."""

    def at(alpha: float) -> float:
        rest = math.log(1 / (alpha * delta)) + (alpha - 1) * math.log1p(-1 / alpha)
        return alpha * rho + rest / (alpha - 1)

    # Convex in log(alpha - 1): golden section.
    low, high = -12.0, 25.0
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(200):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if at(1 + math.exp(left)) < at(1 + math.exp(right)):
            high = right
        else:
            low = left
    return max(0.0, at(1 + math.exp((low + high) / 2)))


# ρ -> ε at δ = 1e-6 by Bun and Steinke 2016, proposition 1.3: ρ + 2 √(ρ log(1/δ)).
CLASSICAL = {0.001: 0.2361, 0.01: 0.7534, 0.1: 2.4508, 0.5: 5.7565, 1.0: 8.4339, 2.0: 12.5130}


@pytest.mark.parametrize("rho", CLASSICAL)
def test_the_classical_table_is_an_upper_bound_and_near(rho: float) -> None:
    assert rho + 2 * math.sqrt(rho * math.log(1e6)) == pytest.approx(CLASSICAL[rho], abs=6e-5)
    assert 0.75 * CLASSICAL[rho] < epsilon_of(rho, 1e-6) <= CLASSICAL[rho]


@pytest.mark.parametrize("rho", [1e-6, 0.001, 0.01, 0.1, 0.5, 1.0, 2.0, 20.0])
@pytest.mark.parametrize("delta", [1e-10, 1e-6, 1e-3])
def test_epsilon_is_never_below_the_published_conversion(rho: float, delta: float) -> None:
    published = published_epsilon(rho, delta)
    ours = epsilon_of(rho, delta)
    assert ours >= published * (1 - 1e-6)
    assert ours == pytest.approx(published, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("rho", [1e-6, 0.02, 1.0, 20.0])
def test_epsilon_is_never_below_what_a_gaussian_really_loses(rho: float) -> None:
    """Balle and Wang 2018: the exact δ of a Gaussian whose loss is ρ. It may be below zCDP's."""
    mu, epsilon = math.sqrt(2 * rho), epsilon_of(rho, 1e-6)
    exact = _normal(mu / 2 - epsilon / mu) - math.exp(epsilon) * _normal(-mu / 2 - epsilon / mu)
    assert exact <= 1e-6


def _normal(x: float) -> float:
    return math.erfc(-x / math.sqrt(2)) / 2


@settings(max_examples=40, deadline=None)
@given(rho=st.floats(1e-9, 50.0), delta=st.floats(1e-12, 0.1))
def test_it_is_opendps_own_figure(rho: float, delta: float) -> None:
    space = dp.atom_domain(T=dp.i64), dp.absolute_distance(T=dp.i64)
    gaussian = dp.m.make_gaussian(*space, scale=math.sqrt(1 / (2 * rho)))
    opendp = dp.c.make_fix_delta(dp.c.make_zCDP_to_approxDP(gaussian), delta).map(1)[0]
    assert epsilon_of(rho, delta) == pytest.approx(opendp, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(epsilon=st.floats(1e-4, 500.0), delta=st.floats(1e-12, 0.1))
def test_rho_uses_all_of_epsilon_and_no_more(epsilon: float, delta: float) -> None:
    rho = rho_of(epsilon, delta)
    assert epsilon_of(rho, delta) <= epsilon
    assert delta_of(rho * (1 + 1e-9), epsilon) > delta


@pytest.mark.parametrize(("epsilon", "delta"), [(0, 1e-6), (1, 0), (1, 1), (1e4, 1e-6)])
def test_what_cannot_be_converted_is_refused(epsilon: float, delta: float) -> None:
    with pytest.raises(ValueError, match="no conversion"):
        rho_of(epsilon, delta)


def test_gaussian_releases_together_lose_less_than_the_sum() -> None:
    rho = rho_of(1.0, 1e-7)
    ten = [Loss(1.0, 1e-7, rho)] * 10
    assert combined(ten, 1e-6) == pytest.approx(epsilon_of(added([rho] * 10), 1e-6))
    assert combined(ten, 1e-6) < 4 < 10
    assert combined([*ten, Loss(0.5, 0.0)], 1e-6) == pytest.approx(combined(ten, 1e-6) + 0.5)
    assert combined([Loss(0.5, 0.0), Loss(0.25, 1e-9, None, 1e-9)], 1e-9) == 0.75
    with pytest.raises(ValueError, match="thresholds"):
        combined([Loss(0.5, 1e-6, None, 1e-6)], 1e-7)
    with pytest.raises(ValueError, match="thresholds"):
        combined([Loss(0.5, 1e-6, rho, 1e-6)], 1e-6)


@given(st.lists(st.floats(0, 1e9), max_size=20))
def test_sums_are_rounded_up_once(parts: list[float]) -> None:
    exact = sum(map(Fraction, parts), Fraction(0))
    assert Fraction(added(parts)) >= exact
    assert Fraction(math.nextafter(added(parts), -1)) < exact or exact == 0
    assert Fraction(round_down(exact)) <= exact <= Fraction(round_up(exact))


def test_a_loss_is_charged_in_whole_units_rounded_up() -> None:
    assert Loss(0.4999999999999998, 1.0000001e-6).amount == Amount(500_000, 1_000_000_100)
    assert Loss(0.5000000001, 0.0).amount == Amount(500_001, 0)
