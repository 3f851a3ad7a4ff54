"""Files on any file system that Beam knows: found by pattern, read in blocks, decompressed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from apache_beam.io.filesystem import CompressionTypes
from apache_beam.io.filesystems import FileSystems
from pydantic import SecretStr

from transforms.ingest.settings import Format

BLOCK = 1 << 20
"""Bytes that are read at a time."""

_COMPRESSION = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}


class DamagedError(Exception):
    """Compressed or encoded data that cannot be read from here on; the text says why."""


@dataclass(frozen=True, slots=True)
class Access:
    """How a database is entered."""

    url: SecretStr
    """Whole: it may hold a password."""
    snapshot: str | None = None
    """Name under which the server keeps the state that all readers see."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the input."""

    path: str
    size: int
    format: Format | None
    """``None``: nobody knows it."""
    access: Access | None = None
    """Of a database that was given by its URL; ``path`` is the URL without what is secret."""


def base_name(path: str) -> str:
    """The file's name without its folders."""
    return re.split(r"[/\\]", path)[-1]


def ending(path: str) -> str:
    """``.csv``: the ending of a file's name in lower case, ``.gz`` and ``.zst`` aside."""
    path = path.lower()
    for suffix in _COMPRESSION:
        path = path.removesuffix(suffix)
    name = base_name(path)
    return "." + name.rpartition(".")[2] if "." in name else ""


def compression(path: str) -> str | None:
    """How the file is compressed, told by its name."""
    return next((c for ending, c in _COMPRESSION.items() if path.lower().endswith(ending)), None)


def is_wide(encoding: str) -> bool:
    """Whether a line break is more than the one byte 0x0A in this encoding."""
    return encoding.startswith(("utf-16", "utf-32"))


def can_split(path: str, encoding: str) -> bool:
    """Whether reading can begin in the middle of the file."""
    return compression(path) is None and not is_wide(encoding)


def open_file(path: str) -> Any:
    """The file's bytes as they are stored, seekable."""
    if "://" not in path:  # as Beam does, who takes half as long again to find out
        return open(path, "rb")  # noqa: PTH123
    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


def read_head(path: str, size: int) -> bytes:
    """The first ``size`` bytes of a file's content; fewer where it is shorter or damaged."""
    with closing(open_file(path)) as file:
        if (kind := compression(path)) is None:
            return file.read(size)
        try:
            return next(_decompressed(file, kind), b"")[:size]
        except DamagedError:
            return b""


def read_blocks(
    path: str, encoding: str, start: int = 0, end: int | None = None
) -> Iterator[bytes]:
    """Bytes ``start`` to ``end`` of the file's content, a block at a time.

    Content is decompressed, and recoded to UTF-8 where line breaks would not be single bytes.
    Only of a file that ``can_split`` nothing is read before ``start``.

    Raises: DamagedError, after the last block that could be read.
    """
    with closing(open_file(path)) as file:
        if can_split(path, encoding):
            if start:
                file.seek(start)
            yield from _take(_plain(file), None if end is None else end - start)
            return
        blocks = _decompressed(file, kind) if (kind := compression(path)) else _plain(file)
        if is_wide(encoding):
            blocks = recoded(blocks, encoding)
        yield from _take(_skip(blocks, start), None if end is None else end - start)


def _plain(file: Any) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _decompressed(file: Any, kind: str) -> Iterator[bytes]:
    with pa.CompressedInputStream(pa.PythonFile(file, "r"), kind) as stream:
        while True:
            try:
                block = stream.read(BLOCK)
            except OSError as problem:
                # Arrow's own errors are bare; those of the file system below have a number or type.
                if type(problem) is not OSError or problem.errno is not None:
                    raise
                raise DamagedError(f"the {kind} data is damaged or ends too early") from None
            if not block:
                return
            yield block


def recoded(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Text of an encoding as UTF-8. Raises: DamagedError."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks:
            yield decoder.decode(block).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        raise DamagedError(f"not valid {encoding}") from None


def _skip(blocks: Iterator[bytes], count: int) -> Iterator[bytes]:
    for block in blocks:
        if count < len(block):
            yield block[count:] if count else block
        count = max(0, count - len(block))


def _take(blocks: Iterator[bytes], count: int | None) -> Iterator[bytes]:
    if count is None:
        yield from blocks
        return
    while count > 0 and (block := next(blocks, b"")):
        yield block[:count]
        count -= len(block)
