"""The custody log on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from transforms.custody import Entry


def table_of(entries: Iterable[Entry]) -> Table:
    """The entries, one a row."""
    table = Table(title="Custody log", title_justify="left")
    for head in ("", "when (UTC)", "who", "what", "details"):
        table.add_column(head, overflow="fold")
    for entry in entries:
        details = "; ".join(f"{name}: {_text(value)}" for name, value in entry.details.items())
        cells = (str(entry.seq), entry.at, entry.by, entry.act, details)
        table.add_row(*map(escape, cells))
    return table


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
