"""The log within a transaction: what is in it, and what is added."""

from __future__ import annotations

import getpass
import hashlib
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime

import sqlalchemy as sa

from transforms.aggregate.ledger.chain import Account, Event, Head, State
from transforms.aggregate.ledger.tables import EVENT, RESULT


class Book:
    """The log within a transaction."""

    def __init__(
        self,
        connection: sa.Connection,
        log: list[Event],
        head: Head,
        clock: Callable[[], datetime],
    ) -> None:
        self.connection = connection
        self.log = log
        self.head = head
        self._clock = clock
        self._last = {event.key: event for event in log}

    def last(self, account: Account, release: str) -> Event | None:
        """The last event of a release."""
        return self._last.get((*account, release))

    def keep(self, table: bytes) -> str:
        """Store a table under its digest, and return that."""
        sha256 = hashlib.sha256(table).hexdigest()
        kept = sa.select(RESULT.c.sha256).where(RESULT.c.sha256 == sha256)
        if self.connection.execute(kept).one_or_none() is None:
            self.connection.execute(RESULT.insert(), {"sha256": sha256, "stored": table})
        return sha256

    def advance(self, last: Event, state: State, result: str) -> None:
        """Enter a release's next state, after its last event; nothing is spent by it."""
        own = ("seq", "at", "by", "previous", "hash")
        inherited = {name: value for name, value in asdict(last).items() if name not in own}
        changed = {"state": state.value, "micro_epsilon": 0, "femto_delta": 0, "rho": ""}
        self.append(**(inherited | changed | {"result": result}))

    def append(self, **values: str | int) -> None:
        """Chain an event to the log."""
        event = Event(
            **values,  # type: ignore[arg-type]
            seq=len(self.log) + 1,
            at=self._clock().astimezone(UTC).isoformat(timespec="seconds"),
            by=_user(),
            previous=self.head.hash,
            hash="",
        )
        event = replace(event, hash=event.expected_hash())
        self.connection.execute(EVENT.insert(), asdict(event))
        self.log.append(event)
        self._last[event.key] = event
        self.head = Head(self.head.ledger, event.seq, event.hash)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # No entry for this user, as in some containers.
        return str(os.getuid())
