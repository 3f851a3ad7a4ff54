from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq

from transforms.aggregate.releaser import METADATA
from transforms.publish.aggregates import write_aggregate

from .conftest import released_table


def test_a_table_and_its_loss_are_written_together(tmp_path: Path) -> None:
    table = released_table()
    file, aggregate = write_aggregate(str(tmp_path), "visits", table)
    path = tmp_path / "aggregates/visits.parquet"
    assert file.path == aggregate.file == "aggregates/visits.parquet"
    assert (file.rows, file.bytes) == (2, path.stat().st_size)
    assert pq.read_table(path).equals(table, check_metadata=True)
    told = json.loads(pq.read_schema(path).metadata[METADATA])
    assert (told["epsilon"], told["mechanism"]) == (0.5, "discrete Laplace")
    assert pl.read_parquet(path).to_dicts() == table.to_pylist()
    assert pd.read_parquet(path).to_dict("records") == table.to_pylist()
    assert duckdb.read_parquet(str(path)).to_arrow_table().to_pylist() == table.to_pylist()


def test_the_manifest_says_what_the_table_says(tmp_path: Path) -> None:
    table = released_table()
    _, aggregate = write_aggregate(str(tmp_path), "visits", table)
    told = json.loads(table.schema.metadata[METADATA])
    assert aggregate.epsilon == told["epsilon"]
    assert aggregate.max_groups == told["max_groups"]
    count, mean = aggregate.measures
    assert (count.column, count.error_95) == ("count", told["measures"][0]["error_95"])
    assert (mean.column, mean.kind, mean.error_95) == ("mean_minutes", "mean", None)
    assert mean.error_95_times_values == told["measures"][1]["error_95_times_values"]


def test_no_statistics_are_in_its_footer(tmp_path: Path) -> None:
    write_aggregate(str(tmp_path), "visits", released_table())
    group = pq.read_metadata(tmp_path / "aggregates/visits.parquet").row_group(0)
    assert not any(group.column(i).is_stats_set for i in range(group.num_columns))


def test_a_table_of_no_groups_is_a_table(tmp_path: Path) -> None:
    """Private keys may leave no group above the threshold."""
    empty = released_table().slice(0, 0)
    file, aggregate = write_aggregate(str(tmp_path), "visits", empty)
    assert file.rows == aggregate.rows == 0
    assert pl.read_parquet(tmp_path / file.path).columns == empty.column_names
