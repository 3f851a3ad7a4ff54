"""What only a ledger in PostgreSQL can meet: a server that goes, logins, drivers, addresses."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests.aggregate.ledger.support import ROOT, TOTAL, Place, ask
from tests.postgres import Server
from transforms.aggregate.ledger import Ledger, LedgerError, State
from transforms.aggregate.ledger import store as store_module
from transforms.aggregate.settings import Amount
from transforms.errors import UsageError

PASSWORD = "correct-horse"
GONE = "server cannot be reached, or was lost. What it had confirmed stands"


@pytest.fixture
def place(postgres: Server, tmp_path: Path) -> Place:
    return Place(postgres.new_schema(), tmp_path / "ledger.head")


@contextmanager
def when(event: str, wanted: Callable[..., bool], do: Callable[[], None]) -> Iterator[None]:
    """Do something once, at an event of SQLAlchemy's."""
    done = []

    def listener(*arguments: Any) -> None:
        if not done and wanted(*arguments):
            done.append(do())

    sa.event.listen(sa.Engine, event, listener)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, event, listener)
    assert done, "the moment never came"


def after_insert(do: Callable[[], None]) -> Any:
    def wanted(connection: object, cursor: object, statement: str, *_: object) -> bool:
        return statement.startswith("INSERT INTO veilbeam_event")

    return when("after_cursor_execute", wanted, do)


def before_commit(do: Callable[[], None]) -> Any:
    return when("commit", lambda connection: True, do)


STEPS: dict[str, Callable[[Ledger, Any], Any]] = {
    "reserve": lambda ledger, entry: ledger.reserve("default", TOTAL, [ask()]),
    "store": lambda ledger, entry: ledger.store(entry, b"table"),
    "publish": lambda ledger, entry: ledger.publish(entry),
}


@pytest.mark.parametrize("moment", [None, after_insert, before_commit])
@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_goes_in_any_step_is_told_and_nothing_is_spent_twice(
    unsteady: Server, place: Place, step: str, moment: Callable[..., Any] | None
) -> None:
    ledger, entry = place.open(), None
    if step != "reserve":
        [entry] = ledger.reserve("default", TOTAL, [ask()])
    if step == "publish":
        ledger.store(entry, b"table")
    before = [event.state for event in ledger.events()]
    with pytest.raises(LedgerError, match=GONE):
        if moment is None:
            unsteady.stop()
            STEPS[step](ledger, entry)
        else:
            with moment(unsteady.stop):
                STEPS[step](ledger, entry)
    unsteady.start()
    ledger.verify()
    assert [event.state for event in ledger.events()] == before
    # The whole again, as a repeated run does it.
    [entry] = ledger.reserve("default", TOTAL, [ask()])
    assert ledger.store(entry, b"table") == b"table"
    ledger.publish(entry)
    assert ledger.balance("default").ever == Amount(400_000, 0)
    ledger.verify()


def test_a_commit_whose_answer_is_lost_is_found_by_the_repeat(
    unsteady: Server, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = place.open()
    commit = psycopg.Connection.commit

    def commit_and_lose(connection: psycopg.Connection[Any]) -> None:
        commit(connection)
        unsteady.stop()
        connection.execute("SELECT 1")  # Fails as the answer would.

    with monkeypatch.context() as lossy, pytest.raises(LedgerError, match=GONE):
        lossy.setattr(psycopg.Connection, "commit", commit_and_lose)
        ledger.reserve("default", TOTAL, [ask()])
    unsteady.start()
    [entry] = ledger.reserve("default", TOTAL, [ask()])
    assert (entry.repeated, entry.state) == (True, State.RESERVED)
    assert ledger.balance("default").ever == Amount(400_000, 0)


def test_a_connection_that_an_administrator_ends_is_told(postgres: Server, place: Place) -> None:
    ledger = place.open()
    kill = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'veilbeam'"
    )
    with (
        pytest.raises(LedgerError, match=GONE),
        after_insert(lambda: postgres.execute(kill)),
    ):
        ledger.reserve("default", TOTAL, [ask()])
    assert ledger.events() == []


def test_a_locked_ledger_is_told_after_a_while(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1")])
    monkeypatch.setattr(store_module, "WAIT_SECONDS", 0.1)
    with psycopg.connect(place.where) as other:
        other.execute("SELECT * FROM veilbeam_ledger FOR UPDATE")
        with pytest.raises(LedgerError, match=r"another process held it for 0\.1 s"):
            ledger.reserve("default", TOTAL, [ask("2")])
        # Reading waits for nobody.
        assert ledger.balance("default").spent == Amount(400_000, 0)
    ledger.reserve("default", TOTAL, [ask("2")])


def test_it_commits_to_disk_whatever_the_default_is(place: Place) -> None:
    ledger = Ledger(f"{place.where}%20-csynchronous_commit%3Doff")
    seen = []

    def look(connection: sa.Connection) -> None:
        seen.append(connection.exec_driver_sql("SHOW synchronous_commit").scalar_one())

    sa.event.listen(sa.Engine, "commit", look)
    try:
        ledger.reserve("default", TOTAL, [ask()])
    finally:
        sa.event.remove(sa.Engine, "commit", look)
    assert seen == ["on"]


def test_it_stands_beside_other_tables(place: Place) -> None:
    place.execute("CREATE TABLE event (mine integer)")
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask()])
    ledger.verify()


