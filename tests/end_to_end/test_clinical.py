"""Clinical formats through the command: one run, and nobody of whom a record knows is in it."""

import pytest

from configs import PRESETS
from tests.ingest.sources import clinical

from .support import everything_in, holding, manifest_of, records_of, veilbeam

RARE = {
    "Müller": "Müllerich", "Patel": "Patelmoor", "Okoro": "Okorossa", "Kelly": "Kellymoor",
    "V77": "V77135", "7788": "77881357",
}  # fmt: skip
"""What neither a stand-in nor a digest holds by chance, as it does common or short values."""


def rare(text: str) -> str:
    for value, instead in RARE.items():
        text = text.replace(value, instead)
    return text


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clinical")
    source = folder / "in"
    source.mkdir()
    (source / "oru.hl7").write_bytes(rare(clinical.HL7_ORU).encode("latin-1"))
    visit = clinical.HL7_BATCH.rpartition("MSH|")[0]  # without the acknowledgement
    (source / "batch.hl7").write_text(rare(visit), newline="")
    (source / "feed.er7").write_text(rare(clinical.HL7_MLLP), newline="")
    (source / "TT988.xml").write_text(rare(clinical.CCDA))
    (source / "transaction.json").write_text(rare(clinical.FHIR_R5))
    # What is known of a patient must do: no model guesses names here.
    config = PRESETS["consultations"].read_text().replace("  model: {kind: builtin}", "  # ")
    (folder / "config.yaml").write_text(config)
    done = veilbeam(
        "run", "--config", folder / "config.yaml", "--input", source,
        "--release", folder / "release", "--restricted", folder / "restricted",
    )  # fmt: skip
    return done, folder


def test_every_record_is_published_in_one_shape(released):
    done, folder = released
    assert done.code == 0, done.text
    release = folder / "release"
    records = records_of(release).to_pylist()
    sources = sorted(record["sources"][0] for record in records)
    assert sources == ["ccda", "fhir", "fhir", "hl7v2", "hl7v2", "hl7v2"]
    codes = {reading["code"] for record in records for reading in record["readings"] or ()}
    assert {"8480-6", "8867-4", "59408-5"} <= codes
    counts = manifest_of(release)["counts"]
    assert (counts["read"], counts["published"]) == (6, 6)
    # What three messages say of one visit is one record.
    notes = [record["note"] or "" for record in records]
    assert sum("He feels better." in note and "Seen by video." in note for note in notes) == 1


@pytest.mark.parametrize(
    "value",
    [
        *RARE.values(), "Sam Lee", "Sam Q", "Bo Lee", "Sam Li",
        "483920", "900123", "496 0000", "943 476", "999-11-2222", "111-00-2330", "ACC77",
        "12 Oak", "1 Old Rd", "Elm Rd", "Hill Practice", "City Hospital", "sam@mail", "1970-01-02",
        "2024-03-05", "video.example", "rash of Sam",
    ],
)  # fmt: skip
def test_what_a_record_knows_of_people_is_nowhere_in_the_release(released, value):
    _, folder = released
    found = everything_in(folder / "release")
    assert found
    places = holding(value, found)
    assert [place for place in places if not place.startswith("metadata")] == []


def test_what_was_left_out_is_counted_in_the_restricted_zone(released):
    _, folder = released
    logs = list((folder / "restricted").rglob("*.json"))
    told = "".join(path.read_text() for path in logs)
    assert "application/pdf" in told and "Immunization" in told
