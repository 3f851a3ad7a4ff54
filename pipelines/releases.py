"""The DP tables: a branch of the main job, and what must happen once, after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa

from pipelines.outcome import Outcome, exact_table
from pipelines.settings import Settings
from transforms.aggregate.bounding import SUBJECT
from transforms.aggregate.ledger import Ledger, LedgerError
from transforms.aggregate.needs import published_fields
from transforms.aggregate.releaser import Provenance, Released, release_all
from transforms.aggregate.schema import columns_of
from transforms.aggregate.transform import Aggregate
from transforms.batches import Batch
from transforms.fields import FILE, POSITION, Treatment, source_schema, subject_of
from transforms.ingest.files import SourceFile
from transforms.ingest.read import content
from transforms.ingest.settings import SourceSettings
from transforms.pseudonymise import dates, lexicon
from transforms.pseudonymise.keys import KeySource, Purpose, derive
from transforms.pseudonymise.transform import pseudonymiser
from transforms.publish.aggregates import write_aggregate, write_quality
from transforms.publish.manifest import Aggregate as Entry
from transforms.publish.manifest import FileEntry
from transforms.version import VERSION


class Table(NamedTuple):
    """A released table, written below the release's folder."""

    released: Released
    files: tuple[FileEntry, ...]
    entry: Entry


class Exact(beam.PTransform):
    """Batches as they were read -> (release name, its exact table as ``Batch``)."""

    def __init__(self, settings: Settings, key: KeySource) -> None:
        super().__init__()
        assert settings.aggregate is not None
        self._releases = settings.aggregate.measured
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
        releases = settings.aggregate.measured
        read = [c for c in columns_of(releases) if c in specs]
        # What is shown is taken in the form in which records publish it, the rest as it was read.
        shown = {name for release in releases for name in published_fields(release)}
        self._subject = subject.name
        self._hidden = [name for name in read if name not in shown]
        self._dates = {name for release in releases for name in release.periods}
        self._treated = (subject, *(specs[name] for name in read if name in shown))
        self._locale = settings.pseudonymise.locale
        types = source_schema(settings.specs)
        self.schema = pa.schema(
            [
                pa.field(SUBJECT, pa.string()),
                types.field(FILE),
                types.field(POSITION),
                *(pa.field(s.name, s.published_type) for s in self._treated[1:]),
                *(
                    pa.field(name, pa.date32()) if name in self._dates else types.field(name)
                    for name in self._hidden
                ),
            ]
        )

    def setup(self) -> None:
        self._pseudonymiser = pseudonymiser(self._key, self._settings, self._treated)
        self._reading = dates.Reading.of(lexicon.load(self._locale))

    def process(self, batch: Batch) -> Iterator[Batch]:
        treated = self._pseudonymiser.record_batch(batch.data, {})
        columns = {name: treated.column(name) for name in treated.schema.names}
        columns[SUBJECT] = columns.pop(self._subject)
        columns |= {name: batch.data.column(name) for name in (FILE, POSITION, *self._hidden)}
        columns |= {name: self._read_dates(batch.data.column(name)) for name in self._dates}
        yield Batch(
            pa.record_batch([columns[name] for name in self.schema.names], schema=self.schema)
        )

    def _read_dates(self, texts: pa.Array) -> pa.Array:
        """Null where the text is no date, or a date without month or day: in no bucket then."""
        found = (
            None if text is None else dates.read(text, self._reading) for text in texts.to_pylist()
        )
        days = [one[0] if one is not None and one[1] == "day" else None for one in found]
        return pa.array(days, pa.date32())


def sha256_of(file: SourceFile, source: SourceSettings) -> str:
    """Digest of a file's bytes, as they are stored; of any Beam file system. Of a database: of its
    rows."""
    digest = hashlib.sha256()
    for block in content(file, source):
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
    released = drawn(settings, outcome, run_folder, ledger)
    return [_write(work, spec.name, released[spec.name]) for spec in settings.aggregate.releases]


def drawn(
    settings: Settings, outcome: Outcome, run_folder: Path, ledger: Ledger
) -> dict[str, Released]:
    """Reserve and draw the releases of a run, by name; what was drawn before is returned.

    Raises LedgerError where the budget does not suffice; nothing is drawn then.
    """
    assert settings.aggregate is not None
    return release_all(
        {r.name: exact_table(run_folder, r.name) for r in settings.aggregate.releases},
        settings.aggregate,
        ledger,
        Provenance(
            config_digest=settings.rows_digest,
            input_digest=hashlib.sha256("\n".join(outcome.inputs).encode()).hexdigest(),
            version=VERSION,
        ),
    )


def _write(work: str, name: str, released: Released) -> Table:
    file, entry = write_aggregate(work, name, released.table)
    return Table(released, (file, *write_quality(work, name, released.table)), entry)


def published(tables: Sequence[Table], ledger: Ledger) -> str | None:
    """Note in the ledger that the tables stand in a release.

    The release stands whether or not this succeeds, so nothing is raised: if it does not, what to
    tell the user is returned.
    """
    try:
        for table in tables:
            ledger.publish(table.released.entry)
    except LedgerError as error:
        return (
            "The release is published and its spending is in the ledger, but not that it was "
            f"published; a repeat of the run notes that. {error}"
        )
    return None
