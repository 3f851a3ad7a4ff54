"""What tests of the ledger share: places, asks, child processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from transforms.aggregate.ledger import Ask, Ledger
from transforms.aggregate.settings import Amount

TOTAL = Amount(1_000_000, 10**9)
ROOT = Path(__file__).parents[3]


class Place(NamedTuple):
    """Where a ledger is kept, and where its head is noted."""

    where: str
    head: Path

    @property
    def is_file(self) -> bool:
        return "://" not in self.where

    @property
    def path(self) -> Path:
        assert self.is_file
        return Path(self.where)

    def open(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Ledger:
        return Ledger(self.where, self.head, clock)

    def execute(self, *statements: str) -> None:
        """As somebody would who edits the ledger by hand."""
        url = sa.URL.create("sqlite", database=self.where)
        if not self.is_file:
            url = sa.make_url(self.where).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


def ask(name: str = "r", epsilon: int = 400_000, delta: int = 0, **changes: Any) -> Ask:
    given = {
        "digest": "d", "config_digest": "config", "input_digest": "input", "version": "0.1"
    }  # fmt: skip
    return Ask(name, amount=Amount(epsilon, delta), **(given | changes))


def start(code: str, place: Place) -> subprocess.Popen[str]:
    """Run code over ``ledger`` in a process of its own."""
    before = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "import sqlalchemy as sa\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.aggregate.ledger.support import *\n"
        "from transforms.aggregate.ledger import *\n"
        f"ledger_head = Path({str(place.head)!r})\n"
        f"ledger = Ledger({place.where!r}, ledger_head)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", before + code], stdout=subprocess.PIPE, text=True
    )


def at_once(count: int, code: str, place: Place) -> list[str]:
    """Run code in so many processes that wait for each other to begin; ``number`` tells them apart.

    Returns, sorted, how each ended: ``done``, or ``refused`` for want of budget.
    """
    body = "\n".join(f"            {line}" for line in code.strip().splitlines())
    forks = f"""
begin, go = os.pipe()
children = []
for number in range({count}):
    if (child := os.fork()) == 0:
        os.close(go)
        os.read(begin, 1)  # Returns once the last end of the pipe is closed.
        try:
{body}
        except LedgerError as error:
            assert "does not suffice" in str(error), error
            os._exit(3)
        os._exit(0)
    children.append(child)
os.close(go)
for child in children:
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print({{0: "done", 3: "refused"}}.get(code, f"failed {{code}}"))
"""
    return sorted(start(forks, place).communicate()[0].split())
