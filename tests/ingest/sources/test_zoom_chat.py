"""Zoom's chat logs, in the forms of five years."""

import pytest

from tests.ingest.support import consultations, talk
from transforms.ingest.quarantine import Reject

from . import samples


@pytest.mark.parametrize(
    ("content", "second"),
    [
        (samples.CHAT_2020, 17.0),
        (samples.CHAT_2021, 17.0),
        (samples.CHAT_2024, 20.0),
        (samples.CHAT_CLOUD, 62.0),
    ],
)
def test_messages_of_each_form(tmp_path, content, second):
    (tmp_path / "meeting_saved_chat.txt").write_text(content)
    (record,) = consultations(tmp_path)
    said = [(speaker, " ".join(text.split())) for speaker, text in talk(record)]
    assert said == [("Sam Lee", "hello there"), ("Jane Patel", "your passcode is 4711")]
    assert record["turns"][1]["offset"] == second
    assert [p["name"] for p in record["participants"]] == ["Sam Lee", "Jane Patel"]
    assert (record["channel"], record["platform"]) == ("chat", "zoom")


def test_a_recordings_chat_has_times_of_day_by_the_files_name(tmp_path):
    (tmp_path / "GMT20240305-101500_RecordingnewChat.txt").write_text(samples.CHAT_CLOUD)
    (record,) = consultations(tmp_path)
    assert [t["at"] for t in record["turns"]] == [
        "2024-03-05T10:15:23+00:00",
        "2024-03-05T10:16:02+00:00",
    ]


def test_past_midnight(tmp_path):
    text = "23:59:50 From  Sam  to  Everyone:\n\ta\n00:00:10 From  Jane  to  Everyone:\n\tb\n"
    (tmp_path / "chat_saved.txt").write_text(text)
    (record,) = consultations(tmp_path)
    assert [t["offset"] for t in record["turns"]] == [0, 20]


def test_a_name_may_hold_what_separates(tmp_path):
    text = "10:15:23 From  Sam to the rescue  to  Everyone:\n\ta: b\n"
    (tmp_path / "chat_saved.txt").write_text(text)
    (record,) = consultations(tmp_path)
    assert record["turns"][0]["text"] == "a: b"


def test_only_reactions_are_no_talk(tmp_path):
    text = '10:15:23 From  Sam  to  Everyone:\n\tReacted to "hi" with 👍\n'
    (tmp_path / "chat_saved.txt").write_text(text)
    (found,) = consultations(tmp_path)
    assert isinstance(found, Reject)
    assert found.reason == "no message in the chat"
