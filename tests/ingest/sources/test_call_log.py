"""Call logs of several tools, and notes that become those of a call."""

import pytest

from tests.ingest.support import consultations, ingest, specs
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import SourceSettings

from . import samples


def read(tmp_path, text, **source):
    (tmp_path / "calls.csv").write_text(text)
    return consultations(tmp_path, SourceSettings(**source))


def test_calls_of_an_iphone(tmp_path):
    phone, video = read(tmp_path, samples.IMAZING_CALLS, time_zone="Europe/London")
    assert (phone["channel"], phone["platform"]) == ("phone", "phone")
    assert (phone["started_at"], phone["ended_at"]) == (
        "2024-03-25T10:15:00+00:00",
        "2024-03-25T10:27:05+00:00",
    )
    (person,) = phone["participants"]
    assert (person["phone"], person["name"]) == ("+44 7700 900123", "Sam Lee")
    assert phone["sources"] == ["call_log"]
    assert "turns" not in phone
    assert (video["channel"], video["platform"]) == ("video", "facetime")
    assert video["participants"][0]["email"] == "ann@mail.example"
    assert video["participants"][0]["name"] == "Ann Bell"


def test_calls_of_an_android_phone(tmp_path):
    first, second = read(tmp_path, samples.ANDROID_CALLS)
    assert (first["started_at"], first["ended_at"]) == (
        "2024-03-25T10:15:00",
        "2024-03-25T10:27:05",
    )
    assert [p["phone"] for p in second["participants"]] == ["07700900125"]


def test_calls_of_a_telephone_system_have_both_ends(tmp_path):
    (call,) = read(tmp_path, samples.TELEPHONE_CALLS)
    assert [(p.get("name"), p["phone"]) for p in call["participants"]] == [
        ("SAM LEE", "(617) 555-0123"),
        (None, "(617) 555-0199"),
    ]
    assert call["started_at"] == "2024-03-25T10:15:00"


@pytest.mark.parametrize(
    "text",
    [
        # 3CX
        "Call Time,Call ID,From,To,Direction,Status,Ringing,Talking,Cost\n"
        '2024-03-25T10:15:00,7,"Lee, Sam (07700900123)",100,Inbound,Answered,00:00:05,00:03:05,0\n'
        '2024-03-25T10:15:00,8,"Lee, Sam (07700900123)",100,Inbound,Unanswered,00:00:05,,0\n',
        # Grandstream
        "session,call type,caller number,callee number,start time,answer time,talk time,"
        "call status\n"
        "7,INBOUND,07700900123,100,2024-03-25 10:15:00,2024-03-25 10:15:05,185,ANSWERED\n"
        "8,INBOUND,07700900123,100,2024-03-25 10:15:00,,,NO ANSWER\n",
    ],
)
def test_logs_of_telephone_systems_tell_which_calls_were_answered(tmp_path, text):
    (call,) = read(tmp_path, text)
    assert (call["started_at"], call["ended_at"]) == ("2024-03-25T10:15:00", "2024-03-25T10:18:05")
    assert "07700900123" in str(call["participants"][0])


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("00:01:30", 90),
        ("1:30", 90),
        ("90", 90),
        ("1m 30s", 90),
        ("1 min 30 sec", 90),
        ("2 h", 7200),
    ],
)
def test_how_long_a_call_took(tmp_path, written, seconds):
    text = f"Call type,Date,Duration,Number\nIncoming,2024-03-25 00:00:00,{written},07700900123\n"
    (call,) = read(tmp_path, text)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    assert call["ended_at"] == f"2024-03-25T{hours:02}:{minutes:02}:{rest:02}"


def test_a_row_that_cannot_be_read_is_refused_alone(tmp_path):
    text = (
        "Call type,Date,Duration,Number\n"
        "Incoming,yesterday,60,07700900123\n"
        "Incoming,2024-03-25 10:00:00,60\n"
        "Incoming,2024-03-25 10:00:00,60,07700900123\n"
    )
    bad, ragged, good = read(tmp_path, text)
    assert (bad.reason, bad.record) == (
        "a call has no date that can be read",
        b"Incoming,yesterday,60,07700900123",
    )
    assert ragged.reason.startswith("ragged row")
    assert good["participants"][0]["phone"] == "07700900123"
    assert [bad.position, ragged.position] == [1, 2]


