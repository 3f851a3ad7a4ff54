"""Risk on any runner: treated batches in, their trails, a report or protected batches out."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import apache_beam as beam
import polars as pl
import pyarrow as pa

from transforms.batches import Batch
from transforms.bundles import Buffered, in_window
from transforms.fields import FieldSpec, subject_of
from transforms.pseudonymise.batch import Treated
from transforms.quarantine import QUARANTINED
from transforms.verify.risk import trails
from transforms.verify.risk.plan import Plan, apply, decide
from transforms.verify.risk.report import RiskReport, assess
from transforms.verify.risk.settings import Attributes, RiskSettings

BUFFERED_ROWS = 50_000
"""Rows that wait in a worker before they are dealt to shards: fewer, larger elements."""
SHARDS = 16

PLAN = "plan"
"""Tag of the output of ``Protect`` that holds the plan."""

_SOURCE, _PUBLISHED = "source:", "published:"


class Trails(beam.PTransform):
    """``Treated`` -> one ``Batch``: the table of trails (over no records too).

    Subjects are sharded; what a shard tells is added up, since no subject is in two.
    """

    def __init__(self, settings: RiskSettings, fields: list[FieldSpec]) -> None:
        super().__init__()
        self._settings, self._fields = settings, fields
        about = Attributes(settings, fields)
        self._empty = _batch(trails.of_subjects([trails.no_rows(about)]))

    def expand(self, treated: Any) -> Any:
        met = (
            treated
            | "Values"
            >> beam.ParDo(_Values(self._settings, self._fields)).with_output_types(
                tuple[int, Batch]
            )
            | "By shard" >> beam.GroupByKey()
            | "Trails of a shard" >> beam.MapTuple(_shard).with_output_types(tuple[int, Batch])
        )
        empty = beam.Create([(0, self._empty)]).with_output_types(tuple[int, Batch])
        return (
            (met, treated.pipeline | "Start from no records" >> empty)
            | beam.Flatten()
            | "Together" >> beam.GroupByKey()
            | "Add up" >> beam.MapTuple(_add_up).with_output_types(Batch)
        )


class Assess(beam.PTransform):
    """``Treated`` -> the one ``RiskReport``."""

    def __init__(self, settings: RiskSettings, fields: list[FieldSpec]) -> None:
        super().__init__()
        self._settings, self._fields = settings, fields

    def expand(self, treated: Any) -> Any:
        return (
            treated
            | Trails(self._settings, self._fields)
            | "Measure" >> beam.Map(_report, self._settings, self._fields)
        )


class Protect(beam.PTransform):
    """``Treated`` -> ``Treated`` that fulfils the thresholds; others go to ``QUARANTINED``, and
    what was decided to ``PLAN``.

    Nothing can be decided before all is seen. Until then the records wait in files below
    ``folder``, which is in the restricted zone: they hold raw values, only the owner can read them,
    and they are deleted when they have been read.
    """

    def __init__(self, settings: RiskSettings, fields: list[FieldSpec], folder: str) -> None:
        super().__init__()
        self._settings, self._fields, self._folder = settings, fields, folder

    def expand(self, treated: Any) -> Any:
        plan = (
            treated
            | Trails(self._settings, self._fields)
            | "Decide" >> beam.Map(_decide, self._settings, self._fields)
        )
        protected = (
            treated
            | "Wait in files" >> beam.ParDo(_Wait(self._folder)).with_output_types(str)
            | "Spread" >> beam.Reshuffle()
            | "Apply"
            >> beam.ParDo(
                _Apply(self._settings, self._fields), beam.pvalue.AsSingleton(plan)
            ).with_outputs(QUARANTINED, main="out")
        )
        return {"out": protected.out, QUARANTINED: protected[QUARANTINED], PLAN: plan}


class _Values(Buffered):
    """``Treated`` -> (shard, ``Batch`` of its subjects' values), for a whole bundle at a time."""

    def __init__(self, settings: RiskSettings, fields: list[FieldSpec]) -> None:
        self._settings, self._fields = settings, fields

    def setup(self) -> None:
        self._about = Attributes(self._settings, self._fields)
        self._subject = subject_of(self._fields).name

    def process(self, treated: Treated) -> Iterator[tuple[int, Batch]]:
        subjects = treated.source.column(self._subject)
        self.wait(trails.columns_of(treated.published, subjects, self._about))
        yield from self.flush(BUFFERED_ROWS)

    def step(self, rows: pa.Table) -> Iterator[tuple[int, Batch]]:
        for shard, part in trails.deal(trails.rows_of(rows, self._about), SHARDS):
            yield shard, _batch(part)


class _Wait(beam.DoFn):
    """``Treated`` -> the path of a file with those of a bundle."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None

    def start_bundle(self) -> None:
        self.teardown()

    def process(self, treated: Treated) -> None:
        batch = _joined(treated)
        if self._file is None:
            self._path = Path(self._folder, f"{uuid.uuid4().hex}.arrow")
            self._file = os.fdopen(
                os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb"
            )
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            self._writer = pa.ipc.new_stream(self._file, batch.schema, options=options)
        self._writer.write_batch(batch)

    def finish_bundle(self) -> Iterator[Any]:
        if self._file is not None:
            self._writer.close()
            self._file.close()
            self._file = None
            yield in_window(str(self._path))

    def teardown(self) -> None:
        """Delete what a failed bundle left."""
        if self._file is not None:
            self._file.close()
            self._file = None
            self._path.unlink(missing_ok=True)


class _Apply(beam.DoFn):
    """The path of a file -> its ``Treated``, as the plan makes them."""

    def __init__(self, settings: RiskSettings, fields: list[FieldSpec]) -> None:
        self._settings, self._fields = settings, fields

    def setup(self) -> None:
        self._about = Attributes(self._settings, self._fields)

    def process(self, path: str, plan: Plan) -> Iterator[Any]:
        if plan.problem is not None:
            return
        with pa.OSFile(path) as file, pa.ipc.open_stream(file) as batches:
            for batch in batches:
                kept, held = apply(plan, _parted(batch), self._about)
                yield kept
                if held is not None:
                    yield beam.pvalue.TaggedOutput(QUARANTINED, held)


def _joined(treated: Treated) -> pa.RecordBatch:
    """Both sides as one batch; where stand-ins lie is not needed any more."""
    parts = ((_SOURCE, treated.source), (_PUBLISHED, treated.published))
    return pa.record_batch(
        [column for _, side in parts for column in side.columns],
        names=[mark + name for mark, side in parts for name in side.schema.names],
    )


def _parted(batch: pa.RecordBatch) -> Treated:
    sides = []
    for mark in (_SOURCE, _PUBLISHED):
        names = [name for name in batch.schema.names if name.startswith(mark)]
        side = batch.select(names)
        sides.append(side.rename_columns([name.removeprefix(mark) for name in names]))
    return Treated(sides[0], sides[1], {})


def _shard(_: int, parts: Iterable[Batch]) -> tuple[int, Batch]:
    return 0, _batch(trails.of_subjects([_frame(part) for part in parts]))


def _add_up(_: int, parts: Iterable[Batch]) -> Batch:
    return _batch(trails.merged([_frame(part) for part in parts]))


def _report(table: Batch, settings: RiskSettings, fields: list[FieldSpec]) -> RiskReport:
    return assess(_frame(table), settings, Attributes(settings, fields))


def _decide(table: Batch, settings: RiskSettings, fields: list[FieldSpec]) -> Plan:
    return decide(_frame(table), settings, Attributes(settings, fields))


def _frame(batch: Batch) -> pl.DataFrame:
    return pl.DataFrame(pa.Table.from_batches([batch.data]))


def _batch(frame: pl.DataFrame) -> Batch:
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
    batches = table.to_batches()
    return Batch(batches[0] if batches else pa.RecordBatch.from_pylist([], table.schema))
