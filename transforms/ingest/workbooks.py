"""Rows of Excel workbooks, read by calamine."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from transforms.ingest.files import DamagedError, read_blocks
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import SourceSettings
from transforms.ingest.text import UnreadableError, too_large

MOST_BYTES, MOST_UNPACKED, MOST_CELLS = 64 << 20, 512 << 20, 10_000_000
"""Of a workbook as it is stored, of what it unpacks to, and of the area of one sheet, which is held
in memory with the cells that are empty."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How .xls files begin, and workbooks with a password."""
ZIP = b"PK\x03\x04"

_TOO_LARGE = "a workbook too large to be held in memory: save it as CSV"
_PROTECTED = "protected by a password: save it without"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_COLUMN = re.compile(rb"""\br=["']([A-Za-z]{1,20})\d""")
_LINE = re.compile(rb"""\br=["'](\d+)""")
_CHUNK, _LONGEST = 1 << 20, 64


class _Sheet(NamedTuple):
    header: list[str]
    """Names of the columns; those that have none are called by their letters."""
    rows: Iterator[tuple[int, list[Any]]]
    """Number and cells of the rows below."""
    height: int


def read_workbook(part: Range, source: SourceSettings) -> Iterator[Row | Reject]:
    """The rows below the header, but for empty ones; numbered as in the sheet, and on through the
    sheets where all are read."""
    offset = 0
    data: bytes | None = None
    try:
        data = _content(part.file)
        for sheet in _chosen(_opened(data), source):
            table = _table(sheet, source)
            for number, cells in table.rows:
                record = {
                    name: value
                    for name, cell in zip(table.header, cells, strict=False)
                    if (value := _value(cell)) is not None
                }
                if not record:
                    continue
                size = sum(len(v) if isinstance(v, str) else 8 for v in record.values())
                if size > source.max_record_bytes:
                    yield Reject(part.file, offset + number, too_large(source), None)
                else:
                    yield Row(part.file, offset + number, record, None)
            offset += table.height
    except UnreadableError as problem:
        held = data if data is not None and len(data) <= source.max_record_bytes else None
        yield Reject(part.file, offset + 1, str(problem), held)


def _content(path: str) -> bytes:
    """Raises: UnreadableError."""
    held = bytearray()
    try:
        for block in read_blocks(path, "utf-8"):
            held += block
            if len(held) > MOST_BYTES:
                raise UnreadableError(_TOO_LARGE)
    except DamagedError as problem:
        raise UnreadableError(str(problem)) from None
    return bytes(held)


def _opened(data: bytes) -> CalamineWorkbook:
    """Raises: UnreadableError."""
    if data.startswith(ZIP):
        _require_small(data)
    elif not data.startswith(OLE):
        raise UnreadableError("not an Excel workbook")
    elif _ENCRYPTED in data:
        raise UnreadableError(_PROTECTED)
    else:
        # The parser reserves whatever memory a damaged one of these asks for, and aborts the
        # process where there is none.
        raise UnreadableError("a workbook of Excel 97: open it and save it as .xlsx")
    with _told():
        return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _require_small(data: bytes) -> None:
    """Unpack a workbook, in pieces, before a parser holds it: a file of 1 MB can hold 1 GB, and one
    cell in the last corner of a sheet makes all between it and the first.

    Raises: UnreadableError, also where a checksum is wrong.
    """
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                is_sheet = entry.filename.lower().startswith("xl/worksheets/")
                width = height = 1
                rest = b""
                with archive.open(entry) as content:
                    while chunk := content.read(_CHUNK):
                        left -= len(chunk)
                        if left < 0:
                            raise UnreadableError(_TOO_LARGE)
                        if is_sheet:
                            text = rest + chunk
                            width = max(width, *map(_number, set(_COLUMN.findall(text))), 1)
                            height = max(height, *map(_row, _LINE.findall(text)), 1)
                            rest = text[-_LONGEST:]
                if width * height > MOST_CELLS:
                    raise UnreadableError(_TOO_LARGE)
    except RuntimeError:  # a password of the archive
        raise UnreadableError(_PROTECTED) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise UnreadableError("a damaged workbook: open and save it again") from None


