"""Parts of a session are joined if something tells it, and left apart if nothing does."""

import time

from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.meetings import Facts, facts_of, folder_of, merge, sessions

JANE = {"name": "Jane Patel", "email": "j@clinic.example"}
SAM = {"name": "Sam", "account": "Sam Lee"}
ANN = {"name": "Ann Bell"}
TALK = [{"speaker": "Jane Patel", "text": "Hello"}, {"speaker": "Sam Lee", "text": "Hi"}]


def part(file, format, **record):
    return facts_of(file, 1, format, record)


def joined(*parts):
    groups = {}
    for member in sessions(parts):
        groups.setdefault(member.session, set()).add(member.file)
    return sorted(map(sorted, groups.values()))


def transcript(**more):
    return part("t", "webvtt", **{"started_at": "2024-03-05T10:15:00+00:00", "turns": TALK, **more})


def report(file="r", **more):
    record = {"started_at": "2024-03-05T10:10:00+00:00", "participants": [JANE, SAM], **more}
    return part(file, "zoom_report", **record)


def test_by_beginning_and_people():
    assert joined(transcript(), report()) == [["r", "t"]]
    assert joined(transcript(), report(started_at="2024-03-05T10:45:00+00:00")) == []
    assert joined(transcript(platform="zoom"), report(platform="teams")) == []
    # The clinician is in every session of the day; the patient is in one.
    assert joined(transcript(), report(participants=[JANE, ANN])) == []


def test_by_the_meetings_id_unless_it_is_of_another_time():
    room = {"meeting": {"id": "855 1234 5678"}}
    assert joined(transcript(started_at=None, **room), report(meeting={"id": "85512345678"})) == [
        ["r", "t"]
    ]
    assert joined(transcript(**room), report(meeting={"id": "99999999999"})) == []
    later = {"started_at": "2024-03-06T10:10:00+00:00", **room}
    assert joined(transcript(**room), report(**later)) == []


def test_times_of_unknown_zones_are_not_compared():
    local = report(started_at="2024-03-05T05:10:00")
    assert joined(transcript(), local) == []
    topic = {"meeting": {"topic": "Review - Sam"}}
    local = report(started_at="2024-03-05T05:10:00", meeting={"topic": "review sam"})
    assert joined(transcript(**topic), local) == [["r", "t"]]


def test_what_fits_two_fits_none():
    assert joined(transcript(), report("r1"), report("r2")) == []


def test_three_parts_of_one_session():
    chat = part("c", "zoom_chat", started_at="2024-03-05T10:15:00+00:00", turns=TALK[1:])
    assert joined(transcript(), report(), chat) == [["c", "r", "t"]]


def test_parts_are_merged_field_by_field():
    merged = merge(
        [
            {
                "started_at": "2024-03-05T10:15:00+00:00",
                "channel": "video",
                "turns": [
                    {"speaker": "Jane Patel", "text": "a", "at": "2024-03-05T10:15:02+00:00"}
                ],
                "meeting": {"id": "1"},
                "note": "n",
            },
            {
                "started_at": "2024-03-05T10:10:00+00:00",
                "ended_at": "2024-03-05T10:35:00+00:00",
                "channel": "chat",
                "turns": [{"speaker": "Sam", "text": "b", "at": "2024-03-05T10:14:02+00:00"}],
                "participants": [JANE, SAM],
                "meeting": {"id": "2", "topic": "t"},
                "note": "n",
            },
        ]
    )
    assert (merged["started_at"], merged["ended_at"]) == (
        "2024-03-05T10:10:00+00:00",
        "2024-03-05T10:35:00+00:00",
    )
    assert (merged["channel"], merged["meeting"]) == ("video", {"id": "1", "topic": "t"})
    assert [t["text"] for t in merged["turns"]] == ["b", "a"]
    assert (merged["participants"], merged["note"]) == ([JANE, SAM], "n")


def test_folders():
    assert folder_of("/a/b/c.vtt") == "/a/b"
    assert folder_of("gs://a/b.vtt") == "gs://a"


facts = st.builds(
    Facts,
    st.sampled_from("abcdefgh"),
    st.integers(1, 3),
    st.sampled_from(["webvtt", "zoom_chat", "zoom_report"]),
    st.none() | st.sampled_from([0.0, 100.0, 899.0, 901.0, 5000.0]),
    st.booleans(),
    st.sampled_from(["", "zoom", "teams"]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["", "x"]),
    st.sampled_from([(), (frozenset("j"),), (frozenset("j"), frozenset("s"))]),
)


@given(st.lists(facts, max_size=12, unique_by=lambda f: (f.file, f.position)))
def test_a_session_has_each_part_once_and_no_two_of_one_format(parts):
    members = list(sessions(parts))
    assert members == list(sessions(reversed(parts)))
    places = [(m.file, m.position) for m in members]
    assert len(set(places)) == len(places)
    formats = {(f.file, f.position): f.format for f in parts}
    groups = {}
    for member in members:
        groups.setdefault(member.session, []).append(formats[member.file, member.position])
    assert all(1 < len(group) == len(set(group)) for group in groups.values())


def test_a_folder_of_thousands_takes_seconds():
    parts = [
        Facts(
            f"{kind}{i:05}",
            1,
            kind,
            i * 600.0,
            True,
            "zoom",
            "room",
            "visit",
            (frozenset([str(i)]),),
        )
        for i in range(5000)
        for kind in ("webvtt", "zoom_report")
    ]
    start = time.perf_counter()
    assert len(list(sessions(parts))) == 10_000
    assert time.perf_counter() - start < 10
