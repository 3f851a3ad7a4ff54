"""How far a command is.

Worker processes write counts down, and the command adds them up: files in the run's folder of the
restricted zone, since no runner reports metrics while it works. Counts only; a bundle that is
retried counts twice here, which the run's own counts never do.

What the command's own process does, it tells whoever watches: ``begin``, ``each``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson

Item = TypeVar("Item")

_EVERY_SECONDS = 0.5


class Tally(NamedTuple):
    """What has been done so far, by one process or by all."""

    bytes: int = 0
    """Of the source files; whole ranges only."""
    records: int = 0
    identifiers: int = 0

    def __add__(self, other: Any) -> Tally:
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))


class Progress:
    """One process's counts, written to ``folder`` at most twice a second; nowhere if None."""

    _of_process: dict[str, Progress] = {}

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._tally = Tally()
        self._written = 0.0

    @classmethod
    def to(cls, folder: str | None) -> Progress:
        """The process's one counter for a run."""
        return cls._of_process.setdefault(folder or "", cls(folder))

    def add(self, *, bytes: int = 0, records: int = 0, identifiers: int = 0) -> None:
        """Count what has been done."""
        self._tally += Tally(bytes, records, identifiers)
        if self._folder is not None and time.monotonic() - self._written > _EVERY_SECONDS:
            self._write(Path(self._folder))

    def _write(self, folder: Path) -> None:
        self._written = time.monotonic()
        aside = folder / f".{os.getpid()}"
        try:
            aside.touch(mode=0o600)
            aside.write_bytes(orjson.dumps(self._tally._asdict()))
            aside.replace(folder / f"{os.getpid()}.json")
        except OSError:
            # Progress is no reason to fail.
            self._folder = None


def read(folder: Path) -> Tally:
    """The counts of all processes so far."""
    return sum(
        (Tally(**orjson.loads(file.read_bytes())) for file in folder.glob("*.json")), Tally()
    )


class Watcher(Protocol):
    """Who is told how far this process is. What is told are words of the code and counts, never a
    name or value of the data."""

    def enter(self, stage: str) -> None:
        """A stage of the work begins; the one before has ended."""

    def counted_in(self, folder: Path, total_bytes: int) -> None:
        """Worker processes count in ``folder`` (see ``read``)."""

    def step(self, what: str, done: int, total: int | None) -> None:
        """So many are done."""


_watchers: list[Watcher] = []


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Tell ``watcher`` how far this process is, until left."""
    _watchers.append(watcher)
    try:
        yield
    finally:
        _watchers.remove(watcher)


def begin(stage: str) -> None:
    """A stage of the work begins."""
    for watcher in _watchers:
        watcher.enter(stage)


def counted_in(folder: Path, total_bytes: int) -> None:
    """Worker processes count in ``folder`` from now on; the input has ``total_bytes``."""
    for watcher in _watchers:
        watcher.counted_in(folder, total_bytes)


def each(items: Iterable[Item], what: str, total: int | None = None) -> Iterator[Item]:
    """The items one by one, told as they are done: ``3 of 8 {what}``."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    _step(what, 0, total)
    for done, item in enumerate(items, start=1):
        yield item
        _step(what, done, total)


def _step(what: str, done: int, total: int | None) -> None:
    for watcher in _watchers:
        watcher.step(what, done, total)
