"""The ``source`` section of the configuration file."""

from __future__ import annotations

import codecs
from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from transforms.fields import Name, Settings, file_beside, text_of

_ASCII = bytes(range(0x20, 0x7F)) + b"\n\\x41"


class Format(StrEnum):
    """How the records are written down; each has a ``Source`` in the registry."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    EXCEL = "excel"
    DATABASE = "database"
    TEXTGRID = "textgrid"
    FHIR = "fhir"
    WEBVTT = "webvtt"
    SRT = "srt"
    TRANSCRIPT = "transcript"
    ZOOM_CHAT = "zoom_chat"
    ZOOM_REPORT = "zoom_report"
    TEAMS_ATTENDANCE = "teams_attendance"
    MEET_ATTENDANCE = "meet_attendance"
    WHATSAPP = "whatsapp"
    MESSENGER = "messenger"
    CALL_LOG = "call_log"
    CALL_NOTE = "call_note"
    WHISPER = "whisper"
    AMAZON_TRANSCRIBE = "amazon_transcribe"
    HL7V2 = "hl7v2"
    CCDA = "ccda"


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


class ExcelSettings(Settings):
    """Which cells of a workbook are records."""

    sheet: str | None = None
    """Name of the sheet; ``"*"`` for all of them. Without it a workbook in which more than one
    sheet has rows goes to quarantine."""
    header_row: Annotated[int, Field(ge=1, le=1_048_576)] | None = None
    """Number of the row with the columns' names, from 1 on. By default the first that is not
    empty."""


class DatabaseSettings(Settings):
    """Which rows of a database are records: those of a table, or of a query."""

    table: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Name of the table or view; ``schema.table`` where it is not in the default schema."""
    query: Annotated[str, StringConstraints(min_length=1)] | None = None
    """A SELECT in the database's own SQL. Of columns with one name all but one need ``AS``."""
    key: Annotated[str, StringConstraints(min_length=1)] | None = None
    """Column in whose order rows are read, by ranges of which each is read on its own: an index
    helps, NULLs are an error. By default a table's primary key, if it is one column; a query
    without key is read as a whole."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.table and self.query:
            raise ValueError("either 'table' or 'query' names the rows, not both")
        return self


class RecordShape(StrEnum):
    """In which shape records reach the fields' paths."""

    OWN = "own"
    """As the source has them. What has no shape of its own (transcripts, chats) is a canonical
    consultation."""
    CONSULTATION = "consultation"
    """All as canonical consultations, so that different sources fit one list of fields."""


def _staff_file(value: Any, info: ValidationInfo) -> Any:
    path = file_beside(value, info, "a file with one person a line")
    if path is None:
        return value
    return tuple(s for line in text_of(path).splitlines() if (s := line.partition("#")[0].strip()))


# A file becomes its lines where the configuration is read: other processes need no file.
StaffFile = Annotated[tuple[str, ...], BeforeValidator(_staff_file, json_schema_input_type=str)]


class SpeakerSettings(Settings):
    """Who is who in a consultation. Somebody whom nothing here tells is ``unresolved``."""

    staff: tuple[str, ...] = ()
    """Clinicians: names, screen names, accounts, e-mail addresses or phone numbers, in any mix."""
    staff_files: tuple[StaffFile, ...] = ()
    """Paths of files with more of them: UTF-8, one a line, ``#`` begins a comment. Relative to the
    configuration file."""
    domains: tuple[str, ...] = ()
    """Domains of the organisation's e-mail addresses (``clinic.example``): whoever has one is a
    clinician."""
    others: tuple[str, ...] = ()
    """People and bots who are neither patient nor clinician: interpreters, front desk, notetakers.
    Written like ``staff``; they come before it."""
    remaining: Literal["unresolved", "patient"] = "unresolved"
    """``patient``: where a clinician was found, and exactly one person is left of whom nothing is
    known, that is the patient."""

    @property
    def all_staff(self) -> tuple[str, ...]:
        """Those named here and those in files."""
        return (*self.staff, *(person for file in self.staff_files for person in file))


class SourceSettings(Settings):
    """What the input is and how it is read."""

    format: Literal["auto"] | Format = "auto"
    """``auto`` tells each file's format from its content, and where that says nothing from the
    ending of its name (``.gz`` and ``.zst`` aside). A file of no known format is quarantined."""
    records: RecordShape = RecordShape.OWN
    """Shape of the records: ``consultation`` makes canonical consultations of all."""
    encoding: str = "utf-8"
    """Character encoding of text files. Parquet has its own."""
    record_id: Name | None = None
    """The field that identifies a record. Of several records with one id the first goes on, the
    others go to quarantine. (FHIR: the Encounter's id, always.)"""
    max_record_bytes: Annotated[int, Field(gt=0)] = 10_000_000
    """A record larger than this goes to quarantine, without being held in memory."""
    speakers: SpeakerSettings = SpeakerSettings()
    """Who is who, in canonical consultations."""
    time_zone: str | None = None
    """IANA time zone (``Europe/London``) of times in exports that name none. Without it such times
    stay without an offset, and cannot be compared with those in UTC."""
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    """What 03/04/2024 means in exports. By default told from all the dates of a file; where they
    leave it open its consultations go to quarantine."""
    merge_duplicates: bool = True
    """Whether a transcript or chat that was exported twice, or by both who took part, is published
    once: told by times, people and talk. Tables, FHIR and HL7 messages are left as they are."""
    csv: CsvSettings = CsvSettings()
    """How CSV files are written."""
    excel: ExcelSettings = ExcelSettings()
    """Which cells of a workbook are records."""
    database: DatabaseSettings = DatabaseSettings()
    """Which rows of a database are records. Its URL is given as input
    (``postgresql://USER@HOST/DATABASE``)."""

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ValueError, OSError, KeyError):
                raise ValueError(f"{value!r} is no time zone; try Europe/London") from None
        return value

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
