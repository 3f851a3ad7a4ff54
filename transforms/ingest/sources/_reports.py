"""What reports of attendance share: CSV in sections, columns by what they mean, one person of
several rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import TypeVar

from transforms.ingest.consultation import Participant
from transforms.ingest.source import Document, Head
from transforms.ingest.text import UnreadableError

Found = TypeVar("Found")

Iso = Callable[[str], str | None]
"""A time as a report writes it, in ISO 8601; ``None`` where it is none."""

BLOCK = 500
"""Rows that are read together, column by column."""
_LARGEST = 1 << 20


def rows_of(document: Document, text: str) -> Iterator[list[str]]:
    """The rows of CSV with commas, semicolons or tabs, whichever the first lines have most of.
    Cells may have blanks around them.

    Raises: UnreadableError.
    """
    head = text[:4000]
    delimiter = max("\t,;", key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), _LARGEST))
    try:
        yield from csv.reader(text.split("\n"), delimiter=delimiter)
    except csv.Error:
        raise UnreadableError("broken CSV", document.path) from None


def stripped(row: Sequence[str]) -> list[str]:
    """The cells without blanks around them."""
    return list(map(str.strip, row))


def sections(
    rows: Iterable[list[str]], header: Callable[[list[str]], Found | None]
) -> Iterator[tuple[Found, list[list[str]]]]:
    """What ``header`` makes of a row of columns' names, and rows that follow it: all of them, in
    blocks. Rows before the first header are left out, and so are those that are blank."""
    current: Found | None = None
    block: list[list[str]] = []
    for row in rows:
        # No time of day is among the names of columns.
        joined = "".join(row)
        begins = header(stripped(row)) if ":" not in joined else None
        if current is not None and block and (begins is not None or len(block) == BLOCK):
            yield current, block
            block = []
        if begins is not None:
            current = begins
        elif current is not None and joined and not joined.isspace():
            block.append(row)
    if current is not None and block:
        yield current, block


@lru_cache(4096)
def words(cell: str) -> str:
    """A column's name without what differs between versions: case, spaces, punctuation."""
    return "".join(filter(str.isalnum, cell)).lower()


def first_names(head: Head) -> list[set[str]]:
    """The cells of a file's first lines, as ``words``."""
    return [{words(c) for c in re.split(r"[\t,;]", line)} for line in head.lines[:12]]


class Columns:
    """A header: where the cell with a meaning stands, whatever the version calls it."""

    def __init__(self, header: Sequence[str], meanings: Mapping[str, Sequence[str]]) -> None:
        """``meanings``: for each meaning the names (as ``words``) that it has had."""
        # Of two columns with one name the first counts.
        places = {words(cell): i for i, cell in reversed(list(enumerate(header)))}
        self._at: dict[str, int] = {}
        for meaning, known in meanings.items():
            for name in known:
                if name in places:
                    self._at[meaning] = places[name]
                    break

    def __contains__(self, meaning: str) -> bool:
        return meaning in self._at

    def cells(self, rows: Sequence[Sequence[str]], *meanings: str) -> list[list[str]]:
        """The cells of each meaning, one for each row, without blanks around them; empty where the
        header or the row has none."""
        columns = list(zip_longest(*rows, fillvalue=""))
        places = [self._at.get(meaning, len(columns)) for meaning in meanings]
        return [stripped(columns[at]) if at < len(columns) else [""] * len(rows) for at in places]


class People:
    """Participants, of whom each row of a report tells one stay."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Participant] = {}

    def add(
        self,
        name: str,
        email: str = "",
        joined: str | None = None,
        left: str | None = None,
        account: str = "",
    ) -> None:
        """One stay of somebody; its times in ISO 8601."""
        if not name and not email:
            return
        key = (name, email.lower())
        if (person := self._found.get(key)) is None:
            person = self._found[key] = {}
        if name:
            person["name"] = name
        if email:
            person["email"] = email
        if account and account != name:
            person["account"] = account
        if joined is not None and joined <= person.get("joined_at", joined):
            person["joined_at"] = joined
        if left is not None and left >= person.get("left_at", left):
            person["left_at"] = left

    def add_host(self, name: str, email: str = "") -> None:
        """The host, unless they are among those who attended."""
        if (name, email.lower()) not in self._found and not any(
            (email and person.get("email", "").lower() == email.lower())
            or (name and person.get("name") == name)
            for person in self._found.values()
        ):
            self.add(name, email)

    def all(self) -> list[Participant]:
        """Everybody, in the order in which they are first named."""
        return list(self._found.values())


def span(people: Iterable[Participant]) -> tuple[str | None, str | None]:
    """When the first one came and the last one went."""
    came = [p["joined_at"] for p in people if "joined_at" in p]
    went = [p["left_at"] for p in people if "left_at" in p]
    return min(came, default=None), max(went, default=None)
