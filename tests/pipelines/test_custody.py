"""Keys, re-identification and erasure, by the command and over a release that it made."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars
import pytest

from pipelines.cli import app
from tests.end_to_end.support import veilbeam
from transforms.custody import CustodyError, CustodyLog, Entry
from transforms.errors import UsageError, VeilbeamError
from transforms.publish.inspect import inspect

CONFIG = """\
version: 1
source: {record_id: id}
fields:
  id: {role: identifier, entity: ID, treatment: token}
  patient: {role: subject}
  name: {role: identifier, entity: PERSON, treatment: encrypt}
  nhs: {role: identifier, entity: UK_NHS, treatment: fpe}
  city: {role: identifier, entity: LOCATION}
  channel: {role: attribute}
  note: {role: text}
detect: {countries: [GB]}
pseudonymise: {project: PROJECT, entities: {PERSON: encrypt}}
publish: {title: A study, licence: Under agreement}
aggregate:
  data_set: d
  budget: {epsilon: 4.0}
  releases:
    - {name: visits, group_by: [channel], keys: [video], measures: [{kind: count}], epsilon: 1.0}
quarantine: {threshold: 0.0}
"""
NAMES = ["Jane Smith", "Omar Haddad", "Li Wei", "Zoë Müller", "Ann Fox"]


def record(number: int) -> dict[str, str]:
    who = number // 4
    return {
        "id": f"c{number}", "patient": f"P{who}", "name": NAMES[who], "city": "Leeds",
        "nhs": f"943 476 {5900 + who}", "channel": "video",
        "note": f"{NAMES[who]} came with a cough.",
    }  # fmt: skip


class World:
    """A copy of a release and its restricted zone, and the commands over them."""

    def __init__(self, folder: Path) -> None:
        self.release, self.other, self.zone = (folder / n for n in ("release", "other", "zone"))

    def __call__(self, *arguments: str | Path) -> None:
        app([str(a) for a in arguments], standalone_mode=False)

    def reidentify(self, values: str | Path, field: str = "name", **options: str | Path) -> None:
        given: dict[str, Any] = {
            "restricted": self.zone, "release": self.release, "field": field, "values": values,
            "reason": "ticket 7", **options,
        }  # fmt: skip
        self("reidentify", *(f"--{name}={value}" for name, value in given.items()))

    def forget(self, subject: str, *releases: Path, **options: str | Path) -> None:
        given = [f"--{name}={value}" for name, value in options.items()]
        chosen = [f"--release={release}" for release in releases or [self.release]]
        self("forget", f"--restricted={self.zone}", f"--subject={subject}", *chosen, *given)

    @property
    def log(self) -> list[Entry]:
        return CustodyLog(self.zone / "custody.jsonl").verify()

    @property
    def fingerprint(self) -> str:
        return str(json.loads((self.release / "manifest.json").read_bytes())["key_fingerprint"])


def rows(release: Path) -> polars.DataFrame:
    return polars.read_parquet(release / "records/**/*.parquet")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases of the same source for two projects, with one key."""
    folder = tmp_path_factory.mktemp("made")
    lines = [json.dumps(record(number)) for number in range(20)]
    (folder / "in.jsonl").write_text("\n".join(lines))
    for release, project in (("release", "one"), ("other", "two")):
        (folder / "config.yaml").write_text(CONFIG.replace("PROJECT", project))
        done = veilbeam(
            "run", "-c", folder / "config.yaml", "-i", folder / "in.jsonl",
            "--release", folder / release, "--restricted", folder / "zone",
        )  # fmt: skip
        assert done.code == 0, done.text
    return folder


