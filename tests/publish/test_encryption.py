from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from transforms.errors import UsageError
from transforms.pseudonymise.keys import DerivedKey, KeyRing, Purpose, load_or_create, rotate
from transforms.publish.encryption import Decryption, Encryption
from transforms.publish.inspect import inspect
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import SPILL

from .conftest import manifest_of, write_records

PROJECT = "telehealth"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return load_or_create(tmp_path / "key")


@pytest.fixture
def encrypted(tmp_path: Path, ring: KeyRing) -> Path:
    """A release of 500 encrypted records."""
    folder = tmp_path / "release"
    encryption = Encryption(ring.current, PROJECT)
    files = write_records(str(folder), 500, PublishSettings(), encryption)
    shutil.rmtree(folder / SPILL)
    (folder / "manifest.json").write_text(manifest_of(files, encrypted=True).to_json())
    return folder


def parts(release: Path) -> list[Path]:
    return sorted(release.rglob("*.parquet"))


def rows(release: Path, decryption: Decryption) -> int:
    return sum(
        pq.ParquetFile(part, decryption_properties=decryption.properties()).read().num_rows
        for part in parts(release)
    )


def test_with_the_key_all_records_are_read(encrypted: Path, ring: KeyRing) -> None:
    assert rows(encrypted, Decryption(ring)) == 500
    dataset = ds.dataset(
        encrypted / "records", format=Decryption(ring).format(), partitioning="hive"
    )
    assert dataset.to_table(filter=ds.field("split") == "train").num_rows > 300
    assert sorted(dataset.to_table()["note"].to_pylist())[0] == "NOTE000000 cough"
    assert inspect(str(encrypted), Decryption(ring)).problems == ()


def test_the_projects_own_key_suffices_and_is_handed_on_in_a_file(
    encrypted: Path, ring: KeyRing, tmp_path: Path
) -> None:
    DerivedKey.of(ring, Purpose.PARQUET, PROJECT).write(tmp_path / "reading.key")
    assert rows(encrypted, Decryption.load(tmp_path / "reading.key")) == 500


def test_without_the_key_nothing_is_read(encrypted: Path) -> None:
    for part in parts(encrypted):
        with pytest.raises(OSError, match="encrypted"):
            pq.ParquetFile(part)
        with pytest.raises(OSError, match="encrypted"):
            pq.read_schema(part)
    # What can be checked without it is.
    assert inspect(str(encrypted)).problems == ()


def test_another_key_another_project_and_another_purpose_read_nothing(
    encrypted: Path, ring: KeyRing, tmp_path: Path
) -> None:
    other = load_or_create(tmp_path / "other")
    for holder in (
        other,
        DerivedKey.of(ring, Purpose.PARQUET, "other"),
        DerivedKey.of(ring, Purpose.TOKENS, PROJECT),
    ):
        with pytest.raises(UsageError):
            rows(encrypted, Decryption(holder))
        with pytest.raises(UsageError):
            inspect(str(encrypted), Decryption(holder))


def test_after_a_rotation_old_releases_are_still_read(
    encrypted: Path, ring: KeyRing, tmp_path: Path
) -> None:
    rotated = rotate(tmp_path / "key")
    assert rotated.current != ring.current
    assert rows(encrypted, Decryption(rotated)) == 500


def test_files_hold_no_word_of_the_records_or_the_schema(encrypted: Path) -> None:
    for part in parts(encrypted):
        content = part.read_bytes()
        assert content.startswith(b"PARE")
        assert content.endswith(b"PARE")
        for word in (b"SUBJECT0", b"NAME00", b"surname", b"speaker", b"surrogate", b"J06"):
            assert word not in content


def test_no_two_files_have_one_key(ring: KeyRing, tmp_path: Path) -> None:
    encryption = Encryption(ring.current, PROJECT)
    one = write_records(str(tmp_path / "a"), 50, PublishSettings(), encryption)
    other = write_records(str(tmp_path / "b"), 50, PublishSettings(), encryption)
    assert not {file.sha256 for file in one} & {file.sha256 for file in other}


def test_one_changed_byte_is_noticed_by_the_reader(encrypted: Path, ring: KeyRing) -> None:
    part = parts(encrypted)[0]
    content = bytearray(part.read_bytes())
    content[200] ^= 1
    part.write_bytes(content)
    with pytest.raises(OSError, match="decrypt"):
        rows(encrypted, Decryption(ring))
