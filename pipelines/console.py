"""What a person sees while a run works: live progress on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from transforms import progress
from transforms.progress import Tally

WIDE = 160
"""Columns of a table where no terminal says how wide it is."""

_LINE_EVERY_SECONDS = 10.0


def tables() -> Console:
    """Standard output, for tables: where it is no terminal, they need not be narrow."""
    return Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)


@contextmanager
def logged_to(file: Path) -> Iterator[TextIO]:
    """Send all that this process and its children write to standard error into a file.

    Libraries and worker processes log errors there with the values on which they failed: those
    belong in the restricted zone. Yields the real standard error.
    """
    sys.stderr.flush()
    real = os.dup(2)
    log = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    os.close(log)
    try:
        with os.fdopen(os.dup(real), "w", encoding="utf-8") as shown:
            yield shown
    finally:
        sys.stderr.flush()
        os.dup2(real, 2)
        os.close(real)


@contextmanager
def progress_of(folder: Path, total_bytes: int, shown: TextIO) -> Iterator[None]:
    """Show, until left, what the run's worker processes count in ``folder``."""
    stop = threading.Event()
    show = _live if shown.isatty() else _lines
    thread = threading.Thread(target=show, args=(folder, total_bytes, shown, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _live(folder: Path, total_bytes: int, shown: TextIO, stop: threading.Event) -> None:
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    started = time.monotonic()
    with Progress(*columns, console=Console(file=shown), transient=True) as bar:
        task = bar.add_task("starting", total=total_bytes or None)
        while not stop.wait(0.25):
            tally = progress.read(folder)
            text = _text(tally, total_bytes, time.monotonic() - started)
            bar.update(task, completed=tally.bytes, description=text)


def _lines(folder: Path, total_bytes: int, shown: TextIO, stop: threading.Event) -> None:
    started = time.monotonic()
    while not stop.wait(_LINE_EVERY_SECONDS):
        tally = progress.read(folder)
        text = _text(tally, total_bytes, time.monotonic() - started)
        print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}", file=shown, flush=True)


def _text(tally: Tally, total_bytes: int, seconds: float) -> str:
    parts = [
        f"{tally.records:,} records in",
        f"{tally.identifiers:,} identifiers found",
        f"{tally.records / max(seconds, 1e-9):,.0f} records/s",
    ]
    if 0 < tally.bytes <= total_bytes:
        left = seconds * (total_bytes - tally.bytes) / tally.bytes
        parts.append(f"{int(left // 60)}:{int(left % 60):02} left")
    return ", ".join(parts)
