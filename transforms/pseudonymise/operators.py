"""Presidio operators: what is done with one span of a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from presidio_anonymizer.operators import Operator, OperatorType

from transforms.fields import AGES, Mask

from . import ages, dates, surrogates, tokens
from .encryption import ValueCipher
from .format_preserving import FormatCipher
from .hints import Hints
from .lexicon import Lexicon
from .masking import masked


@dataclass(frozen=True, repr=False)
class Tools:
    """The keys, and how entities are treated: the same for all records. ``repr`` shows none."""

    surrogate_key: bytes
    token_key: bytes
    cipher: ValueCipher
    formats: FormatCipher
    words: Lexicon
    reading: dates.Reading
    age_band: int
    coarser: Mapping[str, Callable[[Any], str | None]]
    """What makes a value coarser, by entity."""
    masks: Mapping[str, Mask]
    keep_checksums: bool = True


@dataclass(frozen=True, repr=False)
class Context:
    """What the operators need to know of the record; ``repr`` shows none of it."""

    tools: Tools
    hints: Hints
    days: int | None
    """The subject's offset; None where the subject is not known: its dates are redacted."""


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
        tools = context.tools
        return surrogates.surrogate(
            tools.surrogate_key, entity, text, tools.words, context.hints, tools.keep_checksums
        )


class TokenOperator(_ContextOperator):
    """An opaque stand-in."""

    NAME = "token"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The keyed token."""
        return tokens.token_in_text(context.tools.token_key, entity, text)


class ShiftOperator(_ContextOperator):
    """Dates, moved by the subject's offset."""

    NAME = "shift"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The shifted date in its own form; redacted where it cannot be read."""
        new = None
        if context.days is not None:
            reference = context.hints.reference
            oldest = dates.oldest_of(reference)
            new = dates.shift(text, context.days, context.tools.reading, reference, oldest)
        return surrogates.redacted(entity) if new is None else new


class AgeBandOperator(_ContextOperator):
    """Ages, as bands."""

    NAME = "age_band"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The band in the text's own grammar; redacted where no age can be read."""
        return _banded(text, entity, context.tools.age_band)


class EncryptOperator(_ContextOperator):
    """Encrypted, to be opened by the key's holder."""

    NAME = "encrypt_siv"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The encrypted value: of the exact text, so that it comes back as it was."""
        return context.tools.cipher.encrypt(entity, text)


class FormatOperator(_ContextOperator):
    """Encrypted into its own format."""

    NAME = "fpe"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The same number in any spacing is encrypted alike; redacted where it has no format."""
        new = context.tools.formats.encrypt(entity, text)
        return surrogates.redacted(entity) if new is None else new


class GeneraliseOperator(_ContextOperator):
    """Made coarser."""

    NAME = "generalise"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The coarser value; redacted where it cannot be read or must be suppressed."""
        coarser = context.tools.coarser.get(entity)
        if coarser is None and entity in AGES:
            return _banded(text, entity, context.tools.age_band)
        new = None if coarser is None else coarser(text)
        return surrogates.redacted(entity) if new is None else new


class MaskOperator(_ContextOperator):
    """Masked."""

    NAME = "mask_characters"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The text with its characters masked, but for those that are kept."""
        return masked(text, context.tools.masks.get(entity, _MASK_ALL))


class RedactOperator(_ContextOperator):
    """Taken out."""

    NAME = "redact_entity"

    def stand_in(self, text: str, entity: str, context: Context) -> str:
        """The entity's name in angle brackets."""
        return surrogates.redacted(entity)


def _banded(text: str, entity: str, width: int) -> str:
    new = ages.banded(text, width)
    if new is None and entity == "AGE_OVER_89":
        return f"{ages.OLDEST}+"
    return surrogates.redacted(entity) if new is None else new


_MASK_ALL = Mask()
OPERATORS = (
    SurrogateOperator,
    TokenOperator,
    EncryptOperator,
    FormatOperator,
    ShiftOperator,
    GeneraliseOperator,
    AgeBandOperator,
    MaskOperator,
    RedactOperator,
)
