"""Microsoft Teams' attendance reports, as CSV: who met when, without what was said.

Three forms: numbered sections with tabs, in UTF-16 (since 2021); a summary above the participants
(2021); ``Full Name``, ``User Action``, ``Timestamp`` (2020).
Source: Microsoft Support, "Manage meeting attendance reports in Microsoft Teams"; Microsoft Learn,
"Attendance report in Microsoft Teams meetings".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import takewhile

from transforms.ingest.consultation import Consultation, Participant
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import SURE, Document, DocumentSource, Head
from transforms.ingest.sources._reports import (
    Columns,
    Iso,
    People,
    first_names,
    rows_of,
    sections,
    span,
    stripped,
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
            iso = cache(Clock((c for row in rows for c in row if ":" in c), settings).iso)
            people = People()
            for columns, block in sections(rows, _header):
                _add(people, columns, [row for row in block if len(row) > 1], iso)
            if not people.all():
                raise UnreadableError("nobody attended, by this report", document.path)
            yield _consultation(document, _summary(rows), people.all(), iso, settings)


def _header(row: Sequence[str]) -> Columns | None:
    columns = Columns(row, _PERSON)
    return columns if "name" in columns and ("join" in columns or "action" in columns) else None


def _summary(rows: Iterable[list[str]]) -> dict[str, str]:
    """What the lines above the participants say of the meeting."""
    summary: dict[str, str] = {}
    for row in takewhile(lambda row: _header(row) is None, map(stripped, rows)):
        if len(row) > 1 and (meaning := _SUMMARY.get(words(row[0]))):
            summary.setdefault(meaning, row[1])
    return summary


def _add(people: People, columns: Columns, rows: Sequence[list[str]], iso: Iso) -> None:
    names, emails, accounts, joined, left, actions, times = columns.cells(rows, *_PERSON)
    for i, action in enumerate(actions):
        if action:
            has_left = action.lower().startswith("left")
            joined[i], left[i] = ("", times[i]) if has_left else (times[i], "")
    for name, email, account, came, went in zip(
        names, emails, accounts, map(iso, joined), map(iso, left), strict=True
    ):
        address = email or (account if "@" in account else "")
        people.add(name, address, came, went, account if account != address else "")


def _consultation(
    document: Document,
    summary: dict[str, str],
    everybody: list[Participant],
    iso: Iso,
    settings: SourceSettings,
) -> Consultation:
    facts = facts_in_name(document.path, settings)
    first, last = span(everybody)
    record: Consultation = {"channel": "video", "platform": "teams", "participants": everybody}
    if started := iso(summary.get("start", "")) or first or facts.started_at:
        record["started_at"] = started
    if ended := iso(summary.get("end", "")) or last:
        record["ended_at"] = ended
    meeting = facts.meeting.copy()
    if topic := summary.get("topic"):
        meeting["topic"] = topic
    if number := summary.get("id"):
        meeting["id"] = number
    if meeting:
        record["meeting"] = meeting
    return record
