"""The stage's logic: texts with spans and columns with roles in, pseudonymised ones out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from transforms.batches import flat, like, rows_of
from transforms.detect.spans import Span
from transforms.fields import FieldSpec, Role, Treatment, subject_of

from . import ages, columns, dates, keyed, lexicon, names, surrogates, tokens
from .hints import NO_HINTS, Hints, NameRole
from .keys import Purpose, RootKey, derive
from .operators import OPERATORS, Context
from .overlaps import resolve
from .settings import PseudonymiseSettings


class Pseudonymiser:
    """Pseudonymises records; deterministic, so that every worker and every run agree.

    ``counts`` says what was done: (field, "treated" | "unreadable") -> number of values. Unreadable
    is what should have been a date or a number and was not; it became null.
    """

    def __init__(
        self, root: RootKey, settings: PseudonymiseSettings, fields: Sequence[FieldSpec]
    ) -> None:
        self._settings = settings
        self._fields = list(fields)
        self._subject = subject_of(self._fields).name
        self._published = [
            field
            for field in fields
            if field.role is not Role.DROP and field.treatment is not Treatment.DROP
        ]
        self._people: list[tuple[str, NameRole | None]] = [
            (field.name, names.role_of_field(field.name, field.path))
            for field in fields
            if field.role is Role.IDENTIFIER and field.entity == "PERSON"
        ]
        self._dates = [field.name for field in fields if field.role is Role.DATE]
        self._words = lexicon.load(settings.locale)
        self._reading = dates.Reading.of(self._words)
        self._surrogate_key = derive(root, Purpose.SURROGATES, settings.project)
        self._token_key = derive(root, Purpose.TOKENS, settings.project)
        self._date_key = derive(root, Purpose.DATES, settings.project)
        self._split_key = derive(root, Purpose.SPLITS, settings.project)
        self._engine = AnonymizerEngine()
        for operator in OPERATORS:
            self._engine.add_anonymizer(operator)
        self.counts: Counter[tuple[str, str]] = Counter()

    @property
    def schema(self) -> pa.Schema:
        """Schema of what ``record_batch`` returns."""
        return pa.schema([pa.field(f.name, f.published_type) for f in self._published])

    def hints(self, batch: pa.RecordBatch) -> list[Hints]:
        """What each record's structured fields tell about the names and dates in its text."""
        people = [
            (batch.column(name).to_pylist(), role)
            for name, role in self._people
            if name in batch.schema.names
        ]
        when = [
            batch.column(name).to_pylist() for name in self._dates if name in batch.schema.names
        ]
        return [
            Hints(
                names.roles_in(
                    ((value, role) for column, role in people for value in _items(column[row])),
                    self._words,
                ),
                self._latest(value for column in when for value in _items(column[row])),
            )
            for row in range(batch.num_rows)
        ]

    def text(
        self, text: str, spans: Sequence[Span], subject: str | None, hints: Hints = NO_HINTS
    ) -> tuple[str, list[tuple[int, int]]]:
        """The text with its spans replaced, and the places (start, end) of what was put in.

        Overlapping spans are resolved by ``overlaps.resolve``. Spans of entities that are kept are
        no spans: they neither win nor lose, and have no place. Without a subject dates are
        redacted.
        """
        treated = [span for span in spans if self._operator(span.entity) != "keep"]
        if not treated:
            return text, []
        found = resolve(treated, len(text))
        context = Context(
            self._surrogate_key,
            self._token_key,
            self._words,
            hints,
            None if subject is None else self.offset_days(subject),
            self._settings.age_band,
        )
        operators = {
            entity: OperatorConfig(self._operator(entity), {"context": context})
            for entity in {span.entity for span in found}
        }
        # Disjoint spans pass through the engine's own resolution as they are; neighbours of one
        # entity stay two, since two people may stand side by side.
        result = self._engine.anonymize(
            text,
            [RecognizerResult(span.entity, span.start, span.end, span.score) for span in found],
            operators,
            merge_entities_with_spaces=False,
        )
        places = [
            (item.start, item.end)
            for item, span in zip(reversed(result.items), found, strict=True)
            # A relative date, a year: nothing was put in.
            if item.text != text[span.start : span.end]
        ]
        return result.text, places

    def record_batch(
        self,
        batch: pa.RecordBatch,
        texts: Mapping[str, pa.Array],
        hints: Sequence[Hints] | None = None,
    ) -> pa.RecordBatch:
        """The columns of a batch that may be published, each treated as its field says.

        ``texts`` are the text columns, treated already; ``hints`` are ``self.hints(batch)``, if it
        was called before. Null stays null.
        """
        subjects = batch.column(self._subject).to_pylist()
        hints = self.hints(batch) if hints is None else hints
        arrays = [
            texts[field.name].cast(field.published_type)
            if field.role is Role.TEXT
            else self._column(field, batch.column(field.name), subjects, hints)
            for field in self._published
        ]
        return pa.record_batch(arrays, schema=self.schema)

    def offset_days(self, subject: str) -> int:
        """The days by which the subject's dates are moved."""
        return dates.offset_days(self._date_key, subject, self._settings.max_shift_days)

    def split_of(self, subjects: pa.Array, splits: Mapping[str, float]) -> pa.Array:
        """The split of each subject, by keyed hash: stable, and no subject is in two.

        ``splits`` are shares in proportion to their sum, such as 0.8 and 0.2.
        """
        total = sum(splits.values())
        limits = []
        reached = 0.0
        for name, share in splits.items():
            reached += share / total
            limits.append((name, reached))

        def split(subject: Any) -> str:
            drawn = keyed.number(self._split_key, "split", str(subject), 1 << 53) / (1 << 53)
            return next((name for name, limit in limits if drawn < limit), limits[-1][0])

        return columns.by_value(subjects, split)

    def _operator(self, entity: str) -> str:
        treatment = self._settings.entities.get(entity, Treatment.SURROGATE)
        if treatment is Treatment.KEEP:
            return "keep"
        if treatment is Treatment.TOKEN:
            return "token"
        if treatment is Treatment.REDACT:
            return "redact_entity"
        if entity in surrogates.DATES:
            return "shift"
        return "age_band" if entity in surrogates.AGES else "surrogate"

    def _column(
        self,
        field: FieldSpec,
        column: pa.Array,
        subjects: Sequence[str | None],
        hints: Sequence[Hints],
    ) -> pa.Array:
        if field.treatment is Treatment.KEEP:
            return column
        values = flat(column)
        treated = self._values(field, column, values, subjects, hints)
        unreadable = treated.null_count - values.null_count
        self.counts[field.name, "treated"] += len(values) - treated.null_count
        if unreadable:
            self.counts[field.name, "unreadable"] += unreadable
        return like(column, treated)

    def _values(
        self,
        field: FieldSpec,
        column: pa.Array,
        values: pa.Array,
        subjects: Sequence[str | None],
        hints: Sequence[Hints],
    ) -> pa.Array:
        entity = field.entity or "ID"
        if field.treatment is Treatment.REDACT:
            return columns.by_value(values, lambda value: surrogates.redacted(entity))
        if field.treatment is Treatment.TOKEN:
            make = tokens.token if field.role is Role.SUBJECT else tokens.token_in_text
            return columns.by_value(values, lambda value: make(self._token_key, entity, value))
        if field.treatment is Treatment.GENERALISE:
            assert field.generalise is not None
            return columns.by_value(values, columns.generaliser(field.generalise, self._reading))
        if field.treatment is Treatment.SHIFT or entity in surrogates.DATES:
            return columns.by_row(
                values,
                rows_of(column),
                lambda value, row: self._shifted(value, subjects[row]),
            )
        if entity in surrogates.AGES:
            width = self._settings.age_band
            return columns.by_value(values, lambda value: ages.banded(value, width))
        if entity in surrogates.OF_PEOPLE:
            return columns.by_row(
                values,
                rows_of(column),
                lambda value, row: self._surrogate(entity, value, hints[row]),
            )
        return columns.by_value(values, lambda value: self._surrogate(entity, value, NO_HINTS))

    def _surrogate(self, entity: str, value: str, hints: Hints) -> str:
        return surrogates.surrogate(self._surrogate_key, entity, value, self._words, hints)

    def _shifted(self, value: str, subject: str | None) -> str | None:
        if subject is None:
            return None
        return dates.shift_value(value, self.offset_days(subject), self._reading)

    def _latest(self, values: Any) -> date | None:
        """The latest of a record's dates: the consultation's own rather than the date of birth."""
        found = [dates.read(value, self._reading) for value in values]
        return max((entry[0] for entry in found if entry), default=None)


def _items(value: Any) -> list[str]:
    if value is None:
        return []
    return [item for item in value if item is not None] if isinstance(value, list) else [value]
