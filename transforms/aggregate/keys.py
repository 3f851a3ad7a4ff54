"""The keys of a release's groups: fields as they are, time buckets and numeric bins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, Self

import polars as pl
from pydantic import StrictInt, StrictStr, field_validator, model_validator

from transforms.fields import Settings

Bucket = Literal["year", "quarter", "month", "week", "day"]

_FORMS: dict[Bucket, tuple[str, str]] = {
    "year": (r"\d{4}", "2022"),
    "quarter": (r"\d{4}-Q[1-4]", "2022-Q2"),
    "month": (r"\d{4}-\d\d", "2022-05"),
    "week": (r"\d{4}-W\d\d", "2022-W18"),
    "day": (r"\d{4}-\d\d-\d\d", "2022-05-03"),
}


class KeyRange(Settings):
    """All keys from the first to the last one: whole numbers, or time buckets."""

    first: StrictInt | StrictStr
    """The first key: a whole number, or a time bucket such as 2022-05."""
    last: StrictInt | StrictStr
    """The last key, included."""

    @field_validator("first", "last", mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        # YAML makes a date of 2022-05-03.
        return value.isoformat() if isinstance(value, date) else value

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if isinstance(self.first, int) != isinstance(self.last, int):
            raise ValueError("'first' and 'last' must be of one kind")
        if isinstance(self.first, int) and isinstance(self.last, int) and self.first > self.last:
            raise ValueError(f"first ({self.first}) must not be above last ({self.last})")
        return self

    def expand(self, bucket: Bucket | None, most: int) -> list[int] | list[str]:
        """Every key of the range.

        Raises ValueError if it has more than ``most``, or an end is no such bucket.
        """
        if bucket is None:
            if not (isinstance(self.first, int) and isinstance(self.last, int)):
                raise ValueError("a range is of whole numbers, or of a field with 'periods'")
            if self.last - self.first >= most:
                raise ValueError(f"a range of more than {most:,} keys")
            return list(range(self.first, self.last + 1))
        first, last = (_start(str(end), bucket) for end in (self.first, self.last))
        if first > last:
            raise ValueError(f"first ({self.first}) must not be after last ({self.last})")
        found = list(dict.fromkeys(_label(day, bucket) for day in _days(first, last, bucket)))
        if len(found) > most:
            raise ValueError(f"a range of more than {most:,} keys")
        return found


def check_bucket(label: str, bucket: Bucket) -> str:
    """The label, if it names a bucket; raises ValueError if not."""
    _start(label, bucket)
    return label


def _start(label: str, bucket: Bucket) -> date:
    pattern, example = _FORMS[bucket]
    try:
        if not re.fullmatch(pattern, label, re.ASCII):
            raise ValueError
        match bucket:
            case "year":
                return date(int(label), 1, 1)
            case "quarter":
                return date(int(label[:4]), 3 * int(label[-1]) - 2, 1)
            case "month":
                return date.fromisoformat(f"{label}-01")
            case "week":
                return date.fromisocalendar(int(label[:4]), int(label[-2:]), 1)
            case "day":
                return date.fromisoformat(label)
    except ValueError:
        raise ValueError(f"{label!r} is no {bucket}: write it like {example}") from None


def _label(day: date, bucket: Bucket) -> str:
    match bucket:
        case "year":
            return f"{day.year:04}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case "day":
            return day.isoformat()


def _days(first: date, last: date, bucket: Bucket) -> Iterator[date]:
    """One day at least in each bucket."""
    step = {"day": 1, "week": 7}.get(bucket, 28)
    for ordinal in range(first.toordinal(), last.toordinal() + 1, step):
        yield date.fromordinal(ordinal)
    yield last


def bucket_of(column: str, bucket: Bucket) -> pl.Expr:
    """The bucket in which each date or time of a column lies, as text; null stays null."""
    when = pl.col(column).dt
    match bucket:
        case "year":
            return when.strftime("%Y")
        case "quarter":
            return pl.format("{}-Q{}", when.strftime("%Y"), when.quarter())
        case "month":
            return when.strftime("%Y-%m")
        case "week":
            return when.strftime("%G-W%V")
        case "day":
            return when.strftime("%Y-%m-%d")


def bin_labels(edges: Sequence[float]) -> list[str]:
    """How bins are called where they make groups: ``[0, 10)``; the last one ends in ``]``."""
    ends = [")"] * (len(edges) - 2) + ["]"]
    return [
        f"[{low:.12g}, {high:.12g}{end}"
        for (low, high), end in zip(pairwise(edges), ends, strict=True)
    ]


def index_of_bin(value: pl.Expr, edges: Sequence[float]) -> pl.Expr:
    """Number of the bin in which each value lies, from 0; values outside are in the first or the
    last one. Null stays null."""
    inner = pl.lit(pl.Series(edges[1:-1], dtype=pl.Float64))
    found = inner.search_sorted(value, side="right") if len(edges) > 2 else pl.lit(0)
    return pl.when(value.is_not_null()).then(found.cast(pl.Int64))


def bin_of(column: str, edges: Sequence[float]) -> pl.Expr:
    """The label of the bin in which each number of a column lies; null outside of all bins."""
    value = pl.col(column).cast(pl.Float64)
    inside = value.is_between(edges[0], edges[-1])  # NaN is not.
    index = index_of_bin(value, edges)
    labels = bin_labels(edges)
    return pl.when(inside).then(
        index.replace_strict(list(range(len(labels))), labels, return_dtype=pl.String, default=None)
    )
