"""What recognisers of speech write: Whisper's programs, and Amazon Transcribe."""

import pytest

from tests.ingest.support import consultations, talk
from transforms.ingest.settings import SourceSettings

from . import samples


def read(tmp_path, text, **source):
    (tmp_path / "a.json").write_text(text)
    (record,) = consultations(tmp_path, SourceSettings(**source))
    return record


def test_whisper_names_no_speaker_so_that_its_talk_is_one_turn(tmp_path):
    record = read(tmp_path, samples.WHISPER)
    assert talk(record) == [(None, "Hello, this is Dr Patel. Hi.")]
    assert (record["turns"][0]["offset"], record["turns"][0]["end_offset"]) == (0, 3)
    assert (record["language"], record["sources"]) == ("en", ["whisper"])


def test_in_a_segment_of_whisperx_two_may_speak(tmp_path):
    record = read(tmp_path, samples.WHISPERX)
    assert talk(record) == [("SPEAKER_00", "Hello Sam."), ("SPEAKER_01", "Hi. It hurts.")]
    assert [t["offset"] for t in record["turns"]] == [0.031, 2.0]


def test_whisper_cpp_counts_milliseconds_and_channels(tmp_path):
    record = read(tmp_path, samples.WHISPER_CPP)
    assert talk(record) == [("Speaker 0", "Guten Tag."), ("Speaker 1", "Hallo.")]
    assert (record["language"], record["turns"][1]["end_offset"]) == ("de", 3.0)


def test_segments_as_a_list_and_chunks(tmp_path):
    assert talk(read(tmp_path, samples.FASTER_WHISPER)) == [(None, "Hello.")]
    chunks = '{"text": "Hi", "chunks": [{"timestamp": [0.0, null], "text": "Hi"}]}'
    assert talk(read(tmp_path, chunks)) == [(None, "Hi")]
    api = (
        '{"task": "transcribe", "language": "english", "duration": 2.0, "text": "Hi", '
        '"segments": [{"id": 0, "start": 0, "end": 2, "text": "Hi"}]}'
    )
    assert read(tmp_path, api)["language"] == "en"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (samples.TRANSCRIBE_2020, [("spk_0", "I've been unwell."), ("spk_1", "Sorry.")]),
        (samples.TRANSCRIBE_2024, [("spk_0", "I've been unwell."), ("spk_1", "Sorry.")]),
        (
            samples.TRANSCRIBE_CHANNELS,
            [("Speaker 0", "Unwell."), ("Speaker 1", "Sorry."), ("Speaker 0", "Yes")],
        ),
    ],
)
def test_amazon_transcribe_of_each_form(tmp_path, content, said):
    record = read(tmp_path, content)
    assert talk(record) == said
    assert record["sources"] == ["amazon_transcribe"]
    assert "111122223333" not in str(record)


def test_of_a_transcript_without_words_the_whole_is_read(tmp_path):
    text = '{"jobName": "a", "results": {"transcripts": [{"transcript": "Hello."}], "items": []}}'
    assert talk(read(tmp_path, text)) == [(None, "Hello.")]


@pytest.mark.parametrize(
    ("format", "content", "reason"),
    [
        ("whisper", '{"segments": [', "broken JSON"),
        ("whisper", '{"segments": []}', "no talk in the transcript"),
        ("whisper", "5", "no talk in the transcript"),
        ("amazon_transcribe", "[]", "no results of Amazon Transcribe"),
        ("amazon_transcribe", '{"results": {}}', "no talk in the transcript"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, format, content, reason):
    assert read(tmp_path, content, format=format).reason == reason
