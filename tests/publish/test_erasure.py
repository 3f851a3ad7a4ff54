"""One subject's records taken out of a release: whole before, whole after, nothing between."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.compute
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from transforms.errors import UsageError, VeilbeamError
from transforms.pseudonymise.keys import DerivedKey, KeyRing, Purpose, create
from transforms.publish import erasure
from transforms.publish.documents import DOCUMENTS, documents
from transforms.publish.encryption import Decryption, Encryption
from transforms.publish.erasure import Erasure
from transforms.publish.inspect import inspect
from transforms.publish.manifest import read_manifest
from transforms.publish.release import ReleaseFolder, lock_file
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import Spill
from transforms.publish.writer import write_spilled

from .conftest import (
    FIELDS,
    FILE_METADATA,
    KEY,
    make_release,
    manifest_of,
    records,
    splits_of,
)

ROOT = Path(__file__).parents[2]
GONE = "SUBJECT000007"


def erase(release: Path, stand_in: str = GONE, run_id: str = "forget") -> int:
    with Erasure(str(release), "patient", stand_in, run_id) as found:
        if found.records:
            found.commit()
        return found.records


def content(release: Path) -> dict[str, bytes]:
    return {
        path.relative_to(release).as_posix(): path.read_bytes()
        for path in release.rglob("*")
        if path.is_file()
    }


def rows(release: Path) -> polars.DataFrame:
    return polars.scan_parquet(release / "records/**/*.parquet").collect().sort("note")


def test_the_subjects_records_are_gone_and_all_others_are_as_they_were(release: Path) -> None:
    before, files = rows(release), content(release)
    assert erase(release) == 10
    after = rows(release)
    assert after.equals(before.filter(polars.col("patient") != GONE))
    assert inspect(str(release)).problems == ()
    assert [path.name for path in release.parent.iterdir()] == ["release"]
    new = content(release)
    assert not any(GONE.encode() in part for part in new.values())
    changed = {path for path in files if new.get(path) != files[path]}
    (split,) = {path.split("/")[1] for path in changed if path.startswith("records/")}
    assert changed - set(DOCUMENTS) - {"manifest.json"} == {p for p in files if f"/{split}/" in p}


def test_manifest_and_card_tell_it_without_telling_who(release: Path) -> None:
    before = read_manifest(str(release))
    erase(release)
    after = read_manifest(str(release))
    assert (after.counts.published, after.counts.erased) == (290, 10)
    assert (after.counts.read, after.counts.quarantined) == (302, 2)
    assert sum(after.splits.values()) == 290
    assert after.revised is not None
    assert after.aggregates == before.aggregates
    card = (release / "README.md").read_text()
    assert "302 records were read: 290 published and 2 held back. 10 more were" in card
    assert GONE not in card + (release / "manifest.json").read_text()
    erase(release, "SUBJECT000008")
    assert read_manifest(str(release)).counts.erased == 20


def test_every_reader_reads_what_is_left(release: Path) -> None:
    erase(release)
    folder = release / "records"
    assert pyarrow.dataset.dataset(folder, partitioning="hive").count_rows() == 290
    assert len(pandas.read_parquet(folder)) == 290
    assert rows(release).height == 290
    (count,) = duckdb.sql(f"select count(*) from '{folder}/**/*.parquet'").fetchall()
    assert count == (290,)
    for file in read_manifest(str(release)).files:
        if file.split:
            schema = pq.read_schema(release / file.path)
            assert schema.field("patient").metadata[b"role"] == b"subject"
            assert schema.metadata[b"veilbeam.run_id"] == b"r1"


def test_a_subject_who_is_not_there_changes_nothing(release: Path) -> None:
    before = content(release)
    number = release.stat().st_ino
    assert erase(release, "SUBJECT999999") == 0
    assert content(release) == before
    assert release.stat().st_ino == number
    assert [path.name for path in release.parent.iterdir()] == ["release"]


def test_what_has_no_record_left_has_no_file(tmp_path: Path) -> None:
    make_release(tmp_path / "r", 10)
    assert erase(tmp_path / "r", "SUBJECT000000") == 10
    manifest = read_manifest(str(tmp_path / "r"))
    assert manifest.counts.published == 0
    assert not [file for file in manifest.files if file.split]
    assert inspect(str(tmp_path / "r")).problems == ()


@pytest.fixture
def encrypted(tmp_path: Path) -> tuple[Path, KeyRing]:
    """A release whose files are encrypted, and its key."""
    ring = create(tmp_path / "key")
    settings = PublishSettings(encrypt=True)
    batch, schema = records(300), release_schema(FIELDS, FILE_METADATA)
    splits = splits_of(batch)
    nested = nest(batch, FIELDS)
    with ReleaseFolder(str(tmp_path / "zone" / "r"), "r1") as folder:
        with Spill(folder.work, schema, settings.splits, KEY) as spill:
            for split in splits.unique().to_pylist():
                spill.write(split, nested.filter(pyarrow.compute.equal(splits, split)))
            spilled = spill.close()
        files = write_spilled(
            folder.work, schema, spilled, settings, Encryption(ring.current, "default")
        )
        manifest = manifest_of(
            files, encrypted=True, key_fingerprint=ring.current.fingerprint, project="default"
        )
        folder.commit(manifest, documents(manifest))
    return tmp_path / "zone" / "r", ring


def test_encrypted_files_are_written_anew_encrypted(
    encrypted: tuple[Path, KeyRing], tmp_path: Path
) -> None:
    release, ring = encrypted
    for holder in (None, DerivedKey.of(ring, Purpose.TOKENS, "default")):
        with pytest.raises(UsageError, match="the root secret is needed"):
            Erasure(str(release), "patient", GONE, "forget", holder).__enter__()
    with Erasure(str(release), "patient", GONE, "forget", ring) as found:
        assert found.records == 10
        found.commit()
    assert inspect(str(release), Decryption(ring)).problems == ()
    held = pyarrow.dataset.dataset(
        release / "records", format=Decryption(ring).format(), partitioning="hive"
    ).to_table()
    assert held.num_rows == 290
    assert GONE not in held.column("patient").to_pylist()
    for file in read_manifest(str(release)).files:
        if file.split:
            with pytest.raises(OSError, match="encrypted"):
                pq.read_table(release / file.path)


def test_modes_stay(release: Path) -> None:
    release.chmod(0o711)
    erase(release)
    assert release.stat().st_mode & 0o777 == 0o711


def test_a_release_that_is_not_as_it_was_published_is_refused(release: Path) -> None:
    (file, *_) = (release / "records").rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    before = content(release)
    with pytest.raises(UsageError, match="is not as it was published"):
        erase(release)
    assert content(release) == before
    with pytest.raises(UsageError, match="There is no release"):
        erase(release.parent / "none")
    with pytest.raises(UsageError, match="cannot exchange a release in one step"):
        Erasure("gs://bucket/release", "patient", GONE, "r")


def test_a_release_that_is_being_written_to_is_refused(release: Path) -> None:
    with FileLock(lock_file(str(release))), pytest.raises(UsageError, match="is writing to"):
        erase(release)


def test_without_an_exchange_in_one_step_the_release_stays(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(release)
    monkeypatch.setattr(erasure, "_RENAME_EXCHANGE", 1 << 20)  # A flag that no kernel knows.
    with pytest.raises(VeilbeamError, match="cannot exchange two folders in one step"):
        erase(release)
    assert content(release) == before
    assert [path.name for path in release.parent.iterdir()] == ["release"]


def test_who_reads_meanwhile_sees_one_of_the_two(release: Path) -> None:
    seen: set[tuple[int, int]] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            # A folder that is held open stays the one that it was.
            handle = os.open(release, os.O_RDONLY)
            try:
                here = Path(f"/proc/self/fd/{handle}")
                try:
                    manifest = read_manifest(str(here))
                    files = [here / file.path for file in manifest.files if file.split]
                    held = sum(pq.read_metadata(file).num_rows for file in files)
                except (OSError, UsageError):
                    continue  # The old one, while it is deleted.
                seen.add((manifest.counts.published, held))
            finally:
                os.close(handle)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(5):
        assert erase(release, f"SUBJECT{number:06}") == 10
    stop.set()
    reader.join()
    assert seen <= {(n, n) for n in range(250, 310, 10)}
    assert len(seen) >= 2


CRASH = """
import os, signal, sys
from pathlib import Path
import pyarrow
pyarrow.set_cpu_count(1)
pyarrow.set_io_thread_count(1)
from publish.test_erasure import erase, inspect

