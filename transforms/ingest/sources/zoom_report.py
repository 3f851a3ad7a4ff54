"""Zoom's meeting and participant reports, as CSV: who met when, without what was said.

Four forms, in the column names of several years: the participants of one meeting, with or without
the meeting's own line above them (``participants_85512345678.csv``); a list of meetings; a list of
meetings with a line for each participant; who attended a webinar, under titles of their own.
Sources: Zoom Support, "Accessing the meeting and webinar history report" and "Generating meeting
reports for registration and polling".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import tee

from transforms.ingest.consultation import Consultation
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
    words,
)
from transforms.ingest.sources._talk import FileFacts, facts_in_name
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

_MEETING = {
    "id": ("meetingid", "webinarid", "id"),
    "topic": ("topic",),
    "start": ("starttime", "actualstarttime"),
    "end": ("endtime",),
    "host": ("username", "hostname", "host"),
    "host_email": ("useremail", "hostemail", "useremail1"),
}
_NAMES = ("nameoriginalname", "usernameoriginalname", "nombrenombreoriginal")
_PERSON = {
    "name": (*_NAMES, "name", "username"),
    "email": ("useremail", "email", "emaildelusuario", "correoelectrónico"),
    "join": ("jointime", "firstjointime", "horadeentrada", "horaparaunirse"),
    "leave": ("leavetime", "lastleavetime", "horadesalida", "horaparasalir"),
    "waiting": ("inwaitingroom", "ensaladeespera"),
    "attended": ("attended",),
}
_DETAILS = ("host", "host_email", "topic", "id", "start", "end")

_MARKS = frozenset({*_MEETING["id"], *_PERSON["join"], *_PERSON["email"]})


class ZoomReport(DocumentSource):
    """A report: one file is one consultation, or many."""

    format = Format.ZOOM_REPORT
    title = "Zoom meeting or participant report"
    endings = frozenset({".csv"})

    def sniff(self, head: Head) -> float:
        """The columns of a meeting, or of a participant, by Zoom's names."""
        for names in first_names(head):
            is_list = {"topic", "starttime"} <= names and (
                "meetingid" in names or {"id", "participants"} <= names
            )
            if is_list or not names.isdisjoint(_NAMES):
                return SURE
        return 0.0

    def parse(
        self, documents: Sequence[Document], settings: SourceSettings
    ) -> Iterator[Consultation]:
        """A consultation for each meeting, in the file's order."""
        for document in documents:
            rows, dated = tee(rows_of(document, document.text(settings)))
            clock = Clock((cell for row in dated for cell in row if ":" in cell), settings)
            del dated  # or it would hold all rows
            meetings = list(_meetings(rows, cache(clock.iso)))
            if not meetings:
                raise UnreadableError("no meeting in the report", document.path)
            facts = facts_in_name(document.path, settings)
            for meeting in meetings:
                yield meeting.consultation(facts)


class _Meeting:
    """A meeting's own line, if there is one, and who attended."""

    def __init__(self, cells: Sequence[str], iso: Iso) -> None:
        """``cells``: those of ``_DETAILS``."""
        self._cells, self._iso = cells, iso
        self.people = People()

    def consultation(self, facts: FileFacts) -> Consultation:
        """The consultation; ``facts`` of the file's name where no line tells."""
        host, host_email, topic, number, start, end = self._cells
        name, account = _names(host)
        if "@" in account:  # the two in one column
            host, host_email = name, host_email or account
        self.people.add_host(host, host_email)
        people = self.people.all()
        first, last = span(people)
        record: Consultation = {"channel": "video", "platform": "zoom", "participants": people}
        started = self._iso(start) or facts.started_at or first
        if started is not None:
            record["started_at"] = started
        if (ended := self._iso(end) or last) is not None:
            record["ended_at"] = ended
        meeting = facts.meeting.copy()
        if number := "".join(number.split()):
            meeting["id"] = number
        if topic:
            meeting["topic"] = topic
        if meeting:
            record["meeting"] = meeting
        return record


def _meetings(rows: Iterable[list[str]], iso: Iso) -> Iterable[_Meeting]:
    """The meetings of all sections of a report; a section begins with its columns' names."""
    meetings: dict[tuple[str, str], _Meeting] = {}
    current: _Meeting | None = None
    for (meeting_columns, person_columns), block in sections(rows, _header):
        has_meetings, has_people = "id" in meeting_columns, "name" in person_columns
        details = zip(*meeting_columns.cells(block, *_DETAILS), strict=True)
        *others, joined, left, waiting, attended = person_columns.cells(block, *_PERSON)
        stays = zip(*others, map(iso, joined), map(iso, left), waiting, attended, strict=True)
        for row, cells, (shown, email, came, went, waits, attends) in zip(
            block, details, stays, strict=True
        ):
            key = cells[-3:-1]
            if has_meetings and any(key) and (current := meetings.get(key)) is None:
                current = meetings[key] = _Meeting(cells, iso)
            is_absent = waits.lower() in ("yes", "sí") or attends.lower() == "no"
            if not has_people or is_absent:
                continue
            if not (email or came or went) and len(row) - row.count("") < 2:
                continue  # a title
            if current is None:
                current = meetings.setdefault(("", ""), _Meeting([""] * len(_DETAILS), iso))
            name, account = _names(shown)
            current.people.add(name, email, came, went, account)
    return meetings.values()


def _header(row: Sequence[str]) -> tuple[Columns, Columns] | None:
    """The columns of meetings and of people, where the row is their names."""
    if _MARKS.isdisjoint(map(words, row)):
        return None
    none = Columns((), {})
    meeting, person = Columns(row, _MEETING), Columns(row, _PERSON)
    if "id" in meeting and "start" in meeting:
        # The host's name and address have columns before those of who attended.
        person = Columns(_after(row, "participants"), _PERSON)
        return meeting, person if "join" in person else none
    if "name" in person and ("join" in person or "email" in person):
        return none, person
    return None


def _after(row: Sequence[str], column: str) -> list[str]:
    """The cells after the one of that name; those before are empty."""
    names = [words(cell) for cell in row]
    at = names.index(column) + 1 if column in names else 0
    return ["" if i < at else cell for i, cell in enumerate(row)]


def _names(cell: str) -> tuple[str, str]:
    """``Jane D (Jane Doe)``: the name that was shown, and the account's."""
    match = re.fullmatch(r"(.*\S)\s*\(([^()/]{2,})\)", cell) if cell[-1:] == ")" else None
    if match is None or match[2].lower() in ("host", "guest", "me", "co-host", "external"):
        return cell, ""
    return match[1], match[2]
