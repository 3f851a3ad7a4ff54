"""A release beside its source, and whose records are whose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import pyarrow as pa

from transforms.batches import flat, rows_of
from transforms.fields import FieldSpec


class Person(NamedTuple):
    """Someone whose records are in the source and in the release."""

    token: str
    """By which the release knows the person."""
    source: list[int]
    """Rows of the source."""
    release: list[int]
    """Rows of the release."""


class Evidence:
    """What the attacks are given.

    ``source`` has the fields as they were read, ``release`` those that are published, each a column
    under the field's name. ``source_tokens`` and ``release_tokens`` say for each row whose it is;
    for the source they were made with the key, to score the attacks.
    """

    def __init__(
        self,
        fields: Sequence[FieldSpec],
        source: pa.Table,
        source_tokens: Sequence[str | None],
        release: pa.Table,
        release_tokens: Sequence[str | None],
    ) -> None:
        self.fields = tuple(fields)
        self._source, self._release = source.combine_chunks(), release.combine_chunks()
        self._rows = (_by_token(source_tokens), _by_token(release_tokens))
        self._of_source: dict[str, list[list[str]]] = {}
        self._of_release: dict[str, list[list[str]]] = {}

    @cached_property
    def people(self) -> list[Person]:
        """Everyone who is in both."""
        source, release = self._rows
        both = (token for token in source if token in release)
        return [Person(token, source[token], release[token]) for token in both]

    @property
    def in_release(self) -> int:
        """How many people the release has."""
        return len(self._rows[1])

    @property
    def released(self) -> dict[str, list[int]]:
        """Token -> its rows of the release."""
        return self._rows[1]

    def field(self, name: str) -> FieldSpec:
        """The field of this name."""
        return next(field for field in self.fields if field.name == name)

    @property
    def published(self) -> list[str]:
        """Names of the release's fields."""
        return [f.name for f in self.fields if f.name in self._release.column_names]

    @property
    def read(self) -> list[str]:
        """Names of the source's fields."""
        return [f.name for f in self.fields if f.name in self._source.column_names]

    def before(self, name: str) -> list[list[str]]:
        """The values of a field in each row of the source, as text."""
        if name not in self._of_source:
            self._of_source[name] = _texts(self._source, name)
        return self._of_source[name]

    def after(self, name: str) -> list[list[str]]:
        """The values of a field in each row of the release, as text."""
        if name not in self._of_release:
            self._of_release[name] = _texts(self._release, name)
        return self._of_release[name]

    def own(self, person: Person, name: str) -> list[str]:
        """The values of a field in all of a person's records of the source."""
        column = self.before(name)
        return [value for row in person.source for value in column[row]]

    def told(self, rows: Sequence[int], name: str) -> list[str]:
        """The values of a field in some records of the release."""
        column = self.after(name)
        return [value for row in rows for value in column[row]]


def _by_token(tokens: Sequence[str | None]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, token in enumerate(tokens):
        if token is not None:
            rows[token].append(row)
    return dict(rows)


def _texts(table: pa.Table, name: str) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.num_rows)]
    for chunk_start, chunk in _chunks(table.column(name)):
        values = flat(chunk).to_pylist()
        for row, value in zip(rows_of(chunk), values, strict=True):
            if value is not None:
                rows[chunk_start + row].append(str(value))
    return rows


def _chunks(column: pa.ChunkedArray) -> list[tuple[int, pa.Array]]:
    found, start = [], 0
    for chunk in column.chunks:
        found.append((start, chunk))
        start += len(chunk)
    return found
