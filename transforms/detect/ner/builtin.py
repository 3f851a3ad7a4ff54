"""The named-entity model that Veilbeam carries: a small encoder, run by ONNX Runtime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np
import onnxruntime

from transforms.detect.ner.decoding import spans
from transforms.detect.ner.labels import LABELS, NONE
from transforms.detect.ner.tokens import Encoder, Window, Words, windows
from transforms.detect.policy import THRESHOLDS, Policy
from transforms.detect.spans import Span

NAME = "builtin"
FOLDER = Path(__file__).parent / "model"
VOCABULARY = "vocabulary.txt"
EMBEDDINGS = "embeddings.npz"


class Tier(StrEnum):
    """Which of the networks reads; both share vocabulary and embeddings."""

    CASCADE = "cascade"
    """``fast`` reads everything, ``accurate`` the passages of which ``fast`` is unsure, and there
    the mean of both decides: finds more than either, in less time than ``accurate``."""
    ACCURATE = "accurate"
    """Six layers."""
    FAST = "fast"
    """Three layers: twice as fast."""

    @property
    def graphs(self) -> tuple[str, ...]:
        """Names of the networks' files, in the order in which they read."""
        if self is Tier.CASCADE:
            return (*Tier.FAST.graphs, *Tier.ACCURATE.graphs)
        return (f"{self.value}.onnx",)


_WINDOW = 64
"""Pieces in a window, half of what training has: in a long talk in which nothing identifies, a
network may take the one name that does for more of the same. (scripts/count_leaks.py: a third less
leaked than with 128 before training had such talk, in as much time.)"""

_UNSURE = (0.02, 0.98)
"""A word whose probability of being part of any entity lies between these is looked at again."""


class BuiltinModel:
    """Finds people, places, organisations, dates, ages, occupations, groups, ids and contacts.

    Texts may be of any length, in English, Spanish or German, of any case. One per process; not
    shared between threads.
    """

    def __init__(
        self,
        tier: Tier = Tier.CASCADE,
        folder: Path = FOLDER,
        threshold: float = THRESHOLDS[Policy.BALANCED].marking,
    ) -> None:
        """Load the weights from ``folder``. A word is marked where the probability that it is part
        of any entity reaches ``threshold``."""
        self._encoder = Encoder((folder / VOCABULARY).read_text("utf-8").splitlines())
        with np.load(folder / EMBEDDINGS) as embeddings:
            self._table, self._scales = embeddings["table"], embeddings["scales"]
        self._threshold = threshold
        options = onnxruntime.SessionOptions()
        # Workers are processes, one a core: more threads in each would be in each other's way.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._networks = [
            onnxruntime.InferenceSession(
                str(folder / graph), options, providers=["CPUExecutionProvider"]
            )
            for graph in tier.graphs
        ]

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in the texts' order, by start; none overlap.

        What is found in a text does not depend on the texts beside it.
        """
        return [self._find(text) for text in texts]

    def _find(self, text: str) -> list[Span]:
        words = self._encoder.encode(text)
        probabilities = np.empty((len(words.starts), LABELS), np.float32)
        # One window at a time: 8-bit scales are set for all that is multiplied at once, so that
        # windows together would change each other's results, and be no faster.
        for window in windows(words, _WINDOW):
            probabilities[window.from_ : window.to] = self._read(words, window)
        return list(spans(text, words, probabilities, self._threshold, NAME))

    def _read(self, words: Words, window: Window) -> np.ndarray:
        """The probabilities of the words that get their labels in a window: words x labels."""
        inputs, heads = self._inputs(words, window)
        read: list[np.ndarray] = []
        for network in self._networks:
            (scores,) = network.run(["scores"], inputs)
            read.append(_softmax(scores[0, heads]))
            some = 1.0 - read[-1][:, NONE]
            if not ((some > _UNSURE[0]) & (some < _UNSURE[1])).any():
                break
        # Two networks err in different places: their mean is better than either.
        return np.mean(read, axis=0)

    def _inputs(self, words: Words, window: Window) -> tuple[dict[str, np.ndarray], list[int]]:
        """What a network reads of a window, and where in it the words begin that it labels."""
        encoder = self._encoder
        codes, shapes, heads = [encoder.opening], [0], []
        for word in range(window.first, window.last):
            heads.append(len(codes))
            pieces = words.pieces[word]
            codes.extend(pieces)
            shapes.extend([words.shapes[word]] * len(pieces))
        codes.append(encoder.closing)
        shapes.append(0)
        embedded = self._table[codes] * self._scales[codes]
        inputs = {"words": embedded[None], "shapes": np.array([shapes], np.int64)}
        return inputs, heads[window.from_ - window.first : window.to - window.first]


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
