"""Bounding: no subject ever adds more than the bounds allow, whatever the input."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from tests.aggregate import checks
from tests.aggregate.checks import Exact, exact_of
from tests.aggregate.support import KEY, MEASURES, SCHEMA, release, table
from transforms.aggregate import tree
from transforms.aggregate.extent import BINS, Cell, Extent
from transforms.aggregate.needs import exact_queries, queries_of
from transforms.aggregate.queries import STEPS, Query
from transforms.aggregate.schema import exact_schema
from transforms.aggregate.settings import Contribution, ReleaseSettings
from transforms.aggregate.sharding import deal
from transforms.aggregate.sums import aggregate_locally, aggregate_shard, merge
from transforms.errors import UsageError

SOME = Extent(-3, 12)
ALL = list(MEASURES.values())
PRIVATE = {"keys": "private", "delta": 1e-6}

row = st.tuples(
    st.sampled_from(["s1", "s2", "s3", None]),
    st.sampled_from(["f1", "f2"]),
    st.integers(0, 5),
    st.sampled_from(["a", "b", "c", "d", "e", "", None]),
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(0, 3)),
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(-1, 70)),
    st.sampled_from(["x", "y", "z", "", None]),
    st.sampled_from([date(2022, 1, 1), date(2022, 5, 3), date(2024, 12, 30), None]),
)
HOW: list[dict[str, Any]] = [
    {"delta": 1e-6},
    PRIVATE,
    {
        "delta": 1e-6,
        "group_by": ["clinic", "age"],
        "keys": {"clinic": ["a", "b"], "age": {"first": 0, "last": 2}},
    },
    PRIVATE | {"group_by": ["age", "clinic"]},
    {
        "delta": 1e-6,
        "group_by": ["day", "minutes"],
        "periods": {"day": "quarter"},
        "bins": {"minutes": [0, 0.5, 40]},
        "keys": {"day": {"first": "2022-Q1", "last": "2022-Q2"}},
    },
    PRIVATE | {"group_by": ["day"], "periods": {"day": "week"}},
]
releases = st.builds(
    lambda how, groups, rows, all_rows: release(
        **how, measures=ALL, max_groups=groups, max_rows_per_group=rows, max_rows=all_rows
    ),
    st.sampled_from(HOW),
    st.integers(1, 3),
    st.integers(1, 3),
    st.one_of(st.none(), st.integers(1, 5)),
)


def numbers_of(query: Query, exact: pa.Table, it: ReleaseSettings) -> dict[Any, int]:
    """What a query's noise is added to: (group, cell) -> number, but for zeros."""
    found: dict[Any, int] = {}
    for row in exact.to_pylist():
        group = tuple(row[name] for name in it.group_by)
        value = row[query.column]
        if query.kind == "split":
            values, rows = row[f"values:{query.field}"], row["n:rows"]
            whole = {"upper": value, "lower": values * STEPS - value}
            whole["missing"] = (rows - values) * STEPS
            found |= {(group, cell): number for cell, number in whole.items()}
            continue
        if not isinstance(value, list):
            found[group, None] = value
            continue
        cells = {part["cell"]: part["n"] for part in value}
        if query.kind == "tree":
            leaves = np.zeros((1, len(query.edges) - 1), dtype=np.int64)
            leaves[0, list(cells)] = list(cells.values())
            cells = dict(enumerate(tree.grow(leaves)[0].tolist()))
        found |= {(group, cell): number for cell, number in cells.items()}
    return found


def numbers_within(found: Extent, query: Query, exact: pa.Table, it: ReleaseSettings) -> Any:
    """The same of a query whose bounds are found from the data, were they these."""
    numbers = {}
    for row in exact.to_pylist():
        cells = [Cell(**part) for part in row[f"parts:{query.field}"]]
        if query.kind == "extent":
            for cell in cells:
                numbers[cell.cell] = numbers.get(cell.cell, 0) + cell.n
            continue
        group = tuple(row[name] for name in it.group_by)
        numbers[group] = (
            found.squares(cells, STEPS)
            if query.kind == "squares"
            else found.total(cells, STEPS, query.centred)
        )
    return numbers


