"""The ledger itself: reserve, store, publish, verify."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from transforms.aggregate.ledger import head as note
from transforms.aggregate.ledger import views
from transforms.aggregate.ledger.book import Book
from transforms.aggregate.ledger.chain import (
    COLUMNS,
    FORMAT,
    Account,
    Event,
    Head,
    State,
    fault,
    leads_to,
)
from transforms.aggregate.ledger.store import LedgerError, SqliteStore, store_of
from transforms.aggregate.ledger.tables import EVENT, LEDGER, RESULT
from transforms.aggregate.settings import POPULATION, Amount, Renewal, stated

_RHO_UNIT = 10**12


@dataclass(frozen=True)
class Ask:
    """What a release asks of the ledger."""

    release: str
    digest: str
    """Of everything that the release's table depends on."""
    amount: Amount
    config_digest: str = ""
    input_digest: str = ""
    version: str = ""
    rho: float | None = None
    """zCDP's ρ of the same loss, where it has one."""


@dataclass(frozen=True)
class Entry:
    """A release in the ledger."""

    account: Account
    release: str
    digest: str
    state: State
    repeated: bool
    """It was there before: nothing was spent this time."""
    stored: bytes | None
    """Its noisy table, once drawn."""


@dataclass(frozen=True)
class Verified:
    """What ``verify`` has found in order."""

    head: Head | None
    """None: there is no ledger yet."""
    backward_steps: list[Event]
    """Entries before which a clock went back; no fault, but worth a question."""


