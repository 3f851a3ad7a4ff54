"""Praat transcripts and notes, as PriMock57 has them."""

import json

import pytest

from transforms.ingest.check import check_source
from transforms.ingest.find import find_files
from transforms.ingest.quarantine import Reject
from transforms.ingest.read import read
from transforms.ingest.settings import SourceSettings
from transforms.ingest.textgrid import parse_turns, plan_transcripts

from .support import DATA, ingest, needs_data, specs

FIELDS = specs(
    consultation={"role": "subject"},
    speaker={"role": "attribute", "path": "turns[].speaker"},
    said={"role": "text", "path": "turns[].text"},
    note={"role": "text", "path": "note.note"},
)
LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 9
tiers? <exists>
size = 1
item []:
    item [1]:
        class = "IntervalTier"
        name = "Speaker"
        xmin = 0
        xmax = 9
        intervals: size = 3
        intervals [1]:
            xmin = 0
            xmax = 2.5
            text = "<UNSURE>Hello</UNSURE> <UNIN/> ""you"" é"
        intervals [2]:
            xmin = 2.5
            xmax = 4
            text = ""
        intervals [3]:
            xmin = 4
            xmax = 9
            text = "<INAUDIBLE_SPEECH/>"
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
9
<exists>
1
"IntervalTier"
"Speaker"
0
9
1
1
2
"Yes."
"""


def transcripts(folder, source=None):
    source = source or SourceSettings()
    files = find_files([str(folder)], source).files
    return [row for part in plan_transcripts(files) for row in read(part, source, FIELDS)]


def test_both_text_forms_and_the_marks_of_the_transcriber():
    assert parse_turns(LONG, "doctor") == [
        {"speaker": "doctor", "start": 0.0, "end": 2.5, "text": 'Hello "you" é'}
    ]
    assert parse_turns(SHORT, "")[0] == {
        "speaker": "Speaker",
        "start": 1.0,
        "end": 2.0,
        "text": "Yes.",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_consultation_is_its_speakers_by_time_and_its_note(tmp_path, encoding):
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "day_1_doctor.TextGrid").write_bytes(LONG.encode(encoding))
    (tmp_path / "t" / "day_1_patient.TextGrid").write_bytes(SHORT.encode(encoding))
    (tmp_path / "day_1.json").write_text(json.dumps({"note": "well"}))
    (row,) = transcripts(tmp_path)
    assert row.record["consultation"] == "day_1"
    assert [(t["speaker"], t["text"]) for t in row.record["turns"]] == [
        ("doctor", 'Hello "you" é'),
        ("patient", "Yes."),
    ]
    assert row.record["note"] == {"note": "well"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"hello", "not a Praat TextGrid in text form"),
        (LONG[:150].encode(), "broken Praat TextGrid"),
        (LONG.encode("cp1252"), "not valid utf-8: set source.encoding"),
        (b"x" * 2000, "larger than source.max_record_bytes (1,500)"),
    ],
)
def test_a_transcript_that_cannot_be_read_keeps_its_consultation_back(tmp_path, content, reason):
    (tmp_path / "a_doctor.TextGrid").write_bytes(content)
    (tmp_path / "a_patient.TextGrid").write_text(SHORT)
    (tmp_path / "b_patient.TextGrid").write_text(SHORT)
    bad, good = transcripts(tmp_path, SourceSettings(max_record_bytes=1500))
    assert isinstance(bad, Reject)
    assert (bad.file, bad.reason) == (str(tmp_path / "a_doctor.TextGrid"), reason)
    assert good.record["consultation"] == "b"


@needs_data
def test_primock57_is_read_whole(tmp_path):
    source = str(DATA / "primock57")
    outcome = ingest(tmp_path, [source], fields=FIELDS)
    assert (outcome.read, len(outcome.records), outcome.quarantined) == (57, 57, [])
    assert all(r["note"] and set(r["speaker"]) == {"doctor", "patient"} for r in outcome.records)
    assert not any("<" in text for r in outcome.records for text in r["said"])
    # Every interval that says more than a mark is there (counted with sed and grep).
    assert sum(len(r["said"]) for r in outcome.records) == 6727
    report = check_source([source], SourceSettings(), FIELDS)
    assert report.records == 57
    assert "note.presenting_complaint" in report.unassigned
