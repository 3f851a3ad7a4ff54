"""Facebook Messenger's threads, over several files, in either form."""

import json

import pytest

from tests.ingest.support import consultations, talk
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import SourceSettings

from . import samples


def test_a_thread_of_two_files_is_one_chat_and_a_call(tmp_path):
    folder = tmp_path / "inbox" / "renelee_1015"
    folder.mkdir(parents=True)
    (folder / "message_1.json").write_text(samples.MESSENGER)
    (folder / "message_2.json").write_text(samples.MESSENGER_OLDER)
    chat, call = consultations(tmp_path, SourceSettings(time_zone="Europe/London"))
    assert talk(chat) == [
        ("René Lee", "See this\nhttps://clinic.example/leaflet"),
        ("Jane Patel", "Hello, how are you?"),
        ("René Lee", "C'est mieux 😊"),
    ]
    assert chat["attachments"] == ["123_n.jpg"]
    assert chat["meeting"] == {"topic": "René Lee"}
    assert [p["name"] for p in chat["participants"]] == ["Jane Patel", "René Lee"]
    assert (chat["channel"], chat["platform"]) == ("chat", "messenger")
    assert [turn["offset"] for turn in chat["turns"]] == [0, 123, 133]
    assert chat["turns"][2]["at"] == chat["ended_at"] == "2024-03-05T10:15:33+00:00"
    assert "turns" not in call
    assert (call["channel"], call["started_at"], call["ended_at"]) == (
        "phone",
        "2024-03-05T10:20:00+00:00",
        "2024-03-05T10:25:12+00:00",
    )


def test_an_encrypted_thread_is_written_otherwise_and_is_no_mojibake(tmp_path):
    (tmp_path / "Sam Lee_40.json").write_text(samples.MESSENGER_ENCRYPTED)
    (record,) = consultations(tmp_path)
    assert talk(record) == [("Jane Patel", "Ça va?")]
    assert record["attachments"] == ["1f2e.jpeg"]


@pytest.mark.parametrize("text", ["naïve café 😀", "Ö", "日本語", "plain", "Ã", "ÿ"])
def test_text_is_repaired_where_it_was_damaged_and_only_there(tmp_path, text):
    damaged = text.encode().decode("latin-1")
    for name, written in (("damaged", damaged), ("whole", text)):
        message = {"sender_name": "A", "timestamp_ms": 1709634300000, "content": written}
        thread = {"participants": [{"name": "A"}], "messages": [message], "title": "A"}
        (tmp_path / f"{name}.json").write_text(json.dumps(thread))
        (record,) = consultations(tmp_path / f"{name}.json")
        assert record["turns"][0]["text"] == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"participants": [], "messages": [{"sender_name": "A", "timestamp_ms": 1', "broken JSON"),
        ('{"participants": [], "messages": {}}', "no thread of Messenger"),
        ('{"participants": 5, "messages": [{"content": "a"}]}', "a message has no time"),
        ('{"participants": [], "messages": []}', "holds no consultation"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, content, reason):
    (tmp_path / "message_1.json").write_text(content)
    (found,) = consultations(tmp_path, SourceSettings(format="messenger"))
    assert isinstance(found, Reject)
    assert found.reason == reason
