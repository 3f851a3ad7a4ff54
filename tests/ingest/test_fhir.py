"""A FHIR Bulk Data export: every Encounter is a consultation, and nothing is lost."""

import base64
import json

import pytest

from transforms.ingest.check import check_source
from transforms.ingest.fhir import note_of, reference_key
from transforms.ingest.settings import SourceSettings

from .support import DATA, ingest, needs_data, specs

FIELDS = specs(
    patient={"role": "subject", "path": "patient.id"},
    id={"role": "identifier", "entity": "ID"},
    clinician={
        "role": "identifier",
        "entity": "PERSON",
        "path": "practitioners[].name[0].family",
    },
    text={"role": "text", "path": "documents[].text"},
)


@pytest.mark.parametrize(
    ("reference", "key"),
    [
        ({"reference": "Patient/1"}, "Patient/1"),
        ({"reference": "https://h.example/fhir/Patient/1/_history/2"}, "Patient/1"),
        ({"reference": "urn:uuid:0-1"}, "Patient/0-1"),
        ({"reference": "Patient?identifier=http://s|v"}, "Patient?identifier=http://s|v"),
        ({"reference": "Patient?identifier=http%3A%2F%2Fs%7Cv"}, "Patient?identifier=http://s|v"),
        ({"identifier": {"system": "s", "value": "v"}}, "Patient?identifier=s|v"),
        ({"reference": "Group/1"}, None),
        ({"reference": "#contained"}, None),
        ({"display": "Somebody"}, None),
        (None, None),
    ],
)
def test_references(reference, key):
    assert reference_key(reference, "Patient") == key


def attachment(text, kind="text/plain", **more):
    data = base64.b64encode(text.encode(more.pop("charset", "utf-8"))).decode()
    return {"attachment": {"contentType": kind, "data": data}}


@pytest.mark.parametrize(
    ("content", "text", "skipped"),
    [
        ([attachment("é")], "é", []),
        ([attachment("é", "text/plain; charset=latin-1", charset="latin-1")], "é", []),
        (
            [attachment("<p>a &amp; <b>b</b></p><script>x</script><p>c</p>", "text/html")],
            "a & b\nc",
            [],
        ),
        ([attachment("<p>html</p>", "text/html"), attachment("plain")], "plain", []),
        ([attachment("%PDF", "application/pdf")], None, ["application/pdf"]),
        ([{"attachment": {"contentType": "text/plain", "data": "?"}}], None, ["text/plain"]),
        (
            [{"attachment": {"contentType": "text/plain", "url": "Binary/1"}}],
            None,
            ["text/plain"],
        ),
        ([], None, []),
    ],
)
def test_notes(content, text, skipped):
    note, left_out = note_of({"id": "d", "type": {"text": "Note"}, "content": content})
    assert (note["text"], note["type"], left_out) == (text, "Note", skipped)


def patient(identity):
    return {
        "resourceType": "Patient",
        "id": identity,
        "identifier": [{"system": "s", "value": f"mrn-{identity}"}],
    }


def encounter(identity, subject, *clinicians):
    return {
        "resourceType": "Encounter",
        "id": identity,
        "identifier": [{"system": "e", "value": identity}],
        "subject": {"reference": subject} if subject else None,
        "participant": [{"individual": {"reference": c}} for c in clinicians],
    }


def document(identity, subject, of=None, text="note"):
    return {
        "resourceType": "DocumentReference",
        "id": identity,
        "subject": {"reference": subject} if subject else None,
        "context": {"encounter": [{"reference": of}]} if of else {},
        "content": [attachment(text)],
    }


