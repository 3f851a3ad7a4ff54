"""The ``veilbeam`` command.

Exit codes: 0 done; 1 failed, nothing published; 2 bad usage, configuration or source; 3 done, with
more quarantined records than the configuration's threshold; 130 interrupted, nothing published.
"""

from __future__ import annotations

import json
import logging
import signal
import sys
import threading
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipelines.attack import commands as attack
from pipelines.budget import commands as budget
from pipelines.console import tables
from pipelines.custody import commands as custody
from pipelines.monitoring.log import LOG, Form, LogFormat
from pipelines.planning import commands as planning
from pipelines.proposal import commands as proposal
from pipelines.published import commands as published
from pipelines.studio.commands import studio
from transforms.errors import UsageError, VeilbeamError

if TYPE_CHECKING:
    # Commands import what they need: help and errors should not wait for Beam.
    from pipelines.training_set import Job
    from transforms.publish.inspect import Inspection
    from transforms.publish.manifest import Manifest

FAILED, USAGE, QUARANTINED, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    name="veilbeam",
    help=(
        "Telehealth consultations in, a data set that is safe to train on out.\n\n"
        "Exit codes: 0 done; 1 failed, nothing published; 2 bad usage, configuration or source; "
        "3 done, with more quarantined records than the configuration's threshold; 130 interrupted."
    ),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(budget.app)
app.add_typer(custody.app)
app.add_typer(published.app)
app.add_typer(attack.app)
app.command()(planning.plan)
app.command()(studio)
app.command()(proposal.init)

Config = Annotated[
    str, typer.Option("--config", "-c", help="Configuration file, or a preset's name (telehealth).")
]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        "-i",
        help="File, folder or glob, of any Beam file system, or a database's URL; repeatable.",
    ),
]


@app.command()
def run(
    config: Config,
    inputs: Inputs,
    release: Annotated[
        str, typer.Option("--release", help="Folder that may be shared: new or empty.")
    ],
    restricted: Annotated[
        str,
        typer.Option("--restricted", help="Folder that never leaves: key, ledger, quarantine."),
    ],
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            help="File of the root secret. Default: $VEILBEAM_KEY, else a key "
            "that the first run makes in the restricted folder.",
        ),
    ] = None,
    lineage: Annotated[
        str | None,
        typer.Option(
            "--lineage", help="Send OpenLineage events: to a server's URL, or a file of JSON lines."
        ),
    ] = None,
    lineage_source: Annotated[
        str | None,
        typer.Option(
            "--lineage-source",
            help="What lineage calls the input: a URL or path. Default: the project's name, since "
            "names of files may be those of patients.",
        ),
    ] = None,
    metrics: Annotated[
        Path | None,
        typer.Option("--metrics", help="Write Prometheus metrics, for node_exporter: *.prom."),
    ] = None,
    log_format: LogFormat = Form.TEXT,
    beam_options: Annotated[
        list[str] | None, typer.Argument(help="Beam's options, after --.", show_default=False)
    ] = None,
) -> None:
    """Make a release of a source of consultations."""
    from pipelines import launch, training_set
    from pipelines import settings as configuration
    from pipelines.console import logged_to
    from pipelines.monitoring.observers import Observer, observed
    from pipelines.zones import RestrictedZone
    from transforms.ingest.check import check_source
    from transforms.pseudonymise.keys import KeySource

    settings = configuration.load(config)
    launch.beam_options(beam_options or [])
    observers: list[Observer] = []
    if lineage is not None:
        from pipelines.monitoring.lineage import Lineage

        observers.append(Lineage.to(lineage, lineage_source))
    elif lineage_source is not None:
        raise UsageError("--lineage-source is for --lineage")
    if metrics is not None:
        from pipelines.monitoring.metrics import Metrics

        observers.append(Metrics(metrics))
    source = check_source(inputs or [], settings.source, settings.specs)
    zone = RestrictedZone(restricted, release)
    job = training_set.Job(
        settings=settings,
        inputs=inputs or [],
        input_bytes=source.size,
        taken=source.formats,
        release=release,
        restricted=zone,
        key=KeySource.choose(key, zone.key),
        beam_options=beam_options or [],
        run_id=LOG.run_id,
    )
    logging.getLogger().setLevel(logging.WARNING)
    interrupted = threading.Event()

    def interrupt(*_: object) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    # Beam makes other errors of it.
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    with logged_to(job.folder / "run.log") as shown:
        try:
            with observed(job, shown, observers, interrupted.is_set):
                manifest = training_set.run(job)
        except KeyboardInterrupt:
            raise typer.Exit(_interrupted()) from None
        except Exception as error:
            if interrupted.is_set():
                raise typer.Exit(_interrupted()) from None
            if isinstance(error, VeilbeamError):
                raise
            # Its text may hold what it failed on.
            traceback.print_exc()
            raise VeilbeamError(
                f"The run failed ({type(error).__name__}). Nothing was published. What is known "
                f"stands in {job.folder / 'run.log'} (it may hold raw values: do not share it)."
            ) from None
    _report(manifest, job)
    share = manifest.counts.quarantined / max(manifest.counts.read, 1)
    if share > settings.quarantine.threshold:
        raise typer.Exit(QUARANTINED)


