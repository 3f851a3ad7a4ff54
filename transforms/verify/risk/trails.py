"""What subjects look like by their quasi-identifiers: the one table from which risk is computed.

A *trail* is all that the release tells of one subject: the set of combinations of values (of the
quasi-identifiers and sensitive fields) in its records. Subjects with the same trail are counted
together, so that the table is as small as the release is coarse, and yet tells exactly how many
subjects share a class, whatever classes are made of it later.

A table of trails has one row for each trail and combination: the values, ``TRAIL`` (a number),
``SUBJECTS`` (how many have the trail; the same in all of its rows) and ``RECORDS`` (how many
records these subjects have with the combination).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence

import polars as pl
import pyarrow as pa

from transforms.verify.risk.numbering import numbers_of
from transforms.verify.risk.settings import Attributes

# The colon keeps them apart from every field's name.
SUBJECT, TRAIL, SUBJECTS, RECORDS = "r:subject", "r:trail", "r:subjects", "r:records"
_COMBINATION, _SAME = "r:combination", "r:same"
_COLUMNS = (SUBJECT, TRAIL, SUBJECTS, RECORDS)


def columns_of(published: pa.RecordBatch, subjects: pa.Array, about: Attributes) -> pa.RecordBatch:
    """The columns that count, and ``SUBJECT``."""
    names = [f.name for f in (*about.quasi, *about.sensitive)]
    columns = [subjects, *(published.column(name) for name in names)]
    return pa.record_batch(columns, names=[SUBJECT, *names])


def rows_of(records: pa.Table, about: Attributes) -> pl.DataFrame:
    """The values of records (``columns_of``); equal ones counted."""
    frame = pl.DataFrame(records)
    names = values_of(frame)
    numbers = [name for name, ordered in about.ordered.items() if ordered]
    texts = [name for name in names if name not in numbers]
    return (
        frame.with_columns(
            pl.col(texts).cast(pl.String),
            # NaN equals nothing; what cannot be told apart from missing is missing.
            *(pl.col(name).cast(pl.Float64).fill_nan(None) for name in numbers),
        )
        .group_by(SUBJECT, *names)
        .agg(pl.len().cast(pl.Int64).alias(RECORDS))
    )


def no_rows(about: Attributes) -> pl.DataFrame:
    """What ``rows_of`` makes of no records."""
    texts = {f.name: pl.String for f in (*about.quasi, *about.sensitive)}
    numbers = {name: pl.Float64 for name, ordered in about.ordered.items() if ordered}
    return pl.DataFrame(schema={SUBJECT: pl.String, **texts, **numbers, RECORDS: pl.Int64})


def deal(rows: pl.DataFrame, shards: int) -> Iterator[tuple[int, pl.DataFrame]]:
    """The rows of each shard; all rows of a subject are in the same one, in every process."""
    subjects = rows[SUBJECT].to_list()
    shard = pl.Series("r:shard", [zlib.crc32(str(s).encode()) % shards for s in subjects])
    parts = rows.with_columns(shard).partition_by("r:shard", as_dict=True, include_key=False)
    for key, part in parts.items():
        yield int(str(key[0])), part


def of_subjects(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Rows of some subjects, all of each -> their trails."""
    rows = pl.concat(parts)
    own = pl.Series(TRAIL, numbers_of(rows, [SUBJECT]))
    one = pl.lit(1, pl.Int64).alias(SUBJECTS)
    return merged([rows.select(own, *values_of(rows), one, RECORDS)])


def merged(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Tables of trails of different subjects as one; equal trails are added up."""
    numbered, taken = [], 0
    for table in tables:
        numbered.append(table.with_columns(pl.col(TRAIL) + taken))
        taken += int(str(table[TRAIL].max() or 0)) + 1
    frame = pl.concat(numbered)
    values = values_of(frame)
    combination = pl.Series(_COMBINATION, numbers_of(frame, values))
    # Within a trail a combination stands once; a column that was dropped may have parted it.
    once = (
        frame.with_columns(combination)
        .group_by(TRAIL, _COMBINATION)
        .agg(*(pl.col(v).first() for v in values), pl.col(SUBJECTS).first(), pl.col(RECORDS).sum())
    )
    trails = (
        once.group_by(TRAIL)
        .agg(pl.col(_COMBINATION).sort())
        .group_by(_COMBINATION)
        .agg(TRAIL)
        .with_row_index(_SAME)
        .select(pl.col(_SAME).cast(pl.Int64), TRAIL)
        .explode(TRAIL)
    )
    return (
        once.join(trails, on=TRAIL)
        .group_by(_SAME, _COMBINATION)
        .agg(*(pl.col(v).first() for v in values), pl.col(SUBJECTS, RECORDS).sum())
        .select(pl.col(_SAME).alias(TRAIL), *values, SUBJECTS, RECORDS)
    )


def values_of(frame: pl.DataFrame) -> list[str]:
    """The columns that are fields."""
    return [name for name in frame.columns if name not in _COLUMNS]
