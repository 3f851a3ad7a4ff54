"""Risk over many records: through Beam, as the main job does it, and by its functions alone.

    python scripts/benchmark_risk.py [--rows 1000000] [--json OUT]

Records of people with six quasi-identifiers and a sensitive field, made in memory. Measured: the
table of trails and the report; the search for the generalisation of least loss; and the whole,
``Assess``, on Beam's FnApiRunner over two worker processes, reading the records from Arrow files.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import apache_beam as beam
import numpy as np
import pyarrow as pa
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.fields import FieldSettings, FieldSpec, source_schema
from transforms.pseudonymise.batch import Treated
from transforms.verify.risk import plan, trails
from transforms.verify.risk.report import assess
from transforms.verify.risk.settings import Attributes, RiskSettings
from transforms.verify.risk.transform import Assess

QUASI = ("sex", "channel", "specialty", "month")
FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "patient": {"role": "subject"},
        "age": {"role": "quasi", "type": "integer", "generalise": {"band": 10, "top": 90}},
        "postcode": {"role": "quasi", "generalise": {"prefix": 2}},
        "sex": {"role": "attribute"},
        "channel": {"role": "attribute"},
        "specialty": {"role": "attribute"},
        "month": {"role": "date", "treatment": "generalise", "generalise": {"period": "month"}},
        "condition": {"role": "attribute"},
    }.items()
]
SETTINGS = RiskSettings(quasi=QUASI, sensitive=("condition",), k=5)
BATCH, FILE = 500, 50_000


def treated(start: int, rows: int, people: int) -> Treated:
    """Records from number ``start`` on."""
    random = np.random.default_rng(start)
    person = random.integers(0, people, rows)
    decade = person * 7919 % 10 * 10
    letters = np.array([a + b for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJKL"])
    month = random.integers(0, 36, rows)
    columns = {
        "patient": [f"ID_{number:020}" for number in person],
        "age": np.array(["90+" if d == 90 else f"{d}-{d + 9}" for d in range(0, 100, 10)])[
            decade // 10
        ],
        "postcode": letters[person % 120],
        "sex": np.array(["female", "male"])[person // 7 % 2],
        "channel": np.array(["video", "phone", "chat"])[random.integers(0, 3, rows)],
        "specialty": np.array([f"specialty {n}" for n in range(11)])[random.integers(0, 11, rows)],
        "month": np.array([f"{2023 + m // 12}-{m % 12 + 1:02}" for m in range(36)])[month],
        "condition": np.array([f"condition {n}" for n in range(60)])[random.integers(0, 60, rows)],
    }
    published = pa.record_batch({name: pa.array(values) for name, values in columns.items()})
    schema = source_schema(FIELDS)
    source = pa.record_batch(
        [
            published.column("patient") if field.name == "patient" else pa.nulls(rows, field.type)
            for field in schema
        ],
        schema=schema,
    )  # fmt: skip
    return Treated(source, published, {})


def read(path: str) -> Iterator[Treated]:
    """The batches of a file."""
    with pa.OSFile(path) as file, pa.ipc.open_file(file) as reader:
        table = reader.read_all()
    empty = treated(0, 0, 1).source.schema
    for batch in table.to_batches(max_chunksize=BATCH):
        nothing = [
            batch.column("patient") if f.name == "patient" else pa.nulls(len(batch), f.type)
            for f in empty
        ]
        yield Treated(pa.record_batch(nothing, schema=empty), batch, {})


def through_beam(files: list[str]) -> None:
    """The report, as the main job makes it."""
    options = PipelineOptions(direct_num_workers=2, direct_running_mode="multi_processing")
    with beam.Pipeline(runner=FnApiRunner(), options=options) as root:
        (
            root
            | beam.Create(files)
            | beam.Reshuffle()
            | "Read" >> beam.FlatMap(read)
            | Assess(SETTINGS, FIELDS)
            | beam.Map(lambda report: None)
        )


def read_all(files: list[str]) -> None:
    """What of that is reading alone."""
    options = PipelineOptions(direct_num_workers=2, direct_running_mode="multi_processing")
    with beam.Pipeline(runner=FnApiRunner(), options=options) as root:
        (
            root
            | beam.Create(files)
            | beam.Reshuffle()
            | "Read" >> beam.FlatMap(read)
            | beam.Map(lambda treated: None)
        )


def timed(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Seconds by the clock, and of all cores together: those do not change with what else runs."""
    start, cpu = time.perf_counter(), _cpu_seconds()
    result = work()
    seconds = {"seconds": time.perf_counter() - start, "cpu_seconds": _cpu_seconds() - cpu}
    return {name: round(value, 2) for name, value in seconds.items()}, result


def _cpu_seconds() -> float:
    """Of this process and of its workers, which have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    about = Attributes(SETTINGS, FIELDS)
    people = max(1, given.rows * 2 // 5)
    figures: dict[str, Any] = {"rows": given.rows, "people": people, "cores": os.cpu_count()}
    with tempfile.TemporaryDirectory() as folder:
        files, frames = [], []
        for start in range(0, given.rows, FILE):
            part = treated(start, min(FILE, given.rows - start), people)
            subjects = part.source.column("patient")
            columns = trails.columns_of(part.published, subjects, about)
            frames.append(trails.rows_of(pa.Table.from_batches([columns]), about))
            path = str(Path(folder, f"{start:012}.arrow"))
            with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, part.published.schema) as out:
                out.write_batch(part.published)
            files.append(path)
        figures["trails"], table = timed(lambda: trails.of_subjects(frames))
        figures["report"], report = timed(lambda: assess(table, SETTINGS, about))
        searching = SETTINGS.model_copy(update={"action": "generalise"})
        figures["search"], found = timed(lambda: plan.decide(table, searching, about))
        figures["beam"], _ = timed(lambda: through_beam(files))
        figures["beam_reading_alone"], _ = timed(lambda: read_all(files))
    figures |= {
        "different_trails": table["r:trail"].n_unique(),
        "combinations": table.height,
        "classes": report.classes,
        "smallest_class": report.smallest_class,
        "generalised": [f"{g.field}: {g.how}" for g in found.generalised],
        "loss": found.loss,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures, indent=2))
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
