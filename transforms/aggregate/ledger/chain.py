"""The ledger's log: events, each chained to the one before it by hash.

Plain functions over events; where they are kept is ``store``'s concern.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import NamedTuple

from transforms.aggregate.settings import Amount

FORMAT = 2
"""Of tables and hashes. Ledgers of another format are refused, never guessed at."""


class State(StrEnum):
    """How far a release has come."""

    RESERVED = "RESERVED"
    DRAWN = "DRAWN"
    PUBLISHED = "PUBLISHED"


_ORDER = {state.value: number for number, state in enumerate(State)}


class Account(NamedTuple):
    """Whose privacy is spent: a subject population of a data set."""

    data_set: str
    population: str


@dataclass(frozen=True)
class Event:
    """One row of the log; ``hash`` is over all other fields, ``previous`` among them."""

    seq: int
    """1, 2, 3 ... This is the order in which privacy was spent; ``at`` is not."""
    data_set: str
    population: str
    release: str
    digest: str
    """Of everything that the release's table depends on."""
    state: str
    micro_epsilon: int
    """ε spent by this event, in millionths; 0 but for RESERVED."""
    femto_delta: int
    """δ spent by this event, in units of 1e-15; 0 but for RESERVED."""
    rho: str
    """zCDP's ρ of the same spending as a decimal number, rounded up; empty where it has none.
    For information: what counts is (ε, δ)."""
    total_micro_epsilon: int
    """The budget that the configuration stated at that time."""
    total_femto_delta: int
    renews: str
    """How often that budget renewed: ``year``, ``quarter``, ``month``; empty for never."""
    config_digest: str
    input_digest: str
    version: str
    result: str
    """SHA-256 of the stored table; empty for RESERVED."""
    at: str
    """UTC, by the clock of the machine that wrote it."""
    by: str
    """Name of the operating system's user."""
    previous: str
    """Hash of the event before; of the first one, ``genesis``."""
    hash: str

    @property
    def account(self) -> Account:
        """Where it was spent."""
        return Account(self.data_set, self.population)

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies its release."""
        return (self.data_set, self.population, self.release)

    @property
    def amount(self) -> Amount:
        """What it spends."""
        return Amount(self.micro_epsilon, self.femto_delta)

    @property
    def total(self) -> Amount:
        """The budget at that time."""
        return Amount(self.total_micro_epsilon, self.total_femto_delta)

    def expected_hash(self) -> str:
        """What ``hash`` must be: SHA-256 of the other fields as JSON, keys sorted, no spaces."""
        content = {name: value for name, value in asdict(self).items() if name != "hash"}
        # A value of a type that does not belong here is an edit, and must give another hash.
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=repr)
        return hashlib.sha256(text.encode()).hexdigest()


COLUMNS = tuple(field.name for field in fields(Event))


@dataclass(frozen=True)
class Head:
    """How far a ledger had come. Who has noted one can tell later whether its end was cut off."""

    ledger: str
    """The ledger's random id. Restricted: it keeps ``hash`` from being guessed by those who know
    a release and guess its input."""
    entries: int
    hash: str


def genesis(ledger: str) -> str:
    """What the first event of the ledger with this id is chained to."""
    return hashlib.sha256(f"veilbeam ledger {FORMAT} {ledger}".encode()).hexdigest()


def fault(log: Sequence[Event], head: Head) -> str | None:
    """What is wrong with a log that should end in ``head``; None if nothing is."""
    previous = genesis(head.ledger)
    last: dict[tuple[str, str, str], Event] = {}
    for number, event in enumerate(log, start=1):
        before = last.get(event.key)
        if (
            event.seq != number
            or event.previous != previous
            or event.hash != event.expected_hash()
            or _ORDER.get(event.state) != (0 if before is None else _ORDER[before.state] + 1)
            or (before is not None and before.digest != event.digest)
        ):
            return f"entry {number} does not fit the chain"
        previous = event.hash
        last[event.key] = event
    if (len(log), previous) != (head.entries, head.hash):
        return (
            f"it holds {len(log):,} entries, and should hold {head.entries:,}: its end is missing"
        )
    return None


def leads_to(log: Sequence[Event], noted: Head) -> bool:
    """Whether the log, whose chain is whole, once ended in ``noted`` and has only grown since."""
    if not 0 <= noted.entries <= len(log):
        return False
    at = log[noted.entries - 1].hash if noted.entries else genesis(noted.ledger)
    return at == noted.hash