@pytest.fixture
def world(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.delenv("VEILBEAM_KEY", raising=False)
    for name in ("release", "other", "zone"):
        shutil.copytree(made / name, tmp_path / name)
    return World(tmp_path)


def test_two_projects_of_one_key_share_no_value(world: World) -> None:
    one, two = rows(world.release), rows(world.other)
    for field in ("id", "patient", "name", "nhs", "city"):
        assert {*one[field]}.isdisjoint({*two[field]})
    # Nothing was lost by that: both hold the same people, each as often.
    for field in ("patient", "name", "nhs"):
        assert sorted(one[field].value_counts()["count"]) == [4] * 5
        assert sorted(two[field].value_counts()["count"]) == [4] * 5


def test_a_value_is_opened_after_it_is_logged(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    values = sorted({*rows(world.release)["name"]})
    entries_when_opened: list[int] = []
    from transforms.pseudonymise.encryption import ValueCipher

    decrypt = ValueCipher.decrypt

    def noticed(self: ValueCipher, given: Any) -> str | None:
        entries_when_opened.append(len(world.log))
        return decrypt(self, given)

    monkeypatch.setattr(ValueCipher, "decrypt", noticed)
    (world.zone / "wanted").write_text("\n".join(values) + "\n")
    world.reidentify(world.zone / "wanted")
    shown = capsys.readouterr()
    opened = dict(line.split("\t") for line in shown.out.splitlines())
    assert (sorted(opened), sorted(opened.values())) == (values, sorted(NAMES))
    (entry,) = world.log
    assert entries_when_opened == [1] * 5
    assert (entry.act, entry.details["reason"]) == ("reidentify", "ticket 7")
    assert entry.details["values"] == values
    assert entry.details["field"] == "name"
    assert entry.hash in shown.err
    written = (world.zone / "custody.jsonl").read_text()
    assert not any(name.split()[0] in written for name in NAMES)


def test_values_in_text_and_in_their_own_format_are_opened_too(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows(world.release).row(0, named=True)
    stand_in = row["note"].split()[0]
    assert stand_in == row["name"]
    world.reidentify(stand_in, field="note")
    assert capsys.readouterr().out.split("\t")[1].strip() in NAMES
    monkeypatch.setattr("sys.stdin", io.StringIO(row["nhs"] + "\n"))
    world.reidentify("-", field="nhs")
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{row['nhs']}\t943 476 59")
    assert "not authenticated" in shown.err


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "...", "\u202e", "x" * 1001])
def test_without_a_reason_nothing_is_opened(
    world: World, capsys: pytest.CaptureFixture[str], reason: str
) -> None:
    with pytest.raises(UsageError, match="--reason"):
        world.reidentify(rows(world.release)["name"][0], reason=reason)
    assert capsys.readouterr().out == ""
    assert world.log == []


def test_a_reason_is_one_line_without_hidden_characters(world: World) -> None:
    world.reidentify(rows(world.release)["name"][0], reason="a\n{}\u202eb\x1b[2K c")
    assert world.log[0].details["reason"] == "a {} b [2K c"


def changed(value: str) -> str:
    last = "a" if value[-2] != "a" else "b"
    return value[:-2] + last + value[-1]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("nothing", lambda w: "x", "has no such field; fields with encrypted values: name, nhs"),
        ("city", lambda w: "Leeds", "treatment 'surrogate', which nobody can undo"),
        ("patient", lambda w: rows(w.release)["patient"][0], "treatment 'token', which nobody"),
        ("name", lambda w: "Jane Smith", "number 1 of 1 is no encrypted value"),
        ("name", lambda w: "", "no value is given"),
        ("name", lambda w: "PERSON_00000000_aaaa", "was encrypted with key 00000000"),
        ("nhs", lambda w: "943 476 5900", "number 1 of 1 is not in field nhs"),
    ],
)
def test_what_cannot_be_opened_is_told_and_neither_logged_nor_shown(
    world: World, capsys: pytest.CaptureFixture[str], field: str, value: Any, told: str
) -> None:
    given = value(world)
    with pytest.raises(UsageError, match=told) as error:
        world.reidentify(given, field=field)
    assert not given or given not in str(error.value)
    assert capsys.readouterr().out == ""
    assert world.log == []


