"""``bounds: auto``: bounds of a field's values from a noisy histogram, paid from the budget.

Every bounded value is dealt to a bin between two powers of two, for each sign. The exact table
keeps, by group and bin, the number of values and the sums of their steps and squared steps, so that
sums can be clipped after the bounds are known, without a second look at the rows. The bounds are
the outer edges of the bins whose noisy count over all groups stands out from the noise of an empty
one.

Source: Wilson, Zhang, Lam, Desfontaines, Simmons-Marengo, Gipson 2020, "Differentially Private SQL
with Bounded User Contribution", section 5.1 (approximate bounds).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

LEAST, GREATEST = -10, 30
"""Exponents of two: values nearer to 0 than the least are 0, farther ones than the greatest are
lowered to it."""

BINS = GREATEST - LEAST
"""Bins of each sign; bin 0 between them holds what is nearly 0."""

_STEPS = 2**14
"""Steps from 0 to the outer edge of each bin: coarse enough that squares of 2^32 rows fit."""

INDICES = range(-BINS, BINS + 1)


class Cell(NamedTuple):
    """What one group has in one bin."""

    cell: int
    n: int
    s: int
    """Sum of the values, in steps of the bin."""
    q: int
    """Sum of their squares, in squared steps."""


def bin_of_value(value: pl.Expr) -> pl.Expr:
    """Number of the bin: 1 for 2^LEAST to 2^(LEAST + 1), and so on; negative for negative ones."""
    size = value.abs()
    exponent = size.log(2.0).floor().clip(LEAST, GREATEST - 1).cast(pl.Int64)
    index = pl.when(size >= 2.0**LEAST).then(exponent - LEAST + 1).otherwise(0)
    return pl.when(value.is_not_null()).then(pl.when(value < 0).then(-index).otherwise(index))


def steps_of_value(value: pl.Expr, index: pl.Expr) -> pl.Expr:
    """The value in steps of its bin, within the bin's edges whatever was rounded."""
    top = pl.lit(2.0).pow(index.abs().cast(pl.Float64) + LEAST)
    steps = (value.abs() / top * _STEPS).round().clip(_STEPS // 2, _STEPS).cast(pl.Int64)
    return steps * index.sign()


class Extent(NamedTuple):
    """Bounds at the outer edges of two bins."""

    lowest: int
    highest: int

    @property
    def lower(self) -> float:
        """Lower bound, in the field's unit."""
        return self._least * 2.0**LEAST / _STEPS

    @property
    def upper(self) -> float:
        """Upper bound, in the field's unit."""
        return self._most * 2.0**LEAST / _STEPS

    # Whole numbers from here on, in steps of the bins next to 0.
    @property
    def _least(self) -> int:
        return _edge(self.lowest - 1 if self.lowest > 0 else self.lowest)

    @property
    def _most(self) -> int:
        high = _edge(self.highest + 1 if self.highest < 0 else self.highest)
        return _STEPS if self.lowest == self.highest == 0 else high

    def total(self, cells: Iterable[Cell], steps: int, centred: bool) -> int:
        """Sum over the cells' values, clipped to the bounds, of their distance from 0 or (centred)
        from the middle; so that the farther bound, or both, are ``steps`` away.

        Each value adds at most ``steps``, since it is rounded down once and after adding up: two
        sums that differ by a whole number or less still do.
        """
        low, high = 2 * self._least, 2 * self._most  # Twice, so that the middle is whole.
        middle = (low + high) // 2 if centred else 0
        most = (high - low) // 2 if centred else max(abs(low), abs(high))
        found = sum(
            n * (low - middle)
            if index < self.lowest
            else n * (high - middle)
            if index > self.highest
            else (s << (abs(index) + 1)) - n * middle
            for index, n, s, _ in cells
        )
        return found * steps // most

    def squares(self, cells: Iterable[Cell], steps: int) -> int:
        """Sum of the squared distances from the middle, less half of the largest one, so that 0 and
        the largest are both ``steps`` away."""
        low, high = 2 * self._least, 2 * self._most
        middle, largest = (low + high) // 2, ((high - low) // 2) ** 2
        found = 0
        for index, n, s, q in cells:
            if not self.lowest <= index <= self.highest:
                found += n * largest
            else:
                shift = abs(index) + 1
                found += (q << (2 * shift)) - 2 * middle * (s << shift) + n * middle**2
            # Twice all, so that half of the largest is whole.
        count = sum(cell.n for cell in cells)
        return (2 * found - count * largest) * steps // largest


def _edge(index: int) -> int:
    """Outer edge of a bin."""
    size = _STEPS << abs(index)
    return 0 if index == 0 else size if index > 0 else -size


def choose(noisy: Sequence[int], noise_95: int) -> Extent:
    """The extent that a noisy histogram over ``INDICES`` shows (post-processing).

    Args:
        noise_95: Below it are the counts of all empty bins together, with probability 95%.
    """
    counts = dict(zip(INDICES, noisy, strict=True))
    seen = [index for index, count in counts.items() if count > noise_95]
    if not seen:
        seen = [max(counts, key=counts.__getitem__)]
    return Extent(seen[0], seen[-1])
