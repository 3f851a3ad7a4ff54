"""The first stage: files that match patterns, to Arrow batches of the configured fields."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import apache_beam as beam
import orjson
import pyarrow as pa
from apache_beam.pvalue import AsDict, TaggedOutput

from transforms.batches import BATCH_BYTES, BATCH_RECORDS, Batch
from transforms.bundles import in_window
from transforms.fields import FieldSpec
from transforms.ingest import meetings
from transforms.ingest.copies import Signature, copies_in, keys, signature_of
from transforms.ingest.databases import held
from transforms.ingest.duplicates import hashed_ids, later_ones
from transforms.ingest.fhir_join import LeftOut, join_fhir, tagged
from transforms.ingest.files import SourceFile
from transforms.ingest.find import find_files
from transforms.ingest.plan import packed, plan
from transforms.ingest.quarantine import Reject, Rejects
from transforms.ingest.ranges import Range
from transforms.ingest.read import Tally, completed, finisher, read, records
from transforms.ingest.records import Row, to_batches
from transforms.ingest.registry import source_of
from transforms.ingest.settings import Format, SourceSettings
from transforms.progress import Progress

Firsts = Mapping[int, str]
"""Position of a record in a file -> where the first record with its id stands."""
Sessions = Mapping[int, str]
"""Position of a record in a file -> the session of which it is a part."""
Part = tuple[str, int, tuple[str, ...], bytes]
"""A part of a session: file, position, formats (several, where copies of it were merged), JSON."""


class Merged(NamedTuple):
    """What is known of one file's records that are copies, or have some."""

    copies: frozenset[int]
    """Positions of those that are not read: the same session is published from another record."""
    formats: Mapping[int, tuple[str, ...]]
    """Position of a record that has copies -> the formats of these."""


_NONE = Merged(frozenset(), {})
PART, COPY = "part", "copy"
"""Kinds of what is in no batch since it stands in another record: by the format that it had."""


class Ingested(NamedTuple):
    """What ``Ingest`` yields."""

    batches: beam.PCollection[Batch]
    """Records of ``source_schema(fields)``."""
    quarantined: beam.PCollection[Batch]
    """Records that do not go on, of ``quarantine.SCHEMA``."""
    read: beam.PCollection[int]
    """Numbers of records seen; their sum is what ``batches`` and ``quarantined`` hold together.
    Data, not a metric: exact when a runner retries."""
    merged: beam.PCollection[int]
    """Numbers of records that were merged, as copies, into another; among those ``read``."""
    left_out: beam.PCollection[LeftOut]
    """((kind, name), number) of what was seen and not read: a ``field`` without a role, a FHIR
    ``resource`` or ``attachment`` type; and of a format's records the ``part``s of others' sessions
    and the ``copy``s. Names can tell something of a subject: restricted."""
    files: beam.PCollection[SourceFile]
    """What was read."""


