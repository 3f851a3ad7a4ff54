"""The publish stage's Beam transforms: records into the release, quarantine beside it."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import apache_beam as beam
import pyarrow.compute as pc
from apache_beam.transforms.window import GlobalWindows

from transforms.batches import Batch
from transforms.fields import FieldSpec
from transforms.publish.manifest import REASON, FileEntry
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.writer import ParquetPart, SplitWriter

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


class WriteRecords(beam.PTransform):
    """Batches of treated fields, with a ``_split`` column -> ``FileEntry`` of each file written.

    Only what ``release_schema`` names reaches a file. Files of bundles that failed stay behind
    unlisted, and ``ReleaseFolder.commit`` moves listed files alone.
    """

    def __init__(
        self,
        folder: str,
        fields: Sequence[FieldSpec],
        file_metadata: Mapping[str, str],
        settings: PublishSettings,
    ) -> None:
        super().__init__()
        self._writer = _WriteRecords(folder, fields, file_metadata, settings)

    def expand(self, batches: Any) -> Any:
        return batches | beam.ParDo(self._writer)


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


class _WriteRecords(beam.DoFn):
    def __init__(
        self,
        folder: str,
        fields: Sequence[FieldSpec],
        file_metadata: Mapping[str, str],
        settings: PublishSettings,
    ) -> None:
        self._folder, self._fields = folder, list(fields)
        self._schema = release_schema(fields, file_metadata)
        self._splits, self._file_bytes = list(settings.splits), settings.file_bytes
        self._writer: SplitWriter | None = None

    def start_bundle(self) -> None:
        self.teardown()
        self._writer = SplitWriter(self._folder, self._schema, self._splits, self._file_bytes)

    def process(self, batch: Batch) -> None:
        assert self._writer is not None
        splits = batch.data.column(SPLIT)
        if splits.null_count:
            raise ValueError("a record has no split")
        records = nest(batch.data, self._fields)
        for split in splits.unique().to_pylist():
            self._writer.write(split, records.filter(pc.equal(splits, split)))

    def finish_bundle(self) -> Iterator[Any]:
        assert self._writer is not None
        for file in self._writer.close():
            yield GlobalWindows.windowed_value(file)

    def teardown(self) -> None:
        """Delete what a failed bundle left."""
        if self._writer is not None:
            self._writer.discard()


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
            yield GlobalWindows.windowed_value(QuarantineFile(file, dict(self._kinds)))

    def teardown(self) -> None:
        """Delete what a failed bundle left."""
        if self._part is not None:
            self._part.discard()
            self._part = None


def _kind(reason: str) -> str:
    kind = re.split("[:;,(]", reason, maxsplit=1)[0].strip()
    return kind if re.fullmatch(REASON, kind) else "other"
