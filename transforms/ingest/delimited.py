"""CSV with a header: quoted fields may hold delimiters, quotes and line breaks (RFC 4180)."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from transforms.ingest.files import DamagedError, read_blocks
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import SourceSettings
from transforms.ingest.splitting import Piece, QuotedEnds, split
from transforms.ingest.text import UnreadableError, decode, too_large


def read_delimited(part: Range, source: SourceSettings) -> Iterator[Row | Reject]:
    """The records of a range; blank lines are none."""
    # The module's own limit (128 KB a field) is no use beside the one on whole records.
    csv.field_size_limit(max(csv.field_size_limit(), source.max_record_bytes))
    ends = quoted_ends(source)
    blocks = read_blocks(part.file, source.encoding, part.start, part.end)
    pieces = split(blocks, ends, source.max_record_bytes, part.position)
    rejects: list[Reject] = []
    line = part.position
    taken: list[Piece] = []

    def texts() -> Iterator[str]:
        nonlocal line
        for piece in pieces:
            line = piece.line
            try:
                text = _text(piece, source, ends.is_open)
            except UnreadableError as problem:
                rejects.append(Reject(part.file, line, str(problem), piece.data))
            else:
                taken.append(piece)
                yield text

    def reject(reason: str) -> Iterator[Reject]:
        return (Reject(part.file, piece.line, reason, piece.data) for piece in taken)

    rows = csv.reader(texts(), delimiter=source.csv.delimiter, quotechar=source.csv.quote)
    header, file, width = part.header, part.file, len(part.header)
    try:
        while True:
            taken.clear()
            try:
                row = next(rows, None)
            except csv.Error:
                row = []
                rejects += reject("broken CSV")
            if rejects:
                yield from rejects
                rejects.clear()
            if row is None:
                return
            # One text that was taken is one record.
            if len(row) == width and len(taken) == 1:
                record = dict(zip(header, row, strict=True))
                yield Row(file, taken[0].line, record, taken[0].data)
            elif row:
                yield from reject(f"ragged row: {len(row)} fields, but the header has {width}")
    except DamagedError as problem:
        yield from rejects
        yield Reject(file, line, f"{problem}; nothing after this line could be read", None)


def read_header(data: bytes, source: SourceSettings) -> tuple[str, ...]:
    """The column names in a file's first record.

    Raises: UnreadableError.
    """
    text = _text(Piece(1, data, len(data)), source, False)
    try:
        (names,) = csv.reader([text], delimiter=source.csv.delimiter, quotechar=source.csv.quote)
    except csv.Error:
        raise UnreadableError("broken CSV in the header") from None
    header = tuple(name.strip() for name in names)
    if len(set(header)) < len(header):
        raise UnreadableError("the header has a column's name twice")
    return header


def quoted_ends(source: SourceSettings) -> QuotedEnds:
    """Where records end in such a file."""
    return QuotedEnds(source.csv.delimiter, source.csv.quote)


def _text(piece: Piece, source: SourceSettings, is_open: bool) -> str:
    if piece.data is None:
        raise UnreadableError(too_large(source))
    if is_open:  # the file ended first
        raise UnreadableError("a quoted field is never closed")
    if b"\0" in piece.data:
        raise UnreadableError("NUL byte")
    return decode(piece.data, source.encoding)
