"""``veilbeam studio``: the command."""

from __future__ import annotations

import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from transforms.errors import UsageError

NEEDED = ("starlette", "uvicorn", "jinja2")


def studio(
    config: Annotated[
        Path, typer.Option("--config", "-c", help="Configuration file; saving changes it.")
    ],
    sample: Annotated[
        list[str] | None,
        typer.Option(
            "--sample",
            help="File whose first records the preview shows, on this machine alone; repeatable. "
            "Default: made-up records.",
        ),
    ] = None,
    restricted: Annotated[
        Path | None,
        typer.Option("--restricted", help="The restricted folder of the runs: what was spent."),
    ] = None,
    ledger: Annotated[
        str | None, typer.Option("--ledger", help="The ledger, where it is kept elsewhere.")
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Tune a configuration on a page of this machine, with a preview, errors and budget."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"'veilbeam studio' needs {', '.join(missing)}: pip install 'veilbeam[studio]'"
        )
    from configs import PRESETS
    from pipelines import settings as configuration
    from pipelines.studio import server
    from pipelines.studio.guard import Access
    from pipelines.studio.preview import Preview

    if str(config) in PRESETS and not config.exists():
        raise UsageError(
            f"--config {config}: a preset is not changed in place; copy it and open the copy: "
            f"cp {PRESETS[str(config)]} my.yaml"
        )
    if restricted is not None and not restricted.is_dir():
        raise UsageError(f"--restricted {restricted}: no such folder")
    settings = configuration.load(config)
    preview = Preview(tuple(sample or ()))
    preview.check(settings)
    listening = server.listen(port)
    access = Access(listening.getsockname()[1])
    typer.echo(
        f"{config}: open {access.address}\n"
        "The address opens the page on this machine alone; keep it to yourself. Ctrl-C ends it."
    )
    page = server.Studio(config, preview, restricted, ledger)
    # uvicorn ends in order, then raises what it was ended by.
    with _opened(access.address if browser else None), suppress(KeyboardInterrupt):
        server.serve(page, access, listening)


@contextmanager
def _opened(address: str | None) -> Iterator[None]:
    """Open the page in the user's browser, by way of a file of this user alone: the command line
    of a browser is seen by all users of a machine, and the address holds the token."""
    if address is None:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="veilbeam-studio-") as folder:
        way = Path(folder) / "open.html"
        way.write_text(
            f'<!doctype html><meta name="referrer" content="no-referrer">'
            f'<meta http-equiv="refresh" content="0; url={escape(address)}">',
            encoding="utf-8",
        )
        webbrowser.open(way.as_uri())
        yield
