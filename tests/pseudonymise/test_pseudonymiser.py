"""The stage: texts and batches in, what may be published out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from dateutil import parser
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.spans import Span
from transforms.fields import FieldSettings, FieldSpec, Generalise, source_schema
from transforms.pseudonymise import columns, dates, lexicon
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings

ROOT = RootKey(b"k" * 32)
FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "patient": {"role": "subject"},
        "first_name": {"role": "identifier", "entity": "PERSON"},
        "last_name": {"role": "identifier", "entity": "PERSON"},
        "clinicians": {"role": "identifier", "entity": "PERSON", "path": "team[].name"},
        "email": {"role": "identifier", "entity": "EMAIL_ADDRESS"},
        "nhs": {"role": "identifier", "entity": "UK_NHS", "treatment": "token"},
        "passport": {"role": "identifier", "entity": "UK_PASSPORT", "treatment": "redact"},
        "mother": {"role": "identifier", "entity": "PERSON", "treatment": "drop"},
        "born": {"role": "date", "type": "date"},
        "visits": {"role": "date", "type": "datetime", "path": "visits[].at"},
        "month": {
            "role": "date", "path": "born", "treatment": "generalise",
            "generalise": {"period": "month"},
        },
        "age": {"role": "quasi", "type": "integer", "generalise": {"band": 10, "top": 90}},
        "weight": {"role": "quasi", "generalise": {"band": 20}},
        "postcode": {"role": "quasi", "generalise": {"prefix": 3}},
        "codes": {"role": "attribute", "path": "codes[]"},
        "score": {"role": "attribute", "type": "number"},
        "note": {"role": "text"},
        "junk": {"role": "drop"},
    }.items()
]  # fmt: skip
FULL: dict[str, Any] = {
    "patient": "p1", "first_name": "Jane", "last_name": "Smith",
    "clinicians": ["Dr Amit Patel", None],
    "email": "jane.smith@nhs.net", "nhs": "943 476 5919", "passport": "123456789",
    "mother": "Ann Fox",
    "born": "1980-05-05", "visits": ["2022-05-05T10:00:00Z", "2022-05-15T10:00:00+01:00"],
    "month": "05/05/1980", "age": 42, "weight": "71.5", "postcode": "sw1a 1aa", "codes": ["a", "b"],
    "score": 1.5, "note": "x", "_file": "f", "_position": 1,
}  # fmt: skip
EMPTY: dict[str, Any] = {"patient": "p2", "_file": "f", "_position": 2}
BAD: dict[str, Any] = {
    "patient": "p3", "born": "the fifth", "visits": [], "month": "1980", "age": 94,
    "weight": "heavy", "codes": [], "clinicians": [], "_file": "f", "_position": 3,
}  # fmt: skip


def batch(*records: dict[str, Any]) -> pa.RecordBatch:
    schema = source_schema(FIELDS)
    return pa.RecordBatch.from_pylist(
        [{name: record.get(name) for name in schema.names} for record in records], schema
    )


def stage(root: RootKey = ROOT, **settings: Any) -> Pseudonymiser:
    return Pseudonymiser(root, PseudonymiseSettings.model_validate(settings), FIELDS)


def treat(stage_: Pseudonymiser, *records: dict[str, Any]) -> list[dict[str, Any]]:
    whole = batch(*records)
    return stage_.record_batch(whole, {"note": whole.column("note")}).to_pylist()


def spans_of(text: str, **entities: str) -> list[Span]:
    found = []
    for entity, value in entities.items():
        start = text.index(value)
        found.append(Span(start, start + len(value), entity, 0.9, "test"))
    return found


def test_what_is_published_has_the_declared_columns_and_types() -> None:
    out = stage().record_batch(batch(FULL), {"note": pa.array(["treated"])})
    assert out.schema.names == [f.name for f in FIELDS if f.name not in ("mother", "junk")]
    for field in FIELDS:
        if field.name in out.schema.names:
            assert out.schema.field(field.name).type == field.published_type
    assert out.column("note").to_pylist() == ["treated"]


def test_each_role_gets_its_treatment() -> None:
    (out,) = treat(stage(), FULL)
    assert out["patient"].startswith("ID_")
    assert out["nhs"].startswith("UK_NHS_")
    assert len(out["nhs"]) >= len("UK_NHS_") + 16
    assert out["passport"] == "<UK_PASSPORT>"
    assert out["month"] == "1980-05"
    assert (out["age"], out["weight"], out["postcode"]) == ("40-49", "60-79", "SW")
    assert (out["codes"], out["score"]) == (["a", "b"], 1.5)
    assert out["visits"][0][10:] == "T10:00:00Z"
    published = json.dumps(out)
    for value in ("p1", "Jane", "Smith", "Patel", "943", "123456789", "1980-05-05", "2022-05-05"):
        assert value not in published


def test_null_stays_null_and_what_cannot_be_read_becomes_null_and_is_counted() -> None:
    stage_ = stage()
    empty, bad = treat(stage_, EMPTY, BAD)
    assert {name for name, value in empty.items() if value is not None} == {"patient"}
    assert (bad["born"], bad["month"], bad["weight"]) == (None, None, None)
    assert (bad["visits"], bad["codes"], bad["clinicians"]) == ([], [], [])
    assert bad["age"] == "90+"
    assert stage_.counts["born", "unreadable"] == 1
    assert stage_.counts["weight", "unreadable"] == 1
    assert "heavy" not in repr(stage_.counts)


def test_lists_are_treated_by_element_and_slices_alike() -> None:
    whole = batch(EMPTY, FULL, BAD, FULL)
    stage_ = stage()
    out = stage_.record_batch(whole, {"note": whole.column("note")})
    assert out.column("clinicians").to_pylist()[1][1] is None
    for row in range(4):
        one = whole.slice(row, 1)
        alone = stage_.record_batch(one, {"note": one.column("note")})
        assert alone.to_pylist() == out.slice(row, 1).to_pylist()


def test_an_empty_batch() -> None:
    assert stage().record_batch(batch(), {"note": pa.array([], pa.string())}).num_rows == 0


def test_text_and_fields_agree() -> None:
    stage_ = stage()
    whole = batch(FULL)
    (out,) = treat(stage_, FULL)
    text = "Jane Smith (jane.smith@nhs.net), born 5 May 1980. J. Smith's doctor is Patel."
    new, _ = stage_.text(
        text,
        [
            *spans_of(text, PERSON="Jane Smith", EMAIL_ADDRESS="jane.smith@nhs.net"),
            *spans_of(text, DATE_OF_BIRTH="5 May 1980"),
            *spans_of(text, PERSON="J. Smith's"),
            *spans_of(text, PERSON="Patel"),
        ],
        "p1",
        stage_.hints(whole)[0],
    )
    first, last = out["first_name"], out["last_name"]
    assert new.startswith(f"{first} {last} ({out['email']}), born ")
    assert f"{first[0]}. {last}'s" in new
    assert new.endswith(f"{out['clinicians'][0].split()[-1]}.")
    assert parser.parse(new.split("born ")[1].split(".")[0]).date().isoformat() == out["born"]


def test_intervals_between_fields_and_text_stay() -> None:
    stage_ = stage()
    new, _ = stage_.text("2022-05-05", [Span(0, 10, "DATE_TIME", 1.0, "r")], "p1")
    (out,) = treat(stage_, FULL)
    assert out["visits"][0].startswith(new)


def test_places_are_those_of_what_was_put_in() -> None:
    text = "Jane Smith came last Tuesday from Leeds, call 07911 123456"
    stage_ = stage(entities={"LOCATION": "keep"})
    new, places = stage_.text(
        text,
        spans_of(
            text,
            PERSON="Jane Smith",
            DATE_TIME="last Tuesday",
            LOCATION="Leeds",
            PHONE_NUMBER="07911 123456",
        ),
        "p1",
    )
    assert len(places) == 2
    assert new[places[1][0] : places[1][1]].startswith("07700 900")
    assert places[0][0] == 0
    assert places[1][1] == len(new)
    assert "last Tuesday from Leeds" in new


def test_default_treatments_and_overrides() -> None:
    def one(entity: str, value: str, **settings: Any) -> str:
        spans = [Span(0, len(value), entity, 1.0, "r")]
        return stage(**settings).text(value, spans, "p1")[0]

    assert one("NRP", "Buddhist") == "<NRP>"
    assert one("SOMETHING_NEW", "x") == "<SOMETHING_NEW>"
    assert one("DATE_TIME", "Christmas") == "<DATE_TIME>"
    assert one("AGE", "54") == "50-54"
    assert one("AGE", "54", age_band=10) == "50-59"
    assert one("AGE_OVER_89", "nonagenarian") == "90+"
    assert one("PERSON", "Jane", entities={"PERSON": "redact"}) == "<PERSON>"
    assert one("PERSON", "Jane", entities={"PERSON": "keep"}) == "Jane"
    assert one("PERSON", "Jane", entities={"PERSON": "token"}) == one(
        "PERSON", "JANE", entities={"PERSON": "token"}
    )
    assert one("MEDICAL_RECORD_NUMBER", "AB-123")[2] == "-"
    assert one("PERSON", "Dr") == "<PERSON>"


def test_a_kept_entity_does_not_shield_another() -> None:
    spans = [Span(0, 10, "LOCATION", 0.9, "r"), Span(0, 4, "PERSON", 0.3, "r")]
    new, _ = stage(entities={"LOCATION": "keep", "PERSON": "redact"}).text("Jane House", spans, "p")
    assert new == "<PERSON> House"


def test_borders_empty_texts_and_neighbours() -> None:
    stage_ = stage(entities={"PERSON": "redact"})
    assert stage_.text("", [], "p1") == ("", [])
    assert stage_.text("", [Span(0, 3, "PERSON", 1.0, "r")], "p1") == ("", [])
    assert stage_.text("Jane", [Span(0, 4, "PERSON", 1.0, "r")], "p1") == ("<PERSON>", [(0, 8)])
    assert stage_.text("Jane", [Span(0, 9, "PERSON", 1.0, "r")], "p1") == ("<PERSON>", [(0, 8)])
    two = [Span(0, 4, "PERSON", 1.0, "r"), Span(5, 8, "PERSON", 1.0, "r")]
    assert stage_.text("Jane Bob", two, "p1")[0] == "<PERSON> <PERSON>"
    assert stage_.text("JaneBob", [two[0], Span(4, 7, "PERSON", 1.0, "r")], "p1")[0] == (
        "<PERSON><PERSON>"
    )


@given(
    st.text(min_size=1, max_size=40),
    st.lists(
        st.tuples(
            st.integers(0, 40), st.integers(1, 15),
            st.sampled_from(["PERSON", "LOCATION", "ID", "NRP"]), st.sampled_from([0.4, 0.8]),
        ),
        max_size=6,
    ),
)  # fmt: skip
def test_no_detected_character_is_left_at_its_place(
    text: str, found: list[tuple[int, int, str, float]]
) -> None:
    spans = [Span(start, start + n, entity, score, "r") for start, n, entity, score in found]
    detected = {i for s in spans for i in range(s.start, min(s.end, len(text)))}
    new, places = STAGE.text(text, spans, "p1")
    outside = "".join(c for i, c in enumerate(text) if i not in detected)
    left = "".join(c for i, c in enumerate(new) if not any(a <= i < b for a, b in places))
    assert left == outside


STAGE = stage()


def test_another_key_or_project_gives_others_and_the_same_key_the_same() -> None:
    texts = {}
    note = "Jane Smith, 07911 123456, 5 May 1980, LS1 4AB"
    spans = spans_of(note, PERSON="Jane Smith", PHONE_NUMBER="07911 123456", UK_POSTCODE="LS1 4AB")
    for name, stage_ in {
        "one": stage(), "again": stage(), "key": stage(RootKey(b"j" * 32)),
        "project": stage(project="b"),
    }.items():  # fmt: skip
        texts[name] = (treat(stage_, FULL), stage_.text(note, spans, "p1"))
    assert texts["one"] == texts["again"]
    for other in ("key", "project"):
        assert texts["one"][0][0]["patient"] != texts[other][0][0]["patient"]
        assert texts["one"][1] != texts[other][1]


SCRIPT = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from tests.pseudonymise.test_pseudonymiser import FULL, NOTE, NOTE_SPANS, batch, stage, treat
stage_ = stage()
hints = stage_.hints(batch(FULL))[0]
print(json.dumps([treat(stage_, FULL), stage_.text(NOTE, NOTE_SPANS, "p1", hints)]))
"""
NOTE = "Jane Smith of 14 Oak Road, Leeds LS1 4AB came on 5 May 2022 with José"
NOTE_SPANS = spans_of(
    NOTE, PERSON="Jane Smith", STREET_ADDRESS="14 Oak Road, Leeds LS1 4AB", DATE_TIME="5 May 2022"
) + spans_of(NOTE, PERSON="José")


