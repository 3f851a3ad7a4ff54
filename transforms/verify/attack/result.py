"""What an attack achieved, beside what chance achieves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field
from scipy.stats import binom

Count = Annotated[int, Field(ge=0)]
_LOW, _HIGH = 0.025, 0.975


class Result(BaseModel):
    """How many people fall to an attack. Holds no value of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    attack: str
    targets: Count
    """People who were attacked: of the source, and in the release."""
    claims: Count
    """Of how many the attacker is sure."""
    fell: Count
    """Of how many he is right."""
    chance: float
    """As many are right by chance, expected."""
    chance_low: Count
    chance_high: Count
    """The number that are right by chance is within these, 95 times in 100."""
    above_chance: bool
    """Whether more fell than that."""
    details: dict[str, int] = {}
    """Numbers by kind."""
    note: str | None = None
    """What the attack could not do, or what its figures rest on."""

    @classmethod
    def of(
        cls,
        attack: str,
        *,
        targets: int,
        claims: int,
        fell: int,
        tries: int,
        probability: float,
        details: Mapping[str, int] | None = None,
        note: str | None = None,
    ) -> Self:
        """The result where chance is right with ``probability`` in each of so many ``tries``,
        independently (a binomial distribution)."""
        share = min(max(probability, 0.0), 1.0)
        high = int(binom.ppf(_HIGH, tries, share)) if tries else 0
        return cls(
            attack=attack,
            targets=targets,
            claims=claims,
            fell=fell,
            chance=tries * share,
            chance_low=int(binom.ppf(_LOW, tries, share)) if tries else 0,
            chance_high=high,
            above_chance=fell > high,
            details=dict(details or {}),
            note=note,
        )

    @classmethod
    def not_possible(cls, attack: str, why: str) -> Self:
        """The result of an attack for which the release or the source gives nothing."""
        return cls.of(attack, targets=0, claims=0, fell=0, tries=0, probability=0.0, note=why)
