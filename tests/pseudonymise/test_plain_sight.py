"""Records as a whole: their surrogates agree, read well, and are nobody real in them."""

from collections import Counter
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pytest
from dateutil import parser
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.detect.batch import Detected
from transforms.detect.spans import Span
from transforms.fields import FieldSettings, FieldSpec, source_schema
from transforms.pseudonymise import checksums, surrogates
from transforms.pseudonymise.batch import treat
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.lexicon import fold
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings

ROOT = RootKey(b"k" * 32)
FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "patient": {"role": "subject"},
        "name": {"role": "identifier", "entity": "PERSON"},
        "email": {"role": "identifier", "entity": "EMAIL_ADDRESS"},
        "city": {"role": "identifier", "entity": "LOCATION"},
        "postcode": {"role": "identifier", "entity": "UK_POSTCODE"},
        "born": {"role": "date", "type": "date"},
        "visit": {"role": "date", "type": "date"},
        "year": {
            "role": "date", "path": "born", "treatment": "generalise",
            "generalise": {"period": "year"},
        },
        "note": {"role": "text"},
    }.items()
]  # fmt: skip


@lru_cache
def stage_of(given_settings: str) -> Pseudonymiser:
    return Pseudonymiser(ROOT, PseudonymiseSettings.model_validate_json(given_settings), FIELDS)


def record(note: str, spans: list[tuple[str, str]], **fields: Any) -> dict[str, Any]:
    """What a record becomes; ``spans`` are (entity, value), found where they stand one by one."""
    return records([(note, spans, fields)])[0]


def records(
    given_: list[tuple[str, list[tuple[str, str]], dict[str, Any]]], **chosen: Any
) -> list[dict[str, Any]]:
    stage = stage_of(PseudonymiseSettings.model_validate(chosen).model_dump_json())
    schema = source_schema(FIELDS)
    rows, found = [], []
    for note, spans, fields in given_:
        row = {"patient": "p", "visit": "2022-05-05", "note": note, "year": fields.get("born")}
        rows.append(row | fields)
        places, end = [], 0
        for entity, value in spans:
            start = note.index(value, end)
            end = start + len(value)
            places.append(Span(start, end, entity, 0.9, "test"))
        found.append(places)
    batch = pa.RecordBatch.from_pylist(
        [{name: row.get(name) for name in schema.names} for row in rows], schema
    )
    return treat(
        stage, Detected(batch, {"note": found}, Counter()), "patient"
    ).published.to_pylist()


def test_one_person_in_all_forms_over_all_visits() -> None:
    fields = {"name": "Elizabeth Harper", "email": "liz.harper@nhs.net"}
    notes = [
        [("PERSON", "Mrs Harper")],
        [("PERSON", "Liz")],
        [("PERSON", "E. Harper")],
        [("PERSON", "HARPER, ELIZABETH")],
        [("PERSON", "elizabeth harpre")],
        [("PERSON", "Harper's"), ("PERSON", "Elizabeth")],
    ]
    out = records([(" and ".join(v for _, v in spans), spans, fields) for spans in notes])
    first, last = out[0]["name"].split()
    assert {row["name"] for row in out} == {f"{first} {last}"}
    title, short, initial, capitals, slip, parts = (row["note"] for row in out)
    assert title == f"Mrs {last}"
    assert out[0]["email"].startswith(f"{short}.{last}@".lower())
    assert initial == f"{first[0]}. {last}"
    assert capitals == f"{last}, {first}".upper()
    assert slip.split()[0] == first.lower()
    assert slip.split()[1] != last.lower()
    assert sorted(slip.split()[1]) == sorted(last.lower()) or len(slip.split()[1]) > len(last)
    assert parts == f"{last}'s and {first}"