@app.command()
def check(
    config: Annotated[str | None, typer.Option("--config", "-c", help="File or preset.")] = None,
    inputs: Inputs = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of the configuration and stop.")
    ] = False,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Validate a configuration, and a source against it, without running."""
    from pipelines import settings as configuration

    if schema:
        typer.echo(json.dumps(configuration.json_schema(), indent=2))
        return
    if config is None:
        raise UsageError("give --config FILE (or --schema)")
    from pipelines.explain import explain

    explain(configuration.load(config), inputs or [], tables())


@app.command()
def evaluate(
    gold: Annotated[
        list[Path],
        typer.Option("--gold", "-g", help="Annotated texts: file, or brat's folder; repeatable."),
    ],
    gold_format: Annotated[
        str | None,
        typer.Option(
            "--format", help="jsonl, brat or presidio-research. Default: told from the content."
        ),
    ] = None,
    config: Config = "telehealth",
    labels: Annotated[
        Path | None, typer.Option("--labels", help="What your labels mean: LABEL: KIND, in YAML.")
    ] = None,
    json_out: Annotated[
        Path | None, typer.Option("--json", help="Write all figures and places here.")
    ] = None,
    picture_out: Annotated[
        Path | None, typer.Option("--picture", help="Draw recall and precision: .svg or .png.")
    ] = None,
    min_recall: Annotated[
        float | None,
        typer.Option("--min-recall", min=0, max=1, help="Exit with 1 if recall in all is lower."),
    ] = None,
    show_values: Annotated[
        bool,
        typer.Option("--show-values", help="Show what leaked, on the terminal alone: it is raw."),
    ] = False,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Measure detection on texts that you have annotated yourself."""
    from pipelines import pictures
    from pipelines.evaluation import picture, report, terminal
    from pipelines.evaluation.evaluate import evaluate as measure
    from pipelines.evaluation.formats import named
    from pipelines.monitoring.watch import watching

    for out in (json_out, picture_out):
        if out is not None and not out.parent.is_dir():
            raise UsageError(f"{out}: no folder {out.parent}")
    if picture_out is not None:
        pictures.check(picture_out)
    with watching():
        measured = measure(gold, named(gold_format), config, labels)
    terminal.show(measured, tables(), show_values)
    try:
        if json_out is not None:
            json_out.write_text(json.dumps(report.as_json(measured), indent=2) + "\n", "utf-8")
        if picture_out is not None:
            picture.draw(measured, picture_out)
    except OSError as error:
        raise VeilbeamError(
            f"{error.filename}: cannot be written ({type(error).__name__})"
        ) from None
    if min_recall is not None:
        if measured.recall is None:
            raise UsageError("--min-recall: the texts hold no gold span of an identifier")
        if measured.recall < min_recall:
            raise VeilbeamError(f"recall {measured.recall:.4f} is below {min_recall:g}")


