"""``veilbeam export`` and ``diff``: what can be done with a release that is finished."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.monitoring.log import Form, LogFormat
from transforms.errors import UsageError

app = typer.Typer(rich_markup_mode=None)
export_app = typer.Typer(
    name="export",
    help="Write a release in another form.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(export_app)


@export_app.callback()
def export() -> None:
    """Write a release in another form."""


@export_app.command()
def chat(
    release: Annotated[str, typer.Option("--release", help="A release.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the chats: new.")],
    form: Annotated[str, typer.Option("--format", help="parquet or jsonl.")] = "parquet",
    role: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            help="SPEAKER=user, assistant, system or drop; repeatable. Default: patient=user, "
            "clinician=assistant, doctor=assistant.",
        ),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="Column that the assistant writes at the end.")
    ] = None,
    instruction: Annotated[
        str | None, typer.Option("--instruction", help="What the user says before the target.")
    ] = None,
    system: Annotated[
        str | None, typer.Option("--system", help="System message that opens each chat.")
    ] = None,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", help="Column that stays too; repeatable.")
    ] = None,
    speaker: Annotated[
        str | None, typer.Option("--speaker", help="Column of who speaks, as turns.speaker.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="Column of what is said, as turns.text.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", help="Key of an encrypted release: its file.")
    ] = None,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Write a release's dialogues as chats (messages with roles), for fine-tuning."""
    from pipelines.monitoring.watch import watching
    from pipelines.published import chats

    if form not in ("parquet", "jsonl"):
        raise UsageError("--format: give parquet or jsonl")
    if instruction is not None and target is None:
        raise UsageError("--instruction asks for the target: give --target COLUMN too")
    with watching():
        written = chats.export(
            release,
            out,
            form="parquet" if form == "parquet" else "jsonl",
            roles=role or [],
            target=target,
            instruction=instruction,
            system=system,
            keep=keep or [],
            speaker=speaker,
            text=text,
            key=key,
        )
    counted = ", ".join(f"{split} {number:,}" for split, number in written.chats.items())
    typer.echo(f"{sum(written.chats.values()):,} chats ({counted}): {out}")
    if written.left_out:
        typer.echo(f"{written.left_out:,} records have no dialogue or no target, and no chat.")


@app.command()
def diff(
    before: Annotated[str, typer.Argument(help="A release.", metavar="RELEASE_A")],
    after: Annotated[str, typer.Argument(help="Another release.", metavar="RELEASE_B")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
) -> None:
    """Tell what changed from one release to another; no record is read."""
    from pipelines.console import tables
    from pipelines.published import terminal
    from transforms.publish.difference import difference
    from transforms.publish.manifest import read_manifest

    found = difference(read_manifest(before), read_manifest(after))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        terminal.show(found, tables())
