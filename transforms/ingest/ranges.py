"""A part of the input that is read on its own: small enough to be sent instead of its records."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.ingest.settings import Format


@dataclass(frozen=True, slots=True)
class Range:
    """Records of one file (of several, for transcripts)."""

    file: str
    format: Format
    start: int = 0
    """First byte of the file's content; first row group of a Parquet file."""
    end: int | None = None
    """Byte (row group) after the last; ``None``: up to the file's end."""
    position: int = 1
    """Line or row number of the first record."""
    header: tuple[str, ...] = ()
    """A CSV file's column names; a Parquet file's paths."""
    consultations: tuple[tuple[str, ...], ...] = ()
    """Each consultation's files: transcripts and note."""
    problem: str = ""
    """Why nothing of the file can be read; it counts as one record."""
