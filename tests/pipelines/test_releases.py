"""What the DP tables read of a record: shown fields as published, all others as they were read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.outcome import Outcome, collect, exact_table
from pipelines.releases import Exact, Project
from pipelines.settings import Settings, parse
from transforms.aggregate.schema import exact_schema
from transforms.batches import Batch
from transforms.fields import source_schema
from transforms.pseudonymise.keys import KeySource, load_or_create

CONFIG = """\
version: 1
fields:
  patient: {role: subject}
  seen: {role: date, type: datetime}
  age: {role: quasi, type: integer, generalise: {band: 10}}
  years: {role: attribute, path: age, type: integer}
  minutes: {role: attribute, type: number}
  clinician: {role: identifier, entity: PERSON}
  code: {role: attribute}
aggregate:
  budget: {epsilon: 2.0, delta: 1.0e-6}
  releases:
    - name: months
      group_by: [seen, age, minutes]
      periods: {seen: month}
      bins: {minutes: [0, 10, 60]}
      keys: {seen: {first: 2022-04, last: 2022-05}, age: [40-49, 50-59]}
      measures:
        - {kind: count}
        - {kind: median, field: years, lower: 0, upper: 100}
        - {kind: count_distinct, field: clinician}
      max_groups: 3
      epsilon: 1.0
    - name: codes
      measures:
        - {kind: top_k, k: 2, field: code}
      epsilon: 1.0
      delta: 1.0e-6
"""

RECORDS: list[dict[str, Any]] = [
    {"patient": "1", "seen": "2022-05-03T10:00:00", "age": 47, "years": 47, "minutes": 5.0},
    {"patient": "1", "seen": "3 April 2022", "age": 47, "years": 47, "minutes": 59.0},
    {"patient": "2", "seen": "2022-05-30", "age": 51, "years": 51, "minutes": float("nan")},
    {"patient": "3", "seen": "some day", "age": 51, "years": 51, "minutes": 3.0},
    {"patient": "4", "seen": "2022", "age": 51, "years": 51, "minutes": 3.0},
    {"patient": "5", "seen": "2022-06-01", "age": 51, "years": 51, "minutes": 3.0},
]


def batch_of(settings: Settings) -> Batch:
    schema = source_schema(settings.specs)
    rows = [
        {"clinician": "Dr Ann Smith", "code": "J45", "_file": "f", "_position": n} | record
        for n, record in enumerate(RECORDS)
    ]
    return Batch(pa.RecordBatch.from_pylist(rows, schema=schema))


def test_dates_and_numbers_are_read_as_they_are_and_groups_as_published(tmp_path: Path) -> None:
    settings = parse(CONFIG, "my.yaml")
    load_or_create(tmp_path / "key")
    project = Project(settings, KeySource(str(tmp_path / "key")))
    project.setup()
    [out] = project.process(batch_of(settings))
    assert out.data.schema.equals(project.schema)
    assert settings.aggregate is not None
    for release in settings.aggregate.releases:
        exact_schema(release, project.schema)  # It fits.
    assert out.data["seen"].to_pylist() == [
        date(2022, 5, 3),
        date(2022, 4, 3),
        date(2022, 5, 30),
        None,
        None,
        date(2022, 6, 1),
    ]
    assert out.data["age"].to_pylist()[:3] == ["40-49", "40-49", "50-59"]
    assert out.data["years"].to_pylist()[0] == 47
    assert "1" not in out.data["_subject"].to_pylist()


def test_what_bounding_left_out_is_in_the_restricted_outcome(tmp_path: Path) -> None:
    settings = parse(CONFIG, "my.yaml")
    load_or_create(tmp_path / "key")
    pipeline = beam.Pipeline(FnApiRunner(), options=PipelineOptions([]))
    batches = pipeline | beam.Create([batch_of(settings)])
    collect({"exact": [batches | Exact(settings, KeySource(str(tmp_path / "key")))]}, tmp_path)
    pipeline.run().wait_until_finish()
    bounded = Outcome.read_from(tmp_path).bounded
    assert bounded["months"] == {
        "rows": 6,
        "rows_without_subject": 0,
        "rows_without_key": 3,  # two without a day, one without minutes
        "rows_outside_keys": 1,
        "groups_over_bound": 0,
        "rows_over_bound": 0,
        "missing.clinician": 0,
        "missing.years": 0,
    }
    assert bounded["codes"]["rows_over_bound"] == 1
    exact = exact_table(tmp_path, "months")
    assert [tuple(row.values())[:3] for row in exact.to_pylist()] == [
        ("2022-04", "40-49", "[10, 60]"),
        ("2022-05", "40-49", "[0, 10)"),
    ]
    assert "Smith" not in json.dumps(exact.to_pylist())
