"""A real PostgreSQL server for tests, from Debian's packages, on a socket in its own folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

_BINARIES = Path("/usr/lib/postgresql")
_USER = "postgres"
"""The server refuses to run as root; Debian's package brings this user."""


class Server:
    """One server; ``start`` and ``stop`` may be called again and again."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        # Short, since a socket's path is at most 107 bytes; open for the server's user.
        self.folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        self._user = _USER if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(self.folder, self._user, self._user)
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count()
        subprocess.run(
            [binaries / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "owner", "-N"],
            user=self._user,
            cwd=self.folder,
            capture_output=True,
            check=True,
        )

    def start(self) -> None:
        """Start it, if it does not run, and wait until it answers."""
        if self._process is not None:
            return
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    self._binaries / "postgres",
                    *("-D", self.folder / "data", "-k", self.folder),
                    *("-c", "listen_addresses=", "-c", "fsync=off"),
                ],
                user=self._user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """At once, as a power cut would: clients lose their connections, nothing is finished."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    @contextmanager
    def as_standby(self) -> Iterator[None]:
        """Let it run as a standby does, which can be read but not written."""
        mark = self.folder / "data" / "standby.signal"
        self.stop(signal.SIGINT)
        mark.touch()
        self.start()
        try:
            yield
        finally:
            self.stop()
            mark.unlink()
            self.start()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://owner@/{database}?host={self.folder}"

    def new_schema(self) -> str:
        """URL of an empty schema, which is made faster than a database."""
        name = f"ledger_{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        return f"{self.url()}&options=-csearch_path%3D{name}"

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def allow(self, line: str) -> None:
        """Put a rule for who may log in before all others."""
        file = self.folder / "data" / "pg_hba.conf"
        file.write_text(f"{line}\n{file.read_text()}")
        self.execute("SELECT pg_reload_conf()")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running server, shared by the tests of a process."""
    found = sorted(_BINARIES.glob("*/bin"), key=lambda path: float(path.parent.name))
    if not found:
        pytest.skip(f"no PostgreSQL in {_BINARIES}: apt-get install postgresql")
    server = Server(found[-1])
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def unsteady(postgres: Server) -> Iterator[Server]:
    """The same server, for tests that stop it; it runs again when they are done."""
    yield postgres
    postgres.start()
