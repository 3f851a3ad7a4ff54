"""Google Meet's attendance reports, as CSV: who met when, without what was said.

``First name, Last name, Email, Duration, Time joined, Time exited``, or ``Name`` for the first two.
Times without a day have that of the file's name, or none.
Source: Google Meet Help, "Track attendance in Google Meet".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from transforms.ingest.consultation import Consultation
from transforms.ingest.files import base_name
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._reports import (
    Columns,
    People,
    first_names,
    rows_of,
    sections,
    span,
)
from transforms.ingest.sources._talk import facts_in_name
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

_PERSON = {
    "first": ("firstname",),
    "last": ("lastname",),
    "name": ("name", "participantname"),
    "email": ("email",),
    "join": ("timejoined", "firstseen", "jointime"),
    "leave": ("timeexited", "lastseen", "exittime"),
}
_DAY = re.compile(r"(\d{4})[-_/](\d\d)[-_/](\d\d)")


class MeetAttendance(DocumentSource):
    """An attendance report: one file is one consultation."""

    format = Format.MEET_ATTENDANCE
    title = "Google Meet attendance report"
    endings = frozenset({".csv"})

    def sniff(self, head: Head) -> float:
        """Its columns."""
        marks = ({"firstname", "lastname", "timejoined"}, {"email", "timejoined", "timeexited"})
        return SURE if any(m <= names for m in marks for names in first_names(head)) else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The meeting and who attended."""
        for document in documents:
            yield _consultation(document, settings)


def _consultation(document: Document, settings: SourceSettings) -> Consultation:
    """Raises: UnreadableError."""
    day = _DAY.search(base_name(document.path))
    date = f"{day[1]}-{day[2]}-{day[3]} " if day else ""
    clock = Clock((), settings)

    @cache
    def iso(time: str) -> str | None:
        return clock.iso(time) or clock.iso(date + time)

    people = People()
    for columns, block in sections(rows_of(document, document.text(settings)), _header):
        *cells, joined, left = columns.cells(block, *_PERSON)
        for first_name, last_name, name, email, came, went in zip(
            *cells, map(iso, joined), map(iso, left), strict=True
        ):
            people.add(f"{first_name} {last_name}".strip() or name, email, came, went)
    everybody = people.all()
    if not everybody:
        raise UnreadableError("nobody attended, by this report", document.path)
    facts = facts_in_name(document.path, settings)
    first, last = span(everybody)
    record: Consultation = {"channel": "video", "platform": "meet", "participants": everybody}
    if started := first or facts.started_at:
        record["started_at"] = started
    if last:
        record["ended_at"] = last
    if facts.meeting:
        record["meeting"] = facts.meeting
    return record


def _header(row: Sequence[str]) -> Columns | None:
    columns = Columns(row, _PERSON)
    return columns if "join" in columns else None