class Ledger:
    """The ledger at a path (SQLite) or URL; the first reservation creates it.

    Every method raises LedgerError if it is locked, read-only, damaged, edited or out of reach.
    Safe to use from any number of processes at once.
    """

    def __init__(
        self,
        where: Path | str,
        head: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``head``: the file in which the ledger's head is noted; beside an SQLite file if not
        given. ``clock``: the time now, in UTC.

        Raises UsageError where ``where`` is no place for a ledger, or a driver is missing.
        """
        self._store = store_of(where)
        if head is None and isinstance(self._store, SqliteStore):
            head = self._store.path.with_suffix(".head")
        self._head_file = head
        self._clock = clock

    @property
    def name(self) -> str:
        """Where it is kept, for messages; without a password."""
        return self._store.name

    def reserve(
        self,
        data_set: str,
        total: Amount,
        asks: Sequence[Ask],
        *,
        population: str = POPULATION,
        renews: Renewal | None = None,
    ) -> list[Entry]:
        """Spend what the asks need, all or nothing, in one transaction; repeats spend nothing.

        What counts is ``total`` as it is stated now against what was spent in the current period,
        or ever if it does not renew. Raises LedgerError if it does not suffice, or if a release was
        made of something else before; then nothing is spent.
        """
        account = Account(data_set, population)
        with self._writing() as book:
            for ask in asks:
                self._require_the_same(book, account, ask)
            new = [ask for ask in asks if book.last(account, ask.release) is None]
            names = {ask.release for ask in new}
            if new:
                self._require_room(book, account, total, renews, new)
            for ask in new:
                book.append(
                    data_set=data_set,
                    population=population,
                    release=ask.release,
                    digest=ask.digest,
                    state=State.RESERVED.value,
                    micro_epsilon=ask.amount.epsilon,
                    femto_delta=ask.amount.delta,
                    rho="" if ask.rho is None else _decimal(ask.rho),
                    total_micro_epsilon=total.epsilon,
                    total_femto_delta=total.delta,
                    renews=renews or "",
                    config_digest=ask.config_digest,
                    input_digest=ask.input_digest,
                    version=ask.version,
                    result="",
                )
            return [
                self._entry(book, account, ask, repeated=ask.release not in names) for ask in asks
            ]

    def store(self, entry: Entry, table: bytes) -> bytes:
        """Keep the drawn table, and return the one that is to be shown.

        If another process stored one first, that one is returned, and ``table`` must be thrown
        away unseen. It must be, too, if this fails.
        """
        with self._writing() as book:
            last = book.last(entry.account, entry.release)
            if last is None or last.digest != entry.digest:
                raise LedgerError(
                    f"{self.name}: release '{entry.release}' was drawn without a reservation"
                )
            if last.state != State.RESERVED:
                return self._stored(book, last)
            book.advance(last, State.DRAWN, book.keep(table))
            return table

    def publish(self, entry: Entry) -> None:
        """Note that the table stands in a release folder; again is no error."""
        with self._writing() as book:
            last = book.last(entry.account, entry.release)
            if last is None or last.state == State.RESERVED:
                raise LedgerError(
                    f"{self.name}: release '{entry.release}' was published before it was drawn"
                )
            if last.state == State.DRAWN:
                book.advance(last, State.PUBLISHED, last.result)

    def balance(self, data_set: str, population: str = POPULATION) -> views.Balance:
        """How an account stands now."""
        return views.balance(self.events(), Account(data_set, population), self._clock())

    def events(self) -> list[Event]:
        """The whole log, its chain checked; empty if there is no ledger yet."""
        with self._reading() as book:
            return [] if book is None else book.log

    def head(self) -> Head | None:
        """How far the ledger has come; None if there is none yet."""
        with self._reading() as book:
            return None if book is None else book.head

    def verify(self, noted: Iterable[str] = ()) -> Verified:
        """Check everything: database, chain, order of states, stored tables, the head noted beside.

        With ``noted``, hashes that manifests of releases hold, it is also checked that the log has
        only grown since (a chain alone cannot show that its end was cut off, or all of it written
        anew).
        """
        with self._reading() as book:
            if book is None:
                if any(True for _ in noted):
                    raise self._tampered("it is empty, and a release was made from it")
                return Verified(None, [])
            damage = self._store.damage(book.connection)
            if damage is not None:
                raise self._tampered(f"SQLite finds damage ({damage})")
            kept = set()
            for sha256, stored in book.connection.execute(sa.select(RESULT)):
                if hashlib.sha256(stored).hexdigest() != sha256:
                    raise self._tampered(f"stored table {sha256[:12]} was changed")
                kept.add(sha256)
            if kept != {event.result for event in book.log if event.result}:
                raise self._tampered("stored tables and entries do not match")
            hashes = {event.hash for event in book.log}
            for hash_ in noted:
                if hash_ not in hashes:
                    raise self._tampered(f"a release notes the head {hash_[:12]}, which it lacks")
            return Verified(book.head, views.backward_steps(book.log))

    def _require_the_same(self, book: Book, account: Account, ask: Ask) -> None:
        last = book.last(account, ask.release)
        if last is None or last.digest == ask.digest:
            return
        changed = [
            what
            for what, before, now in (
                ("the input", last.input_digest, ask.input_digest),
                ("settings of fields or source", last.config_digest, ask.config_digest),
                ("the version of Veilbeam", last.version, ask.version),
            )
            if before != now
        ]
        raise LedgerError(
            f"{self.name}: release '{ask.release}' of data set '{account.data_set}' is in the "
            f"ledger already (entry {last.seq}, {last.state}, {last.at}). What differs now: "
            f"{', '.join(changed) or 'settings of the release'}. Nothing was spent. Restore that "
            "to get the release again, or spend anew on purpose: set 'aggregate.edition' to a new "
            "name"
        )

    def _require_room(
        self, book: Book, account: Account, total: Amount, renews: Renewal | None, new: list[Ask]
    ) -> None:
        asked = sum((ask.amount for ask in new), views.NOTHING)
        since = views.period_start(renews, self._clock())
        spent = views.spent(book.log, account, since)
        if (spent + asked).within(total):
            return
        left = total - spent
        left = Amount(max(left.epsilon, 0), max(left.delta, 0))
        what = f"budget of data set '{account.data_set}'"
        if account.population != POPULATION:
            what += f", population '{account.population}',"
        period = "" if since is None else f" since {since:%Y-%m-%d} (it renews each {renews})"
        raise LedgerError(
            f"{self.name}: the {what} does not suffice for "
            f"{', '.join(ask.release for ask in new)}: total {total}; spent {spent}{period}; "
            f"asked {asked}; left {left}. "
            "Lower the releases' epsilon or delta, drop some, or have the budget raised"
        )

    @contextmanager
    def _writing(self) -> Iterator[Book]:
        # Read first, so that the note is not ahead of what is then read of the ledger.
        noted = None if self._head_file is None else note.read(self._head_file)
        self._require_there(noted)
        with self._store.writing() as connection:
            # From the row's lock on, nobody else writes.
            row = connection.execute(sa.select(LEDGER).with_for_update()).one_or_none()
            book = self._book(connection, row, noted)
            before = book.head
            yield book
            if book.head != before:
                connection.execute(
                    LEDGER.update().values(entries=book.head.entries, head=book.head.hash)
                )
        if self._head_file is not None and book.head != before:
            note.write(self._head_file, book.head)

    @contextmanager
    def _reading(self) -> Iterator[Book | None]:
        noted = None if self._head_file is None else note.read(self._head_file)
        self._require_there(noted)
        with self._store.reading() as connection:
            if connection is None and noted is not None:
                raise self._gone(noted)
            if connection is None:
                yield None
            else:
                row = connection.execute(sa.select(LEDGER)).one_or_none()
                yield self._book(connection, row, noted)

    def _require_there(self, noted: Head | None) -> None:
        if noted is not None and not self._store.exists():
            raise self._gone(noted)

    def _book(self, connection: sa.Connection, row: Any, noted: Head | None) -> Book:
        """The log, checked: nothing is spent on a ledger that was edited."""
        if row is None:
            raise self._tampered("it has lost its row in veilbeam_ledger")
        if row.format != FORMAT:
            raise LedgerError(
                f"{self.name}: ledger of format {row.format}; this version of Veilbeam knows "
                f"{FORMAT}"
            )
        head = Head(row.id, row.entries, row.head)
        columns = [EVENT.c[name] for name in COLUMNS]
        log = [Event(*r) for r in connection.execute(sa.select(*columns).order_by(EVENT.c.seq))]
        if (what := fault(log, head)) is not None:
            raise self._tampered(what)
        if noted is not None and noted.ledger != head.ledger:
            if not log:
                raise self._gone(noted)
            raise LedgerError(
                f"{self.name}: another ledger than the one whose head {self._head_file} has noted, "
                "so that what was spent there would not count. Name that one; if this one is meant "
                "all the same, lower the budget by what was spent and move the note away"
            )
        if noted is not None and not leads_to(log, noted):
            raise self._tampered(
                f"entries are missing: {self._head_file} has noted {noted.entries:,}, here "
                f"{'are' if len(log) != 1 else 'is'} {len(log):,}"
            )
        return Book(connection, log, head, self._clock)

    def _entry(self, book: Book, account: Account, ask: Ask, repeated: bool) -> Entry:
        last = book.last(account, ask.release)
        assert last is not None
        stored = None if last.state == State.RESERVED else self._stored(book, last)
        return Entry(account, ask.release, ask.digest, State(last.state), repeated, stored)

    def _stored(self, book: Book, last: Event) -> bytes:
        query = sa.select(RESULT.c.stored).where(RESULT.c.sha256 == last.result)
        stored: bytes | None = book.connection.execute(query).scalar_one_or_none()
        if stored is None or hashlib.sha256(stored).hexdigest() != last.result:
            raise self._tampered(f"the stored table of '{last.release}' was changed")
        return stored

    def _tampered(self, what: str) -> LedgerError:
        return LedgerError(
            f"{self.name}: the ledger was edited or damaged: {what}. Nothing more is spent on it; "
            "restore it from a backup"
        )

    def _gone(self, noted: Head) -> LedgerError:
        return LedgerError(
            f"{self.name}: no ledger is there, and {self._head_file} has noted one of "
            f"{noted.entries:,} entries: it was removed, or is kept elsewhere. Nothing is spent "
            "on a new one; restore it from a backup, or name it by 'aggregate.ledger' or "
            "$VEILBEAM_LEDGER"
        )


def _decimal(rho: float) -> str:
    """A number with 12 decimals, rounded up."""
    whole, rest = divmod(math.ceil(stated(rho) * _RHO_UNIT), _RHO_UNIT)
    return f"{whole}.{rest:012}"
