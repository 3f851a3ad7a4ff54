"""SQL databases: a table or a query, with the user's own names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.errors import VeilbeamError
from transforms.ingest.databases import is_sqlite, plan_rows, read_rows
from transforms.ingest.files import SourceFile
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Head, Source


class Database(Source):
    """Rows of a database that is given by its URL, or of an SQLite file that lies in a folder."""

    format = Format.DATABASE
    title = "SQL database"
    endings = frozenset({".db", ".sqlite", ".sqlite3"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """SQLite's magic bytes."""
        return SURE if is_sqlite(head.data) else 0.0

    def plan(
        self, file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
    ) -> Iterator[Range]:
        """Ranges of the key. A file that cannot be read is one of many; a URL was asked for."""
        try:
            yield from plan_rows(file, settings)
        # Of a damaged schema even the names may be no text.
        except (VeilbeamError, UnicodeError, TypeError) as problem:
            if file.access is not None:
                raise
            reason = f"no rows could be read ({type(problem).__name__}): check source.database"
            yield Range(file.path, file.format, problem=reason)

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The rows of a range."""
        position = part.position
        try:
            for row in read_rows(part, settings):
                yield row
                position = row.position + 1
        except VeilbeamError as problem:
            if part.access is not None:
                raise
            reason = f"no later row could be read ({type(problem).__name__}): the file is damaged"
            yield Reject(part.file, position, reason, None)
