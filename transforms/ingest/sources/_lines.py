"""What sources that are split between lines share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.ingest.cutting import plan_text
from transforms.ingest.files import SourceFile
from transforms.ingest.lines import read_lines
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import SourceSettings
from transforms.ingest.source import Source


class Lines(Source):
    """Text of which each line, or each row, is a record by itself: split anywhere between them."""

    def plan(
        self, file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
    ) -> Iterator[Range]:
        """Ranges of lines."""
        return plan_text(file, settings, range_bytes)

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The JSON objects of a range, one a line."""
        return read_lines(part, settings)
