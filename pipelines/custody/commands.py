"""``veilbeam key``, ``reidentify``, ``forget`` and ``custody``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.monitoring.log import Form, LogFormat
from transforms.errors import UsageError, VeilbeamError

if TYPE_CHECKING:
    from transforms.pseudonymise.keys import KeyRing

app = typer.Typer(rich_markup_mode=None)
key_app = typer.Typer(
    name="key",
    help="Make, rotate, derive from and destroy the root secret.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(key_app)

Restricted = Annotated[
    Path, typer.Option("--restricted", help="The restricted folder: the log of this is kept there.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", help="Key file. Default: $VEILBEAM_KEY, else that in the folder."),
]
Kms = Annotated[
    str | None,
    typer.Option(
        "--kms", help="Service that wraps it: file:///PATH, aws-kms://alias/NAME, aws-kms://ARN."
    ),
]


@key_app.command("create")
def key_create(restricted: Restricted, key: KeyFile = None, kms: Kms = None) -> None:
    """Make a root secret, for its owner alone."""
    from pipelines.custody import keys

    _show(keys.create(restricted, key, kms))


@key_app.command("rotate")
def key_rotate(restricted: Restricted, key: KeyFile = None, kms: Kms = None) -> None:
    """Make a new root secret; the older ones stay, for opening what they encrypted."""
    from pipelines.custody import keys

    _show(keys.rotate(restricted, key, kms))
    typer.echo(
        "From now on pseudonyms, offsets and splits are others: releases made before and after "
        "cannot be joined."
    )


@key_app.command("derive")
def key_derive(
    restricted: Restricted,
    purpose: Annotated[
        str,
        typer.Option("--purpose", help="encryption, format, tokens or parquet: what it opens."),
    ],
    project: Annotated[str, typer.Option("--project", help="As the configuration names it.")],
    out: Annotated[Path, typer.Option("--out", help="New file for the key, of mode 0600.")],
    key: KeyFile = None,
) -> None:
    """Write the key of one purpose and project, for whoever may open that and nothing else."""
    from pipelines.custody import keys

    if purpose not in ("encryption", "format", "tokens", "parquet"):
        raise UsageError("--purpose: give encryption, format, tokens or parquet")
    derived = keys.derive(restricted, key, purpose, project, out)
    typer.echo(f"Key for {purpose} of project '{project}', from {derived.fingerprint}: {out}")


@key_app.command("destroy")
def key_destroy(
    restricted: Restricted,
    fingerprints: Annotated[
        list[str], typer.Argument(help="Fingerprint of each version to be destroyed, as said here.")
    ],
    key: KeyFile = None,
) -> None:
    """Destroy versions of the root secret for good: what they encrypted can never be opened."""
    from pipelines.custody import keys

    ring = keys.destroy(restricted, key, fingerprints)
    typer.echo(
        f"Destroyed: {', '.join(fingerprints)}. What they encrypted stays closed and their tokens "
        "lead nowhere, as long as no copy is left: look for backups, snapshots and files made by "
        "'key derive', and for a wrapped key destroy the wrapping one in its service."
    )
    _show(ring)


@app.command()
def reidentify(
    restricted: Restricted,
    release: Annotated[str, typer.Option("--release", help="The release that holds the values.")],
    field: Annotated[str, typer.Option("--field", help="Its field, as the release names it.")],
    values: Annotated[
        str,
        typer.Option("--values", help="An encrypted value, a file with one a line, or - (stdin)."),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why: it goes into the log.")] = "",
    key: KeyFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
) -> None:
    """Open encrypted values; who, when, why and which goes into the custody log first."""
    from pipelines.custody.reidentify import reidentify as open_values

    opened = open_values(restricted, release, field, values, reason, key)
    for stand_in, value in opened.values:
        if as_json:
            typer.echo(json.dumps({"encrypted": stand_in, "value": value}, ensure_ascii=False))
        elif value is not None:
            typer.echo(f"{stand_in}\t{value}")
    typer.echo(f"veilbeam: entered in the custody log; its hash is now {opened.head}", err=True)
    if not opened.authenticated:
        typer.echo(
            "veilbeam: values in their own format are not authenticated: one that was changed "
            "opens to another value.",
            err=True,
        )
    closed = [i for i, (_, value) in enumerate(opened.values, start=1) if value is None]
    if closed:
        raise VeilbeamError(
            f"{len(closed)} of {len(opened.values)} values cannot be opened (the first is number "
            f"{closed[0]}): they were changed, or are of another project than the release."
        )


@app.command()
def forget(
    restricted: Restricted,
    release: Annotated[
        list[str], typer.Option("--release", help="A release to take records out of; repeatable.")
    ],
    subject: Annotated[
        str,
        typer.Option("--subject", help="The subject's id as the source has it, or - (stdin)."),
    ],
    key: KeyFile = None,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Take a subject's records out of releases: each is the old or the new one at any moment."""
    from pipelines.custody.forget import forget as take_out
    from pipelines.monitoring.watch import watching

    if subject == "-":
        subject = sys.stdin.readline().rstrip("\r\n")
    with watching():
        done = take_out(restricted, release, subject, key)
    for one in done:
        if not one.erased:
            typer.echo(f"{one.release}: holds no record of this subject; nothing was changed.")
            continue
        records = f"{one.erased:,} record{'s' * (one.erased > 1)}"
        typer.echo(f"{one.release}: {records} taken out, {one.left:,} left.")
        if one.has_risk:
            typer.echo(
                f"{one.release}: its figures of risk are as they were before; the classes of these "
                "records are smaller by one subject now."
            )
        if one.tables:
            typer.echo(
                f"{one.release}: its {one.tables} tables with differential privacy stay as they "
                "are. What they can tell of any one subject was bounded when they were made, and "
                "cannot be taken back."
            )
    typer.echo(
        "Not changed: the source (the next run would publish the records again), quarantined "
        "records and exact tables in the restricted folder's runs, copies that others have, "
        "backups."
    )


@app.command()
def custody(
    restricted: Restricted,
    head: Annotated[
        str | None, typer.Option("--head", help="A hash noted earlier: nothing before it is gone.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON Lines, for machines.")] = False,
) -> None:
    """Show the log of what was opened, erased and destroyed, and check its chain."""
    from pipelines.console import tables
    from pipelines.custody.terminal import table_of
    from pipelines.custody.zone import existing_zone
    from transforms.custody import GENESIS, CustodyLog

    zone = existing_zone(restricted)
    entries = CustodyLog(zone.custody).verify(head)
    if as_json:
        for entry in entries:
            typer.echo(json.dumps(vars(entry)))
        return
    if entries:
        tables().print(table_of(entries))
    typer.echo(
        f"{len(entries):,} entries, the chain is whole. Last hash: "
        f"{entries[-1].hash if entries else GENESIS}"
    )


def _show(ring: KeyRing) -> None:
    for number, version in enumerate(ring.versions):
        kept = f"wrapped by {version.url}" if version.url else "in the clear"
        typer.echo(f"{version.fingerprint}  {'older' if number else 'current'}, {kept}")
    for fingerprint, date in ring.destroyed:
        typer.echo(f"{fingerprint}  destroyed on {date}")
