"""The whole way, by the command: sample, check, run, inspect."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from configs import PRESETS
from pipelines.settings import load
from tests.pipelines.sockets import beyond_loopback, listening, tree
from tests.pipelines.test_console import terminal

from .support import (
    COMMAND,
    KEY,
    ROOT,
    TWO_PROCESSES,
    Done,
    end,
    environment,
    manifest_of,
    records_of,
    start,
    veilbeam,
    write_jsonl,
)

COUNT = 200


class Run:
    """A run of the telehealth preset over the sample."""

    def __init__(self, folder: Path, name: str, restricted: str) -> None:
        self.release, self.restricted = folder / name, folder / restricted
        self.arguments = (
            "run", "--config", "telehealth", "--input", folder / "sample.jsonl",
            "--release", self.release, "--restricted", self.restricted,
        )  # fmt: skip
        self.done = Done(-1, "", "")
        self.sockets: set[tuple[str, int]] = set()
        self.terminal = ""

    @property
    def records(self) -> pa.Table:
        return records_of(self.release)

    @property
    def spent(self) -> int:
        """ε spent so far, in millionths."""
        with sqlite3.connect(self.restricted / "ledger.sqlite") as db:
            return db.execute("SELECT sum(micro_epsilon) FROM veilbeam_event").fetchone()[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("main_job")


@pytest.fixture(scope="module")
def sample(folder: Path) -> Done:
    return veilbeam("sample", folder / "sample.jsonl", "--count", str(COUNT), "--seed", "11")


@pytest.fixture(scope="module")
def originals(folder: Path, sample: Done) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in (folder / "sample.jsonl").read_bytes().splitlines()]


@pytest.fixture(scope="module")
def first(folder: Path, sample: Done) -> Run:
    """In one process, by a key that is the same each time: figures of few patients follow it."""
    run = Run(folder, "first", "restricted")
    (folder / "restricted").mkdir(mode=0o700)
    (folder / "restricted" / "key").write_text(KEY)
    (folder / "restricted" / "key").chmod(0o600)
    run.done = veilbeam(*run.arguments)
    return run


@pytest.fixture(scope="module")
def workers(folder: Path, first: Run) -> Run:
    """In two worker processes, with the same key and ledger."""
    run = Run(folder, "workers", "restricted")
    process = start(*run.arguments, *TWO_PROCESSES)
    while process.poll() is None:
        run.sockets |= listening(tree(process.pid))
        time.sleep(0.05)
    run.done = end(process)
    return run


@pytest.fixture(scope="module")
def other_key(folder: Path, sample: Done) -> Run:
    """With a restricted zone of its own, and so another key; seen on a terminal."""
    run = Run(folder, "other", "other-restricted")
    with terminal() as (shown, seen):
        process = subprocess.Popen(
            [*COMMAND, *map(str, run.arguments)], cwd=ROOT, text=True,
            env=environment(TERM="xterm-256color"), stdout=subprocess.PIPE, stderr=shown.fileno(),
        )  # fmt: skip
        run.done = end(process)
    run.terminal = seen.getvalue().decode()
    return run


def test_sample_writes_what_it_says(sample: Done, originals: list[dict[str, Any]]) -> None:
    assert sample == (0, sample.out, "")
    assert f"{COUNT} synthetic consultations: " in sample.out
    assert len({record["consultation_id"] for record in originals}) == COUNT


def test_check_says_what_becomes_of_each_field(folder: Path, sample: Done) -> None:
    source = folder / "sample.jsonl"
    done = veilbeam("check", "--config", "telehealth", "--input", source, COLUMNS="200")
    assert (done.code, done.err) == (0, "")
    for words in (
        "replaced by an opaque token", "replaced by a realistic stand-in",
        "not published; looked for in the text", "identifiers in it are found and replaced",
        "made coarser: band 10", "published as it is", "consultations_by_specialty",
        "Budget of data set 'telehealth': ε=4, δ=1e-06", "The configuration is valid.",
    ):  # fmt: skip
        assert words in done.out


def test_check_prints_the_schema() -> None:
    done = veilbeam("check", "--schema")
    assert done.code == 0
    assert json.loads(done.out)["properties"]["fields"]


PROGRESS = re.compile(r"\S+Z [\d,]+ records in, [\d,]+ identifiers found, [\d,]+ records/s.*")


def test_a_run_ends_by_saying_where_to_look(first: Run) -> None:
    assert first.done.code == 0
    # On standard error a line of progress each ten seconds, and nothing else.
    assert all(PROGRESS.fullmatch(line) for line in first.done.err.splitlines())
    assert f"{COUNT} consultations read: {COUNT} published, 0 quarantined." in first.done.out
    assert f"{first.release}/README.md" in first.done.out
    assert f"veilbeam inspect {first.release}" in first.done.out
    assert str(first.restricted) in first.done.out


def test_inspect_finds_the_release_whole(first: Run) -> None:
    done = veilbeam("inspect", first.release)
    assert (done.code, done.err) == (0, "")
    assert f"{COUNT} read = {COUNT} published + 0 quarantined" in done.out
    assert "all checksums and counts are right" in done.out
    as_json = json.loads(veilbeam("inspect", first.release, "--json").out)
    assert as_json["problems"] == []
    for what in ("run_id", "counts", "splits", "detections", "config_digest", "key_fingerprint"):
        assert as_json["manifest"][what] == manifest_of(first.release)[what]


def test_inspect_finds_one_changed_byte(first: Run, tmp_path: Path) -> None:
    shutil.copytree(first.release, tmp_path / "copy")
    part = next((tmp_path / "copy").rglob("part-*.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    done = veilbeam("inspect", tmp_path / "copy")
    assert done.code == 1
    assert "another checksum" in done.out
    assert veilbeam("inspect", tmp_path).code == 2


def test_the_release_holds_what_the_manifest_lists_and_nothing_else(first: Run) -> None:
    files = {p.relative_to(first.release).as_posix() for p in first.release.rglob("*.*")
             if p.is_file()}  # fmt: skip
    manifest = manifest_of(first.release)
    assert files == {file["path"] for file in manifest["files"]} | {"manifest.json"}
    assert sorted(path.name for path in first.release.iterdir()) == [
        "README.md", "aggregates", "croissant.json", "manifest.json", "records", "report.html",
        "report.json",
    ]  # fmt: skip
    assert manifest["config_digest"] == load("telehealth").digest
    assert manifest["counts"] == {
        "read": COUNT, "published": COUNT, "quarantined": 0, "erased": 0, "merged": 0
    }  # fmt: skip
    # Beside it nothing is left.
    assert [p.name for p in first.release.parent.iterdir() if p.name.startswith(".")] == []


def test_four_libraries_read_the_same_records(first: Run) -> None:
    parts = str(first.release / "records" / "**" / "*.parquet")
    arrow = ds.dataset(first.release / "records", partitioning="hive").to_table()
    polars = pl.scan_parquet(parts, hive_partitioning=True).collect()
    duck = duckdb.sql(f"SELECT * FROM read_parquet('{parts}', hive_partitioning=true)")
    pandas = pd.read_parquet(first.release / "records")
    assert arrow.num_rows == polars.height == len(duck) == len(pandas) == COUNT
    names = set(arrow.column_names)
    assert names == set(polars.columns) == set(duck.columns) == set(pandas.columns)
    assert {"split", "turns", "codes", "note", "patient_id"} <= names
    notes = sorted(arrow.column("note").to_pylist())
    assert sorted(polars["note"].to_list()) == notes
    assert sorted(row[0] for row in duck.select("note").fetchall()) == notes
    assert sorted(pandas["note"]) == notes
    turns = sum(len(turns) for turns in arrow.column("turns").to_pylist())
    assert polars["turns"].list.len().sum() == turns
    assert duckdb.sql(f"SELECT sum(len(turns)) FROM '{parts}'").fetchall() == [(turns,)]


def test_columns_say_how_they_were_treated(first: Run) -> None:
    part = next((first.release / "records").rglob("*.parquet"))
    schema = pq.read_schema(part)
    assert manifest_of(first.release)["run_id"].encode() in schema.metadata.values()
    metadata = schema.field("patient_name").metadata
    assert {b"identifier", b"surrogate"} <= set(metadata.values())
    assert load("telehealth").digest.encode() in schema.metadata.values()


def test_no_subject_is_in_two_splits_and_all_splits_are_there(first: Run) -> None:
    splits = defaultdict(set)
    for row in first.records.select(["patient_id", "split"]).to_pylist():
        splits[row["patient_id"]].add(row["split"])
    assert all(len(of_one) == 1 for of_one in splits.values())
    assert {split for of_one in splits.values() for split in of_one} == {
        "train", "validation", "test"
    }  # fmt: skip


def test_workers_give_the_same_records(first: Run, workers: Run) -> None:
    assert workers.done.code == 0, workers.done
    assert workers.records.equals(first.records)


def test_workers_listen_on_this_machine_alone(workers: Run) -> None:
    assert workers.sockets, "no server was seen"
    assert beyond_loopback(workers.sockets) == set()


def test_a_repeated_run_spends_nothing_and_returns_the_same_tables(
    first: Run, workers: Run
) -> None:
    """The second run is over the same input, with the same configuration."""
    names = sorted(path.name for path in (first.release / "aggregates").iterdir())
    assert len(names) == 6  # Five releases, and the quality of the synthetic one.
    for name in names:
        ours, again = (run.release / "aggregates" / name for run in (first, workers))
        assert ours.read_bytes() == again.read_bytes()
    assert workers.spent == 4_000_000


def test_tables_say_what_they_cost_and_how_they_were_made(first: Run) -> None:
    tables = {table.name: table for table in load("telehealth").aggregate.releases}  # type: ignore[union-attr]
    for name, settings in tables.items():
        table = pq.read_table(first.release / "aggregates" / f"{name}.parquet")
        told = {k.decode(): v.decode() for k, v in table.schema.metadata.items()}
        text = json.dumps(told)
        for word in ("epsilon", "delta", "mechanism", "max_groups", "max_rows_per_group"):
            assert word in text, (name, told)
        (entry,) = [a for a in manifest_of(first.release)["aggregates"] if a["name"] == name]
        assert (entry["epsilon"], entry["delta"]) == (settings.epsilon, settings.delta)
    mean = pq.read_table(first.release / "aggregates" / "duration_by_channel.parquet")
    assert sorted(mean.column("channel").to_pylist()) == ["chat", "phone", "video"]
    counts = pq.read_table(first.release / "aggregates" / "consultations_by_specialty.parquet")
    assert counts.num_rows == 11
    assert "upper" in json.dumps({k.decode(): v.decode() for k, v in mean.schema.metadata.items()})


def visible(record: dict[str, Any]) -> tuple[Any, ...]:
    """What a record shows in the input as in the release: by it the two are matched."""
    kept = ("channel", "platform", "specialty", "duration_minutes", "satisfaction")
    return (*(record[name] for name in kept), len(record["turns"]))


def by_patient(run: Run, originals: list[dict[str, Any]]) -> dict[str, dict[str, set[str]]]:
    """Patient -> what became of the id and of the name, in all records."""
    known = {visible(r): r for r in originals}
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in run.records.to_pylist():
        original = known.get(visible(row))
        if original is not None:
            patient = original["patient"]
            seen[patient["id"]]["token"].add(row["patient_id"])
            seen[patient["id"]]["name"].add(row["patient_name"])
            seen[patient["id"]]["city"].add(row["city"])
            full = patient["name"] in original["note"] or any(
                patient["name"] in turn["text"] for turn in original["turns"]
            )
            if full:
                said = row["note"] + "\n".join(turn["text"] for turn in row["turns"])
                seen[patient["id"]]["in text" if row["patient_name"] in said else "missed"].add(
                    row["patient_name"]
                )
    return seen


@pytest.fixture(scope="module")
def unique(originals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records of the sample that can be told by what is published as it is."""
    groups = defaultdict(list)
    for record in originals:
        groups[visible(record)].append(record)
    found = [group[0] for group in groups.values() if len(group) == 1]
    assert len(found) > COUNT / 2
    return found


