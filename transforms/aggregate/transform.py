"""Batches of records -> one exact, bounded table for each release, on any runner."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import apache_beam as beam
import pyarrow as pa
from apache_beam.metrics import Metrics

from transforms.aggregate.schema import columns_of, partial_schema
from transforms.aggregate.settings import ReleaseSettings
from transforms.aggregate.sharding import SHARDS, deal
from transforms.aggregate.sums import BOUNDED_ROWS, aggregate_shard, merge
from transforms.batches import Batch
from transforms.bundles import Buffered

_LEFT_OUT = b"veilbeam.left_out"

BUFFERED_ROWS = 200_000
"""Rows that wait in a worker before they are dealt to shards: fewer, larger elements."""


class Aggregate(beam.PTransform):
    """PCollection[Batch] -> PCollection[(release name, Batch of its exact table)].

    Each batch has the columns ``schema``: ``_subject`` (a keyed token), ``_file``, ``_position``
    and the fields that the releases read. Every release gives exactly one element, over empty input
    too. What bounding left out is told by ``left_out`` of each table, and counted in metrics of the
    namespace ``aggregate``. All of it is exact: for the restricted zone, and for
    ``releaser.release_all``.

    Raises UsageError on construction if a release does not fit the schema.
    """

    def __init__(
        self,
        releases: Sequence[ReleaseSettings],
        schema: pa.Schema,
        sampling_key: bytes,
        shards: int = SHARDS,
    ) -> None:
        super().__init__()
        self._releases = list(releases)
        self._sampling_key = sampling_key
        self._shards = shards
        self._empty = [
            (release.name, _batch(partial_schema(release, schema).empty_table()))
            for release in releases
        ]

    def expand(self, batches: beam.PCollection) -> beam.PCollection:
        by_name = {release.name: release for release in self._releases}
        deal_rows = beam.ParDo(_Deal(columns_of(self._releases), self._shards))
        bound_and_add = beam.ParDo(_BoundAndAdd(self._releases, self._sampling_key))
        merge_shards = beam.MapTuple(lambda name, found: (name, _merge(found, by_name[name])))
        # Output types are stated, since Beam does not read postponed annotations: without them it
        # would pickle a batch, and with each slice all of the table that it was cut from.
        met = (
            batches
            | "Deal rows to shards" >> deal_rows.with_output_types(tuple[int, Batch])
            | "Group shards" >> beam.GroupByKey()
            | "Bound and add up" >> bound_and_add.with_output_types(tuple[str, Batch])
        )
        empty = beam.Create(self._empty).with_output_types(tuple[str, Batch])
        return (
            (met, batches.pipeline | "Start from nothing" >> empty)
            | beam.Flatten()
            | "Group releases" >> beam.GroupByKey()
            | "Merge shards" >> merge_shards.with_output_types(tuple[str, Batch])
        )


class _Deal(Buffered):
    """Batch -> (shard, Batch of its subjects' rows)."""

    def __init__(self, columns: list[str], shards: int) -> None:
        self._columns = columns
        self._shards = shards

    def process(self, batch: Batch) -> Iterator[tuple[int, Batch]]:
        self.wait(batch.data.select(self._columns))
        yield from self.flush(BUFFERED_ROWS)

    def step(self, rows: pa.Table) -> Iterator[tuple[int, Batch]]:
        for shard, part in deal(rows, self._shards):
            yield shard, _batch(part)


class _BoundAndAdd(Buffered):
    """(shard, its Batches) -> (release name, Batch of partial sums), small shards together."""

    def __init__(self, releases: list[ReleaseSettings], sampling_key: bytes) -> None:
        self._releases = releases
        self._sampling_key = sampling_key

    def process(self, element: tuple[int, Iterable[Batch]]) -> Iterator[tuple[str, Batch]]:
        _, batches = element
        for batch in batches:
            self.wait(batch.data)
        yield from self.flush(BOUNDED_ROWS)

    def step(self, rows: pa.Table) -> Iterator[tuple[str, Batch]]:
        for release in self._releases:
            table, stats = aggregate_shard(rows, release, self._sampling_key)
            numbers = stats.flat()
            for name, number in numbers.items():
                Metrics.counter("aggregate", f"{release.name}.{name}").inc(number)
            yield release.name, _batch(_with_left_out(table, numbers))


def _merge(batches: Iterable[Batch], release: ReleaseSettings) -> Batch:
    tables = [pa.Table.from_batches([batch.data]) for batch in batches]
    numbers: Counter[str] = Counter()
    for table in tables:
        numbers.update(left_out(table))
    return _batch(_with_left_out(merge(tables, release), numbers))


def _with_left_out(table: pa.Table, numbers: Mapping[str, int]) -> pa.Table:
    return table.replace_schema_metadata({_LEFT_OUT: json.dumps(numbers, sort_keys=True)})


def left_out(table: pa.Table) -> dict[str, int]:
    """What bounding left out of an exact table, by name (``bounding.Stats``). Restricted."""
    found: dict[str, int] = json.loads((table.schema.metadata or {}).get(_LEFT_OUT, b"{}"))
    return found


def _batch(table: pa.Table) -> Batch:
    """The table as one batch."""
    whole = table.combine_chunks().to_batches()
    return Batch(whole[0] if whole else pa.RecordBatch.from_pylist([], schema=table.schema))