def login(postgres: Server, place: Place, user: str, *grants: str) -> str:
    """URL by which a new user, who needs a password, reaches the same schema."""
    schema = place.where.rpartition("%3D")[2]
    postgres.allow(f"local all {user} scram-sha-256")
    postgres.execute(
        f"CREATE USER {user} PASSWORD '{PASSWORD}'",
        f"GRANT USAGE ON SCHEMA {schema} TO {user}",
        f"SET search_path = {schema}",
        *grants,
    )
    return place.where.replace("owner@", f"{user}:{PASSWORD}@")


def test_a_user_with_the_rights_of_the_documentation_can_do_all_but_change_entries(
    postgres: Server, place: Place
) -> None:
    place.open().reserve("default", TOTAL, [ask("1")])
    url = login(
        postgres,
        place,
        "runner",
        "GRANT SELECT, INSERT ON veilbeam_event, veilbeam_result TO runner",
        "GRANT SELECT, UPDATE ON veilbeam_ledger TO runner",
    )
    ledger = Ledger(url, place.head)
    [entry] = ledger.reserve("default", TOTAL, [ask("2")])
    ledger.store(entry, b"table")
    ledger.publish(entry)
    ledger.verify()
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        Place(url, place.head).execute("UPDATE veilbeam_event SET micro_epsilon = 0")


def test_an_auditor_who_may_only_read_can_verify(postgres: Server, place: Place) -> None:
    place.open().reserve("default", TOTAL, [ask("1")])
    tables = "veilbeam_ledger, veilbeam_event, veilbeam_result"
    url = login(postgres, place, "auditor", f"GRANT SELECT ON {tables} TO auditor")
    ledger = Ledger(url)
    ledger.verify()
    with pytest.raises(LedgerError, match="the user needs SELECT, INSERT and UPDATE"):
        ledger.reserve("default", TOTAL, [ask("2")])


def test_a_user_who_may_not_make_tables_is_told(postgres: Server, place: Place) -> None:
    with pytest.raises(LedgerError, match="or CREATE to make them"):
        Ledger(login(postgres, place, "stranger")).reserve("default", TOTAL, [ask()])


def test_a_standby_can_be_audited_but_not_spent_on(unsteady: Server, place: Place) -> None:
    ledger = place.open()
    ledger.reserve("default", TOTAL, [ask("1")])
    with unsteady.as_standby():
        ledger.verify()
        with pytest.raises(LedgerError, match="only reads: name the one that writes"):
            ledger.reserve("default", TOTAL, [ask("2")])
    ledger.reserve("default", TOTAL, [ask("2")])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda url: url.replace(PASSWORD, "wrong-one"), "check user and password"),
        (lambda url: url.replace(f":{PASSWORD}", ""), "check user and password"),
        (lambda url: url.replace("@/postgres", "@/nowhere"), "or create it"),
        (lambda url: url.replace("host=", "host=/none"), GONE),
        (lambda url: url.replace("@/", "@127.0.0.1:1/").partition("?")[0], GONE),
        (lambda url: url + "&colour=blue", "check the options"),
        (lambda url: url + "&sslmode=perhaps", "check the options"),
    ],
)
def test_what_does_not_connect_is_told_without_the_password(
    postgres: Server, place: Place, change: Callable[[str], str], words: str
) -> None:
    user = f"u{os.urandom(4).hex()}"
    url = change(login(postgres, place, user))
    with pytest.raises(LedgerError, match=words) as raised:
        Ledger(url).reserve("default", TOTAL, [ask()])
    told = f"{raised.value!r}{raised.value.__cause__!r}"
    assert PASSWORD not in told and "wrong-one" not in told
    assert str(raised.value).startswith(f"postgresql://{user}@")
    assert raised.value.__suppress_context__


def test_a_schema_that_is_not_there_is_told(postgres: Server) -> None:
    ledger = Ledger(f"{postgres.url()}&options=-csearch_path%3Dnowhere")
    with pytest.raises(LedgerError, match="create the schema"):
        ledger.reserve("default", TOTAL, [ask()])


def test_a_database_that_is_not_there_is_told(postgres: Server) -> None:
    with pytest.raises(LedgerError, match="check the database's name, or create it"):
        Ledger(postgres.url("nowhere")).events()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql//user:secret-word@host/db",
        "postgresql://user:secret-word@host:port/db",
        "postgresql://user:secret-word@host",
        "postgresql://user:pass@secret-word@host/db",
        "postgresql://user:pa@ss/secret-word@host/db",
        "mysql://user:secret-word@host/db",
        "sqlite://",
        "://secret-word",
    ],
)
def test_what_is_no_address_of_a_ledger_is_told_without_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"address of a ledger: (give|write)") as raised:
        store_module.parse(url)
    assert "secret-word" not in str(raised.value)
    if "://" in url:
        with pytest.raises(UsageError):
            Ledger(url)


def test_a_missing_driver_is_told_with_what_to_install() -> None:
    code = (
        "import sys\n"
        "sys.modules['psycopg'] = None\n"  # As if it were not installed.
        "from transforms.aggregate.ledger import Ledger\n"
        "Ledger('postgresql://user:secret-word@host/db')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "UsageError: postgresql://user@host/db: a ledger in PostgreSQL needs" in done.stderr
    assert "pip install 'veilbeam[postgres]'" in done.stderr
    assert "secret-word" not in done.stderr
