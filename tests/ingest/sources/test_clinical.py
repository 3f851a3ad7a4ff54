"""Clinical formats through the runner: what belongs together is one consultation."""

import json
from pathlib import Path

import pytest

from pipelines.settings import load
from tests.ingest.support import Outcome, ingest
from transforms.ingest.settings import SourceSettings

from . import clinical

CONSULTATIONS = load("consultations")
SOURCE = SourceSettings(records="consultation")


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, content in files.items():
        encoding = "latin-1" if content is clinical.HL7_ORU else "utf-8"
        (folder / name).write_bytes(content.encode(encoding))
    return folder


def read(tmp_path: Path, files: dict[str, str]) -> Outcome:
    """The files in the fields of the preset, through the runner."""
    folder = written(tmp_path / "in", files)
    outcome = ingest(tmp_path, [str(folder)], SOURCE, CONSULTATIONS.specs)
    assert outcome.read == len(outcome.records) + len(outcome.quarantined)
    return outcome


def lines(resources):
    return "\n".join(json.dumps(resource) for resource in resources)


FORMS = {
    "R4, a resource a line": {"all.ndjson": lines(clinical.FHIR_R4)},
    "R5, a transaction": {"transaction.json": clinical.FHIR_R5},
    "R4, the pages of a search": {f"page{i}.json": p for i, p in enumerate(clinical.FHIR_PAGES)},
    "a Bundle a line": {
        "bundles.ndjson": "\n".join(
            json.dumps({"resourceType": "Bundle", "entry": [{"resource": r}]})
            for r in clinical.FHIR_R4
        )
    },
}


@pytest.fixture(scope="module")
def read_forms(tmp_path_factory):
    """What each form is read as."""
    return {form: read(tmp_path_factory.mktemp("form"), files) for form, files in FORMS.items()}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_fhir_gives_the_same_consultations(read_forms, form):
    outcome = read_forms[form]
    assert outcome.quarantined == []
    visit, day = sorted(outcome.records, key=lambda r: r["started_at"])
    assert visit["consultation_id"] == "e1"
    assert (visit["started_at"], visit["ended_at"], visit["channel"]) == (
        "2024-03-05T10:15:00Z",
        "2024-03-05T10:30:00Z",
        "video",
    )
    assert visit["conditions.code"] == ["49727002", "59621000"]
    assert (visit["readings.code"], visit["readings.value"]) == (["8480-6", "8462-4"], [132, 86])
    assert visit["medications.code"] == ["314076"]
    assert visit["medications.dosage"] == ["one a day"]
    assert (visit["billing.code"], visit["billing.amount"]) == (["99213"], [120.5])
    assert visit["answers.answer"] == ["my wife Ann", "3"]
    assert visit["turns.text"] == ["Hello Dr Patel"]
    assert (visit["turns.speaker"], visit["turns.role"]) == (["Mr Sam Q Lee"], ["patient"])
    assert "Sam Lee is well." in visit["note"]
    # What was measured without an Encounter is one of the patient's days.
    assert (day["readings.code"], day["readings.value"]) == (["59408-5"], [97.5])
    for record in (visit, day):
        assert record["patient_id"] == "p1"
        assert record["other_names"] == ["Sam Li"]
        assert record["relatives"] == ["Ann Lee"]
        assert record["telecom"] == ["0113 496 0000", "+44 7700 900999"]
        assert "Mr Sam Q Lee" in record["participants.name"]
    assert visit["record_numbers"] == ["483920", "V77"]
    assert {"Dr Jane Patel", "Ada Okoro"} <= set(visit["participants.name"])
    left_out = {name: n for (kind, name), n in outcome.left_out.items() if kind == "resource"}
    is_search = "search" in form
    assert left_out == {
        "Immunization": 1,
        "Condition that is void": 1,
        **({"Encounter that is repeated": 1} if is_search else {}),
    }


