"""Overlapping spans: one rule, and no character left uncovered."""

from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.spans import Span
from transforms.pseudonymise.overlaps import resolve

SPANS = st.lists(
    st.builds(
        lambda start, length, entity, score: Span(start, start + length, entity, score, "r"),
        st.integers(0, 30), st.integers(0, 12), st.sampled_from("ABC"),
        st.sampled_from([0.3, 0.6, 0.9]),
    ),
    max_size=8,
)  # fmt: skip


def covered(spans: list[Span], length: int) -> set[int]:
    return {i for span in spans for i in range(span.start, min(span.end, length))}


@given(SPANS, st.integers(0, 42))
def test_result_is_disjoint_and_covers_just_what_was_covered(
    spans: list[Span], length: int
) -> None:
    found = resolve(spans, length)
    assert covered(found, length) == covered(spans, length)
    assert sum(span.end - span.start for span in found) == len(covered(spans, length))
    assert found == sorted(found)


@given(SPANS)
def test_a_span_that_no_better_one_overlaps_keeps_its_entity(spans: list[Span]) -> None:
    def rank(place: int) -> tuple[float, int, int, int]:
        span = spans[place]
        return -span.score, span.start - span.end, span.start, place

    found = resolve(spans, 100)
    for place, span in enumerate(spans):
        rivals = [
            other
            for other, rival in enumerate(spans)
            if rival.start < span.end and span.start < rival.end and other != place
        ]
        if span.start < span.end and all(rank(place) < rank(other) for other in rivals):
            assert any(
                f.start <= span.start and span.end <= f.end and f.entity == span.entity
                for f in found
            )


@given(SPANS)
def test_every_character_becomes_what_some_span_beside_it_is(spans: list[Span]) -> None:
    """The rest of a loser is joined to a winner: no entity is made up, none reaches across a gap
    that nothing covers."""
    for span in resolve(spans, 100):
        touching = [s for s in spans if s.start < span.end and span.start < s.end]
        assert span.entity in {s.entity for s in touching}
        assert covered([span], 100) <= covered(touching, 100)


def test_the_highest_score_wins_and_takes_the_rest_of_the_loser() -> None:
    assert resolve([Span(0, 10, "A", 0.9, "r"), Span(5, 15, "B", 0.5, "r")], 20) == [
        Span(0, 15, "A", 0.9, "r")
    ]


def test_then_the_longest_then_the_first() -> None:
    assert [
        s.entity for s in resolve([Span(0, 5, "A", 0.5, "r"), Span(3, 10, "B", 0.5, "r")], 20)
    ] == ["B"]
    assert [
        s.entity for s in resolve([Span(3, 8, "B", 0.5, "r"), Span(0, 5, "A", 0.5, "r")], 20)
    ] == ["A"]


def test_a_loser_between_two_winners_does_not_join_them() -> None:
    spans = [Span(0, 5, "A", 0.9, "r"), Span(3, 12, "B", 0.1, "r"), Span(10, 15, "C", 0.8, "r")]
    assert [(s.start, s.end, s.entity) for s in resolve(spans, 20)] == [(0, 10, "A"), (10, 15, "C")]
