"""What the built-in detector is compared with: spaCy's NER, trained from nothing on our texts."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.util import filter_spans

from scripts.detector.dataset import Texts
from scripts.detector.pieces import Gold
from transforms.detect.spans import Span

_WIDTH, _DEPTH = 128, 4
_BATCH = 96

_TOK2VEC = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": _WIDTH,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
        "rows": [10000, 2500, 5000, 5000],
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": _WIDTH,
        "depth": _DEPTH,
        "window_size": 1,
        "maxout_pieces": 3,
    },
}
_MODEL = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "nO": None,
    "tok2vec": _TOK2VEC,
}


class SpacyBaseline:
    """A spaCy pipeline behind the interface of the built-in model."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """The entities of each text."""
        return [
            [Span(e.start_char, e.end_char, e.label_, 1.0, "spacy") for e in document.ents]
            for document in self._pipeline.pipe(texts)
        ]


def train(data: Path | None, seed: int, seconds: float) -> SpacyBaseline:
    """Train for so many seconds on one core, on the texts of the detector."""
    spacy.util.fix_random_seed(seed)
    pipeline = spacy.blank("xx")
    pipeline.add_pipe("ner", config={"model": _MODEL})
    texts = iter(Texts(data, seed * 1000))

    def examples(many: int) -> list[Example]:
        return [_example(pipeline, gold) for gold in itertools.islice(texts, many)]

    first = examples(2000)
    optimiser = pipeline.initialize(lambda: first)
    started, words, losses = time.monotonic(), 0, {}
    while (spent := time.monotonic() - started) < seconds:
        optimiser.learn_rate = 0.001 * max(0.05, 1.0 - spent / seconds)
        batch = examples(_BATCH)
        words += sum(len(example.reference) for example in batch)
        pipeline.update(batch, sgd=optimiser, losses=losses, drop=0.1)
    print(f"spaCy: {words} words in {seconds:.0f} s")
    return SpacyBaseline(pipeline)


def _example(pipeline: Language, gold: Gold) -> Example:
    predicted = pipeline.make_doc(gold.text)
    reference = predicted.copy()
    spans = [
        reference.char_span(start, end, label, alignment_mode="expand")
        for start, end, label in gold.spans
    ]
    reference.set_ents(filter_spans([span for span in spans if span is not None]))
    return Example(predicted, reference)
