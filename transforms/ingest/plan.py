"""Files to the ranges in which they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from transforms.ingest.files import SourceFile
from transforms.ingest.ranges import Range
from transforms.ingest.registry import SOURCES, source_of
from transforms.ingest.settings import SourceSettings

UNKNOWN = "not a known format"


def packed(files: Iterable[SourceFile]) -> tuple[list[Range], list[SourceFile]]:
    """Ranges that the names of files tell, and the files that are to be planned one by one."""
    files = list(files)
    ranges = [r for file in files if file.format is None for r in _unknown(file)]
    rest: list[SourceFile] = []
    for source in SOURCES:
        own = [file for file in files if file.format is source.format]
        found = source.pack(own)
        if found is None:
            rest += own
        else:
            ranges += found
    return ranges, rest


def plan(
    file: SourceFile, settings: SourceSettings, range_bytes: int | None = None
) -> Iterator[Range]:
    """The ranges of one file; one with a problem where it cannot be read."""
    if file.format is None:
        return _unknown(file)
    source = source_of(file.format)
    found = source.pack([file])
    return source.plan(file, settings, range_bytes) if found is None else found


def _unknown(file: SourceFile) -> Iterator[Range]:
    yield Range(file.path, None, problem=UNKNOWN)
