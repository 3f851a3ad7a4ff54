"""What an ML team does with a release: every command and example of docs/datasets.md, run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import duckdb
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipelines.published.chats import export
from transforms.errors import UsageError
from transforms.fields import Role
from transforms.publish.manifest import read_manifest

from .support import (
    ROOT,
    SMALL,
    TWO_PROCESSES,
    Done,
    environment,
    manifest_of,
    veilbeam,
    write_jsonl,
)

DOCS = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")
SPLITS = {"train", "validation", "test"}
SAMPLE = ROOT / "samples" / "consultations.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``out/release``, and ``out/encrypted`` by the same key, both of the sample."""
    folder = tmp_path_factory.mktemp("datasets")
    preset = (ROOT / "configs" / "telehealth.yaml").read_text(encoding="utf-8")
    encrypting = folder / "encrypting.yaml"
    encrypting.write_text(preset.replace("encrypt: false", "encrypt: true"), encoding="utf-8")
    for config, name in (("telehealth", "release"), (encrypting, "encrypted")):
        done = veilbeam(
            "run", "-c", config, "-i", SAMPLE, "--release", folder / "out" / name,
            "--restricted", folder / "out" / "restricted",
        )  # fmt: skip
        assert done.code == 0, done
    shutil.copytree(folder / "out" / "encrypted", folder / "out" / "next")
    return folder


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The same as the working directory, with ``datasets`` caching elsewhere."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    return folder


def command(text: str, folder: Path) -> Done:
    """A line of the docs, run."""
    words = shlex.split(text)
    assert words.pop(0) == "veilbeam"
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *words],
        cwd=folder, env=environment(PYTHONPATH=str(ROOT)), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout, done.stderr)


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", DOCS, re.S)
    return [line for block in blocks for line in block.splitlines() if line.startswith("veilbeam")]


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, Done]:
    """Every command of the docs, run in their order; by its first words."""
    return {" ".join(line.split()[:3]): command(line, folder) for line in commands()}


CHECKS: dict[str, Callable[[dict[str, Any]], bool]] = {
    'load_dataset("out/release")': lambda n: set(n["splits"]) == SPLITS,
    '"parquet",': lambda n: (
        {k: v.num_rows for k, v in n["splits"].items()}
        == manifest_of(Path("out/release"))["splits"]
    ),
    "to_table(columns=": lambda n: (
        n["notes"].num_rows == manifest_of(Path("out/release"))["splits"]["train"]
    ),
    "polars.scan_parquet": lambda n: n["frame"].columns == ["specialty", "turns"],
    "duckdb.sql": lambda n: "duckdb" in n,
    "pandas.read_parquet": lambda n: (
        len(n["categories"]) == 300 and str(n["categories"]["specialty"].dtype) == "category"
    ),
    "torch.utils.data": lambda n: isinstance(n["notes"][0], str),
    "mlcroissant.Dataset": lambda n: n["first"]["records/split"].decode() in SPLITS,
    'load_dataset("out/chats"': lambda n: set(n["first"]) == {"role", "content"},
    "Decryption.load": lambda n: n["table"].num_rows == 300,
}
"""What each example must come to, by words that it alone has."""

EXAMPLES = re.findall(r"```python\n(.*?)```", DOCS, re.S)


def test_every_example_of_the_docs_is_checked() -> None:
    for words in CHECKS:
        assert sum(words in code for code in EXAMPLES) == 1, words
    assert len(EXAMPLES) == len(CHECKS)


@pytest.mark.parametrize("words", CHECKS)
def test_the_examples_of_the_docs_run(here: Path, told: dict[str, Done], words: str) -> None:
    (code,) = [code for code in EXAMPLES if words in code]
    if "import torch" in code or "from torch" in code:
        pytest.importorskip("torch")
    names: dict[str, Any] = {}
    exec(code, names)
    assert CHECKS[words](names)


def test_the_commands_of_the_docs_run(told: dict[str, Done]) -> None:
    assert {name: done.code for name, done in told.items()} == {
        "veilbeam export chat": 0, "veilbeam key derive": 0, "veilbeam diff out/release": 0,
    }, told  # fmt: skip


