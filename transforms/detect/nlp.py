"""The embedded NLP engine: tokens and lower-case lemmas for context words, made only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.attrs import IDX, LENGTH, ORTH
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from transforms.detect.spans import Span


class Words(dict[int, tuple[str, tuple[str, ...]]]):
    """spaCy's id of a word -> the word in lower case, and what of it counts as a context word.

    Ids are those of one memory zone: a table lives no longer than that.
    """

    def __init__(self, vocabulary: Vocab) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, word: int) -> tuple[str, tuple[str, ...]]:
        lexeme = self._vocabulary[word]
        lower = lexeme.lower_
        counts = not lexeme.is_stop and not lexeme.is_punct and lower != "be"
        self[word] = entry = (lower, tuple(lower.split(":")) if counts else ())
        return entry


class LazyArtifacts(NlpArtifacts):
    """Presidio's artifacts of one text, computed at first use: few texts need their tokens.

    ``possible`` holds the numbers of the recognisers that may find something (see ``prefilter``),
    ``found`` the spans that were found before Presidio was asked.
    """

    def __init__(
        self,
        text: str,
        pipeline: Language,
        engine: NlpEngine,
        possible: frozenset[int],
        found: Sequence[Span] = (),
        words: Words | None = None,
    ) -> None:
        self.text = text
        self.possible = possible
        self.found = found
        self.nlp_engine = engine
        self.language = pipeline.lang
        self.scores: list[float] = []
        self.entities: list[Any] = []
        self._pipeline = pipeline
        self._words = Words(pipeline.vocab) if words is None else words

    @cached_property
    def tokens(self) -> Doc:
        return self._pipeline.make_doc(self.text)

    @cached_property
    def tokens_indices(self) -> list[int]:
        return self.tokens.to_array(IDX).tolist()

    @cached_property
    def tokens_ends(self) -> list[int]:
        """Where each token ends in the text."""
        return (self.tokens.to_array(IDX) + self.tokens.to_array(LENGTH)).tolist()

    @cached_property
    def _ids(self) -> list[int]:
        return self.tokens.to_array(ORTH).tolist()

    @cached_property
    def lemmas(self) -> list[str]:
        # Presidio's context words are matched against lemmas; a blank pipeline has none.
        return [self._words[word][0] for word in self._ids]

    @cached_property
    def keywords(self) -> frozenset[str]:
        # Presidio makes a list; all it asks is whether a word is in it.
        return frozenset(part for word in self._ids for part in self._words[word][1])


class BlankNlpEngine(NlpEngine):
    """A blank spaCy pipeline: tokenises, finds no entity, needs no model file."""

    engine_name = "blank"
    is_available = True

    def __init__(self, language: str, pipeline: Language) -> None:
        self._language = language
        self._pipeline = pipeline

    def load(self) -> None:
        pass

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return LazyArtifacts(text, self._pipeline, self, frozenset())

    def process_batch(
        self, texts: Iterable[str], language: str, **_: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        return self._pipeline.vocab[word].is_stop

    def is_punct(self, word: str, language: str) -> bool:
        return self._pipeline.vocab[word].is_punct

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return [self._language]
