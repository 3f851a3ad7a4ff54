"""What goes wrong outside of Veilbeam: each gets a clear answer, and nothing is published by half.

No case may end in a traceback, whatever the user did.
"""

from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq
import pytest

from pipelines.sample import consultations
from transforms.publish.inspect import inspect

from .support import (
    SMALL,
    TWO_PROCESSES,
    Done,
    end,
    group,
    kill_group,
    manifest_of,
    records_of,
    start,
    until_records_are_written,
    veilbeam,
    write_jsonl,
)

BIG = 1000
GOOD = {"id": "R1", "patient": "P1", "name": "Zephyrine Quackenbush", "note": "A cough."}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("config") / "small.yaml"
    path.write_text(SMALL)
    return path


def leftovers(folder: Path) -> list[str]:
    """Hidden files and folders: what a run has not put away."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


# Refused before any record is processed: exit code 2


class Mistake(NamedTuple):
    arrange: Callable[[Path], list[str | Path]]
    """Makes files in a folder; gives the arguments that differ from a good run's."""
    words: tuple[str, ...]
    env: dict[str, str] = {}


def inputs(name: str, content: bytes) -> Callable[[Path], list[str | Path]]:
    def arrange(folder: Path) -> list[str | Path]:
        (folder / name).write_bytes(content)
        return ["--input", folder / name]

    return arrange


def key(content: str, mode: int) -> Callable[[Path], list[str | Path]]:
    def arrange(folder: Path) -> list[str | Path]:
        (folder / "key").write_text(content)
        (folder / "key").chmod(mode)
        return ["--key", folder / "key"]

    return arrange


def made(name: str, mode: int = 0o755, *files: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / name).mkdir(parents=True)
        for file in files:
            (folder / name / file).write_text("x")
        (folder / name).chmod(mode)

    return make


def after(make: Callable[[Path], None], *arguments: str) -> Callable[[Path], list[str | Path]]:
    def arrange(folder: Path) -> list[str | Path]:
        make(folder)
        return [a.replace("HERE", str(folder)) for a in arguments]

    return arrange


def config_with(old: str, new: str) -> Callable[[Path], list[str | Path]]:
    def arrange(folder: Path) -> list[str | Path]:
        assert old in SMALL
        (folder / "mine.yaml").write_text(SMALL.replace(old, new))
        return ["--config", folder / "mine.yaml"]

    return arrange


def nothing(folder: Path) -> None:
    pass


