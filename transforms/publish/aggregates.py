"""Differentially private tables as files of a release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from transforms.aggregate.releaser import METADATA
from transforms.publish.manifest import Aggregate, FileEntry, Measure
from transforms.publish.writer import ParquetPart

AGGREGATES = "aggregates"


def write_aggregate(folder: str, name: str, table: pa.Table) -> tuple[FileEntry, Aggregate]:
    """Write a released table to ``aggregates/<name>.parquet``, its metadata with it.

    Returns:
        The file, and what the manifest says of the table: read from the table's own metadata, so
        that both say the same.
    """
    part = ParquetPart(folder, f"{AGGREGATES}/{name}.parquet", table.schema)
    try:
        for batch in table.to_batches():
            part.write(batch)
        file = part.close()
    except BaseException:
        part.discard()
        raise
    told = json.loads(table.schema.metadata[METADATA])
    keys = ("epsilon", "delta", "mechanism", "max_groups", "max_rows_per_group", "explanation")
    return file, Aggregate.model_validate(
        {key: told[key] for key in keys}
        | {"name": name, "file": file.path, "rows": table.num_rows}
        | {"measures": [_measure(measure) for measure in told["measures"]]}
    )


def _measure(told: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: told[key] for key in Measure.model_fields if key in told}
    # An error that depends on the group is told in words, with a product beside them.
    return {key: value for key, value in known.items() if key != "error_95" or _is_number(value)}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