class _told:  # noqa: N801
    """Errors of the parser as ``UnreadableError``, without their text."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, problem: Any, _: Any) -> None:
        if kind is None or issubclass(kind, (UnreadableError, MemoryError, GeneratorExit)):
            return
        if issubclass(kind, PasswordError):
            raise UnreadableError(_PROTECTED) from None
        # What Rust gives up on is no Exception.
        is_panic = kind.__name__ == "PanicException"
        if is_panic or issubclass(kind, (CalamineError, OSError, ValueError, OverflowError)):
            raise UnreadableError("a damaged workbook: open and save it again") from None


def _chosen(book: CalamineWorkbook, source: SourceSettings) -> Iterator[CalamineSheet]:
    """Raises: UnreadableError, where it is not said which of several sheets is meant."""
    name = source.excel.sheet
    if name is not None and name != "*":
        if name not in book.sheet_names:
            raise UnreadableError("no sheet is called as source.excel.sheet says")
        with _told():
            yield book.get_sheet_by_name(name)
        return
    sheets = []
    for about in book.sheets_metadata:
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            with _told():
                sheet = book.get_sheet_by_name(about.name)
            if sheet.start is not None:
                sheets.append(sheet)
    if not sheets:
        raise UnreadableError("no sheet has a row")
    if len(sheets) > 1 and name is None:
        raise UnreadableError('several sheets have rows: name one in source.excel.sheet, or "*"')
    yield from sheets


def _table(sheet: CalamineSheet, source: SourceSettings) -> _Sheet:
    """Raises: UnreadableError."""
    # The rows begin with the sheet's first, but the cells with the first column that holds one.
    _, first_column = sheet.start or (0, 0)
    last_row, _ = sheet.end or (0, 0)
    with _told():
        rows = enumerate(sheet.iter_rows(), 1)
    wanted = source.excel.header_row
    header: Sequence[Any] | None = next(
        (
            cells
            for number, cells in rows
            if (number == wanted if wanted else any(_value(c) is not None for c in cells))
        ),
        None,
    )
    if header is None:
        raise UnreadableError("no row at source.excel.header_row")
    names = [
        str(name).strip() or _letters(column)
        for column, name in enumerate(map(_named, header), first_column)
    ]
    if len(set(names)) < len(names):
        raise UnreadableError("the header has a column's name twice")
    return _Sheet(names, _filled(rows, sheet, first_column), last_row + 1)


def _named(cell: Any) -> str:
    value = _value(cell)
    return "" if value is None else str(value)


def _filled(
    rows: Iterator[tuple[int, list[Any]]], sheet: CalamineSheet, first_column: int
) -> Iterator[tuple[int, list[Any]]]:
    """``rows``, in which cells that are merged downwards have the value of the first of them."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom > top and left == right and left >= first_column:
            starts.setdefault(top + 1, []).append((bottom + 1, left - first_column))
    merged: dict[int, tuple[int, Any]] = {}
    for number, cells in rows:
        for column, (last, value) in list(merged.items()):
            if number > last:
                del merged[column]
            elif column < len(cells):
                cells[column] = value
        for last, column in starts.get(number, ()):
            if column < len(cells):
                merged[column] = last, cells[column]
        yield number, cells


def _value(cell: Any) -> str | int | float | bool | date | datetime | time | None:
    """A cell's value, ``None`` for an empty one. All numbers of a workbook are floats: whole ones
    become integers; lengths of time ``30:05:00``."""
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else cell
    if isinstance(cell, timedelta):
        seconds = round(cell.total_seconds())
        sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
        return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return cell


def _letters(column: int) -> str:
    """``A`` of column 0, ``AA`` of column 26."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name


def _number(letters: bytes) -> int:
    """1 of ``A``, 27 of ``AA``."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _row(digits: bytes) -> int:
    with suppress(ValueError):
        return int(digits[:9])
    return 0
