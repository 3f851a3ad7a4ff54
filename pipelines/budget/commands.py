"""``veilbeam budget``: what privacy was spent, what is left, and proof of both."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transforms.errors import UsageError, VeilbeamError

if TYPE_CHECKING:
    from transforms.aggregate.ledger import Ledger

app = typer.Typer(
    name="budget",
    help="What privacy was spent, what is left, and proof of both.",
    rich_markup_mode=None,
)

Restricted = Annotated[
    Path | None, typer.Option("--restricted", help="The restricted folder of the runs.")
]
LedgerUrl = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        help="postgresql://USER@HOST/DATABASE or sqlite:///FILE. Default: $VEILBEAM_LEDGER, else "
        "what the configuration names, else the file in the restricted folder.",
    ),
]
Config = Annotated[
    str | None, typer.Option("--config", "-c", help="Configuration that names the ledger.")
]
Picture = Annotated[
    Path | None, typer.Option("--picture", help="Draw spending over time: .svg or .png.")
]


@app.callback(invoke_without_command=True)
def budget(
    context: typer.Context,
    restricted: Restricted = None,
    ledger: LedgerUrl = None,
    config: Config = None,
    picture: Picture = None,
) -> None:
    """Show what is left of each budget, as 'show' does, or run one of the commands."""
    if context.invoked_subcommand is None:
        show(restricted, ledger, config, picture)
    elif any(given is not None for given in (restricted, ledger, config, picture)):
        raise UsageError(f"give the options after '{context.invoked_subcommand}'")


@app.command()
def show(
    restricted: Restricted = None,
    ledger: LedgerUrl = None,
    config: Config = None,
    picture: Picture = None,
) -> None:
    """Show what is left, per data set and population, and which releases spent it."""
    from pipelines import pictures
    from pipelines.budget import picture as drawing
    from pipelines.budget import terminal
    from pipelines.console import tables

    if picture is not None:
        pictures.check(picture)
    opened = _open(restricted, ledger, config)
    log = opened.events()
    if not log:
        typer.echo(f"{opened.name}: nothing was spent yet.")
        return
    now = datetime.now(UTC)
    terminal.show(log, now, tables())
    if picture is not None:
        drawing.draw(log, now, picture)


@app.command()
def verify(
    restricted: Restricted = None,
    ledger: LedgerUrl = None,
    config: Config = None,
    releases: Annotated[
        list[str] | None,
        typer.Option(
            "--release", help="Release whose manifest notes the ledger's head; repeatable."
        ),
    ] = None,
) -> None:
    """Check the ledger for any edit, deletion, reorder or cut; exit with 1 if there is one."""
    from pipelines.budget.terminal import notes
    from transforms.publish.manifest import read_manifest

    opened = _open(restricted, ledger, config)
    noted = []
    for release in releases or []:
        head = read_manifest(release).ledger_head
        if head is None:
            raise UsageError(f"--release {release}: its manifest notes no head of a ledger")
        noted.append(head)
    verified = opened.verify(noted)
    if verified.head is None:
        raise VeilbeamError(f"{opened.name}: there is no ledger")
    for note in notes(opened.events()):
        typer.echo(note)
    typer.echo(
        f"{opened.name}: {verified.head.entries:,} entries in order, their chain and tables whole"
        + (", the heads that releases note among them" if noted else "")
        + f". Last entry: {verified.head.hash}"
    )


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write; it is restricted too.")],
    form: Annotated[str, typer.Option("--format", help="csv or json.")] = "json",
    restricted: Restricted = None,
    ledger: LedgerUrl = None,
    config: Config = None,
) -> None:
    """Write all entries for an auditor."""
    from pipelines.budget.export import Format
    from pipelines.budget.export import export as text_of

    if form not in list(Format):
        raise UsageError(f"--format {form}: give {' or '.join(Format)}")
    log = _open(restricted, ledger, config).events()
    text = text_of(log, Format(form), datetime.now(UTC))
    try:
        # It holds digests of the input, as the ledger does: for its owner alone.
        number = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise VeilbeamError(f"--out {out}: cannot be written ({error.strerror})") from None
    typer.echo(f"{len(log):,} entries: {out}")


def _open(restricted: Path | None, url: str | None, config: str | None) -> Ledger:
    from pipelines.ledgers import open_ledger

    if restricted is not None and not restricted.is_dir():
        raise UsageError(f"--restricted {restricted}: no such folder")
    settings = None
    if config is not None:
        from pipelines import settings as configuration

        settings = configuration.load(config).aggregate
    return open_ledger(restricted, settings, url)
