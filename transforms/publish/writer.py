"""Record batches into Parquet files, with checksum and size taken while they are written."""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self

import pyarrow as pa
import pyarrow.parquet as pq
from apache_beam.io.filesystems import FileSystems

from transforms.fields import Role
from transforms.publish.manifest import FileEntry
from transforms.publish.storage import create, full_disk_named, join

RECORDS = "records"

ROW_GROUP_BYTES = 16_000_000
"""A row group is written when its batches hold this many bytes in memory: this, times the number
of splits, bounds a writer's memory."""

_STATISTICS = frozenset({Role.ATTRIBUTE.value, Role.QUASI.value})
"""Roles whose columns have statistics in the footer. Of all others, the smallest and largest value
would stand there in the clear, outside of the pages that a reader decrypts or skips."""


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
    ) -> None:
        """Begin the file ``path`` (relative, forward slashes) of ``folder``."""
        self._folder, self._path, self._split = folder, path, split
        with full_disk_named(folder):
            self._file = _HashingFile(create(join(folder, path), private=private))
            self._writer = pq.ParquetWriter(
                self._file,
                schema,
                compression="zstd",
                write_statistics=_columns_with_statistics(schema),
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
            self._write_row_group()

    def close(self) -> FileEntry:
        """Finish the file.

        Raises:
            DiskFullError: there is no space left.
        """
        self._write_row_group()
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

    def _write_row_group(self) -> None:
        if not self._waiting:
            return
        table = pa.Table.from_batches(self._waiting)
        with full_disk_named(self._folder):
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._rows += table.num_rows
        self._waiting, self._waiting_bytes = [], 0

    def _delete(self) -> None:
        FileSystems.delete([join(self._folder, self._path)])


class SplitWriter:
    """Writes records to ``records/split=<name>/part-*.parquet`` below a folder.

    A context manager: files that were not finished by ``close`` are deleted at its end. The split
    is in the folder's name (a Hive partition) and not in the files.
    """

    def __init__(
        self, folder: str, schema: pa.Schema, splits: Collection[str], file_bytes: int
    ) -> None:
        self._folder, self._schema, self._file_bytes = folder, schema, file_bytes
        self._splits = frozenset(splits)
        self._parts: dict[str, ParquetPart] = {}
        self._finished: list[FileEntry] = []

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
        if split not in self._parts:
            # Unique, so that a bundle that is tried again never meets the file of its first try.
            path = f"{RECORDS}/split={split}/part-{uuid.uuid4().hex}.parquet"
            self._parts[split] = ParquetPart(self._folder, path, self._schema, split=split)
        self._parts[split].write(batch)
        if self._parts[split].bytes >= self._file_bytes:
            self._finish(split)

    def close(self) -> list[FileEntry]:
        """Finish all files; what was written."""
        for split in list(self._parts):
            self._finish(split)
        finished, self._finished = self._finished, []
        return finished

    def discard(self) -> None:
        """Delete the files that ``close`` has not handed over."""
        while self._parts:
            self._parts.popitem()[1].discard()
        for file in self._finished:
            with suppress(Exception):
                FileSystems.delete([join(self._folder, file.path)])
        self._finished = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    def _finish(self, split: str) -> None:
        self._finished.append(self._parts[split].close())
        del self._parts[split]


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
