"""What was found in annotated texts, laid beside what was marked in them; counted text by text.

What is *found* are the detector's spans, made disjoint. What counts, and how:

- **Overlap.** A gold span is found if a found span *touches* it: shares a character with it. A
  found span is right if it touches a gold span; else it is a false alarm.
- **Exact.** Both have the same first and last letter or figure: blanks and punctuation at the
  edges do not count. A gold span in several ranges is found if each of them is.
- **Characters.** Letters and figures alone: those of gold spans that found spans cover, and those
  of found spans that lie in gold spans.
- Each of them whatever the kind, and *named*: under the right kind alone.
- A gold span of no kind is no identifier. What touches such a span and no identifier is neither
  right nor a false alarm, nor are its characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.evaluation.gold import GoldText, Range
from pipelines.evaluation.labels import Kind, Labels
from transforms.detect.spans import Span

Mask = npt.NDArray[np.bool_]


class Measure(IntEnum):
    """A way to count: index into the third axis of ``Comparison.counts``."""

    OVERLAP = 0
    OVERLAP_NAMED = 1
    EXACT = 2
    EXACT_NAMED = 3
    CHARACTERS = 4
    CHARACTERS_NAMED = 5


class Count(IntEnum):
    """What is counted: index into the last axis of ``Comparison.counts``."""

    GOLD = 0
    FOUND = 1
    """Of the gold ones."""
    MARKED = 2
    """What the detector marked."""
    RIGHT = 3
    """Of those marked."""


class Leak(NamedTuple):
    """A gold span of which letters or figures were left: all of it, if nothing touches it.

    ``text`` is the number of the text; ``left`` the ranges that nothing covers.
    """

    text: int
    kind: str
    label: str
    start: int
    end: int
    touched: bool
    left: tuple[Range, ...]
    characters: int
    """Letters and figures that were left."""


class FalseAlarm(NamedTuple):
    """A found span that touches nothing that was marked."""

    text: int
    kind: str
    span: Span


class Comparison(NamedTuple):
    """All texts, compared. ``counts`` is of shape (texts, kinds + 1, measures, counts): the last
    row of the second axis is of all kinds together, in which a character counts once."""

    kinds: list[str]
    counts: npt.NDArray[np.float64]
    harmless: Mask
    """Texts in which nothing was marked by the annotator."""
    unchanged: Mask
    """Texts in which nothing was found."""
    labels: dict[str, tuple[Kind, int, int]]
    """Of each gold label: its kind, how many spans it has, how many are touched."""
    leaks: list[Leak]
    false_alarms: list[FalseAlarm]


class _Gold(NamedTuple):
    ranges: tuple[Range, ...]
    kind: int


class _Mark(NamedTuple):
    start: int
    end: int
    kind: int


def compare(
    texts: Sequence[GoldText], found: Sequence[Sequence[Span]], labels: Labels
) -> Comparison:
    """Count what was found in annotated texts; ``found`` are each text's spans, disjoint."""
    kinds = _kinds(texts, found, labels)
    number = {kind: i for i, kind in enumerate(kinds)}
    rows, leaks, alarms = [], [], []
    by_label: dict[str, tuple[Kind, int, int]] = {}
    for n, (gold, spans) in enumerate(zip(texts, found, strict=True)):
        marks = [_Mark(s.start, s.end, _index(number, labels.of_entity(s.entity))) for s in spans]
        golds = [_Gold(g.ranges, _index(number, labels.of_gold(g.label))) for g in gold.spans]
        page = _Page(gold.text, golds, marks, len(kinds))
        rows.append(page.counts())
        for span, own in zip(gold.spans, golds, strict=True):
            touched = page.touched(own)
            kind, spans_of, hit = by_label.get(span.label, (labels.of_gold(span.label), 0, 0))
            by_label[span.label] = kind, spans_of + 1, hit + touched
            left = list(page.left(own))
            if kind is not None and (left or not touched):
                characters = sum(int(page.counted[slice(*r)].sum()) for r in left)
                leaks.append(
                    Leak(
                        n, kind, span.label, span.start, span.end, touched, tuple(left), characters
                    )
                )
        alarms += [
            FalseAlarm(n, kinds[mark.kind], span)
            for mark, span in zip(marks, spans, strict=True)
            if page.counts_as(mark) is False
        ]
    counts = np.array(rows, float).reshape(len(texts), len(kinds) + 1, len(Measure), len(Count))
    return Comparison(
        kinds,
        counts,
        np.array([not gold.spans for gold in texts], bool),
        np.array([not spans for spans in found], bool),
        dict(sorted(by_label.items())),
        leaks,
        alarms,
    )


def _kinds(texts: Sequence[GoldText], found: Sequence[Sequence[Span]], labels: Labels) -> list[str]:
    """The kinds that occur, in the table's order; the detector's own that it lacks come last."""
    given = {labels.of_gold(span.label) for gold in texts for span in gold.spans}
    given |= {labels.of_entity(span.entity) for spans in found for span in spans}
    known = [kind for kind in labels.kinds if kind in given]
    return known + sorted(kind for kind in given if kind is not None and kind not in known)


_NONE = -1
"""The kind of what is no identifier."""


