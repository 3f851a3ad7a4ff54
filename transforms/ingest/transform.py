"""The first stage: files that match patterns, to Arrow batches of the configured fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.pvalue import AsDict, TaggedOutput

from transforms.batches import Batch
from transforms.fields import FieldSpec
from transforms.ingest.duplicates import hashed_ids, later_ones
from transforms.ingest.fhir_join import LeftOut, join_fhir, tagged
from transforms.ingest.files import find_files
from transforms.ingest.plan import plan
from transforms.ingest.quarantine import Reject, Rejects
from transforms.ingest.ranges import Range
from transforms.ingest.read import Tally, read
from transforms.ingest.records import Row, to_batches
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.textgrid import plan_transcripts
from transforms.progress import Progress

Firsts = Mapping[int, str]
"""Position of a record in a file -> where the first record with its id stands."""


class Ingested(NamedTuple):
    """What ``Ingest`` yields."""

    batches: beam.PCollection[Batch]
    """Records of ``source_schema(fields)``."""
    quarantined: beam.PCollection[Batch]
    """Records that do not go on, of ``quarantine.SCHEMA``."""
    read: beam.PCollection[int]
    """Numbers of records seen; their sum is what ``batches`` and ``quarantined`` hold together.
    Data, not a metric: exact when a runner retries."""
    left_out: beam.PCollection[LeftOut]
    """((kind, name), number) of what was seen and not read: a ``field`` without a role, a FHIR
    ``resource`` or ``attachment`` type. Names can tell something of a subject: restricted."""
    files: beam.PCollection[str]
    """Paths of the files."""


class Ingest(beam.PTransform):
    """Reads the files that match ``patterns``.

    Only descriptions of ranges cross a shuffle (records do so for FHIR's joins alone); records are
    read in the stage that goes on with them.

    Raises: UsageError, where no file matches or a file's format is unknown.
    """

    def __init__(
        self,
        patterns: Sequence[str],
        source: SourceSettings,
        fields: Sequence[FieldSpec],
        progress: str | None = None,
    ) -> None:
        super().__init__()
        self._files = find_files(patterns, source).files
        self._formats = {file.format for file in self._files}
        self._progress = progress
        self._source = source
        self._fields = list(fields)

    def expand(self, begin: beam.pvalue.PBegin) -> Ingested:
        ranges = self._planned(begin) | "Spread" >> beam.Reshuffle()
        if Format.FHIR in self._formats:
            parts: Any = join_fhir(ranges, self._source, self._fields)
        else:
            later = [AsDict(self._later(ranges))] if self._source.record_id else []
            parts = ranges | "Read" >> beam.ParDo(
                _Read(self._source, self._fields, self._sizes(), self._progress), *later
            ).with_output_types(Batch, quarantined=Batch, read=int, left_out=LeftOut).with_outputs(
                "quarantined", "read", "left_out", main="batches"
            )
        return Ingested(
            parts.batches,
            parts.quarantined,
            parts.read,
            parts.left_out | "Left out" >> beam.CombinePerKey(sum),
            begin | "Paths" >> beam.Create([file.path for file in self._files]),
        )

    def _sizes(self) -> dict[str, int]:
        return {file.path: file.size for file in self._files}

    def _planned(self, begin: beam.pvalue.PBegin) -> beam.PCollection[Range]:
        if Format.TEXTGRID in self._formats:
            return begin | "Transcripts" >> beam.Create(plan_transcripts(self._files))
        return (
            begin
            | "Files" >> beam.Create(self._files)
            | "Plan" >> beam.FlatMap(plan, self._source).with_output_types(Range)
        )

    def _later(self, ranges: beam.PCollection[Range]) -> beam.PCollection[tuple[str, Firsts]]:
        """For each file, its records whose id an earlier record has."""
        return (
            ranges
            | "Ids"
            >> beam.ParDo(_Ids(self._source, self._fields)).with_output_types(
                tuple[int, tuple[str, Batch]]
            )
            | "By shard" >> beam.GroupByKey()
            | "Later ones"
            >> beam.FlatMapTuple(_later).with_output_types(tuple[str, tuple[int, str]])
            | "By file" >> beam.GroupByKey()
            | "Of a file" >> beam.MapTuple(lambda file, places: (file, dict(places)))
        )


class _Read(beam.DoFn):
    def __init__(
        self,
        source: SourceSettings,
        fields: Sequence[FieldSpec],
        sizes: Mapping[str, int],
        progress: str | None,
    ) -> None:
        self._source = source
        self._fields = list(fields)
        self._sizes = dict(sizes)
        self._progress_folder = progress

    def setup(self) -> None:
        self._progress = Progress.to(self._progress_folder)

    def process(self, part: Range, later: Mapping[str, Firsts] | None = None) -> Iterator[Any]:
        tally = Tally(self._fields)
        rows = tally.of(read(part, self._source, self._fields), part.header)
        if later:
            rows = _without(rows, later)
        for output in to_batches(rows, self._fields):
            yield tagged(output)
        self._progress.add(bytes=_bytes_of(part, self._sizes))
        yield TaggedOutput("read", tally.records)
        for name, count in tally.unassigned.items():
            yield TaggedOutput("left_out", (("field", name), count))


def _bytes_of(part: Range, sizes: Mapping[str, int]) -> int:
    """Bytes of the source that a range stands for; 0 where that is not known (Parquet)."""
    if part.consultations:
        return sum(sizes.get(file, 0) for files in part.consultations for file in files)
    if part.format is Format.PARQUET:
        return 0
    return sizes.get(part.file, 0) if part.end is None else part.end - part.start


class _Ids(beam.DoFn):
    """The ids of the records that can go on: one that cannot is no first."""

    def __init__(self, source: SourceSettings, fields: Sequence[FieldSpec]) -> None:
        self._source = source
        self._fields = list(fields)

    def process(self, part: Range) -> Iterator[tuple[int, tuple[str, Batch]]]:
        batches: Iterator[pa.RecordBatch] = (
            output
            for output in to_batches(read(part, self._source, self._fields), self._fields)
            if not isinstance(output, Rejects)
        )
        for shard, file, hashes in hashed_ids(batches, str(self._source.record_id)):
            yield shard, (file, Batch(hashes))


def _later(_: int, parts: Iterable[tuple[str, Batch]]) -> Iterator[tuple[str, tuple[int, str]]]:
    for row in later_ones((file, batch.data) for file, batch in parts):
        yield row.file, (row.position, f"{row.first_file}:{row.first_position}")


def _without(rows: Iterable[Row | Reject], later: Mapping[str, Firsts]) -> Iterator[Row | Reject]:
    none: Firsts = {}
    for row in rows:
        first = later.get(row.file, none).get(row.position)
        if first is not None and isinstance(row, Row):
            reason = f"duplicate id, first at {first}"
            row = Reject(row.file, row.position, reason, row.original())
        yield row
