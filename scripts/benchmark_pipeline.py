"""The main job's speed and memory, beside unchanged Presidio and beside itself without Beam.

    python scripts/benchmark_pipeline.py [--small 10000] [--large 100000] [--json OUT]

In one run, on generated consultations of about 1 KB of text:

a. the command ``veilbeam run``, as a user calls it, at both sizes: records per second, peak memory;
b. the same records through a plain loop of unchanged Presidio ``AnalyzerEngine`` and
   ``AnonymizerEngine`` with the same recognisers, one process on each core;
c. the same records through Veilbeam's own stages without Beam, one process on each core.

(b) reads and replaces only: no field is treated, nothing is verified or written. It is measured on
fewer records, since its time is linear in them. Start-up is counted in all three.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
CORES = os.cpu_count() or 1
PLAIN_RECORDS = 10_000


def peak_memory(command: list[str]) -> tuple[float, float]:
    """Seconds, and peak of the memory (MB, proportional set size) of a command and its children."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=_environment())
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_memory(pid) for pid in _tree(process.pid)))
        time.sleep(1)
    if process.returncode not in (0, 3):
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    return time.perf_counter() - start, peak


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except OSError:
        return


def _memory(pid: int) -> float:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def patterns_alone(source: Path) -> Path:
    """The preset without its model, which plain Presidio has not either: beside the source."""
    path = source.with_name("patterns.yaml")
    preset = (ROOT / "configs" / "telehealth.yaml").read_text()
    without = preset.replace("\n  model: {kind: builtin}\n", "\n")
    assert without != preset
    path.write_text(without)
    return path


def veilbeam(source: Path, folder: Path) -> tuple[float, float]:
    """(a): the command, as a user calls it."""
    return peak_memory(
        [
            sys.executable, "-m", "pipelines.cli", "run", "--config", str(patterns_alone(source)),
            "--input", str(source), "--release", str(folder / "release"),
            "--restricted", str(folder / "restricted"),
        ]
    )  # fmt: skip


def on_all_cores(work: Callable[[Path, int, int], int], source: Path, records: int) -> float:
    """Seconds for ``work(source, first, step)`` on each core, start-up included."""
    start = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    with context.Pool(CORES) as pool:
        done = pool.starmap(work, [(source, core, CORES) for core in range(CORES)])
    assert sum(done) == records, (done, records)
    return time.perf_counter() - start


def plain(source: Path, first: int, step: int) -> int:
    """(b): every ``step``-th record through unchanged Presidio."""
    from pipelines.settings import load
    from scripts.plain_presidio import PlainPresidio

    presidio = PlainPresidio(load(str(patterns_alone(source))).detect)
    done = 0
    with source.open("rb") as lines:
        for number, line in enumerate(lines):
            if number % step == first:
                record = json.loads(line)
                turns = "\n".join(turn["text"] for turn in record["turns"])
                presidio.anonymize([turns, record["note"]])
                done += 1
    return done


def without_beam(source: Path, first: int, step: int) -> int:
    """(c): every ``step``-th range of the source through our own stages, written as Parquet."""
    from pipelines.settings import load
    from transforms.batches import Batch
    from transforms.detect.batch import detect_batch
    from transforms.detect.engine import Detector
    from transforms.ingest.find import find_files
    from transforms.ingest.plan import plan
    from transforms.ingest.read import read
    from transforms.ingest.records import to_batches
    from transforms.pseudonymise.batch import treat
    from transforms.pseudonymise.keys import RootKey
    from transforms.pseudonymise.pseudonymiser import Pseudonymiser
    from transforms.publish.schema import nest, release_schema
    from transforms.publish.shuffle import Spill
    from transforms.publish.writer import write_spilled
    from transforms.verify.leaks import leaks

    settings = load(str(patterns_alone(source)))
    fields = settings.specs
    detector = Detector(settings.detect)
    certain = Detector(settings.detect, settings.verify.certain)
    pseudonymiser = Pseudonymiser(RootKey(bytes(32)), settings.pseudonymise, fields)
    subject = next(f.name for f in fields if f.role == "subject")
    done = 0
    folder = tempfile.mkdtemp()
    schema = release_schema(fields, {})
    with Spill(folder, schema, ["train"], bytes(32)) as spill:
        (file,) = find_files([str(source)], settings.source).files
        for number, part in enumerate(plan(file, settings.source)):
            if number % step != first:
                continue
            for output in to_batches(read(part, settings.source, fields), fields):
                treated = treat(pseudonymiser, detect_batch(detector, output, fields), subject)
                leaks(certain, settings.verify, fields, treated)
                spill.write("train", nest(treated.published, fields))
                done += Batch(output).source.num_rows
        write_spilled(folder, schema, spill.close(), settings.publish)
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--large", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    from pipelines.sample import write

    figures: dict[str, Any] = {"cores": CORES}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = {}
        for records in sorted({PLAIN_RECORDS, arguments.small, arguments.large}):
            sources[records] = folder / f"{records}.jsonl"
            write(sources[records], records, seed=7)
        seconds = on_all_cores(plain, sources[PLAIN_RECORDS], PLAIN_RECORDS)
        figures["b"] = {"records": PLAIN_RECORDS, "records_per_s": PLAIN_RECORDS / seconds}
        for records in (arguments.small, arguments.large):
            run = folder / f"run-{records}"
            run.mkdir()
            seconds, memory = veilbeam(sources[records], run)
            figures[f"a_{records}"] = {"records_per_s": records / seconds, "peak_mb": memory}
            seconds = on_all_cores(without_beam, sources[records], records)
            figures[f"c_{records}"] = {"records_per_s": records / seconds}
    report(figures, arguments.small, arguments.large)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


def report(figures: dict[str, Any], small: int, large: int) -> None:
    """Print the table of ``docs/benchmarks.md``."""
    plain_rate = figures["b"]["records_per_s"]
    print(f"{figures['cores']} cores\n")
    print("| | records | records/s | peak MB | times (b) | times (c) |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    print(f"| (b) plain Presidio | {figures['b']['records']:,} | {plain_rate:,.0f} | | 1.00 | |")
    for records in (small, large):
        ours, bare = figures[f"a_{records}"], figures[f"c_{records}"]["records_per_s"]
        print(
            f"| (c) without Beam | {records:,} | {bare:,.0f} | | {bare / plain_rate:.2f} | 1.00 |"
        )
        rate = ours["records_per_s"]
        print(
            f"| (a) veilbeam run | {records:,} | {rate:,.0f} | {ours['peak_mb']:,.0f} | "
            f"{rate / plain_rate:.2f} | {rate / bare:.2f} |"
        )
    growth = figures[f"a_{large}"]["peak_mb"] / figures[f"a_{small}"]["peak_mb"] - 1
    print(f"\nPeak memory from {small:,} to {large:,} records: {growth:+.0%}")


if __name__ == "__main__":
    main()
