"""What of a configuration can be edited on the page, and between which ends a slider moves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.settings import Settings
from pipelines.studio.edits import Location
from transforms.aggregate.settings import AggregateSettings, ReleaseSettings
from transforms.fields import (
    ALLOWED,
    DEFAULT_TREATMENT,
    FieldSettings,
    Icd10,
    Period,
    Role,
    Treatment,
)

EDITABLE: tuple[tuple[str, ...], ...] = (
    ("fields", "*", "role treatment entity generalise mask"),
    ("fields", "*", "generalise", "band top prefix period icd10"),
    ("fields", "*", "mask", "keep_first keep_last"),
    ("detect", "policy"),
    ("pseudonymise", "max_shift_days age_band"),
    ("aggregate", "subjects max_epsilon"),
    ("aggregate", "budget", "epsilon delta"),
    ("aggregate", "releases", "#", "epsilon delta max_groups max_rows_per_group"),
    ("aggregate", "releases", "#", "measures", "#", "lower upper"),
    ("verify", "risk", "k l t action"),
)
"""Places of the file that the page may change; * is any key, # any number of a list."""

ROLES = [role.value for role in Role]
ALLOWED_BY_ROLE = {role.value: [t.value for t in Treatment if t in ALLOWED[role]] for role in Role}
DEFAULT_BY_ROLE = {role.value: DEFAULT_TREATMENT[role].value for role in Role}
PERIODS = [period.value for period in Period]
ICD10 = [level.value for level in Icd10]
ENTITIES = sorted(
    "PERSON DATE_OF_BIRTH PHONE_NUMBER EMAIL_ADDRESS STREET_ADDRESS LOCATION POSTCODE ID UK_NHS "
    "US_SSN MEDICAL_RECORD_NUMBER INSURANCE_ID LICENCE_NUMBER USER_HANDLE URL IP_ADDRESS AGE "
    "ORGANIZATION FACILITY DE_KVNR ES_NIF CREDIT_CARD IBAN_CODE DEVICE_ID VEHICLE_ID".split()
)
"""Entities that are offered; others can be typed."""


def is_editable(at: Location) -> bool:
    """Whether the page may change what stands there."""
    return any(len(pattern) == len(at) and all(map(_matches, pattern, at)) for pattern in EDITABLE)


def _matches(pattern: str, part: str | int) -> bool:
    if pattern == "#":
        return isinstance(part, int) and part >= 0
    return isinstance(part, str) and (pattern == "*" or part in pattern.split())


@dataclass(frozen=True)
class Number:
    """A number with its slider."""

    at: Location
    label: str
    value: float | None
    """None: not written in the file."""
    least: float
    most: float
    scale: Literal["linear", "log", "log_or_0"] = "linear"
    """log_or_0: a logarithm whose left end means 0."""
    whole: bool = False
    hint: str = ""

    @property
    def id(self) -> str:
        """The control's id in the page."""
        return "-".join(map(str, self.at)).replace(".", "_")

    @property
    def written(self) -> str:
        """The value, as the input shows it."""
        return "" if self.value is None else f"{self.value:.12g}"

    @property
    def slider(self) -> tuple[float, float, float, float]:
        """Least, most, step and value of the slider."""
        value = self.least if self.value is None else self.value
        least, most = min(self.least, value or self.least), max(self.most, value)
        if self.scale == "linear":
            step = 1 if self.whole else _nice((most - least) / 100)
            return least, most, step, value
        low, high = math.floor(20 * math.log10(least)) / 20, math.log10(most)
        if self.scale == "log_or_0":
            low -= 0.05
        at = low if not value else math.log10(value)
        return low, math.ceil(20 * high) / 20, 0.05, at


def _nice(step: float) -> float:
    return float(10 ** math.floor(math.log10(step))) if step > 0 else 1.0


@dataclass(frozen=True)
class Release:
    """A release's numbers."""

    number: int
    name: str
    what: str
    is_table: bool
    budget: Sequence[Number]
    bounds: Sequence[Number]


def budget(aggregate: AggregateSettings) -> list[Number]:
    """The numbers of the budget."""
    at: Location = ("aggregate",)
    return [
        Number(
            (*at, "budget", "epsilon"), "Budget ε", aggregate.budget.epsilon, 0.01, 10.0, "log",
            hint="The most that all tables over these people may cost, past runs included. "
            "1 is strong, 3 is usual, above 10 the promise means little.",
        ),
        Number(
            (*at, "budget", "delta"), "Budget δ", aggregate.budget.delta, 1e-12, 1e-3, "log_or_0",
            hint="The chance with which the promise may fail: far below 1 in the number of "
            "patients.",
        ),
    ]  # fmt: skip


def releases(aggregate: AggregateSettings) -> list[Release]:
    """The numbers of each release."""
    found = []
    for number, release in enumerate(aggregate.releases):
        at: Location = ("aggregate", "releases", number)
        costs = [
            Number((*at, "epsilon"), "ε", release.epsilon, 0.01, aggregate.max_epsilon, "log",
                   hint="What it costs. Half of it means about twice the noise."),
            Number((*at, "delta"), "δ", release.delta, 1e-12, 1e-3, "log_or_0",
                   hint="The chance that the promise fails; 0 where keys are public."),
        ]  # fmt: skip
        is_table = isinstance(release, ReleaseSettings)
        bounds = list(_bounds(release, at)) if isinstance(release, ReleaseSettings) else []
        what = _what(release) if isinstance(release, ReleaseSettings) else "Synthetic records."
        found.append(Release(number, release.name, what, is_table, costs, bounds))
    return found


def _what(release: ReleaseSettings) -> str:
    keys = "groups from the data" if release.private else f"{release.public_groups:,} listed groups"
    by = " and ".join(release.group_by)
    return f"By {by}: {keys}." if by else "One row over all records."


def _bounds(release: ReleaseSettings, at: Location) -> Iterator[Number]:
    if release.group_by:
        yield Number(
            (*at, "max_groups"), "Groups of one patient, at most", release.max_groups, 1, 20,
            whole=True, hint="More leave out less, and need more noise.",
        )  # fmt: skip
    yield Number(
        (*at, "max_rows_per_group"), "Records of one patient in a group, at most",
        release.max_rows_per_group, 1, 20, whole=True,
        hint="More leave out less, and need more noise.",
    )  # fmt: skip
    for number, measure in enumerate(release.measures):
        lower, upper = getattr(measure, "lower", None), getattr(measure, "upper", None)
        if lower is None or upper is None:
            continue
        width = upper - lower
        for name, value in (("lower", lower), ("upper", upper)):
            yield Number(
                (*at, "measures", number, name), f"{measure.column}: {name} bound", value,
                lower - width, upper + width,
                hint="By what is plausible, never by a look at the data; wide bounds need more "
                "noise.",
            )  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field as the file has it."""

    name: str
    given: FieldSettings

    @property
    def id(self) -> str:
        """The row's id in the page."""
        return f"field-{self.name.replace('.', '_')}"

    @property
    def how(self) -> str:
        """By what it is generalised: band, prefix, period, icd10; empty if it is not."""
        given = self.given.generalise
        names = ("band", "prefix", "period", "icd10")
        return next((n for n in names if given and getattr(given, n) is not None), "")


def fields(settings: Settings) -> list[Field]:
    """The fields, in the file's order."""
    return [Field(name, given) for name, given in settings.fields.items()]
