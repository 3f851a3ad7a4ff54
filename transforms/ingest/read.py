"""A range's records, whatever its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from transforms.fields import FieldSpec
from transforms.ingest.delimited import read_delimited
from transforms.ingest.lines import read_lines
from transforms.ingest.parquet import read_parquet
from transforms.ingest.paths import leaves, without_indexes
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.textgrid import read_transcripts


def read(
    part: Range, source: SourceSettings, fields: Sequence[FieldSpec]
) -> Iterator[Row | Reject]:
    """The records of a range, one by one, in the file's order."""
    if part.problem:
        return iter([Reject(part.file, part.position, part.problem, None)])
    match part.format:
        case Format.CSV:
            return read_delimited(part, source)
        case Format.PARQUET:
            return read_parquet(part, source, [field.path for field in fields])
        case Format.TEXTGRID:
            return read_transcripts(part, source)
        case _:
            return read_lines(part, source)


MOST_NAMES = 1000
"""Paths without a role that are counted by name; keys that are data would have no end."""


class Tally:
    """Counts records, and the paths in them that have no role, while they pass by."""

    def __init__(self, fields: Sequence[FieldSpec]) -> None:
        self._covered = {without_indexes(f.path) for f in fields} | {f.path for f in fields}
        self.records = 0
        self.unassigned: Counter[str] = Counter()

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
