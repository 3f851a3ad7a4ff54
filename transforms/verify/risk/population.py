"""How many of the population are unique, estimated from the sizes of the sample's classes.

Dankar, El Emam, Neisa, Roffey (2012), "Estimating the re-identification risk of clinical data
sets": up to a sampling fraction of 0.1 Pitman's model, above it Zayatz' (of which, and a third, the
paper and ARX take the smaller one; leaving the third out can only report more risk).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln
from scipy.stats import hypergeom

from transforms.verify.risk.diversity import Floats

FEW = 0.1
"""Sampling fraction up to which Pitman's model is the better one."""


class Uniques(NamedTuple):
    """The estimated number of people who are unique in the population, and by which model."""

    number: float
    model: str


def uniques(class_sizes: Floats, population: int) -> Uniques:
    """``class_sizes``: the number of subjects of each class of the sample.

    At least 0, at most the population. ``population`` is at least as large as the sample.
    """
    sample = int(class_sizes.sum())
    singles = int((class_sizes == 1).sum())
    if not singles:
        return Uniques(0.0, "none is unique in the sample")
    fraction = sample / max(population, sample)
    if fraction <= FEW and len(class_sizes) > 1:
        number = pitman(class_sizes, population)
        if number is not None:
            return Uniques(number, "Pitman")
    return Uniques(zayatz(class_sizes, population), "Zayatz")


def zayatz(class_sizes: Floats, population: int) -> float:
    """Zayatz (1991): the share of sample uniques that are unique in the population, by Bayes' rule
    with the sample's class sizes as prior; times their number, by the sampling fraction."""
    sample = int(class_sizes.sum())
    population = max(population, sample)
    sizes, counts = np.unique(class_sizes.astype(np.int64), return_counts=True)
    seen_once = hypergeom.pmf(1, population, sizes, sample)
    weighted = counts * seen_once
    singles = float(counts[sizes == 1].sum())
    if not singles:
        return 0.0
    conditional = float(weighted[sizes == 1].sum() / weighted.sum())
    return min(singles * conditional * population / sample, float(population))


def pitman(class_sizes: Floats, population: int) -> float | None:
    """Hoshino (2001): Pitman's sampling formula, fitted by maximum likelihood; the expected number
    of uniques is Gamma(theta + 1) / Gamma(theta + alpha) * N ** alpha.

    None where the fit fails (the likelihood is largest at the edge, such as all unique).
    """
    fitted = fit_pitman(class_sizes)
    if fitted is None:
        return None
    theta, alpha = fitted
    log = gammaln(theta + 1) - gammaln(theta + alpha) + alpha * np.log(population)
    number = float(np.exp(min(log, 700.0)))
    return min(number, float(population))


def fit_pitman(class_sizes: Floats) -> tuple[float, float] | None:
    """(theta, alpha) of Pitman's sampling formula that make the class sizes most likely; None where
    no inner maximum is found."""
    sizes, counts = np.unique(class_sizes.astype(np.int64), return_counts=True)
    n, u = float(class_sizes.sum()), float(len(class_sizes))

    def minus_log_likelihood(at: Floats) -> float:
        # Away from the edges, where the terms are infinite.
        bounded = np.clip(at, -30.0, 30.0)
        theta, alpha = float(np.exp(bounded[0])), float(1 / (1 + np.exp(-bounded[1])))
        value = (
            (u - 1) * np.log(alpha)
            + gammaln(theta / alpha + u)
            - gammaln(theta / alpha + 1)
            - gammaln(theta + n)
            + gammaln(theta + 1)
            + float((counts * (gammaln(sizes - alpha) - gammaln(1 - alpha))).sum())
        )
        return -float(value)

    best = None
    # theta > 0 and 0 < alpha < 1, freed of their bounds; it is not convex, so more than one start.
    for start in ((np.log(u), 0.0), (np.log(u), -3.0), (0.0, 2.0)):
        found = minimize(
            minus_log_likelihood, np.array(start), method="Nelder-Mead",
            options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 2_000},
        )  # fmt: skip
        if np.isfinite(found.fun) and (best is None or found.fun < best.fun):
            best = found
    if best is None or abs(best.x[1]) > 20 or abs(best.x[0]) > 40:
        return None
    return float(np.exp(best.x[0])), float(1 / (1 + np.exp(-best.x[1])))