class Ingest(beam.PTransform):
    """Reads the files that match ``patterns``, each by the source that its content tells.

    Only descriptions of ranges cross a shuffle; records do so for FHIR's joins, and where several
    files are one session. Records are read in the stage that goes on with them.

    Raises: UsageError, where no file matches or nothing has a known format.
    """

    def __init__(
        self,
        patterns: Sequence[str],
        source: SourceSettings,
        fields: Sequence[FieldSpec],
        progress: str | None = None,
    ) -> None:
        super().__init__()
        # What holds a database's state ends with this transform.
        states = ExitStack()
        weakref.finalize(self, states.close)
        self._files = [
            states.enter_context(held(file)) for file in find_files(patterns, source).files
        ]
        self.formats = {file.path: str(file.format or "unknown") for file in self._files}
        """What each file was taken for."""
        self._progress = progress
        self._source = source
        self._fields = list(fields)

    def expand(self, begin: beam.pvalue.PBegin) -> Ingested:
        resources = [file for file in self._files if file.format is Format.FHIR]
        others = [file for file in self._files if file.format is not Format.FHIR]
        parts: list[Any] = []
        if resources:
            parts.append(
                join_fhir(
                    _planned(begin, resources, "resources", self._source),
                    self._source,
                    self._fields,
                )
            )
        if others:
            read = self._read(_planned(begin, others, "files", self._source), others)
            parts += read
            merged = read[0].merged
        else:
            merged = begin | "No copies" >> beam.Create([])

        def all_of(kind: str) -> Any:
            found = [c for part in parts if (c := getattr(part, kind, None)) is not None]
            return found[0] if len(found) == 1 else found | f"Every {kind}" >> beam.Flatten()

        return Ingested(
            all_of("batches"),
            all_of("quarantined"),
            all_of("read"),
            merged,
            all_of("left_out") | "Left out" >> beam.CombinePerKey(sum),
            begin | "Paths" >> beam.Create(self._files),
        )

    def _read(self, ranges: beam.PCollection[Range], files: Sequence[SourceFile]) -> list[Any]:
        sizes = {file.path: file.size for file in files}
        reader = _Read(self._source, self._fields, sizes, self._progress)
        together = merged_ones = None
        if self._may_join(files) or self._may_hold_copies(files):
            looked = ranges | "Look" >> beam.ParDo(_Look(self._source)).with_output_types(
                tuple[str, meetings.Facts], signatures=tuple[str, Signature]
            ).with_outputs("signatures", main="facts")
            if self._may_hold_copies(files):
                merged_ones = AsDict(self._merged(looked.signatures))
            if self._may_join(files):
                together = AsDict(self._together(looked.facts, merged_ones))
        later = AsDict(self._later(ranges, merged_ones)) if self._source.record_id else None
        read = ranges | "Read" >> beam.ParDo(
            reader, later, together, merged_ones
        ).with_output_types(
            Batch, quarantined=Batch, read=int, merged=int, left_out=LeftOut, parts=tuple[str, Part]
        ).with_outputs("quarantined", "read", "merged", "left_out", "parts", main="batches")
        if together is None and not any(map(_has_sessions, files)):
            return [read]
        merged = (
            read.parts
            | "By session" >> beam.GroupByKey()
            | "Merge"
            >> beam.ParDo(_Merge(self._source, self._fields))
            .with_output_types(Batch, quarantined=Batch, read=int, left_out=LeftOut)
            .with_outputs("quarantined", "read", "left_out", main="batches")
        )
        return [read, merged]

    @staticmethod
    def _may_join(files: Sequence[SourceFile]) -> bool:
        """Whether files of different formats could be parts of one session."""
        formats = {file.format for file in files if file.format is not None}
        return len({f for f in formats if not source_of(f).has_own_shape}) > 1

    def _may_hold_copies(self, files: Sequence[SourceFile]) -> bool:
        """Whether a session could have been exported twice."""
        alike = [f for f in files if f.format is not None and is_joinable(f.format)]
        return self._source.merge_duplicates and len(alike) > 1

    def _later(
        self, ranges: beam.PCollection[Range], merged: Any
    ) -> beam.PCollection[tuple[str, Firsts]]:
        """For each file, its records whose id an earlier record has."""
        return (
            ranges
            | "Ids"
            >> beam.ParDo(_Ids(self._source, self._fields), merged).with_output_types(
                tuple[int, tuple[str, Batch]]
            )
            | "By shard" >> beam.GroupByKey()
            | "Later ones"
            >> beam.FlatMapTuple(_later).with_output_types(tuple[str, tuple[int, str]])
            | "By file" >> beam.GroupByKey()
            | "Of a file" >> beam.MapTuple(lambda file, places: (file, dict(places)))
        )

    @staticmethod
    def _merged(signatures: beam.PCollection[Any]) -> beam.PCollection[tuple[str, Merged]]:
        """For each file, its records that are copies of others, and those that others are of."""
        return (
            signatures
            | "By day" >> beam.GroupByKey()
            | "Copies"
            >> beam.FlatMapTuple(_copies).with_output_types(tuple[str, tuple[int, str, int, str]])
            | "Copies by file" >> beam.GroupByKey()
            | "Copies of a file" >> beam.MapTuple(_merged_of)
        )

    @staticmethod
    def _together(
        facts: beam.PCollection[Any], merged: Any
    ) -> beam.PCollection[tuple[str, Sessions]]:
        """For each file, its records that are parts of a session with others."""
        return (
            facts
            | "By folder" >> beam.GroupByKey()
            | "Sessions"
            >> beam.FlatMapTuple(_sessions, merged).with_output_types(tuple[str, tuple[int, str]])
            | "Parts by file" >> beam.GroupByKey()
            | "Parts of a file" >> beam.MapTuple(lambda file, places: (file, dict(places)))
        )


