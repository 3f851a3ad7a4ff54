"""What the privacy officer states about DP releases: budget, groups, measures and bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Discriminator,
    Field,
    SecretStr,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from transforms.aggregate.keys import Bucket, KeyRange, bin_labels, check_bucket
from transforms.aggregate.measures import (
    Axis,
    Bounded,
    Edges,
    KeyValue,
    Marginal,
    Measure,
    TopK,
    cells_of,
)
from transforms.fields import Name, Settings

EPSILON_UNIT = Fraction(1, 10**6)
DELTA_UNIT = Fraction(1, 10**15)
"""What the ledger counts in: whole numbers, since sums of floats drift and would overspend."""

POPULATION = "subjects"
"""Whose privacy is spent, where nothing else is said."""

MAX_PUBLIC_GROUPS = 1_000_000
MAX_CELLS = 10_000_000
"""Most noisy numbers of a release with public keys."""
MAX_COLUMNS, MAX_MARGINALS = 40, 400
MAX_SYNTHETIC_ROWS = 10_000_000

Epsilon = Annotated[float, Field(gt=0, allow_inf_nan=False, le=1e9)]
Delta = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Most = Annotated[int, Field(ge=1, le=10_000)]
DataSetName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100)
]
ReleaseName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=100)
]
KeyValues = list[KeyValue] | KeyRange
Renewal = Literal["year", "quarter", "month"]


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
    renews: Renewal | None = None
    """When the budget begins anew: with each calendar year, quarter or month (UTC). The promise
    then holds for each period by itself: who is in the releases of k periods may lose k times the
    budget. If not given, it never does: one promise, for ever."""

    @property
    def amount(self) -> Amount:
        """The budget in the ledger's units."""
        return Amount.total(self.epsilon, self.delta)


@dataclass(frozen=True)
class Contribution:
    """The most that one subject adds to a release's groups, after bounding."""

    groups: int
    """L0: groups with any of its records."""
    rows: int
    """Records in all groups together."""
    rows_squared: int
    """Sum over groups of the square of its records in each: the root is their L2 norm."""

    @classmethod
    def of(cls, groups: int, rows_per_group: int, rows: int | None) -> Contribution:
        """Largest norms under all bounds: filling one group after the other is the worst case."""
        total = groups * rows_per_group if rows is None else min(rows, groups * rows_per_group)
        full, rest = divmod(total, rows_per_group)
        return cls(min(groups, total), total, full * rows_per_group**2 + rest**2)


class _Release(Settings):
    """What every release has: a name, and what it costs."""

    name: ReleaseName
    """Name of the release and of its file."""
    epsilon: Epsilon
    """Privacy loss ε of this release."""
    delta: Delta = 0.0
    """Probability δ with which the promise of ε may fail: that a group shows which only one subject
    is in, or that Gaussian noise tells more. 0 means Laplace noise and public keys."""

    @property
    def amount(self) -> Amount:
        """The most that the release spends, in the ledger's units."""
        return Amount.spent(self.epsilon, self.delta)


