"""Microsoft Teams' attendance reports, as CSV: who met when, without what was said.

Three forms: numbered sections with tabs, in UTF-16 (since 2021); a summary above the participants
(2021); ``Full Name``, ``User Action``, ``Timestamp`` (2020).
Source: Microsoft Support, "Manage meeting attendance reports in Microsoft Teams"; Microsoft Learn,
"Attendance report in Microsoft Teams meetings".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.ingest.consultation import Consultation
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._reports import (
    Columns,
    People,
    first_names,
    may_be_header,
    rows_of,
    span,
    words,
)
from transforms.ingest.sources._talk import facts_in_name
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

_SUMMARY = {
    "meetingtitle": "topic",
    "starttime": "start",
    "meetingstarttime": "start",
    "endtime": "end",
    "meetingendtime": "end",
    "meetingid": "id",
}
_PERSON = {
    "name": ("name", "fullname"),
    "email": ("email", "useremail"),
    "account": ("participantidupn", "upn"),
    "join": ("firstjoin", "firstjointime", "jointime"),
    "leave": ("lastleave", "lastleavetime", "leavetime"),
    "action": ("useraction",),
    "time": ("timestamp",),
}
_MARKS = (
    {"name", "firstjoin", "lastleave"},
    {"fullname", "jointime", "leavetime"},
    {"fullname", "useraction", "timestamp"},
    {"meetingtitle", "attendedparticipants"},
)


class TeamsAttendance(DocumentSource):
    """An attendance report: one file is one consultation."""

    format = Format.TEAMS_ATTENDANCE
    title = "Microsoft Teams attendance report"
    endings = frozenset({".csv"})

    def sniff(self, head: Head) -> float:
        """The columns of participants, by Teams' names, or its summary."""
        cells = first_names(head)
        starts = {name for names in cells for name in names}
        if any(mark <= names for mark in _MARKS for names in cells):
            return SURE
        return SURE if {"meetingtitle", "attendedparticipants"} <= starts else 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """The meeting and who attended. Of the third section (each stay) nothing more is learnt."""
        for document in documents:
            rows = list(rows_of(document, document.text(settings)))
            clock = Clock((cell for row in rows for cell in row if ":" in cell), settings)
            summary: dict[str, str] = {}
            columns = Columns((), {})
            people = People(clock)
            for row in rows:
                if len(row) >= 2 and (meaning := _SUMMARY.get(words(row[0]))) and not people.all():
                    summary.setdefault(meaning, row[1])
                    continue
                header = Columns(row if may_be_header(row) else (), _PERSON)
                if "name" in header and ("join" in header or "action" in header):
                    columns = header
                elif "name" in columns and len(row) > 1:
                    _add(people, columns, row)
            if not people.all():
                raise UnreadableError("nobody attended, by this report", document.path)
            yield _consultation(document, summary, people, clock, settings)


def _add(people: People, columns: Columns, row: Sequence[str]) -> None:
    name, email = columns.of(row, "name"), columns.of(row, "email")
    account = columns.of(row, "account")
    email = email or (account if "@" in account else "")
    joined, left = columns.of(row, "join"), columns.of(row, "leave")
    if action := columns.of(row, "action"):
        has_left = action.lower().startswith("left")
        time = columns.of(row, "time")
        joined, left = ("", time) if has_left else (time, "")
    people.add(name, email, joined, left, account if account != email else "")


def _consultation(
    document: Document,
    summary: dict[str, str],
    people: People,
    clock: Clock,
    settings: SourceSettings,
) -> Consultation:
    facts = facts_in_name(document.path, settings)
    everybody = people.all()
    first, last = span(everybody)
    record: Consultation = {"channel": "video", "platform": "teams", "participants": everybody}
    if started := clock.iso(summary.get("start", "")) or first or facts.started_at:
        record["started_at"] = started
    if ended := clock.iso(summary.get("end", "")) or last:
        record["ended_at"] = ended
    meeting = facts.meeting.copy()
    if topic := summary.get("topic"):
        meeting["topic"] = topic
    if number := summary.get("id"):
        meeting["id"] = number
    if meeting:
        record["meeting"] = meeting
    return record