def test_father_and_son_stay_two_of_one_family() -> None:
    note = "John Harper came with his father William Harper. Mr Harper agrees."
    spans = [("PERSON", "John Harper"), ("PERSON", "William Harper"), ("PERSON", "Mr Harper")]
    new = record(note, spans, name="John Harper")["note"]
    son, father = new.split(" came with his father ")
    assert son.split()[0] != father.split()[0]
    assert son.split()[1] == father.split(".")[0].split()[1] == new.split("Mr ")[1].split()[0]


# Ingest leaves no control characters in a text.
TEXT = st.characters(exclude_categories=["Cc", "Cs"])
NAMES = st.sampled_from(
    "Jane John Mary Smith Jones Patel Khan Taylor Thomas Liz Elizabeth Müller García Rose Grace "
    "Meredith Osborne Kowalska Zyanya O'Brien Singh Fatima Nowak Leeds York Bath Boston".split()
)


@settings(deadline=None)
@given(st.lists(NAMES, min_size=2, max_size=12, unique=True))
def test_nobody_in_a_release_is_somebody_in_its_record(words: list[str]) -> None:
    half = len(words) // 2
    entities = ["PERSON"] * half + ["LOCATION"] * (len(words) - half)
    note = ", ".join(words)
    new = record(note, list(zip(entities, words, strict=True)))["note"].split(", ")
    real = {fold(part) for word in words for part in [word, *word.split("'")]}
    for stand_in in new:
        assert not real & {fold(part) for part in stand_in.split() if part[0].isupper()}


def test_what_was_not_found_is_no_surrogate_either() -> None:
    (plain,) = records([("x", [], {"name": "Jane Smith"})])
    first = plain["name"].split()[0]
    note = f"Jane came with {first}"
    new = record(note, [("PERSON", "Jane")], name="Jane Smith")
    assert new["name"].split()[0] != first
    assert new["note"].startswith(new["name"].split()[0])


def test_a_number_of_the_record_is_no_surrogate_in_it() -> None:
    (plain,) = records([("07911 123456", [("PHONE_NUMBER", "07911 123456")], {})])
    both = [("PHONE_NUMBER", "07911 123456"), ("PHONE_NUMBER", plain["note"])]
    new = record(f"07911 123456 or {plain['note']}", both)["note"]
    assert plain["note"] not in new
    assert new.count("07700 900") == 2


DRAMA = st.integers(0, 999).map("{:03d}".format)
DIGITS = st.text("0123456789", min_size=1, max_size=1)
SAID = "zero one two three four five six seven eight nine".split()


def of_form(form: str) -> st.SearchStrategy[str]:
    """Values of a form, in which # is a digit."""
    return st.tuples(*(DIGITS if c == "#" else st.just(c) for c in form)).map("".join)


# Of the ranges from which stand-ins are drawn, and words that are kept in a stand-in.
VALUES = {
    "PERSON": st.tuples(NAMES, NAMES).map(" ".join) | NAMES | NAMES.map("daughter {}".format),
    "EMAIL_ADDRESS": st.tuples(NAMES, NAMES).map(lambda n: f"{n[0]}.{n[1]}@example.org".lower()),
    "USER_HANDLE": st.tuples(NAMES, of_form("##")).map(lambda n: f"@{n[0].lower()}{n[1]}"),
    "LOCATION": st.sampled_from("Leeds Bath Torquay Huddersfield Paris France Kent Ilkley".split()),
    "STREET_ADDRESS": st.tuples(of_form("1##"), NAMES).map(lambda n: f"{n[0]} {n[1]} Road"),
    "ORGANIZATION": st.lists(
        st.sampled_from("The Corner Pharmacy home health care Royal Hospital NHS of".split()),
        min_size=1, max_size=4, unique=True,
    ).map(" ".join),
    "PHONE_NUMBER": DRAMA.map("07700 900{}".format)
    | DRAMA.map("+44 7700 900{}".format)
    | DRAMA.map(lambda end: " ".join(SAID[int(digit)] for digit in f"07700900{end}")),
    "UK_NHS": of_form("999 ### ####"), "US_SSN": of_form("9##-##-####"),
    "UK_POSTCODE": of_form("LS# #AB"), "ZIP_CODE": of_form("021##"),
    "MEDICAL_RECORD_NUMBER": of_form("PT######"), "CREDIT_CARD": of_form("4111 1111 1111 ####"),
    "IP_ADDRESS": of_form("10.0.1#.1#"), "URL": of_form("https://example.org/p/####"),
    "UUID": of_form("########-1111-4111-8111-############"),
    "IBAN_CODE": of_form("DE## #### #### ####"), "CRYPTO": of_form("bc1q##########"),
}  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=6), st.data())
def test_no_stand_in_is_what_it_replaces_or_any_value_of_its_record(
    entities: list[str], data: st.DataObject
) -> None:
    values = [data.draw(VALUES[entity]) for entity in entities]
    out = record(" | ".join(values), list(zip(entities, values, strict=True)))
    made = out["note"].split(" | ")
    assert len(made) == len(values)
    for new in made:
        assert new.casefold() not in {value.casefold() for value in values}