def _index(number: dict[str, int], kind: Kind) -> int:
    return _NONE if kind is None else number[kind]


class _Page:
    """One text with what was marked and found in it."""

    def __init__(
        self, text: str, golds: Sequence[_Gold], marks: Sequence[_Mark], kinds: int
    ) -> None:
        self._golds, self._marks, self._kinds = golds, marks, kinds
        self.counted: Mask = np.fromiter((c.isalnum() for c in text), bool, len(text))
        self._covered = _mask(len(text), ((m.start, m.end) for m in marks))
        self._exact = {(self._trimmed(m.start, m.end), m.kind) for m in marks}
        self._exact_of_any_kind = {where for where, _ in self._exact}

    def touched(self, gold: _Gold, named: bool = False) -> bool:
        """Whether a found span, of its kind if ``named``, shares a character with a gold one."""
        return any(_touch(gold, m) for m in self._marks if not named or m.kind == gold.kind)

    def left(self, gold: _Gold) -> Iterator[Range]:
        """The ranges of a gold span that nothing covers, without blanks and punctuation at their
        edges."""
        for start, end in gold.ranges:
            edges = np.diff(~self._covered[start:end], prepend=False, append=False).nonzero()[0]
            for first, last in edges.reshape(-1, 2).tolist():
                if self.counted[start + first : start + last].any():
                    yield self._trimmed(start + first, start + last)

    def counts_as(self, mark: _Mark) -> bool | None:
        """Whether what was found is right, or a false alarm; None if it counts as neither."""
        touching = [gold.kind for gold in self._golds if _touch(gold, mark)]
        if mark.kind == _NONE or (touching and max(touching) == _NONE):
            return None
        return bool(touching)

    def counts(self) -> npt.NDArray[np.int64]:
        """Of shape (kinds + 1, measures, counts)."""
        counts = np.zeros((self._kinds + 1, len(Measure), len(Count)), int)
        for gold in self._golds:
            if gold.kind != _NONE:
                counts[gold.kind, : Measure.CHARACTERS, Count.GOLD] += 1
                counts[gold.kind, : Measure.CHARACTERS, Count.FOUND] += self._found(gold)
        for mark in self._marks:
            if self.counts_as(mark) is not None:
                counts[mark.kind, : Measure.CHARACTERS, Count.MARKED] += 1
                counts[mark.kind, : Measure.CHARACTERS, Count.RIGHT] += self._right(mark)
        counts[-1] = counts[:-1].sum(axis=0)
        counts[:, Measure.CHARACTERS :] = self._characters()
        return counts

    def _found(self, gold: _Gold) -> list[bool]:
        """Whether a gold span is found, by measure."""
        trimmed = [self._trimmed(*r) for r in gold.ranges]
        return [
            self.touched(gold),
            self.touched(gold, named=True),
            all(where in self._exact_of_any_kind for where in trimmed),
            all((where, gold.kind) in self._exact for where in trimmed),
        ]

    def _right(self, mark: _Mark) -> list[bool]:
        """Whether what was found is right, by measure."""
        touching = [gold for gold in self._golds if gold.kind != _NONE and _touch(gold, mark)]
        where = self._trimmed(mark.start, mark.end)
        exact = [g for g in touching if where in [self._trimmed(*r) for r in g.ranges]]
        return [
            bool(touching),
            any(gold.kind == mark.kind for gold in touching),
            bool(exact),
            any(gold.kind == mark.kind for gold in exact),
        ]

    def _characters(self) -> npt.NDArray[np.int64]:
        """Of shape (kinds + 1, 2, counts): whatever the kind, and named."""
        size = len(self.counted)
        gold, marked = (
            np.array(
                [
                    _mask(size, (r for kind, r in ranges if kind == k)) & self.counted
                    for k in range(self._kinds)
                ],
                bool,
            ).reshape(self._kinds, size)
            for ranges in (
                [(g.kind, r) for g in self._golds for r in g.ranges],
                [(m.kind, (m.start, m.end)) for m in self._marks],
            )
        )
        identifier = gold.any(axis=0)
        other = _mask(size, (r for g in self._golds if g.kind == _NONE for r in g.ranges))
        marked &= identifier | ~other
        # Of all kinds together a character counts once.
        gold, marked = (np.vstack([of, of.any(axis=0)]) for of in (gold, marked))
        named = gold & marked
        named[-1] = named[:-1].any(axis=0)
        columns = [
            [gold, gold & self._covered, marked, marked & identifier],
            [gold, named, marked, named],
        ]
        return np.array([[c.sum(axis=1) for c in row] for row in columns]).transpose(2, 0, 1)

    def _trimmed(self, start: int, end: int) -> Range:
        """A range without blanks and punctuation at its edges; as it is if there is no more."""
        inside = self.counted[start:end].nonzero()[0]
        if not len(inside):
            return start, end
        return start + int(inside[0]), start + int(inside[-1]) + 1


def _touch(gold: _Gold, mark: _Mark) -> bool:
    return any(mark.start < end and start < mark.end for start, end in gold.ranges)


def _mask(size: int, ranges: Iterable[Range]) -> Mask:
    mask = np.zeros(size, bool)
    for start, end in ranges:
        mask[start:end] = True
    return mask
