"""``veilbeam init``: the command."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from pipelines.monitoring.log import Form, LogFormat
from transforms.errors import UsageError, VeilbeamError


def init(
    inputs: Annotated[
        list[str],
        typer.Option(
            "--input", "-i", help="File, folder or glob, of any Beam file system; repeatable."
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Configuration file to write.")
    ] = Path("veilbeam.yaml"),
    force: Annotated[
        bool, typer.Option("--force", help="Write over a file that is there.")
    ] = False,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Propose a configuration for a source: a role for each field, and why."""
    from pipelines.console import tables
    from pipelines.monitoring.watch import watching
    from pipelines.proposal import terminal
    from pipelines.proposal.initialise import initialise

    if output.exists() and not force:
        raise UsageError(f"--output {output}: is there already. Give another name, or --force.")
    if not output.parent.is_dir():
        raise UsageError(f"--output {output}: no folder {output.parent}")
    try:
        with watching():
            made = initialise(inputs, output)
    except VeilbeamError:
        raise
    except Exception as error:
        # Its text may hold what it failed on.
        raise VeilbeamError(
            f"init failed ({type(error).__name__}), and wrote nothing. Begin with a preset in its "
            "place: veilbeam check --config telehealth"
        ) from None
    try:
        with output.open("w" if force else "x", encoding="utf-8") as file:
            file.write(made.text)
    except OSError as error:
        raise VeilbeamError(f"{output}: cannot be written ({type(error).__name__})") from None
    terminal.show(made, tables())
    given = " ".join(f"--input {shlex.quote(pattern)}" for pattern in inputs)
    if any("@" in pattern for pattern in inputs):  # a URL with a password
        given = "--input ..."
    name = shlex.quote(str(output))
    typer.echo(
        f"\nWritten: {output}. Read it, then:\n"
        f"  veilbeam check --config {name} {given}\n"
        f"  veilbeam run --config {name} {given} --release out/release --restricted out/restricted"
    )
