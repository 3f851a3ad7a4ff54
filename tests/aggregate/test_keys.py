"""Time buckets, bins and ranges of keys."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.aggregate.support import release
from transforms.aggregate.keys import (
    Bucket,
    KeyRange,
    bin_labels,
    bin_of,
    bucket_of,
    index_of_bin,
)

BUCKETS: list[Bucket] = ["year", "quarter", "month", "week", "day"]


@pytest.mark.parametrize("bucket", BUCKETS)
@settings(deadline=None)
@given(first=st.dates(date(1990, 1, 1), date(2030, 12, 31)), days=st.integers(0, 800))
def test_a_range_holds_the_bucket_of_every_day_in_it_once_and_in_order(
    bucket: Bucket, first: date, days: int
) -> None:
    dates = [first + timedelta(days=n) for n in range(days + 1)]
    frame = pl.DataFrame({"day": dates}).select(bucket_of("day", bucket))
    met = list(dict.fromkeys(frame.to_series().to_list()))
    assert KeyRange(first=met[0], last=met[-1]).expand(bucket, 10_000) == met
    assert met == sorted(met)


def test_a_range_of_numbers_includes_both_ends() -> None:
    assert KeyRange(first=-1, last=2).expand(None, 10) == [-1, 0, 1, 2]
    assert KeyRange.model_validate({"first": date(2022, 5, 3), "last": date(2022, 5, 4)}).expand(
        "day", 10
    ) == ["2022-05-03", "2022-05-04"]


PERIODS = {"group_by": ["day"], "periods": {"day": "month"}}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"keys": {"first": 3, "last": 2}}, "must not be above last"),
        ({"keys": {"first": 3, "last": "x"}}, "of one kind"),
        ({"keys": {"first": "a", "last": "b"}}, "a range is of whole numbers"),
        ({"keys": {"first": 0, "last": 10**12}}, "more than 1,000,000 keys"),
        (PERIODS | {"keys": {"first": "2022-03", "last": "2022-01"}}, "must not be after last"),
        (PERIODS | {"keys": {"first": "2022-3", "last": "2022-05"}}, "write it like 2022-05"),
        (PERIODS | {"keys": ["2022-13"]}, "'2022-13' is no month"),
        (PERIODS | {"keys": ["2022-01", "2022-01"]}, "twice"),
        ({"periods": {"day": "month"}}, "not in 'group_by'"),
        ({"bins": {"clinic": [1, 0]}, "keys": None}, "must ascend"),
        ({"bins": {"clinic": [1]}, "keys": None}, "at least 2"),
        ({"bins": {"clinic": [0, 1]}}, "for several fields"),
        (
            PERIODS | {"bins": {"day": [0, 1]}, "keys": None},
            "both 'periods' and 'bins'",
        ),
    ],
)
def test_wrong_keys_are_refused_and_told_why(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        release(**changes)


def test_bins_list_themselves() -> None:
    it = release(group_by=["minutes"], bins={"minutes": [0, 0.5, 10]}, keys=None)
    assert it.public_keys == {"minutes": ["[0, 0.5)", "[0.5, 10]"]}
    both = release(group_by=["minutes", "clinic"], bins={"minutes": [0, 10]}, keys=["a", "b"])
    assert both.public_groups == 2
    assert list(both.public_keys) == ["minutes", "clinic"]


EDGES = (-1.5, 0.0, 0.25, 10.0)


@settings(deadline=None)
@given(st.one_of(st.none(), st.floats(), st.sampled_from(EDGES)))
def test_each_number_is_in_the_one_bin_that_holds_it(value: float | None) -> None:
    frame = pl.DataFrame({"x": [value]}, schema={"x": pl.Float64})
    label = frame.select(bin_of("x", EDGES)).item()
    index = frame.select(index_of_bin(pl.col("x"), EDGES)).item()
    if value is None:
        assert (label, index) == (None, None)
    elif not EDGES[0] <= value <= EDGES[-1]:
        assert label is None
        assert value != value or index == (0 if value < 0 else 2)
    else:
        assert label == bin_labels(EDGES)[index]
        assert EDGES[index] <= value < EDGES[index + 1] or (value == 10.0 and index == 2)