def test_the_readme_loads_it_as_it_says(here: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## Five minutes for an ML team") :]
    for code in re.findall(r"```python\n(.*?)```", section, re.S):
        exec(code, {})


def test_a_folder_alone_is_three_splits_and_its_tables(here: Path) -> None:
    splits = datasets.load_dataset("out/release")
    expected = manifest_of(Path("out/release"))["splits"]
    assert {name: split.num_rows for name, split in splits.items()} == expected
    turn = splits["train"][0]["turns"][0]
    assert set(turn) == {"speaker", "text"}
    table = datasets.load_dataset("out/release", "table_duration_by_channel", split="train")
    assert table.num_rows == 3


def test_a_filter_on_the_split_reads_one_folder(here: Path) -> None:
    plan = (
        pl.scan_parquet("out/release/records/**/*.parquet", hive_partitioning=True)
        .filter(pl.col("split") == "test")
        .select("note")
        .explain()
    )
    assert "split=test" in plan
    assert "split=train" not in plan
    assert re.search(r"PROJECT 2/\d+ COLUMNS", plan)  # the note, and the split of the folder
    files = "out/release/records/*/*.parquet"
    with duckdb.connect() as connection:
        ((_, analysed),) = connection.execute(
            f"EXPLAIN ANALYZE SELECT sum(length(note)) FROM '{files}' WHERE split = 'test'"
        ).fetchall()
    assert "Scanning Files: 1/3" in analysed
    assert "Row Groups Scanned: 1 / 1" in analysed
    records = ds.dataset("out/release/records", partitioning="hive")
    wanted = ds.field("split") == "test"
    fragments = list(records.get_fragments(filter=wanted))
    groups = sum(fragment.num_row_groups for fragment in fragments)
    assert groups == sum(f.num_row_groups for f in records.get_fragments()) - 2
    assert records.count_rows(filter=wanted) == sum(f.count_rows() for f in fragments)


def test_no_footer_tells_of_a_protected_column(folder: Path) -> None:
    release = folder / "out" / "release"
    protected = {
        f"{c.nested_in}.list.element.{c.name.removeprefix(f'{c.nested_in}.')}"
        if c.nested_in
        else c.name
        for c in read_manifest(str(release)).columns
        if c.role is not Role.ATTRIBUTE
    }
    assert {"patient_id", "age", "started_at", "turns.list.element.text"} <= protected
    seen = set()
    for part in (release / "records").rglob("*.parquet"):
        metadata = pq.ParquetFile(part).metadata
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            for column in map(group.column, range(group.num_columns)):
                assert not column.has_column_index
                if column.path_in_schema in protected:
                    assert not column.is_stats_set
                    seen.add(column.path_in_schema)
    assert seen == protected


def test_one_key_gives_one_order_however_the_source_is_cut_and_by_how_many_workers(
    tmp_path: Path,
) -> None:
    config = tmp_path / "small.yaml"
    config.write_text(SMALL, encoding="utf-8")
    people = [
        {"id": f"C{n:04}", "patient": f"P{n // 2:04}", "name": "Ann Lee", "note": f"Cough {n}."}
        for n in range(200)
    ]
    whole, first, second = tmp_path / "whole", tmp_path / "cut/b.jsonl", tmp_path / "cut/a.jsonl"
    whole.mkdir()
    first.parent.mkdir()
    write_jsonl(whole / "all.jsonl", people)
    write_jsonl(first, people[:70])
    write_jsonl(second, people[:69:-1])
    for source, name, options in ((whole, "one", ()), (first.parent, "other", TWO_PROCESSES)):
        done = veilbeam(
            "run", "-c", config, "-i", source, "--release", tmp_path / name,
            "--restricted", tmp_path / "restricted", *options,
        )  # fmt: skip
        assert done.code == 0, done
    notes = []
    for split in SPLITS:
        one, other = (
            pq.read_table(tmp_path / name / "records" / f"split={split}")
            for name in ("one", "other")
        )
        assert one.equals(other)
        notes += one["note"].to_pylist()
    assert sorted(notes) == sorted(person["note"] for person in people)


def test_chats_keep_splits_and_take_nothing_that_the_release_has_not(
    folder: Path, tmp_path: Path
) -> None:
    release = folder / "out" / "release"
    words: Any = ("export", "chat", "--release", release, "--role", "carer=user")
    done = veilbeam(
        *words, "--out", tmp_path / "c", "--format", "jsonl", "--target", "note", "--keep", "sex"
    )
    assert done.code == 0, done
    told = {f"{name} {n}" for name, n in manifest_of(release)["splits"].items()}
    assert all(words in done.out for words in told)
    for split in SPLITS:
        lines = [
            json.loads(line)
            for file in sorted((tmp_path / "c").glob(f"{split}-*.jsonl"))
            for line in file.read_text().splitlines()
        ]
        rows = pq.read_table(release / "records" / f"split={split}").to_pylist()
        assert len(lines) == len(rows)
        for line, row in zip(lines, rows, strict=True):
            assert set(line) == {"messages", "sex"}
            assert line["messages"][-1] == {"role": "assistant", "content": row["note"]}
            text = "\n".join(message["content"] for message in line["messages"][:-2])
            assert all(turn["text"].strip() in text for turn in row["turns"][:-1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "'carer'"),
        ({"roles": ["carer"]}, "SPEAKER=ROLE"),
        ({"roles": ["carer=boss"]}, "assistant"),
        ({"target": "nothing"}, "the release has these columns"),
        ({"target": "turns"}, "no list"),
        ({"keep": ["phone"]}, "the release has these columns"),
        ({"speaker": "turns.speaker"}, "--text"),
        ({"speaker": "turns.speaker", "text": "codes.code"}, "two columns of one list"),
    ],
)
def test_what_cannot_be_exported_is_refused_and_leaves_nothing(
    folder: Path, tmp_path: Path, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        export(str(folder / "out" / "release"), tmp_path / "c", **arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "veilbeam: `turns.speaker` has speakers without a role: 'carer'"),
        (("--format", "csv"), "parquet or jsonl"),
        (("--instruction", "Write."), "--target"),
    ],
)
def test_the_command_says_what_is_wrong(
    folder: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    release = folder / "out" / "release"
    done = veilbeam("export", "chat", "--release", release, "--out", tmp_path / "c", *arguments)
    assert (done.code, words in done.err, "Traceback" in done.err) == (2, True, False)


def test_an_export_overwrites_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    done = veilbeam(
        "export", "chat", "--release", folder / "out" / "release", "--out", tmp_path / "c"
    )
    assert (done.code, "is there already" in done.err) == (2, True)


def test_an_encrypted_release_takes_its_key(
    folder: Path, told: dict[str, Done], tmp_path: Path
) -> None:
    encrypted, key = folder / "out" / "encrypted", folder / "reading.key"
    for part in (encrypted / "records").rglob("*.parquet"):
        with pytest.raises(OSError, match="encrypted"):
            pq.ParquetFile(part)
    assert "give --key" in veilbeam("inspect", encrypted).out
    done = veilbeam("inspect", encrypted, "--key", key)
    assert (done.code, "give --key" in done.out) == (0, False)
    words: Any = ("export", "chat", "--release", encrypted, "--role", "carer=user", "--out")
    assert veilbeam(*words, tmp_path / "c").code == 2
    assert veilbeam(*words, tmp_path / "c", "--key", key).code == 0
    assert sum(pq.read_metadata(f).num_rows for f in (tmp_path / "c").glob("*.parquet")) == 300


def test_diff_tells_what_changed_and_nothing_else(folder: Path, told: dict[str, Done]) -> None:
    out = folder / "out"
    done = veilbeam("diff", out / "release", out / "encrypted", "--json")
    assert done.code == 0, done
    found = json.loads(done.out)
    assert found["before"] == manifest_of(out / "release")["run_id"]
    changed = {(change["section"], change["what"]) for change in found["changes"]}
    assert {("encrypted", ""), ("config_digest", "")} <= changed
    # The same records by the same key: no count and no treatment is another.
    assert not {section for section, _ in changed} & {"counts", "splits", "columns", "detections"}
    assert "config_digest" in told["veilbeam diff out/release"].out
    assert "Nothing changed." in veilbeam("diff", out / "release", out / "release").out
    assert veilbeam("diff", out / "release", folder).code == 2


def test_the_benchmark_of_loading_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "scripts/benchmark_load.py", "--rows", "1000", "--rounds", "1",
         "--json", tmp_path / "figures.json"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert 0 < figures["size"] <= 1.05
    assert all(figures[f"{way}_speed"] > 0 for way in ("scan", "iterate", "stream"))
