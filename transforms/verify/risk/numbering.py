"""Numbers for combinations of values: what is grouped and joined by one number is so quickly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
import pyarrow.compute as pc

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
_MOST = 2**62


def numbers_of(frame: pl.DataFrame, columns: Sequence[str]) -> Ints:
    """A number for each row, equal where its values in all columns are; missing equals missing."""
    if not frame.height:
        return np.zeros(0, np.int64)
    return combined(map(_codes, frame.select(columns).iter_columns()), frame.height)


def combined(columns: Iterable[Ints], rows: int) -> Ints:
    """The same, of columns of numbers from 0 on."""
    numbers: Ints = np.zeros(rows, np.int64)
    size = 1
    for codes in columns:
        count = int(codes.max()) + 1 if rows else 1
        if size * count > _MOST:
            # Numbers are renewed before they get too large.
            numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
            size = int(numbers.max()) + 1
        numbers, size = numbers * count + codes, size * count
    return numbers


def _codes(column: pl.Series) -> Ints:
    array = column.to_arrow(compat_level=pl.CompatLevel.oldest())
    indices = pc.add(pc.fill_null(array.dictionary_encode().indices.cast("int64"), -1), 1)
    codes: Ints = indices.to_numpy(zero_copy_only=False)
    return codes
