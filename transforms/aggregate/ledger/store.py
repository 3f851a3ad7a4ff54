"""Where a ledger is kept: one SQLite file, or a PostgreSQL database; the same tables in both.

A store gives two kinds of transaction. In a writing one nobody else writes until it ends, so that
what was read stays true; a reading one sees one state of the whole.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from transforms.aggregate.ledger.chain import FORMAT, genesis
from transforms.aggregate.ledger.tables import LEDGER, TABLES
from transforms.errors import UsageError, VeilbeamError

WAIT_SECONDS = 30.0
"""How long one process waits for another one's transaction."""

_CONNECT_SECONDS = 10
_GONE_SECONDS = 60
"""A server that is silent for so long is taken for gone, and a client by the server."""
_VEIL = 0x5645494C  # "VEIL"


class LedgerError(VeilbeamError):
    """The ledger refuses, or cannot be read or written."""


class Store(ABC):
    """A place for a ledger. What it is asked for ends in LedgerError where it cannot be used."""

    def __init__(self, name: str, engine: sa.Engine) -> None:
        self.name = name
        """For messages; holds no password."""
        self._engine = engine

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction over the tables, which it makes if needed. Read the row of ``LEDGER`` by
        ``with_for_update`` first: from then on nobody else writes."""
        with self._transaction(writes=True) as connection:
            if not self._has_tables(connection):
                self._make_tables(connection)
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection | None]:
        """A transaction that sees one state of all tables; None if there is no ledger yet."""
        with self._transaction(writes=False) as connection:
            yield connection if self._has_tables(connection) else None

    def exists(self) -> bool:
        """Whether there is anything to open."""
        return True

    def damage(self, connection: sa.Connection) -> str | None:
        """What the database itself finds damaged, if it can tell."""
        return None

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as plain:
                connection = plain.execution_options(**self._options(writes))
                with connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            # From None: a driver's error may hold what it was connected by.
            raise self._unusable(cause) from None

    @abstractmethod
    def _options(self, writes: bool) -> dict[str, Any]:
        """How a transaction begins."""

    def _has_tables(self, connection: sa.Connection) -> bool:
        return sa.inspect(connection).has_table(LEDGER.name)

    def _make_tables(self, connection: sa.Connection) -> None:
        TABLES.create_all(connection)
        own_id = secrets.token_hex(16)
        row = {"one": 1, "id": own_id, "format": FORMAT, "entries": 0, "head": genesis(own_id)}
        connection.execute(LEDGER.insert(), row)

    @abstractmethod
    def _mend(self, text: str, error: BaseException) -> str:
        """What to do about an error of the database."""

    def _unusable(self, error: BaseException) -> LedgerError:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        mend = self._mend(lines[0], error)
        return LedgerError(f"{self.name}: the ledger cannot be used ({lines[0]}): {mend}")


class SqliteStore(Store):
    """A ledger in one file, which is made with mode 0600.

    Spent stays spent through a power cut. The journal stays SQLite's default, not WAL: what was
    committed is always in the one file, so that no copy of it forgets a spending.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        engine = sa.create_engine("sqlite://", creator=self._connect, poolclass=NullPool)
        sa.event.listen(engine, "begin", _begin)
        super().__init__(str(path), engine)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        try:
            # The mode is set before anything is written; SQLite's journal takes it over. Only a new
            # file is opened here: closing one drops the locks that this process has on it.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            pass
        except OSError as error:
            raise self._unusable(error) from None
        with super().writing() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection | None]:
        if not self.exists():
            yield None
            return
        with super().reading() as connection:
            yield connection

    def exists(self) -> bool:
        return self.path.exists()

    def damage(self, connection: sa.Connection) -> str | None:
        found = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar_one())
        return None if found == "ok" else found.splitlines()[0]

    def _connect(self) -> sqlite3.Connection:
        # SQLite opens a file that this user may not write as read-only, but creates none.
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, timeout=WAIT_SECONDS, isolation_level=None, uri=True)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _options(self, writes: bool) -> dict[str, Any]:
        return {_BEGIN: "BEGIN IMMEDIATE" if writes else "BEGIN"}

    def _has_tables(self, connection: sa.Connection) -> bool:
        names = sa.inspect(connection).get_table_names()
        if LEDGER.name in names or not names:
            return LEDGER.name in names
        # Before tables had a prefix, SQLite's own field held what the file is.
        if connection.exec_driver_sql("PRAGMA application_id").scalar_one() == _VEIL:
            raise LedgerError(
                f"{self.name}: a ledger of format 1; this version of Veilbeam knows {FORMAT}. Put "
                "it aside, and lower the budget in the configuration by what was spent on it"
            )
        raise LedgerError(f"{self.name}: no ledger of Veilbeam; name another file")

    def _mend(self, text: str, error: BaseException) -> str:
        if "locked" in text:
            return f"another process held it for {WAIT_SECONDS:g} s: end that one, then repeat"
        if isinstance(error, OSError) or "readonly" in text or "unable to open" in text:
            return "its folder must exist, and this user must be able to write to both"
        if "full" in text:
            return "free some space, then repeat"
        return "it is damaged: restore it from a backup"


