"""Bounded rows -> exact sums of each group: of one shard of subjects, then of all shards merged.

A query's column holds one whole number of each group, or (by bin, by value) a list of cells with
their numbers: only cells that occur, so that lists stay short.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
import pyarrow as pa

from transforms.aggregate import extent
from transforms.aggregate.bounding import GROUP, PERSON, Stats, bound, seed_of
from transforms.aggregate.keys import bin_labels
from transforms.aggregate.needs import exact_queries
from transforms.aggregate.queries import Query, value_column
from transforms.aggregate.schema import columns_of, partial_schema
from transforms.aggregate.settings import ReleaseSettings
from transforms.aggregate.sharding import deal

BOUNDED_ROWS = 250_000
"""Shards are bounded together until they have so many rows: what a step costs whatever its size
weighs less, and memory stays small."""

_CELL = "cell"


def aggregate_shard(
    rows: pa.Table, release: ReleaseSettings, sampling_key: bytes
) -> tuple[pa.Table, Stats]:
    """Partial sums of each group over the bounded rows of a shard's subjects.

    ``rows`` has the columns ``columns_of([release])`` and holds *all* rows of each of its subjects.
    The result has the columns of ``partial_schema``, one row for each group met, sorted by key.
    """
    schema = partial_schema(release, rows.schema)
    groups, kept, stats = bound(rows.select(columns_of([release])), release, sampling_key)
    numbers = [query for query in exact_queries(release) if not _in_parts(query)]
    table = kept.group_by(GROUP).agg(query.of_rows() for query in numbers)
    for query in exact_queries(release):
        if _in_parts(query):
            cells = _cells(kept, query, seed_of(sampling_key, release))
            table = table.join(cells, on=GROUP, how="left")
    table = groups.join(table, on=GROUP).drop(GROUP)
    return filled(by_key(table, release), schema), stats


def merge(tables: Iterable[pa.Table], release: ReleaseSettings) -> pa.Table:
    """The sums of several shards' partial tables, by group; sorted by key.

    The result has the columns of ``exact_schema``: distinct values are now counted.
    """
    whole = pa.concat_tables(list(tables))
    frame = pl.DataFrame(whole)
    if release.group_by:
        groups = frame.select(release.group_by).unique().with_row_index(GROUP)
        frame = frame.join(groups, on=release.group_by)
    else:
        frame = frame.with_columns(pl.lit(0, pl.UInt32).alias(GROUP))
        groups = frame.select(GROUP).unique()
    numbers = [q.column for q in exact_queries(release) if not _in_parts(q)]
    table = frame.group_by(GROUP).agg(pl.col(numbers).sum())
    for query in exact_queries(release):
        if _in_parts(query):
            parts = frame.select(GROUP, query.column).explode(query.column)
            table = table.join(_merged(parts, query), on=GROUP, how="left")
    table = groups.join(table, on=GROUP).drop(GROUP)
    return filled(by_key(table, release), _counted(whole.schema, release))


def aggregate_locally(
    batches: Iterable[pa.RecordBatch], release: ReleaseSettings, sampling_key: bytes
) -> tuple[pa.Table, Stats]:
    """The exact table of a release over batches that fit in memory; what ``Aggregate`` computes."""
    columns = columns_of([release])
    # By shards here too: only some at a time are sorted and joined.
    shards: dict[int, list[pa.Table]] = {}
    for batch in batches:
        rows = pa.Table.from_batches([batch.select(columns)])
        for number, part in [(0, rows.slice(0, 0)), *deal(rows)]:
            shards.setdefault(number, []).append(part)
    parts = []
    waiting: list[pa.Table] = []
    for number in sorted(shards):
        waiting += shards.pop(number)
        if not shards or sum(part.num_rows for part in waiting) >= BOUNDED_ROWS:
            parts.append(aggregate_shard(pa.concat_tables(waiting), release, sampling_key))
            waiting = []
    tables, stats = zip(*parts, strict=True)
    return merge(tables, release), sum(stats[1:], start=stats[0])


def by_key(frame: pl.DataFrame, release: ReleaseSettings) -> pl.DataFrame:
    """Sorted by key (bins by their edges), never by a value: the order must tell nothing."""
    order = []
    for name in release.group_by:
        key = pl.col(name)
        if name in release.bins:
            labels = bin_labels(release.bins[name])
            key = key.replace_strict(labels, list(range(len(labels))), return_dtype=pl.Int64)
        order.append(key)
    return frame.sort(order) if order else frame


def _in_parts(query: Query) -> bool:
    """Whether its sums cannot be added up as one number of each group."""
    return query.has_cells or query.kind == "distinct"


def _cells(kept: pl.DataFrame, query: Query, seed: int) -> pl.DataFrame:
    """Its cells of each group of bounded rows."""
    rows = kept.with_columns(query.cell_of_row().alias(_CELL)).filter(pl.col(_CELL).is_not_null())
    match query.kind:
        case "distinct":
            # Values are only told apart: their hashes will do.
            value = pl.col(_CELL).hash(seed).reinterpret(signed=True)
            met = rows.select(GROUP, value).unique().sort(GROUP, _CELL)
            return met.group_by(GROUP).agg(pl.col(_CELL).alias(query.column))
        case "frequent":
            rows = rows.select(GROUP, PERSON, _CELL).unique()
            if query.values:
                rows = rows.filter(pl.col(_CELL).is_in(list(query.values)))
            sums = [pl.len().alias("n")]
        case "parts":
            value = pl.col(value_column(query.field))
            rows = rows.with_columns(s=extent.steps_of_value(value, pl.col(_CELL)))
            sums = [pl.len().alias("n"), pl.col("s").sum(), pl.col("s").pow(2).sum().alias("q")]
        case _:
            sums = [pl.len().alias("n")]
    met = rows.group_by(GROUP, _CELL).agg(s.cast(pl.Int64) for s in sums)
    return _listed(met, query)


def _merged(parts: pl.DataFrame, query: Query) -> pl.DataFrame:
    parts = parts.filter(pl.col(query.column).is_not_null())
    if query.kind == "distinct":
        return parts.group_by(GROUP).agg(pl.col(query.column).n_unique().cast(pl.Int64))
    parts = parts.unnest(query.column)
    met = parts.group_by(GROUP, _CELL).agg(pl.exclude(GROUP, _CELL).sum())
    return _listed(met, query)


def _listed(met: pl.DataFrame, query: Query) -> pl.DataFrame:
    cells = pl.struct(pl.exclude(GROUP)).alias(query.column)
    return met.sort(GROUP, _CELL).group_by(GROUP, maintain_order=True).agg(cells)


def _counted(schema: pa.Schema, release: ReleaseSettings) -> pa.Schema:
    """The exact table's schema from the partial ones'."""
    for query in exact_queries(release):
        if query.kind == "distinct":
            place = schema.get_field_index(query.column)
            schema = schema.set(place, pa.field(query.column, pa.int64()))
    return schema


def filled(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """In the schema's types and order; a group without cells has an empty list, or a count of 0."""
    columns = []
    for name, kind in pl.DataFrame(schema.empty_table()).schema.items():
        column = pl.col(name)
        if isinstance(kind, pl.List):
            column = pl.when(column.is_null()).then(pl.lit([], dtype=kind)).otherwise(column)
        elif ":" in name:
            column = column.fill_null(0)
        columns.append(column.alias(name))
    return frame.select(columns).to_arrow().cast(schema)
