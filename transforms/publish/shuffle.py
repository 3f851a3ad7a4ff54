"""Records in an order that a key decides, whatever the order in which they come; in little memory.

An external sort: while records come, runs of them are sorted and written aside (``Spill``); once
all are there, each file of the release reads its own range of every run (``FilePlan.row_groups``).
A record's place is the HMAC of its published content. So the order is a function of the records
and the key alone: it tells nothing of the source's order, and is the same however a runner cuts
the source into bundles.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
from apache_beam.io.filesystems import FileSystems

from transforms.publish.settings import PublishSettings
from transforms.publish.storage import create, full_disk_named, join, open_file

SPILL = "spill"
"""Folder of the runs, below the work folder: gone when the release is there."""

RUN_BYTES = 32_000_000
"""Content of the records that wait in memory until they are sorted and written aside."""

PART_BYTES = 256_000
"""A run is cut into parts of about this content: what is read of it at once."""

_PLACE = "_place"
_END = 1 << 64

Places = npt.NDArray[np.uint64]


class Spilled(NamedTuple):
    """A file of sorted runs of one split's records."""

    path: str
    split: str
    rows: int
    bytes: int
    """Length of the records' content, written as JSON: the same however they were batched."""
    parts: tuple[int, ...]
    """Number of parts of each run. They are equal ranges of places, in order; each is a record
    batch of the file, empty or not."""


class FilePlan(NamedTuple):
    """A file of the release that is still to be written: a range of places in one split."""

    split: str
    number: int
    low: int
    high: int
    """Places from ``low`` to below ``high``."""
    groups: int
    """Number of row groups into which the range is cut evenly."""
    spilled: tuple[Spilled, ...]

    def row_groups(self, folder: str, schema: pa.Schema) -> Iterator[pa.Table]:
        """The file's records, row group by row group, in order; groups without one are left out.

        Raises:
            OSError: a run cannot be read.
        """
        for low, high in pairwise(_cut(self.low, self.high, self.groups)):
            table = _read(folder, schema, self.spilled, low, high)
            if table.num_rows:
                yield table


class Spill:
    """Takes records as they come and writes sorted runs of them below ``folder``.

    A context manager: files that ``close`` has not handed over are deleted at its end. About
    ``RUN_BYTES`` of content wait in memory, whatever the number of splits.
    """

    def __init__(self, folder: str, schema: pa.Schema, splits: Collection[str], key: bytes) -> None:
        """``key`` is the secret that decides the order."""
        self._folder, self._schema, self._key = folder, schema, key
        self._splits = frozenset(splits)
        self._waiting: dict[str, list[pa.RecordBatch]] = {}
        self._lengths: dict[str, int] = {}
        self._files: dict[str, _RunFile] = {}

    def write(self, split: str, batch: pa.RecordBatch) -> None:
        """Add records to a split.

        Raises:
            ValueError: the split is unknown, or the batch does not have the release's schema.
            DiskFullError: there is no space left.
        """
        if split not in self._splits:
            raise ValueError(f"there is no split {split!r}")
        if not batch.schema.equals(self._schema):
            raise ValueError("the batch does not have the columns of the release")
        if not batch.num_rows:
            return
        places, length = places_of(batch, self._key)
        if split not in self._files:
            self._files[split] = _RunFile(self._folder, self._schema, split)
        self._waiting.setdefault(split, []).append(batch.append_column(_PLACE, pa.array(places)))
        self._lengths[split] = self._lengths.get(split, 0) + length
        if sum(self._lengths.values()) >= RUN_BYTES:
            self._write_runs()

    def close(self) -> list[Spilled]:
        """Finish all files; what was written."""
        self._write_runs()
        finished = [file.close() for file in self._files.values()]
        self._files = {}
        return finished

    def discard(self) -> None:
        """Delete what ``close`` has not handed over."""
        while self._files:
            self._files.popitem()[1].discard()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def _write_runs(self) -> None:
        for split, batches in self._waiting.items():
            self._files[split].write(_sorted(pa.Table.from_batches(batches)), self._lengths[split])
        self._waiting, self._lengths = {}, {}


