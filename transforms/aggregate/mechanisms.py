"""The noise itself, by OpenDP: discrete Laplace and discrete Gaussian, with or without a threshold.

OpenDP 0.16 shows groups *at* the threshold, but its map leaves that count out of δ (its issue
2922), too small by a factor of exp(1/scale) for Laplace noise. So thresholds come from a bound on
the tail, which counts it, and the map is only a second bound.

Sources: Ghosh, Roughgarden, Sundararajan 2012 (discrete Laplace); Canonne, Kamath, Steinke 2020
(discrete Gaussian, exact sampling of both); Korolova, Kenthapadi, Mishra, Ntoulas 2009 and Rogers
2023 (thresholds for unknown domains).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from statistics import NormalDist
from typing import Any, Self, cast

from transforms.aggregate import dp

dp.enable_features("contrib")

_WIDE = 1_000.0

_WHOLE = dp.atom_domain(T=dp.i64)
_VECTOR = dp.vector_domain(_WHOLE)
_MAP = dp.map_domain(_WHOLE, _WHOLE)
_ABSOLUTE = dp.absolute_distance(T=dp.i64)


class Family(StrEnum):
    """Distribution of the noise."""

    LAPLACE = "discrete Laplace"
    GAUSSIAN = "discrete Gaussian"


@dataclass(frozen=True)
class Sensitivity:
    """Distance between the numbers with and without one subject, after bounding."""

    l1: int
    l2_squared: int

    @property
    def l2(self) -> float:
        """Rounded up."""
        root = math.isqrt(self.l2_squared)
        if root * root == self.l2_squared:
            return float(root)
        return math.nextafter(math.sqrt(self.l2_squared), math.inf)


@dataclass(frozen=True)
class Noise:
    """Independent noise on whole numbers."""

    family: Family
    scale: float
    """Of discrete Laplace: the standard deviation is about √2 times it. Of discrete Gaussian: the
    standard deviation."""

    @classmethod
    def costing(cls, family: Family, sensitivity: Sensitivity, share: float) -> Self:
        """The least noise that loses at most ``share``, of ε or ρ by the family."""
        # The textbook's scale is where to begin; OpenDP's map decides.
        if family is Family.LAPLACE:
            scale = sensitivity.l1 / share
        else:
            scale = sensitivity.l2 / math.sqrt(2 * share)
        scale *= cls._wider(family)
        while (noise := cls(family, scale)).lost(sensitivity) > share:
            scale *= 1 + 2**-51
        return noise

    @staticmethod
    def _wider(family: Family) -> float:
        """How much wider the scale is than that of noise on the numbers themselves."""
        return 1.0

    def on_vector(self) -> dp.Measurement:
        """Adds noise to each of a list of whole numbers."""
        if self.family is Family.LAPLACE:
            return dp.m.make_laplace(_VECTOR, dp.l1_distance(T=dp.i64), scale=self.scale)
        return dp.m.make_gaussian(_VECTOR, dp.l2_distance(T=dp.f64), scale=self.scale)

    def above(self, threshold: int) -> dp.Measurement:
        """Adds noise to each number of a mapping, and leaves out what is below the threshold."""
        if self.family is Family.LAPLACE:
            metric = dp.l01inf_distance(_ABSOLUTE)
            return dp.m.make_laplace_threshold(_MAP, metric, self.scale, threshold)
        metric = dp.l02inf_distance(_ABSOLUTE)
        return dp.m.make_gaussian_threshold(_MAP, metric, self.scale, threshold)

    def add(self, numbers: Sequence[int]) -> list[int]:
        """The numbers with noise. Each call spends."""
        return cast(list[int], self.on_vector()(list(numbers))) if numbers else []

    def select(self, numbers: Mapping[int, int], threshold: int) -> dict[int, int]:
        """Those numbers that reach the threshold with their noise. Each call spends."""
        return cast(dict[int, int], self.above(threshold)(dict(numbers))) if numbers else {}

    def lost(self, sensitivity: Sensitivity) -> float:
        """ε or ρ that noise on numbers of this sensitivity loses: OpenDP's map, held against the
        textbook formula; the greater one counts."""
        distance: Any
        if self.family is Family.LAPLACE:
            distance, formula = sensitivity.l1, Fraction(sensitivity.l1) / Fraction(self.scale)
        else:
            distance = sensitivity.l2
            formula = Fraction(sensitivity.l2_squared) / (2 * Fraction(self.scale) ** 2)
        return max(float(self.on_vector().map(distance)), float(formula))

    @property
    def deviation(self) -> float:
        """Standard deviation (an upper bound on it)."""
        return self.scale * (math.sqrt(2) if self.family is Family.LAPLACE else 1.0)

    def tail(self, least: int) -> float:
        """P(noise >= least), for a least of 1 or more; never too small.

        Laplace exactly: a^least / (1 + a), a = exp(-1/scale). Of a Gaussian the sum over whole
        numbers is at most the integral from half of one before, where its density is convex (else
        from a whole one before), and its normaliser at least that of the continuous one.
        """
        if self.family is Family.LAPLACE:
            tail = math.exp(-least / self.scale) / (1 + math.exp(-1 / self.scale))
        else:
            start = least - 0.5 if least - 0.5 >= self.scale else least - 1.0
            tail = math.erfc(start / (self.scale * math.sqrt(2))) / 2
        return min(1.0, tail * (1 + 1e-12))

    def delta(self, threshold: int, cells: int) -> float:
        """Bound on the probability that a subject who is alone in so many cells shows in any.

        Union over the cells of P(1 + noise >= threshold), and OpenDP's map; the greater counts.
        """
        own = min(1.0, cells * self.tail(threshold - 1)) if threshold > 1 else 1.0
        change: Any = (
            cells,
            cells if self.family is Family.LAPLACE else math.isqrt(cells - 1) + 1,
            1,
        )
        opendp = self.above(threshold).map(change)[1]
        return max(own, float(opendp))

    def threshold(self, delta: float, cells: int) -> int:
        """The least threshold above 1 at which ``delta(threshold, cells)`` is at most ``delta``."""
        low, high = 1, 2
        while self.delta(high, cells) > delta:
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.delta(middle, cells) > delta else (low, middle)
        return high

    def error(self, alpha: float, terms: int = 1) -> int:
        """The noise of one number, or of a sum of so many (up to three ``terms``), stays within it
        with probability 1 - alpha at least.

        Laplace: the least t with P(|noise| > t) = 2 a^(t + 1) / (1 + a) <= alpha. Gaussian: one
        less than OpenDP's accuracy, which is the least t with P(|noise| >= t) <= alpha. Of a wide
        Gaussian, over which OpenDP adds up for seconds, by ``tail``: as good as exact there.

        Of sums: that of continuous noise, and one more for each term. (Discrete Laplace noise is a
        difference of two exponentials, each rounded down: less than 1 from continuous noise.)
        """
        if terms > 1:
            return math.ceil(self.scale * _error_of_sum(self.family, alpha, terms)) + terms
        if self.family is Family.LAPLACE:
            tail = self.scale * math.log(2 / (alpha * (1 + math.exp(-1 / self.scale))))
            return max(0, math.ceil(tail) - 1)
        if self.scale <= _WIDE:
            return max(0, math.ceil(dp.discrete_gaussian_scale_to_accuracy(self.scale, alpha)) - 1)
        return max(0, math.ceil(-self.scale * NormalDist().inv_cdf(alpha / 2) - 0.5))


def _error_of_sum(family: Family, alpha: float, terms: int) -> float:
    """The t at which P(|sum of noise of scale 1| > t) = alpha.

    Two Laplace: e^-t (1 + t/2); three: e^-t (1 + 5t/8 + t²/8). (Kotz, Kozubowski, Podgórski 2001,
    section 2.3.)
    """
    if family is Family.GAUSSIAN:
        return -math.sqrt(terms) * NormalDist().inv_cdf(alpha / 2)
    square = {2: 0.0, 3: 1 / 8}[terms]
    low, high = 0.0, 2 * math.log(1 / alpha) + 8
    for _ in range(60):
        t = (low + high) / 2
        tail = math.exp(-t) * (1 + (1 / 2 + square) * t + square * t**2)
        low, high = (t, high) if tail > alpha else (low, t)
    return high


@dataclass(frozen=True)
class Choice(Noise):
    """Noise that chooses the greatest of several scores (report noisy max).

    With it the scale is that of exponential noise, or of Gumbel's where ρ is counted. A
    ``Sensitivity`` is the distance of each score alone.
    """

    def choose(self, scores: Sequence[int]) -> int:
        """Place of the greatest score, with noise. Each call spends."""
        return cast(int, self._chooser()(list(scores)))

    def lost(self, sensitivity: Sensitivity) -> float:
        """ε or ρ of one choice: OpenDP's map, held against the textbook formulas 2 Δ / scale
        (Dwork, Roth 2014) and Δ² / (2 scale²) (Cesar, Rogers 2021); the greater one counts."""
        distance = Fraction(sensitivity.l1)
        if self.family is Family.LAPLACE:
            formula = 2 * distance / Fraction(self.scale)
        else:
            formula = distance**2 / (2 * Fraction(self.scale) ** 2)
        return max(float(self._chooser().map(sensitivity.l1)), float(formula))

    def _chooser(self) -> dp.Measurement:
        pure = self.family is Family.LAPLACE
        measure = dp.max_divergence() if pure else dp.zero_concentrated_divergence()
        return dp.m.make_noisy_max(_VECTOR, dp.linf_distance(T=dp.i64), measure, scale=self.scale)

    @staticmethod
    def _wider(family: Family) -> float:
        return 2.0 if family is Family.LAPLACE else 1.0