class ReleaseSettings(_Release):
    """One DP table. Its budget is split over the noisy numbers that it needs, by the measures'
    weights; the noise is discrete Laplace or, where ``delta`` allows it and the error is less,
    discrete Gaussian."""

    kind: Literal["table"] = "table"
    """A table with a row for each group."""
    group_by: list[Name] = []
    """Fields whose values make the groups; none for one table row over all records. Records
    without a value in one of them are in no group."""
    periods: dict[Name, Bucket] = {}
    """Of fields in ``group_by`` that hold dates: the time bucket that makes a group (year, quarter,
    month, week, day). The date is taken as it was read, not as it is published."""
    bins: dict[Name, Edges] = {}
    """Of fields in ``group_by`` that hold numbers: edges of the bins that make groups, ascending.
    The bins are public keys; records outside of them are in no group. The number is taken as it
    was read, not as it is published."""
    keys: Literal["private"] | KeyValues | dict[Name, KeyValues] | None = None
    """Which groups appear. A list of values, or a range ({first: 1, last: 5}; {first: 2022-01,
    last: 2022-12}), is public: all of them appear, nothing else does; for several fields give one
    for each field, they are crossed. ``private``: groups are taken from the data, and appear only
    above a noisy threshold on their number of subjects; this needs ``delta``."""
    measures: Annotated[list[Measure], Field(min_length=1)]
    """The numbers of each group."""
    max_groups: Most = 1
    """Most groups to which one subject contributes; more are sampled. Noise grows with it."""
    max_rows_per_group: Most = 1
    """Most records that one subject contributes to a group; more are sampled. Noise grows with
    it."""
    max_rows: Most | None = None
    """Most records that one subject contributes in all; more are sampled. If not given,
    ``max_groups`` times ``max_rows_per_group``."""
    bounds_share: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """Part of the budget that pays for ``bounds: auto``, if a measure asks for it."""

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
        for what, fields in (("periods", self.periods), ("bins", self.bins)):
            for field in fields.keys() - set(self.group_by):
                raise ValueError(f"'{what}' names '{field}', which is not in 'group_by'")
        for field in self.periods.keys() & self.bins.keys():
            raise ValueError(f"'{field}' has both 'periods' and 'bins'")
        if not self.group_by:
            if self.keys is not None:
                raise ValueError("'keys' needs 'group_by'")
            if self.max_groups != 1:
                raise ValueError("without 'group_by' there is one group: leave 'max_groups' out")
        elif self.keys is None and self._listed:
            raise ValueError("give 'keys': a list of public keys, or 'private'")
        if self.private and self.delta == 0:
            raise ValueError("private keys need 'delta' above 0, for example 1.0e-6")
        if self.delta == 0 and any(isinstance(m, TopK) and m.values is None for m in self.measures):
            raise ValueError("top_k without 'values' needs 'delta' above 0, for example 1.0e-6")
        self._check_axes()
        self._check_public_keys()
        return self

    def _check_axes(self) -> None:
        seen: dict[str, Axis] = {}
        for measure in self.measures:
            for name, axis in measure.axes.items() if isinstance(measure, Marginal) else ():
                if seen.setdefault(name, axis) != axis:
                    raise ValueError(f"two marginals state other cells of '{name}'")

    def _check_public_keys(self) -> None:
        if isinstance(self.keys, list | KeyRange) and len(self._listed) != 1:
            raise ValueError("for several fields give 'keys' as one list for each field")
        if isinstance(self.keys, dict) and sorted(self.keys) != sorted(self._listed):
            raise ValueError(f"'keys' must list exactly: {', '.join(self._listed)}")
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
        cells = max(self.public_groups, 1) * sum(map(cells_of, self.measures))
        if cells > MAX_CELLS:
            raise ValueError(
                f"{cells:,} noisy numbers are more than {MAX_CELLS:,}: list fewer keys or bins"
            )

    @property
    def _listed(self) -> list[str]:
        """Grouping fields whose public keys must be listed: bins list themselves."""
        return [field for field in self.group_by if field not in self.bins]

    @property
    def private(self) -> bool:
        """Whether the groups are taken from the data."""
        return self.keys == "private"

    @cached_property
    def public_keys(self) -> dict[str, list[KeyValue]]:
        """Public key values of each grouping field, in the order of ``group_by``."""
        if self.private:
            return {}
        listed = (
            self.keys if isinstance(self.keys, dict) else dict.fromkeys(self._listed, self.keys)
        )
        return {
            field: list(bin_labels(self.bins[field]))
            if field in self.bins
            else self._expanded(field, listed[field])
            for field in self.group_by
        }

    def _expanded(self, field: str, given: object) -> list[KeyValue]:
        bucket = self.periods.get(field)
        if isinstance(given, KeyRange):
            return list(given.expand(bucket, MAX_PUBLIC_GROUPS))
        values: list[KeyValue] = list(given) if isinstance(given, list) else []
        return values if bucket is None else [check_bucket(str(v), bucket) for v in values]

    @property
    def public_groups(self) -> int:
        """Number of public groups (1 without grouping)."""
        return math.prod(len(values) for values in self.public_keys.values())

    @property
    def contribution(self) -> Contribution:
        """The bounds in force: one subject can be in no more groups than there are."""
        groups = self.max_groups if self.private else min(self.max_groups, self.public_groups)
        return Contribution.of(groups, self.max_rows_per_group, self.max_rows)

    @property
    def auto_fields(self) -> list[str]:
        """Fields whose bounds are found from the data."""
        found = (m.field for m in self.measures if isinstance(m, Bounded) and m.auto)
        return list(dict.fromkeys(found))

    @property
    def measured(self) -> ReleaseSettings:
        """The table of noisy numbers from which the release is made: this one."""
        return self

    @property
    def tree(self) -> tuple[str, ...]:
        """Columns of which pairs are chosen to be counted together; none in a table."""
        return ()


class _WithTree(ReleaseSettings):
    """Marginals of columns, and of a tree of pairs of them that is chosen by the data."""

    @property
    def tree(self) -> tuple[str, ...]:
        """All columns."""
        return tuple(n for m in self.measures if isinstance(m, Marginal) for n in m.axes)


