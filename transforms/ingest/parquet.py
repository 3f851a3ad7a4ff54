"""Parquet: rows of flat or nested columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.batches import BATCH_BYTES, BATCH_RECORDS
from transforms.ingest.files import SourceFile, open_file
from transforms.ingest.paths import schema_paths
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import SourceSettings
from transforms.ingest.text import too_large


def plan_parquet(file: SourceFile) -> Iterator[Range]:
    """A range for each row group."""
    with closing(open_file(file.path)) as stream:
        try:
            parquet = pq.ParquetFile(stream)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as problem:
            if isinstance(problem, OSError) and (type(problem) is not OSError or problem.errno):
                raise
            reason = "not a Parquet file, or damaged, or encrypted"
            yield Range(file.path, file.format, problem=reason)
            return
        header = tuple(schema_paths(parquet.schema_arrow))
        row = 1
        for group in range(parquet.num_row_groups):
            yield Range(file.path, file.format, group, group + 1, row, header)
            row += parquet.metadata.row_group(group).num_rows


def read_parquet(
    part: Range, source: SourceSettings, paths: Iterable[str]
) -> Iterator[Row | Reject]:
    """The rows of a range; only the columns in which ``paths`` stand."""
    names = {name for path in paths for name in (path, path.partition(".")[0].partition("[")[0])}
    row = part.position
    with closing(open_file(part.file)) as stream:
        try:
            parquet = pq.ParquetFile(stream)
            group = parquet.metadata.row_group(part.start)
            row_bytes = group.total_byte_size // max(1, group.num_rows)
            batches = parquet.iter_batches(
                batch_size=max(1, min(BATCH_RECORDS, BATCH_BYTES // max(1, row_bytes))),
                row_groups=[part.start],
                columns=[n for n in parquet.schema_arrow.names if n in names],
                use_threads=False,
            )
            for batch in batches:
                may_be_large = batch.nbytes > source.max_record_bytes
                for record in _records(batch):
                    if record is None:
                        yield Reject(part.file, row, "not valid utf-8", None)
                    elif may_be_large and (
                        len(orjson.dumps(record, default=str)) > source.max_record_bytes
                    ):
                        yield Reject(part.file, row, too_large(source), None)
                    else:
                        yield Row(part.file, row, record, None)
                    row += 1
        except (pa.ArrowException, OSError) as problem:
            if isinstance(problem, OSError) and (type(problem) is not OSError or problem.errno):
                raise
            reason = "damaged data; no later row of this row group could be read"
            yield Reject(part.file, row, reason, None)


def _records(batch: pa.RecordBatch) -> list[dict[str, Any] | None]:
    """The batch's rows, ``None`` for one with text that is not UTF-8."""
    try:
        return batch.to_pylist()
    except UnicodeDecodeError:
        if batch.num_rows == 1:
            return [None]
        return [row for i in range(batch.num_rows) for row in _records(batch.slice(i, 1))]
