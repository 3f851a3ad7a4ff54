"""Records that have the id of an earlier one: found by hash, a shard at a time."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from transforms.fields import FILE, POSITION

SHARDS = 64
_SCHEMA = pa.schema([pa.field("hash", pa.binary(16)), pa.field("position", pa.int64())])


class Later(NamedTuple):
    """A record whose id an earlier one has (by file, then position)."""

    file: str
    position: int
    first_file: str
    first_position: int


def hashed_ids(
    batches: Iterable[pa.RecordBatch], record_id: str
) -> Iterator[tuple[int, str, pa.RecordBatch]]:
    """(shard, file, hashes and positions) of the records that have an id."""
    found: dict[tuple[int, str], tuple[list[bytes], list[int]]] = defaultdict(lambda: ([], []))
    for batch in batches:
        ids = pc.utf8_trim_whitespace(batch[record_id].cast(pa.string())).to_pylist()
        places = (batch[FILE].to_pylist(), batch[POSITION].to_pylist())
        for identity, file, position in zip(ids, *places, strict=True):
            if identity:
                digest = hashlib.blake2b(identity.encode(), digest_size=16).digest()
                hashes, positions = found[digest[0] % SHARDS, file]
                hashes.append(digest)
                positions.append(position)
    for (shard, file), columns in found.items():
        arrays = [pa.array(c, f.type) for c, f in zip(columns, _SCHEMA, strict=True)]
        yield shard, file, pa.RecordBatch.from_arrays(arrays, schema=_SCHEMA)


def later_ones(parts: Iterable[tuple[str, pa.RecordBatch]]) -> Iterator[Later]:
    """All but the first record of each id in a shard, given as (file, hashes and positions)."""
    frames = [
        pl.from_arrow(batch, schema_overrides={"hash": pl.Binary}).with_columns(file=pl.lit(file))  # type: ignore[union-attr]
        for file, batch in parts
    ]
    rows = pl.concat(frames).sort("file", "position")
    later = rows.with_columns(
        first_file=pl.col("file").first().over("hash"),
        first_position=pl.col("position").first().over("hash"),
        number=pl.int_range(pl.len()).over("hash"),
    ).filter(pl.col("number") > 0)
    yield from map(Later._make, later.select(Later._fields).iter_rows())
