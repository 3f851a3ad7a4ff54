"""The named-entity model that Veilbeam carries: a small encoder, run by ONNX Runtime on the CPU."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from transforms.detect.ner.decoding import spans
from transforms.detect.ner.labels import LABELS
from transforms.detect.ner.tokens import Encoder, Window, Words, windows
from transforms.detect.spans import Span

NAME = "builtin"
FOLDER = Path(__file__).parent / "model"

THRESHOLD = 0.4
"""Probability of being part of any entity from which a word is marked. Lower finds more."""


class BuiltinModel:
    """Finds people, places, organisations, dates, ages, occupations, groups, ids and contacts.

    Texts may be of any length, in English, Spanish or German, of any case. One per process; not
    shared between threads.
    """

    def __init__(self, folder: Path = FOLDER, threshold: float = THRESHOLD) -> None:
        """Load the weights from ``folder``."""
        self._encoder = Encoder((folder / "vocabulary.txt").read_text("utf-8").splitlines())
        self._threshold = threshold
        options = onnxruntime.SessionOptions()
        # Workers are processes, one a core: more threads in each would be in each other's way.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "detector.onnx"), options, providers=["CPUExecutionProvider"]
        )

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
        for window in windows(words):
            probabilities[window.from_ : window.to] = self._read(words, window)
        return list(spans(text, words, probabilities, self._threshold, NAME))

    def _read(self, words: Words, window: Window) -> np.ndarray:
        """The probabilities of the words that get their labels in a window: words x labels."""
        encoder = self._encoder
        codes, shapes, heads = [encoder.opening], [0], []
        for word in range(window.first, window.last):
            heads.append(len(codes))
            pieces = words.pieces[word]
            codes.extend(pieces)
            shapes.extend([words.shapes[word]] * len(pieces))
        codes.append(encoder.closing)
        shapes.append(0)
        inputs = {"pieces": np.array([codes], np.int64), "shapes": np.array([shapes], np.int64)}
        (scores,) = self._session.run(["scores"], inputs)
        kept = heads[window.from_ - window.first : window.to - window.first]
        return _softmax(scores[0, kept])


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
