"""FHIR as it lies in files: lines, Bundles, pages of searches; what is broken there."""

import json

import pytest

from tests.ingest.support import rows
from transforms.ingest.fhir import in_bundle, keys_of
from transforms.ingest.fhir_pieces import key_of, pieces_of
from transforms.ingest.find import find_files
from transforms.ingest.records import Row
from transforms.ingest.settings import Format, SourceSettings

from . import clinical

PATIENT = {"resourceType": "Patient", "id": "p"}
ENCOUNTER = {"resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient/p"}}


def read(tmp_path, content, name="x.json", **settings):
    """The types of the resources, and the reasons of what could not be read."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = list(rows(path, SourceSettings(**settings)))
    if find_files([str(path)], SourceSettings()).files[0].format is not Format.FHIR:
        pytest.fail("not told for FHIR")
    return [r.record.get("resourceType") if isinstance(r, Row) else r.reason for r in found]


def bundle(*resources, **more):
    return {"resourceType": "Bundle", **more, "entry": [{"resource": r} for r in resources]}


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_a_bundle_is_told_and_read_however_it_is_written(tmp_path, indent, mark):
    content = json.dumps(bundle(PATIENT, ENCOUNTER, type="collection"), indent=indent)
    assert read(tmp_path, mark + content.encode()) == ["Patient", "Encounter"]


def test_other_ways_of_writing_resources(tmp_path):
    lines = json.dumps(PATIENT) + "\n" + json.dumps(ENCOUNTER)
    assert read(tmp_path, lines) == ["Patient", "Encounter"]
    assert read(tmp_path, json.dumps(PATIENT, indent=2)) == ["Patient"]
    assert read(tmp_path, json.dumps([PATIENT, ENCOUNTER], indent=2)) == ["Patient", "Encounter"]
    inner = bundle(bundle(PATIENT), ENCOUNTER)
    assert read(tmp_path, json.dumps(inner)) == ["Patient", "Encounter"]
    assert read(tmp_path, json.dumps(inner, indent=1) * 2) == ["Patient", "Encounter"] * 2
    assert read(tmp_path, clinical.FHIR_PAGES[2]) == []  # the last page of a search


def test_a_broken_line_is_one_record_and_a_broken_bundle_ends_there(tmp_path):
    lines = "{broken\n" + json.dumps(PATIENT) + "\n"
    assert read(tmp_path, lines, format="fhir") == ["broken JSON", "Patient"]
    content = json.dumps(bundle(PATIENT, ENCOUNTER), indent=1)
    broken = "broken JSON; nothing after it could be read"
    assert read(tmp_path, content[: content.index('"Encounter"')]) == ["Patient", broken]
    assert read(tmp_path, content.replace('"e"', '"\xff"').encode("latin-1")) == ["Patient", broken]
    deep = json.dumps(bundle(PATIENT | {"n": 0}, ENCOUNTER)).replace("0", "[" * 300 + "]" * 300)
    assert read(tmp_path, deep) == ["broken JSON", "Encounter"]


def test_entries_are_never_lost_without_a_word(tmp_path):
    lost = json.dumps(bundle(PATIENT)).replace('"entry"', '"entri"')
    assert read(tmp_path, lost) == ["a Bundle whose entries cannot be read"]
    assert read(tmp_path, lost + "\n" + json.dumps(PATIENT)) == [
        "a Bundle whose entries cannot be read",
        "Patient",
    ]
    without = bundle(PATIENT)
    without["entry"] += [{"resourse": PATIENT}, {"response": {"status": "201"}}, 5]
    expected = ["Patient", "an entry of a Bundle without a resource", "not a JSON object"]
    assert read(tmp_path, json.dumps(without)) == expected
    assert read(tmp_path, json.dumps(without) + "\n" + json.dumps(PATIENT)) == [
        *expected,
        "Patient",
    ]


def test_a_bundle_may_be_larger_than_a_record(tmp_path):
    content = json.dumps(bundle(*[PATIENT] * 2000), indent=1)
    assert read(tmp_path, content, max_record_bytes=10_000) == ["Patient"] * 2000
    single = json.dumps(PATIENT | {"text": {"div": "x" * 20_000}}, indent=1)
    assert "larger than" in read(tmp_path, single, max_record_bytes=10_000)[0]


def test_an_entry_lends_its_resource_the_id_by_which_others_mean_it():
    entries = [
        {"fullUrl": "urn:uuid:1-2", "resource": {"resourceType": "Patient"}},
        {"fullUrl": "urn:uuid:1-3", "resource": {"resourceType": "Patient", "id": "own"}},
        {"fullUrl": "https://h.example/fhir/Patient/7", "resource": {"resourceType": "Patient"}},
        {"request": {"method": "DELETE", "url": "Patient/8"}},
    ]
    keys = [list(keys_of(r)) for r in in_bundle({"resourceType": "Bundle", "entry": entries})]
    assert keys == [["Patient/1-2"], ["Patient/1-3", "Patient/own"], ["Patient/7"]]


def observation(**more):
    return {
        "resourceType": "Observation",
        "subject": {"reference": "Patient/p"},
        "effectiveDateTime": "2024-03-05T10:00:00Z",
        "code": {"coding": [{"code": "8867-4", "system": "http://loinc.org"}]},
    } | more


@pytest.mark.parametrize(
    ("value", "reading"),
    [
        ({"valueQuantity": {"value": 72, "unit": "bpm", "code": "/min"}}, (72, "/min", None)),
        ({"valueQuantity": {"value": 72, "unit": "bpm"}}, (72, "bpm", None)),
        ({"valueInteger": 3}, (3, None, None)),
        ({"valueString": "low"}, (None, None, "low")),
        ({"valueBoolean": False}, (None, None, "no")),
        ({"valueCodeableConcept": {"text": "reactive"}}, (None, None, "reactive")),
        (
            {"valueRange": {"low": {"value": 1}, "high": {"value": 2.5}}},
            (None, None, "1 - 2.5"),
        ),
    ],
)
def test_values_of_every_type(value, reading):
    (piece,) = pieces_of(observation(**value))
    (found,) = piece.content["readings"]
    assert (found.get("value"), found.get("unit"), found.get("text")) == reading
    assert key_of(piece) == "Patient/p#2024-03-05"


def test_words_without_a_code_are_text_and_no_label():
    (piece,) = pieces_of(observation(code={"text": "after Ann left"}, valueInteger=3))
    assert piece.content["readings"] == [{"text": "after Ann left: 3", "at": piece.at}]
    condition = {"resourceType": "Condition", "code": {"text": "misses his brother Bo"}}
    (piece,) = pieces_of(condition)
    assert piece.content == {"note": "misses his brother Bo"}
    assert key_of(piece) is None


@pytest.mark.parametrize(
    "void",
    [
        observation(valueInteger=1, status="entered-in-error"),
        {"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "refuted"}]}},
        {"resourceType": "MedicationRequest", "doNotPerform": True},
        {"resourceType": "Communication", "status": "not-done"},
    ],
)
def test_what_is_said_not_to_be_so_is_nothing(void):
    assert list(pieces_of(void)) == []
