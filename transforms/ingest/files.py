"""Files on any file system that Beam knows: found by pattern, read in blocks, decompressed."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa
from apache_beam.io.filesystem import BeamIOError, CompressionTypes
from apache_beam.io.filesystems import FileSystems

from transforms.errors import UsageError
from transforms.ingest.settings import Format, SourceSettings

BLOCK = 1 << 20
"""Bytes that are read at a time."""

_COMPRESSION = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
_FORMATS = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSONL,
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".textgrid": Format.TEXTGRID,
}
_ENDINGS = {
    Format.JSONL: {".jsonl", ".ndjson", ".json"},
    Format.CSV: {".csv", ".tsv", ".txt"},
    Format.PARQUET: {".parquet"},
    Format.TEXTGRID: {".textgrid", ".json"},
    Format.FHIR: {".ndjson", ".jsonl", ".json"},
}
_FHIR_NAME = re.compile(
    r"(?:^|[/\\])(Patient|Encounter|DocumentReference)\b[^/\\]*\.ndjson(\.gz|\.zstd?)?$"
)


class DamagedError(Exception):
    """Compressed or encoded data that cannot be read from here on; the text says why."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of the input."""

    path: str
    size: int
    format: Format


class Found(NamedTuple):
    """What the patterns of an input match."""

    files: list[SourceFile]
    ignored: list[str]
    """Files of a folder that hold no records by their name (LICENSE, README)."""


def find_files(patterns: Sequence[str], source: SourceSettings) -> Found:
    """The files that match, sorted by path; a folder stands for the files below it.

    Raises: UsageError, where a pattern matches nothing or a named file's format is not known.
    """
    named: dict[str, int] = {}
    inside: dict[str, int] = {}
    for pattern in patterns:
        folder = None if re.search(r"[*?\[]", pattern) else _match(pattern.rstrip("/\\") + "/**")
        if folder:
            # Hidden files and markers such as _SUCCESS are no data.
            shown = {p: n for p, n in folder.items() if not re.search(r"[/\\][._][^/\\]*$", p)}
            inside.update(shown)
        found = folder or _match(pattern)
        if not found or (not folder and all(_is_folder(p) for p in found)):
            raise UsageError(
                f"input {pattern!r}: no file matches. Check the path; patterns such as "
                "'data/*.jsonl' must be quoted in a shell."
            )
        if not folder:
            named.update({path: size for path, size in found.items() if not _is_folder(path)})
    sizes = inside | named
    formats = _formats(sorted(sizes), source)
    unknown = [path for path in sorted(named) if path not in formats]
    if unknown:
        raise UsageError(
            f"input {unknown[0]!r}: its name does not tell its format. Set source.format to one "
            f"of {', '.join(Format)}, or name it .jsonl, .csv or .parquet (.gz, .zst)."
        )
    if not formats:
        raise UsageError(
            f"input {', '.join(patterns)}: the folder holds no file of a known format."
        )
    return Found(
        [SourceFile(path, sizes[path], form) for path, form in formats.items()],
        [path for path in sorted(sizes) if path not in formats],
    )


def _match(pattern: str) -> dict[str, int]:
    try:
        (result,) = FileSystems.match([pattern])
    except (BeamIOError, ValueError) as problem:
        if pattern.endswith("/**"):
            return {}
        raise UsageError(
            f"input {pattern!r}: cannot be listed ({type(problem).__name__}). Check the path, the "
            "permissions, and that the file system's extra is installed (gcp, aws, hdfs)."
        ) from problem
    return {entry.path: entry.size_in_bytes for entry in result.metadata_list}


def _is_folder(path: str) -> bool:
    if FileSystems.get_scheme(path) is not None:
        return False
    try:
        open_file(path).close()
    except IsADirectoryError:
        return True
    except OSError:
        return False
    return False


def _formats(paths: Sequence[str], source: SourceSettings) -> dict[str, Format]:
    """The format of each path that has one."""
    if source.format != "auto":
        endings = _ENDINGS[source.format]
        known = [p for p in paths if _ending(p) in endings]
        return dict.fromkeys(known or paths, source.format)
    if any(_ending(p) == ".textgrid" for p in paths):
        whole = Format.TEXTGRID
    elif any(_FHIR_NAME.search(p) for p in paths):
        whole = Format.FHIR
    else:
        return {p: _FORMATS[_ending(p)] for p in paths if _ending(p) in _FORMATS}
    # These two are made of many files together.
    return {p: whole for p in paths if _ending(p) in _ENDINGS[whole]}


def _ending(path: str) -> str:
    path = path.lower()
    for suffix in _COMPRESSION:
        path = path.removesuffix(suffix)
    name = re.split(r"[/\\]", path)[-1]
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
    return FileSystems.open(path, compression_type=CompressionTypes.UNCOMPRESSED)


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
            file.seek(start)
            yield from _take(_plain(file), None if end is None else end - start)
            return
        blocks = _decompressed(file, kind) if (kind := compression(path)) else _plain(file)
        if is_wide(encoding):
            blocks = _recoded(blocks, encoding)
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


def _recoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
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
