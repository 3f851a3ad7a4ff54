"""What mechanisms lose together: (ε, δ) on the outside, zero-concentrated (zCDP) ρ inside.

Composition is a plain sum, of ε for Laplace noise and of ρ for Gaussian; what ρ means as (ε, δ) is
OpenDP's conversion.

Sources: Bun, Steinke 2016 (zCDP); Canonne, Kamath, Steinke 2020 (its conversion); Rogers 2023
(thresholds as δ-approximate zCDP: their δ is added).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from transforms.aggregate import dp
from transforms.aggregate.settings import Amount

dp.enable_features("contrib")

GREATEST_EPSILON = 1_000.0
"""Beyond it OpenDP's conversion overflows. (Laplace noise is almost none there.)"""

_NUMBER = dp.atom_domain(T=dp.i64), dp.absolute_distance(T=dp.i64)


@dataclass(frozen=True)
class Loss:
    """Privacy loss of a release, or of several together."""

    epsilon: float
    delta: float
    rho: float | None = None
    """Of Gaussian noise alone: with it the loss of several releases can be added up more tightly
    (``combined``). ``delta`` is what the conversion took, and ``threshold_delta``."""
    threshold_delta: float = 0.0
    """Part of ``delta`` that thresholds spend, whatever the conversion."""

    @property
    def amount(self) -> Amount:
        """The loss in the ledger's units, rounded up."""
        return Amount.spent(self.epsilon, self.delta)


def round_down(value: Fraction) -> float:
    """The greatest float that is not above."""
    nearest = float(value)
    return nearest if Fraction(nearest) <= value else math.nextafter(nearest, -math.inf)


def round_up(value: Fraction) -> float:
    """The least float that is not below."""
    return 0.0 - round_down(-value)


def added(parts: Iterable[float]) -> float:
    """The sum, rounded up once."""
    return round_up(sum(map(Fraction, parts), Fraction(0)))


def epsilon_of(rho: float, delta: float) -> float:
    """The least ε such that ρ-zCDP is (ε, δ)-DP, by OpenDP's conversion."""
    return float(_profile(rho).epsilon(delta)) if rho else 0.0


def delta_of(rho: float, epsilon: float) -> float:
    """The least δ such that ρ-zCDP is (ε, δ)-DP, by OpenDP's conversion."""
    try:
        return float(_profile(rho).delta(epsilon)) if rho else 0.0
    except dp.OpenDPException:  # Far too large a ρ overflows.
        return 1.0


@cache
def rho_of(epsilon: float, delta: float) -> float:
    """The largest ρ, but for rounding, such that ρ-zCDP is (ε, δ)-DP.

    Raises ValueError if ε is above ``GREATEST_EPSILON``, or δ not between 0 and 1.
    """
    if not (0 < epsilon <= GREATEST_EPSILON and 0 < delta < 1):
        raise ValueError(f"no conversion for ε={epsilon:g}, δ={delta:g}")
    # The classical conversion, ε = ρ + 2 √(ρ log 1/δ), is never too small: where to begin.
    root = math.sqrt(math.log(1 / delta))
    low = (epsilon / (math.sqrt(epsilon + root**2) + root)) ** 2
    high = 2 * low
    while delta_of(high, epsilon) <= delta:
        low, high = high, 2 * high
    while high - low > 1e-14 * low:
        middle = (low + high) / 2
        low, high = (middle, high) if delta_of(middle, epsilon) <= delta else (low, middle)
    while epsilon_of(low, delta) > epsilon:
        low *= 1 - 2**-45
    return low


def _profile(rho: float) -> dp.PrivacyProfile:
    """OpenDP converts mechanisms, not numbers: one that loses ρ, or a trifle more."""
    scale = math.sqrt(1 / (2 * rho))
    while _gaussian(scale).map(1) < rho:
        scale = math.nextafter(scale, 0)
    return dp.c.make_zCDP_to_approxDP(_gaussian(scale)).map(1)


def combined(losses: Iterable[Loss], delta: float) -> float:
    """ε of several releases together, at a total δ that thresholds have a part in.

    Releases with Gaussian noise are added up as ρ, the others as ε.
    Raises ValueError if ``delta`` is used up by thresholds.
    """
    losses = list(losses)
    gaussian = [loss.rho for loss in losses if loss.rho is not None]
    pure = added(loss.epsilon for loss in losses if loss.rho is None)
    left = delta - added(loss.threshold_delta for loss in losses)
    if not gaussian:
        if left < 0:
            raise ValueError("thresholds take more than this delta")
        return pure
    if left <= 0:
        raise ValueError("thresholds leave nothing of this delta")
    return added([pure, epsilon_of(added(gaussian), left)])


def _gaussian(scale: float) -> dp.Measurement:
    return dp.m.make_gaussian(*_NUMBER, scale=scale)
