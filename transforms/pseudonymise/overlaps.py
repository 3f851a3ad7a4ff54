"""Spans that overlap, made into spans that do not, without uncovering a character.

The rule, here and nowhere else: of two spans that overlap the one of higher score wins; of those of
one score the longer; of those as long the one that starts first; then the one that comes first. The
winner keeps its entity. What the loser covers beyond it is not given up: it is joined to the winner
that it touches (the better one, between two) and treated as what that is. So all that any
recogniser found is replaced, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from transforms.detect.spans import Span


def resolve(spans: Sequence[Span], length: int) -> list[Span]:
    """Disjoint spans, from left to right, that cover exactly what ``spans`` cover in a text of
    ``length`` characters, by the rule above."""
    found: list[Span] = []
    touching: list[Span] = []
    end = -1
    # What touches nothing has nothing to be decided: those that do are taken together.
    for span in sorted(spans, key=itemgetter(0)):
        if span.start > end:
            found += _resolved(touching, length)
            touching = []
        touching.append(span)
        end = max(end, span.end)
    return found + _resolved(touching, length)


def _resolved(spans: list[Span], length: int) -> list[Span]:
    if len(spans) == 1 and 0 <= spans[0].start < spans[0].end <= length:
        return spans
    ordered = sorted(spans, key=lambda span: (-span.score, span.start - span.end, span.start))
    taken: list[Span] = []
    """Disjoint; those that won earlier come first."""
    for span in ordered:
        start, end = max(span.start, 0), min(span.end, length)
        if start >= end:
            continue
        if not any(other.start < end and start < other.end for other in taken):
            taken.append(span._replace(start=start, end=end))
            continue
        for gap_start, gap_end in _uncovered(start, end, taken):
            # The first of ``taken`` that touches the gap is the better one; one always does.
            place = next(
                i
                for i, other in enumerate(taken)
                if other.end == gap_start or other.start == gap_end
            )
            other = taken[place]
            taken[place] = other._replace(
                start=min(other.start, gap_start), end=max(other.end, gap_end)
            )
    return sorted(taken)


def _uncovered(start: int, end: int, taken: Sequence[Span]) -> list[tuple[int, int]]:
    gaps = []
    for other in sorted(o for o in taken if o.start < end and start < o.end):
        if start < other.start:
            gaps.append((start, other.start))
        start = max(start, other.end)
    if start < end:
        gaps.append((start, end))
    return gaps
