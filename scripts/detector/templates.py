"""Templates: one a line in ``templates/*.txt``, under headings that name their family.

``= name`` opens a family, ``= name dev`` one that training never sees. In a template, ``[a|b|]``
is a choice (choices nest, one may be empty), ``{slot}`` a value (``slots.py``), ``\\n`` a line's
end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from scripts.detector.pieces import Piece

FOLDER = Path(__file__).parent / "templates"


class Choice(NamedTuple):
    options: tuple[tuple[Node, ...], ...]


class Slot(NamedTuple):
    name: str


Node = str | Choice | Slot


class Family(NamedTuple):
    """Templates of one kind; ``held_out`` ones are for evaluation alone."""

    name: str
    held_out: bool
    templates: tuple[tuple[Node, ...], ...]


def read_families(folder: Path = FOLDER) -> list[Family]:
    """All families, in the order of files and lines. Raises ValueError for a malformed line."""
    families: list[Family] = []
    for path in sorted(folder.glob("*.txt")):
        heading, rows = "", []
        lines = [*path.read_text(encoding="utf-8").splitlines(), "= "]
        for number, line in enumerate(lines, start=1):
            if line.startswith("= "):
                if heading:
                    name, *mark = heading.split()
                    families.append(Family(name, mark == ["dev"], tuple(rows)))
                heading, rows = line[2:], []
            elif line.strip():
                try:
                    rows.append(parse(line))
                except ValueError as error:
                    raise ValueError(f"{path.name}, line {number}: {error}") from error
    return families


def parse(line: str) -> tuple[Node, ...]:
    """The nodes of a template. Raises ValueError for brackets that do not close."""
    nodes, end = _nodes(line.replace("\\n", "\n"), 0, inside=False)
    if end != len(line.replace("\\n", "\n")):
        raise ValueError(f"stray bracket at character {end + 1}")
    return nodes


def _nodes(line: str, at: int, inside: bool) -> tuple[tuple[Node, ...], int]:
    nodes: list[Node] = []
    text = ""
    while at < len(line):
        char = line[at]
        if inside and char in "|]":
            break
        if char in "[{" and text:
            nodes.append(text)
            text = ""
        if char == "[":
            options = []
            while True:
                option, at = _nodes(line, at + 1, inside=True)
                options.append(option)
                if at >= len(line):
                    raise ValueError("'[' without ']'")
                if line[at] == "]":
                    break
            nodes.append(Choice(tuple(options)))
        elif char == "{":
            close = line.find("}", at)
            if close < 0:
                raise ValueError("'{' without '}'")
            nodes.append(Slot(line[at + 1 : close]))
            at = close
        elif char == "]":
            return tuple(nodes), at
        else:
            text += char
        at += 1
    if text:
        nodes.append(text)
    return tuple(nodes), at


def expand(
    nodes: Sequence[Node], random: Random, value: Callable[[str], Sequence[Piece]]
) -> list[Piece]:
    """One text of a template; ``value`` gives the pieces of a slot."""
    pieces: list[Piece] = []
    for node in nodes:
        if isinstance(node, Slot):
            pieces.extend(value(node.name))
        elif isinstance(node, Choice):
            pieces.extend(expand(random.choice(node.options), random, value))
        else:
            pieces.append(Piece(node))
    return pieces
