"""A range's records, whatever its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from transforms.fields import FieldSpec
from transforms.ingest import speakers
from transforms.ingest.consultation import digest
from transforms.ingest.databases import digest_lines
from transforms.ingest.files import BLOCK, SourceFile, open_file
from transforms.ingest.paths import leaves, without_indexes
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.registry import source_of
from transforms.ingest.settings import Format, RecordShape, SourceSettings
from transforms.ingest.source import guarded


def read(
    part: Range, source: SourceSettings, fields: Sequence[FieldSpec]
) -> Iterator[Row | Reject]:
    """The records of a range, one by one, in the file's order, as their source has them."""
    if part.problem or part.format is None:
        return iter([Reject(part.file, part.position, part.problem, None)])
    rows = source_of(part.format).read(part, source, [field.path for field in fields])
    return guarded(rows, part.file, part.format)


def content(file: SourceFile, source: SourceSettings) -> Iterator[bytes]:
    """All bytes of an input: a file's as they are stored, a database's rows as JSON."""
    if file.access is not None:
        yield from digest_lines(file, source)
        return
    with closing(open_file(file.path)) as stream:
        while block := stream.read(BLOCK):
            yield block


def records(
    part: Range, source: SourceSettings, fields: Sequence[FieldSpec]
) -> Iterator[Row | Reject]:
    """The records of a range in the shape in which the fields' paths find their values."""
    return completed(read(part, source, fields), part.format, source)


def completed(
    rows: Iterable[Row | Reject], format: Format | None, source: SourceSettings
) -> Iterator[Row | Reject]:
    """Records of a format as they go on: canonical ones where they are to be."""
    if not is_canonical(format, source):
        yield from rows
        return
    finish = finisher(source)
    for row in shaped(rows, format):
        yield finish(row, [str(format)])


def is_canonical(format: Format | None, source: SourceSettings) -> bool:
    """Whether records of this format go on as canonical consultations."""
    return format is not None and (
        source.records is RecordShape.CONSULTATION or not source_of(format).has_own_shape
    )


def shaped(rows: Iterable[Row | Reject], format: Format | None) -> Iterator[Row | Reject]:
    """Records of a source's own shape as canonical consultations; others unchanged."""
    if format is None or not (source := source_of(format)).has_own_shape:
        yield from rows
        return
    for row in rows:
        if isinstance(row, Row):
            try:
                row = row._replace(record=source.consultation(row.record), raw=row.original())
            except Exception as problem:  # of a shape that the standard does not have
                reason = f"no consultation of {format} ({type(problem).__name__})"
                row = Reject(row.file, row.position, reason, row.original())
        yield row


def finisher(source: SourceSettings) -> Callable[[Row | Reject, Sequence[str]], Row | Reject]:
    """A function that completes a canonical consultation: id, roles, patient, sources."""
    lists = speakers.Lists.of(source.speakers)

    def finish(row: Row | Reject, formats: Sequence[str]) -> Row | Reject:
        if isinstance(row, Reject):
            return row
        record = speakers.resolved(row.record, source.speakers, lists)
        if not record.get("id"):
            record["id"] = digest(row.record)
        if not record.get("sources"):
            record["sources"] = list(formats)
        patient: Any = record.get("patient")
        if (patient is None or isinstance(patient, Mapping)) and (
            identity := speakers.patient_id(record)
        ):
            record["patient"] = {**(patient or {}), "id": identity}
        return row._replace(record=record)

    return finish


MOST_NAMES = 1000
"""Paths without a role that are counted by name; keys that are data would have no end."""


class Tally:
    """Counts records, and the paths in them that have no role, while they pass by."""

    def __init__(self, fields: Sequence[FieldSpec]) -> None:
        self._covered = {without_indexes(f.path) for f in fields} | {f.path for f in fields}
        self.records = 0
        self.unassigned: Counter[str] = Counter()
        self.left_out: Counter[tuple[str, str]] = Counter()

    def of(
        self, rows: Iterable[Row | Reject], header: Sequence[str] = ()
    ) -> Iterator[Row | Reject]:
        """``rows`` unchanged; ``header`` are their paths where all have the same."""
        known = set(header) - self._covered
        fresh = self.unassigned
        for row in rows:
            self.records += 1
            if not header and isinstance(row, Row):
                for path in set(leaves(row.record)) - self._covered:
                    if path in fresh or len(fresh) < MOST_NAMES:
                        fresh[path] += 1
            yield row
        fresh.update(dict.fromkeys(known, self.records))

    def noted(self, rows: Iterable[Row | Reject]) -> Iterator[Row | Reject]:
        """``rows`` unchanged; counts the parts of them that their source left out."""
        for row in rows:
            if isinstance(row, Row) and row.left_out:
                self.left_out.update(row.left_out)
            yield row
