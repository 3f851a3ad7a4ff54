"""The ledger of spent privacy: an append-only, hash-chained log in SQLite or PostgreSQL.

A release passes three states, each one event of the log:

    RESERVED   its amount is spent, for good; no noise has been drawn
    DRAWN      its noisy table is stored; from here on it may have been seen
    PUBLISHED  it stands in a release folder

A release is known by (data set, population, name with edition). It is bound to the digest of all
that its table depends on: the same again is a repeat, which spends nothing and returns what was
stored; another digest under the same name is refused. A repeat of a release that is only RESERVED
goes on with that reservation: its noise was never stored, and nothing shows noise before it is
stored, so that nobody has seen any.

That the input is unchanged is treated as public: who compares two releases can tell from equal
noise that both came from the same snapshot.

``chain`` is the log and its hashes, ``tables`` and ``store`` where it is kept, ``book`` the log in
a transaction, ``head`` the note that shows a cut end, ``views`` what the log says. docs/ledger.md
tells all of it to an officer and an auditor.
"""

from transforms.aggregate.ledger.chain import Account, Event, Head, State
from transforms.aggregate.ledger.ledger import Ask, Entry, Ledger, Verified
from transforms.aggregate.ledger.store import LedgerError, parse

__all__ = [
    "Account",
    "Ask",
    "Entry",
    "Event",
    "Head",
    "Ledger",
    "LedgerError",
    "State",
    "Verified",
    "parse",
]
