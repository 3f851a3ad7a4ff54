"""Estimates of who is unique in a population, against populations that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln

from transforms.verify.risk.population import fit_pitman, pitman, uniques, zayatz


def population_of(size: int, seed: int) -> np.ndarray:
    """The class of each person; sizes fall by a power law, as those of small areas do."""
    random = np.random.default_rng(seed)
    return (random.pareto(0.6, size) * 10).astype(np.int64)


@pytest.mark.parametrize(("share", "model"), [(0.02, "Pitman"), (0.1, "Pitman"), (0.4, "Zayatz")])
def test_the_estimate_is_near_what_is_so(share: float, model: str) -> None:
    people = population_of(60_000, 1)
    truth = int((np.unique(people, return_counts=True)[1] == 1).sum())
    sample = np.random.default_rng(2).choice(people, int(share * len(people)), replace=False)
    sizes = np.unique(sample, return_counts=True)[1].astype(np.float64)
    found = uniques(sizes, len(people))
    assert found.model == model
    assert truth / 2.5 < found.number < truth * 2.5


def test_zayatz_by_hand() -> None:
    """Sample of 3 out of 6: one alone, two alike. Seen once: 1/2 of classes of one,
    C(2,1) C(4,2) / C(6,3) = 12/20 of classes of two."""
    conditional = (1 * 0.5) / (1 * 0.5 + 1 * 0.6)
    assert zayatz(np.array([1.0, 2.0]), 6) == pytest.approx(1 * conditional * 6 / 3)


def test_pitmans_fit_is_where_the_likelihood_is_largest() -> None:
    people = population_of(5_000, 3)
    sizes = np.unique(people[:500], return_counts=True)[1].astype(np.float64)
    fitted = fit_pitman(sizes)
    assert fitted is not None
    n, u = sizes.sum(), len(sizes)

    def likelihood(theta: float, alpha: float) -> float:
        new = sum(np.log(theta + i * alpha) for i in range(1, u))
        again = sum(np.log(theta + i) for i in range(1, int(n)))
        return float(new - again + (gammaln(sizes - alpha) - gammaln(1 - alpha)).sum())

    best = likelihood(*fitted)
    for theta in (0.9, 1.1):
        assert likelihood(fitted[0] * theta, fitted[1]) < best
        assert likelihood(fitted[0], fitted[1] + theta - 1) < best


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=40), st.integers(1, 5_000))
def test_an_estimate_is_never_less_than_none_nor_more_than_all(sizes: list[int], more: int) -> None:
    population = sum(sizes) + more
    found = uniques(np.array(sizes, np.float64), population)
    assert 0 <= found.number <= population
    assert (found.number == 0) == (1 not in sizes)


def test_the_whole_population_has_its_own_uniques() -> None:
    sizes = np.array([1.0, 1, 1, 4, 7])
    assert uniques(sizes, 14).number == pytest.approx(3)


def test_where_all_are_alone_pitman_still_gives_a_number_or_none() -> None:
    found = pitman(np.ones(50), 10_000)
    assert found is None or 0 <= found <= 10_000
