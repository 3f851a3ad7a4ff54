"""What reports of attendance share: CSV in sections, columns by what they mean, one person of
several rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from transforms.ingest.consultation import Participant
from transforms.ingest.source import Document, Head
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock

_LARGEST = 1 << 20


def rows_of(document: Document, text: str) -> Iterator[list[str]]:
    """The rows of CSV with commas, semicolons or tabs, whichever the first lines have most of.

    Raises: UnreadableError.
    """
    head = text[:4000]
    delimiter = max("\t,;", key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), _LARGEST))
    try:
        for row in csv.reader(text.split("\n"), delimiter=delimiter):
            yield list(map(str.strip, row))
    except csv.Error:
        raise UnreadableError("broken CSV", document.path) from None


def may_be_header(row: Sequence[str]) -> bool:
    """Whether the cells could be names of columns: no time of day is among them."""
    return ":" not in "".join(row)


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

    def of(self, row: Sequence[str], meaning: str) -> str:
        """The cell of a row; empty where the header or the row has none."""
        at = self._at.get(meaning)
        return row[at] if at is not None and at < len(row) else ""

    def reader(self, *meanings: str) -> Callable[[list[str]], tuple[str, ...]]:
        """``of`` for several meanings (two at least) of each of many rows, at once."""
        places = [self._at.get(meaning, -1) for meaning in meanings]
        take = itemgetter(*places)
        # So many that no place is outside a short row, and the last cell is none of the row's.
        blanks = [""] * (max(places) + 2)
        return lambda row: take(row + blanks)


class People:
    """Participants, of whom each row of a report tells one stay."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._found: dict[tuple[str, str], Participant] = {}

    def add(
        self, name: str, email: str = "", joined: str = "", left: str = "", account: str = ""
    ) -> None:
        """One stay of somebody.

        Raises: UnreadableError, where day and month cannot be told apart.
        """
        if not name and not email:
            return
        person = self._found.setdefault((name, email.lower()), {})
        if name:
            person["name"] = name
        if email:
            person["email"] = email
        if account and account != name:
            person["account"] = account
        iso = self._clock.iso
        if (came := iso(joined)) is not None and came <= person.get("joined_at", came):
            person["joined_at"] = came
        if (went := iso(left)) is not None and went >= person.get("left_at", went):
            person["left_at"] = went

    def add_host(self, name: str, email: str = "") -> None:
        """The host, unless they are among those who attended."""
        if not any(
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
