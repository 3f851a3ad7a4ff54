"""The pages of the documentation, and what is in their blocks of code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SHELL = {"sh", "bash", "console", "shell"}

_FENCE = re.compile(r" *(`{3,})(\w*) *$")
_NOT_RUN = re.compile(r"<!-- not run: (.+) -->$")


class Block(NamedTuple):
    """A block of code."""

    page: str
    line: int
    language: str
    code: str
    not_run: str | None
    """Why it is not run, as the comment above it says."""

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """The README and all of docs/, from the root on."""
    found = sorted((ROOT / "docs").rglob("*.md"))
    return ["README.md", *(path.relative_to(ROOT).as_posix() for path in found)]


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page, in order."""
    fence, language, start, code = "", "", 0, list[str]()
    reason, above = None, ""
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        marks = _FENCE.match(line)
        if not fence and marks:
            fence, language, start, code = marks[1], marks[2], number, []
            told = _NOT_RUN.match(above)
            reason = told[1] if told else None
        elif fence and line.strip() == fence:
            yield Block(page, start, language, "\n".join(code), reason)
            fence = ""
        elif fence:
            code.append(line)
        above = line
    assert not fence, f"{page}:{start}: a block is never closed"
