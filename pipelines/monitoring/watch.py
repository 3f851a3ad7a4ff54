"""What is seen of a command while it works: live progress on a terminal, plain lines elsewhere, or
lines of the JSON log. And how long each of its stages took."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from pipelines.monitoring.log import LOG, Form
from transforms import progress
from transforms.progress import Tally

_LINE_EVERY_SECONDS = 10.0


class Watch:
    """How far the command is (a ``progress.Watcher``); read by the thread that shows it."""

    def __init__(self) -> None:
        self._started = self._entered = time.monotonic()
        self._stage: str | None = None
        self._seconds: dict[str, float] = {}
        self._step: tuple[str, int, int | None] | None = None
        self._folder: Path | None = None
        self._total_bytes = 0
        self._counted: str | None = None

    def enter(self, stage: str) -> None:
        """A stage of the work begins."""
        self._leave()
        self._stage, self._step = stage, None
        LOG.stage = stage
        LOG.event("stage")

    def counted_in(self, folder: Path, total_bytes: int) -> None:
        """Worker processes count in a folder, in the stage that has begun."""
        self._folder, self._total_bytes, self._counted = folder, total_bytes, self._stage

    def step(self, what: str, done: int, total: int | None) -> None:
        """So many are done."""
        self._step = what, done, total

    @property
    def seconds(self) -> dict[str, float]:
        """How long each stage took, in their order; that of the last until now."""
        self._leave()
        return dict(self._seconds)

    def _leave(self) -> None:
        now = time.monotonic()
        if self._stage is not None:
            before = self._seconds.get(self._stage, 0.0)
            self._seconds[self._stage] = before + now - self._entered
        self._entered = now

    @property
    def facts(self) -> dict[str, Any]:
        """How far the stage is, for machines."""
        if (step := self._step) is not None:
            return {"done": step[1], "total": step[2]}
        if (tally := self._tally) is not None:
            return {**tally._asdict(), "total_bytes": self._total_bytes or None}
        return {}

    @property
    def share(self) -> tuple[int, int | None]:
        """What is done, of how much; None where that is not known."""
        if (step := self._step) is not None:
            return step[1], step[2]
        if (tally := self._tally) is not None:
            return tally.bytes, self._total_bytes or None
        return 0, None

    @property
    def text(self) -> str:
        """How far the stage is, in words."""
        if (step := self._step) is not None:
            what, done, total = step
            return f"{done:,} {what}" if total is None else f"{done:,} of {total:,} {what}"
        if (tally := self._tally) is not None:
            return self._counts(tally)
        return self._stage or "starting"

    @property
    def _tally(self) -> Tally | None:
        folder = self._folder
        try:
            # The folder may be a temporary one.
            return progress.read(folder) if folder is not None and folder.is_dir() else None
        except OSError:
            return None

    def _counts(self, tally: Tally) -> str:
        seconds = max(time.monotonic() - self._started, 1e-9)
        parts = [
            f"{tally.records:,} records in",
            f"{tally.identifiers:,} identifiers found",
            f"{tally.records / seconds:,.0f} records/s",
        ]
        if self._stage != self._counted:
            parts.append(str(self._stage))
        elif 0 < tally.bytes <= self._total_bytes:
            left = seconds * (self._total_bytes - tally.bytes) / tally.bytes
            parts.append(f"{int(left // 60)}:{int(left % 60):02} left")
        return ", ".join(parts)


@contextmanager
def watching(shown: TextIO | None = None) -> Iterator[Watch]:
    """Show how far this process is, until left; on standard error as it is now, if not told."""
    if shown is None:
        with os.fdopen(os.dup(2), "w", encoding="utf-8") as own, watching(own) as watch:
            yield watch
        return
    watch, stop = Watch(), threading.Event()
    show = _objects if LOG.form is Form.JSON else _live if shown.isatty() else _lines
    thread = threading.Thread(target=show, args=(watch, shown, stop), daemon=True)
    thread.start()
    try:
        with progress.watched_by(watch), LOG.to(shown):
            yield watch
    finally:
        stop.set()
        thread.join()


def _live(watch: Watch, shown: TextIO, stop: threading.Event) -> None:
    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=shown), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        while not stop.wait(0.25):
            done, total = watch.share
            bar.update(task, completed=done, total=total, description=watch.text)


def _lines(watch: Watch, shown: TextIO, stop: threading.Event) -> None:
    while not stop.wait(_LINE_EVERY_SECONDS):
        print(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {watch.text}", file=shown, flush=True)


def _objects(watch: Watch, _: TextIO, stop: threading.Event) -> None:
    while not stop.wait(_LINE_EVERY_SECONDS):
        LOG.event("progress", **watch.facts)