def sensitivity_holds(
    exact: Exact, rows: list[Any], it: ReleaseSettings, extent: Extent = SOME
) -> bool:
    """Whether leaving out any one subject changes no query by more than its sensitivity."""
    with_all = exact(rows, it)
    for subject in {r[0] for r in rows if r[0] is not None}:
        without = exact([r for r in rows if r[0] != subject], it)
        for query in dict.fromkeys([*exact_queries(it), *queries_of(it)]):
            if query.kind in ("parts", "choice", "chosen"):
                continue
            if query.auto:
                one, other = (numbers_within(extent, query, t, it) for t in (with_all, without))
            else:
                one, other = (numbers_of(query, t, it) for t in (with_all, without))
            change = [one.get(key, 0) - other.get(key, 0) for key in one.keys() | other.keys()]
            most = query.sensitivity(it.contribution)
            if sum(map(abs, change)) > most.l1 or sum(c * c for c in change) > most.l2_squared:
                return False
    return True


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(row, max_size=30),
    it=releases,
    ends=st.tuples(st.integers(-BINS, BINS), st.integers(-BINS, BINS)).map(sorted),
)
def test_removing_a_subject_changes_no_query_by_more_than_its_sensitivity(
    rows: list[Any], it: ReleaseSettings, ends: list[int]
) -> None:
    assert sensitivity_holds(exact_of, rows, it, Extent(*ends))


# One subject who has more of everything than the bounds allow, among others.
HEAVY = [("heavy", "f", i, "abc"[i % 3], 70, 60.0) for i in range(60)]
OTHERS = [(f"s{i}", "f", i, "abc"[i % 3], 5, 5.0) for i in range(9)]
BOUNDED = {"max_groups": 2, "max_rows_per_group": 3}


def test_the_check_of_sensitivities_passes_a_heavy_subject() -> None:
    assert sensitivity_holds(exact_of, HEAVY + OTHERS, release(**BOUNDED))
    assert sensitivity_holds(exact_of, HEAVY + OTHERS, release(**BOUNDED, max_rows=4))


