"""The search finds the node of least loss: against looking at every node."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.verify.risk.lattice import Node, search

heights = st.lists(st.integers(0, 3), min_size=1, max_size=4)


@st.composite
def lattices(draw: st.DrawFn):
    top = draw(heights)
    costs = [sorted(draw(st.lists(st.integers(0, 9), min_size=h + 1, max_size=h + 1))) for h in top]
    nodes = list(product(*(range(h + 1) for h in top)))
    least = draw(st.lists(st.sampled_from(nodes), max_size=3))
    extra = draw(st.lists(st.integers(0, 5), min_size=len(nodes), max_size=len(nodes)))
    unlucky = draw(st.sets(st.sampled_from(nodes), max_size=4))
    return top, costs, nodes, least, dict(zip(nodes, extra, strict=True)), unlucky


@settings(deadline=None)
@given(lattices())
def test_least_loss(lattice) -> None:
    top, costs, nodes, least, extra, unlucky = lattice

    def floor(node: Node) -> float:
        return sum(cost[step] for cost, step in zip(costs, node, strict=True))

    def may(node: Node) -> bool:
        return any(all(a >= b for a, b in zip(node, low, strict=True)) for low in least)

    def loss(node: Node) -> float | None:
        return floor(node) + extra[node] if may(node) and node not in unlucky else None

    losses = [found for node in nodes if (found := loss(node)) is not None]
    found = search(top, floor, may, loss)
    assert (found.loss if found else None) == min(losses, default=None)
    if found:
        assert loss(found.node) == found.loss


def test_few_nodes_are_looked_at() -> None:
    """Of 15,625 nodes, where all but the upper quarter of each field fails."""
    asked: set[Node] = set()

    def may(node: Node) -> bool:
        asked.add(node)
        return sum(node) >= 12

    found = search([4] * 6, lambda n: float(sum(n)), may, lambda n: float(sum(n)))
    assert found is not None and found.loss == 12
    assert len(asked) < 8_000


def test_there_may_be_no_way() -> None:
    assert search([2, 2], lambda n: 0.0, lambda n: False, lambda n: 0.0) is None
    assert search([2, 2], lambda n: 0.0, lambda n: True, lambda n: None) is None
