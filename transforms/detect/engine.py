"""Texts in, spans out: Presidio's analyzer with our recognisers, at a fraction of its cost.

What is not Presidio's here is speed alone: recognisers that cannot match are skipped
(``prefilter``), tokens are made only where a context word is asked for (``nlp``), and their look-up
bisects. ``tests/detect/test_engine.py`` holds that spans and scores are Presidio's own.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

import regex
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from transforms.detect import models, recognisers
from transforms.detect.known import Known, find_known
from transforms.detect.lists import Lists
from transforms.detect.nlp import BlankNlpEngine, LazyArtifacts, Tokeniser
from transforms.detect.phone import Segmented, digits_pattern
from transforms.detect.prefilter import Prefilter, SparseRegex
from transforms.detect.repeats import repeats
from transforms.detect.settings import DetectSettings
from transforms.detect.spans import Span, outside

FOUND_ENTITY = "FOUND"


class DetectionError(Exception):
    """A text could not be searched to its end. Its record must not be published."""


class Certain(NamedTuple):
    """Entities, and the score from which on one of them counts."""

    entities: frozenset[str]
    score: float

    def possible_for(self, recogniser: EntityRecognizer) -> bool:
        """Whether a recogniser can find such an entity with such a score."""
        if isinstance(recogniser, PhoneRecognizer):
            most = recogniser.SCORE + _ContextWords().context_similarity_factor
            if most < self.score:
                return False
        return not self.entities.isdisjoint(recogniser.supported_entities)


class _TimeoutIsAnError(logging.Filter):
    """Presidio logs a pattern's timeout and goes on without it: what it would have found would be
    published. Here a timeout ends the detection of that text."""

    def filter(self, record: logging.LogRecord) -> bool:
        if "timed out" in str(record.msg):
            raise DetectionError("a pattern took too long")
        return True


class _Gate(EntityRecognizer):
    """Runs a recogniser only on texts in which it may find something."""

    def __init__(self, inner: EntityRecognizer, numbers: Sequence[int]) -> None:
        """``numbers``: of the patterns without which it finds nothing; none: not known."""
        self._numbers = frozenset(numbers)
        self._patterns = (
            list(zip(numbers, inner.patterns, strict=True))
            if isinstance(inner, PatternRecognizer)
            else []
        )
        self._inner: Any = Segmented(inner) if isinstance(inner, PhoneRecognizer) else inner
        super().__init__(
            inner.supported_entities,
            name=inner.name,
            supported_language=inner.supported_language,
            context=inner.context,
        )
        # Results carry the inner recogniser's id, by which its context words are found again.
        self._id = inner.id

    def load(self) -> None:
        pass

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        assert isinstance(nlp_artifacts, LazyArtifacts)
        possible = nlp_artifacts.possible
        if self._numbers and self._numbers.isdisjoint(possible):
            return []
        if self._patterns:
            # Each pattern costs Presidio some time, also where it finds nothing.
            self._inner.patterns = [p for number, p in self._patterns if number in possible]
        return self._inner.analyze(text, entities, nlp_artifacts) or []


class _Found(EntityRecognizer):
    """Hands Presidio the spans that were found before it: the record's own identifiers, and those
    of the named-entity model, which sees whole batches."""

    def __init__(self, language: str) -> None:
        super().__init__([FOUND_ENTITY], name="found", supported_language=language)

    def load(self) -> None:
        pass

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        assert isinstance(nlp_artifacts, LazyArtifacts)
        return [
            RecognizerResult(
                span.entity,
                span.start,
                span.end,
                span.score,
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: span.recogniser,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for span in nlp_artifacts.found
        ]


class _Engine(AnalyzerEngine):
    """Presidio's engine without its sorting of results by recogniser, for recognisers that boost
    scores by a logic of their own: there are none (``Detector`` makes sure)."""

    def _enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return self.context_aware_enhancer.enhance_using_context(
            text, raw_results, nlp_artifacts, recognizers, context
        )


class _ContextWords(LemmaContextAwareEnhancer):
    """Presidio's boost by context words, without its copies and its linear token look-up."""

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        by_id = {recogniser.id: recogniser for recogniser in recognizers}
        lower = text.lower()
        for result in raw_results:
            recogniser = by_id[
                result.recognition_metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY]
            ]
            boosted = result.recognition_metadata.get(
                RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY
            )
            if boosted or result.score >= self.MAX_SCORE:
                continue
            # A context word is part of a word of the text: most texts need not be tokenised.
            if not any(word.lower() in lower for word in recogniser.context):
                continue
            words = self._words_around(nlp_artifacts, result.start)
            if self._find_supportive_word_in_context(
                words, recogniser.context, self.context_matching_mode
            ):
                boost = result.score + self.context_similarity_factor
                result.score = min(
                    max(boost, self.min_score_with_context_similarity), self.MAX_SCORE
                )
        return raw_results

    def _words_around(self, artifacts: NlpArtifacts, start: int) -> list[str]:
        assert isinstance(artifacts, LazyArtifacts)
        # Most often a few words around say it all.
        for tokens, keywords, index, reaches_start, reaches_end in artifacts.windows(start):
            words = [t.lower for t in tokens]
            before = self._add_n_words_backward(index, self.context_prefix_count, words, keywords)
            after = self._add_n_words_forward(index, self.context_suffix_count, words, keywords)
            enough_before = len(before) > self.context_prefix_count or reaches_start
            enough_after = len(after) > self.context_suffix_count or reaches_end
            if enough_before and enough_after:
                return [*before, *after]
        return []


