"""What the privacy officer states about DP releases: budget, groups, measures and bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, StrictInt, StrictStr, StringConstraints, model_validator

from transforms.fields import Name, Settings

EPSILON_UNIT = Fraction(1, 10**6)
DELTA_UNIT = Fraction(1, 10**15)
"""What the ledger counts in: whole numbers, since sums of floats drift and would overspend."""

MAX_PUBLIC_GROUPS = 1_000_000

Epsilon = Annotated[float, Field(gt=0, allow_inf_nan=False, le=1e9)]
Delta = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Bound = Annotated[float, Field(allow_inf_nan=False)]
Contribution = Annotated[int, Field(ge=1, le=10_000)]
DataSetName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)
]
ReleaseName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=100)
]
KeyValue = StrictBool | StrictInt | StrictStr


def stated(value: float) -> Fraction:
    """The decimal number that was written down, exactly: 0.1 is a tenth, not the float near it."""
    return Fraction(repr(float(value)))


@dataclass(frozen=True)
class Amount:
    """A privacy loss in whole units: millionths of ε, and 1e-15 of δ."""

    epsilon: int
    delta: int

    @classmethod
    def spent(cls, epsilon: float, delta: float) -> Amount:
        """A spending: rounded up to whole units."""
        return cls(math.ceil(stated(epsilon) / EPSILON_UNIT), math.ceil(stated(delta) / DELTA_UNIT))

    @classmethod
    def total(cls, epsilon: float, delta: float) -> Amount:
        """A budget: rounded down to whole units."""
        return cls(
            math.floor(stated(epsilon) / EPSILON_UNIT), math.floor(stated(delta) / DELTA_UNIT)
        )

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.epsilon + other.epsilon, self.delta + other.delta)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.epsilon - other.epsilon, self.delta - other.delta)

    def within(self, other: Amount) -> bool:
        """Whether neither part is larger than the other's."""
        return self.epsilon <= other.epsilon and self.delta <= other.delta

    def __str__(self) -> str:
        # At least 0 is shown of what is left: a lowered budget may leave less than nothing.
        return f"ε={self.epsilon / 10**6:.6f}".rstrip("0").rstrip(".") + (
            f", δ={self.delta / 10**15:g}"
        )


class Budget(Settings):
    """The most that all releases over one data set may lose, past and future ones together."""

    epsilon: Epsilon
    """Total ε; counted in whole millionths."""
    delta: Delta = 0.0
    """Total δ; 0 if no release has private keys."""

    @property
    def amount(self) -> Amount:
        """The budget in the ledger's units."""
        return Amount.total(self.epsilon, self.delta)


class _Measure(Settings):
    name: Name | None = None
    """Name of the column in the released table; if not given, the kind and the field."""

    @property
    def column(self) -> str:
        """Name of the measure's column."""
        return self.name or "_".join(
            part for part in (str(getattr(self, "kind", "")), getattr(self, "field", "")) if part
        )


class Count(_Measure):
    """Number of records in a group."""

    kind: Literal["count"]


class CountSubjects(_Measure):
    """Number of distinct subjects in a group."""

    kind: Literal["count_subjects"]


class _Bounded(_Measure):
    field: Name
    """A numeric field. Null, NaN and infinite values count as missing: such a record is counted
    by ``count``, but adds nothing to this field's sum and mean."""
    lower: Bound
    """Values below are raised to it. Never take it from the data."""
    upper: Bound
    """Values above are lowered to it. Never take it from the data."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.lower < self.upper:
            raise ValueError(f"lower ({self.lower:g}) must be less than upper ({self.upper:g})")
        largest = max(abs(self.lower), abs(self.upper))
        if largest > 1e300 or self.upper - self.lower < 1e-9 * largest or largest < 1e-300:
            raise ValueError("bounds must be of a size that double precision can tell apart")
        return self


class Sum(_Bounded):
    """Sum of a field's values in a group, each clipped to its bounds."""

    kind: Literal["sum"]


class Mean(_Bounded):
    """Mean of a field's values in a group, each clipped to its bounds."""

    kind: Literal["mean"]


Measure = Annotated[Count | CountSubjects | Sum | Mean, Field(discriminator="kind")]


