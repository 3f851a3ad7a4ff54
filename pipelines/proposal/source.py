"""How a source is written down, and its first records: what the proposal is made from."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from transforms.errors import UsageError
from transforms.fields import FieldSpec
from transforms.ingest.check import first_records
from transforms.ingest.files import SourceFile, ending, read_head
from transforms.ingest.find import HEAD, find_files
from transforms.ingest.plan import plan
from transforms.ingest.records import Row
from transforms.ingest.registry import source_of
from transforms.ingest.settings import CsvSettings, Format, RecordShape, SourceSettings
from transforms.ingest.source import Source
from transforms.ingest.text import wide_encoding

_DELIMITERS = ",;\t|"
_LINES = 50


class Looked(NamedTuple):
    """A source, and its first records."""

    settings: SourceSettings
    is_consultation: bool
    """Whether records have the canonical shape, so that the preset for it fits."""
    records: list[dict[str, Any]]
    refused: int
    """First records that cannot be read."""
    formats: dict[str, int]
    """Number of files by what they were taken for."""
    tables: int
    """Of a canonical source: files that are tables with names of their own, which it cannot use."""


def look_at(patterns: Sequence[str]) -> Looked:
    """Tell how a source is to be read, and read its first records.

    Raises: UsageError, where no file matches, nothing has a known format, tables are written
    differently, or no record can be read.
    """
    settings, found = _settings(patterns)
    known = [f for f in found if f.format is not None]
    tables = [f for f in known if f.format is not None and is_table(f.format)]
    is_consultation = len(tables) < len(known)
    if is_consultation:
        settings = settings.model_copy(update={"records": RecordShape.CONSULTATION})
    fields = [FieldSpec.model_construct(path=path) for path in _headers(tables, settings)]
    rows = first_records(patterns, settings, fields)
    records = [dict(row.record) for row in rows if isinstance(row, Row)]
    if not records:
        reasons = {row.reason for row in rows if not isinstance(row, Row)}
        why = f": {sorted(reasons)[0]}" if reasons else ""
        raise UsageError(f"--input: none of the first {len(rows):,} records can be read{why}.")
    counts: dict[str, int] = {}
    for file in found:
        name = str(file.format or "unknown")
        counts[name] = counts.get(name, 0) + 1
    return Looked(
        settings,
        is_consultation,
        records,
        len(rows) - len(records),
        counts,
        len(tables) if is_consultation else 0,
    )


def is_table(format: Format) -> bool:
    """Whether records of a format have the user's own names."""
    source = source_of(format)
    return source.has_own_shape and type(source).consultation is Source.consultation


def _settings(patterns: Sequence[str]) -> tuple[SourceSettings, list[SourceFile]]:
    """How the files are read: as they are told, delimiter and encoding of CSV besides."""
    settings = SourceSettings()
    try:
        files = find_files(patterns, settings).files
    except UsageError:
        # A table that is not called .csv.
        settings = SourceSettings(format=Format.CSV)
        files = find_files(patterns, settings).files
        if not files or not all(_looks_like_csv(file) for file in files):
            raise
    written = {_written(file) for file in files if file.format is Format.CSV}
    if len(written) > 1:
        raise UsageError(
            "--input: the CSV files differ in delimiter or encoding. Describe them one by one, "
            "with a configuration each."
        )
    for encoding, delimiter in written:
        settings = settings.model_copy(
            update={"encoding": encoding, "csv": CsvSettings(delimiter=delimiter)}
        )
    return settings, files


def _looks_like_csv(file: SourceFile) -> bool:
    endings = source_of(Format.CSV).endings
    return ending(file.path) in endings and delimiter_of(_text(file)[0])[1] > 1


def _written(file: SourceFile) -> tuple[str, str]:
    """Encoding and delimiter of a CSV file."""
    text, encoding = _text(file)
    return encoding, delimiter_of(text)[0]


def _text(file: SourceFile) -> tuple[str, str]:
    data = read_head(file.path, HEAD)
    wide = wide_encoding(data)
    for encoding in (wide,) if wide else ("utf-8", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            return decoder.decode(data, final=len(data) < HEAD).removeprefix("\ufeff"), encoding
        except UnicodeError:
            continue
    return data.decode("latin-1"), "latin-1"


def delimiter_of(text: str) -> tuple[str, int]:
    """The delimiter by which all rows have as many fields as the first, and most of them; and how
    many they have: 1 where there is no such delimiter."""
    best = (",", 1)
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in _rows(text, delimiter) if row]
        # The last may be cut.
        even = widths[:-1] or widths
        if even and even[0] > best[1] and sum(w == even[0] for w in even) >= 0.9 * len(even):
            best = (delimiter, even[0])
    return best


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) >= _LINES:
                break
    except csv.Error:
        return []
    return rows


def _headers(tables: Sequence[SourceFile], settings: SourceSettings) -> Iterator[str]:
    """Paths of columnar files, of which only what is asked for is read."""
    seen: set[str] = set()
    for file in tables[:10]:
        for part in plan(file, settings):
            yield from (path for path in part.header if path not in seen)
            seen.update(part.header)
            break
