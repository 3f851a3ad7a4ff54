"""How fast a release loads, and how large it is, beside plain Parquet of the same columns.

    python scripts/benchmark_load.py [--rows 100000] [--rounds 5] [--json OUT]

Synthetic consultations, all different, are given the columns of `configs/telehealth.yaml` and
written twice: by the release's own writer (shuffled, zstd, row groups for training) and by
`pyarrow.parquet.write_table` with its defaults, one file for each split. Both are then read by
turns, each time in a process of its own:

- scan: every column of every record into Arrow memory (`pyarrow.dataset`, `to_batches`);
- iterate: the same, each record made a Python dictionary, as a training loop sees it;
- stream: each record from `datasets.load_dataset(..., streaming=True)`.

Times are the best of the rounds, since whatever else the machine does only adds to them; on a busy
machine the seconds of CPU tell more. Files are in the page cache. The goal: at least 0.9 times the
speed of plain Parquet, at most 1.05 times its size.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq

ROOT = Path(__file__).parent.parent
WAYS = ("scan", "iterate", "stream")


def split_batches(rows: int) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Consultations in the columns of a release, by split. Values that a run would replace are as
    they were generated, which is about as long."""
    from pipelines.sample import consultations
    from pipelines.settings import load
    from transforms.ingest.records import Row, to_batches
    from transforms.publish.schema import is_published, nest

    fields = load("telehealth").specs
    records = (Row("made", n, record, None) for n, record in enumerate(consultations(rows, 7)))
    for number, batch in enumerate(to_batches(records, fields)):
        assert isinstance(batch, pa.RecordBatch)
        columns = {f.name: batch.column(f.name) for f in fields if is_published(f)}
        for field in filter(is_published, fields):
            columns[field.name] = columns[field.name].cast(field.published_type)
        split = {0: "validation", 1: "test"}.get(number % 10, "train")
        yield split, nest(pa.RecordBatch.from_pydict(columns), fields)


def write_release(rows: int, folder: Path) -> None:
    """By the release's own writer."""
    from pipelines.settings import load
    from transforms.publish.schema import release_schema
    from transforms.publish.shuffle import Spill
    from transforms.publish.writer import write_spilled

    settings = load("telehealth")
    schema = release_schema(settings.specs, {"run_id": "benchmark"})
    with Spill(str(folder), schema, settings.publish.splits, os.urandom(32)) as spill:
        for split, batch in split_batches(rows):
            spill.write(split, batch)
        spilled = spill.close()
    write_spilled(str(folder), schema, spilled, settings.publish)


def write_plain(rows: int, folder: Path) -> None:
    """By pyarrow with its defaults."""
    batches: dict[str, list[pa.RecordBatch]] = {}
    for split, batch in split_batches(rows):
        batches.setdefault(split, []).append(batch)
    for split, members in batches.items():
        target = folder / "records" / f"split={split}"
        target.mkdir(parents=True)
        table = pa.Table.from_batches(members).replace_schema_metadata(None)
        pq.write_table(table, target / "part-0.parquet")


def read(way: str, folder: Path) -> int:
    """Read all records; how many there are."""
    if way == "stream":
        import datasets

        files = str(folder / "records" / "*" / "*.parquet")
        stream = datasets.load_dataset("parquet", data_files=files, streaming=True, split="train")
        return sum(1 for _ in stream)
    seen = 0
    for batch in pyarrow.dataset.dataset(folder / "records", partitioning="hive").to_batches():
        seen += len(batch.to_pylist()) if way == "iterate" else batch.num_rows
    return seen


def measure(way: str, folder: Path, rows: int) -> dict[str, float]:
    """Seconds, seconds of CPU and peak memory (MB) of one reading, in a process of its own."""
    command = [sys.executable, __file__, "--read", way, "--folder", str(folder)]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["records"] == rows, told
    return told


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def compare(rows: int, rounds: int, folder: Path) -> dict[str, Any]:
    """Write both, and read them by turns."""
    folders = {"plain": folder / "plain", "release": folder / "release"}
    figures: dict[str, Any] = {"rows": rows, "rounds": rounds, "cores": os.cpu_count()}
    for name, write in (("plain", write_plain), ("release", write_release)):
        folders[name].mkdir()
        start = time.perf_counter()
        write(rows, folders[name])
        files = list(folders[name].rglob("*.parquet"))
        figures[name] = {
            "write_s": time.perf_counter() - start,
            "bytes": size(folders[name]),
            "files": len(files),
            "row_groups": sum(pq.ParquetFile(file).num_row_groups for file in files),
        }
    require_same(folders)
    for way in WAYS:
        taken: dict[str, list[dict[str, float]]] = {"plain": [], "release": []}
        for number in range(rounds):
            # In turns, and first by turns, so that neither has the quieter moments.
            for name in sorted(taken, reverse=number % 2 == 1):
                taken[name].append(measure(way, folders[name], rows))
        for name, times in taken.items():
            best = {key: min(time[key] for time in times) for key in ("seconds", "cpu")}
            figures[name][way] = best | {"mb": max(time["mb"] for time in times)}
        plain, release = figures["plain"][way], figures["release"][way]
        figures[f"{way}_speed"] = plain["seconds"] / release["seconds"]
        figures[f"{way}_cpu_speed"] = plain["cpu"] / release["cpu"]
    figures["size"] = figures["release"]["bytes"] / figures["plain"]["bytes"]
    return figures


def require_same(folders: dict[str, Path]) -> None:
    """Both hold the same records, in other orders."""
    ids = [
        sorted(
            pq.read_table(folder / "records", columns=["consultation_id"])[
                "consultation_id"
            ].to_pylist()
        )
        for folder in folders.values()
    ]
    assert ids[0] == ids[1]


def report(figures: dict[str, Any]) -> None:
    print(f"{figures['rows']:,} records, best of {figures['rounds']}, {figures['cores']} cores\n")
    print(f"{'':10}{'plain':>12}{'release':>12}{'release / plain':>18}")
    plain, release = figures["plain"], figures["release"]
    print(
        f"{'MB':10}{plain['bytes'] / 1e6:12.1f}{release['bytes'] / 1e6:12.1f}"
        f"{figures['size']:18.2f}"
    )
    for what in ("files", "row_groups"):
        print(f"{what:10}{plain[what]:12}{release[what]:12}")
    for way in WAYS:
        for key, name in (("seconds", f"{way}, s"), ("cpu", "  CPU, s"), ("mb", "  peak MB")):
            speed = plain[way][key] / release[way][key]
            told = f"{speed:12.2f} speed" if key != "mb" else ""
            print(f"{name:10}{plain[way][key]:12.2f}{release[way][key]:12.2f}{told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--read", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        if arguments.read == "stream":
            import datasets  # noqa: F401  # Its import is no part of the reading.
        start, cpu = time.perf_counter(), time.process_time()
        records = read(arguments.read, arguments.folder)
        seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
        # Not ru_maxrss, which begins with what the parent process had.
        (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        mb = int(peak) / 1024
        print(json.dumps({"records": records, "seconds": seconds, "cpu": cpu, "mb": mb}))
        return
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        figures = compare(arguments.rows, arguments.rounds, Path(folder))
    report(figures)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