def test_the_same_patient_is_the_same_person_everywhere(
    first: Run, unique: list[dict[str, Any]]
) -> None:
    seen = by_patient(first, unique)
    assert len(seen) > 40
    assert max(len(s["token"]) for s in seen.values()) == 1
    # Another name only where the first is that of somebody real in the same record.
    assert sum(len(s["name"]) > 1 for s in seen.values()) <= len(seen) * 0.03
    assert len({token for s in seen.values() for token in s["token"]}) == len(seen)
    # Where a text had the full name, it has the field's stand-in now.
    assert sum(bool(s["in text"]) for s in seen.values()) > 5
    assert [s["missed"] for s in seen.values() if s["missed"]] == []


def test_another_key_gives_other_people(
    first: Run, other_key: Run, unique: list[dict[str, Any]]
) -> None:
    assert other_key.done.code == 0
    ours, theirs = by_patient(first, unique), by_patient(other_key, unique)
    assert set(ours) == set(theirs)
    assert not {t for s in ours.values() for t in s["token"]} & {
        t for s in theirs.values() for t in s["token"]
    }
    same = sum(ours[patient]["name"] == theirs[patient]["name"] for patient in ours)
    assert same <= len(ours) / 20
    fingerprints = {manifest_of(run.release)["key_fingerprint"] for run in (first, other_key)}
    assert len(fingerprints) == 2


