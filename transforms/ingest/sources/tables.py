"""Tables with the user's own names: JSON Lines, CSV, Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import orjson

from transforms.ingest.delimited import read_delimited
from transforms.ingest.files import SourceFile
from transforms.ingest.parquet import plan_parquet, read_parquet
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import BY_NAME, LIKELY, SURE, Head, Source
from transforms.ingest.sources._lines import Lines


class JsonLines(Lines):
    """A JSON object a line."""

    format = Format.JSONL
    title = "JSON Lines"
    endings = frozenset({".jsonl", ".ndjson", ".json"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """A first line that is an object by itself."""
        if head.lines and head.lines[0].lstrip().startswith("{"):
            try:
                if isinstance(orjson.loads(head.lines[0]), dict):
                    return LIKELY
            except orjson.JSONDecodeError:
                pass
        # A single line may be longer than what is looked at.
        is_long = not head.is_whole and not head.lines and head.text.startswith("{")
        return BY_NAME if is_long or head.ending in (".jsonl", ".ndjson") else 0.0


class Csv(Lines):
    """CSV with a header."""

    format = Format.CSV
    title = "CSV"
    endings = frozenset({".csv", ".tsv", ".txt"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """The name alone: any text could be CSV."""
        return BY_NAME if head.ending == ".csv" else 0.0

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The rows of a range."""
        return read_delimited(part, settings)


class Parquet(Source):
    """Parquet, flat or nested."""

    format = Format.PARQUET
    title = "Parquet"
    endings = frozenset({".parquet"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """Its magic bytes."""
        if head.data.startswith(b"PAR1"):
            return SURE
        return BY_NAME if head.ending == ".parquet" else 0.0

    def plan(
        self, file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
    ) -> Iterator[Range]:
        """A range for each row group."""
        return plan_parquet(file)

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The rows of a row group; only the columns of ``paths``."""
        return read_parquet(part, settings, paths)
