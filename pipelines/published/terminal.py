"""What changed between two releases, for a person at a terminal."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from transforms.publish.difference import Difference


def show(found: Difference, console: Console) -> None:
    """Print what changed, section by section as the manifest has them."""
    console.print(f"From release {found.before} to release {found.after}:", highlight=False)
    if not found.changes:
        console.print("Nothing changed.")
        return
    table = Table()
    for head in ("section", "what", "before", "after"):
        table.add_column(head, overflow="fold")
    section = ""
    for change in found.changes:
        named = change.section if change.section != section else ""
        section = change.section
        table.add_row(named, escape(change.what), _text(change.before), _text(change.after))
    console.print(table)


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, str):
        return escape(value if len(value) <= 200 else f"{value[:200]}...")
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return escape(json.dumps(value, ensure_ascii=False))
