"""Rates by hand, and intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipelines.evaluation.compare import Count
from pipelines.evaluation.scores import rates, resampled, scores, share


def test_f2_weighs_recall_four_times_as_much_as_precision() -> None:
    # Recall 1/2, precision 1/4: F2 = 5 · 1/8 / (4 · 1/4 + 1/2) = 5/12.
    recall, precision, f2 = rates(np.array([10.0, 5, 8, 2]))
    assert (float(recall), float(precision)) == (0.5, 0.25)
    assert float(f2) == pytest.approx(5 / 12)


def test_rates_of_nothing_are_none_and_f2_of_nothing_found_is_0() -> None:
    nothing_there, nothing_marked = np.array([0.0, 0, 3, 0]), np.array([3.0, 0, 0, 0])
    assert np.isnan(rates(nothing_there)[0])
    assert np.isnan(rates(nothing_there)[2])
    assert np.isnan(rates(nothing_marked)[1])
    assert rates(nothing_marked)[2] == 0


def test_resamples_are_sums_over_as_many_texts_and_the_same_each_time() -> None:
    counts = np.random.default_rng(1).integers(0, 5, (40, 3, 2)).astype(float)
    drawn = resampled(np.concatenate([counts, np.ones((40, 3, 1))], axis=2), 400, seed=2)
    assert drawn.shape == (400, 3, 3)
    assert (drawn[..., 2] == 40).all()
    # Their mean is the sum of all: within four standard errors.
    error = np.sqrt(40 * counts.var(axis=0) / 400)
    assert (abs(drawn[..., :2].mean(axis=0) - counts.sum(axis=0)) < 4 * error).all()
    assert (drawn == resampled(np.concatenate([counts, np.ones((40, 3, 1))], 2), 400, 2)).all()


def test_the_interval_of_a_recall_holds_the_true_one_in_some_95_of_100_samples() -> None:
    """Texts differ in how much they hold and how hard they are, as real ones do."""
    random = np.random.default_rng(11)
    samples, texts, held = 300, 80, 0
    # Recall of a text: Beta(8, 2); independent of how many spans it has, so that the true is 0.8.
    for _ in range(samples):
        gold = random.poisson(4, texts)
        found = random.binomial(gold, random.beta(8, 2, texts))
        counts = np.stack([gold, found, found, found], axis=-1)[:, None, None, :].astype(float)
        ((score,),) = scores(counts)
        assert score.recall.low is not None
        assert score.recall.high is not None
        held += score.recall.low <= 0.8 <= score.recall.high
    # 285 of 300 would be 95%; four standard errors of a binomial are 15. Percentile intervals run
    # a little short with few texts.
    assert 285 - 18 <= held <= 285 + 15


def test_one_text_gives_no_interval() -> None:
    counts = np.array([[4.0, 2, 2, 2], [0, 0, 1, 0]])[:, None, None, :]
    ((score,),) = scores(counts)
    assert score.recall == (0.5, None, None)
    assert score.precision.low is not None
    assert score.f2.low is None


def test_the_share_of_texts_has_an_interval_and_none_without_texts() -> None:
    estimate = share(np.array([True] * 30 + [False] * 10))
    assert estimate.value == 0.75
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0.6 <= estimate.low < 0.75 < estimate.high <= 0.9
    assert share(np.array([], bool)) == (None, None, None)


@given(
    arrays.arrays(float, st.tuples(st.integers(2, 8), st.just(2), st.just(4)),
                  elements=st.integers(0, 6).map(float))
)  # fmt: skip
def test_estimates_lie_between_0_and_1_and_bounds_are_in_order(counts: np.ndarray) -> None:
    counts[..., Count.FOUND] = np.minimum(counts[..., Count.FOUND], counts[..., Count.GOLD])
    counts[..., Count.RIGHT] = np.minimum(counts[..., Count.RIGHT], counts[..., Count.MARKED])
    for (score,) in scores(counts[:, :, None, :]):
        for estimate in score:
            if estimate.low is not None and estimate.high is not None:
                assert 0 <= estimate.low <= estimate.high <= 1
            assert estimate.value is None or 0 <= estimate.value <= 1
