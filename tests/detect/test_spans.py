"""Spans that lie inside of others."""

from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.spans import Span, outside

spans = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 6)).map(
        lambda place: Span(place[0], place[0] + place[1], "PERSON", 0.5, "by hand")
    ),
    max_size=12,
)


@given(spans, spans)
def test_what_lies_wholly_inside_of_another_is_left_out(some, others):
    assert outside(some, others) == [
        one
        for one in some
        if not any(other.start <= one.start and one.end <= other.end for other in others)
    ]