def test_a_changed_value_or_one_of_another_project_stays_closed(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    names = rows(world.release)["name"]
    for bad in (changed(names[0]), rows(world.other)["name"][0]):
        (world.zone / "wanted").write_text(f"{names[0]}\n{bad}\n")
        with pytest.raises(VeilbeamError, match=r"1 of 2 .*the first is number 2"):
            world.reidentify(world.zone / "wanted")
        (line,) = capsys.readouterr().out.splitlines()
        assert line.split("\t")[1] in NAMES
    assert len(world.log) == 2


def wrong_key(path: Path) -> Path:
    path.write_text("ab" * 32)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        (wrong_key, "is another key than the one asked for"),
        (lambda path: path, "cannot be read"),
        (lambda path: wrong_key(path).chmod(0o644), "open to other users"),
        (lambda path: wrong_key(path).write_text("abcd"), "holds no key"),
    ],
)
def test_a_wrong_missing_open_or_short_key_is_told_and_nothing_happens(
    world: World, prepare: Callable[[Path], object], told: str
) -> None:
    key = world.zone / "given"
    prepare(key)
    before = rows(world.release)
    with pytest.raises(UsageError, match=told):
        world.reidentify(before["name"][0], key=key)
    with pytest.raises(UsageError, match=told):
        world.forget("P0", key=key)
    assert rows(world.release).equals(before)
    assert world.log == []


