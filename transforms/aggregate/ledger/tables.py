"""The tables of a ledger: the same in both databases."""

from __future__ import annotations

import sqlalchemy as sa

from transforms.aggregate.ledger.chain import COLUMNS

NUMBERS = ("seq", "micro_epsilon", "femto_delta", "total_micro_epsilon", "total_femto_delta")

TABLES = sa.MetaData()
_WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")

LEDGER = sa.Table(
    "veilbeam_ledger",
    TABLES,
    sa.Column("one", sa.Integer, sa.CheckConstraint("one = 1"), primary_key=True),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("entries", _WHOLE, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sqlite_strict=True,
)
"""One row: what this ledger is, and how far it has come."""

EVENT = sa.Table(
    "veilbeam_event",
    TABLES,
    *(
        sa.Column(
            name,
            _WHOLE if name in NUMBERS else sa.Text,
            primary_key=name == "seq",
            autoincrement=False,
            nullable=False,
        )
        for name in COLUMNS
    ),
    sa.UniqueConstraint("data_set", "population", "release", "state"),
    sqlite_strict=True,
)
"""The log (see ``chain.Event``)."""

RESULT = sa.Table(
    "veilbeam_result",
    TABLES,
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("stored", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""The noisy tables that were drawn, by their digest."""
