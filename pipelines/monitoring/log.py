"""What a command says on standard error: words for people, or one JSON object a line for machines.

An object has ``time`` (UTC), ``level``, ``command``, ``run_id``, ``stage`` and ``event``, and what
belongs to the event: a ``message``, counts, an ``exit_code``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TextIO

import orjson
import typer

from pipelines.zones import new_run_id


class Form(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


@dataclass
class Log:
    """The log of this process, which runs one command."""

    form: Form = Form.TEXT
    command: str = ""
    run_id: str = field(default_factory=new_run_id)
    stage: str | None = None
    """What the command is at."""
    file: TextIO | None = None
    """Standard error as it was, while libraries' is sent elsewhere; else None."""

    @contextmanager
    def to(self, file: TextIO) -> Iterator[None]:
        """Write to ``file``, until left."""
        before, self.file = self.file, file
        try:
            yield
        finally:
            self.file = before

    def event(self, event: str, level: str = "info", **facts: Any) -> None:
        """A line for machines; nothing in the form for people."""
        if self.form is Form.JSON:
            line = {
                "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
                "level": level,
                "command": self.command,
                "run_id": self.run_id,
                "stage": self.stage,
                "event": event,
                **facts,
            }
            self._write(orjson.dumps(line).decode())

    def say(self, message: str, event: str, level: str = "warning", **facts: Any) -> None:
        """A message, in either form."""
        if self.form is Form.TEXT:
            self._write(f"veilbeam: {message}")
        else:
            self.event(event, level, message=message, **facts)

    def _write(self, line: str) -> None:
        print(line, file=self.file or sys.stderr, flush=True)


LOG = Log()
"""A process has one standard error, and so one log."""


def _choose(context: typer.Context, form: Form) -> Form:
    LOG.form = form
    LOG.command = " ".join(_names(context))
    LOG.event("started")
    return form


def _names(context: typer.Context) -> Iterator[str]:
    """The command as it is typed after the program's name, however that was called."""
    if context.parent is not None:
        yield from _names(context.parent)  # type: ignore[arg-type]
        yield context.info_name or ""


LogFormat = Annotated[
    Form,
    typer.Option(
        "--log-format",
        callback=_choose,
        help="On standard error: text, or json, one object a line with run id and stage.",
    ),
]
