"""The ledger for an auditor: every entry as it stands, in CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Any

from transforms.aggregate.ledger import Event, views
from transforms.aggregate.ledger.chain import COLUMNS, FORMAT
from transforms.aggregate.settings import Amount

UNITS = {
    "micro_epsilon": "1e-6 of epsilon",
    "femto_delta": "1e-15 of delta",
    "rho": "zCDP's rho, a decimal number, rounded up; for information",
    "at": "UTC, by the clock of the machine that wrote the entry; the order is that of seq",
    "hash": "SHA-256 of the entry without 'hash', as JSON with sorted keys and no spaces",
    "previous": "hash of the entry before",
}


class Format(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    JSON = "json"


def export(log: Sequence[Event], form: Format, now: datetime) -> str:
    """The log as text: CSV has the entries, JSON the accounts' balances as well."""
    return as_csv(log) if form is Format.CSV else as_json(log, now)


def as_csv(log: Sequence[Event]) -> str:
    """A line for each entry, below a line of names."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(asdict(event) for event in log)
    return out.getvalue()


def as_json(log: Sequence[Event], now: datetime) -> str:
    """Entries, balances and what the units are."""
    content = {
        "format": FORMAT,
        "exported": now.isoformat(timespec="seconds"),
        "units": UNITS,
        "accounts": [_balance(views.balance(log, account, now)) for account in views.accounts(log)],
        "entries": [asdict(event) for event in log],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _balance(balance: views.Balance) -> dict[str, Any]:
    return {
        **balance.account._asdict(),
        "renews": balance.renews,
        "period_since": None if balance.since is None else balance.since.isoformat(),
        "budget": _amount(balance.total),
        "spent": _amount(balance.spent),
        "left": _amount(balance.left),
        "spent_in_all_periods": _amount(balance.ever),
    }


def _amount(amount: Amount) -> dict[str, int]:
    return {"micro_epsilon": amount.epsilon, "femto_delta": amount.delta}
