"""Records that do not go on: where they were, why, and what they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from transforms.quarantine import SCHEMA


class Reject(NamedTuple):
    """A record that cannot go on."""

    file: str
    position: int
    reason: str
    record: bytes | None


class Rejects(NamedTuple):
    """A batch of ``SCHEMA``."""

    data: pa.RecordBatch


def rejects_to_batch(rejects: Sequence[Reject], stage: str = "ingest") -> Rejects:
    """The quarantine's rows of what ``stage`` could not use."""
    columns = [
        [r.file for r in rejects],
        [r.position for r in rejects],
        [stage] * len(rejects),
        [r.reason for r in rejects],
        [r.record for r in rejects],
    ]
    arrays = [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)]
    return Rejects(pa.RecordBatch.from_arrays(arrays, schema=SCHEMA))
