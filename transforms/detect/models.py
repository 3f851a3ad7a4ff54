"""Named-entity models beside the patterns: one small class for each kind, one interface."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from transforms.detect.settings import ModelKind, ModelSettings
from transforms.detect.spans import Span
from transforms.detect.terms import joined
from transforms.errors import UsageError


class NerModel(Protocol):
    """Finds the entities in a batch of texts of any length. Loaded once per process."""

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, in the texts' order."""
        ...


class SpacyModel:
    """Any installed spaCy pipeline with an entity recogniser."""

    _SIZE, _OVERLAP = 2_000, 100
    """Words: what one part of a text holds, so that memory is bounded."""

    def __init__(self, settings: ModelSettings) -> None:
        """Load the pipeline. Raises UsageError where that cannot be done."""
        import spacy

        self._name = name = settings.name or ""
        try:
            self._pipeline = spacy.load(name)
        except OSError as error:
            raise UsageError(
                f"detect.model.name: no spaCy model {name!r} is installed. Install it, for example "
                f"`python -m spacy download {name}`, or give the path of its folder."
            ) from error
        except (ImportError, ValueError) as error:
            # A component that another package has (spacy-transformers ...).
            raise UsageError(
                f"detect.model.name: spaCy model {name!r} cannot be loaded: install what it needs, "
                f"in versions that fit ({type(error).__name__}; `python -m spacy validate`)"
            ) from error
        recognisers = [
            pipe
            for pipe in self._pipeline.pipe_names
            if "doc.ents" in self._pipeline.get_pipe_meta(pipe).assigns
        ]
        if not recognisers:
            raise UsageError(
                f"detect.model.name: spaCy model {name!r} has no entity recogniser; its "
                f"components: {', '.join(self._pipeline.pipe_names) or 'none'}"
            )
        labels = self._pipeline.pipe_labels
        self._entities = _entities(
            settings, {label for pipe in recognisers for label in labels.get(pipe, ())}
        )
        self._score = settings.score

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        parts = [part for number, text in enumerate(texts) for part in self._parts(number, text)]
        documents = self._pipeline.pipe(texts[number][a:b] for number, a, b in parts)
        found = (
            (
                number,
                Span(
                    start + entity.start_char,
                    start + entity.end_char,
                    self._entities[entity.label_],
                    self._score,
                    self._name,
                ),
            )
            for (number, start, _), document in zip(parts, documents, strict=True)
            for entity in document.ents
            if entity.label_ in self._entities
        )
        return _together(found, len(texts))

    def _parts(self, number: int, text: str) -> Iterator[tuple[int, int, int]]:
        words = [match.span() for match in _WORD.finditer(text)]
        for start, end in windows(words, self._SIZE, self._OVERLAP):
            yield number, start, end


class TransformersModel:
    """Any Hugging Face token-classification model."""

    _SIZE, _OVERLAP, _SPARE = 256, 64, 8
    """Pieces: what is read at once (less where the model takes less), and what is left free, since
    a part is cut into pieces anew."""

    def __init__(self, settings: ModelSettings) -> None:
        """Load the model from this machine. Raises UsageError where that cannot be done."""
        self._name = name = settings.name or ""
        try:
            import torch
            from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline
        except ImportError as error:
            raise UsageError(_needs("transformers")) from error
        try:
            tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=True)
            model, loading = AutoModelForTokenClassification.from_pretrained(
                name, local_files_only=True, output_loading_info=True
            )
        except (OSError, ValueError) as error:
            raise UsageError(_not_here("transformers", name, error)) from error
        except ImportError as error:
            raise UsageError(_needs("transformers")) from error
        if loading["missing_keys"]:
            raise UsageError(
                f"detect.model.name: {name!r} is no token-classification model: it has no weights "
                "for labels. Name one that was trained to find entities."
            )
        if not tokenizer.is_fast:
            raise UsageError(
                f"detect.model.name: the tokenizer of {name!r} does not tell where its pieces "
                "stand. Name a model that has a tokenizer.json."
            )
        self._entities = _entities(
            settings, {re.sub(r"^[BIESLU]-", "", v) for v in model.config.id2label.values()} - {"O"}
        )
        # Workers are processes, one a core: more threads in each would be in each other's way.
        torch.set_num_threads(1)
        self._tokenizer = tokenizer
        longest = min(
            tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", self._SIZE)
        )
        tokenizer.model_max_length = longest
        self._size = min(self._SIZE, longest) - tokenizer.num_special_tokens_to_add() - self._SPARE
        self._pipeline: Any = pipeline(
            "token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="simple"
        )

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        parts = [
            (number, start, end)
            for number, text in enumerate(texts)
            for start, end in _pieces_together(self._tokenizer, text, self._size, self._OVERLAP)
        ]
        if not parts:
            return [[] for _ in texts]
        answers = self._pipeline([texts[number][start:end] for number, start, end in parts])
        found = (
            (
                number,
                Span(
                    *_whole_words(
                        texts[number], start + int(entity["start"]), start + int(entity["end"])
                    ),
                    self._entities[entity["entity_group"]],
                    float(entity["score"]),
                    self._name,
                ),
            )
            for (number, start, _), answer in zip(parts, answers, strict=True)
            for entity in answer
            if entity["entity_group"] in self._entities
        )
        return _together(found, len(texts))


