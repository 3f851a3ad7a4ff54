"""A folder of everything: each file is told by its content, and every record is counted."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.settings import load
from transforms.errors import UsageError
from transforms.ingest.check import check_source
from transforms.ingest.find import find_files
from transforms.ingest.settings import Format, SourceSettings

from .sources import clinical, samples
from .support import DATA, ingest, needs_data, specs
from .test_textgrid import LONG, SHORT

FIELDS = specs(
    patient={"role": "subject", "path": "patient.id"},
    who={"role": "identifier", "entity": "PERSON", "path": "turns[].speaker"},
    role={"role": "attribute", "path": "turns[].role"},
    said={"role": "text", "path": "turns[].text"},
    sources={"role": "attribute", "path": "sources[]"},
)
SOURCE = SourceSettings(
    records="consultation",
    time_zone="Europe/London",
    date_order="mdy",
    speakers={"domains": ["clinic.example"], "staff": ["Jane Patel"], "remaining": "patient"},
)


def taken(path):
    return find_files([str(path)], SourceSettings()).taken()


@pytest.fixture
def mixed(tmp_path):
    folder = tmp_path / "mixed"
    for name, content in samples.ALL.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        encoding = "utf-16" if name.startswith("teams_202") and name.endswith("csv") else "utf-8"
        (folder / name).write_bytes(content.encode(encoding))
    (folder / "day1_doctor.TextGrid").write_text(LONG)
    (folder / "day1_patient.TextGrid").write_text(SHORT)
    (folder / "day1.json").write_text(json.dumps({"note": "well", "patient_id": 5}))
    (folder / "own.jsonl").write_text('{"patient": {"id": "7"}, "turns": [{"text": "x"}]}\n')
    (folder / "own.csv").write_text("patient.id,note\n8,y\n")
    pq.write_table(pa.table({"patient": [{"id": "9"}]}), folder / "own.parquet")
    resource = {"resourceType": "Patient", "id": "p", "name": [{"family": "Lee"}]}
    (folder / "a.ndjson").write_text(json.dumps(resource))
    encounter = {"resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient/p"}}
    (folder / "b.ndjson").write_text(json.dumps(encounter))
    for name in ("oru.hl7", "feed.er7", "TT988.xml", "page-1.json", "document.json"):
        encoding = "latin-1" if name == "oru.hl7" else "utf-8"
        (folder / name).write_bytes(clinical.ALL[name].encode(encoding))
    (folder / "letter.pdf").write_bytes(b"%PDF-1.7\n")
    (folder / "audio.m4a").write_bytes(b"\0\0\0\x20ftypM4A \0\0")
    (folder / "README.md").write_text("what this is")
    return folder


def test_each_file_is_told_by_its_content(mixed):
    expected = {
        "webvtt": 4,
        "srt": 2,
        "transcript": 5,
        "zoom_chat": 4,
        "zoom_report": 7,
        "teams_attendance": 3,
        "meet_attendance": 1,
        "whatsapp": 3,
        "messenger": 3,
        "call_log": 3,
        "call_note": 1,
        "whisper": 4,
        "amazon_transcribe": 3,
        "textgrid": 3,
        "jsonl": 1,
        "csv": 1,
        "parquet": 1,
        "fhir": 4,
        "hl7v2": 2,
        "ccda": 1,
        "unknown": 1,
        "media": 1,
    }
    assert taken(mixed) == expected
    # Whatever they are called.
    for file in [f for f in mixed.rglob("*") if f.is_file()]:
        if file.suffix not in (".csv", ".TextGrid", ".md") and file.name != "day1.json":
            file.rename(f"{file}.dat")
    assert taken(mixed) == expected


def test_a_mixed_folder_becomes_one_shape_and_nothing_is_lost(tmp_path, mixed):
    outcome = ingest(tmp_path, [str(mixed)], SOURCE, FIELDS)
    assert outcome.read == len(outcome.records) + len(outcome.quarantined)
    assert set(outcome.reasons) == {"not a known format", "no subject"}
    by_source = {source for record in outcome.records for source in record["sources"]}
    assert {"webvtt", "zoom_chat", "transcript", "textgrid", "fhir", "jsonl", "csv"} <= by_source
    assert {"hl7v2", "ccda"} <= by_source
    (own,) = [r for r in outcome.records if r["sources"] == ["jsonl"]]
    assert (own["patient"], own["said"]) == ("7", ["x"])
    report = check_source([str(mixed)], SOURCE, FIELDS)
    assert report.formats == taken(mixed)
    assert report.unusable["not a known format"] == 1
    assert not any("meeting.passcode" in path for path in report.unassigned)


def test_transcript_chat_and_report_of_one_session_become_one_consultation(tmp_path):
    folder = tmp_path / "session"
    folder.mkdir()
    start = "GMT20240325-101500_Recording"
    (folder / f"{start}.transcript.vtt").write_text(samples.ZOOM_VTT)
    (folder / f"{start}newChat.txt").write_text(
        samples.CHAT_CLOUD.replace("Jane Patel", "Dr Jane Patel")
    )
    people = samples.ZOOM_PARTICIPANTS
    (folder / "participants_85512345678.csv").write_text(people)
    fields = [
        *FIELDS,
        *specs(phone={"role": "drop", "path": "participants[].email"}),
        *specs(email={"role": "attribute", "path": "participants[].email"}),
        *specs(topic={"role": "text", "path": "meeting.topic"}),
    ]
    source = SOURCE.model_copy(
        update={"speakers": SOURCE.speakers.model_copy(update={"others": ("host@clinic.example",)})}
    )
    outcome = ingest(tmp_path, [str(folder)], source, fields)
    assert (outcome.read, outcome.quarantined) == (1, [])
    (record,) = outcome.records
    assert sorted(record["sources"]) == ["webvtt", "zoom_chat", "zoom_report"]
    assert record["patient"] == "email:sam@mail.example"
    assert record["topic"] == "Review with Sam Lee"
    assert len(record["said"]) == 5
    assert record["_file"].endswith(".vtt")


def test_nothing_that_is_known(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(UsageError, match="no file of a known format"):
        find_files([str(tmp_path)], SourceSettings())


def test_a_misspelt_path_of_a_canonical_field_is_an_error(tmp_path):
    (tmp_path / "a.vtt").write_text(samples.ZOOM_VTT)
    fields = specs(
        p={"role": "subject", "path": "patient.id"}, t={"role": "text", "path": "turns[].txt"}
    )
    with pytest.raises(UsageError, match=r"fields.t: .* did you mean 'turns\[\].text'"):
        check_source([str(tmp_path)], SOURCE, fields)


@needs_data
def test_real_files_are_told_by_their_content():
    assert taken(DATA / "fhir-bulk") == {"fhir": 9}
    assert taken(DATA / "primock57") == {"textgrid": 171}
    assert taken(DATA / "mts-dialog") == {"csv": 2}


@needs_data
def test_primock57_in_the_canonical_shape(tmp_path):
    settings = load("consultations")
    source = settings.source.model_copy(update={"format": Format.TEXTGRID})
    report = check_source([str(DATA / "primock57")], source, settings.specs)
    assert report.records == 57
    # Who plays the patient is not named: the file's speaker is "patient".
    assert report.found["turns.text"] == 57
    assert report.found["note"] == 57