def test_the_offset_of_a_calls_beginning_is_that_of_its_end(tmp_path):
    text = "Number,Type,Date,Duration\n07700900123,Incoming,2024-03-25 23:59{},90\n"
    for written, meant in (("+05:30", "+05:30"), ("-0000", "+00:00"), ("+99:00", "+99:00")):
        (call,) = read(tmp_path, text.format(written))
        assert call["ended_at"] == f"2024-03-26T00:00:30{meant}"


def test_of_many_calls_only_the_bad_ones_are_refused_where_they_stand(tmp_path):
    rows = [
        f"Incoming,2024-03-{1 + i % 28:02} 10:{i % 60:02}:{i % 59:02},{i % 90 + 1},07700900123"
        for i in range(1200)
    ]
    rows[600], rows[900], rows[1100] = "Incoming,yesterday,60,07700900123", "Incoming,?", ",,,"
    rows[300] = "Missed,2024-03-25 10:00:00,0,07700900123"
    found = read(tmp_path, "\n".join(["Call type,Date,Duration,Number", *rows]))
    assert len(found) == 1198  # neither the missed call nor the blank line
    refused = {row.position: row.reason for row in found if isinstance(row, Reject)}
    assert refused == {
        600: "a call has no date that can be read",
        900: "ragged row: 2 fields, 4 columns",
    }
    calls = [row for row in found if not isinstance(row, Reject)]
    assert [call["started_at"] for call in calls[598:600]] == [
        "2024-03-12T10:59:09",
        "2024-03-14T10:01:11",
    ]
    assert calls[-1]["ended_at"] == "2024-03-24T10:59:49"  # 30 seconds after 10:59:19


@pytest.mark.parametrize("cells", ["2024-03-25,10:15", ",2024-03-25 10:15", "2024-03-25 10:15,"])
def test_day_and_time_may_have_a_column_each(tmp_path, cells):
    (call,) = read(tmp_path, f"Call type,Date,Time,Duration,Number\nOut,{cells},90,07700900123\n")
    assert call["started_at"] == "2024-03-25T10:15:00"
    assert call["ended_at"] == "2024-03-25T10:16:30"


def test_a_call_at_the_end_of_time_does_not_end_its_file(tmp_path):
    rows = "Out,9999-12-31 23:59,90,07700900123\nOut,2024-03-25 10:15,90,07700900123\n"
    found = read(tmp_path, f"Call type,Date,Duration,Number\n{rows}")
    assert [call["started_at"] for call in found] == ["9999-12-31T23:59:00", "2024-03-25T10:15:00"]


def test_dates_of_two_orders_wait_for_the_setting(tmp_path):
    text = "Call type,Date,Duration,Number\nIncoming,03/04/2024 10:00,60,07700900123\n"
    (found,) = read(tmp_path, text)
    assert found.reason.startswith("ambiguous date")
    (call,) = read(tmp_path, text, date_order="dmy")
    assert call["started_at"] == "2024-04-03T10:00:00"


def test_only_missed_calls_are_no_consultation(tmp_path):
    text = "Call type,Date,Duration,Number\nMissed,2024-03-25 10:00:00,0,07700900123\n"
    (found,) = read(tmp_path, text)
    assert isinstance(found, Reject)
    assert found.reason == "no answered call in the log"


def test_a_note_of_the_same_number_and_time_is_the_calls_note(tmp_path):
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / "calls.csv").write_text(samples.IMAZING_CALLS)
    (folder / "2024-03-25 10-16 +44 7700 900123.txt").write_text(samples.CALL_NOTE)
    (folder / "20240325_1101_07700900999.txt").write_text("Another call.")
    fields = specs(
        id={"role": "subject", "path": "id"},
        note={"role": "text", "path": "note"},
        phone={"role": "identifier", "entity": "PHONE_NUMBER", "path": "participants[].phone"},
        sources={"role": "attribute", "path": "sources[]"},
    )
    outcome = ingest(tmp_path, [str(folder)], SourceSettings(time_zone="Europe/London"), fields)
    assert (outcome.read, outcome.quarantined) == (3, [])
    found = {tuple(sorted(r["sources"])): r["note"] for r in outcome.records}
    assert found == {
        ("call_log", "call_note"): samples.CALL_NOTE.strip(),
        ("call_log",): None,
        ("call_note",): "Another call.",
    }


def test_a_note_without_a_number_in_its_name_is_refused(tmp_path):
    (tmp_path / "note.txt").write_text("a")
    (found,) = consultations(tmp_path, SourceSettings(format="call_note"))
    assert found.reason == "the note's name has no date, time and number"