def test_intervals_between_a_patients_visits_stay(first: Run, unique: list[dict[str, Any]]) -> None:
    rows = {visible(r): r for r in first.records.to_pylist()}
    moved = defaultdict(set)
    for record in unique:
        row = rows[visible(record)]
        days = pd.Timestamp(row["started_at"]) - pd.Timestamp(record["started_at"])
        moved[record["patient"]["id"]].add(days)
    assert max(map(len, moved.values())) == 1
    assert len({day for days in moved.values() for day in days}) > len(moved) / 2
    assert pd.Timedelta(0) not in {day for days in moved.values() for day in days}


def test_on_a_terminal_a_run_is_live(other_key: Run) -> None:
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", other_key.terminal)
    for words in ("records in", "identifiers found", "records/s", "━"):
        assert words in plain
    assert "Traceback" not in plain and "WARNING" not in plain


@pytest.fixture(scope="module")
def more(folder: Path, sample: Done) -> Path:
    """Another input for the same data set."""
    records = (folder / "sample.jsonl").read_bytes().splitlines()[:20]
    return write_jsonl(folder / "more.jsonl", [orjson.loads(line) for line in records])


@pytest.fixture(scope="module")
def overspent(folder: Path, first: Run, workers: Run, more: Path) -> Done:
    """A new edition over another input, when the budget is spent."""
    config = folder / "edition.yaml"
    preset = PRESETS["telehealth"].read_text(encoding="utf-8")
    config.write_text(preset.replace("  data_set:", "  edition: second\n  data_set:"), "utf-8")
    return veilbeam(
        "run", "--config", config, "--input", more, "--release", folder / "too_much",
        "--restricted", first.restricted,
    )  # fmt: skip


