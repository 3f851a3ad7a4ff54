"""What may be measured of each group of a release, and between which bounds."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr, model_validator

from transforms.fields import Name, Settings

Bound = Annotated[float, Field(allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]
KeyValue = StrictBool | StrictInt | StrictStr

MAX_BINS = 1_000


def _ascending(edges: tuple[float, ...]) -> tuple[float, ...]:
    if not all(low < high for low, high in pairwise(edges)):
        raise ValueError("edges of bins must ascend")
    check_bounds(edges[0], edges[-1])
    return edges


def check_bounds(lower: float, upper: float) -> None:
    """Raises ValueError if bounds are upside down, or double precision could not tell values
    between them apart."""
    if not lower < upper:
        raise ValueError(f"lower ({lower:g}) must be less than upper ({upper:g})")
    largest = max(abs(lower), abs(upper))
    if largest > 1e300 or upper - lower < 1e-9 * largest or largest < 1e-300:
        raise ValueError("bounds must be of a size that double precision can tell apart")


Edges = Annotated[
    tuple[Bound, ...],
    Field(min_length=2, max_length=MAX_BINS + 1),
    AfterValidator(_ascending),
]


class _Measure(Settings):
    name: Name | None = None
    """Name of the column in the released table; if not given, the kind and the field."""
    weight: Weight = 1.0
    """Share of the release's budget, relative to the other measures: with twice the weight the
    noise is half as large, or by a root of two smaller if it is Gaussian."""

    @property
    def column(self) -> str:
        """Name of the measure's column."""
        return self.name or self._default_name()

    def _default_name(self) -> str:
        parts = (str(getattr(self, "kind", "")), getattr(self, "field", None) or "")
        return "_".join(part for part in parts if part)


class Count(_Measure):
    """Number of records in a group."""

    kind: Literal["count"]
    field: Name | None = None
    """Count only the records that have a valid number in this field. Beside a mean of the same
    field this costs nothing."""


class CountSubjects(_Measure):
    """Number of distinct subjects in a group."""

    kind: Literal["count_subjects"]


class _Numeric(_Measure):
    field: Name
    """A numeric field. Null, NaN and infinite values count as missing: such a record is counted
    by ``count``, but adds nothing to what is measured of this field."""


class Bounded(_Numeric):
    """A measure of values that are clipped to bounds."""

    lower: Bound | None = None
    """Values below are raised to it. Never take it from the data."""
    upper: Bound | None = None
    """Values above are lowered to it. Never take it from the data."""
    bounds: Literal["auto"] | None = None
    """``auto`` in place of ``lower`` and ``upper``: powers of two are found by a noisy histogram
    of the values, which costs the release's ``bounds_share``."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if {self.lower is None, self.upper is None} != {self.auto}:
            raise ValueError("give both 'lower' and 'upper', or 'bounds: auto' in their place")
        if self.lower is not None and self.upper is not None:
            check_bounds(self.lower, self.upper)
        return self

    @property
    def auto(self) -> bool:
        """Whether the bounds are found from the data, by a part of the budget."""
        return self.bounds == "auto"


class Sum(Bounded):
    """Sum of a field's values in a group, each clipped to its bounds."""

    kind: Literal["sum"]


class Mean(Bounded):
    """Mean of a field's values in a group, each clipped to its bounds."""

    kind: Literal["mean"]


class _Spread(Bounded):
    @model_validator(mode="after")
    def _squarable(self) -> Self:
        if max(abs(self.lower or 0.0), abs(self.upper or 0.0)) > 1e150:
            raise ValueError("bounds of a variance must stay below 1e150: they are squared")
        return self


class Variance(_Spread):
    """Population variance of a field's values in a group, each clipped to its bounds."""

    kind: Literal["variance"]


class StandardDeviation(_Spread):
    """Root of the population variance of a field's values, each clipped to its bounds."""

    kind: Literal["standard_deviation"]


class _Ranked(_Numeric):
    lower: Bound
    """Values below are raised to it. Never take it from the data."""
    upper: Bound
    """Values above are lowered to it. Never take it from the data."""
    bins: Annotated[int, Field(ge=2, le=1_000)] = 64
    """Number of equal bins between the bounds in which values are counted. More show finer values,
    with more noise in each. Quantiles of the same field, bounds and bins share one histogram."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        check_bounds(self.lower, self.upper)
        if len(set(self.edges)) < self.bins + 1:
            raise ValueError(f"{self.bins} bins are more than the bounds can tell apart")
        return self

    @property
    def edges(self) -> tuple[float, ...]:
        """Edges of the bins, from lower to upper."""
        width = (self.upper - self.lower) / self.bins
        inner = (self.lower + width * number for number in range(1, self.bins))
        return (self.lower, *inner, self.upper)


class Quantile(_Ranked):
    """The value below which a given part of a field's values in a group lies."""

    kind: Literal["quantile"]
    at: Annotated[float, Field(gt=0, lt=1)]
    """The part: 0.9 for the value that nine of ten stay below."""

    def _default_name(self) -> str:
        return f"q{100 * self.at:.6g}_{self.field}"


