from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from pydantic import ValidationError

from transforms.batches import Batch
from transforms.errors import UsageError, VeilbeamError
from transforms.fields import FieldSettings, FieldSpec
from transforms.publish.inspect import inspect
from transforms.publish.release import ReleaseFolder
from transforms.publish.schema import release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import Spill
from transforms.publish.storage import DiskFullError, create, join
from transforms.publish.transform import SPLIT, ReleaseKeys, WriteRecords

from .conftest import KEY, make_release, manifest_of, write_records
from .stores import OBJECTS

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def all_names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_release_appears_whole(tmp_path: Path) -> None:
    final = tmp_path / "new" / "release"
    with ReleaseFolder(str(final), "r1") as folder:
        files = write_records(folder.work, 100, PublishSettings())
        (Path(folder.work) / files[0].path).with_name("part-of-a-failed-bundle").write_text("x")
        assert not final.exists()
        manifest = folder.commit(manifest_of(files), {"README.md": "# Card\n"})
    assert names(final.parent) == ["release"]
    assert {p for p in all_names(final) if not (final / p).is_dir()} == {
        "README.md", "manifest.json", *(file.path for file in files),
    }  # fmt: skip
    assert {file.path for file in manifest.files} == {"README.md", *(file.path for file in files)}
    assert inspect(str(final)).problems == ()


def test_what_is_not_finished_is_private_and_what_is_published_follows_the_umask(
    tmp_path: Path,
) -> None:
    before = os.umask(0o027)
    try:
        with ReleaseFolder(str(tmp_path / "r"), "r1") as folder:
            partial = Path(folder.work).parent
            assert stat.S_IMODE(partial.stat().st_mode) == 0o700
            files = write_records(folder.work, 50, PublishSettings())
            folder.commit(manifest_of(files), {})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "r" / files[0].path).stat().st_mode) == 0o640


def test_an_empty_folder_may_be_given_and_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir(mode=0o711)
    make_release(tmp_path / "r")
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o711


def test_a_link_to_an_empty_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "r").symlink_to("disk")
    make_release(tmp_path / "r")
    assert (tmp_path / "r").is_symlink()
    assert inspect(str(tmp_path / "r")).problems == ()


def test_a_release_is_never_overwritten(release: Path) -> None:
    before = {p: (release / p).stat().st_mtime_ns for p in all_names(release)}
    with pytest.raises(UsageError, match=r"holds a release already.*another --release") as error:
        make_release(release, run_id="r2")
    assert error.value.exit_code == 2
    assert {p: (release / p).stat().st_mtime_ns for p in all_names(release)} == before
    assert names(release.parent) == ["release"]


def test_a_folder_with_anything_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / ".mine").write_text("keep")
    with pytest.raises(UsageError, match="is not empty"):
        make_release(tmp_path / "r")
    assert all_names(tmp_path) == ["r", "r/.mine"]


def test_a_file_a_root_and_an_unknown_scheme_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for path, message in [
        (str(tmp_path / "file"), "is a file"),
        (str(tmp_path / "file" / "below"), "cannot be written to"),
        ("/", "is a root"),
        ("bucket://name", "is a root"),
        ("nosuch://bucket/r", "nosuch:// is unknown or its extra is not installed"),
    ]:
        with pytest.raises(UsageError, match=message), ReleaseFolder(path, "r1"):
            raise AssertionError("it was entered")


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        ReleaseFolder(str(tmp_path / "r"), "r1") as folder,
    ):
        write_records(folder.work, 100, PublishSettings())
        raise KeyboardInterrupt
    assert all_names(tmp_path) == []


def test_files_that_are_not_as_listed_are_not_published(tmp_path: Path) -> None:
    for harm in (Path.unlink, lambda path: path.write_bytes(b"other")):
        with (
            pytest.raises(VeilbeamError, match="is not as it was written"),
            ReleaseFolder(str(tmp_path / "r"), "r1") as folder,
        ):
            files = write_records(folder.work, 100, PublishSettings())
            harm(Path(folder.work, files[0].path))
            folder.commit(manifest_of(files), {})
        assert all_names(tmp_path) == []


def test_a_document_cannot_take_the_place_of_a_file(tmp_path: Path) -> None:
    with (
        pytest.raises(ValidationError, match="listed twice"),
        ReleaseFolder(str(tmp_path / "r"), "r1") as folder,
    ):
        files = write_records(folder.work, 100, PublishSettings())
        folder.commit(manifest_of(files), {files[0].path: "text"})
    assert all_names(tmp_path) == []


def test_a_folder_that_was_filled_during_the_run_is_left_alone(tmp_path: Path) -> None:
    with (
        pytest.raises(VeilbeamError, match="could not be put in place"),
        ReleaseFolder(str(tmp_path / "r"), "r1") as folder,
    ):
        files = write_records(folder.work, 100, PublishSettings())
        (tmp_path / "r").mkdir()
        (tmp_path / "r" / "mine").write_text("keep")
        folder.commit(manifest_of(files), {})
    assert all_names(tmp_path) == ["r", "r/mine"]


