"""From the probabilities of a text's words to its spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from transforms.detect.ner.labels import ENTITIES, NONE
from transforms.detect.ner.tokens import Words
from transforms.detect.spans import Span

_BEGINNINGS = slice(1, None, 2)
_INSIDES = slice(2, None, 2)

_CODES = frozenset(
    ("ID", "POSTCODE", "EMAIL_ADDRESS", "URL", "USER_HANDLE", "PHONE_NUMBER", "IP_ADDRESS")
)
"""Entities written without blanks: what is glued to a part of one belongs to it."""

_CERTAIN = 0.6
"""Probability from which a word of another entity than the last begins a span of its own."""

_OPENS = frozenset("+@#(")


def spans(
    text: str, words: Words, probabilities: np.ndarray, threshold: float, recogniser: str
) -> Iterator[Span]:
    """The spans of a text, by start; none overlap.

    ``probabilities``: words x labels. Words whose probability of being part of any entity is at
    least ``threshold`` make up the spans; a span's score is the highest of it.
    """
    some = 1.0 - probabilities[:, NONE]
    begins, insides = probabilities[:, _BEGINNINGS], probabilities[:, _INSIDES]
    marked = np.flatnonzero(some >= threshold).tolist()
    parts = [
        part
        for first, last in _runs(marked, words, text)
        for part in _parts(first, last, begins[first:last], insides[first:last])
    ]
    for number, (start, end) in enumerate(parts):
        entity = int(np.argmax((begins[start:end] + insides[start:end]).sum(axis=0)))
        left, right = _trimmed(text, words, start, end)
        if left == right:
            continue
        score = min(float(some[start:end].max()), 1.0)
        if ENTITIES[entity] in _CODES:
            score = _modest(score)
            lowest = parts[number - 1][1] if number else 0
            highest = parts[number + 1][0] if number + 1 < len(parts) else len(words.starts)
            left, right = _glued(text, words, left, right, lowest, highest)
        yield Span(words.starts[left], words.ends[right - 1], ENTITIES[entity], score, recogniser)


def _runs(marked: Sequence[int], words: Words, text: str) -> Iterator[tuple[int, int]]:
    """Runs of marked words; a sign glued between two of them is no gap (``O'Neill``)."""
    at = 0
    while at < len(marked):
        first = last = marked[at]
        at += 1
        while at < len(marked) and (
            marked[at] == last + 1 or (marked[at] == last + 2 and _bridge(text, words, last + 1))
        ):
            last = marked[at]
            at += 1
        yield first, last + 1


def _bridge(text: str, words: Words, word: int) -> bool:
    start, end = words.starts[word], words.ends[word]
    return (
        end - start == 1
        and text[start] in "-'’._/@"
        and words.ends[word - 1] == start
        and words.starts[word + 1] == end
    )


def _parts(
    first: int, last: int, begins: np.ndarray, insides: np.ndarray
) -> Iterator[tuple[int, int]]:
    """Where a run of marked words falls into several entities."""
    both = begins + insides
    entities = both.argmax(axis=1)
    start = 0
    for word in range(1, last - first):
        entity = entities[word]
        opens = begins[word, entity] > insides[word, entity]
        changes = entity != entities[word - 1] and both[word, entity] >= _CERTAIN
        if (opens and both[word, entity] > 0.3) or changes:
            yield first + start, first + word
            start = word
    yield first + start, last


def _trimmed(text: str, words: Words, start: int, end: int) -> tuple[int, int]:
    """Without the signs at both edges."""
    while start < end and _is_sign(text, words, start) and text[words.starts[start]] not in _OPENS:
        start += 1
    while start < end and _is_sign(text, words, end - 1):
        end -= 1
    return start, end


def _glued(
    text: str, words: Words, start: int, end: int, lowest: int, highest: int
) -> tuple[int, int]:
    """With the letters and digits that no blank parts from it, within the two bounds."""
    while (
        start > lowest
        and words.ends[start - 1] == words.starts[start]
        and not _is_sign(text, words, start - 1)
    ):
        start -= 1
    while (
        end < highest
        and words.ends[end - 1] == words.starts[end]
        and not _is_sign(text, words, end)
    ):
        end += 1
    return start, end


def _modest(score: float) -> float:
    """A score of at most 0.7: a pattern that knows a number's form knows its kind better, and wins
    where both found it."""
    return score if score <= 0.4 else 0.4 + (score - 0.4) / 2


def _is_sign(text: str, words: Words, word: int) -> bool:
    return not text[words.starts[word]].isalnum()