def test_another_input_needs_a_new_edition(folder: Path, first: Run, more: Path) -> None:
    done = veilbeam(
        "run", "--config", "telehealth", "--input", more, "--release", folder / "unnamed",
        "--restricted", first.restricted,
    )  # fmt: skip
    assert done.code == 1
    for words in (
        "is in the ledger already",
        "differs now: the input. Nothing was spent",
        "edition",
    ):
        assert words in done.err
    assert not (folder / "unnamed").exists()


def test_what_was_spent_can_be_shown_and_proved(first: Run, workers: Run) -> None:
    zone = first.restricted
    assert "PUBLISHED" in veilbeam("budget", "--restricted", zone).out
    done = veilbeam("budget", "verify", "--restricted", zone, "--release", first.release)
    assert done.code == 0, done.err
    assert "the heads that releases note among them" in done.out


def test_overspending_is_refused_and_publishes_nothing(
    overspent: Done, folder: Path, first: Run
) -> None:
    assert overspent.code == 1
    for words in ("budget of data set 'telehealth' does not suffice", "spent ε=4", "left ε=0"):
        assert words in overspent.err
    assert "Traceback" not in overspent.text
    assert not (folder / "too_much").exists()
    assert [p.name for p in folder.iterdir() if p.name.startswith(".")] == []
    assert first.spent == 4_000_000
