"""All sources, one file each: what ``source.format`` can be."""

from __future__ import annotations

from transforms.ingest.settings import Format
from transforms.ingest.source import Source
from transforms.ingest.sources.amazon_transcribe import AmazonTranscribe
from transforms.ingest.sources.call_log import CallLog
from transforms.ingest.sources.call_note import CallNote
from transforms.ingest.sources.ccda import Ccda
from transforms.ingest.sources.database import Database
from transforms.ingest.sources.excel import Excel
from transforms.ingest.sources.fhir import Fhir
from transforms.ingest.sources.hl7v2 import Hl7V2
from transforms.ingest.sources.meet_attendance import MeetAttendance
from transforms.ingest.sources.messenger import Messenger
from transforms.ingest.sources.srt import SubRip
from transforms.ingest.sources.tables import Csv, JsonLines, Parquet
from transforms.ingest.sources.teams_attendance import TeamsAttendance
from transforms.ingest.sources.textgrid import TextGrid
from transforms.ingest.sources.transcript import Transcript
from transforms.ingest.sources.webvtt import WebVtt
from transforms.ingest.sources.whatsapp import WhatsApp
from transforms.ingest.sources.whisper import Whisper
from transforms.ingest.sources.zoom_chat import ZoomChat
from transforms.ingest.sources.zoom_report import ZoomReport

SOURCES: tuple[Source, ...] = (
    Fhir(),
    Hl7V2(),
    Ccda(),
    WebVtt(),
    SubRip(),
    ZoomChat(),
    ZoomReport(),
    TeamsAttendance(),
    MeetAttendance(),
    TextGrid(),
    Messenger(),
    Whisper(),
    AmazonTranscribe(),
    CallLog(),
    WhatsApp(),
    Transcript(),
    CallNote(),
    Parquet(),
    Excel(),
    Database(),
    JsonLines(),
    Csv(),
)
"""Of two that are equally sure of a file, the first takes it."""

_BY_FORMAT = {source.format: source for source in SOURCES}


def source_of(format: Format) -> Source:
    """The source of a format."""
    return _BY_FORMAT[format]
