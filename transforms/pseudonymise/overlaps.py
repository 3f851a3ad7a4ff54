"""Spans that overlap, made into spans that do not, without uncovering a character."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.detect.spans import Span


def resolve(spans: Sequence[Span], length: int) -> list[Span]:
    """Disjoint spans, from left to right, that cover exactly what ``spans`` cover in a text of
    ``length`` characters.

    Of spans that overlap the one of highest score wins, then the longest, then the first. What the
    loser covers beyond it is joined to the winner beside it, and treated as what that is.
    """
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
