"""Reports of who attended: Zoom, Teams, Google Meet."""

import pytest

from tests.ingest.support import consultations
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import SourceSettings

from . import samples


def read(tmp_path, name, content, source=None, encoding="utf-8"):
    (tmp_path / name).write_bytes(content.encode(encoding))
    return consultations(tmp_path / name, source)


def names(record):
    return [p.get("name") for p in record["participants"]]


def test_zooms_participants_of_a_meeting(tmp_path):
    (record,) = read(tmp_path, "participants_85512345678.csv", samples.ZOOM_PARTICIPANTS)
    assert record["meeting"] == {"id": "85512345678", "topic": "Review with Sam Lee"}
    assert (record["started_at"], record["ended_at"]) == (
        "2024-03-25T10:15:00",
        "2024-03-25T10:35:00",
    )
    jane, sam, host = record["participants"]
    assert (jane["name"], jane["email"]) == ("Patel, Jane", "j.patel@clinic.example")
    # Two stays of one person; who was left in the waiting room did not attend.
    assert (sam["name"], sam["account"], sam["joined_at"], sam["left_at"]) == (
        "Sam",
        "Sam Lee",
        "2024-03-25T10:15:30",
        "2024-03-25T22:34:00",
    )
    assert host["email"] == "host@clinic.example"
    assert "turns" not in record


def test_zooms_participants_without_their_meeting(tmp_path):
    name = "participants_85512345679.csv"
    (record,) = read(tmp_path, name, samples.ZOOM_PARTICIPANTS_ALONE)
    assert record["meeting"] == {"id": "85512345679"}
    assert record["started_at"] == "2024-03-25T10:14:50"
    assert record["participants"][1]["phone"] == "16175550123"


def test_zooms_present_form_has_its_host_in_one_column_and_a_last_line_of_its_own(tmp_path):
    (record,) = read(tmp_path, "participants.csv", samples.ZOOM_PARTICIPANTS_NOW)
    assert record["meeting"] == {"id": "85512345678", "topic": "Review with Sam Lee"}
    assert (record["started_at"], record["ended_at"]) == (
        "2024-03-25T10:15:00",
        "2024-03-25T10:35:00",
    )
    assert names(record) == ["Jane Patel", "Sam Lee"]
    assert record["participants"][0]["email"] == "j.patel@clinic.example"


def test_zooms_participants_in_spanish(tmp_path):
    (record,) = read(tmp_path, "participants.csv", samples.ZOOM_PARTICIPANTS_SPANISH)
    assert names(record) == ["Jane Patel", "Sam Lee"]
    assert record["started_at"] == "2024-03-25T10:14:50"
    assert record["participants"][1]["left_at"] == "2024-03-25T10:34:00"


def test_zooms_webinar_has_who_attended_and_no_titles(tmp_path):
    (record,) = read(tmp_path, "attendee.csv", samples.ZOOM_WEBINAR)
    assert record["meeting"] == {"id": "85512345678", "topic": "Living with eczema"}
    assert names(record) == ["Jane Patel", "Sam Lee"]
    assert record["started_at"] == "2024-03-25T10:15:00"


def test_zooms_list_of_meetings_has_a_consultation_for_each_one(tmp_path):
    found = read(tmp_path, "meetings.csv", samples.ZOOM_MEETINGS)
    assert [r["started_at"] for r in found] == ["2023-06-01T09:00:00", "2023-06-01T10:00:00"]
    assert {tuple(names(r)) for r in found} == {("Jane Patel",)}
    found = read(tmp_path, "both.csv", samples.ZOOM_MEETINGS_AND_PEOPLE)
    assert [names(r) for r in found] == [["Jane Patel", "Sam Lee"], ["Ann Bell", "Jane Patel"]]
    assert len({r["id"] for r in found}) == 2


@pytest.mark.parametrize(
    ("content", "encoding", "started_at"),
    [
        (samples.TEAMS_2024, "utf-16", "2024-03-25T10:15:00"),
        (samples.TEAMS_2021, "utf-16", "2021-03-25T10:15:00"),
        (samples.TEAMS_2020, "utf-8", "2020-03-25T10:15:00"),
    ],
)
def test_teams_attendance_of_each_form(tmp_path, content, encoding, started_at):
    source = SourceSettings(speakers={"domains": ["clinic.example"], "remaining": "patient"})
    (record,) = read(tmp_path, "meetingAttendanceReport.csv", content, source, encoding)
    assert (record["started_at"], record["platform"]) == (started_at, "teams")
    assert [n.removesuffix(" (Unverified)") for n in names(record)] == ["Jane Patel", "Sam Lee"]
    assert record["participants"][1]["left_at"].endswith("10:34:00")
    if "@" in content:
        assert record["patient"]["id"] == "name:sam lee"


def test_meets_attendance_may_tell_the_day_of_each_time(tmp_path):
    (record,) = read(
        tmp_path,
        "2024-03-05 10-00 Review.csv",
        "Name,Email,Duration,Time joined,Time exited\n"
        "Sam Lee,sam@mail.example,20m,2024-03-25 10:15:07,2024-03-25 10:35:01\n",
    )
    assert record["started_at"] == "2024-03-25T10:15:07"
    assert record["ended_at"] == "2024-03-25T10:35:01"


def test_meets_attendance_has_its_day_in_the_files_name(tmp_path):
    (record,) = read(tmp_path, "2024-03-05 10-00 Review.csv", samples.MEET_ATTENDANCE)
    assert names(record) == ["Jane Patel", "Sam Lee"]
    assert (record["started_at"], record["ended_at"]) == (
        "2024-03-05T10:15:00",
        "2024-03-05T10:35:00",
    )
    (record,) = read(tmp_path, "attendance.csv", samples.MEET_ATTENDANCE)
    assert "started_at" not in record


def test_a_date_that_may_be_two_is_refused_until_its_order_is_said(tmp_path):
    content = samples.TEAMS_2024.replace("3/25/24", "3/4/24")
    (found,) = read(tmp_path, "a.csv", content)
    assert isinstance(found, Reject)
    assert found.reason.startswith("ambiguous date")
    (found,) = read(tmp_path, "a.csv", content, SourceSettings(date_order="dmy"))
    assert found["started_at"] == "2024-04-03T10:15:00"


def test_a_report_of_nobody(tmp_path):
    head = samples.MEET_ATTENDANCE.splitlines()[0]
    (found,) = read(tmp_path, "a.csv", head + "\n")
    assert found.reason == "nobody attended, by this report"
