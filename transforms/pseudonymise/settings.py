"""Settings of the stage: what becomes of each entity that is found in text, and how coarse."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from faker.config import AVAILABLE_LOCALES
from pydantic import Field, field_validator, model_validator

from transforms.fields import (
    AGES,
    DATES,
    EntityType,
    Generalise,
    Mask,
    Settings,
    Treatment,
    require_format,
)

ALLOWED = (
    Treatment.SURROGATE,
    Treatment.TOKEN,
    Treatment.ENCRYPT,
    Treatment.FPE,
    Treatment.SHIFT,
    Treatment.GENERALISE,
    Treatment.MASK,
    Treatment.REDACT,
    Treatment.KEEP,
)
"""What can be done with an entity in text."""


class PseudonymiseSettings(Settings):
    """How identifiers are replaced."""

    entities: dict[EntityType, Treatment] = {}
    """Treatment of an entity type in text: surrogate, token, encrypt, fpe, shift, generalise, mask,
    redact or keep. An entity that is not listed gets a surrogate where there is a generator for it,
    else it is redacted."""
    generalise: dict[EntityType, Generalise] = {}
    """How the entities of treatment generalise are made coarser."""
    mask: dict[EntityType, Mask] = {}
    """What is kept of the entities of treatment mask; nothing of one that is not listed."""
    locale: str = "en_GB"
    """Faker locale whose language the surrogate names and places are drawn from; it also decides
    whether 05/06/2022 is read day first, and the country of a phone number without a code."""
    max_shift_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    """Dates of a subject are moved by the same number of days, at most this many either way."""
    keep_weekday: bool = False
    """Dates are moved by whole weeks, so that a Monday stays a Monday. Fewer offsets are left: one
    in seven."""
    checksums: Literal["keep", "break"] = "keep"
    """Whether the surrogate of an identifier with a check digit has a right one, so that it passes
    where the value did; or a wrong one, so that nobody can take it for a real one."""
    age_band: Annotated[int, Field(ge=1, le=90)] = 5
    """Width in years of the bands that ages in text become; from 90 on all are ``90+``."""
    project: Annotated[str, Field(min_length=1, max_length=200)] = "default"
    """Releases of different projects share no surrogate, token, offset or split."""

    @field_validator("entities")
    @classmethod
    def _allowed(cls, entities: dict[str, Treatment]) -> dict[str, Treatment]:
        for entity, treatment in entities.items():
            if treatment not in ALLOWED:
                raise ValueError(
                    f"treatment '{treatment}' of {entity} is for fields, not for entities in text; "
                    f"give one of: {', '.join(ALLOWED)}"
                )
            if treatment is Treatment.SHIFT and entity not in DATES:
                raise ValueError(
                    f"only dates are shifted ({', '.join(sorted(DATES))}), not {entity}"
                )
            if treatment is Treatment.FPE:
                require_format(entity)
        return entities

    @model_validator(mode="after")
    def _said_how(self) -> Self:
        for entity, treatment in self.entities.items():
            # Ages have the bands of ``age_band`` without more being said.
            if treatment is Treatment.GENERALISE and entity not in {*self.generalise, *AGES}:
                raise ValueError(
                    f"say how {entity} is generalised: generalise: {{{entity}: {{prefix: 3}}}}"
                )
        for given, of in ((self.generalise, Treatment.GENERALISE), (self.mask, Treatment.MASK)):
            for entity in given:
                if self.entities.get(entity) is not of:
                    raise ValueError(
                        f"'{of}' lists {entity}, which is not treated so; add it to 'entities': "
                        f"{{{entity}: {of}}}"
                    )
        return self

    @model_validator(mode="after")
    def _room_for_weeks(self) -> Self:
        if self.keep_weekday and self.max_shift_days < 7:
            raise ValueError("'keep_weekday' moves dates by weeks: give 'max_shift_days' 7 or more")
        return self

    @field_validator("locale")
    @classmethod
    def _exists(cls, locale: str) -> str:
        if locale not in AVAILABLE_LOCALES:
            near = [known for known in AVAILABLE_LOCALES if known[:2] == locale[:2].lower()]
            raise ValueError(
                f"Faker has no locale {locale!r}; give one of: "
                f"{', '.join(near or ['en_GB', 'en_US', 'de_DE', 'es_ES'])}"
            )
        return locale
