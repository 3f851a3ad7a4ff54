"""What the tests of ingest share: fields from a few words, and a source read without a runner."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from transforms.batches import Batch
from transforms.fields import FILE, POSITION, FieldSettings, FieldSpec
from transforms.ingest.consultation import PATHS, SCHEMA
from transforms.ingest.find import find_files
from transforms.ingest.paths import leaves
from transforms.ingest.plan import packed, plan
from transforms.ingest.quarantine import Reject, Rejects
from transforms.ingest.read import read, records
from transforms.ingest.records import Row, to_batches
from transforms.ingest.settings import SourceSettings
from transforms.ingest.transform import Ingest

DATA = Path(__file__).parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")


def specs(**given: dict[str, Any]) -> list[FieldSpec]:
    return [FieldSpec.of(name, FieldSettings(**field)) for name, field in given.items()]


FIELDS = specs(patient={"role": "subject"}, text={"role": "text"})


def rows(
    path: Path | str,
    source: SourceSettings | None = None,
    fields: list[FieldSpec] = FIELDS,
    range_bytes: int | None = None,
) -> Iterator[Row | Reject]:
    """All that the readers say of a source, range by range."""
    source = source or SourceSettings()
    for file in find_files([str(path)], source).files:
        for part in plan(file, source, range_bytes):
            yield from read(part, source, fields)


def consultations(
    path: Path | str, source: SourceSettings | None = None
) -> list[dict[str, Any] | Reject]:
    """The canonical consultations of a source, each of the schema; not joined with each other."""
    source = source or SourceSettings()
    found: list[dict[str, Any] | Reject] = []
    ranges, rest = packed(find_files([str(path)], source).files)
    for part in [*ranges, *(p for file in rest for p in plan(file, source))]:
        for row in records(part, source, ()):
            if isinstance(row, Row):
                assert_canonical(row.record)
            found.append(row if isinstance(row, Reject) else dict(row.record))
    return found


def assert_canonical(record: Any) -> None:
    """No field that the schema does not have, no value of another type."""
    assert set(leaves(record)) <= set(PATHS) | {"participants", "turns", "patient", "meeting"}
    pa.RecordBatch.from_pylist([record], schema=SCHEMA)


def talk(record: Any) -> list[tuple[str | None, str]]:
    """Who said what."""
    return [(turn.get("speaker"), turn["text"]) for turn in record["turns"]]


class Outcome(NamedTuple):
    records: list[dict[str, Any]]
    """By place."""
    quarantined: list[dict[str, Any]]
    read: int
    left_out: dict[tuple[str, str], int]
    merged: int = 0

    @property
    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.quarantined]


def batched(path: Path | str, source: SourceSettings | None = None, fields=FIELDS) -> Outcome:
    """A source as batches, without a runner."""
    items = list(to_batches(list(rows(path, source, fields)), fields))
    good = [r for i in items if not isinstance(i, Rejects) for r in i.to_pylist()]
    bad = [r for i in items if isinstance(i, Rejects) for r in i.data.to_pylist()]
    return Outcome(good, bad, len(good) + len(bad), {})


def ingest(
    tmp_path: Path,
    patterns: list[str],
    source: SourceSettings | None = None,
    fields: list[FieldSpec] = FIELDS,
    options: list[str] | None = None,
) -> Outcome:
    """A source through the real runner; what comes out is taken from files, as workers may be
    other processes."""
    out = tmp_path / "out"
    out.mkdir()

    def save(kind: str) -> Any:
        def write(value: Any) -> None:
            path = out / f"{kind}-{uuid.uuid4().hex}"
            if isinstance(value, Batch):
                with pa.OSFile(str(path), "wb") as f, pa.ipc.new_stream(f, value.data.schema) as w:
                    w.write_batch(value.data)
            else:
                path.write_text(json.dumps(value, default=str))

        return write

    with beam.Pipeline(runner=FnApiRunner(), options=PipelineOptions(options or [])) as pipeline:
        ingested = pipeline | Ingest(patterns, source or SourceSettings(), fields)
        for kind, collection in ingested._asdict().items():
            collection | f"Save {kind}" >> beam.Map(save(kind))

    def table(kind: str, *place: str) -> list[dict[str, Any]]:
        tables = [pa.ipc.open_stream(p.read_bytes()).read_all() for p in out.glob(f"{kind}-*")]
        found = [row for t in tables for row in t.to_pylist()]
        return sorted(found, key=lambda row: [row[column] for column in place])

    left_out = [json.loads(p.read_text()) for p in out.glob("left_out-*")]
    return Outcome(
        table("batches", FILE, POSITION),
        table("quarantined", "file", "position"),
        sum(json.loads(p.read_text()) for p in out.glob("read-*")),
        {tuple(name): count for name, count in left_out},
        sum(json.loads(p.read_text()) for p in out.glob("merged-*")),
    )
