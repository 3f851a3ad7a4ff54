"""WebVTT, SubRip and plain-text transcripts of the meeting platforms."""

import gzip

import pytest

from tests.ingest.support import consultations, talk
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import SourceSettings

from . import samples


def one(tmp_path, name, content, source=None, encoding="utf-8"):
    (tmp_path / name).write_bytes(content.encode(encoding))
    (found,) = consultations(tmp_path / name, source)
    return found


def test_zoom_names_the_speaker_before_a_colon_and_cuts_sentences_across_cues(tmp_path):
    record = one(tmp_path, "GMT20240305-101500_Recording.transcript.vtt", samples.ZOOM_VTT)
    assert talk(record) == [
        (
            "Dr Jane Patel",
            "Good morning, this is Dr Patel from the clinic. Am I speaking with Mr Lee?",
        ),
        ("Sam Lee", "Yes: I am taking it twice a day: morning and night."),
        (None, "Inaudible"),
    ]
    first = record["turns"][0]
    assert (first["offset"], first["end_offset"], first["role"]) == (2.656, 7.0, "clinician")
    assert record["started_at"] == "2024-03-05T10:15:00+00:00"
    assert (record["platform"], record["channel"], record["sources"]) == (
        "zoom",
        "video",
        ["webvtt"],
    )


def test_teams_names_the_speaker_in_a_tag_and_two_may_speak_in_one_cue(tmp_path):
    record = one(tmp_path, "a.vtt", samples.TEAMS_VTT)
    assert talk(record) == [
        ("Jane Patel", "Hello there & welcome"),
        ("Sam Lee", "Hi"),
        ("Jane Patel", "How are you?"),
    ]
    assert record["platform"] == "teams"


def test_webex_and_stream_name_speakers_in_identifiers_and_brackets(tmp_path):
    assert talk(one(tmp_path, "a.vtt", samples.WEBEX_VTT)) == [
        ("Jane Patel", "Hello"),
        ("Sam Lee", "Hi"),
    ]
    record = one(tmp_path, "b.vtt", samples.STREAM_VTT)
    assert talk(record) == [("Jane Patel", "How are you today?"), ("Sam Lee", "Not so well")]
    assert record["language"] == "en-GB"


def test_the_beginning_of_a_sentence_is_no_speaker(tmp_path):
    lines = ["take it twice: morning and night", "Sam Lee: yes", "Note: this is text", "Q: why"]
    cues = "".join(f"00:0{i}.000 --> 00:0{i}.900\n{line}\n\n" for i, line in enumerate(lines))
    assert talk(one(tmp_path, "a.vtt", "WEBVTT\n\n" + cues)) == [
        (None, lines[0]),
        ("Sam Lee", "yes"),
        (None, lines[2]),
        ("Q", "why"),
    ]


