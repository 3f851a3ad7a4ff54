"""Who is who: lists, names, introductions; and nobody is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.settings import parse
from transforms.errors import UsageError
from transforms.ingest.settings import SpeakerSettings
from transforms.ingest.speakers import digits, normal, patient_id, resolved


def roles(turns, settings=None, people=()):
    record = {
        "participants": list(people),
        "turns": [{"speaker": speaker, "text": text} for speaker, text in turns],
    }
    result = resolved(record, SpeakerSettings(**(settings or {})))
    return {p.get("name"): p["role"] for p in result["participants"]}


@pytest.mark.parametrize(
    ("listed", "person"),
    [
        ("Jane Patel", {"name": "Jane Patel"}),
        ("Dr Jane Patel", {"name": "Patel, Jane"}),
        ("jane patel", {"name": "Jane Patel, MD (she/her)"}),
        ("Jané Patel", {"name": "JANE PATEL"}),
        ("Patel, Jane", {"name": "x", "account": "Jane Patel"}),
        ("jane.patel@clinic.example", {"name": "x", "email": "Jane.Patel@Clinic.example"}),
        ("@drjane", {"name": "x", "account": "drjane"}),
        ("+44 20 7946 0123", {"name": "020 7946 0123"}),
        ("020 7946 0123", {"name": "x", "phone": "+442079460123"}),
    ],
)
def test_staff_are_found_by_name_account_address_and_number(listed, person):
    assert list(roles([], {"staff": [listed]}, [person]).values()) == ["clinician"]


def test_others_come_before_staff_and_domains_tell_staff():
    settings = {"domains": ["clinic.example"], "others": ["Front Office", "it@clinic.example"]}
    people = [
        {"name": "A", "email": "a@clinic.example"},
        {"name": "B", "email": "b@sub.clinic.example"},
        {"name": "C", "email": "c@notclinic.example"},
        {"name": "Front Office", "email": "d@clinic.example"},
        {"name": "E", "email": "it@clinic.example"},
    ]
    assert list(roles([], settings, people).values()) == [
        "clinician",
        "clinician",
        "unresolved",
        "other",
        "other",
    ]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Dr. Patel", "clinician"),
        ("Jane Patel, MD", "clinician"),
        ("Nurse Kelly", "clinician"),
        ("Doctor", "clinician"),
        ("Patient", "patient"),
        ("Otter.ai", "other"),
        ("Spanish Interpreter", "other"),
        ("Drew Barry", "unresolved"),
        ("Mo Do", "unresolved"),
        ("Sam Lee", "unresolved"),
        ("iPhone", "unresolved"),
    ],
)
def test_display_names_that_tell(name, role):
    assert roles([(name, "hello")]) == {name: role}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Hello, I'm Dr Patel from the surgery.", "clinician"),
        ("Hi, I’m Doctor Jane Patel.", "clinician"),
        ("Hello, this is nurse Kelly, how are you?", "clinician"),
        ("My name is Jane and I'm one of the GPs here.", "clinician"),
        ("Good morning. Dr Patel speaking.", "clinician"),
        ("I'm your nurse today.", "clinician"),
        ("Guten Tag, hier ist Dr. Weber.", "clinician"),
        ("Hola, soy la doctora García.", "clinician"),
        ("I'm his mother.", "other"),
        ("Hi, I'm the interpreter.", "other"),
        ("I'm Sam, I'm the patient.", "patient"),
        ("I'm Dr Patel's patient.", "unresolved"),
        ("Is this Dr Patel?", "unresolved"),
        ("I'm not a doctor.", "unresolved"),
        ("Hello, I'm Sam.", "unresolved"),
        ("This is Dr Patel's secretary.", "unresolved"),
        ("My nurse is nice.", "unresolved"),
    ],
)
def test_introductions(text, role):
    assert roles([("A", text)]) == {"A": role}


def test_only_the_first_turns_introduce():
    late = [("A", "yes")] * 6 + [("A", "I'm Dr Patel.")]
    assert roles(late) == {"A": "unresolved"}


def test_the_one_who_is_left_is_the_patient_only_where_the_settings_say_so():
    talk = [("A", "I'm Dr Patel."), ("B", "Hi.")]
    assert roles(talk) == {"A": "clinician", "B": "unresolved"}
    settings = {"remaining": "patient"}
    assert roles(talk, settings) == {"A": "clinician", "B": "patient"}
    assert roles([*talk, ("C", "Hello.")], settings)["B"] == "unresolved"
    assert roles([("A", "Hi."), ("B", "Hi.")], settings) == {"A": "unresolved", "B": "unresolved"}


def test_turns_have_the_role_of_their_speaker_and_a_roles_source_is_kept():
    record = {
        "participants": [{"name": "Jane Patel", "email": "j@clinic.example", "role": "other"}],
        "turns": [{"speaker": "Patel, Jane", "text": "a"}, {"text": "b"}],
    }
    result = resolved(record, SpeakerSettings(domains=["clinic.example"]))
    assert [t["role"] for t in result["turns"]] == ["other", "unresolved"]
    assert result["participants"] == [
        {"name": "Patel, Jane", "email": "j@clinic.example", "role": "other"}
    ]
    assert record["turns"][1] == {"text": "b"}  # what is given stays as it was


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([{"name": "Sam Lee", "role": "patient"}], "name:sam lee"),
        ([{"name": "Sam", "role": "patient", "phone": "+44 7700 900123"}], "phone:700900123"),
        ([{"name": "Sam", "role": "patient", "email": "S@x.example"}], "email:s@x.example"),
        ([{"name": "iPhone", "role": "patient"}], None),
        ([{"name": "Sam's iPhone (2)", "role": "patient"}], None),
        ([{"name": "Speaker 2", "role": "patient"}], None),
        ([{"name": "Sam", "role": "unresolved"}], None),
        ([{"name": "A", "role": "patient"}, {"name": "B", "role": "patient"}], None),
    ],
)
def test_the_patient_is_told_by_what_is_theirs_alone(people, expected):
    assert patient_id({"participants": people}) == expected
    assert patient_id({"participants": people, "patient": {"id": "42"}}) == "42"


def test_a_staff_file_is_read_with_the_configuration(tmp_path):
    (tmp_path / "staff.txt").write_text("# our people\nDr Jane Patel  # GP\n\n020 7946 0123\n")
    config = (
        "version: 1\nfields: {p: {role: subject}}\nsource:\n  speakers:\n    staff_files: [{}]\n"
    )
    settings = parse(config.replace("{}", "staff.txt"), str(tmp_path / "c.yaml"))
    assert settings.source.speakers.all_staff == ("Dr Jane Patel", "020 7946 0123")
    with pytest.raises(UsageError, match=r"c.yaml:5: source.speakers.staff_files\[0\]: cannot be"):
        parse(config.replace("{}", "none.txt"), str(tmp_path / "c.yaml"))


text = st.text(max_size=60)
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "participants": anything
            | st.lists(
                st.dictionaries(
                    st.sampled_from(["name", "role", "phone", "email", "account"]),
                    anything,
                    max_size=5,
                ),
                max_size=4,
            ),
            "turns": anything
            | st.lists(
                st.dictionaries(st.sampled_from(["speaker", "role", "text"]), anything, max_size=3),
                max_size=4,
            ),
            "patient": anything,
        },
    )
)
def test_any_record_is_taken(record):
    result = resolved(record, SpeakerSettings(remaining="patient", staff=["Sam"]))
    patient_id(result)
    for turn in result["turns"] if isinstance(record.get("turns"), list) else ():
        assert turn["role"] in {"patient", "clinician", "other", "unresolved"}


@given(text)
def test_normal_names_stay_as_they_are(name):
    assert normal(normal(name)) == normal(name)
    assert digits(digits(name)) == digits(name)
