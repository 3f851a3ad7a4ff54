"""Named-entity models beside the patterns: one small class for each kind, one interface."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from transforms.detect.settings import ModelKind, ModelSettings
from transforms.detect.spans import Span
from transforms.errors import UsageError


class NerModel(Protocol):
    """Finds the entities in a batch of texts. Loaded once per process."""

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in the texts' order."""
        ...


class SpacyModel:
    """Any installed spaCy pipeline with an entity recogniser."""

    def __init__(self, settings: ModelSettings) -> None:
        import spacy

        self._name = settings.name or ""
        try:
            self._pipeline = spacy.load(self._name)
        except OSError as error:
            raise UsageError(
                f"detect.model: no spaCy model {settings.name!r} is installed. Install it, for "
                f"example `python -m spacy download {settings.name}`, or give the path of its "
                "folder."
            ) from error
        self._settings = settings

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        labels, score = self._settings.labels, self._settings.score
        return [
            [
                Span(e.start_char, e.end_char, labels[e.label_], score, self._name)
                for e in document.ents
                if e.label_ in labels
            ]
            for document in self._pipeline.pipe(texts)
        ]


class TransformersModel:
    """Any Hugging Face token-classification model; long texts are windowed with overlap."""

    _WINDOW, _OVERLAP = 256, 64

    def __init__(self, settings: ModelSettings) -> None:
        try:
            from transformers import pipeline
        except ImportError as error:
            raise UsageError(
                "detect.model: kind 'transformers' needs an extra: pip install "
                "'veilbeam[transformers]'"
            ) from error
        self._name = settings.name or ""
        if not Path(self._name).is_dir():
            raise UsageError(
                f"detect.model: {settings.name!r} is not a folder. Veilbeam downloads nothing: "
                "fetch the model first and give its folder."
            )
        self._settings = settings
        self._pipeline: Any = pipeline(
            "token-classification",
            model=self._name,
            aggregation_strategy="simple",
            stride=self._OVERLAP,
            model_kwargs={"local_files_only": True},
        )
        self._pipeline.tokenizer.model_max_length = self._WINDOW

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        labels = self._settings.labels
        return [
            [
                Span(
                    e["start"],
                    e["end"],
                    labels[e["entity_group"]],
                    float(e["score"]),
                    self._name,
                )
                for e in found
                if e["entity_group"] in labels
            ]
            for found in self._pipeline(list(texts))
        ]


def load(settings: ModelSettings) -> NerModel:
    """The model that the configuration names.

    Raises UsageError where it, or what runs it, is not installed.
    """
    match settings.kind:
        case ModelKind.BUILTIN:
            from transforms.detect.ner.builtin import BuiltinModel, Tier

            return BuiltinModel(Tier(settings.tier))
        case ModelKind.SPACY:
            return SpacyModel(settings)
        case ModelKind.TRANSFORMERS:
            return TransformersModel(settings)