def test_every_entity_with_a_generator_has_values_above() -> None:
    made = {*surrogates.OF_PEOPLE, *surrogates._GENERATORS}
    same = {"CITY", "TOWN", "ADDRESS", "ORGANISATION", "FACILITY", "HOSPITAL", "FAX_NUMBER"}
    assert made - same - {"US_ITIN", "MAC_ADDRESS"} <= {*VALUES}


@pytest.mark.parametrize(
    ("phone", "planted"),
    [
        ("07911 123456", "+44 {}"), ("07911 123456", "+44 (0){}"), ("+44 7911 123456", "0{}"),
        ("07911 123456", "zero {}"),
    ],
)  # fmt: skip
def test_a_drama_number_of_the_record_is_no_stand_in_in_any_of_its_forms(
    phone: str, planted: str
) -> None:
    (plain,) = records([(phone, [("PHONE_NUMBER", phone)], {})])
    national = "".join(c for c in plain["note"] if c.isdigit())[-10:]
    said = planted.startswith("zero")
    other = planted.format(" ".join(SAID[int(d)] for d in national) if said else national)
    new = record(f"{phone} or {other}", [("PHONE_NUMBER", phone), ("PHONE_NUMBER", other)])["note"]
    assert new.split(" or ")[0] != plain["note"]
    assert "700900" in "".join(c for c in new.split(" or ")[0] if c.isdigit())
    assert new.split(" or ")[1] != other


def test_field_and_text_agree_on_town_and_postcode() -> None:
    note = "Lives at 3 Oak Road, Leeds, LS1 4AB, not far from Leeds station."
    spans = [("STREET_ADDRESS", "3 Oak Road, Leeds, LS1 4AB"), ("LOCATION", "Leeds")]
    new = record(note, spans, city="Leeds", postcode="LS1 4AB")
    assert f", {new['city']}, {new['postcode']}, not far from {new['city']} station" in new["note"]


@pytest.mark.parametrize(
    ("note", "entity", "value", "expected"),
    [
        ("She is an 18-year-old.", "AGE", "18-year-old", "She is a 15-19-year-old."),
        ("A 79-year-old man.", "AGE", "79-year-old", "A 75-79-year-old man."),
        ("He is 94.", "AGE", "94", "He is at least 90."),
        ("I'm 44 now.", "AGE", "44", "I'm between 40 and 44 now."),
        ("Luke, 44, a baker.", "AGE", "44", "Luke, 40-44, a baker."),
        ("Seen last Tuesday.", "DATE_TIME", "last Tuesday", "Seen last Tuesday."),
        ("three weeks ago", "DATE_TIME", "three weeks ago", "three weeks ago"),
        ("on 31/02/2022", "DATE_TIME", "31/02/2022", "on <DATE_TIME>"),
        ("on 29 February 2023", "DATE_TIME", "29 February 2023", "on <DATE_TIME>"),
    ],
)
def test_grammar_ages_and_dates(note: str, entity: str, value: str, expected: str) -> None:
    assert record(note, [(entity, value)])["note"] == expected