def _planned(
    begin: beam.pvalue.PBegin, files: Sequence[SourceFile], name: str, source: SourceSettings
) -> beam.PCollection[Range]:
    """Ranges of the files, spread over the workers."""
    ranges, rest = packed(files)
    planned = (
        begin
        | f"Of {name}" >> beam.Create(rest)
        | f"Plan {name}" >> beam.FlatMap(plan, source).with_output_types(Range)
    )
    if ranges:
        known = begin | f"Packed {name}" >> beam.Create(ranges).with_output_types(Range)
        planned = (planned, known) | f"Ranges of {name}" >> beam.Flatten()
    return planned | f"Spread {name}" >> beam.Reshuffle()


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

    def process(
        self,
        part: Range,
        later: Mapping[str, Firsts] | None = None,
        together: Mapping[str, Sessions] | None = None,
        merged: Mapping[str, Merged] | None = None,
    ) -> Iterator[Any]:
        tally = Tally(self._fields)
        merged = merged or {}
        copies: list[int] = []
        rows: Iterator[Row | Reject] = tally.noted(read(part, self._source, self._fields))
        if merged:
            rows = _without_copies(rows, merged, copies)
        if later:
            rows = _without(rows, later)
        parts: list[Any] = []
        if part.format is not None and is_joinable(part.format):
            rows = _aside(rows, together or {}, part.format, merged, parts)
        rows = completed(rows, part.format, self._source)
        if merged:
            rows = _with_sources(rows, merged)
        rows = tally.of(rows, part.header)
        for output in to_batches(rows, self._fields):
            yield tagged(output)
            yield from _drained(parts)
        yield from _drained(parts)
        self._progress.add(bytes=_bytes_of(part, self._sizes))
        yield TaggedOutput("read", tally.records + len(copies))
        yield TaggedOutput("merged", len(copies))
        if copies:
            yield TaggedOutput("left_out", ((COPY, str(part.format)), len(copies)))
        for name, count in tally.unassigned.items():
            yield TaggedOutput("left_out", (("field", name), count))
        for item in tally.left_out.items():
            yield TaggedOutput("left_out", item)


class _Merge(beam.DoFn):
    """The parts of each session to one consultation; batches across sessions."""

    def __init__(self, source: SourceSettings, fields: Sequence[FieldSpec]) -> None:
        self._source = source
        self._fields = list(fields)

    def start_bundle(self) -> None:
        self._rows: list[Row | Reject] = []
        self._size = 0
        self._tally = Tally(self._fields)
        self._finish = finisher(self._source)

    def process(self, element: tuple[str, Iterable[Part]]) -> Iterator[Any]:
        parts = sorted(element[1], key=lambda part: (part[0], part[1]))
        records = [orjson.loads(content) for *_, content in parts]
        order = sorted(range(len(parts)), key=lambda i: (not records[i].get("turns"), i))
        file, position, *_ = parts[order[0]]
        for i in order[1:]:
            yield TaggedOutput("left_out", ((PART, parts[i][2][0]), 1))
        record = meetings.merge([records[i] for i in order])
        formats = [format for i in order for format in parts[i][2]]
        self._rows.append(self._finish(Row(file, position, record, None), formats))
        self._size += sum(len(content) for *_, content in parts)
        if len(self._rows) >= BATCH_RECORDS or self._size >= BATCH_BYTES:
            yield from self._flush()

    def finish_bundle(self) -> Iterator[Any]:
        outputs = [*self._flush(), TaggedOutput("read", self._tally.records)]
        for name, count in self._tally.unassigned.items():
            outputs.append(TaggedOutput("left_out", (("field", name), count)))
        yield from map(in_window, outputs)

    def _flush(self) -> Iterator[Any]:
        rows, self._rows, self._size = self._rows, [], 0
        for output in to_batches(self._tally.of(rows), self._fields):
            yield tagged(output)


def is_joinable(format: Format) -> bool:
    """Whether records of this format can be parts of a session with others."""
    return not source_of(format).has_own_shape


def _has_sessions(file: SourceFile) -> bool:
    return file.format is not None and source_of(file.format).has_sessions


def _aside(
    rows: Iterable[Row | Reject],
    together: Mapping[str, Sessions],
    format: Format,
    merged: Mapping[str, Merged],
    parts: list[Any],
) -> Iterator[Row | Reject]:
    """The rows that are no parts of a session; those that are, are laid in ``parts``."""
    none: Sessions = {}
    for row in rows:
        session = together.get(row.file, none).get(row.position)
        if session is None and isinstance(row, Row):
            session = row.session
        if session is not None and isinstance(row, Row):
            content = orjson.dumps(row.record, default=str)
            formats = (str(format), *merged.get(row.file, _NONE).formats.get(row.position, ()))
            parts.append((session, (row.file, row.position, formats, content)))
        else:
            yield row


