"""Text files into ranges, so that one file still uses all cores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from transforms.ingest.delimited import quoted_ends, read_header
from transforms.ingest.files import DamagedError, SourceFile, can_split, read_blocks
from transforms.ingest.ranges import Range
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.splitting import Ends, line_ends, split
from transforms.ingest.text import UnreadableError, skip_mark, too_large

SMALLEST, LARGEST, PARTS = 256 << 10, 4 << 20, 16
"""A file is cut in ``PARTS`` ranges, but for the bytes that one has at least and at most."""


def plan_text(
    file: SourceFile, source: SourceSettings, range_bytes: int | None = None
) -> Iterator[Range]:
    """The ranges of lines or CSV; one with a problem where the file cannot be read.

    Text is streamed through once, since only from a file's start can be told which line break is
    a record's end, and which number a line has.
    """
    try:
        yield from _plan_text(file, source, range_bytes or _range_bytes(file.size))
    except (DamagedError, UnreadableError) as problem:
        reason = f"{problem}; nothing in this file could be read"
        yield Range(file.path, file.format, problem=reason)


def _range_bytes(size: int) -> int:
    return min(max(size // PARTS, SMALLEST), LARGEST)


def _plan_text(file: SourceFile, source: SourceSettings, range_bytes: int) -> Iterator[Range]:
    blocks = read_blocks(file.path, source.encoding)
    head = next(blocks, b"")
    start = skip_mark(head, source.encoding)
    line = 1
    header: tuple[str, ...] = ()
    ends: Ends = line_ends
    if file.format is Format.CSV:
        content = chain([head[start:]], blocks)
        for piece in split(content, quoted_ends(source), source.max_record_bytes):
            start += piece.size
            if piece.data is None:
                raise UnreadableError(f"the header is {too_large(source)}")
            line = piece.line + piece.data.count(b"\n")
            if not piece.data.isspace():
                header = read_header(piece.data, source)
                break
        ends = quoted_ends(source)
    blocks.close()  # type: ignore[attr-defined]
    if not can_split(file.path, source.encoding):
        yield Range(file.path, file.format, start, None, line, header)
        return
    begin = offset = start
    lines = 0  # since ``begin``, in the blocks before this one
    for block in read_blocks(file.path, source.encoding, start):
        counted = 0
        for end in ends(block):
            if offset + end - begin >= range_bytes:
                yield Range(file.path, file.format, begin, offset + end, line, header)
                line += lines + block.count(b"\n", counted, end)
                begin, lines, counted = offset + end, 0, end
        lines += block.count(b"\n", counted)
        offset += len(block)
    if begin < offset:
        yield Range(file.path, file.format, begin, offset, line, header)
