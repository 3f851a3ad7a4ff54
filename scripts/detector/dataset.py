"""Labelled texts without end, from templates and real text; and as arrays for the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np

from scripts.detector import realtext
from scripts.detector.augment import augment
from scripts.detector.pieces import Gold, Piece, join, split
from scripts.detector.slots import Scene
from scripts.detector.templates import Family, expand, read_families
from scripts.detector.world import World, world
from transforms.detect.ner.labels import ENTITIES, NONE, beginning, inside
from transforms.detect.ner.tokens import Encoder, windows

_SPOKEN = ("talk_", "voicemail")
"""How the names begin of families in which people speak."""
_WEIGHTS = {
    "general_negative": 3.0,
    "talk_negative": 2.0,
    "notes_negative": 3.0,
    "roles_negative": 2.0,
    "eponym_negative": 1.5,
    "addresses": 1.5,
    "ages": 2.0,
    "occupations": 2.0,
    "talk_passing": 2.0,
    "negative_shorthand": 2.0,
}
_ASIDE = 140
"""Characters of an aside, at most."""

_FOREIGN = 1.8
"""Weight of templates in languages that the pretrained encoder hardly knows."""


def language_of(family: Family) -> str:
    """Language of a family's templates."""
    return family.name[:2] if family.name[:3] in ("es_", "de_") else "en"


def scene_of(family: Family, part: World, random: Random) -> Scene:
    """Values for one text of a family."""
    said = family.name.startswith(_SPOKEN) and random.random() < 0.5
    return Scene(part, random, language_of(family), said)


def held_out_texts(seed: int, each: int, seen_names: bool = False) -> Iterator[tuple[str, Gold]]:
    """(family, text) of the families that training never sees, with values that it never sees
    either (or, with ``seen_names``, with training's), ``each`` times a template."""
    random = Random(seed)
    part = world(not seen_names)
    for family in (f for f in read_families() if f.held_out):
        for template in family.templates:
            for _ in range(each):
                yield family.name, join(expand(template, random, scene_of(family, part, random)))


class Texts:
    """Training's texts, drawn from all sources."""

    def __init__(self, data: Path | None, seed: int) -> None:
        """``data``: folder of the real texts; without it templates alone are drawn from."""
        self._random = Random(seed)
        self._world = world(False)
        self._families = [f for f in read_families() if not f.held_out]
        self._weights = [
            _WEIGHTS.get(f.name, 1.0)
            * len(f.templates) ** 0.5
            * (_FOREIGN if language_of(f) != "en" else 1.0)
            for f in self._families
        ]
        self._real = (
            [] if data is None else [g for k, g in real_texts(data) if not realtext.held_out(k)]
        )
        self._spanish = [] if data is None else [g for _, g in realtext.meddocan(data, "train")]

    def __iter__(self) -> Iterator[Gold]:
        random = self._random
        while True:
            kind = random.random()
            if kind < 0.64 or not self._real:
                pieces = self._template()
            elif kind < 0.91:
                pieces = self._planted()
            else:
                chunk = _lines(random.choice(self._spanish), random)
                pieces = realtext.renamed(chunk, Scene(self._world, random, "es"), random)
            yield join(augment(pieces, random))

    def _template(self) -> list[Piece]:
        random = self._random
        (family,) = random.choices(self._families, self._weights)
        pieces: list[Piece] = []
        scene = scene_of(family, self._world, random)
        # Sentences of one kind follow each other, as often as not about the same people.
        for number in range(random.choice((1, 1, 2, 3, 4))):
            if number:
                pieces.append(Piece(random.choice((" ", " ", "\n", ". ", "\n\n"))))
                if random.random() < 0.3:
                    scene = scene_of(family, self._world, random)
            pieces.extend(expand(random.choice(family.templates), random, scene))
            if random.random() < 0.12:
                (family,) = random.choices(self._families, self._weights)
                scene = scene_of(family, self._world, random)
        return pieces

    def _planted(self) -> list[Piece]:
        random = self._random
        gold = _lines(random.choice(self._real), random)
        # One name in a long talk is the hard case: little is planted as often as much.
        share = random.choice((0.0, 0.0, 0.4, 1.0, 1.5))
        asides = [self._aside() for _ in range(random.choice((0, 0, 1, 1, 2)))]
        gold = realtext.with_asides(gold, asides, random)
        scene = Scene(self._world, random, "en", random.random() < 0.3)
        return realtext.plant(gold, scene, random, share)

    def _aside(self) -> list[Piece]:
        """A sentence or two of an English template."""
        random = self._random
        while True:
            (family,) = random.choices(self._families, self._weights)
            if language_of(family) == "en":
                scene = scene_of(family, self._world, random)
                pieces = expand(random.choice(family.templates), random, scene)
                text = "".join(piece.text for piece in pieces)
                labelled = any(piece.label for piece in pieces)
                fits = len(text) < _ASIDE and "\n" not in text
                if fits and (labelled or random.random() < 0.3):
                    return pieces


