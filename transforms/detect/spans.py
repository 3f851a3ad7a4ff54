"""A place in a text that names somebody or something."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """``text[start:end]`` is an entity of type ``entity``; ``recogniser`` found it with ``score``
    (0 to 1)."""

    start: int
    end: int
    entity: str
    score: float
    recogniser: str


class Place(Protocol):
    """Where something stands in a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def outside(spans: Iterable[Span], others: Iterable[Place]) -> list[Span]:
    """The spans but those that lie wholly inside of one of the others."""
    ordered = sorted((other.start, other.end) for other in others)
    starts = [start for start, _ in ordered]
    # How far those reach that begin no later.
    reach = [0, *accumulate((end for _, end in ordered), max)]
    return [span for span in spans if span.end > reach[bisect_right(starts, span.start)]]
