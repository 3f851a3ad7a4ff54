"""Rows -> shards of subjects, so that a subject's rows are bounded together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.aggregate.bounding import SUBJECT

SHARDS = 32

_MIX = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio: Knuth, "The Art of Computer Programming" 3, section 6.4."""


def deal(rows: pa.Table, shards: int = SHARDS) -> Iterator[tuple[int, pa.Table]]:
    """The rows of each shard that has any; all rows of a subject are always in the same one."""
    shard = shard_of(rows[SUBJECT], shards)
    order = np.argsort(shard, kind="stable")
    starts = np.searchsorted(shard[order], np.arange(shards + 1))
    dealt = rows.take(pa.array(order))
    for number in range(shards):
        start, end = int(starts[number]), int(starts[number + 1])
        if end > start:
            yield number, dealt.slice(start, end - start)


def shard_of(subjects: pa.ChunkedArray, shards: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Shard of each subject, by the last eight bytes of its token.

    The same in every process, version and batch, which Polars' hash is not: a subject in two shards
    would be bounded twice. (Tokens are keyed: no one can choose them so that they crowd.)
    """
    tokens = pc.fill_null(subjects, "").cast(pa.binary())
    ends = pc.binary_slice(pc.binary_join_element_wise(bytes(8), tokens, b""), -8).combine_chunks()
    numbers = np.frombuffer(ends.buffers()[2] or b"", ">u8", len(ends)).astype(np.uint64)
    half = np.uint64(32)
    return (numbers * _MIX >> half) * np.uint64(shards) >> half
