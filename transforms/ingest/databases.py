"""Rows of any SQL database that SQLAlchemy knows, by ranges of a key.

A range is one read-only transaction, whose rows come in the key's order through a server-side
cursor. In PostgreSQL all ranges see one state (``held``). Elsewhere each sees its own; that no row
came or went between them is checked by their number.
"""

# SQL is made of the configuration's own query, of names that the database has, quoted, and of
# integers; a key's values are parameters.
# ruff: noqa: S608

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson
import sqlalchemy as sa
from apache_beam.io.filesystems import FileSystems
from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from transforms.batches import BATCH_BYTES
from transforms.errors import UsageError, VeilbeamError
from transforms.ingest.files import Access, SourceFile
from transforms.ingest.quarantine import Reject
from transforms.ingest.ranges import Range
from transforms.ingest.records import Row
from transforms.ingest.settings import DatabaseSettings, Format, SourceSettings
from transforms.ingest.text import too_large

PASSWORD = "VEILBEAM_DATABASE_PASSWORD"  # noqa: S105
"""Environment variable with the password of databases whose URL has none."""
PARTS, SMALLEST, LARGEST = 16, 2_000, 100_000
"""A table is cut in ``PARTS`` ranges, but for the rows that one has at least and at most."""
SAMPLE = 100
"""Rows that are looked at to tell how large a row is."""
MOST_ROWS = 1_000
"""Rows that are fetched at a time; fewer where they are large."""
WAIT_SECONDS = 20

_URL = re.compile(r"([A-Za-z0-9_]+)(\+[A-Za-z0-9_.]+)?://")
_DRIVERS = {
    "postgresql": "psycopg",
    "postgres": "psycopg",
    "mysql": "pymysql",
    "mariadb": "pymysql",
}
"""What is taken where a URL names no driver."""
_MAGIC = b"SQLite format 3\0"


class DatabaseError(VeilbeamError):
    """A database cannot be read, or not to its end."""


def is_database(pattern: str) -> bool:
    """Whether an input is a database's URL."""
    if (match := _URL.match(pattern)) is None:
        return False
    try:
        FileSystems.get_filesystem(pattern)
    except ValueError:
        pass
    else:
        return False
    try:
        URL.create({"postgres": "postgresql"}.get(match[1], match[1])).get_dialect()
    except NoSuchModuleError:
        return False
    except ImportError:
        return True
    return True


def is_sqlite(data: bytes) -> bool:
    """Whether a file that begins like this is an SQLite database."""
    return data.startswith(_MAGIC)


def shown(pattern: str) -> str:
    """An input as it may be shown: of a database's URL neither the password nor the options, which
    may hold one."""
    if _URL.match(pattern) is None or not is_database(pattern):
        return pattern
    try:
        url = _parsed(pattern)
    except UsageError:
        return pattern.partition("://")[0] + "://..."
    return _shown(url)


def database_of(pattern: str, source: SourceSettings) -> SourceFile:
    """A database that is given by its URL, checked: it answers, and has the table and the key.

    Raises: UsageError, DatabaseError.
    """
    url = _parsed(pattern)
    access = Access(SecretStr(url.render_as_string(hide_password=False)))
    file = SourceFile(_shown(url), 0, Format.DATABASE, access)
    with _opened(file) as database:
        rows = _rows_of(database, source.database)
        total = _counted(database, rows)
        sample = _sample(database.select(f"SELECT * FROM {rows.sql}"), database)
    size = sum(_size(row) for row in sample) * total // max(1, len(sample))
    return SourceFile(file.path, size, Format.DATABASE, access)


@contextmanager
def held(file: SourceFile) -> Iterator[SourceFile]:
    """The file with the name of a state that all its readers see, until this is left.

    Databases other than PostgreSQL have no such thing.

    Raises: DatabaseError.
    """
    if file.access is None or not _url(file).drivername.startswith("postgres"):
        yield file
        return
    states = ExitStack()
    try:
        database = states.enter_context(_opened(file))
        name = database.select("SELECT pg_export_snapshot()").scalar_one()
        access = Access(file.access.url, str(name))
        yield SourceFile(file.path, file.size, file.format, access)
    finally:
        # Where the server was lost meanwhile, those who read have said so.
        with suppress(DatabaseError):
            states.close()


