"""What ``veilbeam init`` shows: names, shares and roles, never a value."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.proposal.initialise import Made
from pipelines.proposal.profile import Profile
from transforms.fields import FieldType


def show(made: Made, console: Console) -> None:
    """Print what was found and what is proposed."""
    formats = ", ".join(f"{count:,} {name}" for name, count in sorted(made.formats.items()))
    console.print(f"Source: {formats}; {made.records:,} records looked at.", highlight=False)
    table = Table(title="Fields", title_justify="left")
    for column in ("field", "type", "filled", "different", "found in it", "role"):
        table.add_column(column, overflow="fold")
    for profile in made.profiles:
        role = made.roles.get(profile.path)
        table.add_row(
            escape(profile.path),
            str(profile.type or "mixed"),
            f"{1 - profile.missing:.0%}",
            f"{profile.distinct:,}",
            _entities(profile),
            str(role or "drop"),
        )
    console.print(table)
    for remark in made.remarks:
        console.print(f"Note: {remark}", style="yellow", highlight=False)


def _entities(profile: Profile) -> str:
    if profile.type is not FieldType.STRING:
        return ""
    shown = [(e, share) for e, share in profile.entities.items() if share >= 0.01][:3]
    return ", ".join(f"{entity} {share:.0%}" for entity, share in shown)
