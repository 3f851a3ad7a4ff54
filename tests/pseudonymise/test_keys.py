"""The root secret: made once, closed to others, never shown."""

import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.errors import UsageError
from transforms.pseudonymise.keys import Purpose, RootKey, derive, load, load_or_create


def test_first_use_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(path.read_text())) == 32
    assert load_or_create(path) == made == load(path)
    assert [*tmp_path.iterdir()] == [tmp_path / "key"]


def test_all_who_make_it_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(load_or_create, [tmp_path / "key"] * 32))
    assert len({key.fingerprint for key in keys}) == 1
    assert [*tmp_path.iterdir()] == [tmp_path / "key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    load_or_create(path)
    path.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600"):
        load_or_create(path)


@pytest.mark.parametrize("text", ["", "ab", "g" * 64, "ab" * 31, "ab" * 33, "é" * 64])
def test_what_is_no_key_is_refused_without_showing_it(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(UsageError, match="openssl rand") as error:
        load_or_create(path)
    assert not text or text not in str(error.value)
    with pytest.raises(UsageError, match="VEILBEAM_KEY"):
        RootKey.parse(text, "$VEILBEAM_KEY")


def test_a_missing_key_or_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "key")
    with pytest.raises(UsageError, match="cannot be made"):
        load_or_create(tmp_path / "none" / "key")
    with pytest.raises(UsageError):
        load_or_create(tmp_path)


def test_a_key_never_shows_itself() -> None:
    secret = bytes(range(32))
    key = RootKey(secret)
    for shown in (repr(key), str(key), f"{key}", f"{[key]}"):
        assert secret.hex() not in shown
        assert repr(secret) not in shown
    assert key.fingerprint in repr(key)
    assert key.fingerprint not in secret.hex()
    assert pickle.loads(pickle.dumps(key)) == key


def test_each_purpose_and_project_has_its_own_key() -> None:
    root = RootKey(b"k" * 32)
    keys = {derive(root, purpose, project) for purpose in Purpose for project in ("a", "b")}
    assert len(keys) == 2 * len(Purpose)
    assert all(len(key) == 32 for key in keys)
    assert derive(root, Purpose.DATES, "a") == derive(RootKey(b"k" * 32), Purpose.DATES, "a")
    assert derive(root, Purpose.DATES, "a") != derive(RootKey(b"j" * 32), Purpose.DATES, "a")
