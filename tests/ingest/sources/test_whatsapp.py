"""WhatsApp's exports, in the dates of many regions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.support import consultations, talk
from transforms.ingest.find import sniffed
from transforms.ingest.settings import SourceSettings
from transforms.ingest.sources._whatsapp_words import DELETED, PLACEHOLDERS

from . import samples

NO_ORDER = "dates fit no order of day, month and year: set source.date_order"


def read(tmp_path, text, name="_chat.txt", **source):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    (record,) = consultations(path, SourceSettings(format="whatsapp", **source))
    return record


@pytest.mark.parametrize(
    ("stamp", "locale"),
    [
        ("[14/03/2024, 14:05:09]", "en-GB"),
        ("[14/03/24, 2:05:09\u202fpm]", "en-AU"),
        ("[3/14/24, 2:05:09\u202fPM]", "en-US"),
        ("14/03/2024, 2:05:09 p.m. -", "en-IE, twelve hours"),
        ("2024-03-14, 2:05:09\u202fp.m. -", "en-CA"),
        ("[14.03.24, 14:05:09]", "de-DE"),
        ("14.03.24, 14:05:09 -", "de-DE, Android"),
        ("14/3/24, 14:05:09 -", "es-ES"),
        ("[14/3/24 2:05:09\u00a0p.\u00a0m.]", "es-CO"),
        ("14/03/2024 à 14:05:09 -", "fr-FR"),
        ("[14/03/24, 14:05:09]", "it-IT"),
        ("14/03/2024 14:05:09 -", "pt-BR"),
        ("[14-03-2024 14:05:09]", "nl-NL"),
        ("14.3.2024 klo 14.05.09 -", "fi-FI"),
        ("14.03.2024 kl. 14.05.09 -", "da-DK"),
        ("2024-03-14 14:05:09 -", "sv-SE"),
        ("[2024-03-14, 14:05:09]", "lt-LT"),
        ("14.03.2024, 14:05:09 -", "ru-RU"),
        ("14.03.2024 ÖS 2:05:09 -", "tr-TR, twelve hours"),
        ("[14. 3. 2024 14:05:09]", "cs-CZ"),
        ("2024. 03. 14. 14:05:09 -", "hu-HU"),
        ("[14/3/24, 2:05:09\u202fμ.μ.]", "el-GR"),
        ("[2024/03/14 14:05:09]", "ja-JP"),
        ("2024/03/14 午後2:05:09 -", "ja-JP, twelve hours"),
        ("[2024/3/14 下午2:05:09]", "zh-CN"),
        ("2024. 3. 14. 오후 2:05:09 -", "ko-KR"),
        ("[24. 3. 14. 오후 2:05:09]", "ko-KR, iPhone"),
        ("[١٤\u200f/٣\u200f/٢٠٢٤، ٢:٠٥:٠٩ م]", "ar-EG"),
        ("14.3.2024, 14:05:09 -", "he-IL"),
        ("[14/3/2567 14:05:09]", "th-TH"),
        ("14/03/24, 2:05:09 अपराह्न -", "hi-IN"),
    ],
)
def test_dates_of_a_region(tmp_path, stamp, locale):
    record = read(tmp_path, f"\u200e{stamp} Sam Lee: a: b\nc\n{stamp} Jane: d\n")
    assert [turn["at"] for turn in record["turns"]] == ["2024-03-14T14:05:09"] * 2, locale
    assert talk(record) == [("Sam Lee", "a: b\nc"), ("Jane", "d")]
    path = str(tmp_path / "chat.dat")
    (tmp_path / "chat.dat").write_text(f"{stamp} Sam Lee: a: b\nc\n{stamp} Jane: d\n")
    assert sniffed([path])[0] == {path: "whatsapp"}


@pytest.mark.parametrize(
    ("stamp", "at"),
    [
        ("12:05\u202fAM", "00:05"),
        ("12:05\u202fPM", "12:05"),
        ("11:05 a. m.", "11:05"),
        ("午前0:05", "00:05"),
        ("中午12:05", "12:05"),
        ("晚上8:05", "20:05"),
    ],
)
def test_halves_of_the_day(tmp_path, stamp, at):
    record = read(tmp_path, f"2024/3/14 {stamp} - Sam: a\n")
    assert record["started_at"] == f"2024-03-14T{at}:00"


def test_an_iphones_chat(tmp_path):
    record = read(tmp_path, samples.WHATSAPP_IOS, "WhatsApp Chat - Sam Lee/_chat.txt")
    assert talk(record) == [
        ("Sam Lee", "Hello doctor\nit hurts: here"),
        ("Dr Jane Patel", "Since when?"),
        ("Sam Lee", "thank you @Dr Jane Patel"),
    ]
    assert record["attachments"] == ["00000012-PHOTO-2024-03-13-09-00-00.jpg", "letter.pdf"]
    assert record["meeting"] == {"topic": "Sam Lee"}
    assert (record["started_at"], record["ended_at"]) == (
        "2024-03-12T14:05:09",
        "2024-03-13T09:04:00",
    )
    assert [p["name"] for p in record["participants"]] == ["Sam Lee", "Dr Jane Patel"]


def test_a_group_on_android_in_which_a_sender_is_a_number(tmp_path):
    name = "WhatsApp Chat with Care of Sam.txt"
    record = read(tmp_path, samples.WHATSAPP_ANDROID, name, time_zone="Europe/London")
    assert talk(record) == [
        ("Jane Patel", "Good morning,\nhow are you?"),
        ("+44 7700 900123", "my foot"),
        ("Ann Lee", "She is better"),
    ]
    person = record["participants"][1]
    assert person["name"] == person["phone"] == "+44 7700 900123"
    assert record["attachments"] == ["IMG-20240325-WA0003.jpg"]
    assert record["meeting"] == {"topic": "Care of Sam"}
    assert record["turns"][1]["at"] == "2024-03-25T10:17:00+00:00"
    assert record["turns"][1]["offset"] == 60


def test_who_is_no_contact_has_a_name_without_its_mark(tmp_path):
    record = read(tmp_path, "[14/03/24, 14:05:09] ~\u202fDana: hi\n")
    assert talk(record) == [("Dana", "hi")]


def test_a_groups_own_notices_are_no_talk(tmp_path):
    text = (
        "[14/03/24, 14:05:09] Care: \u200eMessages and calls are end-to-end encrypted.\n"
        "[14/03/24, 14:05:10] Care: \u200eJane created group “Care”\n"
        "[14/03/24, 14:05:11] Sam: \u200eYou added Sam\n"
        "[14/03/24, 14:05:12] Sam: \u200eHola\n"
        "[14/03/24, 14:05:13] Sam: you added too much salt\n"
    )
    record = read(tmp_path, text)
    assert talk(record) == [("Sam", "Hola you added too much salt")]
    assert [p["name"] for p in record["participants"]] == ["Sam"]


def test_a_placeholder_is_no_talk(tmp_path):
    text = "14/03/2024, 10:15 - Sam: a\n"
    for phrase in sorted(PLACEHOLDERS | DELETED):
        for written in (phrase, f"<{phrase}>", f"\u200e{phrase}."):
            text += f"14/03/2024, 10:15 - Sam: {written}\n"
    assert talk(read(tmp_path, text)) == [("Sam", "a")]


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("03/04/24", "13/04/24"), "2024-04-03"),
        (("03/04/24", "04/13/24"), "2024-03-04"),
        # One order alone leaves the messages in the order of time.
        (("09/03/24", "10/03/24", "01/04/24"), "2024-03-09"),
        (("3/9/24", "3/10/24", "4/1/24"), "2024-03-09"),
        # No region writes the month first and dots.
        (("03.04.24",), "2024-04-03"),
        (("05/05/24",), "2024-05-05"),
    ],
)
def test_the_order_of_day_and_month_is_told_from_all_dates(tmp_path, days, first):
    record = read(tmp_path, "".join(f"[{day}, 14:05:09] Sam: a\n" for day in days))
    assert record["started_at"][:10] == first


def test_what_could_be_two_dates_waits_for_the_setting(tmp_path):
    both = "[11/03/23, 14:05:09] Sam: a\n[01/04/24, 14:05:09] Sam: a\n"
    assert "ambiguous date" in read(tmp_path, both).reason
    text = "[03/04/24, 14:05:09] Sam: a\n"
    assert "ambiguous date" in read(tmp_path, text).reason
    assert read(tmp_path, text, date_order="dmy")["started_at"] == "2024-04-03T14:05:09"
    assert read(tmp_path, text, date_order="mdy")["started_at"] == "2024-03-04T14:05:09"
    assert read(tmp_path, text.replace("03/", "13/"), date_order="ymd")["started_at"][:4] == "2013"
    # What the dates themselves tell comes first.
    clear = text.replace("04", "31")
    assert read(tmp_path, clear, date_order="dmy")["started_at"][:10] == "2024-03-31"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hello\n[14/03/24, 14:05:09] Sam: a\n", "no WhatsApp chat: line 1 has no date"),
        ("", "no WhatsApp chat: line 1 has no date"),
        ("[44/33/24, 14:05:09] Sam: a\n", NO_ORDER),
        ("[14/03/24, 25:05:09] Sam: a\n", "a message's time is none"),
        ("[14/03/24, 14:05:09] Sam: \u200eimage omitted\n", "no message in the chat"),
        ("[14/03/1403, 14:05:09] Sam: a\n", NO_ORDER),
    ],
)
def test_what_cannot_be_read_is_refused_whole(tmp_path, text, reason):
    assert read(tmp_path, text).reason == reason


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Sam Lee", "+44 7700 900123", "Müller"]),
            st.text(st.characters(categories=["L", "N", "Zs"]), min_size=61).map(str.strip),
        ).filter(lambda message: message[1].split()),
        min_size=1,
        max_size=20,
    )
)
def test_every_word_of_every_message_is_in_a_turn(tmp_path_factory, messages):
    text = "".join(f"14/03/2024, 10:15 - {name}: {said}\n" for name, said in messages)
    record = read(tmp_path_factory.mktemp("chat"), text)
    said = " ".join(turn["text"] for turn in record["turns"]).split()
    assert said == " ".join(said for _, said in messages).split()
