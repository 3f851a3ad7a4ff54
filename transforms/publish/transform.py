"""The publish stage's Beam transforms: records into the release, quarantine beside it."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc

from transforms.batches import Batch
from transforms.bundles import in_window
from transforms.fields import FieldSpec
from transforms.pseudonymise.keys import KeySource, Purpose, derive
from transforms.publish.encryption import Encryption
from transforms.publish.manifest import REASON, FileEntry
from transforms.publish.report.contents import Changes, Tally, changes, merged, tally
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import FilePlan, Spill, Spilled, plan
from transforms.publish.writer import ParquetPart, compressed_bytes, write_file

SPLIT = "_split"
"""Column that names a record's split; it becomes the folder of its file."""

QUARANTINE = "quarantine"


class QuarantineFile(NamedTuple):
    """A file of quarantined records, and how many it holds by kind of reason.

    The kind is a reason's text up to the first of ``:;,(``; what follows may tell a place or a
    size. Kinds are published, the whole reasons are in the file alone.
    """

    file: FileEntry
    reasons: dict[str, int]


class ReleaseKeys(NamedTuple):
    """Where the keys of a release come from; holds none, so that no job description does."""

    source: KeySource
    project: str

    def shuffle(self) -> bytes:
        """The key that decides the order of records."""
        return derive(self.source.read(), Purpose.SHUFFLE, self.project)

    def encryption(self) -> Encryption:
        """What encrypts the files."""
        return Encryption(self.source.read(), self.project)


class WriteRecords(beam.PTransform):
    """Batches of treated fields, with a ``_split`` column -> ``FileEntry`` of each file written.

    Only what ``release_schema`` names reaches a file. The records of a split are shuffled: they are
    spilled in sorted runs below ``folder`` as they come, then merged, a range of places to a file.
    Through the runner go the names of the runs alone. Files of bundles that failed stay behind
    unlisted, and ``ReleaseFolder.commit`` moves listed files alone.
    """

    def __init__(
        self,
        folder: str,
        fields: Sequence[FieldSpec],
        file_metadata: Mapping[str, str],
        settings: PublishSettings,
        keys: ReleaseKeys,
    ) -> None:
        super().__init__()
        self._folder, self._settings, self._keys = folder, settings, keys
        self._fields, self._schema = list(fields), release_schema(fields, file_metadata)

    def expand(self, batches: Any) -> Any:
        splits = list(self._settings.splits)
        encryption = self._keys if self._settings.encrypt else None
        return (
            batches
            | "Spill" >> beam.ParDo(_Spill(self._folder, self._fields, splits, self._keys))
            | "All together" >> beam.WithKeys(None)
            | "Await all" >> beam.GroupByKey()
            | "Plan" >> beam.ParDo(_Plan(self._folder, self._schema, self._settings))
            | "Spread" >> beam.Reshuffle()
            | "Write" >> beam.ParDo(_WriteFile(self._folder, self._schema, encryption))
        )


class WriteQuarantine(beam.PTransform):
    """Batches of quarantined records -> ``QuarantineFile`` of each file written.

    Writes ``quarantine/part-*.parquet`` below ``folder``, which is in the restricted zone: the
    records are raw, and on a local disk only the owner can read the files.
    """

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder

    def expand(self, batches: Any) -> Any:
        return batches | beam.ParDo(_WriteQuarantine(self._folder))


class Count(beam.PTransform):
    """Batches of treated fields, with a ``_split`` column -> one ``Tally`` of what is in them."""

    def __init__(self, fields: Sequence[FieldSpec]) -> None:
        super().__init__()
        self._fields = list(fields)

    def expand(self, batches: Any) -> Any:
        return (
            batches
            | "Tally" >> beam.Map(_tally, self._fields)
            | "Add up" >> beam.CombineGlobally(merged).without_defaults()
        )


class CountChanges(beam.PTransform):
    """``Treated`` -> one ``Changes``: what their treatment did."""

    def __init__(self, fields: Sequence[FieldSpec]) -> None:
        super().__init__()
        self._fields = list(fields)

    def expand(self, treated: Any) -> Any:
        return (
            treated
            | "Compare" >> beam.Map(changes, self._fields)
            | "Add up" >> beam.CombineGlobally(_added).without_defaults()
        )