class GlinerModel:
    """Any GLiNER model, asked for the labels of the configuration."""

    _SIZE, _OVERLAP, _SPARE = 256, 64, 8

    def __init__(self, settings: ModelSettings, marking: float) -> None:
        """Load the model from this machine; it finds what reaches the probability ``marking``.

        Raises UsageError where the model cannot be loaded.
        """
        self._name = name = settings.name or ""
        try:
            import torch
            from gliner import GLiNER
        except ImportError as error:
            raise UsageError(_needs("gliner")) from error
        try:
            self._model: Any = GLiNER.from_pretrained(name, local_files_only=True)
        except (OSError, ValueError) as error:
            raise UsageError(_not_here("gliner", name, error)) from error
        torch.set_num_threads(1)
        self._entities = settings.entities
        self._marking = marking
        self._tokenizer = self._model.data_processor.transformer_tokenizer
        # The labels are read before the text, each with a mark of its own.
        asked = self._tokenizer(" ".join(self._entities))["input_ids"]
        room = self._tokenizer.model_max_length - len(asked) - 2 * len(self._entities)
        # What the model counts are words: there are more of them than pieces in "?!?!".
        words = self._model.config.max_len // 2
        self._size = min(self._SIZE, room, words) - self._SPARE
        if self._size <= self._SPARE:
            raise UsageError(
                f"detect.model.labels: {len(self._entities)} labels leave {name!r} no room for "
                "text; ask for fewer"
            )

    def find(self, texts: Sequence[str]) -> list[list[Span]]:
        overlap = min(self._OVERLAP, self._size // 2)
        parts = [
            (number, start, end)
            for number, text in enumerate(texts)
            for start, end in _pieces_together(self._tokenizer, text, self._size, overlap)
        ]
        if not parts:
            return [[] for _ in texts]
        answers = self._model.inference(
            [texts[number][start:end] for number, start, end in parts],
            list(self._entities),
            threshold=self._marking,
        )
        found = (
            (
                number,
                Span(
                    start + int(entity["start"]),
                    start + int(entity["end"]),
                    self._entities[entity["label"]],
                    float(entity["score"]),
                    self._name,
                ),
            )
            for (number, start, _), answer in zip(parts, answers, strict=True)
            for entity in answer
        )
        return _together(found, len(texts))


def load(settings: ModelSettings, marking: float) -> NerModel:
    """The model that the configuration names; one that is asked for a probability marks what
    reaches ``marking``.

    Raises UsageError where it, or what runs it, is not installed.
    """
    match settings.kind:
        case ModelKind.BUILTIN:
            from transforms.detect.ner.builtin import BuiltinModel, Tier

            return BuiltinModel(Tier(settings.tier), threshold=marking)
        case ModelKind.SPACY:
            return SpacyModel(settings)
        case ModelKind.TRANSFORMERS:
            return TransformersModel(settings)
        case ModelKind.GLINER:
            return GlinerModel(settings, marking)


_WORD = re.compile(r"\S{1,64}")


def windows(units: Sequence[tuple[int, int]], size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Start and end of the parts in which a text is read, given those of its words or pieces:
    ``size`` of them each, the last ``overlap`` of which are read again in the next part, so that
    what lies across a seam is whole in one of them."""
    first = 0
    while first < len(units):
        last = min(first + size, len(units))
        yield units[first][0], units[last - 1][1]
        if last == len(units):
            return
        first = last - min(overlap, size - 1)


def _pieces_together(
    tokenizer: Any, text: str, size: int, overlap: int
) -> Iterator[tuple[int, int]]:
    """The parts of a text for a model that reads so many of a tokenizer's pieces."""
    if not text.strip():
        return iter(())
    read = tokenizer(
        text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
    )
    pieces = [(start, end) for start, end in read["offset_mapping"] if end > start]
    return windows(pieces, size, min(overlap, size // 2))


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A range of a text without white space at its edges, and with the rest of the words that it
    cuts: a model labels pieces of words."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while joined(text, start):
        start -= 1
    while joined(text, end):
        end += 1
    return start, end


def _together(found: Iterable[tuple[int, Span]], texts: int) -> list[list[Span]]:
    """The spans of each text, by start, from those of its parts: of those of one entity that lie in
    each other the longest alone."""
    spans: list[list[Span]] = [[] for _ in range(texts)]
    for number, span in sorted(found, key=lambda f: (f[1].start, -f[1].end, -f[1].score)):
        if not any(o.entity == span.entity and span.end <= o.end for o in spans[number]):
            spans[number].append(span)
    return spans


def _entities(settings: ModelSettings, labels: set[str]) -> Mapping[str, str]:
    """The entities by label, of a model that has these labels.

    Raises UsageError where not one of them is listed: nothing would ever be found.
    """
    if labels and labels.isdisjoint(settings.entities):
        some = ", ".join(sorted(labels)[:20])
        raise UsageError(
            f"detect.model.labels: none of the labels of {settings.name!r} is listed. Say which "
            f"entity each stands for (PERSON: PERSON); it has: {some}"
        )
    return settings.entities


def _needs(kind: str) -> str:
    return f"detect.model.kind: '{kind}' needs an extra: pip install 'veilbeam[{kind}]'"


def _not_here(kind: str, name: str, error: Exception) -> str:
    return (
        f"detect.model.name: no {kind} model can be loaded from {name!r} "
        f"({type(error).__name__}). Veilbeam downloads nothing: give the path of the model's "
        f"folder, or fetch it into this machine's cache first (`hf download {name}`)."
    )
