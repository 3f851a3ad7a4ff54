"""A part of the input that is read on its own: small enough to be sent instead of its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.ingest.files import Access, SourceFile
from transforms.ingest.settings import Format

PARTS, MOST = 16, 50
"""Ranges that there are at least, if there are as many consultations, and consultations in one."""


@dataclass(frozen=True, slots=True)
class Range:
    """Records of one file (of several, for documents)."""

    file: str
    format: Format | None
    """``None``: nobody knows it (there is a ``problem``)."""
    start: int = 0
    """First byte of the file's content; first row group of a Parquet file; number of rows before
    the first of a database's."""
    end: int | None = None
    """Byte (row group, row) after the last; ``None``: up to the file's end."""
    position: int = 1
    """Line or row number of the first record."""
    header: tuple[str, ...] = ()
    """A CSV file's column names; a Parquet file's paths."""
    consultations: tuple[tuple[str, ...], ...] = ()
    """Documents: the files that are read together, for each consultation."""
    keys: tuple[Any, Any] | None = None
    """A database's key of the first row, and of the row after the last; ``None``: there is none."""
    access: Access | None = None
    problem: str = ""
    """Why nothing of the file can be read; it counts as one record."""


def pack(
    files: Sequence[SourceFile], format: Format, group: Callable[[str], str]
) -> Iterator[Range]:
    """Ranges of small files; those with one ``group`` are read together."""
    groups: dict[str, list[str]] = {}
    for file in sorted(files, key=lambda f: f.path):
        groups.setdefault(group(file.path), []).append(file.path)
    paths = [tuple(some) for _, some in sorted(groups.items())]
    step = min(max(len(paths) // PARTS, 1), MOST)
    for i in range(0, len(paths), step):
        yield Range(paths[i][0], format, consultations=tuple(paths[i : i + step]))
