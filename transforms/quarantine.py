"""Records that must not be published: kept in the restricted zone, with where and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, Self, TypeVar

import orjson
import pyarrow as pa

from transforms.batches import Batch
from transforms.fields import FILE, POSITION

QUARANTINED = "quarantined"
"""Tag of the output that holds quarantined records."""

SCHEMA = pa.schema(
    [
        pa.field("file", pa.string()),
        pa.field("position", pa.int64()),
        pa.field("stage", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("record", pa.binary()),
    ]
)
"""``file`` and ``position`` (line, row or record, from 1) say where the record was read, ``stage``
who refused it, ``reason`` why (never with a value of the record), ``record`` is the record itself
as it was read, null where it was too large to keep."""


def quarantine(batch: pa.RecordBatch, stage: str, reasons: Sequence[str]) -> Batch:
    """The records of a batch as quarantined ones, each with its reason."""
    fields = [name for name in batch.schema.names if name not in (FILE, POSITION)]
    rows = batch.select(fields).to_pylist()
    return Batch(
        pa.record_batch(
            [
                batch.column(FILE),
                batch.column(POSITION),
                pa.array([stage] * len(rows), pa.string()),
                pa.array(reasons, pa.string()),
                pa.array([orjson.dumps(row, default=str) for row in rows], pa.binary()),
            ],
            schema=SCHEMA,
        )
    )


class Records(Protocol):
    """What can be taken apart into its records."""

    @property
    def source(self) -> pa.RecordBatch:
        """The records as they were read."""
        ...

    def one(self, row: int) -> Self:
        """One of the records, alone."""
        ...


Some = TypeVar("Some", bound=Records)


def each_record(records: Some, work: Callable[[Some], Any], stage: str) -> Iterator[Any]:
    """``work`` on a batch of records; where that fails, on each of its records alone.

    Yields what ``work`` returns, and a quarantined ``Batch`` for each record on which it fails. The
    reason names the error's class only: its text may hold what it failed on.
    """
    count = records.source.num_rows
    try:
        yield work(records)
        return
    except MemoryError:
        raise
    except Exception:
        if count == 0:
            raise
    for row in range(count):
        record = records.one(row)
        try:
            result = work(record)
        except MemoryError:
            raise
        except Exception as error:
            yield quarantine(record.source, stage, [f"{stage} failed ({type(error).__name__})"])
        else:
            yield result
