from __future__ import annotations

import json
import logging
from collections import Counter
from pathlib import Path
from typing import Any

import mlcroissant
import pyarrow.parquet as pq
import pytest

from transforms.publish.croissant import CROISSANT, render
from transforms.publish.manifest import read_manifest

from .conftest import manifest_of


def test_mlcroissant_finds_nothing_to_object_to(release: Path) -> None:
    dataset = mlcroissant.Dataset(release / CROISSANT)
    issues = dataset.metadata.ctx.issues
    assert (issues.errors, issues.warnings) == (set(), set())


def test_mlcroissant_loads_the_records_with_splits_and_nested_turns(
    release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        loaded = list(mlcroissant.Dataset(release / CROISSANT).records("records"))
    assert not [r for r in caplog.records if "match" in r.message]
    splits = Counter(record["records/split"].decode() for record in loaded)
    assert splits == read_manifest(str(release)).splits
    expected = {row["note"]: row for row in pq.read_table(release / "records").to_pylist()}
    assert len(loaded) == len(expected) == 300
    for record in loaded:
        row = expected[record["records/note"].decode()]
        assert record["records/minutes"] == row["minutes"]
        assert [code.decode() for code in record["records/codes"]] == row["codes"]
        assert [
            {key.rpartition("/")[2]: value.decode() for key, value in turn.items()}
            for turn in record["records/turns"]
        ] == row["turns"]


def content(**changes: Any) -> dict[str, Any]:
    return json.loads(render(manifest_of([], **changes)))


def test_it_says_what_is_personal_and_what_was_done_with_it(release: Path) -> None:
    told = json.loads((release / CROISSANT).read_text())
    personal = told["rai:personalSensitiveInformation"]
    assert any("`surname` (identifier): surrogate: replaced" in line for line in personal)
    assert "PERSON in free text: 1,200 found and replaced" in personal
    assert any("not anonymous" in line for line in told["rai:dataLimitations"])
    assert "2 of 302 records" in told["rai:dataCollectionMissingData"]
    assert "http://mlcommons.org/croissant/RAI/1.0" in told["conformsTo"]
    table = next(d for d in told["distribution"] if d["@type"] == "cr:FileObject")
    listed = {file.path: file for file in read_manifest(str(release)).files}
    assert table["sha256"] == listed[table["contentUrl"]].sha256


def test_the_publishers_words_are_in_it() -> None:
    told = content(
        title="Calls",
        licence="CC BY 4.0",
        publisher="Example Trust",
        url="https://example.org/calls",
        collection="With consent, 2020 to 2024.",
        citation="Calls (2025)",
        language="en",
    )
    assert told["name"] == "Calls"
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert told["creator"]["name"] == "Example Trust"
    assert told["rai:dataCollection"] == "With consent, 2020 to 2024."
    assert (told["citeAs"], told["inLanguage"]) == ("Calls (2025)", "en")
    assert content()["license"].startswith("None was stated")


def test_a_release_from_which_records_were_taken_has_another_version() -> None:
    assert content()["version"] == "2025.3.4"
    assert content(revised="2025-05-06T00:00:00Z")["version"] == "2025.5.6"


def test_encrypted_records_are_files_that_nobody_is_told_to_load(release: Path) -> None:
    files = [file for file in read_manifest(str(release)).files if file.split]
    told = json.loads(render(manifest_of(files, encrypted=True)))
    assert "recordSet" not in told
    assert "encrypted" in told["distribution"][0]["description"]
    (release / CROISSANT).write_text(json.dumps(told))
    assert mlcroissant.Dataset(release / CROISSANT).metadata.ctx.issues.errors == set()


def test_a_release_without_records_is_valid(tmp_path: Path) -> None:
    (tmp_path / CROISSANT).write_text(render(manifest_of([])))
    assert mlcroissant.Dataset(tmp_path / CROISSANT).metadata.ctx.issues.errors == set()