def plan_rows(file: SourceFile, source: SourceSettings) -> Iterator[Range]:
    """Ranges of rows with about as many in each; all rows that share a key are in one.

    Raises: UsageError, DatabaseError.
    """
    with _opened(file) as database:
        rows = _rows_of(database, source.database)
        total = _counted(database, rows)
        names = _header(database, rows)
        starts: list[tuple[Any, int]] = [(None, 0)]
        step = min(max(total // PARTS, SMALLEST), LARGEST)
        if rows.key is not None and total > step:
            found = database.select(
                "SELECT veilbeam_key, veilbeam_place FROM ("
                f"SELECT {rows.key} veilbeam_key, rank() OVER (ORDER BY {rows.key}) veilbeam_place,"
                f" row_number() OVER (ORDER BY {rows.key}) veilbeam_number FROM {rows.sql}"
                f") veilbeam_places WHERE (veilbeam_number - 1) % {step} = 0"
                " ORDER BY veilbeam_place"
            )
            places: dict[int, Any] = {place: key for key, place in map(tuple, found)}
            starts = [(key, place - 1) for place, key in sorted(places.items())]
    for (first, start), (after, end) in zip(starts, [*starts[1:], (None, total)], strict=True):
        if end > start:
            keys = (first, after) if rows.key is not None else None
            yield Range(
                file.path,
                file.format,
                start,
                end,
                start + 1,
                names,
                keys=keys,
                access=file.access,
            )


def read_rows(part: Range, source: SourceSettings) -> Iterator[Row | Reject]:
    """The rows of a range, in the key's order; their position is their number in it.

    Raises: UsageError; DatabaseError, where the database is lost, or its rows are not as many as
    were planned.
    """
    file = SourceFile(part.file, 0, part.format, part.access)
    first, after = part.keys or (None, None)
    position = part.position
    with _opened(file) as database:
        rows = _rows_of(database, source.database)
        where = []
        if first is not None:
            where.append(f"{rows.key} >= :veilbeam_first")
        if after is not None:
            where.append(f"{rows.key} < :veilbeam_after")
        sql = f"SELECT * FROM {rows.sql}" + (" WHERE " if where else "") + " AND ".join(where)
        if rows.key is not None:
            sql += f" ORDER BY {rows.key}"
        found = database.select(sql, veilbeam_first=first, veilbeam_after=after)
        names = list(found.keys())
        for row in _fetched(found, database):
            record = dict(zip(names, map(_plain, row), strict=True))
            if _size(row) > source.max_record_bytes:
                yield Reject(part.file, position, too_large(source), None)
            elif any(type(value) is _Undecodable for value in row):
                yield Reject(part.file, position, "not valid utf-8", None)
            else:
                yield Row(part.file, position, record, None)
            position += 1
    if part.end is not None and position - 1 != part.end:
        raise DatabaseError(
            f"{part.file}: its rows changed while they were read: {part.end - part.start:,} were "
            f"expected in a range, {position - part.position:,} were there. Stop what writes to "
            "it, or read a copy."
        )


class _Undecodable(bytes):
    """Text that is not UTF-8."""


class _Rows(NamedTuple):
    """What is read, as SQL."""

    sql: str
    """What stands after FROM."""
    key: str | None
    """The key's column, quoted."""
    name: str
    """The key's column, as it is called."""


class _Database:
    """A connection within a read-only transaction."""

    def __init__(self, file: SourceFile, connection: sa.Connection) -> None:
        self.path = file.path
        self.connection = connection

    def select(self, sql: str, **keys: Any) -> sa.CursorResult[Any]:
        """The result of a SELECT, streamed. ``:name`` stands for those of ``keys``, and no others.

        Raises: DatabaseError.
        """
        escaped = re.sub(r":(?!veilbeam_(?:first|after)\b)", r"\\:", sql)
        # Without a type of its own the database compares a key's value as it compares the column.
        given = [
            sa.bindparam(name, value, type_=sa.types.NullType())
            for name, value in keys.items()
            if value is not None
        ]
        statement = sa.text(escaped).bindparams(*given)
        with _told(self.path):
            return self.connection.execute(
                statement, execution_options={"stream_results": True, "max_row_buffer": 1}
            )

    def quoted(self, name: str) -> str:
        """A column's or table's name in the database's own quotes, where it needs them."""
        return self.connection.dialect.identifier_preparer.quote(name)


@contextmanager
def _opened(file: SourceFile) -> Iterator[_Database]:
    """Raises: UsageError, DatabaseError."""
    engine = _engine(file)
    try:
        with _told(file.path), engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                if file.access is not None and (name := file.access.snapshot) is not None:
                    if re.fullmatch(r"[0-9A-Fa-f-]+", name) is None:
                        raise DatabaseError(f"{file.path}: no name of a state")
                    connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{name}'")
            yield _Database(file, connection)
    finally:
        engine.dispose()


def _engine(file: SourceFile) -> sa.Engine:
    url, shown_url = _url(file), file.path
    if url.drivername.partition("+")[0] == "sqlite":
        return _sqlite(url, shown_url)
    options: dict[str, Any] = {}
    if "psycopg" in url.drivername:
        waits = {"connect_timeout": WAIT_SECONDS, "application_name": "veilbeam"}
        options = {k: v for k, v in waits.items() if k not in url.query}
    try:
        engine = sa.create_engine(
            url, poolclass=NullPool, hide_parameters=True, connect_args=options
        )
    except ImportError as problem:
        extra = {"psycopg": "veilbeam[postgres]"}
        driver = problem.name or "its driver"
        raise UsageError(
            f"input {shown_url}: the driver {driver} is not installed, or does not load: "
            f"pip install '{extra.get(driver, driver)}'."
        ) from None
    except SQLAlchemyError:
        raise UsageError(f"input {shown_url}: {_WANTED}") from None
    if engine.dialect.name == "postgresql" and engine.dialect.driver == "psycopg":
        event.listen(engine, "connect", _times_as_text)
    return engine


def _sqlite(url: URL, shown_url: str) -> sa.Engine:
    """Raises: UsageError, where there is no such file: SQLite would make one."""
    path = Path(url.database or "").absolute()
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise UsageError(f"input {shown_url}: {reason}. Check the path.") from None
    if head and not is_sqlite(head):
        raise UsageError(f"input {shown_url}: not an SQLite database, or an encrypted one.")

    def connect() -> sqlite3.Connection:
        address = f"file:{quote(str(path))}?mode=ro"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        connection.text_factory = _text
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _Undecodable(data)


def _times_as_text(connection: Any, _: Any) -> None:
    """Dates and times in ISO 8601, as PostgreSQL writes them: it has ``infinity``, years BC and
    offsets of seconds, on which Python's own types fail."""
    from psycopg.adapt import Loader

    class AsText(Loader):
        def load(self, data: Any) -> str:
            text = bytes(data).decode()
            if text[10:11] == " " and text[4:5] == "-":
                text = text.replace(" ", "T", 1)
            return re.sub(r"([+-]\d\d)$", r"\1:00", text) if len(text) > 10 else text

    for name in ("date", "timestamp", "timestamptz", "time", "timetz", "interval"):
        connection.adapters.register_loader(name, AsText)
    connection.execute("SET SESSION DateStyle TO ISO")
    connection.execute("SET SESSION IntervalStyle TO iso_8601")
    connection.commit()


def _url(file: SourceFile) -> URL:
    if file.access is None:  # a file that was found in a folder
        return URL.create("sqlite", database=file.path)
    url = make_url(file.access.url.get_secret_value())
    password = os.environ.get(PASSWORD)
    return url.set(password=password) if url.password is None and password else url


_WANTED = (
    "not a database's address: give DIALECT://USER@HOST/DATABASE, such as "
    "postgresql://reader@db.example/clinic, or sqlite:///FILE. Write @, / and : in user and "
    "password as %40, %2F and %3A."
)


def _parsed(pattern: str) -> URL:
    """Raises: UsageError, with a text that shows nothing of the address."""
    try:
        url = make_url(pattern)
    except (ArgumentError, ValueError):
        raise UsageError(f"input: {_WANTED}") from None
    # What a password with a bare @ would leave of itself in plain sight.
    if "@" in f"{url.host}{url.database if url.drivername != 'sqlite' else ''}":
        raise UsageError(f"input: {_WANTED}")
    dialect, _, driver = url.drivername.partition("+")
    driver = driver or _DRIVERS.get(dialect, "")
    dialect = "postgresql" if dialect == "postgres" else dialect
    return url.set(drivername=f"{dialect}+{driver}" if driver else dialect)


def _shown(url: URL) -> str:
    dialect = url.drivername.partition("+")[0]
    return str(URL.create(dialect, url.username, None, url.host, url.port, url.database))


def _rows_of(database: _Database, settings: DatabaseSettings) -> _Rows:
    """Raises: UsageError, where the table or the key is not there."""
    inspector = sa.inspect(database.connection)
    with _told(database.path):
        if settings.query is not None:
            query = settings.query.strip().rstrip(";")
            sql, key = f"({query}\n) veilbeam_rows", settings.key
        else:
            schema, table = _table(database, inspector, settings)
            quoted = [database.quoted(name) for name in (schema, table) if name is not None]
            keys = inspector.get_pk_constraint(table, schema)["constrained_columns"]
            sql = ".".join(quoted)
            key = settings.key or (keys[0] if len(keys) == 1 else None)
    names = list(database.select(f"SELECT * FROM {sql} WHERE 1 = 0").keys())
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise UsageError(
            f"source.database.query: two of its columns are called {twice!r}: name one by AS."
        )
    if key is not None and key not in names:
        close = get_close_matches(key, names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        raise UsageError(
            f"source.database.key: {database.path} has no column {key!r} there.{hint} It has: "
            f"{', '.join(names)}."
        )
    return _Rows(sql, None if key is None else database.quoted(key), key or "")


def _table(
    database: _Database, inspector: sa.Inspector, settings: DatabaseSettings
) -> tuple[str | None, str]:
    """Schema and name of the table. Raises: UsageError."""
    schema, _, name = (settings.table or "").rpartition(".")
    names: list[str] = []
    with _told(database.path):
        if not schema or schema in inspector.get_schema_names():
            where = schema or None
            names = sorted({*inspector.get_table_names(where), *inspector.get_view_names(where)})
    if settings.table is not None and name in names:
        return schema or None, name
    if settings.table is None:
        problem = "no rows are named. Set source.database.table (or query)"
    else:
        problem = f"there is no table {settings.table!r}. Set source.database.table"
    close = get_close_matches(name, names, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    some = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    raise UsageError(
        f"input {database.path}: {problem}.{hint} "
        + (f"It has: {some}." if names else "No table can be seen there: check schema and rights.")
    )


def _counted(database: _Database, rows: _Rows) -> int:
    """Number of rows. Raises: UsageError, where one has no key: it would be in no range."""
    count = "count(*)" if rows.key is None else f"count(*), count({rows.key})"
    counts = [int(n) for n in database.select(f"SELECT {count} FROM {rows.sql}").one()]
    total, keyed = counts[0], counts[-1]
    if keyed != total:
        raise UsageError(
            f"source.database.key: column {rows.name!r} of {database.path} is NULL in "
            f"{total - keyed:,} rows of {total:,}, which would be in no range. Take a column that "
            "is never NULL, or a query with WHERE ... IS NOT NULL and a key."
        )
    return total


def _header(database: _Database, rows: _Rows) -> tuple[str, ...]:
    """The columns' names; empty where the first rows hold JSON, whose paths are not known."""
    found = database.select(f"SELECT * FROM {rows.sql}")
    names = tuple(found.keys())
    is_flat = not any(isinstance(v, dict | list) for row in _sample(found, database) for v in row)
    return names if is_flat else ()


def _sample(found: sa.CursorResult[Any], database: _Database) -> list[Sequence[Any]]:
    return list(islice(_fetched(found, database), SAMPLE))


def _fetched(found: sa.CursorResult[Any], database: _Database) -> Iterator[Sequence[Any]]:
    """Rows, so many at a time as fit a batch by the largest seen."""
    number, largest = 10, 1
    while True:
        with _told(database.path):
            rows = found.fetchmany(number)
        if not rows:
            return
        yield from rows
        largest = max(largest, *map(_size, rows))
        number = max(1, min(MOST_ROWS, 2 * number, BATCH_BYTES // largest))


_PLAIN = {type(None), bool, int, float, str, bytes, Decimal, date, datetime, time}


def _plain(value: Any) -> Any:
    """A value of a kind that fields know; what is of another (UUID, inet, range) as text."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, memoryview | bytearray | bytes):
        return bytes(value)
    return str(value)


def _size(row: Sequence[Any]) -> int:
    """Approximate bytes of a row."""
    return sum(
        len(value)
        if isinstance(value, str | bytes)
        else 8
        if not isinstance(value, Mapping | list)
        else len(orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS))
        for value in row
    )


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Errors of the database in words that quote neither a value nor an address.

    Raises: DatabaseError.
    """
    try:
        yield
    except DBAPIError as problem:
        raise DatabaseError(f"{path}: {_reason(problem)}") from None
    except SQLAlchemyError as problem:
        name = type(problem).__name__
        raise DatabaseError(f"{path}: cannot be read ({name}).") from None


def _reason(problem: DBAPIError) -> str:
    error = problem.orig
    text, state = str(error).lower(), getattr(error, "sqlstate", None) or ""
    if state[:2] == "28" or any(
        words in text for words in ("authentication failed", "no password supplied", "denied for u")
    ):
        return (
            f"the login was refused: check the user, and the password in ${PASSWORD} (or the "
            "driver's own: $PGPASSWORD, ~/.pgpass)."
        )
    if "could not decode" in text:  # SQLite quotes the value
        return "it holds text that is not UTF-8."
    if state == "3D000" or ("database" in text and "does not exist" in text):
        return "there is no such database: check its name."
    if state == "42501" or "permission denied" in text:
        return "the user may not read it: grant SELECT."
    if state[:2] == "42" or "syntax error" in text or "no such" in text:
        # Words of the query, which is the configuration's.
        (first, *_) = str(error).splitlines() or [""]
        return f"source.database: the query cannot be run: {first}"
    if state == "22023" or "snapshot" in text:
        return "the state that was held is gone: the connection that held it was lost. Run again."
    if "locked" in text or "busy" in text:
        return "it is locked by another program: wait, or read a copy."
    if "malformed" in text or "not a database" in text or "disk image" in text:
        return "the file is damaged, or encrypted."
    if "could not translate" in text or "name or service" in text or "resolve" in text:
        return "the host's name is not known: check it."
    if isinstance(problem, sa.exc.OperationalError) or problem.connection_invalidated:
        return (
            "it cannot be reached, or was lost: check host, port and that the server runs "
            f"({type(error).__name__}{', ' + state if state else ''})."
        )
    return f"the query failed ({type(error).__name__}{', ' + state if state else ''})."


def digest_lines(file: SourceFile, source: SourceSettings) -> Iterator[bytes]:
    """All rows as lines of JSON, in the key's order: what a digest of the input is made from."""
    for part in plan_rows(file, source):
        for row in read_rows(part, source):
            yield row.original() if isinstance(row, Row) else row.reason.encode()
            yield b"\n"
