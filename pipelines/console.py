"""Where a command writes: tables on standard output, libraries' errors in the restricted zone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console

from pipelines.monitoring.log import LOG

WIDE = 160
"""Columns of a table where no terminal says how wide it is."""


def tables() -> Console:
    """Standard output, for tables: where it is no terminal, they need not be narrow."""
    return Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)


@contextmanager
def logged_to(file: Path) -> Iterator[TextIO]:
    """Send all that this process and its children write to standard error into a file.

    Libraries and worker processes log errors there with the values on which they failed: those
    belong in the restricted zone. Yields the real standard error, to which the command's own log
    goes on.
    """
    sys.stderr.flush()
    real = os.dup(2)
    log = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    os.close(log)
    try:
        with os.fdopen(os.dup(real), "w", encoding="utf-8") as shown, LOG.to(shown):
            yield shown
    finally:
        sys.stderr.flush()
        os.dup2(real, 2)
        os.close(real)
