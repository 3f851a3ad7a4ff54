"""Ledgers to test on: the same tests over both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.aggregate.ledger.support import Place
from tests.postgres import postgres, unsteady

__all__ = ["postgres", "unsteady"]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A place for a ledger that is not there yet."""
    if request.param == "sqlite":
        # A name that an URI would mangle.
        return Place(str(tmp_path / "a ledger?.sqlite"), tmp_path / "a ledger?.head")
    return Place(request.getfixturevalue("postgres").new_schema(), tmp_path / "ledger.head")
