"""Recall, precision and F2 of counts, with bootstrap intervals over texts.

F2 is van Rijsbergen's F with beta 2 (Information Retrieval, 1979, chapter 7): recall weighs four
times as much as precision, since what is left identifies someone, and what is replaced in vain does
not. Intervals are percentile bootstrap intervals (Efron & Tibshirani, An Introduction to the
Bootstrap, 1993, chapter 13); texts are drawn, not spans, since those of one text hang together.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.evaluation.compare import Count

Array = npt.NDArray[np.float64]

BETA = 2
LEVEL = 0.95
RESAMPLES = 1_000
SEED = 1

_BLOCK = 50
"""Resamples drawn at once: bounds memory where there are many texts."""


class Estimate(NamedTuple):
    """A rate with its 95% interval. No value where there is nothing to take it of; no interval
    where one text alone has something."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Score(NamedTuple):
    """How well one kind, or all together, are found by one measure."""

    recall: Estimate
    precision: Estimate
    f2: Estimate


def resampled(counts: Array, resamples: int = RESAMPLES, seed: int = SEED) -> Array:
    """Sums over texts drawn with replacement: of shape (resamples, ...) for (texts, ...)."""
    texts = len(counts)
    random = np.random.default_rng(seed)
    flat = counts.reshape(texts, -1)
    sums = np.empty((resamples, flat.shape[1]))
    for first in range(0, resamples, _BLOCK):
        size = min(_BLOCK, resamples - first)
        drawn = random.multinomial(texts, np.full(texts, 1 / texts), size)
        sums[first : first + size] = drawn.astype(float) @ flat
    return sums.reshape(resamples, *counts.shape[1:])


def rates(counts: Array) -> tuple[Array, Array, Array]:
    """Recall, precision and F2 of ``counts`` (..., counts); NaN where there is nothing to find, or
    nothing was marked."""
    gold, found, marked, right = (counts[..., count] for count in Count)
    recall, precision = _share(found, gold), _share(right, marked)
    f2 = _share((1 + BETA**2) * precision * recall, BETA**2 * precision + recall)
    return recall, precision, np.where(recall == 0, 0.0, f2)


def scores(counts: Array) -> list[list[Score]]:
    """Of counts by text (texts, kinds, measures, counts): the score of each kind and measure."""
    drawn = rates(resampled(counts))
    whole = rates(counts.sum(axis=0))
    texts = (counts > 0).sum(axis=0)
    recall_of, precision_of = texts[..., Count.GOLD], texts[..., Count.MARKED]
    of = (recall_of, precision_of, np.minimum(recall_of, precision_of))
    return [
        [
            Score(
                *(
                    _estimate(w[k, m], d[:, k, m], n[k, m])
                    for w, d, n in zip(whole, drawn, of, strict=True)
                )
            )
            for m in range(counts.shape[2])
        ]
        for k in range(counts.shape[1])
    ]


def share(happened: npt.NDArray[np.bool_]) -> Estimate:
    """The share of texts of which something is true."""
    if not len(happened):
        return Estimate(None)
    drawn = resampled(happened.astype(float)[:, None])[:, 0] / len(happened)
    return _estimate(float(happened.mean()), drawn, len(happened))


def _share(part: Array, whole: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(part / whole, float)


def _estimate(value: float, drawn: Array, texts: int) -> Estimate:
    """A rate taken of so many texts, and of resamples of them."""
    if np.isnan(value):
        return Estimate(None)
    if texts < 2:
        # One text says nothing of how much texts differ.
        return Estimate(float(value))
    # A resample may hold none of a kind that few texts have: it says nothing of it.
    tail = (1 - LEVEL) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    return Estimate(float(value), float(low), float(high))
