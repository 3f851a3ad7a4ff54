"""What a field's values are like: shares and counts, never a value.

A ``Column`` holds a sample of the values only as long as it is looked at; what goes on is its
``Profile``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from pipelines.proposal.words import STOP_WORDS
from transforms.detect.engine import DetectionError, Detector
from transforms.detect.settings import Country, DetectSettings, ModelKind, ModelSettings
from transforms.detect.transform import detector
from transforms.fields import FieldType
from transforms.ingest.times import order_of
from transforms.pseudonymise.dates import Reading, read

MOST_VALUES = 20_000
"""Values of one field that are kept; lists have many."""
LOOKED_AT, CHARACTERS = 60, 600
"""Different values of a field that the detector sees, and the characters of each."""
LONG_WORDS = 5
"""Words from which on a value is a text rather than a name."""

_INTEGER = re.compile(r"\s*[+-]?\d{1,18}(\.0+)?\s*", re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d{1,18}\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)
_COMMA = re.compile(r"\s*[+-]?\d{1,18}(,\d+)?\s*", re.ASCII)
_ICD10 = re.compile(r"\s*[A-Z]\d[\dA-Z](\.?\w{1,4})?[-*+!]?\s*", re.ASCII)
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_CODE = re.compile(r"\s*(?=\S*\d)[\w./-]{3,64}\s*")
_POSTCODES = {
    "GB": re.compile(r"\s*[A-Za-z]{1,2}\d[A-Za-z\d]?\s?\d[A-Za-z]{2}\s*"),
    "US": re.compile(r"\s*\d{5}-\d{4}\s*"),
    "five": re.compile(r"\s*\d{4,5}\s*"),
}


@dataclass(frozen=True)
class Profile:
    """What is told of a field. All of it is counts and shares of a sample."""

    path: str
    records: int
    """Records that were looked at."""
    filled: int
    """Those in which the field has a value that is not blank."""
    values: int
    """Values; more than records where the field is in a list."""
    distinct: int
    rarest: int
    """How often the rarest value occurs."""
    type: FieldType | None
    """Of all values alike; None where they are of no one type (a list, an object)."""
    words: float
    """Mean number of words."""
    dates: float
    """Share of the values that are one date."""
    codes: float
    """Share of single words with a digit in them."""
    commas: float
    """Share of whole numbers and numbers with a decimal comma."""
    icd10: float
    """Share of what looks like codes of ICD-10."""
    greatest: float
    """Greatest value, of numbers; else 0."""
    postcode: str | None
    """Country of the postcodes that all values look like; ``five`` where digits alone tell none."""
    entities: Mapping[str, float] = field(default_factory=dict)
    """Entity -> share of the sampled values that have one."""
    whole: Mapping[str, float] = field(default_factory=dict)
    """Entity -> share of the sampled values that are nothing but one."""

    @property
    def missing(self) -> float:
        """Share of the records without a value."""
        return 1 - self.filled / self.records if self.records else 1.0

    @property
    def spread(self) -> float:
        """Different values for each value: 1 where none occurs twice."""
        return self.distinct / self.values if self.values else 0.0

    @property
    def is_long(self) -> bool:
        """Whether values are texts of some words, and mostly differ."""
        return self.words >= LONG_WORDS and self.spread > 0.3


class Column:
    """The values of one field, while they are looked at."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.filled = 0
        self.is_scalar = True
        self.is_boolean = True
        self.values: list[str] = []

    def add(self, values: Sequence[Any]) -> None:
        """The values of one record."""
        texts = []
        for value in values:
            if isinstance(value, list | dict | bytes):
                self.is_scalar = False
            elif value is not None and (text := _text(value)).strip():
                self.is_boolean &= isinstance(value, bool)
                texts.append(text)
        self.filled += bool(texts)
        self.values += texts[: MOST_VALUES - len(self.values)]

    @property
    def examples(self) -> list[str]:
        """Different values, from all over the sample."""
        distinct = list(dict.fromkeys(self.values))
        step = max(len(distinct) // LOOKED_AT, 1)
        return [value[:CHARACTERS] for value in distinct[::step][:LOOKED_AT]]

    def profile(self, records: int, spans: Detector, reading: Reading) -> Profile:
        """What the values tell."""
        counts = Counter(self.values)
        number = max(len(self.values), 1)
        entities, whole = _shares(self.examples, spans)
        return Profile(
            path=self.path,
            records=records,
            filled=self.filled,
            values=len(self.values),
            distinct=len(counts),
            rarest=min(counts.values(), default=0),
            type=self._type(reading) if self.is_scalar and self.values else None,
            words=sum(len(value.split()) for value in self.values) / number,
            dates=self._share(lambda value: _date(value, reading)),
            codes=self._share(_CODE.fullmatch),
            commas=self._share(_COMMA.fullmatch),
            icd10=self._share(_ICD10.fullmatch),
            greatest=max((float(v) for v in self.values if _NUMBER.fullmatch(v)), default=0.0),
            postcode=next(
                (c for c, p in _POSTCODES.items() if self._share(p.fullmatch) > 0.9), None
            ),
            entities=entities,
            whole=whole,
        )

    def _share(self, fits: Any) -> float:
        return sum(bool(fits(value)) for value in self.values) / max(len(self.values), 1)

    def _type(self, reading: Reading) -> FieldType:
        if self.is_boolean:
            return FieldType.BOOLEAN
        if self._share(_INTEGER.fullmatch) == 1:
            return FieldType.INTEGER
        if self._share(_NUMBER.fullmatch) == 1:
            return FieldType.NUMBER
        if self._share(lambda value: _date(value, reading)) >= 0.95:
            return FieldType.DATETIME if self._share(_CLOCK.search) > 0.5 else FieldType.DATE
        return FieldType.STRING


def _text(value: Any) -> str:
    """A scalar as text, as it is read."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _date(value: str, reading: Reading) -> bool:
    found = read(value, reading)
    return found is not None and found[1] != "year"


def _shares(values: Sequence[str], spans: Detector) -> tuple[dict[str, float], dict[str, float]]:
    """Shares of the values that have, and that are, an entity."""
    having: Counter[str] = Counter()
    being: Counter[str] = Counter()
    for value in values:
        if len(value.strip()) < 2:
            continue
        try:
            (found,) = spans.detect([value])
        except DetectionError:
            continue
        having.update({span.entity for span in found})
        size = len(value.strip())
        covered: defaultdict[str, int] = defaultdict(int)
        for span in found:
            covered[span.entity] += span.end - span.start
        being.update(entity for entity, length in covered.items() if length >= 0.6 * size)
    number = max(len(values), 1)
    return (
        {entity: count / number for entity, count in having.most_common()},
        {entity: count / number for entity, count in being.most_common()},
    )


def detector_for(language: str) -> Detector:
    """The built-in detector with its model, for all countries that it knows."""
    settings = DetectSettings.model_validate(
        {
            "language": language,
            "countries": tuple(Country),
            "model": ModelSettings(kind=ModelKind.BUILTIN),
        }
    )
    return detector(settings.model_dump_json())


def columns_of(records: Iterable[Mapping[str, Any]]) -> dict[str, Column]:
    """The values of records by path, in the order in which the paths first occur."""
    columns: dict[str, Column] = {}
    for record in records:
        found: dict[str, list[Any]] = {}
        for path, value in _values(record, ""):
            found.setdefault(path, []).append(value)
        for path, values in found.items():
            columns.setdefault(path, Column(path)).add(values)
    return columns


def _values(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """(path, value) of a record's scalars, written as ``transforms.ingest.paths.leaves`` does."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _values(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, path + "[]")
    else:
        yield path, value


def language_of(columns: Iterable[Column], said_by_names: Counter[str]) -> str:
    """Language of the texts: by its small words; where there are none, by the fields' names."""
    found: Counter[str] = Counter()
    for column in columns:
        for value in column.examples:
            for word in value.casefold().split():
                found.update(lang for lang, words in STOP_WORDS.items() if word in words)
    (best, number), *_ = [*found.most_common(1), ("en", 0)]
    if number >= 10:
        return best
    return said_by_names.most_common(1)[0][0] if said_by_names else best


def month_comes_first(columns: Iterable[Column]) -> bool:
    """Whether some field's dates have the month first (04/23/2024)."""
    return any(order_of(column.values) == "mdy" for column in columns)
