"""The same figures through Beam, in two processes' worth of bundles; files that wait are gone."""

from __future__ import annotations

import pickle
import random
from pathlib import Path
from typing import Any

import apache_beam as beam
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.pseudonymise.batch import Treated
from transforms.quarantine import QUARANTINED
from transforms.verify.risk.report import RiskReport, assess
from transforms.verify.risk.transform import PLAN, Assess, Protect

from .support import FIELDS, Row, about, counted, risk, rows_of, table, treated

RANDOM = random.Random(4)
ROWS: list[Row] = [
    {
        "patient": f"p{RANDOM.randrange(150)}",
        "age": RANDOM.choice(["20-29", "30-39", "40-49", "90+"]),
        "area": RANDOM.choice(["LS", "LN", "M1"]),
        "sex": RANDOM.choice("fm"),
        "illness": RANDOM.choice(["flu", "cold"]),
        "note": f"note {n}",
    }
    for n in range(400)
]
BATCHES = [treated(ROWS[i : i + 40]) for i in range(0, 400, 40)]


def kept(element: Any, folder: str) -> None:
    name = type(element).__name__
    number = len(list(Path(folder).iterdir()))
    Path(folder, f"{number:04}-{name}.pickle").write_bytes(pickle.dumps(element))


def gathered(folder: Path, kind: str) -> list[Any]:
    return [pickle.loads(p.read_bytes()) for p in sorted(folder.glob(f"*-{kind}.pickle"))]


def test_the_report_is_that_of_the_table(tmp_path: Path) -> None:
    rules = risk(quasi=["sex"], sensitive=["illness"], k=5)
    with beam.Pipeline(runner=FnApiRunner()) as root:
        batches = root | beam.Create(BATCHES)
        batches | Assess(rules, FIELDS) | beam.Map(kept, str(tmp_path))
    (report,) = gathered(tmp_path, "RiskReport")
    assert isinstance(report, RiskReport)
    assert report == assess(table(ROWS, rules), rules, about(rules))


def test_protected_records_fulfil_all_and_none_is_lost(tmp_path: Path) -> None:
    rules = risk(quasi=["sex"], k=12, action="generalise", suppression=0.05)
    waiting, out = tmp_path / "waiting", tmp_path / "out"
    waiting.mkdir()
    out.mkdir()
    with beam.Pipeline(runner=FnApiRunner()) as root:
        found = root | beam.Create(BATCHES) | Protect(rules, FIELDS, str(waiting))
        for number, name in enumerate(("out", QUARANTINED, PLAN)):
            found[name] | f"Keep {number}" >> beam.Map(kept, str(out))
    treated_ones: list[Treated] = gathered(out, "Treated")
    published = [row for batch in treated_ones for row in rows_of(batch)]
    held = sum(batch.data.num_rows for batch in gathered(out, "Batch"))
    assert len(published) + held == 400 and held <= 20
    assert min(map(len, counted(published, ["age", "area", "sex"]).values())) >= 12
    notes = {row["note"] for row in published}
    assert len(notes) == len(published)
    (plan,) = gathered(out, "Plan")
    assert plan.problem is None and plan.generalised
    assert all(file.stat().st_mode & 0o077 == 0 for file in waiting.iterdir())


def test_of_no_records_there_is_a_report_too(tmp_path: Path) -> None:
    rules = risk(sensitive=["illness"])
    with beam.Pipeline(runner=FnApiRunner()) as root:
        nothing = root | beam.Create([], reshuffle=False)
        nothing | Assess(rules, FIELDS) | beam.Map(kept, str(tmp_path))
    (report,) = gathered(tmp_path, "RiskReport")
    assert report.fulfilled and report.records == 0
