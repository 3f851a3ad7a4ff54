"""The configuration on disk: whole, and nobody's change is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.studio import file
from transforms.errors import UsageError, VeilbeamError


def test_a_saved_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_bytes(b"a: 1\r\n")
    real.chmod(0o640)
    link.symlink_to(real)
    file.write(link, "a: 2\r\n", file.read(link).digest)
    assert link.is_symlink()
    assert real.read_bytes() == b"a: 2\r\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("a: 1\n")
    digest = file.read(path).digest
    path.write_text("a: 1 # somebody's\n")
    with pytest.raises(file.ChangedError, match="changed on disk"):
        file.write(path, "a: 2\n", digest)
    assert path.read_text() == "a: 1 # somebody's\n"
    assert [one.name for one in tmp_path.iterdir()] == ["my.yaml"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("a: 1\n")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(VeilbeamError, match="No space left"):
        file.write(path, "a: 2\n", file.read(path).digest)
    assert path.read_text() == "a: 1\n"
    assert [one.name for one in tmp_path.iterdir()] == ["my.yaml"]


def test_what_is_no_file_or_no_text_gets_a_clear_answer(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: Müller\n".encode("latin-1"))
    for name, said in (("absent.yaml", "no such"), ("latin.yaml", "cannot be read")):
        with pytest.raises(UsageError, match=said):
            file.read(tmp_path / name)