_BEGIN = "veilbeam_begin"


def _begin(connection: sa.Connection) -> None:
    """SQLAlchemy leaves it to the driver how a transaction begins; here it must be said: the lock
    is taken at once, so that what is read stays true."""
    connection.exec_driver_sql(connection.get_execution_options()[_BEGIN])


class PostgresStore(Store):
    """A ledger in a PostgreSQL database, in the first schema of the user's search path."""

    def __init__(self, url: URL) -> None:
        url = url.set(drivername="postgresql+psycopg")
        # Neither the password nor options, which may hold one.
        shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
        waits = {
            "connect_timeout": _CONNECT_SECONDS,
            "tcp_user_timeout": _GONE_SECONDS * 1000,
            "application_name": "veilbeam",
        }
        try:
            engine = sa.create_engine(
                url,
                poolclass=NullPool,
                hide_parameters=True,
                connect_args={k: v for k, v in waits.items() if k not in url.query},
            )
        except ImportError:
            raise UsageError(
                f"{shown}: a ledger in PostgreSQL needs the driver psycopg, which is not installed "
                "or does not load: pip install 'veilbeam[postgres]'"
            ) from None
        super().__init__(str(shown), engine)

    @contextmanager
    def _transaction(self, writes: bool) -> Iterator[sa.Connection]:
        with super()._transaction(writes) as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS:g}s'")
            # Else a client that hangs with the lock would hold up all others.
            connection.exec_driver_sql(
                f"SET LOCAL idle_in_transaction_session_timeout = '{_GONE_SECONDS}s'"
            )
            # Spent must stay spent when the server dies, whatever the database's default.
            connection.exec_driver_sql(
                "SELECT set_config('synchronous_commit', 'on', true) "
                "WHERE current_setting('synchronous_commit') = 'off'"
            )
            yield connection

    def _options(self, writes: bool) -> dict[str, Any]:
        # Writers take a row's lock; after it, each of their statements sees all that is committed.
        level = "READ COMMITTED" if writes else "REPEATABLE READ"
        return {"isolation_level": level, "postgresql_readonly": not writes}

    def _make_tables(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_VEIL})")
        if not self._has_tables(connection):  # Another process may have been first.
            super()._make_tables(connection)

    def _mend(self, text: str, error: BaseException) -> str:
        state = getattr(error, "sqlstate", None) or ""
        if "authentication failed" in text or "no password supplied" in text or state[:2] == "28":
            return "check user and password ($PGPASSWORD, ~/.pgpass)"
        if not state and "invalid" in text:
            return "check the options of its address, after the ?"
        if "database" in text and "does not exist" in text:
            return "check the database's name, or create it"
        if state == "3F000":
            return "create the schema that its address names, or 'public'"
        if state == "55P03":
            return f"another process held it for {WAIT_SECONDS:g} s: end that one, then repeat"
        if state == "25006" or "during recovery" in text:
            return "this server only reads: name the one that writes"
        if state == "42501":
            return "the user needs SELECT, INSERT and UPDATE on its tables, or CREATE to make them"
        if state[:2] == "53":
            return "free the server's space or connections, then repeat"
        if state[:2] in ("", "08", "57"):
            return (
                "the server cannot be reached, or was lost. What it had confirmed stands; a repeat "
                "goes on from there and spends nothing twice"
            )
        return "see the server's log"


def parse(url: str) -> URL:
    """A ledger's address: ``postgresql://USER@HOST/DATABASE`` or ``sqlite:///FILE``.

    Raises ValueError, with a text that shows nothing of the address: it may hold a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(_WANTED) from None
    kind = parsed.drivername.partition("+")[0]
    if kind not in ("postgresql", "postgres", "sqlite") or not parsed.database:
        raise ValueError(_WANTED)
    # What a password with a bare @ would leave of itself in plain sight.
    if "@" in f"{parsed.host}{parsed.database}":
        raise ValueError("address of a ledger: write @ and / in user and password as %40 and %2F")
    return parsed


_WANTED = "no address of a ledger: give postgresql://USER@HOST/DATABASE or sqlite:///FILE"


def store_of(where: Path | str) -> Store:
    """The store at a path (SQLite), or at a URL.

    Raises UsageError where it is none, or a driver is missing.
    """
    if isinstance(where, Path) or "://" not in where:
        return SqliteStore(Path(where))
    try:
        url = parse(where)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if url.drivername.startswith("sqlite"):
        return SqliteStore(Path(url.database or ""))
    return PostgresStore(url)