def test_dates_of_birth_over_89_are_folded_in_fields_texts_and_years() -> None:
    old, young = records(
        [
            ("born 3 May 1921", [("DATE_OF_BIRTH", "3 May 1921")], {"born": "1921-05-03"}),
            ("born 3 May 1950", [("DATE_OF_BIRTH", "3 May 1950")], {"born": "1950-05-03"}),
        ]
    )
    visit = date.fromisoformat(old["visit"])
    for text in (old["born"], old["note"].removeprefix("born ")):
        born = parser.parse(text).date()
        age = visit.year - born.year - ((visit.month, visit.day) < (born.month, born.day))
        assert age == 90
    assert old["year"] == "1932"
    assert young["year"] == "1950"
    shifted = visit - date(2022, 5, 5)
    assert date.fromisoformat(young["born"]) - date(1950, 5, 3) == shifted


def test_weekdays_and_checksums_as_configured() -> None:
    note = "Monday 2 May 2022, card 4111 1111 1111 1111"
    spans = [("DATE_TIME", "Monday 2 May 2022"), ("CREDIT_CARD", "4111 1111 1111 1111")]
    (kept,) = records([(note, spans, {})], keep_weekday=True)
    (broken,) = records([(note, spans, {})], checksums="break")
    when, card = kept["note"].split(", card ")
    assert when.startswith("Monday ")
    assert parser.parse(when.removeprefix("Monday ")).date().weekday() == 0
    assert checksums.passed("CREDIT_CARD", card) == (True,)
    assert checksums.passed("CREDIT_CARD", broken["note"].split(", card ")[1]) == (False,)


@pytest.mark.parametrize(
    ("entity", "text"),
    [
        ("PERSON", "Jane Smith"), ("PERSON", "محمد علي"), ("PERSON", "Jose\u0301 Ni\u0303guez"),
        ("PERSON", "Ja\u200bne"), ("PERSON", "Jane🙂 Smith"), ("PERSON", "👩‍⚕️ Jane"),
        ("PERSON", "שרה כהן"), ("PERSON", "\u202bJane\u202c"), ("PERSON", "राम"),
        ("PERSON", "李小龙"), ("PERSON", "김민수"), ("PERSON", "Nguyễn Văn An"),
        ("LOCATION", "القاهرة"), ("STREET_ADDRESS", "شارع ٣"), ("ORGANIZATION", "🏥 Leeds Clinic"),
        ("UK_NHS", "943 476 5919"), ("EMAIL_ADDRESS", "jane@x.org"), ("LOCATION", "Leeds"),
        ("UK_POSTCODE", "LS1 4AB"), ("DATE_OF_BIRTH", "05/05/1980"),
    ],
)  # fmt: skip
def test_a_text_that_is_one_identifier_of_any_script_is_replaced_whole(
    entity: str, text: str
) -> None:
    new = record(text, [(entity, text)])["note"]
    assert new
    for word in text.split():
        if any(c.isalnum() for c in word) and not word.isascii():
            assert word not in new
    assert new.casefold() != text.casefold()


def test_of_overlapping_spans_one_wins_and_covers_both() -> None:
    stage = Pseudonymiser(ROOT, PseudonymiseSettings(), FIELDS)
    text = "Dr Jane Smith of Leeds"
    spans = [Span(3, 13, "PERSON", 0.9, "a"), Span(8, 22, "LOCATION", 0.5, "b")]
    new, places = stage.text(text, spans, "p")
    assert len(places) == 1
    for word in ("Jane", "Smith", "Leeds"):
        assert word not in new


@settings(deadline=None)
@given(
    st.text(TEXT, max_size=30), st.sampled_from(["PERSON", "LOCATION", "ORGANIZATION", "ID", "AGE"])
)
def test_any_text_is_taken_as_one_identifier(text: str, entity: str) -> None:
    new = record(text, [(entity, text)] if text else [])["note"]
    letters = [c for c in text if c.isalnum()]
    if len(letters) > 1:
        assert new != text