class _RunFile:
    """A file of runs while it is written: Arrow IPC, read batch by batch in any order."""

    def __init__(self, folder: str, schema: pa.Schema, split: str) -> None:
        self._folder, self._split = folder, split
        self._path = f"{SPILL}/{split}-{uuid.uuid4().hex}.arrow"
        with full_disk_named(folder):
            self._file = create(join(folder, self._path))
            self._writer = pa.ipc.new_file(
                self._file,
                schema.append(pa.field(_PLACE, pa.uint64())),
                options=pa.ipc.IpcWriteOptions(compression="zstd"),
            )
        self._rows = self._bytes = 0
        self._parts: list[int] = []

    def write(self, run: pa.Table, length: int) -> None:
        places = run.column(_PLACE).to_numpy()
        parts = max(1, length // PART_BYTES)
        ends = [_rows_below(places, place) for place in _cut(0, _END, parts)]
        with full_disk_named(self._folder):
            for start, end in pairwise(ends):
                part = run.slice(start, end - start).combine_chunks()
                (batch,) = part.to_batches() or [_empty(run.schema)]
                self._writer.write_batch(batch)
        self._rows += run.num_rows
        self._bytes += length
        self._parts.append(parts)

    def close(self) -> Spilled:
        with full_disk_named(self._folder):
            self._writer.close()
            self._file.close()
        return Spilled(self._path, self._split, self._rows, self._bytes, tuple(self._parts))

    def discard(self) -> None:
        """Give the file up and delete it; never fails."""
        for give_up in (self._writer.close, self._file.close, self._delete):
            with suppress(Exception):
                give_up()

    def _delete(self) -> None:
        FileSystems.delete([join(self._folder, self._path)])


def places_of(batch: pa.RecordBatch, key: bytes) -> tuple[Places, int]:
    """The place of each record among all that there could be, from 0 to 2**64 - 1, and the length
    of the records' content in bytes.

    A place is the first 8 bytes of the HMAC-SHA256 of the record, written as JSON. Records that
    share one are equal (or one of 2**64 chances), so that their order does not matter.
    """
    frame = pl.DataFrame(pl.from_arrow(batch))
    contents = [
        text.encode() for text in frame.select(pl.struct(pl.all()).struct.json_encode()).to_series()
    ]
    digests = b"".join(hmac.digest(key, content, "sha256")[:8] for content in contents)
    return np.frombuffer(digests, ">u8").astype(np.uint64), sum(map(len, contents))


def plan(
    spilled: Sequence[Spilled],
    settings: PublishSettings,
    compressed: Callable[[FilePlan], int],
) -> list[FilePlan]:
    """The files of a release: of each split as many of about the same size as it takes for none to
    be much larger than ``file_bytes``.

    ``compressed`` tells the bytes that a plan's records take as a file. It is asked for one row
    group of each split that may need several files.
    """
    plans = []
    for split in sorted({file.split for file in spilled}):
        mine = tuple(sorted(file for file in spilled if file.split == split))
        rows, content = sum(f.rows for f in mine), sum(f.bytes for f in mine)
        groups = max(1, min(rows, -(-content // settings.row_group_bytes)))
        files = 1
        if content > settings.file_bytes:
            (_, first), *_ = pairwise(_cut(0, _END, groups))
            sample = compressed(FilePlan(split, 0, 0, first, 1, mine))
            files = max(1, min(groups, -(-sample * groups // settings.file_bytes)))
        plans += [
            FilePlan(split, number, low, high, -(-groups // files), mine)
            for number, (low, high) in enumerate(pairwise(_cut(0, _END, files)))
        ]
    return plans


def _cut(low: int, high: int, pieces: int) -> list[int]:
    """The bounds of ``pieces`` equal ranges, first and last included."""
    return [low + -(-(high - low) * n // pieces) for n in range(pieces + 1)]


def _rows_below(places: Places, place: int) -> int:
    """How many of sorted places are below one."""
    if place >= _END:
        return len(places)
    return int(np.searchsorted(places, np.uint64(place)))


def _sorted(table: pa.Table) -> pa.Table:
    return table.take(pa.array(np.argsort(table.column(_PLACE).to_numpy(), kind="stable")))


def _read(
    folder: str, schema: pa.Schema, spilled: Sequence[Spilled], low: int, high: int
) -> pa.Table:
    """The records whose places are from ``low`` to below ``high``, in order."""
    pieces = []
    for file in spilled:
        with open_file(join(folder, file.path)) as content, pa.ipc.open_file(content) as reader:
            first = 0
            for parts in file.parts:
                for part in range(low * parts // _END, (high - 1) * parts // _END + 1):
                    batch = reader.get_batch(first + part)
                    places = batch.column(_PLACE).to_numpy()
                    start, end = _rows_below(places, low), _rows_below(places, high)
                    pieces.append(batch.slice(start, end - start))
                first += parts
    table = _sorted(pa.Table.from_batches(pieces, schema.append(pa.field(_PLACE, pa.uint64()))))
    return table.drop_columns([_PLACE]).replace_schema_metadata(schema.metadata)


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], f.type) for f in schema], schema=schema)