def test_what_varies_between_r4_and_r5_is_read_of_both(read_forms):
    r5 = read_forms["R5, a transaction"].records
    r4 = read_forms["R4, a resource a line"].records
    visit = next(r for r in r5 if r["consultation_id"] == "e1")
    assert (visit["meeting_link"], visit["meeting_passcode"]) == (
        "https://video.example/r/9",
        "7788",
    )
    assert visit["language"] == "en-GB"
    # Words without a code are somebody's own: they are text.
    older = next(r for r in r4 if r["consultation_id"] == "e1")
    assert older["note"] == "worried since his brother died\n\nSam Lee is well."
    assert older["conditions.display"] == [None, "Essential hypertension"]
    assert "attachments" not in older  # dropped by the preset: names of files hold names


def test_a_document_bundle_is_its_sections(tmp_path):
    (record,) = read(tmp_path, {"document.json": clinical.FHIR_DOCUMENT}).records
    assert record["note"] == "Plan\nRest, Sam."
    assert record["language"] == "en-GB"
    assert record["participants.name"] == ["Mr Sam Q Lee", "Dr Jane Patel"]


def test_pieces_that_are_of_no_consultation_are_counted(tmp_path):
    condition = next(r for r in clinical.FHIR_R4 if r["resourceType"] == "Condition")
    observation = next(r for r in clinical.FHIR_R4 if r["id"] == "o1")
    patient = clinical.FHIR_R4[0]
    other = patient | {"id": "p2"}
    encounter = clinical.FHIR_R4[2]
    alone = {k: v for k, v in condition.items() if k != "encounter"} | {"id": "c8"}
    gone = condition | {"id": "c9", "encounter": {"reference": "Encounter/gone"}}
    strange = observation | {"id": "o9", "subject": {"reference": "Patient/p2"}}
    resources = [patient, other, encounter, alone, gone, strange]
    outcome = read(tmp_path, {"a.ndjson": lines(resources)})
    assert [r["consultation_id"] for r in outcome.records] == ["e1"]
    assert outcome.reasons == ["of another patient than its Encounter"]
    assert outcome.left_out["resource", "Condition of no Encounter"] == 1
    assert outcome.left_out["resource", "of an Encounter that is not there"] == 1


def test_what_a_later_message_corrects_is_still_looked_for(tmp_path):
    feed = clinical.HL7_BATCH.replace("Lee^Sam||19700102|M", "Li^Sam||19700102|M|||1 Old Rd", 1)
    feed = feed.replace("Lee^Sam||19700102|M\r", "Lee^Sam||19700102|M|||2 New Rd\r")
    (record,) = read(tmp_path, {"batch.hl7": feed}).records
    names = [*record["participants.name"], *(record["other_names"] or [])]
    assert {"Sam Li", "Sam Lee"} <= set(names)
    assert {"1 Old Rd", "2 New Rd"} == {record["address"], *record["other_addresses"]}


def test_messages_of_one_visit_are_one_consultation(tmp_path):
    outcome = read(tmp_path, {"batch.hl7": clinical.HL7_BATCH, "oru.hl7": clinical.HL7_ORU})
    assert outcome.reasons == ["a type of message that is not read: ACK"]
    (record,) = outcome.records
    assert record["patient_id"] == "483920"
    assert record["sources"] == ["hl7v2"] * 4
    assert record["billing.code"] == ["99213"]
    assert (record["billing.quantity"], record["billing.amount"]) == ([2], [120.5])
    assert record["billing.currency"] == ["USD"]
    assert "Sam Lee called on 07700 900123.\nHe feels better." in record["note"]
    assert "Müller says & means: fine" in record["note"]
    assert record["participants.name"][0] == "Sam Lee"
    assert {"Dr Jane Patel", "Ada Okoro", "Bo Kelly"} <= set(record["participants.name"])
    assert "ACC77" in record["record_numbers"] and "DOC1" in record["record_numbers"]
    assert outcome.left_out["attachment", "application/pdf"] == 1
    assert outcome.left_out["attachment", "RP"] == 1
