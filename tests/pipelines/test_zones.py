"""The restricted zone: for its owner alone, and apart from what is shared."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pipelines.zones import RestrictedZone, new_run_id
from transforms.errors import UsageError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_zone_and_each_run_are_for_the_owner_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        zone = RestrictedZone(tmp_path / "deep" / "restricted", str(tmp_path / "release"))
        run = zone.run("r1")
    finally:
        os.umask(before)
    assert mode(zone.folder) == 0o700
    assert mode(run) == 0o700
    assert run.is_relative_to(zone.folder)


def test_a_zone_is_used_again_and_a_run_never(tmp_path: Path) -> None:
    zone = RestrictedZone(tmp_path / "restricted", str(tmp_path / "release"))
    zone.run("r1")
    again = RestrictedZone(tmp_path / "restricted", str(tmp_path / "release"))
    assert (again.key, again.ledger) == (zone.key, zone.ledger)
    with pytest.raises(FileExistsError):
        again.run("r1")


@pytest.mark.parametrize("open_to", [0o710, 0o701, 0o750, 0o777, 0o704])
def test_a_zone_that_others_may_read_is_refused(tmp_path: Path, open_to: int) -> None:
    folder = tmp_path / "restricted"
    folder.mkdir()
    folder.chmod(open_to)
    with pytest.raises(UsageError, match="open to other users; close it: chmod 700"):
        RestrictedZone(folder, str(tmp_path / "release"))


@pytest.mark.parametrize(
    ("restricted", "release"),
    [
        ("r", "r"),
        ("r/restricted", "r"),
        ("r/a/b/c", "r"),
        ("r", "r/release"),
        ("r/../r", "r"),
        ("link/inside", "r"),
        ("r", "link/release"),
        ("r/inside", "link"),
    ],
)
def test_no_zone_lies_in_the_other(tmp_path: Path, restricted: str, release: str) -> None:
    (tmp_path / "r").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "r")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match=r"[Gg]ive two separate folders"):
        RestrictedZone(tmp_path / restricted, str(tmp_path / release))
    assert sorted(tmp_path.rglob("*")) == before


def test_folders_side_by_side_are_two_zones(tmp_path: Path) -> None:
    zone = RestrictedZone(tmp_path / "release-restricted", str(tmp_path / "release"))
    assert zone.folder.is_dir()
    assert not (tmp_path / "release").exists()


@pytest.mark.parametrize("url", ["s3://bucket/restricted", "gs://bucket"])
def test_the_zone_is_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="folder of this machine"):
        RestrictedZone(Path(url), str(tmp_path / "release"))
    assert list(tmp_path.iterdir()) == []


def test_a_zone_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "restricted"):
        with pytest.raises(UsageError, match="cannot be made"):
            RestrictedZone(path, str(tmp_path / "release"))


def test_run_ids_differ_sort_by_time_and_are_names_of_files() -> None:
    ids = [new_run_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    stamps = [name.split("-")[0] for name in ids]
    assert stamps == sorted(stamps)
    assert all(name.replace("-", "").isalnum() for name in ids)
