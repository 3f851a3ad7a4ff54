"""The embedded NLP engine: tokens and lower-case lemmas for context words, made only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from spacy.language import Language
from spacy.tokens import Doc

from transforms.detect.spans import Span


class Keywords(frozenset[str]):
    """The text's content words. Presidio only asks whether a word is among them."""


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
    ) -> None:
        self.text = text
        self.possible = possible
        self.found = found
        self.nlp_engine = engine
        self.language = pipeline.lang
        self.scores: list[float] = []
        self.entities: list[Any] = []
        self._pipeline = pipeline

    @cached_property
    def tokens(self) -> Doc:
        return self._pipeline.make_doc(self.text)

    @cached_property
    def tokens_indices(self) -> list[int]:
        return [token.idx for token in self.tokens]

    @cached_property
    def lemmas(self) -> list[str]:
        # Presidio's context words are matched against lemmas; a blank pipeline has none.
        return [token.lower_ for token in self.tokens]

    @cached_property
    def keywords(self) -> Keywords:
        words = {
            token.lower_
            for token in self.tokens
            if not token.is_stop and not token.is_punct and token.lower_ != "be"
        }
        return Keywords(part for word in words for part in word.split(":"))


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
