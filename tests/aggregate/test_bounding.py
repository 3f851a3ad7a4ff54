"""Bounding: no subject ever adds more than the bounds allow, whatever the input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from transforms.aggregate.bounding import (
    aggregate_locally,
    aggregate_shard,
    exact_queries,
    exact_schema,
    merge,
)
from transforms.aggregate.queries import STEPS
from transforms.aggregate.settings import ReleaseSettings
from transforms.aggregate.transform import deal
from transforms.errors import UsageError

KEY = b"k" * 32
SCHEMA = pa.schema(
    {
        "_subject": pa.string(),
        "_file": pa.string(),
        "_position": pa.int64(),
        "clinic": pa.string(),
        "age": pa.int64(),
        "minutes": pa.float64(),
    }
)


def release(**changes: Any) -> ReleaseSettings:
    given = {
        "name": "r",
        "group_by": ["clinic"],
        "keys": ["a", "b", "c"],
        "measures": [
            {"kind": "count"},
            {"kind": "count_subjects"},
            {"kind": "sum", "field": "age", "lower": -3, "upper": 70},
            {"kind": "mean", "field": "minutes", "lower": 0, "upper": 60},
        ],
        "epsilon": 1.0,
    }
    return ReleaseSettings.model_validate(given | changes)


def table(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
    return pa.table(
        [pa.array(list(c), f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


row = st.tuples(
    st.sampled_from(["s1", "s2", "s3", None]),
    st.sampled_from(["f1", "f2"]),
    st.integers(0, 5),
    st.sampled_from(["a", "b", "c", "d", "e", "", None]),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(0, 3)),
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
)
releases = st.builds(
    lambda how, groups, rows: release(**how, max_groups=groups, max_rows_per_group=rows),
    st.sampled_from(
        [
            {},
            {"keys": "private", "delta": 1e-6},
            {"group_by": ["clinic", "age"], "keys": {"clinic": ["a", "b"], "age": [0, 1, 2]}},
            {"group_by": ["age", "clinic"], "keys": "private", "delta": 1e-6},
        ]
    ),
    st.integers(1, 3),
    st.integers(1, 3),
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(row, max_size=40), release=releases)
def test_removing_a_subject_changes_no_query_by_more_than_its_sensitivity(
    rows: list[tuple[Any, ...]], release: ReleaseSettings
) -> None:
    with_all, _ = aggregate_shard(table(rows), release, KEY)
    for subject in ("s1", "s2", "s3"):
        without, _ = aggregate_shard(table([r for r in rows if r[0] != subject]), release, KEY)
        change = merge([with_all, negative(without, release)], release)
        for query in exact_queries(release):
            by_group = [abs(number) for number in change[query.column].to_pylist()]
            per_row = release.max_rows_per_group if query.kind != "subjects" else 1
            assert max(by_group, default=0) <= per_row * query.most
            assert sum(number > 0 for number in by_group) <= release.max_groups
            assert sum(by_group) <= query.sensitivity(release)


def negative(exact: pa.Table, release: ReleaseSettings) -> pa.Table:
    frame = pl.DataFrame(exact)
    names = [query.column for query in exact_queries(release)]
    return frame.with_columns(-pl.col(names)).to_arrow().cast(exact.schema)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(row, max_size=40, unique_by=lambda r: r[:3]),
    release=releases,
    shuffled=st.randoms(),
)
def test_order_and_sharding_change_nothing(
    rows: list[tuple[Any, ...]], release: ReleaseSettings, shuffled: Any
) -> None:
    whole, stats = aggregate_shard(table(rows), release, KEY)
    shuffled.shuffle(rows)
    parts = [
        aggregate_shard(pa.Table.from_batches([batch.data]), release, KEY)
        for _, batch in deal(table(rows), shards=4)
    ]
    if not parts:
        assert whole.num_rows == 0
        return
    assert merge([part for part, _ in parts], release).equals(whole)
    total = parts[0][1]
    for _, more in parts[1:]:
        total = total + more
    assert total == stats


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row, max_size=40), release=releases)
def test_every_row_is_accounted_for(rows: list[tuple[Any, ...]], release: ReleaseSettings) -> None:
    exact, stats = aggregate_shard(table(rows), release, KEY)
    left_out = (
        stats.rows_without_subject
        + stats.rows_without_key
        + stats.rows_outside_keys
        + stats.rows_over_bound
    )
    assert stats.rows == len(rows) == sum(exact["n:rows"].to_pylist()) + left_out


def test_without_excess_it_is_a_plain_group_by() -> None:
    rows = [(f"s{i % 7}", "f", i, "abc"[i % 3], i, i / 2) for i in range(100)]
    exact, stats = aggregate_shard(table(rows), release(max_groups=3, max_rows_per_group=100), KEY)
    plain = (
        pl.DataFrame(table(rows))
        .group_by("clinic")
        .agg(
            pl.col("_subject").n_unique().cast(pl.Int64).alias("n:subjects"),
            pl.len().cast(pl.Int64).alias("n:rows"),
            pl.col("age").clip(-3, 70).sum().cast(pl.Float64),
            (pl.col("minutes").clip(0, 60) - 30).sum(),
        )
        .sort("clinic")
    )
    assert (
        exact.select(["clinic", "n:subjects", "n:rows"]).to_pylist()
        == plain.select("clinic", "n:subjects", "n:rows").to_dicts()
    )
    for column, step, name in (
        ("sum:age:-3.0:70.0:0.0", 70 / STEPS, "age"),
        ("sum:minutes:0.0:60.0:30.0", 30 / STEPS, "minutes"),
    ):
        sums = [number * step for number in exact[column].to_pylist()]
        # Each row is rounded by at most half a step.
        assert sums == pytest.approx(plain[name].to_list(), abs=34 * step / 2)
    assert stats.rows_over_bound == 0


def test_a_missing_value_counts_as_a_record_but_adds_nothing() -> None:
    values = [1.0, None, float("nan"), float("inf"), float("-inf")]
    rows = [(f"s{i}", "f", i, "a", None, value) for i, value in enumerate(values)]
    exact, stats = aggregate_shard(table(rows), release(), KEY)
    [group] = exact.to_pylist()
    assert (group["n:rows"], group["values:minutes"]) == (5, 1)
    assert group["sum:minutes:0.0:60.0:30.0"] == round((1 - 30) / 30 * STEPS)
    assert stats.missing == {"age": 5, "minutes": 4}


def test_rows_outside_public_keys_take_no_place_from_others() -> None:
    rows = [("s", "f", i, key, 1, 1.0) for i, key in enumerate("xyzuvwa")]
    exact, stats = aggregate_shard(table(rows), release(max_groups=1), KEY)
    assert exact["clinic"].to_pylist() == ["a"]
    assert (stats.rows_outside_keys, stats.groups_over_bound) == (6, 0)


def test_sampling_is_uniform_over_groups_and_rows() -> None:
    # 3,000 subjects in 10 groups, 3 kept: a false alarm once in a million runs.
    keys = [f"g{i}" for i in range(10)]
    rows = [
        (f"s{s}", "f", 10 * s + i, key, i, 1.0) for s in range(3000) for i, key in enumerate(keys)
    ]
    by_group = release(group_by=["clinic"], keys=keys, max_groups=3)
    exact, _ = aggregate_shard(table(rows), by_group, KEY)
    assert sum(exact["n:rows"].to_pylist()) == 9000
    assert chisquare(exact["n:rows"].to_pylist()).pvalue > 1e-6
    # One group, 3 of 10 rows kept: the mean of 0..9 stays 4.5 (standard error 0.03).
    rows = [(s, f, p, "a", age, m) for s, f, p, _, age, m in rows]
    exact, _ = aggregate_shard(
        table(rows),
        release(
            max_rows_per_group=3, measures=[{"kind": "sum", "field": "age", "lower": 0, "upper": 9}]
        ),
        KEY,
    )
    assert exact["n:rows"].to_pylist() == [9000]
    total = exact["sum:age:0.0:9.0:0.0"][0].as_py() * 9 / STEPS
    assert total / 9000 == pytest.approx(4.5, abs=0.15)


def test_another_key_or_release_samples_other_rows() -> None:
    rows = [("s" + str(s), "f", i, "a", i, float(i)) for s in range(50) for i in range(40)]
    first, _ = aggregate_shard(table(rows), release(), KEY)
    assert not aggregate_shard(table(rows), release(), b"other")[0].equals(first)
    assert not aggregate_shard(table(rows), release(name="s"), KEY)[0].equals(first)


def test_sampling_is_the_same_in_every_process(tmp_path: Path) -> None:
    script = """
