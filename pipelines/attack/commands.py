"""``veilbeam attack``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.monitoring.log import Form, LogFormat
from transforms.errors import UsageError

if TYPE_CHECKING:
    from pipelines.attack.attack import AttackReport

ABOVE_CHANCE = 1

app = typer.Typer(rich_markup_mode=None)


@app.command("attack")
def attack_release(
    release: Annotated[str, typer.Option("--release", help="The release.")],
    source: Annotated[
        list[str], typer.Option("--source", help="What it was made of; as --input of run.")
    ],
    config: Annotated[str, typer.Option("--config", "-c", help="With which it was made.")],
    restricted: Annotated[
        Path, typer.Option("--restricted", help="The restricted folder of its run.")
    ],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Key file. Default: $VEILBEAM_KEY, else that in the folder."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            "--table",
            help="CSV of people and their quasi-identifiers, to link with. Default: the source.",
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", help="COLUMN=FIELD: a column of --table, and which field it is."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if an attack is better than chance.")
    ] = False,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Attack a release with its source at hand: who can be recognised, and who by chance?"""
    import logging

    from pipelines import settings as configuration
    from pipelines.attack.attack import Second, attack
    from pipelines.monitoring.watch import watching

    logging.getLogger().setLevel(logging.ERROR)
    second = None if table is None else Second(path=table, columns=_mapping(columns or []))
    if columns and table is None:
        raise UsageError("--map is for --table")
    with watching():
        report = attack(release, source, configuration.load(config), restricted, key, second)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    else:
        _show(report)
    if strict and report.above_chance:
        raise typer.Exit(ABOVE_CHANCE)


def _mapping(given: list[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in given]
    if wrong := [pair for pair, (column, _, field) in zip(given, pairs, strict=True)
                 if not column or not field]:  # fmt: skip
        raise UsageError(f"--map {wrong[0]}: write COLUMN=FIELD")
    return {column: field for column, _, field in pairs}


def _show(report: AttackReport) -> None:
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 160)
    table = Table(
        title=f"Attacks on the release of run {report.run_id}: {report.people_in_release:,} people "
        f"of {report.people_in_source:,} in the source",
        title_justify="left",
    )
    table.add_column("attack")
    for head in ("people", "claims", "fell", "by chance", "95%"):
        table.add_column(head, justify="right")
    table.add_column("")
    for r in report.results:
        table.add_row(
            r.attack,
            f"{r.targets:,}",
            f"{r.claims:,}",
            f"{r.fell:,}",
            f"{r.chance:.3g}",
            f"{r.chance_low:,} - {r.chance_high:,}",
            "ABOVE CHANCE" if r.above_chance else "not possible" if not r.targets else "",
        )
    console.print(table)
    for r in report.results:
        details = ", ".join(f"{kind} {number:,}" for kind, number in r.details.items())
        if r.note or details:
            console.print(
                f"{r.attack}: " + "; ".join(part for part in (r.note, details) if part),
                highlight=False,
            )
