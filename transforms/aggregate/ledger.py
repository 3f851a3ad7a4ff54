"""The ledger of spent privacy: an append-only, hash-chained log in one SQLite file.

A release passes three states, each one event of the log:

    RESERVED   its amount is spent, for good; no noise has been drawn
    DRAWN      its noisy table is stored; from here on it may have been seen
    PUBLISHED  it stands in a release folder

A release is known by (data set, name, digest). The same three again are a repeat: nothing is spent,
and what was stored is returned. Another digest (new input, another config) is a new spending. A
repeat of a release that is only RESERVED goes on with that reservation: its noise was never stored,
and nothing shows noise before it is stored, so that nobody has seen any.

That the input is unchanged is treated as public: who compares two releases can tell from equal
noise that both came from the same snapshot.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, astuple, dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from transforms.aggregate.settings import Amount
from transforms.errors import VeilbeamError

WAIT_SECONDS = 30.0
"""How long one process waits for another one's transaction."""

_APPLICATION_ID = 0x5645494C  # "VEIL"
_FORMAT = 1
_GENESIS = "0" * 64


class LedgerError(VeilbeamError):
    """The ledger refuses, or cannot be read or written."""


class State(StrEnum):
    """How far a release has come."""

    RESERVED = "RESERVED"
    DRAWN = "DRAWN"
    PUBLISHED = "PUBLISHED"


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


@dataclass(frozen=True)
class Event:
    """One row of the log; ``hash`` is over all other fields, ``previous`` among them."""

    seq: int
    data_set: str
    release: str
    digest: str
    state: str
    epsilon: int
    """Spent by this event, in millionths; 0 but for RESERVED."""
    delta: int
    """Spent by this event, in 1e-15; 0 but for RESERVED."""
    total_epsilon: int
    """The budget that the config stated at that time."""
    total_delta: int
    config_digest: str
    input_digest: str
    version: str
    result: str
    """SHA-256 of the stored table; empty for RESERVED."""
    at: str
    """UTC, by the machine's clock; the order is that of ``seq``."""
    by: str
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """What ``hash`` must be."""
        content = {name: value for name, value in asdict(self).items() if name != "hash"}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """A release in the ledger."""

    data_set: str
    release: str
    digest: str
    state: State
    repeated: bool
    """It was there before: nothing was spent this time."""
    stored: bytes | None
    """Its noisy table, once drawn."""


@dataclass(frozen=True)
class Balance:
    """A data set's account."""

    total: Amount
    """The budget at the last reservation."""
    spent: Amount


_COLUMNS = tuple(field.name for field in fields(Event))
_NUMBERS = ("epsilon", "delta", "total_epsilon", "total_delta")
_COLUMN_TYPES = ", ".join(
    f"{name} {'INTEGER' if name in _NUMBERS else 'TEXT'} NOT NULL" for name in _COLUMNS[1:]
)
_CREATE = (
    # AUTOINCREMENT remembers how many events there were, should the last ones be deleted.
    f"CREATE TABLE event (seq INTEGER PRIMARY KEY AUTOINCREMENT, {_COLUMN_TYPES}, "
    "UNIQUE (data_set, release, digest, state)) STRICT",
    "CREATE TABLE result (sha256 TEXT PRIMARY KEY, stored BLOB NOT NULL) STRICT",
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_FORMAT}",
)