class ReleaseSettings(Settings):
    """One DP table. Its ε is split equally over the noisy numbers that it needs (see
    ``queries.queries_of``); its δ pays for the threshold of private keys."""

    name: ReleaseName
    """Name of the release and of its file."""
    group_by: list[Name] = []
    """Fields whose values make the groups; none for one table row over all records. Records
    without a value in one of them are in no group."""
    keys: Literal["private"] | list[KeyValue] | dict[Name, list[KeyValue]] | None = None
    """Which groups appear. A list of values (for several fields: a list for each field, crossed)
    is public: all of them appear, nothing else does. ``private``: groups are taken from the data,
    and appear only above a noisy threshold on their number of subjects; this needs ``delta``."""
    measures: Annotated[list[Measure], Field(min_length=1)]
    """The numbers of each group."""
    max_groups: Contribution = 1
    """Most groups to which one subject contributes; more are sampled. Noise grows with it."""
    max_rows_per_group: Contribution = 1
    """Most records that one subject contributes to a group; more are sampled. Noise grows with
    it."""
    epsilon: Epsilon
    """Privacy loss ε of this table."""
    delta: Delta = 0.0
    """Probability δ of showing a group that only one subject is in; for private keys only."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for what, names in (
            ("group_by", self.group_by),
            ("the table's columns", [*self.group_by, *(m.column for m in self.measures)]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(
                    f"{what} has {', '.join(twice)} more than once; give each measure its own name"
                )
        if not self.group_by:
            if self.keys is not None:
                raise ValueError("'keys' needs 'group_by'")
            if self.max_groups != 1:
                raise ValueError("without 'group_by' there is one group: leave 'max_groups' out")
        elif self.keys is None:
            raise ValueError("give 'keys': a list of public keys, or 'private'")
        if self.private and self.delta == 0:
            raise ValueError("private keys need 'delta' above 0, for example 1.0e-6")
        if not self.private and self.delta > 0:
            raise ValueError("'delta' is spent by private keys only: leave it out")
        self._check_public_keys()
        return self

    def _check_public_keys(self) -> None:
        if self.keys is None or self.keys == "private":
            return
        if isinstance(self.keys, list) and len(self.group_by) != 1:
            raise ValueError("for several fields give 'keys' as one list for each field")
        if isinstance(self.keys, dict) and sorted(self.keys) != sorted(self.group_by):
            raise ValueError(f"'keys' must list exactly: {', '.join(self.group_by)}")
        for field, values in self.public_keys.items():
            if not values:
                raise ValueError(f"'keys' of '{field}' is empty")
            if len({type(value) for value in values}) > 1:
                raise ValueError(f"'keys' of '{field}' mixes types; put all of them in quotes")
            if len(set(values)) < len(values):
                raise ValueError(f"'keys' of '{field}' holds a value twice")
        if self.public_groups > MAX_PUBLIC_GROUPS:
            raise ValueError(
                f"{self.public_groups:,} public groups are more than {MAX_PUBLIC_GROUPS:,}"
            )

    @property
    def private(self) -> bool:
        """Whether the groups are taken from the data."""
        return self.keys == "private"

    @property
    def public_keys(self) -> dict[str, list[KeyValue]]:
        """Public key values of each grouping field, in the order of ``group_by``."""
        if isinstance(self.keys, list):
            return {self.group_by[0]: self.keys}
        if isinstance(self.keys, dict):
            return {field: self.keys[field] for field in self.group_by}
        return {}

    @property
    def public_groups(self) -> int:
        """Number of public groups (1 without grouping)."""
        return math.prod(len(values) for values in self.public_keys.values())

    @property
    def groups_per_subject(self) -> int:
        """The bound in force: one subject can be in no more groups than there are."""
        return self.max_groups if self.private else min(self.max_groups, self.public_groups)

    @property
    def amount(self) -> Amount:
        """What the release spends, in the ledger's units."""
        return Amount.spent(self.epsilon, self.delta)


class AggregateSettings(Settings):
    """Tables with differential privacy that are published beside the records."""

    data_set: DataSetName = "default"
    """Name of the account in the ledger. All runs over the same people share one account."""
    budget: Budget
    """Total over all runs that the ledger knows, not only this one."""
    releases: Annotated[list[ReleaseSettings], Field(min_length=1)]
    """The tables."""

    @model_validator(mode="after")
    def _affordable(self) -> Self:
        names = [release.name.casefold() for release in self.releases]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"release names must differ: {', '.join(twice)}")
        asked = sum((release.amount for release in self.releases), Amount(0, 0))
        if not asked.within(self.budget.amount):
            raise ValueError(
                f"releases add up to {asked}, more than the budget of {self.budget.amount}: "
                "lower the releases' epsilon or delta, drop one, or raise the budget"
            )
        return self
