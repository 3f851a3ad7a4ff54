"""Excel workbooks: a sheet with a header, with the user's own names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import BY_NAME, SURE, Head, Source
from transforms.ingest.workbooks import OLE, ZIP, read_workbook


class Excel(Source):
    """``.xlsx`` and ``.xlsm``; ``.xls`` is known, and refused. A workbook is read as a whole: it
    cannot be split."""

    format = Format.EXCEL
    title = "Excel"
    endings = frozenset({".xlsx", ".xlsm", ".xls"})
    has_own_shape = True

    def sniff(self, head: Head) -> float:
        """The first bytes of a zip archive or of an OLE file, and names within."""
        if head.data.startswith(ZIP):
            is_book = b"xl/" in head.data or head.ending in self.endings
            return SURE if is_book and head.ending not in (".docx", ".pptx") else 0.0
        if head.data.startswith(OLE):
            return SURE if head.ending in self.endings else 0.0
        return BY_NAME if head.ending in self.endings and not head.data else 0.0

    def read(
        self, part: Range, settings: SourceSettings, paths: Sequence[str]
    ) -> Iterator[Row | Reject]:
        """The rows of a workbook."""
        return read_workbook(part, settings)
