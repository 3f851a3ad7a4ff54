"""How far a run is: counts that each worker process writes down and the command adds up.

Files in the run's folder of the restricted zone, since no runner reports metrics while it works.
Counts only; a bundle that is retried counts twice here, which the run's own counts never do.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, NamedTuple

import orjson

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