UTF16 = (b'{"id": "R1"}\n').decode().encode("utf-16")
MISTAKES = {
    "empty file": Mistake(inputs("e.jsonl", b""), ("e.jsonl", "holds no records")),
    "only blank lines": Mistake(inputs("b.jsonl", b"\n\n \n"), ("b.jsonl", "holds no records")),
    "header alone": Mistake(
        inputs("h.csv", b"id,patient,name,note\n"), ("h.csv", "holds no records")
    ),
    "empty folder": Mistake(after(made("none"), "--input", "HERE/none"), ("none", "no ")),
    "missing path": Mistake(
        after(nothing, "--input", "HERE/none.jsonl"), ("none.jsonl", "no file matches")
    ),
    "glob that matches nothing": Mistake(
        after(nothing, "--input", "HERE/no*.jsonl"), ("no*.jsonl", "no file matches")
    ),
    "nothing but NUL": Mistake(inputs("n.jsonl", b"\0" * 5000), ("n.jsonl", "NUL")),
    "UTF-16 not told": Mistake(inputs("u.jsonl", UTF16), ("UTF-16", "source.encoding")),
    "another format": Mistake(
        inputs("p.parquet", b"no Parquet"), ("p.parquet", "not a Parquet file")
    ),
    "no subject in any record": Mistake(
        inputs("s.jsonl", b'{"id": "R1", "patiant": "P1", "name": "A", "note": ""}\n'),
        ("fields.patient", "the source has no 'patient'", "did you mean 'patiant'?"),
    ),
    "a field that the CSV lacks": Mistake(
        inputs("c.csv", b"id,patient,name,notes\n1,2,3,4\n"),
        ("fields.note", "the source has no 'note'", "did you mean 'notes'?"),
    ),
    "unknown preset": Mistake(
        after(nothing, "--config", "telehelth"), ("telehelth", "Presets:", "telehealth")
    ),
    "config with a mistake": Mistake(
        config_with("role: text", "rol: text"), ("mine.yaml:7: fields.note.rol: unknown key",)
    ),
    "release with files": Mistake(
        after(made("full", 0o755, "a.txt"), "--release", "HERE/full"), ("full", "not empty")
    ),
    "release that is a file": Mistake(
        after(lambda folder: (folder / "f").touch(), "--release", "HERE/f"), ("f", "is a file")
    ),
    "restricted zone inside the release": Mistake(
        after(nothing, "--restricted", "HERE/release/restricted"), ("separate folders",)
    ),
    "restricted zone open to others": Mistake(
        after(made("open", 0o755), "--restricted", "HERE/open"), ("chmod 700",)
    ),
    "key open to others": Mistake(key("a" * 64, 0o644), ("chmod 600", "0644")),
    "key that is none": Mistake(key("secret-looking-text", 0o600), ("64 hex", "openssl rand")),
    "key that is missing": Mistake(
        after(nothing, "--key", "HERE/none"), ("none", "No such file or directory")
    ),
    "key in the environment that is none": Mistake(
        after(nothing), ("$VEILBEAM_KEY holds no key", "19 characters"),
        {"VEILBEAM_KEY": "secret-looking-text"},
    ),
    "unknown option": Mistake(after(nothing, "--inputs", "x"), ("No such option", "--inputs")),
    "Beam option with a wrong value": Mistake(
        after(nothing, "--", "--direct_num_workers=two"), ("direct_num_workers", "two")
    ),
    "unknown Beam option": Mistake(
        after(nothing, "--", "--direct_num_wrokers=2"), ("direct_num_wrokers",)
    ),
    "unknown runner": Mistake(after(nothing, "--", "--runner=NoneSuch"), ("NoneSuch",)),
    "release in a store whose extra is not installed": Mistake(
        after(nothing, "--release", "hdfs://host/release"), ("hdfs://host/release", "hdfs")
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def refused(
    tmp_path_factory: pytest.TempPathFactory, config: Path
) -> Iterator[dict[str, tuple[Path, Future[Done]]]]:
    """All mistakes, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        begun = {}
        for name, mistake in MISTAKES.items():
            folder = tmp_path_factory.mktemp("mistake")
            write_jsonl(folder / "good.jsonl", [GOOD])
            good: dict[str, str | Path] = {
                "--config": config, "--input": folder / "good.jsonl",
                "--release": folder / "release", "--restricted": folder / "restricted",
            }  # fmt: skip
            given = mistake.arrange(folder)
            arguments: list[str | Path] = ["run"]
            for option, value in good.items():
                if option not in given:
                    arguments += [option, value]
            call = pool.submit(veilbeam, *arguments, *given, **mistake.env)
            begun[name] = (folder, call)
        yield begun


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_with_words_and_exit_code_2(
    refused: dict[str, tuple[Path, Future[Done]]], name: str
) -> None:
    folder, call = refused[name]
    done = call.result()
    assert done.code == 2, done
    assert done.out == ""
    assert "Traceback" not in done.err
    assert [word for word in MISTAKES[name].words if word not in done.err] == [], done.err
    assert "secret-looking" not in done.err
    assert not (folder / "release").exists()
    assert leftovers(folder) == []


# Records that cannot be published, among others: quarantine, and exit code 3


class Mixed(NamedTuple):
    done: Done
    release: Path
    quarantined: list[dict[str, Any]]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, config: Path) -> Mixed:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "in").mkdir()
    lines = [
        b"\xef\xbb\xbf" + orjson.dumps(GOOD | {"note": "after a BOM"}),
        orjson.dumps(GOOD | {"note": "the same id again"}),
        orjson.dumps(GOOD | {"id": "R3", "patient": None}),
        orjson.dumps(GOOD | {"id": "R4", "patient": ""}),
        orjson.dumps({"id": "R5", "note": "no subject"}),
        b'{"id": "R6", "patient": "P1", "note": "a raw \0 byte"}',
        b'{"id": "R7", "patient": "P1", "note": "not ended',
        b'{"id": "R8", "patient": "P1", "note": "caf\xe9"}',
        b'["R9", "P1"]',
        b"",
        b"[" * 100_000,
        orjson.dumps(GOOD | {"id": "R12", "note": {"an": "object"}}),
        orjson.dumps(GOOD | {"id": "R13", "note": "\0 and \u2028, \ud83d\ude00".encode(
            "utf-16", "surrogatepass").decode("utf-16")}),
        orjson.dumps(GOOD | {"id": "R14", "note": "fine", "unknown": {"deep": [1]}}),
    ]  # fmt: skip
    (folder / "in" / "a.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    (folder / "in" / "b.csv").write_bytes(
        b"\xef\xbb\xbfid,patient,name,note\r\n"
        b'C1,P1,Ann Fox,"two\r\nlines, and ""quotes"""\r\n'
        b"C2,P1,Ann Fox\r\n"
        b"C3,P1,Ann Fox,too,many\r\n"
        b"C4,P1,Ann Fox,fine\r\n"
        b"C5,,Ann Fox,nobody\r\n"
    )
    done = veilbeam(
        "run", "-c", config, "-i", folder / "in", "--release", folder / "release",
        "--restricted", folder / "restricted",
    )  # fmt: skip
    parts = (folder / "restricted").rglob("*.parquet")
    rows = [row for part in parts for row in pq.read_table(part).to_pylist()]
    return Mixed(done, folder / "release", rows)


def test_the_rest_is_published_and_the_count_is_closed(mixed: Mixed) -> None:
    assert mixed.done.code == 3, mixed.done
    assert "Traceback" not in mixed.done.text
    notes = set(records_of(mixed.release).column("note").to_pylist())
    assert {"after a BOM", 'two\r\nlines, and "quotes"', "fine"} <= notes
    counts = manifest_of(mixed.release)["counts"]
    assert counts["read"] == counts["published"] + counts["quarantined"] == 18
    assert counts["quarantined"] == len(mixed.quarantined)
    assert inspect(str(mixed.release)).problems == ()


def test_each_has_its_place_and_its_reason(mixed: Mixed) -> None:
    places = {(r["file"][-5:].strip("."), r["position"]): r["reason"] for r in mixed.quarantined}
    assert set(places) >= {
        ("jsonl", line) for line in (2, 3, 4, 5, 6, 7, 8, 9, 11)
    } | {("b.csv", line) for line in (4, 5)}, places  # fmt: skip
    for line, word in (
        (2, "id"), (3, "subject"), (4, "subject"), (5, "subject"), (6, "NUL"), (7, "JSON"),
        (8, "utf-8"), (9, "object"),
    ):  # fmt: skip
        assert word.lower() in places["jsonl", line].lower(), (line, places["jsonl", line])
    ragged = [reason for (file, _), reason in places.items() if file == "b.csv"]
    assert sum("field" in reason or "column" in reason for reason in ragged) == 2, ragged


def test_reasons_are_told_without_values(mixed: Mixed) -> None:
    for row in mixed.quarantined:
        for value in ("Quackenbush", "Ann", "Fox", "R1", "P1", "again", "caf"):
            assert value not in row["reason"]
    reasons = Counter(manifest_of(mixed.release)["quarantine"])
    assert sum(reasons.values()) == len(mixed.quarantined)
    for reason in reasons:
        assert f"({reason})" in mixed.done.out


def test_utf16_is_read_where_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text(
        SMALL.replace("{record_id: id}", "{record_id: id, encoding: utf-16}")
    )
    (tmp_path / "in").mkdir()
    text = "id,patient,name,note\nR1,P1,Ann,Müde 😀 Łódź\nR2,P2,Bo,𝔞\n"
    (tmp_path / "in" / "u.csv").write_text(text, encoding="utf-16", newline="")
    row = orjson.dumps(GOOD | {"id": "R3", "note": "日本 😀"}).decode()
    (tmp_path / "in" / "u.jsonl").write_text(f"{row}\n", encoding="utf-16", newline="")
    done = veilbeam(
        "run", "-c", tmp_path / "c.yaml", "-i", tmp_path / "in", "--release", tmp_path / "r",
        "--restricted", tmp_path / "x",
    )  # fmt: skip
    assert done.code == 0, done
    notes = set(records_of(tmp_path / "r").column("note").to_pylist())
    assert notes == {"Müde 😀 Łódź", "𝔞", "日本 😀"}


# A release folder is one run's, and is never overwritten


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough that a run can be caught while it writes records."""
    return write_jsonl(
        tmp_path_factory.mktemp("big") / "big.jsonl",
        [
            {
                "id": record["consultation_id"],
                "patient": record["patient"]["id"],
                "name": record["patient"]["name"],
                "note": " ".join(turn["text"] for turn in record["turns"]),
            }
            for record in consultations(BIG, 5)
        ],
    )


class Case:
    """A run over the big input that is begun, and what lies around it."""

    def __init__(self, folder: Path, config: Path, source: Path) -> None:
        self.folder, self.release = folder, folder / "release"
        self.arguments = (
            "run", "-c", config, "-i", source, "--release", self.release,
            "--restricted", folder / "restricted",
        )  # fmt: skip
        self.begun: list[subprocess.Popen[str]] = []

    def start(self, *options: str) -> subprocess.Popen[str]:
        self.begun.append(start(*self.arguments, *options))
        return self.begun[-1]

    def start_and_wait(self, *options: str) -> subprocess.Popen[str]:
        process = self.start(*options)
        until_records_are_written(process, self.release)
        return process

    def run_again(self, source: Path) -> None:
        """A repeat, over less: it publishes, and nothing else is left."""
        arguments = [source if a == self.arguments[4] else a for a in self.arguments]
        done = veilbeam(*arguments)
        assert done.code == 0, done
        assert inspect(str(self.release)).problems == ()
        assert sorted(path.name for path in self.folder.iterdir()) == ["release", "restricted"]


@pytest.fixture
def case(tmp_path: Path, config: Path, big: Path) -> Iterator[Case]:
    made = Case(tmp_path, config, big)
    yield made
    for process in made.begun:
        kill_group(process)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_jsonl(
        tmp_path_factory.mktemp("few") / "few.jsonl",
        [GOOD | {"id": f"R{number}"} for number in range(5)],
    )


def test_of_two_runs_at_once_the_second_is_refused(case: Case) -> None:
    first = case.start_and_wait()
    os.kill(first.pid, signal.SIGSTOP)
    arguments = [*case.arguments[:-1], case.folder / "restricted2"]
    second = veilbeam(*arguments)
    os.kill(first.pid, signal.SIGCONT)
    assert second.code == 2, second
    assert "Another run is writing to" in second.err and str(case.release) in second.err
    done = end(first)
    assert done.code == 0, done
    assert manifest_of(case.release)["counts"]["published"] == BIG
    assert inspect(str(case.release)).problems == ()
    assert leftovers(case.folder) == []
    # And afterwards the folder holds a release.
    before = (case.release / "manifest.json").read_bytes()
    third = veilbeam(*arguments)
    assert third.code == 2
    assert "holds a release already" in third.err
    assert (case.release / "manifest.json").read_bytes() == before


# Killed


def test_killed_in_the_middle_nothing_is_published_and_a_repeat_cleans_up(
    case: Case, few: Path
) -> None:
    process = case.start_and_wait()
    kill_group(process)
    end(process)
    assert process.returncode == -signal.SIGKILL
    assert not case.release.exists()
    partial, _lock = leftovers(case.folder)
    assert partial.endswith(".partial")
    assert stat.S_IMODE((case.folder / partial).stat().st_mode) == 0o700
    case.run_again(few)


def test_workers_end_with_the_process_that_launched_them(case: Case) -> None:
    """As the system kills it when memory runs out."""
    process = case.start_and_wait(*TWO_PROCESSES)
    workers = group(process) - {process.pid}
    assert len(workers) >= 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    limit = time.monotonic() + 15
    while group(process) and time.monotonic() < limit:
        time.sleep(0.1)
    assert group(process) == set()
    process.communicate()
    assert not case.release.exists()


@pytest.mark.parametrize("is_early", [False, True], ids=["at work", "before it has a connection"])
def test_a_killed_worker_fails_the_run_and_nothing_is_published(case: Case, is_early: bool) -> None:
    if is_early:
        process = case.start(*TWO_PROCESSES)
        while not (workers := group(process) - {process.pid}):
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
    else:
        process = case.start_and_wait(*TWO_PROCESSES)
        workers = group(process) - {process.pid}
    os.kill(max(workers), signal.SIGKILL)
    done = end(process)
    assert done.code == 1, done
    assert "A worker process ended before its time" in done.err
    assert "Nothing was published" in done.err and "Traceback" not in done.text
    assert sorted(path.name for path in case.folder.iterdir()) == ["restricted"]


@pytest.mark.parametrize(
    "options",
    [
        (),
        TWO_PROCESSES,
    ],
    ids=["one process", "workers"],
)
def test_ctrl_c_ends_a_run_without_a_trace(case: Case, options: tuple[str, ...]) -> None:
    process = case.start_and_wait(*options)
    begun = time.monotonic()
    # As a terminal does it: to all processes of the foreground.
    os.killpg(process.pid, signal.SIGINT)
    done = end(process)
    assert time.monotonic() - begun < 15
    assert group(process) == set()
    assert sorted(path.name for path in case.folder.iterdir()) == ["restricted"]
    assert "Traceback" not in done.text
    assert done.code == 130, done


# A full disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mounts a file system of so many bytes."""
    mounted: list[Path] = []

    def mount(size: int) -> Path:
        folder = tmp_path / f"disk{len(mounted)}"
        folder.mkdir()
        options = f"size={size},mode=700"
        try:
            done = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        except FileNotFoundError:
            pytest.skip("there is no mount command")
        if done.returncode:
            pytest.skip(f"a small tmpfs cannot be mounted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=False)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records of words that compress badly; every second one has no subject."""
    draw = random.Random(3)

    def text() -> str:
        words = ("".join(draw.choices("abcdefghijklmnop", k=7)) for _ in range(600))
        return " ".join(words)

    return write_jsonl(
        tmp_path_factory.mktemp("large") / "large.jsonl",
        [
            {"id": f"R{n}", "patient": f"P{n}" if n % 2 else None, "name": "Ann", "note": text()}
            for n in range(120)
        ],
    )


def test_a_full_disk_of_the_release(
    disk: Callable[[int], Path], tmp_path: Path, config: Path, large: Path
) -> None:
    folder = disk(60_000)
    done = veilbeam(
        "run", "-c", config, "-i", large, "--release", folder / "release",
        "--restricted", tmp_path / "restricted",
    )  # fmt: skip
    assert done.code == 1, done
    assert f"No space is left on the disk that holds '{folder}" in done.err
    assert "Nothing was published" in done.err
    assert "Traceback" not in done.text
    assert list(folder.iterdir()) == []


def test_a_full_disk_of_the_restricted_zone(
    disk: Callable[[int], Path], tmp_path: Path, config: Path, large: Path
) -> None:
    folder = disk(60_000)
    done = veilbeam(
        "run", "-c", config, "-i", large, "--release", tmp_path / "release",
        "--restricted", folder / "restricted",
    )  # fmt: skip
    assert done.code == 1, done
    assert f"No space is left on the disk that holds '{folder}" in done.err
    assert "Traceback" not in done.text
    assert not (tmp_path / "release").exists()
    assert leftovers(tmp_path) == []


def test_a_restricted_zone_without_any_space(
    disk: Callable[[int], Path], tmp_path: Path, config: Path, few: Path
) -> None:
    folder = disk(20_000)
    with pytest.raises(OSError) as caught, (folder / "filling").open("wb") as file:
        file.write(bytes(100_000))
        file.flush()
    assert caught.value.errno == errno.ENOSPC
    done = veilbeam(
        "run", "-c", config, "-i", few, "--release", tmp_path / "release",
        "--restricted", folder / "restricted",
    )  # fmt: skip
    assert done.code in (1, 2), done
    assert "No space left on device" in done.err and str(folder) in done.err
    assert "Traceback" not in done.text
    # No half of a key is left, that a later run would take for one.
    assert [p for p in folder.rglob("*") if p.is_file()] == [folder / "filling"]
