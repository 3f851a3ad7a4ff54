"""The ``verify.risk`` section of the configuration."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

import pyarrow as pa
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from transforms.fields import (
    FieldSpec,
    FieldType,
    Name,
    Period,
    Role,
    Settings,
    Treatment,
    file_beside,
    subject_of,
    text_of,
)

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[int, Field(gt=0)]
Rows = tuple[tuple[str, ...], ...]

COUNT = "count"
"""Column of a population table: how many people."""


class Action(StrEnum):
    """What is done where a release does not fulfil its thresholds."""

    WARN = "warn"
    """It is published, and the report and the run's summary say so."""
    SUPPRESS = "suppress"
    """The records of classes that do not fulfil them go to quarantine."""
    GENERALISE = "generalise"
    """Quasi-identifiers are made coarser until all classes fulfil them, with least loss."""
    REFUSE = "refuse"
    """Nothing is published."""


class Diversity(StrEnum):
    """How the diversity of sensitive values is counted (Machanavajjhala et al. 2007)."""

    DISTINCT = "distinct"
    """The number of different values in a class."""
    ENTROPY = "entropy"
    """e to the entropy of a class: the number of equally frequent values of that entropy."""


def _rows(value: Any, info: ValidationInfo) -> Any:
    """The cells of the CSV file at a path; what has been read before stays as it is."""
    path = file_beside(value, info, "a CSV file")
    if path is None:
        return value
    text = text_of(path)
    # ARX writes semicolons.
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.reader(text.splitlines(), delimiter=delimiter)
    found = tuple(tuple(cell.strip() for cell in row) for row in rows if any(map(str.strip, row)))
    if not found:
        raise ValueError(f"holds nothing: {path}")
    return found


# A file becomes its rows where the configuration is read: other processes need no file.
CsvFile = Annotated[Rows, BeforeValidator(_rows, json_schema_input_type=str)]


class HierarchySettings(Settings):
    """How a quasi-identifier can be made coarser, step by step; exactly one of the four."""

    bands: Annotated[tuple[Positive, ...], Field(min_length=1)] | None = None
    """Widths of numeric bands, each a multiple of the one before: [20, 40]."""
    prefixes: Annotated[tuple[Positive, ...], Field(min_length=1)] | None = None
    """Numbers of leading characters of the published value, falling: [2, 1]."""
    periods: Annotated[tuple[Period, ...], Field(min_length=1)] | None = None
    """Of a date: [month, year]."""
    file: CsvFile | None = None
    """A CSV file as ARX has them: in each row a value as it is published and, from left to right,
    what it becomes at each step; no header."""

    @field_validator("file")
    @classmethod
    def _whole(cls, rows: Rows | None) -> Rows | None:
        for problem in _faults(rows or ()):
            raise ValueError(problem)
        return rows

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        given = [n for n in ("bands", "prefixes", "periods", "file") if getattr(self, n)]
        if len(given) != 1:
            raise ValueError("give exactly one of 'bands', 'prefixes', 'periods' and 'file'")
        bands, prefixes = self.bands or (), self.prefixes or ()
        for finer, coarser in itertools.pairwise(bands):
            if coarser <= finer or coarser % finer:
                raise ValueError(f"a band of {coarser} is not made of bands of {finer}: a gap")
        if any(b >= a for a, b in itertools.pairwise(prefixes)):
            raise ValueError("prefixes must become shorter from left to right")
        if self.periods and sorted(set(self.periods)) != list(self.periods):
            raise ValueError("periods are: [month, year], [month] or [year]")
        return self


def _faults(rows: Rows) -> Iterator[str]:
    """What is wrong with a hierarchy's rows; a row is named by its number, never by a value."""
    if not rows:
        return
    width = len(rows[0])
    if width < 2:
        yield "row 1 has one cell: write the value and, after it, what it becomes at each step"
        return
    first_with: dict[str, int] = {}
    above: list[dict[str, tuple[str, int]]] = [{} for _ in range(width - 1)]
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            yield f"a gap: row {number} has {len(row)} cells, row 1 has {width}"
            return
        if "" in row:
            yield f"a gap: row {number}, column {row.index('') + 1} is empty"
            return
        if row[0] in first_with:
            yield f"rows {first_with[row[0]]} and {number} are of the same value"
            return
        first_with[row[0]] = number
        for step, (finer, coarser) in enumerate(itertools.pairwise(row)):
            known, at = above[step].setdefault(finer, (coarser, number))
            if known != coarser:
                yield (
                    f"rows {at} and {number} agree in column {step + 1} and differ in column "
                    f"{step + 2}: values that have become one cannot part again"
                )
                return


class PopulationSettings(Settings):
    """The people of whom the subjects are some."""

    size: Positive | None = None
    """How many they are: for the estimate of how many are unique among them."""
    table: CsvFile | None = None
    """A CSV file with a header that names the quasi-identifiers and ``count``: how many of them
    have these values (as they are published, before anything is made coarser by ``action``)."""

    @field_validator("table")
    @classmethod
    def _counts(cls, rows: Rows | None) -> Rows | None:
        if rows is None:
            return None
        head, *body = rows
        if COUNT not in head:
            raise ValueError(f"its first row must name the columns, one of them '{COUNT}'")
        if len(set(head)) != len(head):
            raise ValueError("its first row names a column twice")
        for number, row in enumerate(body, 2):
            if len(row) != len(head):
                raise ValueError(f"row {number} has {len(row)} cells, row 1 has {len(head)}")
            if not row[head.index(COUNT)].isdecimal():
                raise ValueError(f"row {number}: '{COUNT}' is no whole number")
        return rows