def test_no_text_of_a_cue_is_lost(tmp_path):
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nSam Lee: it goes a --> b\n\nand after a blank line\n\n"
        "7\n00:02.000 --> 00:03.000\n\n8\n00:03.000 --> 00:04.000\nJane: no blank line follows\n"
        "00:04.000 --> 00:05.000 align:start\nJane: end"
    )
    assert talk(one(tmp_path, "a.vtt", text)) == [
        ("Sam Lee", "it goes a --> b and after a blank line"),
        ("Jane", "no blank line follows end"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("WEBVTT\n\n00:00:01.000 --> 00:00:0x\nSam: a\n", "damaged timing of a cue, in line 3"),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nSam: a\n", "no talk in the transcript"),
        ("WEBVTT\n", "no talk in the transcript"),
        ("", "no WebVTT: its first word is missing"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nSam: \0\n", "NUL byte"),
    ],
)
def test_a_transcript_that_cannot_be_read_goes_to_quarantine_whole(tmp_path, content, reason):
    found = one(tmp_path, "a.vtt", content)
    assert isinstance(found, Reject)
    assert (found.reason, found.position, found.record) == (reason, 1, content.encode())


def test_encodings_and_compression(tmp_path):
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le"):
        record = one(tmp_path, "a.vtt", samples.ZOOM_VTT.replace("\n", "\r\n"), None, encoding)
        assert len(record["turns"]) == 3
    (tmp_path / "b.vtt.gz").write_bytes(gzip.compress(samples.ZOOM_VTT.encode()))
    (record,) = consultations(tmp_path / "b.vtt.gz")
    assert len(record["turns"]) == 3
    latin = one(tmp_path, "c.vtt", samples.ZOOM_VTT + "é", None, "cp1252")
    assert latin.reason == "not valid utf-8: set source.encoding"
    source = SourceSettings(encoding="cp1252")
    assert len(one(tmp_path, "c.vtt", samples.ZOOM_VTT + "é", source, "cp1252")["turns"]) == 3


def test_subtitles_and_the_chat_beside_a_meet_recording(tmp_path):
    assert talk(one(tmp_path, "a.srt", samples.SRT)) == [
        ("Jane Patel", "Hello"),
        ("Sam Lee", "Hi, doctor"),
    ]
    record = one(tmp_path, "a.txt", samples.MEET_SBV)
    assert talk(record)[1] == ("Sam Lee", "thanks")
    assert (record["turns"][1]["offset"], record["platform"]) == (80.0, "meet")


def test_google_meets_document_as_text(tmp_path):
    record = one(tmp_path, "a.txt", samples.MEET_DOCUMENT)
    assert talk(record) == [
        ("Jane Patel", "Hello, I'm one of the doctors here."),
        ("Sam Lee", "Hi.\nIt still hurts."),
        ("Jane Patel", "Take this twice: morning and night."),
    ]
    assert record["turns"][2]["offset"] == 300.0
    assert [p["role"] for p in record["participants"]] == ["clinician", "unresolved"]
    named = one(tmp_path, "Review (2024-03-05 10:15 GMT-8) - Transcript.txt", samples.MEET_DOCUMENT)
    assert named["started_at"] == "2024-03-05T10:15:00-08:00"
    assert (named["platform"], named["meeting"]) == ("meet", {"topic": "Review"})


@pytest.mark.parametrize(
    ("content", "second", "started_at"),
    [
        (samples.OTTER, ("Sam Lee", "Hi: it still hurts.\nHere."), "2024-03-05T10:15:00"),
        (samples.TEAMS_DOCUMENT, ("Sam Lee", "Hi, it still hurts."), None),
        (
            samples.TEAMS_DOCUMENT_2023,
            ("Sam Lee", "Hi, it still hurts."),
            "2024-03-05T10:15:00",
        ),
        (samples.STAMPED, ("Sam Lee", "Hi.\nIt still hurts."), None),
    ],
)
def test_other_forms_of_plain_text(tmp_path, content, second, started_at):
    record = one(tmp_path, "a.txt", content)
    assert talk(record)[0] == ("Jane Patel", "Hello Sam.")
    assert talk(record)[1] == second
    assert record.get("started_at") == started_at
    assert record["turns"][1]["offset"] > 0


@pytest.mark.parametrize(
    "content",
    [
        "Dear Mrs Lee,\n\nThank you for coming. Findings: none.\n\nYours, Dr Patel\n",
        "Name: Sam Lee\nDate of birth: 1 May 1961\nAddress: 1 Oak St\nPhone: 07700 900123\n",
        "a,b\n1,2\n",
        "",
    ],
)
def test_a_letter_or_a_form_is_no_transcript(tmp_path, content):
    (tmp_path / "a.txt").write_text(content)
    (tmp_path / "b.vtt").write_text(samples.ZOOM_VTT)
    found = consultations(tmp_path)
    assert [r.reason for r in found if isinstance(r, Reject)] == ["not a known format"]


def test_times_in_names_of_files(tmp_path):
    folder = tmp_path / "2024-03-05 10.15.00 Review 85512345678"
    folder.mkdir()
    record = one(folder, "closed_caption.vtt", samples.ZOOM_VTT)
    assert record["started_at"] == "2024-03-05T10:15:00"
    assert record["meeting"] == {"id": "85512345678", "topic": "Review"}
    source = SourceSettings(time_zone="Europe/Berlin")
    name = "Review-20240705_101500-Meeting Recording.vtt"
    assert one(tmp_path, name, samples.TEAMS_VTT, source)["started_at"] == (
        "2024-07-05T10:15:00+02:00"
    )