import sys
sys.path[:0] = {root!r}
from tests.aggregate.test_bounding import *
rows = [(f"s{{s}}", "f", i, "abc"[i % 3], i, float(i)) for s in range(50) for i in range(40)]
print(aggregate_locally(table(rows).to_batches(), release(max_groups=2), KEY)[0].to_pylist())
"""
    root = [str(Path(__file__).parents[2])]
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script.format(root=root)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=tmp_path,
        ).stdout
        for seed in ("1", "2")
    }
    rows = [(f"s{s}", "f", i, "abc"[i % 3], i, float(i)) for s in range(50) for i in range(40)]
    here, _ = aggregate_locally(table(rows).to_batches(), release(max_groups=2), KEY)
    assert outputs == {f"{here.to_pylist()}\n"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"group_by": ["nowhere"]}, "uses 'nowhere', which the records do not have"),
        ({"group_by": ["minutes"]}, "cannot group by 'minutes' of type double"),
        ({"group_by": ["age"]}, "public key 'a' of 'age' is not of the field's type int64"),
        ({"keys": [1, 2]}, "put it in quotes"),
        (
            {"measures": [{"kind": "sum", "field": "clinic", "lower": 0, "upper": 1}]},
            "cannot add up 'clinic' of type string",
        ),
    ],
)
def test_a_release_that_does_not_fit_the_fields_is_refused(
    changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        exact_schema(release(**changes), SCHEMA)


def test_booleans_are_keys_and_rates() -> None:
    rows = table([("s1", "f", 1, "a", 1, 1.0), ("s2", "f", 2, "a", 2, 2.0)])
    rows = rows.append_column("urgent", pa.array([True, False]))
    by_flag = release(
        group_by=["urgent"],
        keys=[True, False],
        measures=[{"kind": "mean", "field": "urgent", "lower": 0, "upper": 1}],
    )
    exact, _ = aggregate_shard(rows, by_flag, KEY)
    assert exact.column("urgent").to_pylist() == [False, True]
    assert exact.column("sum:urgent:0.0:1.0:0.5").to_pylist() == [-STEPS, STEPS]
