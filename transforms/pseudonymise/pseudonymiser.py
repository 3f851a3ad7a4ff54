"""The stage's logic: texts with spans and columns with roles in, pseudonymised ones out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.batches import flat, like, rows_of
from transforms.detect.spans import Span
from transforms.fields import AGES, DATES, FieldSpec, Mask, Role, Treatment, subject_of

from . import (
    ages,
    columns,
    dates,
    grammar,
    keyed,
    lexicon,
    names,
    reals,
    surrogates,
    tokens,
)
from .encryption import ValueCipher
from .format_preserving import FormatCipher
from .hints import NO_HINTS, Hints, NameRole
from .keys import Purpose, RootKey, derive
from .masking import masked
from .operators import (
    OPERATORS,
    AgeBandOperator,
    Context,
    EncryptOperator,
    FormatOperator,
    GeneraliseOperator,
    MaskOperator,
    RedactOperator,
    ShiftOperator,
    SurrogateOperator,
    TokenOperator,
    Tools,
)
from .overlaps import resolve
from .settings import PseudonymiseSettings

_OPERATORS = {
    Treatment.TOKEN: TokenOperator.NAME,
    Treatment.ENCRYPT: EncryptOperator.NAME,
    Treatment.FPE: FormatOperator.NAME,
    Treatment.SHIFT: ShiftOperator.NAME,
    Treatment.GENERALISE: GeneraliseOperator.NAME,
    Treatment.MASK: MaskOperator.NAME,
    Treatment.REDACT: RedactOperator.NAME,
}
_NO_NUMBERS = DATES | AGES | {"PERSON"}
"""Entities whose values no surrogate of a number can be."""


class _Texts(NamedTuple):
    """A record's texts, and the values found in them with their entities."""

    texts: list[str]
    values: list[tuple[str, str]]


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
        self._cipher = ValueCipher(
            derive(root, Purpose.ENCRYPTION, settings.project), root.fingerprint
        )
        self._formats = FormatCipher(derive(root, Purpose.FORMAT, settings.project))
        self._date_key = derive(root, Purpose.DATES, settings.project)
        self._split_key = derive(root, Purpose.SPLITS, settings.project)
        self._tools = Tools(
            self._surrogate_key,
            self._token_key,
            self._cipher,
            self._formats,
            self._words,
            self._reading,
            settings.age_band,
            {
                entity: columns.generaliser(how, self._reading)
                for entity, how in settings.generalise.items()
            },
            settings.mask,
            settings.checksums == "keep",
        )
        self._operators = {operator.NAME: operator() for operator in OPERATORS}
        self.counts: Counter[tuple[str, str]] = Counter()

    @property
    def schema(self) -> pa.Schema:
        """Schema of what ``record_batch`` returns."""
        return pa.schema([pa.field(f.name, f.published_type) for f in self._published])

    def hints(
        self, batch: pa.RecordBatch, spans: Mapping[str, Sequence[Sequence[Span]]] | None = None
    ) -> list[Hints]:
        """What each record's fields, and the ``spans`` found in its texts (for each text field
        those of each of its flattened values), tell about its people, dates, and what is real."""
        people = [
            (batch.column(name).to_pylist(), role)
            for name, role in self._people
            if name in batch.schema.names
        ]
        when = [
            batch.column(name).to_pylist() for name in self._dates if name in batch.schema.names
        ]
        identifiers = [
            batch.column(field.name).to_pylist()
            for field in self._fields
            if field.role is Role.IDENTIFIER and field.name in batch.schema.names
        ]
        hints = []
        for row, (texts, found) in enumerate(self._texts(batch, spans or {})):
            in_fields = [(v, role) for column, role in people for v in _items(column[row])]
            values = [value for column in identifiers for value in _items(column[row])]
            hints.append(
                self._hints_of(
                    in_fields,
                    list(dict.fromkeys(value for entity, value in found if entity == "PERSON")),
                    reals.real_in(
                        texts,
                        values,
                        {v for entity, v in found if entity not in _NO_NUMBERS or not v.isascii()},
                    ),
                    self._latest(value for column in when for value in _items(column[row])),
                )
            )
        return hints

    def _hints_of(
        self,
        in_fields: Sequence[tuple[str, NameRole | None]],
        in_texts: Sequence[str],
        real: frozenset[str],
        reference: date | None,
    ) -> Hints:
        roles = names.roles_in(((value, None) for value in in_texts), self._words)
        roles |= names.roles_in(in_fields, self._words)
        values = [value for value, _ in in_fields]
        made = names.stand_ins(self._surrogate_key, values, in_texts, self._words, roles, real)
        whole = [value for value, role in in_fields if role is None]
        whole.append(" ".join(value for value, role in in_fields if role is not None))
        together = names.together_in([*whole, *in_texts], self._words)
        return Hints(roles, reference, made, together, real)

    def _texts(
        self, batch: pa.RecordBatch, spans: Mapping[str, Sequence[Sequence[Span]]]
    ) -> list[_Texts]:
        records = [_Texts([], []) for _ in range(batch.num_rows)]
        for name, found in spans.items():
            column = batch.column(name)
            for row, text, many in zip(
                rows_of(column), flat(column).to_pylist(), found, strict=True
            ):
                if text is not None:
                    records[row].texts.append(text)
                    records[row].values.extend((s.entity, text[s.start : s.end]) for s in many)
        return records

    def text(
        self, text: str, spans: Sequence[Span], subject: str | None, hints: Hints = NO_HINTS
    ) -> tuple[str, list[tuple[int, int]]]:
        """The text with its spans replaced, and the places (start, end) of what was put in.

        Overlapping spans are resolved by ``overlaps.resolve``. Spans of entities that are kept are
        no spans: they neither win nor lose, and have no place. Without a subject dates are
        redacted. A small word before what was put in is made to agree (``grammar``).
        """
        chosen = {entity: self._operator(entity) for entity in {span.entity for span in spans}}
        treated = [span for span in spans if chosen[span.entity] != "keep"]
        if not treated:
            return text, []
        found = resolve(treated, len(text))
        context = Context(
            self._tools, hints, None if subject is None else self.offset_days(subject)
        )
        # Presidio's operators without its engine: the spans are disjoint already.
        stand_ins = [
            self._operators[chosen[span.entity]].operate(
                text[span.start : span.end], {"entity_type": span.entity, "context": context}
            )
            for span in found
        ]
        return self._joined(text, found, stand_ins)

    def _joined(
        self, text: str, found: Sequence[Span], stand_ins: Sequence[str]
    ) -> tuple[str, list[tuple[int, int]]]:
        """The text with its spans replaced, and the small words before them made to agree."""
        out: list[str] = []
        places: list[tuple[int, int]] = []
        length = end = 0
        for span, new in zip(found, stand_ins, strict=True):
            old = text[span.start : span.end]
            if span.entity in AGES:
                new = grammar.said(text[end : span.start], new, text[span.end : span.end + 12])
            before = grammar.agreeing(text[end : span.start], old, new, self._words.language)
            start = length + len(before)
            out += [before, new]
            length, end = start + len(new), span.end
            # A relative date, a year: nothing was put in.
            if new != old:
                places.append((start, length))
        return "".join([*out, text[end:]]), places

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
        settings = self._settings
        return dates.offset_days(
            self._date_key, subject, settings.max_shift_days, settings.keep_weekday
        )

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
        if treatment is not Treatment.SURROGATE:
            return _OPERATORS[treatment]
        if entity in DATES:
            return ShiftOperator.NAME
        return AgeBandOperator.NAME if entity in AGES else SurrogateOperator.NAME

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
        if field.treatment is Treatment.ENCRYPT and not field.deterministic:
            return columns.by_row(
                values,
                rows_of(column),
                lambda value, row: self._cipher.encrypt(entity, value, deterministic=False),
            )
        if field.treatment is Treatment.ENCRYPT:
            return columns.by_value(values, lambda value: self._cipher.encrypt(entity, value))
        if field.treatment is Treatment.FPE:
            return columns.by_value(values, lambda value: self._formats.encrypt(entity, value))
        if field.treatment is Treatment.MASK:
            mask = field.mask or Mask()
            return columns.by_value(values, lambda value: masked(value, mask))
        if field.treatment is Treatment.GENERALISE:
            assert field.generalise is not None
            coarser = columns.generaliser(field.generalise, self._reading)
            if field.generalise.period is None:
                return columns.by_value(values, coarser)
            return columns.by_row(
                values,
                rows_of(column),
                lambda value, row: coarser(self._folded(value, hints[row].reference)),
            )
        if field.treatment is Treatment.SHIFT or entity in DATES:
            return columns.by_row(
                values,
                rows_of(column),
                lambda value, row: self._shifted(value, subjects[row], hints[row].reference),
            )
        if entity in AGES:
            width = self._settings.age_band
            return columns.by_value(values, lambda value: ages.banded(value, width))
        return columns.by_row(
            values,
            rows_of(column),
            lambda value, row: self._surrogate(entity, value, hints[row]),
        )

    def _surrogate(self, entity: str, value: str, hints: Hints) -> str:
        return surrogates.surrogate(
            self._surrogate_key, entity, value, self._words, hints, self._tools.keep_checksums
        )

    def _folded(self, value: str, reference: date | None) -> str:
        """A date as it is, but for one that tells an age over 89."""
        return dates.shift_value(value, 0, self._reading, dates.oldest_of(reference)) or value

    def _shifted(self, value: str, subject: str | None, reference: date | None) -> str | None:
        if subject is None:
            return None
        oldest = dates.oldest_of(reference)
        return dates.shift_value(value, self.offset_days(subject), self._reading, oldest)

    def _latest(self, values: Any) -> date | None:
        """The latest of a record's dates: the consultation's own rather than the date of birth."""
        found = [dates.read(value, self._reading) for value in values]
        return max((entry[0] for entry in found if entry), default=None)


def _items(value: Any) -> list[str]:
    if value is None:
        return []
    return [item for item in value if item is not None] if isinstance(value, list) else [value]
