"""The whole numbers of each group that get noise.

A query is a sum over rows of whole numbers, each of a bounded size, or such sums by cell (a bin, a
value): all that DP needs to know of a measure. Values of a field are counted in steps (fixed
point), so that no floating-point sum ever meets the noise; the bound holds for the rounded values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from transforms.aggregate import extent, tree
from transforms.aggregate.keys import index_of_bin
from transforms.aggregate.measures import Axis, KeyValue
from transforms.aggregate.mechanisms import Sensitivity
from transforms.aggregate.settings import Contribution

STEPS = 2**20
"""Steps from the centre to the farther bound of a field: rounding moves a value by at most half
of a millionth of that distance, far below any noise."""

FIRST = "row:first"
"""Boolean column that bounding adds: the first row of a subject in its group."""

Kind = Literal[
    "subjects",
    "rows",
    "values",
    "sum",
    "split",
    "squares",
    "distinct",
    "histogram",
    "tree",
    "frequent",
    "marginal",
    "choice",
    "chosen",
    "parts",
    "extent",
]


def value_column(field: str) -> str:
    """Column that bounding adds: the field's value, null if it is not a finite number."""
    return f"value:{field}"


def raw_column(field: str) -> str:
    """Column that bounding adds: the field's value as it is, for what is no number."""
    return f"raw:{field}"


def code_column(field: str) -> str:
    """Column that bounding adds: the number of the field's cell (``code_of``)."""
    return f"code:{field}"


def code_of(field: str, axis: Axis) -> pl.Expr:
    """Number of the cell in which each value of a column lies: -1 if it lies in none, null if there
    is no value and no cell for that. NaN and infinity are no values."""
    value = pl.col(field)
    if axis.edges is not None:
        value = value.cast(pl.Float64)
        value = pl.when(value.is_finite()).then(value)
        inside = value.is_between(axis.edges[0], axis.edges[-1])
        code = pl.when(inside).then(index_of_bin(value, axis.edges)).otherwise(-1)
    else:
        outside = -1 if axis.other is None else axis.stated
        values = list(axis.values or ())
        codes = list(range(len(values)))
        code = value.replace_strict(values, codes, default=outside, return_dtype=pl.Int64)
    nothing = pl.lit(axis.size - 1 if axis.missing else None, dtype=pl.Int64)
    return pl.when(value.is_not_null()).then(code).otherwise(nothing)


