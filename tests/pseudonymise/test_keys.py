"""The root secret: made once, closed to others, never shown; its versions, and what wraps them."""

import json
import os
import pickle
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.errors import UsageError, VeilbeamError
from transforms.pseudonymise.keys import (
    DerivedKey,
    KeyRing,
    KeySource,
    Purpose,
    RootKey,
    create,
    derive,
    destroy,
    load,
    load_holder,
    load_or_create,
    rotate,
)


def fingerprints(ring: KeyRing) -> list[str]:
    return [version.fingerprint for version in ring.versions]


def test_first_use_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "key"
    made = load_or_create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(path.read_text())) == 32
    assert load_or_create(path) == made == load(path)
    assert made.current.fingerprint == fingerprints(made)[0]
    assert [*tmp_path.iterdir()] == [tmp_path / "key"]


def test_all_who_make_it_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(load_or_create, [tmp_path / "key"] * 32))
    assert len({key.current.fingerprint for key in keys}) == 1
    assert [*tmp_path.iterdir()] == [tmp_path / "key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    load_or_create(path)
    path.chmod(mode)
    for use in (load_or_create, load, load_holder, create, rotate):
        with pytest.raises(UsageError, match="chmod 600"):
            use(path)


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
    ring = KeyRing.parse(secret.hex(), "here")
    derived = DerivedKey.of(ring, Purpose.TOKENS, "p")
    for shown in (repr(key), str(key), f"{key}", f"{[key]}", repr(ring), repr(ring.versions[0])):
        assert secret.hex() not in shown
        assert repr(secret) not in shown
    assert derive(key, Purpose.TOKENS, "p").hex() not in f"{derived!r} {derived}"
    assert key.fingerprint in repr(key)
    assert key.fingerprint not in secret.hex()
    assert pickle.loads(pickle.dumps(key)) == key


def test_each_purpose_and_project_has_its_own_key() -> None:
    root = RootKey(b"k" * 32)
    keys = {derive(root, purpose, project) for purpose in Purpose for project in ("a", "b")}
    assert len(keys) == 2 * len(Purpose)
    assert len({key[:16] for key in keys}) == 2 * len(Purpose)
    assert all(len(derive(root, purpose, "a")) == purpose.length for purpose in Purpose)
    assert derive(root, Purpose.DATES, "a") == derive(RootKey(b"k" * 32), Purpose.DATES, "a")
    assert derive(root, Purpose.DATES, "a") != derive(RootKey(b"j" * 32), Purpose.DATES, "a")


def test_rotation_keeps_older_versions_for_opening(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = create(path)
    second = rotate(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(path) == second
    assert fingerprints(second)[1:] == fingerprints(first)
    assert second.current != first.current
    for ring in (first, second):
        name = ring.current.fingerprint
        assert second.named(name[:8]) == ring.current
        assert second.key(name, Purpose.TOKENS, "p") == derive(ring.current, Purpose.TOKENS, "p")
    with pytest.raises(UsageError, match="another key than the one asked for"):
        first.named(second.current.fingerprint)


def test_rotations_at_once_lose_no_version(tmp_path: Path) -> None:
    path = tmp_path / "key"
    create(path)
    with ThreadPoolExecutor(8) as pool:
        made = {ring.current.fingerprint for ring in pool.map(rotate, [path] * 16)}
    assert made < {*fingerprints(load(path))}
    assert len(load(path).versions) == 17


def test_a_key_is_not_made_over_another(tmp_path: Path) -> None:
    create(tmp_path / "key")
    with pytest.raises(UsageError, match="veilbeam key rotate"):
        create(tmp_path / "key")


def test_destroyed_is_destroyed_and_said(tmp_path: Path) -> None:
    path = tmp_path / "key"
    name = create(path).current.fingerprint
    secret = path.read_text().strip()
    other = tmp_path / "hard link"
    os.link(path, other)
    gone = destroy(path, [name])
    assert secret not in path.read_text() + other.read_text()
    assert other.read_bytes() == b""
    assert load(path) == gone
    for use in (lambda: gone.current, lambda: gone.named(name), lambda: rotate(path),
                lambda: KeySource(str(path)).read()):  # fmt: skip
        with pytest.raises(UsageError, match=rf"destroyed.*{name}|{name}.*destroyed"):
            use()
    again = create(path)
    assert again.current.fingerprint != name
    assert again.destroyed == gone.destroyed


def test_a_version_is_destroyed_alone_but_never_the_current_one_before_the_others(
    tmp_path: Path,
) -> None:
    path = tmp_path / "key"
    create(path)
    ring = rotate(path)
    current, older = fingerprints(ring)
    with pytest.raises(UsageError, match="is the current key"):
        destroy(path, [current])
    with pytest.raises(UsageError, match="holds no key 0123"):
        destroy(path, ["0123", older])
    assert load(path) == ring
    left = destroy(path, [older])
    assert fingerprints(left) == [current]
    with pytest.raises(UsageError, match=f"{older} was destroyed on 2"):
        left.named(older)
    assert destroy(path, [current]).versions == ()


def test_the_environment_may_hold_several_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILBEAM_KEY", "ab" * 32 + "\n" + "cd" * 32)
    source = KeySource.find(None, Path("nowhere"))
    assert source.read() == RootKey(b"\xab" * 32)
    assert source.ring().named(RootKey(b"\xcd" * 32).fingerprint) == RootKey(b"\xcd" * 32)


def test_a_derived_key_opens_one_purpose_of_one_project(tmp_path: Path) -> None:
    ring = create(tmp_path / "key")
    out = tmp_path / "derived"
    DerivedKey.of(ring, Purpose.ENCRYPTION, "p").write(out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    holder = load_holder(out)
    name = ring.current.fingerprint
    assert holder.key(name, Purpose.ENCRYPTION, "p") == ring.key(name, Purpose.ENCRYPTION, "p")
    for asked in ((name, Purpose.ENCRYPTION, "q"), (name, Purpose.TOKENS, "p"),
                  ("0" * 16, Purpose.ENCRYPTION, "p")):  # fmt: skip
        with pytest.raises(UsageError, match="was derived from"):
            holder.key(*asked)
    assert isinstance(load_holder(tmp_path / "key"), KeyRing)
    with pytest.raises(UsageError, match="name a new file"):
        DerivedKey.of(ring, Purpose.TOKENS, "p").write(out)


@pytest.mark.parametrize(
    "change",
    [{"secret": "ab"}, {"secret": "zz" * 64}, {"purpose": "x"}, {"fingerprint": "1"}, {"extra": 1}],
)
def test_a_damaged_derived_key_is_refused_without_showing_it(
    tmp_path: Path, change: dict[str, object]
) -> None:
    out = tmp_path / "derived"
    DerivedKey.of(create(tmp_path / "key"), Purpose.ENCRYPTION, "p").write(out)
    content = json.loads(out.read_text()) | change
    out.write_text(json.dumps(content))
    with pytest.raises(UsageError, match="holds no derived key") as error:
        load_holder(out)
    assert str(content["secret"]) not in str(error.value)


def wrapping_key(path: Path) -> str:
    path.write_text(RootKey.new().secret.hex())
    path.chmod(0o600)
    return f"file://{path}"


def test_a_wrapped_key_is_opened_by_the_file_that_wrapped_it(tmp_path: Path) -> None:
    url = wrapping_key(tmp_path / "kek")
    path = tmp_path / "key"
    made = create(path, url)
    (url_, name, _) = path.read_text().split()
    assert (url_, name) == (url, made.current.fingerprint)
    assert made.current.secret.hex() not in path.read_text()
    rotated = rotate(path)
    assert [version.url for version in rotated.versions] == [url, url]
    assert rotated.named(name) == made.current


def test_rotation_to_a_service_wraps_the_older_versions_too(tmp_path: Path) -> None:
    path = tmp_path / "key"
    old = create(path).current
    ring = rotate(path, wrapping_key(tmp_path / "kek"))
    assert old.secret.hex() not in path.read_text()
    assert ring.named(old.fingerprint) == old


def test_a_wrong_missing_or_open_wrapping_key_is_said(tmp_path: Path) -> None:
    kek, path = tmp_path / "kek", tmp_path / "key"
    url = wrapping_key(kek)
    create(path, url)
    # Each process asks its service once: these are other processes.
    from transforms.pseudonymise.keys import kms

    kms.unwrap.cache_clear()
    kek.chmod(0o644)
    with pytest.raises(UsageError, match=r"Wrapping key .* open to other users"):
        _ = load(path).current
    wrapping_key(kek)
    with pytest.raises(UsageError, match="is not the one with which the root secret was wrapped"):
        _ = load(path).current
    kek.write_text("ab")
    with pytest.raises(UsageError, match=r"Wrapping key .* holds no key"):
        _ = load(path).current
    kek.unlink()
    with pytest.raises(UsageError, match=r"Wrapping key .* cannot be read"):
        _ = load(path).current


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{url} 0123456789abcdef {wrapped}", "unwraps another key"),
        ("{url} {name} !!!!", "no base 64"),
        ("{url} {name}", "is cut off"),
        ("{url} nonsense {wrapped}", "is cut off"),
        ("file://relative/kek {name} {wrapped}", "names no key management service"),
        ("destroyed", "holds no key"),
        ("destroyed {name}", "is cut off"),
    ],
)
def test_a_damaged_line_is_said(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "key"
    create(path, wrapping_key(tmp_path / "kek"))
    url, name, wrapped = path.read_text().split()
    path.write_text(line.format(url=url, name=name, wrapped=wrapped))
    with pytest.raises(UsageError, match=told):
        _ = load(path).current


REGION = "eu-west-2"


@pytest.fixture(scope="module")
def kms_server() -> Iterator[str]:
    """A stand-in for AWS KMS that speaks its protocol, on loopback."""
    server = pytest.importorskip("moto.server").ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(kms_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key's ARN in it, and the environment in which boto3 finds it."""
    import boto3

    from transforms.pseudonymise.keys import kms

    for name, value in {
        "AWS_ENDPOINT_URL_KMS": kms_server, "AWS_ACCESS_KEY_ID": "test", "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    kms.service.cache_clear()
    kms.unwrap.cache_clear()
    yield boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
    kms.service.cache_clear()
    kms.unwrap.cache_clear()


def test_aws_kms_wraps_and_unwraps_the_root_secret(tmp_path: Path, aws: str) -> None:
    import boto3

    from transforms.pseudonymise.keys import kms

    path = tmp_path / "key"
    ring = create(path, f"aws-kms://{aws}")
    assert ring.current.secret.hex() not in path.read_text()
    kms.unwrap.cache_clear()
    assert load(path).current == ring.current
    boto3.client("kms").create_alias(AliasName="alias/veilbeam", TargetKeyId=aws)
    rotated = rotate(path, "aws-kms://alias/veilbeam")
    assert {version.url for version in rotated.versions} == {"aws-kms://alias/veilbeam"}
    assert rotated.named(ring.current.fingerprint) == ring.current


def test_aws_kms_is_asked_once_for_each_secret(tmp_path: Path, aws: str) -> None:
    from transforms.pseudonymise.keys import kms

    path = tmp_path / "key"
    create(path, f"aws-kms://{aws}")
    assert len({load(path).current for _ in range(5)}) == 1
    assert kms.unwrap.cache_info().misses == 1


def test_what_aws_refuses_is_said_without_a_traceback(tmp_path: Path, aws: str) -> None:
    from transforms.pseudonymise.keys import kms

    path = tmp_path / "key"
    with pytest.raises(VeilbeamError, match=r"refuses to encrypt .*NotFoundException"):
        create(path, f"aws-kms://arn:aws:kms:{REGION}:123456789012:key/{'0' * 8}-none")
    assert not path.exists()
    create(path, f"aws-kms://{aws}")
    kms.unwrap.cache_clear()
    url, name, wrapped = path.read_text().split()
    path.write_text(f"{url} {name} {wrapped[:-8]}AAAAAAA=")
    with pytest.raises(VeilbeamError, match="refuses to decrypt"):
        _ = load(path).current


def test_the_service_must_be_there(
    tmp_path: Path, aws: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transforms.pseudonymise.keys import kms

    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9")
    kms.service.cache_clear()
    with pytest.raises(VeilbeamError, match="Could not connect"):
        create(tmp_path / "key", f"aws-kms://{aws}")


def test_what_a_service_needs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from transforms.pseudonymise.keys import kms

    kms.service.cache_clear()
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(UsageError, match=r"pip install 'veilbeam\[aws\]'"):
        create(tmp_path / "key", "aws-kms://alias/veilbeam")
    with pytest.raises(UsageError, match="names no key management service"):
        create(tmp_path / "key", "gcp-kms://x")
