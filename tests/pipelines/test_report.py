"""What a run gathers for its report."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.outcome import Outcome
from pipelines.report import budget, gather, medians
from pipelines.settings import Settings, parse
from transforms.aggregate.ledger import Ledger
from transforms.aggregate.ledger.ledger import Ask
from transforms.aggregate.settings import Amount
from transforms.publish.report.facts import Contents, Example
from transforms.verify.leaks import LEFT

CONFIG = """\
version: 1
fields:
  patient: {role: subject}
  note: {role: text}
aggregate:
  data_set: trial
  budget: {epsilon: 2.0}
  releases:
    - {name: all, measures: [{kind: count}], epsilon: 0.5}
"""
EXAMPLE = Example(values=(), texts=())


def settings(extra: str = "") -> Settings:
    return parse(CONFIG + extra, "config.yaml")


def outcome(**changes: object) -> Outcome:
    told = {
        "read": 3, "files": [], "found": {"PERSON": 2}, "inputs": [], "exact": [], "left_out": {},
        "reasons": {f"field 'note'{LEFT}PERSON": 2, "is not JSON": 1}, "recognisers": [],
        "contents": Contents(),
    }  # fmt: skip
    return Outcome.model_validate(told | changes)


def test_fields_thresholds_and_leaks_are_told() -> None:
    found = gather(settings(), outcome(left_out={"field:surplus": 3}), EXAMPLE)
    assert [field.name for field in found.fields] == ["patient", "note"]
    assert found.unassigned_fields == 1
    assert found.thresholds == {"PERSON": settings().detect.threshold_of("PERSON")}
    assert found.leak_check is not None
    assert found.leak_check.held_back == 2
    assert found.contents == Contents()
    assert {"python", "opendp"} <= set(found.software)


def test_of_encrypted_records_nothing_is_told_that_only_the_key_shows() -> None:
    found = gather(settings("publish: {encrypt: true}\n"), outcome(), EXAMPLE)
    assert found.contents is None


def test_medians_are_those_of_columns_of_numbers() -> None:
    table = pa.table({"group": ["a", "b", "c"], "count": [1, 9, 4], "mean": [None, 2.0, 4.0]})
    assert medians(table) == {"count": 4.0, "mean": 3.0}
    assert medians(pa.table({"count": pa.array([], pa.int64())})) == {}


def test_the_account_is_told_day_by_day_without_the_names_of_releases(tmp_path: Path) -> None:
    now = datetime(2025, 3, 1, 9, tzinfo=UTC)
    clock = [now]
    ledger = Ledger(tmp_path / "ledger.sqlite", clock=lambda: clock[0])
    for day, name in ((1, "first"), (1, "second"), (4, "third")):
        clock[0] = now.replace(day=day)
        ask = Ask(name, "d" * 64, Amount.spent(0.5, 0.0))
        ledger.reserve("trial", Amount.total(2.0, 1e-6), [ask])
    config = settings().aggregate
    assert config is not None
    told = budget(ledger.events(), config, clock[0])
    assert told is not None
    assert [(point.day.day, point.epsilon_spent) for point in told.points] == [(1, 1.0), (4, 1.5)]
    assert told.points[0].epsilon_total == 2.0
    assert told.points[0].delta_total == pytest.approx(1e-6)
    assert "first" not in told.model_dump_json()
    assert budget([], config, now) is None