def real_texts(data: Path) -> Iterator[tuple[str, Gold]]:
    """(name, text) of consultations and notes, with the identifiers that they have of their own."""
    sources = (
        realtext.primock_dialogues(data),
        realtext.primock_notes(data),
        realtext.mts(data, "TrainingSet", "dialogue"),
        realtext.mts(data, "TrainingSet", "section_text"),
    )
    for source in sources:
        for key, text in source:
            if len(text) > 30:
                # A long consultation counts as several texts.
                for _ in range(1 + len(text) // 1500):
                    yield key.removesuffix("_note"), realtext.own(text)


def _lines(gold: Gold, random: Random, most: int = 700) -> Gold:
    """A stretch of whole lines of a long text."""
    if len(gold.text) <= most:
        return gold
    start = random.randrange(len(gold.text) - most // 2)
    start = gold.text.rfind("\n", 0, start) + 1
    end = start + most
    for s, e, _ in gold.spans:
        if s < start < e:
            start = s
        if s < end < e:
            end = e
    spans = tuple(
        (s - start, e - start, label) for s, e, label in gold.spans if s >= start and e <= end
    )
    return Gold(gold.text[start:end], spans)


class Windowed(NamedTuple):
    """Windows as flat arrays: window ``i`` has pieces ``offsets[i]`` to ``offsets[i + 1]``.

    ``labels`` is -1 where no label is learnt: marks, and all pieces of a word but the first.
    """

    pieces: np.ndarray
    shapes: np.ndarray
    labels: np.ndarray
    offsets: np.ndarray


def as_windows(texts: Sequence[Gold], encoder: Encoder) -> Windowed:
    """The windows of labelled texts, as the network reads them."""
    pieces: list[int] = []
    shapes: list[int] = []
    labels: list[int] = []
    offsets = [0]
    for gold in texts:
        words = encoder.encode(gold.text)
        gold_labels = word_labels(gold, words.starts, words.ends)
        for window in windows(words):
            pieces.append(encoder.opening)
            shapes.append(0)
            labels.append(-1)
            for word in range(window.first, window.last):
                codes = words.pieces[word]
                pieces.extend(codes)
                shapes.extend([words.shapes[word]] * len(codes))
                labels.append(gold_labels[word])
                labels.extend([-1] * (len(codes) - 1))
            pieces.append(encoder.closing)
            shapes.append(0)
            labels.append(-1)
            offsets.append(len(pieces))
    return Windowed(
        np.array(pieces, np.int32),
        np.array(shapes, np.int8),
        np.array(labels, np.int8),
        np.array(offsets, np.int64),
    )


def word_labels(gold: Gold, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """The label of each word: that of the span which it overlaps."""
    labels = [NONE] * len(starts)
    word = 0
    for start, end, name in gold.spans:
        entity = ENTITIES.index(name)
        while word < len(starts) and ends[word] <= start:
            word += 1
        opened = False
        while word < len(starts) and starts[word] < end:
            labels[word] = inside(entity) if opened else beginning(entity)
            opened = True
            word += 1
    return labels


__all__ = ["Texts", "Windowed", "as_windows", "held_out_texts", "language_of", "split"]
