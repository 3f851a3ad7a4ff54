"""The facts of a report, as ``report.json`` holds them: all that ``report.html`` shows."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field as About
from pydantic import ValidationError

from transforms.fields import EntityType, Role, Treatment
from transforms.publish.manifest import Count, NonNegative, Part, Statement
from transforms.publish.report.contents import (
    Changes,
    Items,
    Many,
    Tally,
    Total,
    Value,
    Words,
    band_ends,
    band_of,
)
from transforms.publish.settings import SplitName
from transforms.publish.storage import join, open_file

FACTS = "report.json"
HTML = "report.html"

LEAST_RECORDS = 10
"""Values that fewer records hold are put together: they make no class, and may stand out."""

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"

TENTHS = 10
"""Of scores: the first bin is from 0 to below 0.1, the last one from 0.9 to 1."""


class Field(Part):
    """A field of the configuration, and what becomes of it."""

    name: str
    role: Role
    entity: EntityType | None = None
    treatment: Treatment
    how: str
    """The treatment in words."""


class Found(Part):
    """Spans of one entity that one recogniser found in texts."""

    entity: EntityType
    recogniser: str
    scores: Annotated[tuple[Count, ...], About(min_length=TENTHS, max_length=TENTHS)]
    """How many by score, in tenths."""

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.scores)


class LeakCheck(Part):
    """The last look at each record before it is published."""

    entities: tuple[EntityType, ...]
    """Besides the record's own identifiers, none of these may be left ..."""
    score: NonNegative
    """... that is found with at least this score."""
    held_back: Count
    """Records in which something was left: they are in quarantine."""


class Band(Part):
    """Records of similar size."""

    least: Count
    most: Count
    records: Count


class Length(Part):
    """How long the values of a column are."""

    column: str
    unit: Literal["words", "items"]
    """Words of a text (of all items together, in a list), or items of a list."""
    total: Count | None = None
    characters: Count | None = None
    """Of a text, in all records."""
    bands: tuple[Band, ...]


class ClassCount(Part):
    """Records of each split that hold a value (items, where the column is a list)."""

    value: str
    records: dict[SplitName, Count]


class Balance(Part):
    """How the records spread over the values of a column."""

    column: str
    classes: tuple[ClassCount, ...] = ()
    """Most frequent first; each with at least ``LEAST_RECORDS`` records."""
    rarer: dict[SplitName, Count] = {}
    """All rarer values together."""
    many: bool = False
    """There are too many values to be classes."""


class Contents(Part):
    """What anyone could count in the released records."""

    lengths: tuple[Length, ...] = ()
    balance: tuple[Balance, ...] = ()


class Change(Part):
    """What treatment did to a column, in the records that were published."""

    column: str
    values: Count
    """Values that were read."""
    lost: Count
    """Values that could not be treated, or were left out as too telling."""
    characters: Count | None = None
    """Of a text, after treatment."""
    replaced: Count | None = None
    """Places in it in which something was replaced."""
    stand_ins: Count | None = None
    """Characters in those places."""


class Point(Part):
    """An account of privacy at the end of a day."""

    day: date
    epsilon_spent: NonNegative
    epsilon_total: NonNegative
    delta_spent: NonNegative
    delta_total: NonNegative


class Budget(Part):
    """The account on which the tables spend."""

    data_set: str
    population: str
    renews: str | None = None
    points: Annotated[tuple[Point, ...], About(min_length=1)]


class Piece(Part):
    """A piece of a text."""

    text: str
    marked: bool = False
    """It identifies somebody, or stands for what did."""


class ExampleValue(Part):
    """A made-up field, before and after."""

    field: str
    before: str
    after: str | None = None
    """None: it is not published."""


class ExampleText(Part):
    """A made-up text, before and after."""

    field: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


class Example(Part):
    """A made-up consultation, treated by the configuration under a key of its own."""

    values: tuple[ExampleValue, ...]
    texts: tuple[ExampleText, ...]
    held_back: str | None = None
    """Why the leak check would hold it back; None if it would be published."""


class Gathered(Part):
    """What a run knows beside the manifest."""

    fields: tuple[Field, ...] = ()
    unassigned_fields: Count = 0
    """Fields of the source that have no role, and so are not read."""
    places: dict[EntityType, Count] = {}
    """Places in texts that identify somebody, each once, by the surest finding's entity."""
    found: tuple[Found, ...] = ()
    thresholds: dict[EntityType, NonNegative] = {}
    """Score from which spans of an entity that was found count."""
    leak_check: LeakCheck | None = None
    contents: Contents | None = None
    """None where records are encrypted: then not anyone could count it."""
    changes: tuple[Change, ...] = ()
    medians: dict[str, dict[str, float]] = {}
    """Of the released tables: the median of a column over its groups, noise included."""
    budget: Budget | None = None
    example: Example | None = None
    software: dict[str, str] = {}
    """Versions of what made the release."""

    def without(self, erased: Tally) -> Self:
        """The same after records were taken out in which ``erased`` was counted."""
        if self.contents is None:
            return self
        whole = tally_of(self.contents)
        for key, number in erased.items():
            if isinstance(key, Value) and key not in whole:
                # One of the rarer values; or its column has too many.
                key = key._replace(value=RARER)
            if key in whole:
                whole[key] = max(whole[key] - number, 0)
        return self.model_copy(update={"contents": contents_of(whole)})


