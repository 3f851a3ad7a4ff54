"""Record batches into Parquet files, with checksum and size taken while they are written."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems

from transforms.fields import Role
from transforms.publish.encryption import Encryption
from transforms.publish.manifest import FileEntry
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import FilePlan, Spilled, plan
from transforms.publish.storage import create, full_disk_named, join

RECORDS = "records"

ROW_GROUP_BYTES = 16_000_000
"""Batches that come one by one become a row group when they hold this many bytes in memory."""

_STATISTICS = frozenset({Role.ATTRIBUTE.value})
"""Roles whose columns have statistics in the footer. Of all others, the smallest and largest value
would stand there: who looks for the oldest patient or the last date needs to read no record."""


class _HashingFile(io.RawIOBase):
    """Hands bytes on to a file, and keeps their number and SHA-256."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)
        return len(data)

    def tell(self) -> int:
        return self.size

    def sha256(self) -> str:
        return self._hash.hexdigest()

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._file.close()


class ParquetPart:
    """One Parquet file while it is written: zstd, batches gathered into row groups."""

    def __init__(
        self,
        folder: str,
        path: str,
        schema: pa.Schema,
        *,
        split: str | None = None,
        private: bool = False,
        encryption: Encryption | None = None,
    ) -> None:
        """Begin the file ``path`` (relative, forward slashes) of ``folder``."""
        self._folder, self._path, self._split = folder, path, split
        with full_disk_named(folder):
            self._file = _HashingFile(create(join(folder, path), private=private))
            self._writer = pq.ParquetWriter(
                self._file,
                schema,
                encryption_properties=encryption and encryption.properties(),
                **_options(schema),
            )
        self._rows = 0
        self._waiting: list[pa.RecordBatch] = []
        self._waiting_bytes = 0

    @property
    def bytes(self) -> int:
        """Bytes written so far."""
        return self._file.size

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows.

        Raises:
            DiskFullError: there is no space left.
        """
        self._waiting.append(batch)
        self._waiting_bytes += batch.nbytes
        if self._waiting_bytes >= ROW_GROUP_BYTES:
            self._write_waiting()

    def write_row_group(self, table: pa.Table) -> None:
        """Add rows as a row group of their own.

        Raises:
            DiskFullError: there is no space left.
        """
        with full_disk_named(self._folder):
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._rows += table.num_rows

    def close(self) -> FileEntry:
        """Finish the file.

        Raises:
            DiskFullError: there is no space left.
        """
        self._write_waiting()
        with full_disk_named(self._folder):
            self._writer.close()
            self._file.close()
        return FileEntry(
            path=self._path,
            bytes=self._file.size,
            sha256=self._file.sha256(),
            rows=self._rows,
            split=self._split,
        )

    def discard(self) -> None:
        """Give the file up and delete it; never fails."""
        for give_up in (self._writer.close, self._file.close, self._delete):
            with suppress(Exception):
                give_up()

    def _write_waiting(self) -> None:
        if self._waiting:
            self.write_row_group(pa.Table.from_batches(self._waiting))
            self._waiting, self._waiting_bytes = [], 0

    def _delete(self) -> None:
        FileSystems.delete([join(self._folder, self._path)])


def write_file(
    folder: str, schema: pa.Schema, plan: FilePlan, encryption: Encryption | None = None
) -> FileEntry | None:
    """Write a planned file of records to ``records/split=<name>/part-*.parquet``; None if it would
    be empty.

    The split is in the folder's name (a Hive partition) and not in the file.

    Raises:
        DiskFullError: there is no space left.
    """
    # Unique, so that an attempt that is made again never meets the file of the first.
    name = f"part-{plan.number:05}-{uuid.uuid4().hex[:12]}.parquet"
    part: ParquetPart | None = None
    try:
        for table in plan.row_groups(folder, schema):
            part = part or ParquetPart(
                folder,
                f"{RECORDS}/split={plan.split}/{name}",
                schema,
                split=plan.split,
                encryption=encryption,
            )
            part.write_row_group(table)
        return None if part is None else part.close()
    except BaseException:
        if part is not None:
            part.discard()
        raise


def compressed_bytes(folder: str, schema: pa.Schema, plan: FilePlan) -> int:
    """How large the file of a plan would be. It is made in memory: for plans of one row group."""
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, schema, **_options(schema)) as writer:
        for table in plan.row_groups(folder, schema):
            writer.write_table(table, row_group_size=table.num_rows)
    return int(sink.tell())


def write_spilled(
    folder: str,
    schema: pa.Schema,
    spilled: Sequence[Spilled],
    settings: PublishSettings,
    encryption: Encryption | None = None,
) -> list[FileEntry]:
    """Write all files of records, one after the other: what the pipeline does on many workers."""
    plans = plan(spilled, settings, partial(compressed_bytes, folder, schema))
    files = (write_file(folder, schema, each, encryption) for each in plans)
    return [file for file in files if file is not None]


def _options(schema: pa.Schema) -> dict[str, Any]:
    # Dictionary encoding is on for all columns, and pyarrow leaves it where values hardly repeat.
    # Page index and bloom filters are off for all: they would tell of values as statistics do.
    return {"compression": "zstd", "write_statistics": _columns_with_statistics(schema)}


def _columns_with_statistics(schema: pa.Schema) -> list[str]:
    """Paths, as Parquet writes them, of the columns that have statistics."""
    paths = []
    for column in schema:
        if (column.metadata or {}).get(b"role", b"").decode() in _STATISTICS:
            suffix = ".list.element" if pa.types.is_list(column.type) else ""
            paths.append(column.name + suffix)
        elif pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
            paths += [
                f"{column.name}.list.element.{child.name}"
                for child in column.type.value_type
                if (child.metadata or {}).get(b"role", b"").decode() in _STATISTICS
            ]
    return paths
