"""One session that was exported twice is published once; two sessions never become one."""

import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.ingest.consultation import digest
from transforms.ingest.copies import (
    ENOUGH,
    MOST,
    RUN,
    are_copies,
    copies_in,
    keys,
    overlap,
    signature_of,
    sketch,
)
from transforms.ingest.settings import SourceSettings
from transforms.publish.manifest import Counts

from .support import consultations, ingest, specs

WORDS = [f"{a}{b}" for a in "ka lo mi ne pu ra so ti".split() for b in "ba da fo gi ha ju".split()]


def talk(words, seed=1, speakers=("Dr Patel", "Sam Lee"), share=0.4):
    """So many words, said by two people in turn; the second says ``share`` of them."""
    draw = random.Random(seed)
    turns, left = [], words
    while left > 0:
        for speaker, part in zip(speakers, (1 - share, share), strict=True):
            size = min(left, max(1, round(20 * part)))
            if left > 0:
                turns.append({"speaker": speaker, "text": " ".join(draw.choices(WORDS, k=size))})
            left -= size
    return turns


def timed(turns, start="2024-03-05T10:00:00+00:00", step=20):
    moment = datetime.fromisoformat(start)
    return [
        {**turn, "at": (moment + timedelta(seconds=step * i)).isoformat()}
        for i, turn in enumerate(turns)
    ]


def consultation(turns, **more):
    people = {t["speaker"]: {"name": t["speaker"]} for t in turns if t.get("speaker")}
    return {"turns": turns, "participants": list(people.values()), **more}


def signed(record, file="a", position=1, format="whatsapp", patient="p"):
    known = record.get("patient") or ({"id": patient} if patient else None)
    done = {**record, "patient": known}
    return signature_of(file, position, format, record, done)


def renamed(turns, names):
    return [{**turn, "speaker": names[turn["speaker"]]} for turn in turns]


LONG = talk(300)


def test_both_phones_of_one_chat():
    one = signed(consultation(timed(LONG)))
    theirs = renamed(LONG, {"Dr Patel": "Praxis", "Sam Lee": "+44 7700 900123"})
    # Another zone, no seconds, no offset: an hour and some seconds apart.
    two = signed(consultation(timed(theirs, "2024-03-05T11:00:30")), "b")
    assert are_copies(one, two)
    assert set(keys(one)) & set(keys(two))
    # Twenty minutes are no difference of two clocks.
    other = signed(consultation(timed(theirs, "2024-03-05T11:20:30")), "b")
    assert not are_copies(one, other)


def test_one_talk_in_turns_of_another_cut():
    words = [(t["speaker"], w) for t in LONG for w in t["text"].split()]
    cues = [{"speaker": s, "text": w} for s, w in words]
    one = signed(consultation(timed(LONG)), format="webvtt")
    assert are_copies(one, signed(consultation(timed(cues, step=2)), "b", format="srt"))


def test_a_chat_that_went_on_is_the_chat_that_was_exported_before():
    more = timed([*talk(900), *talk(4000, seed=2)])
    before = signed(consultation(more[: len(talk(900))]))
    after = signed(consultation(more), "b")
    assert are_copies(before, after)
    (copy,) = copies_in([before, after])
    assert (copy.file, copy.kept_file) == ("a", "b")  # more was said in it


@pytest.mark.parametrize("clock", ["2024-03-05T10:00:00+00:00", "2024-03-05T10:00:00"])
def test_what_a_clinic_sends_to_all_is_no_session_of_theirs(clock):
    sent = {"speaker": "Dr Patel", "text": " ".join(random.Random(3).choices(WORDS, k=200))}
    ann = timed([sent, {"speaker": "Ann Bell", "text": "yes thank you"}], clock)
    ben = timed([sent, {"speaker": "Ben Cole", "text": "yes thank you"}], clock)
    assert not are_copies(signed(consultation(ann)), signed(consultation(ben), "b"))
    # Nor where people are numbers that are not told from each other.
    ann = renamed(ann, {"Dr Patel": "Clinic", "Ann Bell": "+44 7700 900001"})
    ben = renamed(ben, {"Dr Patel": "Praxis", "Ben Cole": "+44 7700 900002"})
    assert not are_copies(signed(consultation(ann)), signed(consultation(ben), "b"))


