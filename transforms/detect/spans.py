"""A place in a text that names somebody or something."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """``text[start:end]`` is an entity of type ``entity``; ``recogniser`` found it with ``score``
    (0 to 1)."""

    start: int
    end: int
    entity: str
    score: float
    recogniser: str
