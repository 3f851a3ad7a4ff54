"""Data that others made: real talk, and an export as hospitals' systems write it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.publish.inspect import inspect

from .support import ROOT, Done, everything_in, holding, manifest_of, texts_of, veilbeam

DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")


class Release(NamedTuple):
    done: Done
    folder: Path

    @property
    def table(self) -> pa.Table:
        return pq.read_table(self.folder / "records")


def release(factory: pytest.TempPathFactory, preset: str, source: Path) -> Release:
    folder = factory.mktemp(preset)
    done = veilbeam(
        "run", "-c", preset, "-i", source, "--release", folder / "release",
        "--restricted", folder / "restricted",
    )  # fmt: skip
    return Release(done, folder / "release")


@pytest.fixture(scope="module")
def primock(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(tmp_path_factory, "primock57", DATA / "primock57")


@pytest.fixture(scope="module")
def fhir(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(tmp_path_factory, "fhir", DATA / "fhir-bulk")


@pytest.fixture(scope="module")
def mts(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(
        tmp_path_factory, "mts_dialog", DATA / "mts-dialog" / "MTS-Dialog-TrainingSet.csv"
    )


def published(given: Release) -> int:
    """Records published, of a run in which all was right."""
    assert given.done.code == 0, given.done
    assert inspect(str(given.folder)).problems == ()
    counts = manifest_of(given.folder)["counts"]
    assert counts["quarantined"] == 0
    assert counts["read"] == counts["published"] == given.table.num_rows
    return counts["published"]


def test_primock57_is_published_whole(primock: Release) -> None:
    assert published(primock) == 57
    turns = primock.table.column("turns").to_pylist()
    assert {turn["speaker"] for talk in turns for turn in talk} == {"doctor", "patient"}
    assert all(talk == sorted(talk, key=lambda turn: turn["start"]) for talk in turns)
    assert min(map(len, turns)) > 10


def test_almost_all_words_of_primock57_stay(primock: Release) -> None:
    """It holds next to no identifiers: what is replaced of it is mostly a false alarm."""
    found = sum(manifest_of(primock.folder)["detections"].values())
    words = sum(
        len(turn["text"].split()) for talk in primock.table.column("turns").to_pylist()
        for turn in talk
    )  # fmt: skip
    assert words > 50_000
    assert found < words / 100


def test_mts_dialog_is_published_whole(mts: Release) -> None:
    assert published(mts) == 1201
    with (DATA / "mts-dialog" / "MTS-Dialog-TrainingSet.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    # Line breaks inside of quotes are part of the talk, and no end of a record.
    breaks = sum(row["dialogue"].count("\n") for row in rows)
    ours = sum(talk.count("\n") for talk in mts.table.column("dialogue").to_pylist())
    assert abs(ours - breaks) < 0.01 * breaks
    sections = sorted(row["section_header"] for row in rows)
    assert sorted(mts.table.column("section").to_pylist()) == sections


def resources(kind: str) -> list[dict]:
    lines = (DATA / "fhir-bulk" / f"{kind}.000.ndjson").read_bytes().splitlines()
    return [orjson.loads(line) for line in lines]


def test_each_encounter_of_the_export_is_one_record(fhir: Release) -> None:
    assert published(fhir) == len(resources("Encounter"))


def test_no_patients_name_is_in_the_release(fhir: Release) -> None:
    found = everything_in(fhir.folder)
    names = {
        f"{' '.join(name['given'][:count])} {name['family']}"
        for patient in resources("Patient")
        for name in patient["name"]
        for count in (1, len(name["given"]))
    }
    assert len(names) >= 10
    assert {name: holding(name, found) for name in names if holding(name, found)} == {}


def test_no_family_name_number_or_address_of_a_patient_is_either(fhir: Release) -> None:
    """Synthea's names end in digits (Gleichner915), so that no stand-in is one."""
    found = everything_in(fhir.folder)
    values = set()
    for patient in resources("Patient"):
        for name in patient["name"]:
            values |= {part for part in [name["family"], *name["given"]] if part[-1].isdigit()}
        values |= {telecom["value"] for telecom in patient.get("telecom", [])}
        values |= {i["value"] for i in patient["identifier"] if len(i["value"]) > 6}
        values |= {line for address in patient["address"] for line in address["line"]}
        values.add(patient["id"])
    assert len(values) > 60
    assert {value: holding(value, found) for value in values if holding(value, found)} == {}


def test_the_notes_of_the_export_are_there(fhir: Release) -> None:
    """Decoded from base64, joined to their encounters, and said in the record's text."""
    text = "\n".join(t for row in fhir.table.to_pylist() for t in texts_of(row))
    assert text.count("Chief Complaint") > 500