def test_a_log_that_was_edited_opens_and_erases_nothing(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    name = rows(world.release)["name"][0]
    world.reidentify(name)
    log = world.zone / "custody.jsonl"
    log.write_text(log.read_text().replace("ticket 7", "ticket 8"))
    capsys.readouterr()
    for command in (
        lambda: world.reidentify(name),
        lambda: world.forget("P0"),
        lambda: world("key", "rotate", f"--restricted={world.zone}"),
        lambda: world("custody", f"--restricted={world.zone}"),
    ):
        with pytest.raises(CustodyError, match="line 1 does not fit the chain"):
            command()
    assert capsys.readouterr().out == ""
    assert rows(world.release).height == 20


def test_a_mistyped_zone_does_not_become_a_new_one(world: World) -> None:
    world.zone = world.zone.with_name("zoen")
    for command in (lambda: world.reidentify("x"), lambda: world.forget("P0")):
        with pytest.raises(UsageError, match="there is no such folder"):
            command()
    assert not world.zone.exists()


def test_rotation_keeps_what_was_encrypted_and_destruction_ends_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    name, zone = rows(world.release)["name"][0], f"--restricted={world.zone}"
    world("key", "rotate", zone)
    assert f"{world.fingerprint}  older" in capsys.readouterr().out
    world.reidentify(name)
    assert capsys.readouterr().out.split("\t")[1].strip() in NAMES
    world("key", "destroy", zone, world.fingerprint)
    assert f"{world.fingerprint}  destroyed on" in capsys.readouterr().out
    for command in (lambda: world.reidentify(name), lambda: world.forget("P0")):
        with pytest.raises(UsageError, match=f"{world.fingerprint} was destroyed on"):
            command()
    assert [e.act for e in world.log] == ["key rotate", "reidentify", "key destroy"]
    assert world.log[2].details == {"keys": [world.fingerprint]}


def test_a_derived_key_opens_its_project_and_no_other(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    out = world.zone / "for-study-one"
    zone = f"--restricted={world.zone}"
    world("key", "derive", zone, "--purpose=encryption", "--project=one", f"--out={out}")
    assert out.read_text() not in capsys.readouterr().out
    world.reidentify(rows(world.release)["name"][0], key=out)
    assert capsys.readouterr().out.split("\t")[1].strip() in NAMES
    with pytest.raises(UsageError, match="needs the encryption key of 'two'"):
        world.reidentify(rows(world.other)["name"][0], release=world.other, key=out)
    with pytest.raises(UsageError, match="needs the tokens key"):
        world.forget("P0", key=out)
    with pytest.raises(UsageError, match="is there already"):
        world("key", "derive", zone, "--purpose=encryption", "--project=one", f"--out={out}")
    with pytest.raises(UsageError, match="--purpose: give"):
        world("key", "derive", zone, "--purpose=x", "--project=one", f"--out={out}2")


def test_a_key_in_the_environment_is_used_and_never_changed(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VEILBEAM_KEY", (world.zone / "key").read_text())
    (world.zone / "key").unlink()
    world.reidentify(rows(world.release)["name"][0])
    assert capsys.readouterr().out.split("\t")[1].strip() in NAMES
    for command in (["create"], ["rotate"], ["destroy", world.fingerprint]):
        with pytest.raises(UsageError, match=r"\$VEILBEAM_KEY, which this command cannot change"):
            world("key", command[0], f"--restricted={world.zone}", *command[1:])


def test_a_run_with_a_destroyed_key_makes_no_other_in_silence(world: World) -> None:
    world("key", "destroy", f"--restricted={world.zone}", world.fingerprint)
    (world.zone.parent / "config.yaml").write_text(CONFIG.replace("PROJECT", "one"))
    (world.zone.parent / "in.jsonl").write_text(json.dumps(record(0)))
    done = veilbeam(
        "run", "-c", world.zone.parent / "config.yaml", "-i", world.zone.parent / "in.jsonl",
        "--release", world.zone.parent / "new", "--restricted", world.zone,
    )  # fmt: skip
    assert done.code == 2
    assert "was destroyed" in done.err
    assert "veilbeam key create" in done.err


def test_a_subject_is_forgotten_in_all_releases_at_once(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {release: rows(release) for release in (world.release, world.other)}
    world.forget("P1", world.release, world.other)
    shown = capsys.readouterr().out
    for release, old in before.items():
        assert f"{release}: 4 records taken out, 16 left." in shown
        new = rows(release)
        assert new.height == 16
        (gone,) = {*old["patient"]} - {*new["patient"]}
        assert new.sort("id").equals(old.filter(polars.col("patient") != gone).sort("id"))
        assert inspect(str(release)).problems == ()
        assert gone not in (world.zone / "custody.jsonl").read_text()
    assert "tables with differential privacy stay" in shown
    assert "the next run would publish the records again" in shown
    assert [entry.act for entry in world.log] == ["forget", "forget"]
    written = (world.zone / "custody.jsonl").read_text()
    assert "P1" not in written
    assert "Omar" not in written
    from hashlib import sha256

    now = sha256((world.release / "manifest.json").read_bytes()).hexdigest()
    assert world.log[0].details["manifest_after"] == now
    assert world.log[0].details["records"] == 4


def test_forgetting_again_or_nobody_changes_nothing(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("P1\n"))
    world.forget("-")
    manifest = (world.release / "manifest.json").read_bytes()
    capsys.readouterr()
    for subject in ("P1", "nobody"):
        world.forget(subject)
        assert "holds no record of this subject; nothing was changed" in capsys.readouterr().out
    assert (world.release / "manifest.json").read_bytes() == manifest
    assert len(world.log) == 1
    with pytest.raises(UsageError, match="--subject: give"):
        world.forget("")
    with pytest.raises(UsageError, match="is given twice"):
        world.forget("P1", world.release, world.release)


def test_of_several_releases_none_is_changed_where_one_cannot_be(world: World) -> None:
    (file, *_) = (world.other / "records").rglob("*.parquet")
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(UsageError, match="is not as it was published"):
        world.forget("P1", world.release, world.other)
    assert rows(world.release).height == 20
    assert world.log == []
    assert sorted(p.name for p in world.zone.parent.iterdir()) == ["other", "release", "zone"]


def test_the_log_is_shown_and_checked(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    zone = f"--restricted={world.zone}"
    world("custody", zone)
    assert "0 entries, the chain is whole" in capsys.readouterr().out
    world.reidentify(rows(world.release)["name"][0], reason="[red]why[/red]")
    world.forget("P2")
    head = world.log[-1].hash
    capsys.readouterr()
    world("custody", zone, f"--head={head}")
    shown = capsys.readouterr().out
    assert "[red]why[/red]" in shown.replace("\n", "")
    assert head in shown
    world("custody", zone, "--json")
    assert [json.loads(line)["act"] for line in capsys.readouterr().out.splitlines()] == [
        "reidentify", "forget",
    ]  # fmt: skip
    with pytest.raises(CustodyError, match="noted earlier"):
        world("custody", zone, f"--head={'0' * 64}")


def test_a_key_is_made_before_the_first_run_and_wrapped_if_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VEILBEAM_KEY", raising=False)
    kek = wrong_key(tmp_path / "kek")
    world = World(tmp_path)
    world("key", "create", f"--restricted={world.zone}", f"--kms=file://{kek}")
    assert f"current, wrapped by file://{kek}" in capsys.readouterr().out
    assert (world.zone / "key").read_text().startswith("file://")
    assert world.log[0].details["kms"] == f"file://{kek}"
    with pytest.raises(UsageError, match="holds a key"):
        world("key", "create", f"--restricted={world.zone}")
