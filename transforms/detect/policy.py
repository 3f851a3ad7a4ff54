"""How much is replaced for safety's sake: named sets of the detector's thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Policy(StrEnum):
    """What is preferred where it is not sure whether something identifies a person."""

    BALANCED = "balanced"
    """Most of what identifies is replaced, and ordinary words seldom are."""
    RECALL_FIRST = "recall_first"
    """Whatever may identify is replaced; ordinary words are lost more often."""


class Thresholds(NamedTuple):
    """The numbers of a policy, all of them from 0 to 1. Lower ones replace more."""

    marking: float
    """Probability of being part of any entity from which the built-in model marks a word (GLiNER: a
    span)."""
    least: float
    """Score from which a span is replaced."""
    repeated: float
    """Score from which what was found is looked for in the text's other places as well."""


THRESHOLDS: Mapping[Policy, Thresholds] = {
    Policy.BALANCED: Thresholds(marking=0.25, least=0.25, repeated=0.6),
    Policy.RECALL_FIRST: Thresholds(marking=0.2, least=0.2, repeated=0.4),
}
"""The one place in which the policies' numbers stand; docs/detection.md says what they trade."""
