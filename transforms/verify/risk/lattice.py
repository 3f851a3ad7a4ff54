"""The search for the generalisation of least loss, over all combinations of steps.

Full-domain generalisation: every value of a field is taken to the same step. The nodes of the
lattice are tuples of steps, one a field. (Samarati 2001; LeFevre et al. 2005, Incognito; Kohlmayer
et al. 2012, Flash, from which the probing along paths is taken.)
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

Node = tuple[int, ...]


class Found(NamedTuple):
    """A node that fulfils all, and what it loses."""

    node: Node
    loss: float


def search(
    heights: Sequence[int],
    floor: Callable[[Node], float],
    may_fulfil: Callable[[Node], bool],
    loss: Callable[[Node], float | None],
) -> Found | None:
    """The node of least loss that fulfils all; None where there is none.

    Args:
        heights: the last step of each field.
        floor: a lower bound on a node's loss that never falls on the way up.
        may_fulfil: a condition that fulfilling needs, and that, once true, stays so on the way up.
        loss: what a node loses; None where it does not fulfil all.

    Of several with the same loss it is the one of fewest steps.

    Nodes are visited by rising ``floor``, so that the search ends as soon as all floors are above
    the best loss. Where a node fails, the way from it to the top is bisected for where
    ``may_fulfil`` turns: the last failing node on it rules out all below it, the first passing one
    bounds the loss. The result is exact, whatever is ruled out.
    """
    top = tuple(heights)
    may_fulfil = cache(may_fulfil)
    loss = cache(loss)
    if not may_fulfil(top):
        return None
    best: Found | None = None
    failing: list[Node] = []
    bottom = (0,) * len(top)
    heap, seen = [(floor(bottom), sum(bottom), bottom)], {bottom}
    while heap:
        least, _, node = heapq.heappop(heap)
        if best is not None and least > best.loss:
            break
        if not any(_is_below(node, other) for other in failing):
            passing = [node] if may_fulfil(node) else []
            if not passing:
                last, first = _turn(_path(node, top, floor), may_fulfil)
                failing.append(last)
                passing = [first]
            for candidate in passing:
                lost = loss(candidate)
                if lost is not None:
                    found = Found(candidate, lost)
                    best = found if best is None else min(best, found, key=_order)
        for successor in _above(node, top):
            if successor not in seen:
                seen.add(successor)
                heapq.heappush(heap, (floor(successor), sum(successor), successor))
    return best


def _order(found: Found) -> tuple[float, int, Node]:
    return found.loss, sum(found.node), found.node


def _above(node: Node, top: Node) -> Iterator[Node]:
    for field, step in enumerate(node):
        if step < top[field]:
            yield (*node[:field], step + 1, *node[field + 1 :])


def _is_below(node: Node, other: Node) -> bool:
    return all(a <= b for a, b in zip(node, other, strict=True))


def _path(node: Node, top: Node, floor: Callable[[Node], float]) -> list[Node]:
    """From a node to the top, each time by the step that loses least."""
    path = [node]
    while path[-1] != top:
        path.append(min(_above(path[-1], top), key=lambda above: (floor(above), above)))
    return path


def _turn(path: list[Node], passes: Callable[[Node], bool]) -> tuple[Node, Node]:
    """The last node that fails and the first that passes, of a path that begins with a failing
    node and ends with a passing one."""
    low, high = 0, len(path) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(path[middle]) else (middle, high)
    return path[low], path[high]