class SyntheticSettings(_Release):
    """DP synthetic rows (experimental): marginals of the stated columns get noise, a graphical
    model is fitted to them, and rows are drawn from it. Nothing but the noisy marginals is ever
    seen by the model. Needs the extra ``synthetic``."""

    kind: Literal["synthetic"]
    """Synthetic rows in place of a table of numbers."""
    columns: Annotated[dict[Name, Axis], Field(min_length=2, max_length=MAX_COLUMNS)]
    """The columns of the rows, each with its cells. Never take them from the data."""
    marginals: (
        Literal["mst"] | Annotated[list[tuple[Name, ...]], Field(max_length=MAX_MARGINALS)]
    ) = "mst"
    """Which columns are counted together, two or three at a time: how they hang together stays in
    the rows. Each column is counted by itself as well. Columns that no marginals lead from one to
    the other are as if independent. Choose them by what the rows are for, never by looking at the
    data; each one more adds to the noise of all. ``mst``: pairs that make a tree of all columns are
    chosen by the data, which a third of the budget pays for (a maximum spanning tree: MST)."""
    max_rows: Most = 1
    """Most records that one subject contributes; more are sampled. Noise grows with it."""
    rows: Annotated[int, Field(ge=1, le=MAX_SYNTHETIC_ROWS)] | None = None
    """Number of synthetic rows. If not given, the noisy number of records."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if "count" in self.columns:
            raise ValueError("no column can be called 'count': list the field by another name")
        sets = [frozenset(marginal) for marginal in self._stated]
        for marginal, columns in zip(self._stated, sets, strict=True):
            if len(columns) < len(marginal) or not 2 <= len(columns) <= 3:
                raise ValueError("a marginal names two or three different columns")
            if unknown := columns - self.columns.keys():
                raise ValueError(f"'marginals' names '{min(unknown)}', which is none of 'columns'")
        if len(set(sets)) < len(sets):
            raise ValueError("'marginals' names the same columns twice")
        cells = sum(map(cells_of, self._measures))
        if self.marginals == "mst":
            sizes = [axis.size for axis in self.columns.values()]
            cells += (sum(sizes) ** 2 - sum(size**2 for size in sizes)) // 2  # Of all pairs.
        if cells > MAX_CELLS:
            raise ValueError(
                f"{cells:,} noisy numbers are more than {MAX_CELLS:,}: list fewer values or bins"
            )
        return self

    @property
    def _stated(self) -> list[tuple[str, ...]]:
        return [] if self.marginals == "mst" else self.marginals

    @property
    def _measures(self) -> list[Measure]:
        return [
            Marginal(kind="marginal", axes={name: self.columns[name] for name in names})
            for names in (*((name,) for name in self.columns), *self._stated)
        ]

    @cached_property
    def measured(self) -> ReleaseSettings:
        """The table of noisy numbers from which the rows are made: one of marginals."""
        kind = _WithTree if self.marginals == "mst" else ReleaseSettings
        return kind(
            name=self.name,
            measures=self._measures,
            max_rows_per_group=self.max_rows,
            epsilon=self.epsilon,
            delta=self.delta,
        )


def _kind(given: Any) -> Any:
    kind = given.get("kind") if isinstance(given, dict) else getattr(given, "kind", None)
    return kind or "table"


Release = Annotated[
    Annotated[ReleaseSettings, Tag("table")] | Annotated[SyntheticSettings, Tag("synthetic")],
    Discriminator(_kind),
]


class AggregateSettings(Settings):
    """Tables with differential privacy that are published beside the records."""

    data_set: DataSetName = "default"
    """Name of the account in the ledger. All runs over the same people share one account."""
    population: DataSetName = POPULATION
    """Whose privacy the account is of, where a data set holds several kinds of people (patients,
    clinicians): each kind has its own budget. Who is in two of them is protected by their sum."""
    edition: DataSetName | None = None
    """Names this round of the releases (2026-Q1). Each release is drawn once in an edition; over
    new data, or with other settings, it is refused until a new edition is named, since that spends
    anew."""
    ledger: SecretStr | None = None
    """Where spending is kept, if not in the restricted folder: postgresql://USER@HOST/DATABASE.
    Leave the password to $PGPASSWORD or ~/.pgpass, or give the whole in $VEILBEAM_LEDGER."""
    budget: Budget
    """Total over all runs that the ledger knows, not only this one."""
    releases: Annotated[list[Release], Field(min_length=1)]
    """The tables, and sets of synthetic rows."""
    max_epsilon: Epsilon = 10.0
    """The most that one release may spend: a guard against slips of the pen. Above 10 the promise
    means little."""
    subjects: Annotated[int, Field(ge=1)] | None = None
    """About how many subjects there are, as a public figure; never count them for this. No release
    may have a ``delta`` above one in so many."""

    @field_validator("ledger")
    @classmethod
    def _can_hold_a_ledger(cls, given: SecretStr | None) -> SecretStr | None:
        from transforms.aggregate.ledger.store import parse  # It counts in this module's units.

        if given is not None:
            parse(given.get_secret_value())
        return given

    @property
    def measured(self) -> list[ReleaseSettings]:
        """The table of noisy numbers of each release."""
        return [release.measured for release in self.releases]

    def release_id(self, release: Release) -> str:
        """What the ledger knows the release by."""
        return release.name if self.edition is None else f"{release.name}@{self.edition}"

    @model_validator(mode="after")
    def _within_ceilings(self) -> Self:
        for release in self.releases:
            if release.epsilon > self.max_epsilon:
                raise ValueError(
                    f"release '{release.name}' has epsilon {release.epsilon:g}, above max_epsilon "
                    f"({self.max_epsilon:g}): lower it, or raise the ceiling on purpose"
                )
            if self.subjects is not None and release.delta > 1 / self.subjects:
                raise ValueError(
                    f"release '{release.name}' has delta {release.delta:g}, above one in "
                    f"{self.subjects:,} subjects: such a delta would allow to publish one whole"
                )
        return self

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
