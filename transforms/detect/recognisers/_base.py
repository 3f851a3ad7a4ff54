"""What Veilbeam's recognisers have in common."""

from __future__ import annotations

from typing import Any, ClassVar

import regex
from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.entity_recognizer import EntityRecognizer

FLAGS = regex.DOTALL | regex.MULTILINE | regex.IGNORECASE
"""Presidio's flags. Case is asked for where it matters: ``(?-i:\\p{Lu})``."""


class Labelled(Pattern):
    """A pattern in which a label ("NHS number:") stands before the identifier: what follows is
    taken for one even where its check digit is wrong, since a mistyped number still identifies."""


class GroupRecogniser(PatternRecognizer):
    """A pattern recogniser that is described by class attributes, and whose span is the group
    ``(?P<id>...)`` of a pattern (the whole match where there is none).

    A group ``(?P<before>...)``, captured by a look-behind, moves the span's start to its own: for
    identifiers that are best searched for from their middle ("... at gmail dot com").

    So the words around an identifier can be part of the pattern without being replaced, and
    without look-behind, which is slow. What is found depends on the patterns' matches alone: a
    text in which no pattern matches has no result.
    """

    ENTITY: ClassVar[str]
    PATTERNS: ClassVar[tuple[Pattern, ...]]
    CONTEXT: ClassVar[tuple[str, ...]] = ()
    VALID_SCORE: ClassVar[float] = 1.0
    """Score of a value whose check digit is right."""
    MORE_ENTITIES: ClassVar[tuple[str, ...]] = ()
    """What ``entity_of`` may return besides ``ENTITY``."""

    def __init__(self, supported_language: str = "en") -> None:
        super().__init__(
            supported_entity=self.ENTITY,
            supported_language=supported_language,
            patterns=list(self.PATTERNS),
            context=list(self.CONTEXT),
            global_regex_flags=FLAGS,
        )
        self.supported_entities = [self.ENTITY, *self.MORE_ENTITIES]
        for pattern in self.patterns:
            if pattern.compiled_regex is None:
                pattern.compiled_regex = regex.compile(pattern.regex, FLAGS)
                pattern.compiled_with_flags = FLAGS

    def narrow(self, value: str) -> tuple[int, int]:
        """Start and end, within ``value``, of what identifies; an empty range for nothing."""
        return 0, len(value)

    def entity_of(self, value: str) -> str:
        """Entity type of a value that was found."""
        return self.ENTITY

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: Any = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """The identifiers in ``text``."""
        results = []
        for pattern in self.patterns:
            groups = pattern.compiled_regex.groupindex
            first_group = "before" if "before" in groups else "id" if "id" in groups else 0
            last_group = "id" if "id" in groups else 0
            for match in pattern.compiled_regex.finditer(text):
                start, end = match.start(first_group), match.end(last_group)
                first, last = self.narrow(text[start:end])
                start, end = start + first, start + last
                value = text[start:end]
                entity = self.entity_of(value) if value else ""
                score = self._score(pattern, value) if value else EntityRecognizer.MIN_SCORE
                if score <= EntityRecognizer.MIN_SCORE or (entities and entity not in entities):
                    continue
                results.append(self._result(pattern, entity, start, end, score))
        return EntityRecognizer.remove_duplicates(results) if len(results) > 1 else results

    def _score(self, pattern: Pattern, value: str) -> float:
        if self.invalidate_result(value):
            return EntityRecognizer.MIN_SCORE
        valid = None if isinstance(pattern, Labelled) else self.validate_result(value)
        if valid is None:
            return float(pattern.score)
        return self.VALID_SCORE if valid else EntityRecognizer.MIN_SCORE

    def _result(
        self, pattern: Pattern, entity: str, start: int, end: int, score: float
    ) -> RecognizerResult:
        explanation = self.build_regex_explanation(
            self.name, pattern.name, pattern.regex, score, None, FLAGS
        )
        return RecognizerResult(
            entity_type=entity,
            start=start,
            end=end,
            score=score,
            analysis_explanation=explanation,
            recognition_metadata={
                RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            },
        )
