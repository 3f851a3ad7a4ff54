"""The DP tables: a branch of the main job, and what must happen once, after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems

from pipelines.outcome import Outcome, exact_table
from pipelines.settings import Settings
from transforms.aggregate.bounding import SUBJECT, columns_of
from transforms.aggregate.ledger import Ledger
from transforms.aggregate.releaser import Provenance, Released, release_all
from transforms.aggregate.transform import Aggregate
from transforms.batches import Batch
from transforms.fields import FILE, POSITION, Treatment, source_schema, subject_of
from transforms.pseudonymise.keys import Purpose, derive
from transforms.pseudonymise.transform import KeySource, pseudonymiser
from transforms.publish.aggregates import write_aggregate
from transforms.publish.manifest import Aggregate as Entry
from transforms.publish.manifest import FileEntry
from transforms.version import VERSION

_BLOCK = 1 << 20


class Table(NamedTuple):
    """A released table, written below the release's folder."""

    released: Released
    file: FileEntry
    entry: Entry


class Exact(beam.PTransform):
    """Batches as they were read -> (release name, its exact table as ``Batch``)."""

    def __init__(self, settings: Settings, key: KeySource) -> None:
        super().__init__()
        assert settings.aggregate is not None
        self._releases = settings.aggregate.releases
        self._project = Project(settings, key)
        self._sampling = derive(key.read(), Purpose.SAMPLING, settings.pseudonymise.project)

    def expand(self, batches: Any) -> Any:
        return (
            batches
            | "Project" >> beam.ParDo(self._project)
            | "Aggregate" >> Aggregate(self._releases, self._project.schema, self._sampling)
        )


class Project(beam.DoFn):
    """The fields that the releases read, and the subject's token in place of the subject."""

    def __init__(self, settings: Settings, key: KeySource) -> None:
        assert settings.aggregate is not None
        self._key = key
        self._settings = settings.pseudonymise.model_dump_json()
        specs = {spec.name: spec for spec in settings.specs}
        subject = subject_of(settings.specs).model_copy(update={"treatment": Treatment.TOKEN})
        read = [c for c in columns_of(settings.aggregate.releases) if c in specs]
        grouped = {name for r in settings.aggregate.releases for name in r.group_by}
        self._subject = subject.name
        self._measured = [name for name in read if name not in grouped]
        # What makes groups is published: it is taken in the form in which records publish it.
        self._treated = (subject, *(specs[name] for name in read if name in grouped))
        types = source_schema(settings.specs)
        self.schema = pa.schema(
            [
                pa.field(SUBJECT, pa.string()),
                types.field(FILE),
                types.field(POSITION),
                *(pa.field(s.name, s.published_type) for s in self._treated[1:]),
                *(types.field(name) for name in self._measured),
            ]
        )

    def setup(self) -> None:
        self._pseudonymiser = pseudonymiser(self._key, self._settings, self._treated)

    def process(self, batch: Batch) -> Iterator[Batch]:
        treated = self._pseudonymiser.record_batch(batch.data, {})
        columns = {name: treated.column(name) for name in treated.schema.names}
        columns[SUBJECT] = columns.pop(self._subject)
        columns |= {name: batch.data.column(name) for name in (FILE, POSITION, *self._measured)}
        yield Batch(
            pa.record_batch([columns[name] for name in self.schema.names], schema=self.schema)
        )


def sha256_of(path: str) -> str:
    """Digest of a file's bytes, as they are stored; of any Beam file system."""
    digest = hashlib.sha256()
    with FileSystems.open(
        path, mime_type="application/octet-stream", compression_type="uncompressed"
    ) as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def release(
    settings: Settings, outcome: Outcome, run_folder: Path, ledger: Ledger, work: str
) -> list[Table]:
    """Reserve, draw and write the DP tables of a run; none if the settings ask for none.

    Raises LedgerError where the budget does not suffice; nothing is drawn then.
    """
    if settings.aggregate is None:
        return []
    released = release_all(
        {r.name: exact_table(run_folder, r.name) for r in settings.aggregate.releases},
        settings.aggregate,
        ledger,
        Provenance(
            config_digest=settings.rows_digest,
            input_digest=hashlib.sha256("\n".join(outcome.inputs).encode()).hexdigest(),
            version=VERSION,
        ),
    )
    return [
        Table(released[name], *write_aggregate(work, name, released[name].table))
        for name in (spec.name for spec in settings.aggregate.releases)
    ]


def published(tables: Sequence[Table], ledger: Ledger) -> None:
    """Note in the ledger that the tables stand in a release."""
    for table in tables:
        ledger.publish(table.released.entry)
