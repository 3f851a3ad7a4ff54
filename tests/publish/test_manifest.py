from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from transforms.errors import UsageError
from transforms.publish.manifest import (
    Aggregate,
    Counts,
    FileEntry,
    Manifest,
    columns_of,
    read_manifest,
)
from transforms.publish.schema import release_schema

from .conftest import FIELDS, manifest_of

PART = "records/split=train/a.parquet"
TRAIN = FileEntry(path=PART, bytes=9, sha256="0" * 64, rows=5, split="train")

VISITS = Aggregate(
    name="visits",
    file="aggregates/visits.parquet",
    rows=2,
    epsilon=1,
    delta=0,
    mechanism="discrete Laplace",
    max_groups=1,
    max_rows_per_group=1,
    measures=(),
)


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    manifest = manifest_of([TRAIN])
    (tmp_path / "manifest.json").write_text(manifest.to_json())
    again = read_manifest(str(tmp_path))
    assert again == manifest
    assert again.to_json() == manifest.to_json()


def test_the_order_of_files_does_not_change_the_text() -> None:
    other = TRAIN.model_copy(update={"path": "records/split=train/b.parquet"})
    assert manifest_of([TRAIN, other]).to_json() == manifest_of([other, TRAIN]).to_json()


def test_columns_are_named_to_the_last_nested_one() -> None:
    columns = {column.name: column for column in columns_of(release_schema(FIELDS, {}))}
    assert list(columns) == [
        "patient", "surname", "age", "seen_on", "turns.speaker", "turns.said", "codes", "note",
        "minutes",
    ]  # fmt: skip
    assert columns["surname"].entity == "PERSON"
    assert (columns["age"].type, columns["age"].generalise) == ("string", "band 10, top 90")
    assert columns["turns.said"].role == "text"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"counts": {"read": 8, "published": 5, "quarantined": 2}}, "count is not closed"),
        ({"counts": Counts(read=6, published=5, quarantined=1)}, "reasons of the quarantine"),
        ({"splits": {"train": 4}}, "records of the splits"),
        ({"splits": {"test": 5}}, "rows of the files are not those"),
        ({"files": [TRAIN, TRAIN]}, "listed twice"),
        ({"files": [TRAIN, TRAIN.model_copy(update={"path": "manifest.json"})]}, "list itself"),
        ({"files": []}, "rows of the files are not those"),
        (
            {"aggregates": [VISITS]},
            "no file is listed",
        ),
        ({"run_id": "../r"}, "pattern"),
        ({"quarantine": {"duplicate id, first at raw/smith.jsonl:7": 2}}, "pattern"),
        ({"secret": "x"}, "Extra inputs"),
    ],
)
def test_what_does_not_agree_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        manifest_of([TRAIN], **changes)


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../x", "a//b", "", "./a", "a\\b", "c:/x", "s3://b/x"]
)
def test_a_path_cannot_leave_the_release(path: str) -> None:
    with pytest.raises(ValidationError):
        FileEntry(path=path, bytes=0, sha256="0" * 64)


def test_an_empty_split_needs_no_file() -> None:
    assert manifest_of([TRAIN], splits={"train": 5, "test": 0}).splits["test"] == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "There is no release in"),
        ("{", "the file: Invalid JSON"),
        ("{}", "Field required"),
        ('{"format": 2}', "format: Input should be 1"),
        (b"\xff\xfe\x00", "Invalid JSON"),
    ],
)
def test_no_manifest_or_a_broken_one_is_a_clear_usage_error(
    tmp_path: Path, content: str | bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(
            content if isinstance(content, bytes) else content.encode()
        )
    with pytest.raises(UsageError, match=message) as error:
        read_manifest(str(tmp_path))
    assert error.value.exit_code == 2
    assert str(tmp_path) in str(error.value)


def test_json_schema_can_be_made() -> None:
    assert Manifest.model_json_schema()["properties"]["counts"]
