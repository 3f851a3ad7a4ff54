"""The ``source`` section of the configuration file."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from transforms.fields import Name, Settings

_ASCII = bytes(range(0x20, 0x7F)) + b"\n\\x41"


class Format(StrEnum):
    """How the records are written down."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    TEXTGRID = "textgrid"
    FHIR = "fhir"


Character = Annotated[str, StringConstraints(pattern=r"^[\x01-\x09\x0b\x0c\x0e-\x7f]$")]


class CsvSettings(Settings):
    """How CSV files are written (RFC 4180 unless said otherwise)."""

    delimiter: Character = ","
    """The character between two fields; ``"\\t"`` for tab-separated files."""
    quote: Character = '"'
    """The character around a field that holds delimiters or line breaks; doubled inside of one."""

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.delimiter == self.quote:
            raise ValueError("'delimiter' and 'quote' must differ")
        return self


class SourceSettings(Settings):
    """What the input is and how it is read."""

    format: Literal["auto"] | Format = "auto"
    """``auto`` tells the format from the ending of each file's name, ``.gz`` and ``.zst`` aside."""
    encoding: str = "utf-8"
    """Character encoding of text files. Parquet has its own."""
    record_id: Name | None = None
    """The field that identifies a record. Of several records with one id the first goes on, the
    others go to quarantine. (FHIR: the Encounter's id, always.)"""
    max_record_bytes: Annotated[int, Field(gt=0)] = 10_000_000
    """A record larger than this goes to quarantine, without being held in memory."""
    csv: CsvSettings = CsvSettings()

    @field_validator("encoding")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            name = codecs.lookup(value).name
            is_ascii = _ASCII.decode(name) == _ASCII.decode("ascii")
        except (LookupError, ValueError):
            name, is_ascii = value, False
        # Line breaks, delimiters and quotes are looked for in the bytes.
        if not is_ascii and not name.startswith(("utf-16", "utf-32")):
            raise ValueError(
                f"{value!r} is no encoding that extends ASCII, nor UTF-16; try utf-8 or cp1252"
            )
        # A byte order mark is skipped anyway.
        return "utf-8" if name == "utf-8-sig" else name
