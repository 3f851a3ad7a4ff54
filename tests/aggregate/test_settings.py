"""What a privacy officer may write about releases, and what is refused with which words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from transforms.aggregate.settings import AggregateSettings, Amount, Budget, ReleaseSettings

COUNT = {"kind": "count"}
MEAN = {"kind": "mean", "field": "minutes", "lower": 0, "upper": 60}


def release(**changes: Any) -> ReleaseSettings:
    given = {
        "name": "r",
        "group_by": ["clinic"],
        "keys": ["a", "b"],
        "measures": [COUNT],
        "epsilon": 1.0,
    }
    return ReleaseSettings.model_validate(given | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"epsilon": 0}, "greater than 0"),
        ({"epsilon": -1}, "greater than 0"),
        ({"epsilon": float("nan")}, "finite number"),
        ({"epsilon": float("inf")}, "finite number"),
        ({"keys": "private", "delta": 1}, "less than 1"),
        ({"keys": "private"}, "private keys need 'delta'"),
        (
            {"measures": [{"kind": "top_k", "k": 3, "field": "code"}]},
            "top_k without 'values' needs",
        ),
        (
            {"measures": [{"kind": "top_k", "k": 3, "field": "c", "values": ["a", 1]}]},
            "mixes types",
        ),
        ({"measures": [{"kind": "top_k", "k": 3, "field": "c", "values": ["a", "a"]}]}, "twice"),
        ({"keys": None}, "give 'keys'"),
        ({"keys": []}, "empty"),
        ({"keys": ["a", "a"]}, "twice"),
        ({"keys": ["a", 1]}, "mixes types"),
        ({"group_by": []}, "'keys' needs 'group_by'"),
        ({"group_by": [], "keys": None, "max_groups": 2}, "one group"),
        ({"group_by": ["clinic", "sex"]}, "one list for each field"),
        ({"group_by": ["clinic", "sex"], "keys": {"clinic": ["a"]}}, "clinic, sex"),
        ({"group_by": ["clinic", "clinic"]}, "more than once"),
        ({"measures": [COUNT, COUNT]}, "more than once"),
        ({"measures": [{"kind": "count", "name": "clinic"}]}, "more than once"),
        ({"measures": []}, "at least 1 item"),
        ({"measures": [MEAN | {"lower": 60}]}, "must be less than upper"),
        ({"measures": [MEAN | {"upper": float("nan")}]}, "finite number"),
        ({"measures": [MEAN | {"bounds": "auto"}]}, "in their place"),
        ({"measures": [{"kind": "mean", "field": "minutes"}]}, "or 'bounds: auto'"),
        ({"measures": [MEAN | {"upper": None}]}, "give both 'lower' and 'upper'"),
        ({"measures": [MEAN | {"weight": 0}]}, "greater than 0"),
        ({"measures": [MEAN | {"kind": "variance", "upper": 1e200}]}, "they are squared"),
        ({"measures": [MEAN | {"kind": "median", "lower": 60}]}, "must be less than upper"),
        ({"measures": [MEAN | {"kind": "median", "bins": 1}]}, "greater than or equal to 2"),
        ({"measures": [MEAN | {"kind": "quantile", "at": 1}]}, "less than 1"),
        ({"measures": [{"kind": "histogram", "field": "x", "edges": [0, 2, 1]}]}, "must ascend"),
        ({"measures": [{"kind": "average"}]}, "expected tags"),
        ({"max_rows": 0}, "greater than or equal to 1"),
        ({"bounds_share": 1}, "less than 1"),
        (
            {
                "keys": {"first": 1, "last": 100_000},
                "measures": [MEAN | {"kind": "median", "bins": 100}],
            },
            "20,000,000 noisy numbers are more than 10,000,000",
        ),
        ({"max_groups": 0}, "greater than or equal to 1"),
        ({"name": "../r"}, "should match pattern"),
        ({"keys": list(range(1001)), "group_by": ["a"], "unknown": 1}, "not permitted"),
        (
            {"group_by": ["a", "b"], "keys": {"a": list(range(1001)), "b": list(range(1000))}},
            "1,001,000 public groups",
        ),
    ],
)
def test_a_wrong_release_is_refused_and_told_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        release(**changes)


def test_amounts_are_whole_units_and_spendings_round_up() -> None:
    assert Amount.spent(0.1, 0) == Amount(100_000, 0)  # Not 100,001: 0.1 means a tenth.
    assert Amount.spent(0.1000001, 1e-6) == Amount(100_001, 10**9)
    assert Amount.total(0.1000009, 1.5e-15) == Amount(100_000, 1)


def test_ten_tenths_fit_into_one() -> None:
    # As floats, 0.1 added up three times is more than 0.3.
    tenths = [release(name=f"r{i}", epsilon=0.1) for i in range(10)]
    AggregateSettings(budget=Budget(epsilon=1), releases=tenths)
    AggregateSettings(budget=Budget(epsilon=0.3), releases=tenths[:3])


def test_releases_above_the_budget_are_refused_with_the_sums() -> None:
    with pytest.raises(ValidationError, match=r"add up to ε=1\.5, δ=0, more than .* ε=1, δ=0"):
        AggregateSettings(
            budget=Budget(epsilon=1), releases=[release(), release(name="s", epsilon=0.5)]
        )
    private = release(keys="private", delta=1e-5)
    with pytest.raises(ValidationError, match="δ=1e-05, more than"):
        AggregateSettings(budget=Budget(epsilon=1, delta=1e-6), releases=[private])


def test_release_names_differ_even_where_file_names_ignore_case() -> None:
    with pytest.raises(ValidationError, match="must differ"):
        AggregateSettings(budget=Budget(epsilon=9), releases=[release(), release(name="R")])


def test_no_more_groups_are_paid_for_than_there_are() -> None:
    assert release(max_groups=5).contribution.groups == 2
    assert release(max_groups=5, keys="private", delta=1e-6).contribution.groups == 5


def test_one_release_may_not_spend_more_than_the_ceiling() -> None:
    budget = Budget(epsilon=100)
    with pytest.raises(ValidationError, match=r"'r' has epsilon 10\.5, above max_epsilon \(10\)"):
        AggregateSettings(budget=budget, releases=[release(epsilon=10.5)])
    AggregateSettings(budget=budget, releases=[release(epsilon=10.5)], max_epsilon=11)


def test_delta_stays_below_one_in_the_number_of_subjects() -> None:
    private = release(keys="private", delta=1e-3)
    budget = Budget(epsilon=1, delta=1e-3)
    AggregateSettings(budget=budget, releases=[private], subjects=1000)
    with pytest.raises(ValidationError, match=r"delta 0\.001, above one in 1,001 subjects"):
        AggregateSettings(budget=budget, releases=[private], subjects=1001)
    with pytest.raises(ValidationError, match="less than 1"):
        release(keys="private", delta=1.0)
