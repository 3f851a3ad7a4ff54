"""The element that travels through the pipeline: an Arrow record batch, and its coder."""

from __future__ import annotations

from typing import Any

import apache_beam as beam
import pyarrow as pa
from apache_beam.coders import Coder

BATCH_RECORDS = 500
"""Records in a batch: Beam's cost per element is paid once for all of them."""

BATCH_BYTES = 4_000_000
"""A batch is closed early when its records hold more bytes than this: keeps memory flat."""


class Batch:
    """One record batch. A class of our own, since Beam treats ``pa.RecordBatch`` as its own
    batched type and refuses it as the element of a ``process`` method."""

    __slots__ = ("data",)

    def __init__(self, data: pa.RecordBatch) -> None:
        self.data = data

    @property
    def source(self) -> pa.RecordBatch:
        """The records as they were read (see ``quarantine.Records``)."""
        return self.data

    def one(self, row: int) -> Batch:
        """One of the records, alone."""
        return Batch(self.data.slice(row, 1))


_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


class BatchCoder(Coder):
    """Encodes a batch as an Arrow IPC stream (schema and one record batch), packed: the local
    runner keeps in memory what is grouped."""

    def encode(self, value: Batch) -> bytes:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, value.data.schema, options=_PACKED) as writer:
            writer.write_batch(value.data)
        return sink.getvalue().to_pybytes()

    def decode(self, encoded: bytes) -> Batch:
        with pa.ipc.open_stream(encoded) as reader:
            return Batch(reader.read_next_batch())

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> Any:
        return Batch


beam.coders.registry.register_coder(Batch, BatchCoder)


def flat(column: pa.Array) -> pa.Array:
    """The values of a column, list columns flattened."""
    return column.flatten() if pa.types.is_list(column.type) else column


def rows_of(column: pa.Array) -> list[int]:
    """The record to which each of ``flat(column)`` belongs."""
    if pa.types.is_list(column.type):
        return pa.compute.list_parent_indices(column).to_pylist()
    return list(range(len(column)))


def like(column: pa.Array, values: pa.Array) -> pa.Array:
    """``values`` in the nesting of ``column``; the inverse of ``flat``.

    ``column`` is a list column (or a flat one, then ``values`` are returned), ``values`` has one
    entry for each of ``flat(column)``.
    """
    if not pa.types.is_list(column.type):
        return values
    lengths = pa.compute.fill_null(pa.compute.list_value_length(column), 0)
    offsets = pa.concat_arrays(
        [pa.array([0], pa.int32()), pa.compute.cumulative_sum(lengths).cast(pa.int32())]
    )
    return pa.ListArray.from_arrays(offsets, values, mask=column.is_null())
