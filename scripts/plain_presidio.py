"""Presidio as it comes, with the same recognisers: what Veilbeam's speed is measured against."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_anonymizer import AnonymizerEngine
from spacy.language import Language
from spacy.tokens import Doc

from transforms.detect.engine import all_recognisers
from transforms.detect.settings import DetectSettings


@Language.component("lower_case_lemmas")
def lower_case_lemmas(document: Doc) -> Doc:
    """Lemmas, without which Presidio's context words do nothing."""
    for token in document:
        token.lemma_ = token.lower_
    return document


class _BlankSpacy(SpacyNlpEngine):
    """Presidio's spaCy engine over a blank pipeline."""

    def __init__(self, language: str) -> None:
        super().__init__(models=[{"lang_code": language, "model_name": "blank"}])
        pipeline = spacy.blank(language)
        pipeline.add_pipe("lower_case_lemmas")
        self.nlp = {language: pipeline}


class PlainPresidio:
    """Unchanged ``AnalyzerEngine`` and ``AnonymizerEngine``, one text after the other."""

    def __init__(self, settings: DetectSettings) -> None:
        self._language = str(settings.language)
        self._analyzer = AnalyzerEngine(
            registry=RecognizerRegistry(
                recognizers=all_recognisers(settings), supported_languages=[self._language]
            ),
            nlp_engine=_BlankSpacy(self._language),
            supported_languages=[self._language],
        )
        self._anonymizer = AnonymizerEngine()

    def analyze(self, text: str) -> list[RecognizerResult]:
        """Presidio's results for one text."""
        return self._analyzer.analyze(text, self._language)

    def anonymize(self, texts: Sequence[str]) -> list[str]:
        """Each text with its entities replaced by Presidio's default operator."""
        return [
            self._anonymizer.anonymize(text, self.analyze(text)).text  # type: ignore[arg-type]
            for text in texts
        ]
