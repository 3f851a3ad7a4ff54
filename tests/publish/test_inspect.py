from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from transforms.errors import UsageError
from transforms.publish.inspect import Inspection, inspect
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import SPILL, Spill
from transforms.publish.writer import write_spilled

from .conftest import FIELDS, FILE_METADATA, KEY, make_release, manifest_of, records


def problems(release: Path) -> tuple[str, ...]:
    return inspect(str(release)).problems


def part_of(release: Path, split: str) -> Path:
    return next(release.glob(f"records/split={split}/*.parquet"))


def test_a_whole_release_has_no_problem(release: Path) -> None:
    inspection = inspect(str(release))
    assert inspection.problems == ()
    assert inspection.manifest.counts.published == 300
    assert Inspection.model_validate_json(inspection.model_dump_json()) == inspection


def test_a_release_may_be_moved(release: Path, tmp_path: Path) -> None:
    shutil.move(release, tmp_path / "else where [1]")
    assert problems(tmp_path / "else where [1]") == ()


@pytest.mark.parametrize("where", [4, 0.5, -1])
def test_one_changed_byte_is_found(release: Path, where: float) -> None:
    part = part_of(release, "test")
    content = bytearray(part.read_bytes())
    content[int(where * len(content)) if isinstance(where, float) else where] ^= 1
    part.write_bytes(content)
    (problem,) = problems(release)
    assert problem.startswith(part.relative_to(release).as_posix())
    assert "another checksum" in problem


@pytest.mark.parametrize("name", ["README.md", "aggregates/visits.parquet"])
def test_card_and_tables_are_checked_too(release: Path, name: str) -> None:
    content = (release / name).read_bytes()
    (release / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert problems(release) == (
        f"{name}: has another checksum than the manifest says: its content was changed",
    )


def test_a_file_that_is_cut_short_is_found(release: Path) -> None:
    part = part_of(release, "train")
    content = part.read_bytes()
    part.write_bytes(content[:-10])
    (problem,) = problems(release)
    assert f"has {len(content) - 10} bytes, the manifest says {len(content)}" in problem


def test_a_missing_file_is_found(release: Path) -> None:
    part = part_of(release, "train")
    part.unlink()
    assert problems(release) == (f"{part.relative_to(release).as_posix()}: is missing",)


@pytest.mark.parametrize("name", ["raw.csv", ".hidden", "records/split=train/more.parquet"])
def test_a_file_that_is_not_listed_is_found(release: Path, name: str) -> None:
    (release / name).write_text("x")
    assert problems(release) == (f"{name}: is not listed in the manifest",)


def test_a_link_out_of_the_release_is_found(release: Path, tmp_path: Path) -> None:
    """Even where it leads to the same bytes; and one to a folder, whose files are not listed."""
    part = part_of(release, "train")
    shutil.move(part, tmp_path / "elsewhere")
    part.symlink_to(tmp_path / "elsewhere")
    (release / "more").symlink_to(tmp_path)
    found = problems(release)
    assert "more: is not listed in the manifest" in found
    assert any("symbolic link" in problem for problem in found)


def edit(release: Path, part: Path, **changes: object) -> None:
    """Forge the manifest, so that it agrees with a part that was written anew."""
    import hashlib

    manifest = json.loads((release / "manifest.json").read_text())
    content = part.read_bytes()
    for file in manifest["files"]:
        if file["path"] == part.relative_to(release).as_posix():
            file |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (release / "manifest.json").write_text(json.dumps(manifest))


def test_rows_are_counted_in_the_file(release: Path) -> None:
    part = part_of(release, "train")
    table = pq.ParquetFile(part).read()
    pq.write_table(table.slice(1), part)
    edit(release, part)
    (problem,) = problems(release)
    assert f"has {table.num_rows - 1} rows, the manifest says {table.num_rows}" in problem


def test_other_columns_are_found(release: Path) -> None:
    part = part_of(release, "train")
    pq.write_table(pq.ParquetFile(part).read().drop_columns(["note"]), part)
    edit(release, part)
    (problem,) = problems(release)
    assert problem.endswith("has other columns than the manifest says")


def test_what_is_no_parquet_is_found(release: Path) -> None:
    part = part_of(release, "train")
    part.write_bytes(b"PAR1 nothing PAR1")
    edit(release, part)
    (problem,) = problems(release)
    assert problem.endswith("is no Parquet file of a release")


def test_a_subject_in_two_splits_is_found_and_not_named(tmp_path: Path) -> None:
    batch = nest(records(40), FIELDS)
    schema = release_schema(FIELDS, FILE_METADATA)
    with Spill(str(tmp_path), schema, ["train", "test"], KEY) as spill:
        spill.write("train", batch.slice(0, 25))  # subjects 0, 1 and half of 2
        spill.write("test", batch.slice(25))
        spilled = spill.close()
    files = write_spilled(str(tmp_path), schema, spilled, PublishSettings())
    shutil.rmtree(tmp_path / SPILL)
    (tmp_path / "manifest.json").write_text(manifest_of(files).to_json())
    assert problems(tmp_path) == ("records: 1 subjects are in more than one split",)


def test_an_empty_release_is_whole(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest_of([]).to_json())
    assert problems(tmp_path) == ()


def test_a_folder_without_a_release_is_a_usage_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageError, match="There is no release in"):
            inspect(str(folder))


def test_many_files_are_all_checked(tmp_path: Path) -> None:
    make_release(tmp_path / "r", 1000)
    for part in (tmp_path / "r").glob("records/*/*.parquet"):
        part.write_bytes(part.read_bytes()[:-1] + b"0")
    assert len(problems(tmp_path / "r")) == 3