def test_ids_of_the_source_and_other_people_tell_sessions_apart():
    def pair(one, two):
        return are_copies(signed(one), signed(two, "b"))

    base = consultation(timed(LONG), patient={"id": "1"}, meeting={"id": "7"})
    assert pair(base, {**base, "platform": "zoom"})
    assert not pair(base, {**base, "patient": {"id": "2"}})
    assert not pair(base, {**base, "meeting": {"id": "8"}})
    # One who has the same doctor, and says as little as is enough for two unknown people.
    some = talk(200, share=0.15)
    mum = consultation(timed(renamed(some, {"Dr Patel": "Dr Patel", "Sam Lee": "Mum"})))
    assert not pair(consultation(timed(some)), mum)
    # One who says in more than sixty words what the other does is the same, under another name.
    mum = consultation(timed(renamed(LONG, {"Dr Patel": "Dr Patel", "Sam Lee": "Mum"})))
    assert pair(consultation(timed(LONG)), mum)
    assert not pair(consultation(timed(LONG)), consultation(timed(talk(300, seed=2))))
    day_after = timed(LONG, "2024-03-06T10:00:00+00:00")
    assert not pair(consultation(timed(LONG)), consultation(day_after))


def test_without_times_only_equal_ones_are_copies():
    one, two = consultation(LONG), consultation(LONG, platform="zoom")
    assert are_copies(signed(one), signed(one, "b"))
    assert not are_copies(signed(one), signed(two, "b"))
    short = consultation(talk(10))
    assert not are_copies(signed(short), signed(short, "b"))


short_texts = st.lists(st.sampled_from(WORDS), max_size=ENOUGH + RUN - 2).map(" ".join)


@given(short_texts, short_texts, st.integers(0, 3), st.sampled_from(["zoom", "meet"]))
@settings(max_examples=60, deadline=None)
def test_two_short_sessions_are_never_merged(one, two, minutes, platform):
    """Fewer than ``ENOUGH`` runs of words tell nothing, even if they are equal."""

    def short(text, start, **more):
        turns = [{"speaker": "Dr Patel", "text": "Hello"}, {"speaker": "Sam", "text": text}]
        return consultation(timed(turns[: 1 + bool(text)], start), **more)

    first = signed(short(one, "2024-03-05T10:00:00+00:00"))
    second = signed(short(two, f"2024-03-05T10:0{minutes}:30+00:00", platform=platform), "b")
    # "Hello" and RUN - 1 more words belong to each run, so there are fewer runs than words.
    assert not are_copies(first, second)
    assert list(copies_in([first, second])) == []


@st.composite
def some(draw):
    """Consultations of which many are alike."""
    records = []
    for number in range(draw(st.integers(1, 8))):
        turns = talk(draw(st.sampled_from([10, 120, 200])), seed=draw(st.integers(1, 2)))
        names = draw(st.sampled_from([("Dr Patel", "Sam Lee"), ("Praxis", "Sam"), ("A", "B")]))
        turns = renamed(turns, dict(zip(("Dr Patel", "Sam Lee"), names, strict=True)))
        start = draw(
            st.sampled_from(["2024-03-05T10:00:00+00:00", "2024-03-05T12:00:10", "2024-03-05"])
        )
        record = consultation(timed(turns, start) if len(start) > 10 else turns)
        patient = draw(st.sampled_from(["p", None]))
        records.append(signed(record, f"f{number}", patient=patient))
    return records


@given(some(), st.randoms())
@settings(max_examples=40, deadline=None)
def test_copies_go_to_one_of_higher_rank_whatever_the_order(signatures, shuffle):
    found = sorted(copies_in(signatures))
    shuffled = list(signatures)
    shuffle.shuffle(shuffled)
    assert found == sorted(copies_in(shuffled))
    by_place = {s.place: s for s in signatures}
    gone = {(c.file, c.position) for c in found}
    assert len(gone) == len(found)  # each once
    for copy in found:
        kept = by_place[copy.kept_file, copy.kept_position]
        assert kept.place not in gone
        assert kept.rank >= by_place[copy.file, copy.position].rank
    for one in signatures:
        for two in signatures:
            assert are_copies(one, two) == are_copies(two, one)


@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000))
@settings(max_examples=25, deadline=None)
def test_a_sketch_is_bounded_and_tells_what_two_talks_share(both, first, second):
    draw = random.Random(5)
    vocabulary = [str(i) for i in range(10_000)]
    common, one, two = (" ".join(draw.choices(vocabulary, k=k)) for k in (both, first, second))
    some, other = sketch([common, one]), sketch([common, two])
    assert len(some.hashes) <= 8 * MOST and len(other.hashes) <= 8 * MOST
    sizes = [max(1, both + more - RUN + 1) for more in (first, second)]
    found = overlap(some, other)
    # Within five standard errors of the coarser sample.
    bits = max(some.bits, other.bits)
    for share, size in ((found.shorter, min(sizes)), (found.longer, max(sizes))):
        true = max(0, both - RUN + 1) / size
        sample = max(size >> bits, 1)
        assert abs(share - true) <= 5 * (0.25 / sample) ** 0.5 + 0.06 + RUN / size


def test_signatures_hold_no_text():
    signature = signed(consultation(timed(LONG)))
    shown = repr(signature)
    assert not any(word in shown for word in WORDS)
    assert "Patel" not in shown and "sam" not in shown.lower()