def test_folders_of_killed_runs_are_removed_and_those_of_other_releases_stay(
    tmp_path: Path,
) -> None:
    for name in (".r.old-1.partial", ".r.old_2.partial", ".r.x.live.partial", ".rr.o.partial"):
        (tmp_path / name / "work").mkdir(parents=True)
    make_release(tmp_path / "r")
    assert names(tmp_path) == [".r.x.live.partial", ".rr.o.partial", "r"]


# Processes of their own


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


HOLD = """
    import sys, time
    from publish.conftest import *
    with ReleaseFolder(sys.argv[1], "killed") as folder:
        write_records(folder.work, 300, PublishSettings())
        print("holds it", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A live run over tmp_path/r that has written its records."""
    process = start(HOLD, tmp_path / "r")
    assert process.stdout is not None
    assert process.stdout.readline() == "holds it\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_run_is_refused_at_once_and_the_first_is_not_disturbed(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    before = all_names(tmp_path)
    begun = time.monotonic()
    with pytest.raises(UsageError, match="Another run is writing to"):
        make_release(tmp_path / "r", run_id="second")
    assert time.monotonic() - begun < 1
    assert all_names(tmp_path) == before
    assert holder.poll() is None


def test_a_killed_run_publishes_nothing_and_the_next_one_cleans_up(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert not (tmp_path / "r").exists()
    assert (tmp_path / ".r.killed.partial").exists()
    make_release(tmp_path / "r")
    assert names(tmp_path) == ["r"]
    assert inspect(str(tmp_path / "r")).problems == ()


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_run_that_is_killed_while_it_commits_publishes_nothing(tmp_path: Path, step: str) -> None:
    """Killed at the first file that is made durable, and just before the one rename."""
    process = start(
        """
        import os, pathlib, signal, sys
        import transforms.publish.release
        from publish.conftest import *
        def die(*_): os.kill(os.getpid(), signal.SIGKILL)
        rename = pathlib.Path.rename
        if sys.argv[2] == "fsync":
            transforms.publish.release.sync = die
        else:
            pathlib.Path.rename = lambda a, b: die() if a.name == "whole" else rename(a, b)
        make_release(pathlib.Path(sys.argv[1]), run_id="killed")
        """,
        tmp_path / "r",
        step,
    )
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (tmp_path / "r").exists()
    assert (tmp_path / ".r.killed.partial" / "whole" / "manifest.json").exists()
    make_release(tmp_path / "r")
    assert names(tmp_path) == ["r"]
    assert inspect(str(tmp_path / "r")).problems == ()


def test_of_runs_that_race_one_publishes(tmp_path: Path) -> None:
    code = """
        import sys, time
        from pathlib import Path
        from publish.conftest import *
        from transforms.errors import UsageError
        print("ready", flush=True)
        sys.stdin = None
        while not Path(sys.argv[1], "go").exists():
            pass
        try:
            make_release(Path(sys.argv[1], "r"), run_id=sys.argv[2])
            print("published")
        except UsageError as error:
            print("refused" if "Another run" in str(error) or "already" in str(error) else error)
    """
    runs = [start(code, tmp_path, f"run{i}") for i in range(4)]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n", run.communicate()
    (tmp_path / "go").touch()
    outcomes = sorted(run.communicate()[0].strip() for run in runs)
    assert outcomes == ["published", "refused", "refused", "refused"]
    assert inspect(str(tmp_path / "r")).problems == ()
    assert names(tmp_path) == ["go", "r"]


# A full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount command here")
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


NOTE = [FieldSpec.of("note", FieldSettings.model_validate({"role": "text"}))]


def incompressible(rows: int) -> pa.RecordBatch:
    noise = np.random.default_rng(rows)
    return pa.RecordBatch.from_pydict({"note": [noise.bytes(5_000).hex() for _ in range(rows)]})


def test_a_full_disk_is_named_and_emptied(small_disk: Path) -> None:
    with (
        pytest.raises(DiskFullError, match=r"No space is left.*/disk'") as error,
        ReleaseFolder(str(small_disk / "r"), "r1") as folder,
    ):
        schema = release_schema(NOTE, {})
        schema = pa.schema([schema.field("note")])
        with Spill(folder.work, schema, ["train"], KEY) as spill:
            spill.write("train", incompressible(1000))
            spill.close()
    assert error.value.exit_code == 1
    assert names(small_disk) == []


def test_a_full_disk_is_named_through_the_runner(small_disk: Path, keys: ReleaseKeys) -> None:
    with (
        pytest.raises(DiskFullError, match=r"No space is left.*/disk'"),
        ReleaseFolder(str(small_disk / "r"), "r1") as folder,
        beam.Pipeline(runner=FnApiRunner()) as pipeline,
    ):
        _ = (
            pipeline
            | beam.Create([1000])
            | beam.Map(
                lambda n: Batch(incompressible(n).append_column(SPLIT, pa.array(["train"] * n)))
            )
            | WriteRecords(folder.work, NOTE, {}, PublishSettings(), keys)
        )
    assert names(small_disk) == []


def test_a_disk_that_is_full_at_the_commit_publishes_nothing(small_disk: Path) -> None:
    with (
        pytest.raises(DiskFullError, match=str(small_disk)),
        ReleaseFolder(str(small_disk / "r"), "r1") as folder,
    ):
        files = write_records(folder.work, 100, PublishSettings())
        folder.commit(manifest_of(files), {"README.md": "x" * 3_000_000})
    assert names(small_disk) == []


def test_a_mount_point_is_refused_with_a_folder_that_will_do(small_disk: Path) -> None:
    with (
        pytest.raises(UsageError, match=f"mount point.*{small_disk}/release"),
        ReleaseFolder(str(small_disk), "r1"),
    ):
        raise AssertionError("it was entered")


def test_an_error_that_says_no_more_than_its_number_names_the_release_folder(
    tmp_path: Path,
) -> None:
    with (
        pytest.raises(DiskFullError, match=str(tmp_path)),
        ReleaseFolder(str(tmp_path / "r"), "r1"),
    ):
        raise RuntimeError(f"OSError: [Errno {errno.ENOSPC}] No space left on device [while ...]")


def test_the_folder_that_a_worker_named_is_named(tmp_path: Path) -> None:
    text = (
        f"Traceback ...\ntransforms.publish.storage.DiskFullError: {DiskFullError.of('/far/away')}"
    )
    with (
        pytest.raises(DiskFullError, match="'/far/away'"),
        ReleaseFolder(str(tmp_path / "r"), "r1"),
    ):
        raise RuntimeError(text)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can enter, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_folders_where_one_may_not_write_or_read_are_refused(open_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("becoming another user takes root")
    (open_folder / "closed").mkdir(mode=0o700)
    (open_folder / "mine").mkdir()
    (open_folder / "mine").chmod(0o777)
    (open_folder / "mine" / "r").mkdir(mode=0o700)
    os.seteuid(65534)
    try:
        for path in ("closed/r", "closed/below/r", "mine/r"):
            with (
                pytest.raises(UsageError, match="cannot be written to"),
                ReleaseFolder(str(open_folder / path), "r1"),
            ):
                raise AssertionError("it was entered")
    finally:
        os.seteuid(0)
    assert names(open_folder / "mine") == ["r"]


# An object store


def test_on_an_object_store_the_manifest_comes_last() -> None:
    OBJECTS.clear()
    with ReleaseFolder("bucket://name/sets/r/", "r1") as folder:
        files = write_records(folder.work, 300, PublishSettings())
        assert all(".r.r1.partial/work/" in path for path in OBJECTS)
        folder.commit(manifest_of(files), {"README.md": "# Card\n"})
    assert list(OBJECTS)[-1] == "bucket://name/sets/r/manifest.json"
    assert all(path.startswith("bucket://name/sets/r/") for path in OBJECTS)
    assert inspect("bucket://name/sets/r").problems == ()
    with (
        pytest.raises(UsageError, match="holds a release already"),
        ReleaseFolder("bucket://name/sets/r", "r2"),
    ):
        raise AssertionError("it was entered")
    OBJECTS[files_path := f"bucket://name/sets/r/{files[0].path}"] = b"x" * files[0].bytes
    assert len(inspect("bucket://name/sets/r").problems) == 1
    assert files_path in OBJECTS


def test_on_an_object_store_an_error_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    OBJECTS.clear()
    with (
        pytest.raises(OSError, match="network"),
        ReleaseFolder("bucket://name/r", "r1") as folder,
    ):
        files = write_records(folder.work, 300, PublishSettings())

        def broken(path: str) -> BinaryIO:
            if path.endswith("manifest.json"):
                raise OSError("network")
            return create(path)

        monkeypatch.setattr("transforms.publish.release.create", broken)
        folder.commit(manifest_of(files), {"README.md": "# Card\n"})
    assert OBJECTS == {}


def test_on_an_object_store_two_runs_of_one_machine_exclude_each_other() -> None:
    OBJECTS.clear()
    with ReleaseFolder("bucket://name/r", "r1") as folder:
        with create(join(folder.work, "x")) as file:
            file.write(b"x")
        with (
            pytest.raises(UsageError, match="Another run"),
            ReleaseFolder("bucket://name/r", "r2"),
        ):
            raise AssertionError("it was entered")
        assert len(OBJECTS) == 1
    assert OBJECTS == {}
