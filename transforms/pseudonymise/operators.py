"""Presidio operators: what is done with one span of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from presidio_anonymizer.operators import Operator, OperatorType

from . import ages, dates, surrogates, tokens
from .hints import Hints
from .lexicon import Lexicon


@dataclass(frozen=True, repr=False)
class Context:
    """What the operators need to know of the record, and the keys; ``repr`` shows none of it."""

    surrogate_key: bytes
    token_key: bytes
    words: Lexicon
    hints: Hints
    days: int | None
    """The subject's offset; None where the subject is not known: its dates are redacted."""
    age_band: int


class _ContextOperator(Operator):
    """An operator whose parameters are ``context`` and Presidio's own ``entity_type``."""

    NAME: str

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The text that stands in the place of ``text``."""
        assert params is not None
        return self.stand_in(text, params["entity_type"], params["context"])

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """What the operator makes of one span."""
        raise NotImplementedError

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """Raises ValueError where the context is missing."""
        if not isinstance((params or {}).get("context"), Context):
            raise ValueError(f"Operator {self.NAME} needs a context.")

    def operator_name(self) -> str:
        """Name under which the engine knows the operator."""
        return self.NAME

    def operator_type(self) -> OperatorType:
        """Anonymising, not the way back."""
        return OperatorType.Anonymize


class SurrogateOperator(_ContextOperator):
    """A realistic stand-in."""

    NAME = "surrogate"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The keyed surrogate, agreeing with the record's fields."""
        return surrogates.surrogate(
            context.surrogate_key, entity, text, context.words, context.hints
        )


class TokenOperator(_ContextOperator):
    """An opaque stand-in."""

    NAME = "token"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The keyed token."""
        return tokens.token_in_text(context.token_key, entity, text)


class ShiftOperator(_ContextOperator):
    """Dates, moved by the subject's offset."""

    NAME = "shift"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The shifted date in its own form; redacted where it cannot be read."""
        new = None
        if context.days is not None:
            reading = dates.Reading.of(context.words)
            new = dates.shift(text, context.days, reading, context.hints.reference)
        return surrogates.redacted(entity) if new is None else new


class AgeBandOperator(_ContextOperator):
    """Ages, as bands."""

    NAME = "age_band"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The band in the text's own grammar; redacted where no age can be read."""
        new = ages.banded(text, context.age_band)
        if new is None and entity == "AGE_OVER_89":
            return f"{ages.OLDEST}+"
        return surrogates.redacted(entity) if new is None else new


class RedactOperator(_ContextOperator):
    """Taken out."""

    NAME = "redact_entity"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The entity's name in angle brackets."""
        return surrogates.redacted(entity)


OPERATORS = (SurrogateOperator, TokenOperator, ShiftOperator, AgeBandOperator, RedactOperator)