def _drained(parts: list[Any]) -> Iterator[Any]:
    while parts:
        yield TaggedOutput("parts", parts.pop())


class _Look(beam.DoFn):
    """What tells that records are of one session: ``Facts``, and ``signatures`` of copies."""

    def __init__(self, source: SourceSettings) -> None:
        self._source = source

    def setup(self) -> None:
        self._finish = finisher(self._source)

    def process(self, part: Range) -> Iterator[Any]:
        if part.format is None or not is_joinable(part.format):
            return
        format = str(part.format)
        for row in read(part, self._source, ()):
            if not isinstance(row, Row) or row.session is not None:
                continue
            yield meetings.folder_of(row.file), meetings.facts_of(*row[:2], format, row.record)
            if self._source.merge_duplicates:
                done = self._finish(row, [format])
                assert isinstance(done, Row)
                signature = signature_of(*row[:2], format, row.record, done.record)
                for key in keys(signature):
                    yield TaggedOutput("signatures", (key, signature))


def _copies(
    _: str, signatures: Iterable[Signature]
) -> Iterator[tuple[str, tuple[int, str, int, str]]]:
    """(file, (position, copy's file, copy's position, its format)) of each record that is kept for
    a copy; (file, (position, "", 0, "")) of the copy."""
    for copy in copies_in(signatures):
        yield copy.file, (copy.position, "", 0, "")
        yield copy.kept_file, (copy.kept_position, copy.file, copy.position, copy.format)


def _merged_of(file: str, places: Iterable[tuple[int, str, int, str]]) -> tuple[str, Merged]:
    # Two days that are compared may both have told it.
    copies: set[int] = set()
    formats: dict[int, tuple[str, ...]] = {}
    for position, copy, _, format in sorted(set(places)):
        if not copy:
            copies.add(position)
        else:
            formats[position] = (*formats.get(position, ()), format)
    return file, Merged(frozenset(copies), formats)


def _without_copies(
    rows: Iterable[Row | Reject], merged: Mapping[str, Merged], copies: list[int]
) -> Iterator[Row | Reject]:
    """The rows that are no copies; the positions of those that are, are laid in ``copies``."""
    for row in rows:
        if isinstance(row, Row) and row.position in merged.get(row.file, _NONE).copies:
            copies.append(row.position)
        else:
            yield row


def _with_sources(
    rows: Iterable[Row | Reject], merged: Mapping[str, Merged]
) -> Iterator[Row | Reject]:
    """The rows; those that have copies name the formats of all in ``sources``."""
    for row in rows:
        if isinstance(row, Row) and (
            formats := merged.get(row.file, _NONE).formats.get(row.position)
        ):
            sources = [*(row.record.get("sources") or ()), *formats]
            row = row._replace(record={**row.record, "sources": sources})
        yield row


def _sessions(
    _: str, facts: Iterable[meetings.Facts], merged: Mapping[str, Merged] | None = None
) -> Iterator[tuple[str, tuple[int, str]]]:
    none = merged or {}
    parts = [f for f in facts if f.position not in none.get(f.file, _NONE).copies]
    for member in meetings.sessions(parts):
        yield member.file, (member.position, member.session)


def _bytes_of(part: Range, sizes: Mapping[str, int]) -> int:
    """Bytes of the source that a range stands for; 0 where that is not known (Parquet,
    databases)."""
    if part.consultations:
        return sum(sizes.get(file, 0) for files in part.consultations for file in files)
    if part.format in (Format.PARQUET, Format.DATABASE):
        return 0
    return sizes.get(part.file, 0) if part.end is None else part.end - part.start


class _Ids(beam.DoFn):
    """The ids of the records that can go on: one that cannot is no first."""

    def __init__(self, source: SourceSettings, fields: Sequence[FieldSpec]) -> None:
        self._source = source
        self._fields = list(fields)

    def process(
        self, part: Range, merged: Mapping[str, Merged] | None = None
    ) -> Iterator[tuple[int, tuple[str, Batch]]]:
        rows = records(part, self._source, self._fields)
        if merged:
            rows = _without_copies(rows, merged, [])
        batches: Iterator[pa.RecordBatch] = (
            output for output in to_batches(rows, self._fields) if not isinstance(output, Rejects)
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
