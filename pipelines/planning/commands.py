"""``veilbeam plan``: the command."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.monitoring.log import Form, LogFormat
from transforms.errors import UsageError, VeilbeamError
from transforms.progress import each

if TYPE_CHECKING:
    from pipelines.planning.sizes import Group
    from pipelines.settings import Settings


def plan(
    config: Annotated[
        str, typer.Option("--config", "-c", help="Configuration file, or a preset's name.")
    ],
    sizes: Annotated[
        Path | None,
        typer.Option("--sizes", help="CSV of expected sizes: release,group,rows,subjects."),
    ] = None,
    groups: Annotated[
        int | None,
        typer.Option("--groups", min=1, max=1_000_000, help="Groups, where keys are private."),
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", min=1, help="Expected records of one group.")
    ] = None,
    subjects: Annotated[
        int | None, typer.Option("--subjects", min=1, help="Expected subjects of one group.")
    ] = None,
    estimate: Annotated[
        float | None,
        typer.Option(
            "--estimate",
            help="Spend this ε on noisy counts of the groups' sizes, entered in the ledger.",
        ),
    ] = None,
    estimate_delta: Annotated[
        float,
        typer.Option("--estimate-delta", help="δ of the estimate, where keys are private."),
    ] = 0.0,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", help="With --estimate: as of run.")
    ] = None,
    restricted: Annotated[
        str | None, typer.Option("--restricted", help="With --estimate: folder of key and ledger.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="With --estimate: as of run.")] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    picture_out: Annotated[
        Path | None, typer.Option("--picture", help="Draw error against ε: .svg or .png.")
    ] = None,
    log_format: LogFormat = Form.TEXT,
) -> None:
    """Tell what accuracy the budget buys before it is spent; reads no data without --estimate."""
    from pipelines import pictures
    from pipelines import settings as configuration
    from pipelines.console import tables
    from pipelines.monitoring.watch import watching
    from pipelines.planning import picture, report, terminal
    from pipelines.planning.figures import planned
    from pipelines.planning.sizes import choose, of_releases

    given = None
    if estimate is None:
        if inputs or restricted or key or estimate_delta:
            raise UsageError("--input, --restricted, --key and --estimate-delta need --estimate")
        given = choose(sizes, groups, rows, subjects)
    elif any(size is not None for size in (sizes, groups, rows, subjects)):
        raise UsageError("give sizes, or have them estimated by --estimate, not both")
    if json_out is not None and not json_out.parent.is_dir():
        raise UsageError(f"--json {json_out}: no folder {json_out.parent}")
    if picture_out is not None:
        pictures.check(picture_out)
    settings = configuration.load(config)
    aggregate = settings.aggregate
    if aggregate is None:
        raise UsageError(f"{config}: it has no 'aggregate', so there is nothing to plan")
    if given is not None:
        found = of_releases(given, aggregate.measured)
    else:
        assert estimate is not None
        found = _estimated(settings, estimate, estimate_delta, inputs, restricted, key)
    with watching():
        plans = [
            planned(release, of_release, estimated=given is None)
            for release, of_release in zip(each(aggregate.measured, "tables"), found, strict=True)
        ]
    terminal.show(plans, tables())
    if json_out is not None:
        try:
            text = json.dumps(report.as_json(plans), indent=2, ensure_ascii=False)
            json_out.write_text(text + "\n", "utf-8")
        except OSError as error:
            raise VeilbeamError(
                f"--json {json_out}: cannot be written ({error.strerror})"
            ) from None
    if picture_out is not None:
        picture.draw(plans, picture_out)


def _estimated(
    settings: Settings,
    epsilon: float,
    delta: float,
    inputs: list[str] | None,
    restricted: str | None,
    key: Path | None,
) -> list[tuple[Group, ...]]:
    """The groups of each release, as noisy counts tell; what they cost is said."""
    import logging

    from pipelines.console import tables
    from pipelines.monitoring.watch import watching
    from pipelines.planning import terminal
    from pipelines.planning.estimate import estimated, estimates
    from pipelines.zones import RestrictedZone
    from transforms.aggregate.settings import Amount
    from transforms.ingest.check import check_source
    from transforms.pseudonymise.keys import KeySource

    assert settings.aggregate is not None
    if not inputs or restricted is None:
        raise UsageError("--estimate counts in data: give --input, and --restricted for the ledger")
    if not (0 < epsilon < math.inf and 0 <= delta < 1):
        raise UsageError("--estimate is an ε above 0, --estimate-delta a δ from 0 to below 1")
    aggregate = estimates(settings.aggregate, epsilon, delta)
    source = check_source(inputs, settings.source, settings.specs)
    zone = RestrictedZone(restricted)
    logging.getLogger().setLevel(logging.WARNING)
    with watching():
        groups, entries = estimated(
            settings, aggregate, inputs, source.size, zone, KeySource.choose(key, zone.key)
        )
    terminal.show_estimates(entries, Amount.spent(epsilon, delta), tables())
    return groups