class RiskSettings(Settings):
    """How re-identifiable the records may be, counted over the quasi-identifiers."""

    quasi: tuple[Name, ...] = ()
    """Fields that count as quasi-identifiers, beside those with this role."""
    sensitive: tuple[Name, ...] = ()
    """Fields whose value nobody should be able to tell of a person: for l and t."""
    k: Positive = 5
    """Each class of equal quasi-identifiers has at least so many subjects (Sweeney 2002)."""
    l: Annotated[float, Field(ge=1)] | None = None  # noqa: E741
    """Each class has at least so many values of each sensitive field."""
    diversity: Diversity = Diversity.DISTINCT
    """What is counted for ``l``."""
    t: Share | None = None
    """In each class a sensitive field is distributed as in all, within this distance (earth
    mover's; Li et al. 2007)."""
    action: Action = Action.WARN
    """What is done where a threshold is not met."""
    suppression: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """With ``generalise``: the largest share of the records that may be held back instead."""
    hierarchies: dict[Name, HierarchySettings] = {}
    """How a field is made coarser, where its own ``generalise`` does not tell. At the end of each
    the field is left out."""
    population: PopulationSettings = PopulationSettings()
    """Of whom the subjects are a part: for what an attacker is up against who does not know
    whether someone is in the data."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.l is not None or self.t is not None) and not self.sensitive:
            raise ValueError("'l' and 't' need 'sensitive': the fields that they are about")
        if both := set(self.quasi) & set(self.sensitive):
            raise ValueError(f"'{min(both)}' is quasi-identifier and sensitive; it can be one")
        if self.suppression and self.action is not Action.GENERALISE:
            raise ValueError("'suppression' is for 'action: generalise'")
        return self


class Attributes:
    """The fields over which risk is computed, by their part in it."""

    def __init__(self, settings: RiskSettings, fields: Sequence[FieldSpec]) -> None:
        published = [f for f in fields if f.treatment is not Treatment.DROP]
        self.quasi = [f for f in published if f.name in settings.quasi or _is_quasi(f)]
        self.quasi = [f for f in self.quasi if not f.is_list]
        self.sensitive = [f for f in published if f.name in settings.sensitive]
        self.uncounted = [f.name for f in published if _is_quasi(f) and f.is_list]
        """Quasi-identifiers that hold lists: they are in no class."""
        self.is_linked = subject_of(list(fields)).treatment is not Treatment.DROP
        """Whether the release tells which records are of one subject."""

    @property
    def names(self) -> list[str]:
        """Of the quasi-identifiers."""
        return [f.name for f in self.quasi]

    @property
    def ordered(self) -> dict[str, bool]:
        """Sensitive field -> whether its values are numbers, which lie near or far."""
        return {f.name: _is_number(f) for f in self.sensitive}


def _is_quasi(field: FieldSpec) -> bool:
    return field.role is Role.QUASI


def _is_number(field: FieldSpec) -> bool:
    return field.type in (FieldType.INTEGER, FieldType.NUMBER) and (
        field.treatment is Treatment.KEEP
    )


def contradictions(
    settings: RiskSettings, fields: Sequence[FieldSpec]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What is wrong with the section in view of the fields: where in it, and what."""
    by_name = {f.name: f for f in fields}
    for key, names in (("quasi", settings.quasi), ("sensitive", settings.sensitive)):
        for number, name in enumerate(names):
            if (why := _objection(by_name.get(name))) is not None:
                yield (key, number), f"'{name}' {why}"
    for number, name in enumerate(settings.sensitive):
        if name in by_name and _is_quasi(by_name[name]):
            yield ("sensitive", number), f"'{name}' has role quasi; it can be one or the other"
    attributes = Attributes(settings, fields)
    quasi = {f.name: f for f in attributes.quasi}
    for name, how in settings.hierarchies.items():
        at = ("hierarchies", name)
        if name not in quasi:
            yield at, f"'{name}' is no quasi-identifier; these are: {', '.join(quasi) or 'none'}"
        elif (why := _misfit(quasi[name], how)) is not None:
            yield at, why
    table = settings.population.table
    if table is not None and (missing := sorted(set(quasi) - set(table[0]))):
        yield ("population", "table"), f"it has no column for quasi-identifier '{missing[0]}'"


def _objection(field: FieldSpec | None) -> str | None:
    if field is None or field.role is Role.DROP:
        return "is no field of this file"
    if field.treatment is Treatment.DROP:
        return "is not published, so it tells nobody anything"
    if field.is_list:
        return "holds lists; give one value a field of its own (path: codes[0].display)"
    if field.role in (Role.SUBJECT, Role.TEXT):
        return f"has role '{field.role}'"
    return None


def _misfit(field: FieldSpec, how: HierarchySettings) -> str | None:
    """Why a hierarchy cannot go on from how the field is published; None if it can."""
    own = field.generalise
    if not pa.types.is_string(field.published_type):
        return "is published as a number: give the field 'type: string', or role 'quasi'"
    if how.bands:
        if own is None or own.band is None:
            return "'bands' go on from a field's own 'generalise: {band: ...}'"
        if how.bands[0] <= own.band or how.bands[0] % own.band:
            return f"a band of {how.bands[0]} is not made of bands of {own.band}: a gap"
    if how.prefixes and own is not None and own.prefix and how.prefixes[0] >= own.prefix:
        return f"a prefix of {how.prefixes[0]} is not shorter than the field's own, {own.prefix}"
    if how.periods:
        if field.role is not Role.DATE:
            return "'periods' are for dates"
        if own is not None and own.period in how.periods:
            return f"the field is cut to its {own.period} already"
        if own is not None and own.period is Period.YEAR:
            return "a year has no months left"
    return None