release, work = Path(sys.argv[1]), Path(sys.argv[2])

def child(action):
    number = os.fork()
    if number == 0:
        try:
            action()
            os._exit(0)
        except BaseException:
            import traceback; traceback.print_exc()
            os._exit(1)
    return os.waitpid(number, 0)[1]

EVENTS = {"open", "os.rename", "os.link", "os.mkdir", "os.chmod", "os.remove", "os.rmdir",
          "ctypes.dlsym"}

def killed_at(step):
    left, begun = step, False
    def hook(event, arguments):
        nonlocal left, begun
        # Before its folder is made, it only reads.
        begun = begun or event == "os.mkdir"
        if begun and event in EVENTS:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    erase(copy)

def check():
    found = inspect(str(copy))
    assert not found.problems, found.problems
    assert found.manifest.counts.published in (290, 300), found.manifest.counts
    (work / "state").write_text(str(found.manifest.counts.published))

def again():
    erase(copy)
    assert [p.name for p in copy.parent.iterdir()] == ["r"], [*copy.parent.iterdir()]
    found = inspect(str(copy))
    assert not found.problems and found.manifest.counts.published == 290

import shutil
states = []
for step in range(0, 2000, 3):
    zone = work / f"zone{step}"
    copy = zone / "r"
    shutil.copytree(release, copy)
    done = child(lambda: killed_at(step))
    assert done == 0 or os.WTERMSIG(done) == signal.SIGKILL, done
    assert child(check) == 0
    states.append((work / "state").read_text())
    assert child(again) == 0
    shutil.rmtree(zone)
    if done == 0:
        break
first = states.index("290")
print(len(states), first, first < len(states) - 1, sorted(states, reverse=True) == states)
"""


def test_killed_at_any_step_it_leaves_the_old_or_the_new_release_and_a_repeat_ends_it(
    release: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CRASH), release, tmp_path],
        cwd=ROOT / "tests", env=os.environ | {"PYTHONPATH": f"{ROOT / 'tests'}:{ROOT}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    steps, first_new, killed_after, ordered = done.stdout.split()
    assert int(steps) > 15
    assert int(first_new) > 10
    # Some were killed after the exchange, and once it is new it stays new.
    assert (killed_after, ordered) == ("True", "True")