class Report(Statement, Gathered):
    """The facts of a report."""

    @classmethod
    def of(cls, statement: Statement, gathered: Gathered) -> Self:
        """The facts of a release."""
        return cls.model_validate(
            {name: getattr(statement, name) for name in Statement.model_fields}
            | {name: getattr(gathered, name) for name in Gathered.model_fields}
        )

    @property
    def gathered(self) -> Gathered:
        """What is not in the manifest."""
        return Gathered.model_validate(
            {name: getattr(self, name) for name in Gathered.model_fields}
        )

    def to_json(self) -> str:
        """The facts as they are stored."""
        content = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of ``report.json``."""
    schema = Report.model_json_schema(mode="serialization")
    return {"$schema": SCHEMA_ID, **schema, "title": "Facts of a Veilbeam report"}


def read_gathered(folder: str) -> Gathered:
    """What the report of the release in ``folder`` says beside the manifest; nothing if the release
    has no report, or that of another version."""
    try:
        with open_file(join(folder, FACTS)) as file:
            return Report.model_validate_json(file.read()).gathered
    except (OSError, ValidationError):
        return Gathered()


def found_of(counted: Mapping[tuple[str, str, int], int]) -> tuple[Found, ...]:
    """Spans by entity, recogniser and tenth of the score; most frequent first."""
    scores: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * TENTHS)
    for (entity, recogniser, tenth), number in counted.items():
        scores[entity, recogniser][tenth] += number
    found = (
        Found(entity=entity, recogniser=recogniser, scores=tuple(numbers))
        for (entity, recogniser), numbers in scores.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.total, one.entity, one.recogniser)))


def changes_of(changes: Changes) -> tuple[Change, ...]:
    """What treatment did, column by column."""
    columns: dict[str, dict[str, int]] = defaultdict(dict)
    for (column, what), number in changes.items():
        columns[column][what] = number
    return tuple(Change(column=column, **counted) for column, counted in columns.items())


def contents_of(tally: Tally) -> Contents:
    """What was counted in records, for the report."""
    bands: dict[tuple[str, type], list[Band]] = defaultdict(list)
    values: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    totals: dict[Total, int] = {}
    many = []
    for key, number in tally.items():
        match key:
            case Words(column, band) | Items(column, band) if number:
                least, most = band_ends(band)
                bands[column, type(key)].append(Band(least=least, most=most, records=number))
            case Value(column, split, value) if number:
                values[column][value][split] += number
            case Many(column):
                many.append(column)
            case Total():
                totals[key] = number
    return Contents(
        lengths=tuple(
            Length(
                column=column,
                unit="words" if kind is Words else "items",
                total=totals.get(Total(column, "words")) if kind is Words else None,
                characters=totals.get(Total(column, "characters")) if kind is Words else None,
                bands=tuple(sorted(some, key=lambda one: one.least)),
            )
            for (column, kind), some in sorted(
                bands.items(), key=lambda item: (item[0][0], item[0][1] is Items)
            )
        ),
        balance=(
            *(_balance(column, values[column]) for column in sorted(values)),
            *(Balance(column=column, many=True) for column in sorted(many)),
        ),
    )


def _balance(column: str, values: Mapping[str, Counter[str]]) -> Balance:
    rarer: Counter[str] = Counter()
    classes = []
    for value, records in values.items():
        if value != RARER and records.total() >= LEAST_RECORDS:
            classes.append(ClassCount(value=value, records=dict(sorted(records.items()))))
        else:
            rarer.update(records)
    classes.sort(key=lambda one: (-sum(one.records.values()), one.value))
    rarer = +rarer
    return Balance(column=column, classes=tuple(classes), rarer=dict(sorted(rarer.items())))


RARER = "\0rarer"
"""Stands in a tally for the values of a balance that are not told apart."""


def tally_of(contents: Contents) -> Tally:
    """The tally from which ``contents_of`` makes these contents."""
    tally: Tally = Counter()
    for length in contents.lengths:
        kind: Callable[[str, int], Words | Items] = Words if length.unit == "words" else Items
        for band in length.bands:
            tally[kind(length.column, band_of(band.least))] += band.records
        if length.total is not None:
            tally[Total(length.column, "words")] += length.total
        if length.characters is not None:
            tally[Total(length.column, "characters")] += length.characters
    for balance in contents.balance:
        if balance.many:
            tally[Many(balance.column)] = 0
        for one in balance.classes:
            for split, records in one.records.items():
                tally[Value(balance.column, split, one.value)] += records
        for split, records in balance.rarer.items():
            tally[Value(balance.column, split, RARER)] += records
    return tally