@pytest.mark.parametrize(
    ("mutant", "changes"),
    [
        (checks.one_more_of("max_groups"), {}),
        (checks.one_more_of("max_rows_per_group"), {}),
        (checks.one_more_of("max_rows"), {"max_rows": 4}),
        (checks.bounded_after_merging, {}),
        (checks.sharded_by_row, {}),
    ],
    ids=["L0 off by one", "L∞ off by one", "rows off by one", "after merging", "sharded by row"],
)
def test_wrong_bounding_is_caught(mutant: Exact, changes: dict[str, Any]) -> None:
    assert not sensitivity_holds(mutant, HEAVY + OTHERS, release(**BOUNDED, **changes))


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ((3, 2, None), Contribution(groups=3, rows=6, rows_squared=12)),
        ((3, 2, 5), Contribution(groups=3, rows=5, rows_squared=9)),  # 2² + 2² + 1²
        ((3, 4, 1), Contribution(groups=1, rows=1, rows_squared=1)),
        ((2, 3, 100), Contribution(groups=2, rows=6, rows_squared=18)),
    ],
)
def test_norms_of_what_one_subject_adds(bounds: Any, expected: Contribution) -> None:
    assert Contribution.of(*bounds) == expected


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(row, max_size=40),
    it=releases,
    shuffled=st.randoms(),
)
def test_order_and_sharding_change_nothing(
    rows: list[tuple[Any, ...]], it: ReleaseSettings, shuffled: Any
) -> None:
    partial, stats = aggregate_shard(table(rows), it, KEY)
    whole = merge([partial], it)
    shuffled.shuffle(rows)
    parts = [aggregate_shard(part, it, KEY) for _, part in deal(table(rows), shards=4)]
    if not parts:
        assert whole.num_rows == 0
        return
    assert merge([part for part, _ in parts], it).equals(whole)
    total = parts[0][1]
    for _, more in parts[1:]:
        total = total + more
    assert total == stats


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(row, max_size=40), it=releases)
def test_every_row_is_accounted_for(rows: list[tuple[Any, ...]], it: ReleaseSettings) -> None:
    exact, stats = aggregate_shard(table(rows), it, KEY)
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
            pl.col("minutes").clip(0, 60).sum(),
        )
        .sort("clinic")
    )
    assert (
        exact.select(["clinic", "n:subjects", "n:rows"]).to_pylist()
        == plain.select("clinic", "n:subjects", "n:rows").to_dicts()
    )
    for column, step, name in (
        ("sum:age:-3.0:70.0:0.0", 70 / STEPS, "age"),
        ("split:minutes:0.0:60.0", 60 / STEPS, "minutes"),
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
    assert group["split:minutes:0.0:60.0"] == round(1 / 60 * STEPS)
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
        ({"periods": {"clinic": "day"}, "keys": ["2022-01-01"]}, "in time buckets"),
        ({"bins": {"clinic": [0, 1]}, "keys": None}, "cannot put 'clinic' of type string in bins"),
        (
            {"measures": [{"kind": "count_distinct", "field": "minutes"}]},
            "cannot tell values of 'minutes' of type double apart",
        ),
        (
            {"measures": [{"kind": "top_k", "k": 1, "field": "code", "values": [1]}]},
            "value 1 of 'code' is not of the field's type string",
        ),
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
    assert exact.column("split:urgent:0.0:1.0").to_pylist() == [0, STEPS]


def test_a_subject_with_a_million_rows_is_bounded_like_any_other() -> None:
    """In seconds, and no slower by the subject's size than by the number of rows."""
    count = 1_000_000
    rows = pa.table(
        {
            "_subject": pa.DictionaryArray.from_arrays(pa.array([0] * count), ["s"]).cast("string"),
            "_file": pa.DictionaryArray.from_arrays(pa.array([0] * count), ["f"]).cast("string"),
            "_position": np.arange(count),
            "clinic": pa.DictionaryArray.from_arrays(np.arange(count) % 3, list("abc")).cast(
                "string"
            ),
            "age": np.full(count, 9),
            "minutes": np.full(count, np.nan),
        }
    )
    begun = time.monotonic()
    exact, stats = aggregate_locally(
        rows.to_batches(), release(max_groups=2, max_rows_per_group=3), KEY
    )
    assert sum(exact["n:rows"].to_pylist()) == 6
    assert (stats.rows, stats.rows_over_bound) == (count, count - 6)
    assert stats.missing == {"age": 0, "minutes": 6}
    assert time.monotonic() - begun < 30


def test_a_key_with_a_million_values_is_a_million_groups() -> None:
    count = 1_000_000
    rows = pa.table(
        {
            "_subject": np.arange(count).astype(str),
            "_file": pa.DictionaryArray.from_arrays(pa.array([0] * count), ["f"]).cast("string"),
            "_position": np.arange(count),
            "clinic": np.arange(count).astype(str),
        }
    )
    it = release(**PRIVATE, measures=[MEASURES["count"]])
    assert aggregate_locally(rows.to_batches(), it, KEY)[0].num_rows == count


def test_total_rows_are_sampled_uniformly_over_the_groups_of_a_subject() -> None:
    # 2,000 subjects with 5 records in each of 4 groups, 3 in all: a false alarm in a million runs.
    keys = [f"g{i}" for i in range(4)]
    rows = [(f"s{s}", "f", 20 * s + i, keys[i % 4], i, 1.0) for s in range(2000) for i in range(20)]
    it = release(keys=keys, max_groups=4, max_rows_per_group=5, max_rows=3)
    exact = exact_of(rows, it)
    assert sum(exact["n:rows"].to_pylist()) == 6000
    assert chisquare(exact["n:rows"].to_pylist()).pvalue > 1e-6


def test_time_buckets_and_bins_make_groups_and_what_is_outside_is_in_none() -> None:
    days = [date(2022, 3, 31), date(2022, 4, 1), date(2023, 1, 1), None]
    minutes = [0.0, 10.0, 40.0, 40.5, -1.0, float("nan"), None]
    rows = [
        (f"s{i}.{j}", "f", 7 * i + j, "a", 1, m, "x", d)
        for i, d in enumerate(days)
        for j, m in enumerate(minutes)
    ]
    it = release(
        group_by=["day", "minutes"],
        periods={"day": "quarter"},
        bins={"minutes": [0, 10, 40]},
        keys={"day": {"first": "2022-Q1", "last": "2022-Q2"}},
        measures=[MEASURES["count"]],
    )
    exact, stats = aggregate_locally(table(rows).to_batches(), it, KEY)
    assert [tuple(r.values())[:3] for r in exact.to_pylist()] == [
        ("2022-Q1", "[0, 10)", 1),
        ("2022-Q1", "[10, 40]", 2),
        ("2022-Q2", "[0, 10)", 1),
        ("2022-Q2", "[10, 40]", 2),
    ]
    # Of 28 rows, 7 have no date; of the others 3 in 7 are in a bin, and a third of those in 2023.
    assert (stats.rows_without_key, stats.rows_outside_keys) == (7 + 21 - 9, 3)