class Ledger:
    """The ledger in the file ``path``; the first reservation creates it, with mode 0600.

    Every method raises LedgerError if the file is locked, read-only, damaged or edited. Safe to use
    from any number of processes at once.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def reserve(self, data_set: str, total: Amount, asks: Sequence[Ask]) -> list[Entry]:
        """Spend what the asks need, all or nothing, in one transaction; repeats spend nothing.

        What counts is ``total`` as it is stated now against everything ever spent. Raises
        LedgerError if it does not suffice; then nothing is spent.
        """
        with self._transaction() as db:
            log = self._log(db)
            new = [ask for ask in asks if not _last(log, data_set, ask.release, ask.digest)]
            asked = sum((ask.amount for ask in new), Amount(0, 0))
            spent = _spent(log, data_set)
            if new and not (spent + asked).within(total):
                left = total - spent
                raise LedgerError(
                    f"{self.path}: the budget of data set '{data_set}' does not suffice for "
                    f"{', '.join(ask.release for ask in new)}: total {total}; spent {spent}; "
                    f"asked {asked}; left {Amount(max(left.epsilon, 0), max(left.delta, 0))}. "
                    "Lower the releases' epsilon or delta, drop some, or have the budget raised"
                )
            for ask in new:
                _append(
                    db,
                    log,
                    data_set=data_set,
                    state=State.RESERVED,
                    release=ask.release,
                    digest=ask.digest,
                    epsilon=ask.amount.epsilon,
                    delta=ask.amount.delta,
                    total_epsilon=total.epsilon,
                    total_delta=total.delta,
                    config_digest=ask.config_digest,
                    input_digest=ask.input_digest,
                    version=ask.version,
                    result="",
                )
            return [
                self._entry(db, log, data_set, ask.release, ask.digest, repeated=ask not in new)
                for ask in asks
            ]

    def store(self, entry: Entry, table: bytes) -> bytes:
        """Keep the drawn table, and return the one that is to be shown.

        If another process stored one first, that one is returned, and ``table`` must be thrown
        away unseen.
        """
        with self._transaction() as db:
            log = self._log(db)
            kept = self._entry(db, log, entry.data_set, entry.release, entry.digest, True)
            if kept.stored is not None:
                return kept.stored
            sha256 = hashlib.sha256(table).hexdigest()
            db.execute("INSERT OR IGNORE INTO result VALUES (?, ?)", (sha256, table))
            self._advance(db, log, entry, State.DRAWN, sha256)
            return table

    def publish(self, entry: Entry) -> None:
        """Note that the table stands in a release folder; again is no error."""
        with self._transaction() as db:
            log = self._log(db)
            last = _last(log, entry.data_set, entry.release, entry.digest)
            if last is None or last.state == State.RESERVED:
                raise LedgerError(
                    f"{self.path}: release '{entry.release}' was published before it was drawn"
                )
            if last.state == State.DRAWN:
                self._advance(db, log, entry, State.PUBLISHED, last.result)

    def balance(self, data_set: str) -> Balance:
        """What was spent of the data set's budget."""
        log = self.events()
        totals = [Amount(e.total_epsilon, e.total_delta) for e in log if e.data_set == data_set]
        return Balance(totals[-1] if totals else Amount(0, 0), _spent(log, data_set))

    def events(self) -> list[Event]:
        """The whole log, its chain checked."""
        if not self.path.exists():
            return []
        with self._reading() as db:
            return self._log(db)

    def verify(self, head: str | None = None) -> str:
        """Check everything: file, chain, order of states, stored tables; return the last hash.

        With ``head``, a last hash noted earlier, it is also checked that the log has only grown
        since (a chain alone cannot show that its end was cut off, or all of it written anew).
        """
        with self._reading() as db:
            damage = db.execute("PRAGMA integrity_check").fetchone()[0]
            if damage != "ok":
                raise self._tampered(f"SQLite finds damage ({damage.splitlines()[0]})")
            log = self._log(db)
            kept = set()
            results = () if _is_empty(db) else db.execute("SELECT sha256, stored FROM result")
            for sha256, stored in results:
                if hashlib.sha256(stored).hexdigest() != sha256:
                    raise self._tampered(f"stored table {sha256[:12]} was changed")
                kept.add(sha256)
        if kept != {event.result for event in log if event.result}:
            raise self._tampered("stored tables and events do not match")
        hashes = [_GENESIS, *(event.hash for event in log)]
        if head is not None and head not in hashes:
            raise self._tampered(f"the hash {head[:12]} noted earlier is not in it any more")
        return hashes[-1]

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """A writing transaction: the lock is taken at once, so that its reads stay true."""
        try:
            # The mode is set before anything is written; SQLite's journal takes it over. Only a new
            # file is opened here: closing one drops the locks that this process has on it.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            raise self._unusable(error) from error
        with self._connected() as db:
            # Spent stays spent through a power cut. The journal stays SQLite's default, not WAL:
            # what was committed is always in the one file, so that no copy forgets a spending.
            db.execute("PRAGMA synchronous = FULL")
            db.execute("BEGIN IMMEDIATE")
            if _is_empty(db):
                for statement in _CREATE:
                    db.execute(statement)
            self._check_format(db)
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A reading transaction; a ledger that this user may only read will do."""
        with self._connected() as db:
            db.execute("BEGIN")
            if not _is_empty(db):  # As the first reservation leaves it if it is refused.
                self._check_format(db)
            yield db

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        # SQLite opens a file that this user may not write as read-only, but creates none.
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        try:
            with closing(
                sqlite3.connect(uri, timeout=WAIT_SECONDS, isolation_level=None, uri=True)
            ) as db:  # Closing rolls back what was not committed.
                yield db
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _check_format(self, db: sqlite3.Connection) -> None:
        if db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            raise LedgerError(f"{self.path}: no ledger of Veilbeam; name another file")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version != _FORMAT:
            raise LedgerError(
                f"{self.path}: ledger of format {version}; this version of Veilbeam knows {_FORMAT}"
            )

    def _log(self, db: sqlite3.Connection) -> list[Event]:
        """All events, chained hash by hash: nothing is spent on a ledger that was edited."""
        if _is_empty(db):
            return []
        rows = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM event ORDER BY seq")  # noqa: S608
        log = [Event(*row) for row in rows]
        previous = _GENESIS
        reached: dict[tuple[str, str, str], int] = {}
        for number, event in enumerate(log, start=1):
            key = (event.data_set, event.release, event.digest)
            order = list(State).index(State(event.state)) if event.state in list(State) else -1
            if (
                event.seq != number
                or event.previous != previous
                or event.hash != event.expected_hash()
                or order != reached.get(key, 0)
            ):
                raise self._tampered(f"event {number} does not fit the chain")
            previous = event.hash
            reached[key] = order + 1
        counted = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
        if (counted[0] if counted else 0) != len(log):
            raise self._tampered("its last events are missing")
        return log

    def _entry(
        self,
        db: sqlite3.Connection,
        log: list[Event],
        data_set: str,
        release: str,
        digest: str,
        repeated: bool,
    ) -> Entry:
        last = _last(log, data_set, release, digest)
        if last is None:
            raise LedgerError(f"{self.path}: release '{release}' was drawn without a reservation")
        stored = None
        if last.state != State.RESERVED:
            row = db.execute("SELECT stored FROM result WHERE sha256 = ?", (last.result,))
            stored = next(iter(row), (None,))[0]
            if stored is None or hashlib.sha256(stored).hexdigest() != last.result:
                raise self._tampered(f"the stored table of '{release}' was changed")
        return Entry(data_set, release, digest, State(last.state), repeated, stored)

    def _advance(
        self, db: sqlite3.Connection, log: list[Event], entry: Entry, state: State, result: str
    ) -> None:
        last = _last(log, entry.data_set, entry.release, entry.digest)
        assert last is not None
        inherited = {
            name: getattr(last, name)
            for name in _COLUMNS
            if name
            not in ("seq", "state", "epsilon", "delta", "result", "at", "by", "previous", "hash")
        }
        _append(db, log, **inherited, state=state, epsilon=0, delta=0, result=result)

    def _tampered(self, what: str) -> LedgerError:
        return LedgerError(
            f"{self.path}: the ledger was edited or damaged: {what}. Nothing more is spent on it; "
            "restore it from a backup"
        )

    def _unusable(self, error: Exception) -> LedgerError:
        text = str(error)
        if "locked" in text:
            mend = f"another process held it for {WAIT_SECONDS:g} s: end that one, then repeat"
        elif isinstance(error, OSError) or "readonly" in text or "unable to open" in text:
            mend = "its folder must exist, and this user must be able to write to both"
        elif "full" in text:
            mend = "free some space, then repeat"
        else:
            mend = "it is damaged: restore it from a backup"
        return LedgerError(f"{self.path}: the ledger cannot be used ({text}): {mend}")


def _is_empty(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0)


def _last(log: list[Event], data_set: str, release: str, digest: str) -> Event | None:
    key = (data_set, release, digest)
    return next((e for e in reversed(log) if (e.data_set, e.release, e.digest) == key), None)


def _spent(log: list[Event], data_set: str) -> Amount:
    mine = [Amount(e.epsilon, e.delta) for e in log if e.data_set == data_set]
    return sum(mine, Amount(0, 0))


def _append(db: sqlite3.Connection, log: list[Event], **values: str | int) -> None:
    event = Event(
        **values,  # type: ignore[arg-type]
        seq=len(log) + 1,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        by=_user(),
        previous=log[-1].hash if log else _GENESIS,
        hash="",
    )
    event = replace(event, hash=event.expected_hash())
    marks = ", ".join("?" * len(_COLUMNS))
    db.execute(f"INSERT INTO event VALUES ({marks})", astuple(event))  # noqa: S608
    log.append(event)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # No entry for this user, as in some containers.
        return str(os.getuid())
