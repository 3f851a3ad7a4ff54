"""``veilbeam plan``: the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from transforms.errors import UsageError, VeilbeamError


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
    json_out: Annotated[Path | None, typer.Option("--json", help="Write all figures here.")] = None,
    picture_out: Annotated[
        Path | None, typer.Option("--picture", help="Draw error against ε: .svg or .png.")
    ] = None,
) -> None:
    """Tell what accuracy the budget buys before it is spent; reads no data."""
    from pipelines import pictures
    from pipelines import settings as configuration
    from pipelines.console import tables
    from pipelines.planning import picture, report, terminal
    from pipelines.planning.figures import planned
    from pipelines.planning.sizes import choose, of_releases

    given = choose(sizes, groups, rows, subjects)
    if json_out is not None and not json_out.parent.is_dir():
        raise UsageError(f"--json {json_out}: no folder {json_out.parent}")
    if picture_out is not None:
        pictures.check(picture_out)
    aggregate = configuration.load(config).aggregate
    if aggregate is None:
        raise UsageError(f"{config}: it has no 'aggregate', so there is nothing to plan")
    plans = [
        planned(release, of_release)
        for release, of_release in zip(
            aggregate.releases, of_releases(given, aggregate.releases), strict=True
        )
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