def android(turns, names, start="05/03/2024, 10:{minute:02}"):
    return "".join(
        f"{start.format(minute=i)} - {names[t['speaker']]}: {t['text']}\n"
        for i, t in enumerate(turns)
    )


FIELDS = specs(
    patient={"role": "subject", "path": "id"},
    sources={"role": "attribute", "path": "sources[]"},
    text={"role": "text", "path": "turns[].text"},
)


@pytest.fixture
def phones(tmp_path):
    """A chat from both phones, twice from one of them; a chat of others; two short ones."""
    folder = tmp_path / "phones"
    folder.mkdir()
    turns = talk(300)
    own = android(turns, {"Dr Patel": "Dr Patel", "Sam Lee": "Sam"})
    (folder / "WhatsApp Chat with Sam.txt").write_text(own)
    (folder / "WhatsApp Chat with Sam (1).txt").write_text(own)
    theirs = android(
        turns[: len(turns) - 1],  # exported before the last message
        {"Dr Patel": "Praxis", "Sam Lee": "Samuel L."},
        "[05.03.24, 11:{minute:02}:10]",
    ).replace("] - ", "] ")
    (folder / "WhatsApp Chat mit Praxis.txt").write_text(theirs)
    others = android(talk(300, seed=9), {"Dr Patel": "Dr Patel", "Sam Lee": "Ann"})
    (folder / "WhatsApp Chat with Ann.txt").write_text(others)
    for name in ("Bob", "Cy"):
        short = "05/03/2024, 10:00 - Dr Patel: Hello\n05/03/2024, 10:01 - X: Hi\n"
        (folder / f"WhatsApp Chat with {name}.txt").write_text(short.replace("X", name))
    return folder


def test_a_chat_from_both_phones_is_published_once_and_the_count_is_closed(tmp_path, phones):
    source = SourceSettings(date_order="dmy")
    assert len(consultations(phones, source)) == 6
    outcome = ingest(tmp_path, [str(phones)], source, FIELDS)
    assert (outcome.read, outcome.merged, len(outcome.records)) == (6, 2, 4)
    assert outcome.quarantined == []
    assert sorted(map(len, (r["sources"] for r in outcome.records))) == [1, 1, 1, 3]
    assert {s for r in outcome.records for s in r["sources"]} == {"whatsapp"}
    kept = next(r for r in outcome.records if len(r["sources"]) == 3)
    assert kept["text"] == [t["text"] for t in talk(300)]  # the one with more said


def test_copies_do_not_hide_the_first_of_an_id(tmp_path, phones):
    source = SourceSettings(date_order="dmy", record_id="patient")
    outcome = ingest(tmp_path, [str(phones)], source, FIELDS)
    assert (outcome.read, outcome.merged, len(outcome.records)) == (6, 2, 4)


def test_all_are_published_where_the_configuration_says_so(tmp_path, phones):
    source = SourceSettings(date_order="dmy", merge_duplicates=False)
    outcome = ingest(tmp_path, [str(phones)], source, FIELDS)
    assert (outcome.read, outcome.merged, len(outcome.records)) == (6, 0, 6)


def test_parts_of_a_session_are_joined_though_one_of_them_is_there_twice(tmp_path):
    folder = tmp_path / "meeting"
    folder.mkdir()
    cues = "".join(
        f"{i}\n00:{i // 60:02}:{i % 60:02}.000 --> 00:{i // 60:02}:{i % 60:02}.900\n"
        f"{t['speaker']}: {t['text']}\n\n"
        for i, t in enumerate(talk(200))
    )
    for name in ("", " (1)"):
        path = folder / f"GMT20240305-100000_Recording.transcript{name}.vtt"
        path.write_text("WEBVTT\n\n" + cues)
    (folder / "GMT20240305-100000_Recordingchat.txt").write_text(
        "10:00:02\t From  Dr Patel : Hello\n10:00:09\t From  Sam Lee : Hi\n"
    )
    outcome = ingest(tmp_path, [str(folder)], SourceSettings(), FIELDS)
    assert (outcome.read, outcome.merged, len(outcome.records)) == (2, 1, 1)
    assert outcome.records[0]["sources"] == ["webvtt", "webvtt", "zoom_chat"]


def test_digests_do_not_depend_on_what_was_merged():
    record = consultation(timed(LONG))
    one, two = signed(record), signed({**record, "sources": ["webvtt", "srt"]}, "b")
    assert one.content == two.content != digest(record)


def test_a_releases_count_is_closed_only_with_what_was_merged():
    counts = {"read": 6, "published": 3, "quarantined": 1}
    assert Counts(**counts, merged=2).merged == 2
    with pytest.raises(ValueError, match="not closed"):
        Counts(**counts)