@pytest.mark.parametrize("seed", ["1", "2"])
def test_every_process_makes_the_same(seed: str) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps([str(root)])],
        capture_output=True, text=True, check=True, cwd=root, env={"PYTHONHASHSEED": seed},
    )  # fmt: skip
    stage_ = stage()
    hints = stage_.hints(batch(FULL))[0]
    here = [treat(stage_, FULL), stage_.text(NOTE, NOTE_SPANS, "p1", hints)]
    assert json.loads(done.stdout.splitlines()[-1]) == json.loads(json.dumps(here))


def test_splits_are_stable_and_of_the_asked_sizes() -> None:
    subjects = pa.array([f"s{i}" for i in range(5000)] + [None])
    splits = {"train": 0.8, "validation": 0.1, "test": 0.1}
    drawn = stage().split_of(subjects, splits).to_pylist()
    assert drawn == stage().split_of(subjects, splits).to_pylist()
    assert drawn[-1] is None
    for name, share in splits.items():
        deviation = (5000 * share * (1 - share)) ** 0.5
        assert abs(drawn.count(name) - 5000 * share) < 6 * deviation
    assert stage(RootKey(b"j" * 32)).split_of(subjects, splits).to_pylist() != drawn


def test_hints_know_dropped_names_too_and_show_nothing() -> None:
    (hints,) = stage().hints(batch(FULL))
    assert hints.names["fox"] == "family"
    assert hints.names["jane"] == "given"
    assert hints.reference is not None
    assert hints.reference.isoformat() == "2022-05-15"
    assert "jane" not in repr(hints)


def test_prefix_of_a_postcode_never_reaches_its_inward_code() -> None:
    field = FieldSpec.of(
        "postcode", FieldSettings.model_validate({"role": "quasi", "generalise": {"prefix": 6}})
    )
    stage_ = Pseudonymiser(ROOT, PseudonymiseSettings(), [FIELDS[0], field])
    values = ["SW1A 1AA", "sw1a1aa", "M1 1AE", "02118", "", None]
    data = pa.record_batch(
        {"patient": pa.array(["p"] * len(values)), "postcode": pa.array(values, pa.string())}
    )
    assert stage_.record_batch(data, {}).column("postcode").to_pylist() == [
        "SW1A", "SW1A", "M1", "02118", None, None,
    ]  # fmt: skip


def test_a_coarser_value_that_still_tells_too_much_is_suppressed() -> None:
    how = Generalise(prefix=3, suppress=("036", "059"))
    cut = columns.generaliser(how, dates.Reading.of(lexicon.load("en_US")))
    assert [cut(value) for value in ("03601", "05999-1234", "02118")] == [None, None, "021"]