EXPORT = {
    "Patient.000": [patient("p1"), patient("p2")],
    "Practitioner.000": [
        {
            "resourceType": "Practitioner",
            "id": "dr",
            "identifier": [{"system": "npi", "value": "1"}],
            "name": [{"family": "Patel"}],
        }
    ],
    "Encounter.000": [
        encounter("e1", "Patient/p1", "Practitioner?identifier=npi|1", "Practitioner/dr"),
        encounter("e2", "https://h.example/fhir/Patient/p1"),
        encounter("e3", "Patient?identifier=s|mrn-p2", "Practitioner/unknown"),
        encounter("e4", "urn:uuid:p2"),
        encounter("e5", "Patient/gone"),
        encounter("e6", None),
    ],
    "Encounter.001": [encounter("e1", "Patient/p1")],
    "DocumentReference.000": [
        document("d1", "Patient/p1", "Encounter/e1", "first"),
        document("d2", "Patient?identifier=s|mrn-p1", "Encounter?identifier=e|e1", "second"),
        document("d3", "Patient/p2", "Encounter/gone", "of no encounter"),
        document("d4", "Patient/p2", None, "alone"),
        document("d5", None, None, "nobody's"),
        document("d6", "Patient/gone", None, "unknown patient's"),
        document("d1", "Patient/p1", "Encounter/e1", "first"),
    ],
    "Condition.000": [{"resourceType": "Condition", "id": "c"}] * 3,
}


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    for name, resources in EXPORT.items():
        lines = [json.dumps(r) for r in resources]
        if name == "Encounter.001":
            lines += ["{broken", '{"id": "no type"}']
        (folder / f"{name}.ndjson").write_text("\n".join(lines))
    return folder


def test_resources_are_joined_and_nothing_is_lost(tmp_path, export):
    outcome = ingest(tmp_path, [str(export)], fields=FIELDS)
    found = {r["id"]: (r["patient"], r["clinician"], r["text"]) for r in outcome.records}
    assert found == {
        "e1": ("p1", ["Patel"], ["first", "second"]),
        "e2": ("p1", [], []),
        "e3": ("p2", [], []),
        "e4": ("p2", [], []),
        "d3": ("p2", [], ["of no encounter"]),
        "d4": ("p2", [], ["alone"]),
    }
    first = f"{export}/Encounter.000.ndjson:1"
    assert {
        (r["file"].rpartition("/")[2], r["position"], r["reason"]) for r in outcome.quarantined
    } == {
        ("Encounter.000.ndjson", 5, "no subject"),
        ("Encounter.000.ndjson", 6, "no subject"),
        ("Encounter.001.ndjson", 1, f"duplicate id, first at {first}"),
        ("Encounter.001.ndjson", 2, "broken JSON"),
        ("Encounter.001.ndjson", 3, "no resourceType"),
        ("DocumentReference.000.ndjson", 5, "no subject"),
        ("DocumentReference.000.ndjson", 6, "no subject"),
    }
    assert outcome.read == len(outcome.records) + len(outcome.quarantined) == 13
    assert outcome.left_out["resource", "Condition"] == 3
    assert outcome.left_out["field", "encounter.id"] == 4


def test_check_looks_at_joined_consultations(export):
    report = check_source([str(export)], SourceSettings(), FIELDS)
    assert report.found["text"] == 2  # e1 is there twice
    assert "encounter.identifier[].value" in report.unassigned
    wrong = specs(
        p={"role": "subject", "path": "patient.id"}, x={"role": "drop", "path": "encounter.ids"}
    )
    (warning,) = check_source([str(export)], SourceSettings(), wrong).warnings
    assert "fields.x" in warning
    assert "'encounter.id'" in warning


@needs_data
def test_the_synthea_export_is_read_whole(tmp_path):
    outcome = ingest(
        tmp_path,
        [str(DATA / "fhir-bulk")],
        fields=FIELDS,
        options=["--direct_running_mode=multi_processing", "--direct_num_workers=2"],
    )
    assert (outcome.read, len(outcome.records), outcome.quarantined) == (1215, 1215, [])
    assert all(len(r["clinician"]) == 1 for r in outcome.records)
    assert sum(len(r["text"]) for r in outcome.records) == 1215
    assert outcome.left_out["resource", "Condition"] == 555
