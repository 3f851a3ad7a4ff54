"""What can be counted in records, gathered batch by batch: counters that add up in any order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.batches import flat, like
from transforms.fields import FieldSpec, Role
from transforms.pseudonymise.batch import Treated
from transforms.publish.manifest import Column, columns_of

MOST_VALUES = 20
"""A column of more different values has no class balance."""

_MOST_CHARACTERS = 100
"""Of a value that is a class."""


class Words(NamedTuple):
    """Records by the words that a column of text has, in bands (``band_ends``)."""

    column: str
    band: int


class Items(NamedTuple):
    """Records by the items that a column of lists has, in the same way."""

    column: str
    band: int


class Total(NamedTuple):
    """A sum over all records: ``words``, ``characters``."""

    column: str
    of: str


class Value(NamedTuple):
    """Records (items, of a list) of a split that hold a value."""

    column: str
    split: str
    value: str


class Many(NamedTuple):
    """A mark on a column that has more than ``MOST_VALUES``; counts nothing."""

    column: str


Tally = Counter[Words | Items | Total | Value | Many]


def tally(records: pa.RecordBatch, split: str) -> Tally:
    """Count in records of one split; their schema is the release's (``release_schema``)."""
    found: Tally = Counter()
    for column in records.schema.names:
        if pa.types.is_list(records.schema.field(column).type):
            counted = np.asarray(pc.fill_null(pc.list_value_length(records[column]), 0))
            found.update({Items(column, band): n for band, n in _by_band(counted)})
    for about, values in zip(columns_of(records.schema), _leaves(records), strict=True):
        if about.role is Role.TEXT:
            found.update(_of_text(about.name, values))
        elif has_classes(about):
            found.update(_of_classes(about.name, values, split))
    return merged([found])


def merged(tallies: Iterable[Tally]) -> Tally:
    """All of them as one; no column keeps more than ``MOST_VALUES``."""
    whole: Tally = Counter()
    for one in tallies:
        whole.update(one)
    values = Counter(key.column for key in {k._replace(split="") for k in _values(whole)})
    many = {column for column, number in values.items() if number > MOST_VALUES}
    many |= {key.column for key in whole if isinstance(key, Many)}
    for key in list(_values(whole)):
        if key.column in many:
            del whole[key]
    whole.update({Many(column): 0 for column in many})
    return whole


def has_classes(column: Column) -> bool:
    """Whether a column's values may be classes: published as they are, and no measurements."""
    return column.role is Role.ATTRIBUTE and not column.type.removeprefix("list<").startswith(
        ("double", "float")
    )


def _values(of: Tally) -> Iterator[Value]:
    return (key for key in of if isinstance(key, Value))


def _of_text(name: str, column: pa.Array) -> Tally:
    values = pc.fill_null(flat(column), "")
    words = np.asarray(pc.count_substring_regex(values, r"\S+"))
    found: Tally = Counter(
        {
            Total(name, "words"): int(words.sum()),
            Total(name, "characters"): pc.sum(pc.utf8_length(values)).as_py() or 0,
        }
    )
    if pa.types.is_list(column.type):
        parents = np.asarray(pc.list_parent_indices(column))
        words = np.bincount(parents, words, minlength=len(column)).astype(np.int64)
    found.update({Words(name, band): number for band, number in _by_band(words)})
    return found


def _of_classes(name: str, column: pa.Array, split: str) -> Tally:
    counted = pc.value_counts(flat(column).drop_null())
    if len(counted) > MOST_VALUES:
        return Counter({Many(name): 0})
    found: Tally = Counter()
    for one in counted.to_pylist():
        found[Value(name, split, str(one["values"])[:_MOST_CHARACTERS])] += one["counts"]
    return found


def _by_band(numbers: np.ndarray) -> Iterator[tuple[int, int]]:
    """How many of some numbers are in each band that has some (see ``band_ends``)."""
    octaves = np.frexp(np.maximum(numbers, 1).astype(np.float64))[1].astype(np.int64) - 1
    coarse = np.maximum(octaves - 2, 0)
    bands = np.where(numbers < 8, numbers, 4 * octaves - 8 + (numbers >> coarse))
    for band, count in enumerate(np.bincount(bands)):
        if count:
            yield band, int(count)


def band_of(number: int) -> int:
    """The band in which a number is."""
    ((band, _),) = _by_band(np.array([number]))
    return band


def band_ends(band: int) -> tuple[int, int]:
    """Least and most of the numbers in a band: 0 to 7 have one each, and each octave from there on
    (8 to 15, 16 to 31 ...) has four of equal width. A log-linear histogram."""
    if band < 8:
        return band, band
    coarse, part = (band - 4) // 4, band % 4
    least = (4 + part) << coarse
    return least, least + (1 << coarse) - 1


def _leaves(records: pa.RecordBatch) -> Iterator[pa.Array]:
    """The columns as ``columns_of`` lists them, nested ones one by one, as lists."""
    for column in records.columns:
        nested = pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type)
        if not nested:
            yield column
            continue
        for child in column.flatten().flatten():
            yield like(column, child)


class Change(NamedTuple):
    """What treatment did to a column: ``values`` that were read, and those ``lost``, since they
    could not be treated or were left out; of texts the places ``replaced``, the ``stand_ins`` in
    them by their length, and all ``characters``."""

    column: str
    what: str


Changes = Counter[Change]


def changes(treated: Treated, fields: Sequence[FieldSpec]) -> Changes:
    """Count what the treatment of a batch did."""
    found: Changes = Counter()
    for field in fields:
        name = field.name
        if name not in treated.published.schema.names:
            continue
        before, after = flat(treated.source.column(name)), flat(treated.published.column(name))
        values = len(before) - before.null_count
        found[Change(name, "values")] += values
        found[Change(name, "lost")] += values - (len(after) - after.null_count)
        if name in treated.places:
            found[Change(name, "characters")] += pc.sum(pc.utf8_length(after)).as_py() or 0
            places = [place for value in treated.places[name] for place in value]
            found[Change(name, "replaced")] += len(places)
            found[Change(name, "stand_ins")] += sum(end - start for start, end in places)
    return found