class Median(_Ranked):
    """The middle one of a field's values in a group."""

    kind: Literal["median"]

    @property
    def at(self) -> float:
        """Half of the values lie below."""
        return 0.5


class Histogram(_Numeric):
    """How many of a field's values in a group lie in each bin; a list of (lower, upper, count)."""

    kind: Literal["histogram"]
    edges: Edges
    """Where the bins begin and end, ascending. Each bin includes its lower edge; values below the
    first edge count in the first bin, values from the last edge on in the last. Never take the
    edges from the data."""


class CountDistinct(_Measure):
    """Number of distinct values of a field in a group."""

    kind: Literal["count_distinct"]
    field: Name
    """A field of text, whole numbers or booleans. Of a subject, the values in those records are
    counted that the release's bounds let through."""


class TopK(_Measure):
    """A field's most frequent values in a group, each with its number of subjects; a list of
    (value, subjects), the most frequent first."""

    kind: Literal["top_k"]
    field: Name
    """A field of text, whole numbers or booleans, as it is published."""
    k: Annotated[int, Field(ge=1, le=1000)]
    """How many values are shown at most."""
    values: Annotated[list[KeyValue], Field(min_length=1, max_length=MAX_BINS)] | None = None
    """The values that may be shown. If none are given they are taken from the data, and a value
    shows only above a noisy threshold on its number of subjects; this needs ``delta``."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        if self.values is not None:
            if len({type(value) for value in self.values}) > 1:
                raise ValueError("'values' mixes types; put all of them in quotes")
            if len(set(self.values)) < len(self.values):
                raise ValueError("'values' holds a value twice")
        return self

    def _default_name(self) -> str:
        return f"top_{self.k}_{self.field}"


class Axis(Settings):
    """The cells into which one field parts the records; all of them are public."""

    values: Annotated[tuple[KeyValue, ...], Field(min_length=1, max_length=MAX_BINS)] | None = None
    """Values of a field of text, whole numbers or booleans, as it is published: a cell each."""
    edges: Edges | None = None
    """Of a field that holds numbers: where its bins begin and end, ascending. Each bin includes its
    lower edge, the last one its upper edge too. The number is taken as it was read."""
    other: Annotated[StrictStr, Field(min_length=1)] | None = None
    """Beside ``values`` of text: what every value counts as that is not listed. If not given,
    records with such a value are left out of the release."""
    missing: StrictBool = False
    """Whether records without a value in the field have a cell of their own. If not, they are left
    out of the release."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.values is None) == (self.edges is None):
            raise ValueError("give either 'values' or 'edges'")
        if self.values is not None:
            if len({type(value) for value in self.values}) > 1:
                raise ValueError("'values' mixes types; put all of them in quotes")
            if len(set(self.values)) < len(self.values):
                raise ValueError("'values' holds a value twice")
        if self.other is not None:
            if self.values is None or not isinstance(self.values[0], str):
                raise ValueError("'other' needs 'values' of text")
            if self.other in self.values:
                raise ValueError(f"'other' ({self.other!r}) is one of the 'values' as well")
        return self

    @property
    def stated(self) -> int:
        """Number of cells of listed values, or of bins."""
        return len(self.values) if self.values is not None else len(self.edges or ()) - 1

    @property
    def size(self) -> int:
        """Number of cells: listed values or bins, then ``other``, then missing."""
        return self.stated + (self.other is not None) + self.missing


class Marginal(_Measure):
    """How many records a group has in each combination of cells (a contingency table); a list of
    (a column for each field, count). Bins are told by their label: ``[0, 10)``."""

    kind: Literal["marginal"]
    axes: Annotated[dict[Name, Axis], Field(min_length=1, max_length=4)]
    """The fields, each with its cells. A record that is in no cell of one of them is left out of
    the whole release, as one outside of public keys is."""

    @model_validator(mode="after")
    def _countable(self) -> Self:
        if "count" in self.axes:
            raise ValueError("'count' is the column of numbers: list the field by another name")
        return self

    def _default_name(self) -> str:
        return "_".join(("marginal", *self.axes))


Ranked = Quantile | Median
Spread = Variance | StandardDeviation
Moment = Sum | Mean | Variance | StandardDeviation

Measure = Annotated[
    Count
    | CountSubjects
    | Sum
    | Mean
    | Variance
    | StandardDeviation
    | Quantile
    | Median
    | Histogram
    | CountDistinct
    | TopK
    | Marginal,
    Field(discriminator="kind"),
]


def cells_of(measure: Measure) -> int:
    """How many noisy numbers of one group the measure reads, at most (of stated ones)."""
    match measure:
        case Quantile() | Median():
            # A tree over the bins has less than as many nodes again.
            return 2 * measure.bins
        case Histogram():
            return len(measure.edges) - 1
        case TopK() if measure.values is not None:
            return len(measure.values)
        case Marginal():
            return math.prod(axis.size for axis in measure.axes.values())
        case _:
            return 3
