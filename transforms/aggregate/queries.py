"""Which whole numbers of each group get noise, and how a release's measures are read off them.

A query is a sum over rows of whole numbers, each of a bounded size: all that DP needs to know of a
measure. Values of a field are counted in steps (fixed point), so that no floating-point sum ever
meets the noise; the bound holds for the rounded values themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from transforms.aggregate.settings import (
    Count,
    CountSubjects,
    Mean,
    Measure,
    ReleaseSettings,
    Sum,
)

STEPS = 2**20
"""Steps from the centre to the farther bound of a field: rounding moves a value by at most half
of a millionth of that distance, far below any noise."""

FIRST = "row:first"
"""Boolean column that bounding adds: the first row of a subject in its group."""


def value_column(field: str) -> str:
    """Column that bounding adds: the field's value, null if it is not a finite number."""
    return f"value:{field}"


@dataclass(frozen=True)
class Query:
    """One whole number of each group: a sum over its rows."""

    column: str
    """Its column in the exact table; a colon keeps it apart from every field's name."""
    kind: Literal["subjects", "rows", "values", "sum"]
    """What a row adds: 1 if it is its subject's first in the group; 1; 1 if it has a valid value;
    the distance of its clipped value from ``centre``, in steps."""
    field: str = ""
    lower: float = 0.0
    upper: float = 0.0
    centre: float = 0.0

    @property
    def step(self) -> float:
        """Size of one step, in the field's unit (1 for counts)."""
        if self.kind != "sum":
            return 1.0
        return max(self.upper - self.centre, self.centre - self.lower) / STEPS

    @property
    def most(self) -> int:
        """The largest absolute value that one row adds."""
        return STEPS if self.kind == "sum" else 1

    def sensitivity(self, release: ReleaseSettings) -> int:
        """L1 distance between the tables with and without one subject, after bounding."""
        rows = 1 if self.kind == "subjects" else release.max_rows_per_group
        return release.groups_per_subject * rows * self.most

    def of_rows(self) -> pl.Expr:
        """The query's value of each group of bounded rows; a 64-bit integer."""
        return self._of_row().sum().cast(pl.Int64).alias(self.column)

    def _of_row(self) -> pl.Expr:
        match self.kind:
            case "subjects":
                return pl.col(FIRST)
            case "rows":
                return pl.col(FIRST).is_not_null()
            case "values":
                return pl.col(value_column(self.field)).is_not_null()
            case "sum":
                value = pl.col(value_column(self.field)).clip(self.lower, self.upper)
                steps = ((value - self.centre) / self.step).round().cast(pl.Int64)
                # Once more as an integer: the bound does not depend on how a float was rounded.
                return steps.clip(-self.most, self.most)


SUBJECTS = Query("n:subjects", "subjects")
ROWS = Query("n:rows", "rows")


def _values(field: str) -> Query:
    return Query(f"values:{field}", "values", field)


def _total(measure: Sum | Mean, centre: float) -> Query:
    lower, upper = measure.lower, measure.upper
    column = f"sum:{measure.field}:{lower!r}:{upper!r}:{centre!r}"
    return Query(column, "sum", measure.field, lower, upper, centre)


def _middle(measure: Sum | Mean) -> float:
    return measure.lower + (measure.upper - measure.lower) / 2


def _has_mean(release: ReleaseSettings, measure: Sum) -> bool:
    return any(
        isinstance(other, Mean)
        and (other.field, other.lower, other.upper) == (measure.field, measure.lower, measure.upper)
        for other in release.measures
    )


def needs(measure: Measure, release: ReleaseSettings) -> list[Query]:
    """The queries that the measure is computed from.

    A mean takes the sum of the values' distances from the middle of their bounds (half the
    sensitivity or less) and their number. A sum whose mean is asked as well is computed from
    those two, and so costs nothing.
    """
    match measure:
        case Count():
            return [ROWS]
        case CountSubjects():
            return [SUBJECTS]
        case Sum() if not _has_mean(release, measure):
            return [_total(measure, centre=0.0)]
        case Sum() | Mean():
            return [_total(measure, centre=_middle(measure)), _values(measure.field)]


def queries_of(release: ReleaseSettings) -> list[Query]:
    """All distinct queries of a release; ε is split equally over them.

    With private keys the first is the number of subjects, whose noisy value selects the groups.
    """
    first = [SUBJECTS] if release.private else []
    wanted = [query for measure in release.measures for query in needs(measure, release)]
    return list(dict.fromkeys([*first, *wanted]))


def read_off(measure: Measure, release: ReleaseSettings) -> pl.Expr:
    """The measure's column, over a table of the queries' noisy values (post-processing).

    Counts below 0 become 0; a mean stays within its bounds.
    """
    noisy = {query.kind: query for query in needs(measure, release)}
    column = {kind: pl.col(query.column) * query.step for kind, query in noisy.items()}
    match measure:
        case Count():
            result = pl.col(ROWS.column).clip(lower_bound=0)
        case CountSubjects():
            result = pl.col(SUBJECTS.column).clip(lower_bound=0)
        case Sum():
            # The values' number is noisy only if the sum is one of distances from a centre.
            centre = noisy["sum"].centre
            result = column["sum"] + (column["values"] * centre if "values" in noisy else 0.0)
        case Mean(lower=lower, upper=upper):
            number = column["values"].clip(lower_bound=1)
            result = (noisy["sum"].centre + column["sum"] / number).clip(lower, upper)
    return result.alias(measure.column)