def _tally(batch: Batch, fields: Sequence[FieldSpec]) -> Tally:
    records, splits = nest(batch.data, fields), batch.data.column(SPLIT)
    return merged(
        tally(records.filter(pc.equal(splits, split)), split)
        for split in splits.unique().to_pylist()
    )


def _added(counted: Iterable[Changes]) -> Changes:
    whole: Changes = Counter()
    for one in counted:
        whole.update(one)
    return whole


class _Spill(beam.DoFn):
    """``Batch`` -> ``Spilled`` of each file of runs."""

    def __init__(
        self, folder: str, fields: Sequence[FieldSpec], splits: Sequence[str], keys: ReleaseKeys
    ) -> None:
        self._folder, self._fields, self._splits, self._keys = folder, fields, splits, keys
        self._spill: Spill | None = None

    def setup(self) -> None:
        self._schema = release_schema(self._fields, {})
        self._key = self._keys.shuffle()

    def start_bundle(self) -> None:
        self.teardown()
        self._spill = Spill(self._folder, self._schema, self._splits, self._key)

    def process(self, batch: Batch) -> None:
        assert self._spill is not None
        splits = batch.data.column(SPLIT)
        if splits.null_count:
            raise ValueError("a record has no split")
        records = nest(batch.data, self._fields)
        for split in splits.unique().to_pylist():
            self._spill.write(split, records.filter(pc.equal(splits, split)))

    def finish_bundle(self) -> Iterator[Any]:
        assert self._spill is not None
        for file in self._spill.close():
            yield in_window(file)

    def teardown(self) -> None:
        """Delete what a failed bundle left."""
        if self._spill is not None:
            self._spill.discard()


class _Plan(beam.DoFn):
    """All ``Spilled`` -> a ``FilePlan`` for each file."""

    def __init__(self, folder: str, schema: pa.Schema, settings: PublishSettings) -> None:
        self._folder, self._schema, self._settings = folder, schema, settings

    def process(self, gathered: tuple[None, Iterable[Spilled]]) -> Iterator[FilePlan]:
        compressed = partial(compressed_bytes, self._folder, self._schema)
        yield from plan(list(gathered[1]), self._settings, compressed)


class _WriteFile(beam.DoFn):
    """``FilePlan`` -> ``FileEntry``."""

    def __init__(self, folder: str, schema: pa.Schema, keys: ReleaseKeys | None) -> None:
        self._folder, self._schema, self._keys = folder, schema, keys

    def setup(self) -> None:
        self._encryption = None if self._keys is None else self._keys.encryption()

    def process(self, planned: FilePlan) -> Iterator[FileEntry]:
        file = write_file(self._folder, self._schema, planned, self._encryption)
        if file is not None:
            yield file


class _WriteQuarantine(beam.DoFn):
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._part: ParquetPart | None = None

    def start_bundle(self) -> None:
        self.teardown()
        self._kinds: Counter[str] = Counter()

    def process(self, batch: Batch) -> None:
        if not batch.data.num_rows:
            return
        if self._part is None:
            path = f"{QUARANTINE}/part-{uuid.uuid4().hex}.parquet"
            self._part = ParquetPart(self._folder, path, batch.data.schema, private=True)
        self._part.write(batch.data)
        self._kinds.update(map(_kind, batch.data.column("reason").to_pylist()))

    def finish_bundle(self) -> Iterator[Any]:
        if self._part is not None:
            file = self._part.close()
            self._part = None
            yield in_window(QuarantineFile(file, dict(self._kinds)))

    def teardown(self) -> None:
        """Delete what a failed bundle left."""
        if self._part is not None:
            self._part.discard()
            self._part = None


def _kind(reason: str) -> str:
    kind = re.split("[:;,(]", reason, maxsplit=1)[0].strip()
    return kind if re.fullmatch(REASON, kind) else "other"