@dataclass(frozen=True)
class Query:
    """One whole number of each group, or one of each cell of a group: sums over its rows."""

    column: str
    """Its column in the exact table; a colon keeps it apart from every field's name."""
    kind: Kind
    """What a row adds. To one number: 1 if it is its subject's first in the group (subjects); 1
    (rows); 1 if it has a valid value (values); the distance of its clipped value from the centre,
    in steps (sum); its square, less half of the largest one (squares); 1 if no row before has its
    value (distinct). To the number of its cell: 1 (histogram, tree, marginal), 1 for each subject
    (frequent). ``choice`` and ``chosen`` are no sums: a choice among pairs of columns, and the
    marginal of the pair that was chosen.
    ``split`` has three numbers, over which each row splits ``STEPS``: those of the upper and the
    lower bound, in proportion to how near its clipped value is to each, and that of missing values.
    From them follow the number of rows, of values and the values' sum, at the sensitivity of one
    number. The exact table has the first alone: the others follow from the counts beside it.
    ``parts`` gets no noise: sums by bin of which, once an ``extent`` is known, others are made."""
    field: str = ""
    lower: float = 0.0
    upper: float = 0.0
    """Bounds; both 0 until they are found from the data (``auto``)."""
    centred: bool = False
    """Whether distances are from the middle of the bounds, not from 0."""
    edges: tuple[float, ...] = ()
    values: tuple[KeyValue, ...] = ()
    """Cells of ``frequent`` that may be shown, if they are public."""
    axes: tuple[tuple[str, Axis], ...] = ()
    """Fields of a ``marginal``; its cells are their combinations, the last field's fastest."""
    auto: bool = False

    @property
    def centre(self) -> float:
        """From where distances are measured."""
        return self.lower + (self.upper - self.lower) / 2 if self.centred else 0.0

    @property
    def half(self) -> float:
        """The farthest that a clipped value is from the centre."""
        return max(self.upper - self.centre, self.centre - self.lower)

    @property
    def step(self) -> float:
        """Size of one step, in the field's unit (of squares, in squared units; 1 for counts, and of
        a split the part of a row)."""
        match self.kind:
            case "sum":
                return self.half / STEPS
            case "squares":
                return self.half**2 / 2 / STEPS
            case "split":
                return 1 / STEPS
            case _:
                return 1.0

    @property
    def most(self) -> int:
        """The largest absolute value that one row adds."""
        return STEPS if self.kind in ("sum", "split", "squares") else 1

    @property
    def has_cells(self) -> bool:
        """Whether a group has many numbers, by cell."""
        return self.kind in ("histogram", "tree", "frequent", "marginal", "parts")

    @property
    def cells(self) -> int:
        """Noisy numbers of each group (of ``frequent`` with private values: unknown, 0)."""
        match self.kind:
            case "histogram":
                return len(self.edges) - 1
            case "tree":
                return tree.nodes(len(self.edges) - 1)
            case "frequent":
                return len(self.values)
            case "marginal":
                return math.prod(self.shape)
            case "split":
                return 3
            case _:
                return 1

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells of each axis of a ``marginal``."""
        return tuple(axis.size for _, axis in self.axes)

    @property
    def selects_values(self) -> bool:
        """Whether its cells are taken from the data, above a threshold."""
        return self.kind == "frequent" and not self.values

    def within(self, bounds: tuple[float, float] | None) -> Query:
        """The query with bounds that were found from the data."""
        if not self.auto or bounds is None:
            return self
        return replace(self, lower=bounds[0], upper=bounds[1])

    def sensitivity(self, most: Contribution) -> Sensitivity:
        """Distance between the tables with and without one subject that adds at most so much."""
        match self.kind:
            case "subjects":
                return Sensitivity(most.groups, most.groups)
            case "frequent":  # Each row adds 1 to a cell of its own.
                return Sensitivity(most.rows, most.rows)
            case "extent":  # All groups together: all rows may be in one bin.
                return Sensitivity(most.rows, most.rows**2)
            case "tree":  # In each layer all rows of a group may be in one node.
                layers = tree.layers(len(self.edges) - 1)
                return Sensitivity(layers * most.rows, layers * most.rows_squared)
            case _:  # Of a split as well: what is split adds up to ``most`` for each row.
                return Sensitivity(self.most * most.rows, self.most**2 * most.rows_squared)

    def of_rows(self) -> pl.Expr:
        """The query's number of each group of bounded rows; a 64-bit integer."""
        return self._of_row().sum().cast(pl.Int64).alias(self.column)

    def _of_row(self) -> pl.Expr:
        match self.kind:
            case "subjects":
                return pl.col(FIRST)
            case "rows":
                return pl.col(FIRST).is_not_null()
            case "values":
                return pl.col(value_column(self.field)).is_not_null()
            case "split":
                value = pl.col(value_column(self.field)).clip(self.lower, self.upper)
                steps = ((value - self.lower) / (self.upper - self.lower) * STEPS).round()
                return steps.cast(pl.Int64).clip(0, self.most)
            case "sum" | "squares":
                value = pl.col(value_column(self.field)).clip(self.lower, self.upper)
                part = (value - self.centre) / self.half
                part = part if self.kind == "sum" else 2 * part**2 - 1
                steps = (part * STEPS).round().cast(pl.Int64)
                # Once more as an integer: the bound does not depend on how a float was rounded.
                return steps.clip(-self.most, self.most)
            case _:
                raise AssertionError(f"'{self.kind}' is no sum over rows")

    def cell_of_row(self) -> pl.Expr:
        """The cell of each row, null for none: a bin's number, or a value."""
        match self.kind:
            case "histogram" | "tree":
                return index_of_bin(pl.col(value_column(self.field)), self.edges)
            case "parts":
                return extent.bin_of_value(pl.col(value_column(self.field)))
            case "marginal":
                cell = pl.lit(0, dtype=pl.Int64)
                for field, axis in self.axes:
                    cell = cell * axis.size + pl.col(code_column(field))
                return cell
            case _:
                return pl.col(raw_column(self.field))


SUBJECTS = Query("n:subjects", "subjects")
ROWS = Query("n:rows", "rows")