def _searched(recogniser: EntityRecognizer) -> list[str]:
    """The patterns without which a recogniser finds nothing; none if that cannot be said."""
    if isinstance(recogniser, PatternRecognizer):
        return [pattern.regex for pattern in recogniser.patterns]
    if isinstance(recogniser, PhoneRecognizer):
        return [digits_pattern(recogniser.supported_regions)]
    return []


def _gates(recognisers: Sequence[EntityRecognizer]) -> tuple[Prefilter, list[_Gate]]:
    """The recognisers, each run only where one of its patterns may match, and each pattern only
    where it can begin."""
    searched = [_searched(recogniser) for recogniser in recognisers]
    prefilter = Prefilter([pattern for patterns in searched for pattern in patterns])
    gates, first = [], 0
    for recogniser, patterns in zip(recognisers, searched, strict=True):
        boost = type(recogniser).enhance_using_context
        assert boost is EntityRecognizer.enhance_using_context, recogniser.name
        numbers = range(first, first + len(patterns))
        first += len(patterns)
        if isinstance(recogniser, PatternRecognizer):
            recogniser.patterns = [
                _sparse(pattern, recogniser.global_regex_flags, prefilter, number)
                for pattern, number in zip(recogniser.patterns, numbers, strict=True)
            ]
        gates.append(_Gate(recogniser, numbers))
    return prefilter, gates


def _sparse(given: Pattern, flags: int, prefilter: Prefilter, number: int) -> Pattern:
    # Recognisers share their classes' patterns.
    pattern = copy.copy(given)
    if prefilter.relaxed[number] is not None:
        compiled = regex.compile(pattern.regex, flags)
        pattern.compiled_regex = SparseRegex(compiled, prefilter, number)
        pattern.compiled_with_flags = flags
    return pattern


class Detector:
    """Finds identifiers in texts. One per process; not shared between threads."""

    def __init__(self, settings: DetectSettings, only: Certain | None = None) -> None:
        """Load recognisers and model; ``only`` those, and no model, that can find ``only``.

        Raises UsageError where the model is not installed.
        """
        self._settings = settings
        self._language = str(settings.language)
        inner = all_recognisers(settings)
        if only is not None:
            inner = [recogniser for recogniser in inner if only.possible_for(recogniser)]
        self._prefilter, gates = _gates(inner)
        self._nlp = BlankNlpEngine(Tokeniser(self._language))
        self._engine = _Engine(
            registry=RecognizerRegistry(
                recognizers=[*gates, _Found(self._language)],
                supported_languages=[self._language],
            ),
            nlp_engine=self._nlp,
            supported_languages=[self._language],
            context_aware_enhancer=_ContextWords(),
        )
        self._model = (
            models.load(settings.model, settings.marking)
            if settings.model and only is None
            else None
        )
        self._lists = Lists(settings)
        # What is certain wherever it stands needs no second pass.
        self._twice = only is None
        _set_up_logging()

    def detect(
        self, texts: Sequence[str], known: Sequence[Known] | None = None
    ) -> list[list[Span]]:
        """The spans of each text, by start; they may overlap.

        ``known``: for each text the identifiers that its record is known to hold.
        Raises DetectionError where a text could not be searched to its end.
        """
        found: Sequence[list[Span]] = self._model.find(texts) if self._model else [[]] * len(texts)
        return [
            self._one(text, spans, known[number] if known else None)
            for number, (text, spans) in enumerate(zip(texts, found, strict=True))
        ]

    def _one(self, text: str, model_spans: list[Span], known: Known | None) -> list[Span]:
        certain = self._lists.denied(text)
        if known:
            certain += find_known(text, known)
        possible = self._prefilter.possible(text)
        if not possible and not model_spans:
            return sorted(certain)
        artifacts = LazyArtifacts(text, self._nlp, possible, model_spans)
        results = self._engine.analyze(text, self._language, nlp_artifacts=artifacts)
        found = [span for span in map(_span, results) if self._kept(span)]
        if found:
            allowed = self._lists.allowed(text)
            found = outside(found, allowed)
            if self._twice:
                found += outside(self._repeats(text, found, certain), allowed)
        return sorted([*certain, *found])

    def _kept(self, span: Span) -> bool:
        return (
            span.score >= self._settings.threshold_of(span.entity)
            and span.entity not in self._settings.ignore
        )

    def _repeats(self, text: str, found: list[Span], certain: list[Span]) -> list[Span]:
        """The other places of what was found, but of what is looked for everywhere anyway."""
        score = self._settings.repeated
        sure = outside((span for span in found if span.score >= score), certain)
        return repeats(text, sure, [*found, *certain], score) if sure else []


def all_recognisers(settings: DetectSettings) -> list[EntityRecognizer]:
    """Presidio's recognisers for the configured countries, and ours."""
    language, countries = str(settings.language), [str(c) for c in settings.countries]
    return [
        *recognisers.predefined(language, countries),
        *recognisers.build(language, countries),
    ]


def _span(result: RecognizerResult) -> Span:
    name = result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY]
    return Span(result.start, result.end, result.entity_type, result.score, name)


def _set_up_logging() -> None:
    logger = logging.getLogger("presidio-analyzer")
    # It tells of every text; worker processes would send that to the one that launched them.
    logger.setLevel(logging.WARNING)
    if not any(isinstance(f, _TimeoutIsAnError) for f in logger.filters):
        logger.addFilter(_TimeoutIsAnError())
