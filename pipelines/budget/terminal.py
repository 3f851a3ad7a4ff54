"""Budgets on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from transforms.aggregate.ledger import Event, State, views
from transforms.aggregate.settings import POPULATION

_NAMED = 3
"""Entries that are named one by one where a clock went back."""


def show(log: Sequence[Event], now: datetime, console: Console) -> None:
    """Print what is left of each budget, and the releases that spent it."""
    accounts = views.accounts(log)
    populations = any(account.population != POPULATION for account in accounts)
    console.print(_budgets([views.balance(log, account, now) for account in accounts], populations))
    console.print(_releases(views.releases(log), populations))
    for note in notes(log):
        console.print(Text(note))
    console.print(Text(f"{len(log):,} entries, their chain is whole; the last is {log[-1].hash}"))


def notes(log: Sequence[Event]) -> list[str]:
    """What an officer should ask about."""
    found = []
    waiting = [r.reserved.release for r in views.releases(log) if r.last.state == State.RESERVED]
    if waiting:
        found.append(
            "Reserved, and so spent, but never drawn: "
            + ", ".join(waiting)
            + ". A repeat of the same run over the same input goes on with it."
        )
    if steps := views.backward_steps(log):
        named = ", ".join(f"{event.seq} ({event.at})" for event in steps[:_NAMED])
        more = f" and {len(steps) - _NAMED:,} more" if len(steps) > _NAMED else ""
        found.append(
            f"A clock went back before entry {named}{more}. Entries count in their order; for a "
            "renewal, none counts as earlier than one before it."
        )
    return found


def _budgets(balances: Sequence[views.Balance], populations: bool) -> Table:
    renewing = any(balance.renews for balance in balances)
    table = Table(title="Budgets", title_justify="left")
    heads = ["data set", *["population"] * populations, "budget", "spent", "left"]
    for head in heads + ["renews", "period since", "spent in all periods"] * renewing:
        table.add_column(head, overflow="fold")
    for balance in balances:
        row = [balance.account.data_set, *[balance.account.population] * populations]
        row += [str(balance.total), str(balance.spent), str(balance.left)]
        if renewing:
            row += [
                f"each {balance.renews}" if balance.renews else "never",
                f"{balance.since:%Y-%m-%d}" if balance.since else "",
                str(balance.ever),
            ]
        table.add_row(*row)
    return table


def _releases(releases: Sequence[views.Release], populations: bool) -> Table:
    table = Table(title="Releases", title_justify="left")
    heads = ["entry", "release", "data set", *["population"] * populations]
    for head in (*heads, "spent", "state", "reserved", "by"):
        table.add_column(head, overflow="fold", justify="right" if head == "entry" else "left")
    for release in releases:
        first = release.reserved
        table.add_row(
            f"{first.seq:,}",
            first.release,
            first.data_set,
            *[first.population] * populations,
            str(first.amount),
            release.last.state,
            f"{datetime.fromisoformat(first.at):%Y-%m-%d %H:%M}",
            first.by,
        )
    return table