@app.command()
def sample(
    output: Annotated[Path, typer.Argument(help="File to write: .jsonl, .csv or .parquet.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="Consultations.")] = 300,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same file.")] = 7,
    canaries: Annotated[
        int,
        typer.Option("--canaries", min=0, help="So many with words that must never come out."),
    ] = 0,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Write synthetic sample consultations; nobody's data."""
    from pipelines.monitoring.watch import watching
    from pipelines.sample import write

    with watching():
        write(output, count, seed, canaries=canaries)
    typer.echo(f"{count:,} synthetic consultations: {output}")


@app.command()
def inspect(
    folder: Annotated[str, typer.Argument(help="A release.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="Key of an encrypted release, to check what its files hold."),
    ] = None,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Show what a release holds, and check its checksums and counts."""
    from pipelines.monitoring.watch import watching
    from transforms.publish.encryption import Decryption
    from transforms.publish.inspect import inspect as inspect_release

    with watching():
        found = inspect_release(folder, None if key is None else Decryption.load(key))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
    else:
        _show(found, with_key=key is not None)
    if found.problems:
        raise typer.Exit(FAILED)


def _interrupted() -> int:
    LOG.say("Interrupted. Nothing was published.", "interrupted", "error")
    return INTERRUPTED


def _report(manifest: Manifest, job: Job) -> None:
    from pipelines import risk, taken

    counts = manifest.counts
    LOG.event(
        "published", **counts.model_dump(), quarantine=manifest.quarantine, splits=manifest.splits
    )
    typer.echo(
        f"{counts.read:,} consultations read: {counts.published:,} published, "
        f"{counts.quarantined:,} quarantined"
        + (f", {counts.merged:,} merged as copies of others." if counts.merged else ".")
    )
    typer.echo("What was taken from where:")
    for name, *numbers in taken.lines(manifest.sources):
        typer.echo(f"  {name:<20}" + "".join(f"{number:>13}" for number in numbers))
    for reason, number in sorted(manifest.quarantine.items()):
        typer.echo(f"  quarantined: {number:,} ({reason})")
    found = sorted(manifest.detections.items(), key=lambda item: -item[1])
    typer.echo(
        f"{sum(manifest.detections.values()):,} identifiers found in text: "
        + ", ".join(f"{entity} {number:,}" for entity, number in found)
    )
    for table in manifest.aggregates:
        typer.echo(f"Table {table.name}: ε={table.epsilon:g}, δ={table.delta:g}")
    for line in risk.summary(manifest.risk):
        typer.echo(line)
    typer.echo(
        f"\nRelease (may be shared):  {job.release}\n"
        f"  start with              {job.release}/report.html\n"
        f"  the data card           {job.release}/README.md\n"
        f"  check it                veilbeam inspect {job.release}\n"
        f"Restricted (never share): {job.restricted.folder}\n"
        f"  this run                {job.folder}"
    )
    for remark in job.remarks:
        LOG.say(remark, "remark")


def _show(found: Inspection, with_key: bool) -> None:
    from transforms.publish.documents import DOCUMENTS

    console, manifest = tables(), found.manifest
    counts = manifest.counts
    console.print(
        f"Release of run {manifest.run_id}, {manifest.created:%Y-%m-%d %H:%M} UTC, by Veilbeam "
        f"{manifest.veilbeam}; key {manifest.key_fingerprint}",
        highlight=False,
    )
    console.print(
        f"{counts.read:,} read = {counts.published:,} published + {counts.quarantined:,} "
        "quarantined"
        + (f" + {counts.merged:,} merged; " if counts.merged else "; ")
        + ", ".join(f"{split} {n:,}" for split, n in manifest.splits.items())
    )
    columns = Table(title="Columns", title_justify="left")
    for head in ("column", "type", "role", "treatment"):
        columns.add_column(head, overflow="fold")
    for column in manifest.columns:
        columns.add_row(column.name, column.type, column.role.value, column.treatment.value)
    console.print(columns)
    for table in manifest.aggregates:
        console.print(f"Table {table.name}: {table.file}, ε={table.epsilon:g}, δ={table.delta:g}")
    for path, what in DOCUMENTS.items():
        if any(file.path == path for file in manifest.files):
            console.print(f"{what}: {path}", highlight=False)
    if found.problems:
        console.print("[bold red]Not as it was published:[/]")
        for problem in found.problems:
            console.print(f"  {problem}", highlight=False)
    else:
        console.print(f"{len(manifest.files):,} files: all checksums and counts are right.")
        if manifest.encrypted and not with_key:
            console.print("The records are encrypted; to check what is in them, give --key.")


def main() -> None:
    """Entry point of the console script."""
    # Libraries' warnings are for developers.
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.ERROR)
    try:
        app()
    except VeilbeamError as error:
        LOG.say(str(error), "failed", "error", exit_code=error.exit_code)
        sys.exit(error.exit_code)
    except SystemExit as left:
        LOG.event("finished", exit_code=left.code or 0)
        raise


if __name__ == "__main__":
    main()
