"""Settings of the stage: what becomes of each entity that is found in text, and how coarse."""

from __future__ import annotations

from typing import Annotated

from faker.config import AVAILABLE_LOCALES
from pydantic import Field, field_validator

from transforms.fields import EntityType, Settings, Treatment

ALLOWED = (Treatment.SURROGATE, Treatment.TOKEN, Treatment.REDACT, Treatment.KEEP)
"""What can be done with an entity in text."""


class PseudonymiseSettings(Settings):
    """How identifiers are replaced."""

    entities: dict[EntityType, Treatment] = {}
    """Treatment of an entity type in text: surrogate, token, redact or keep. An entity that is not
    listed gets a surrogate where there is a generator for it, else it is redacted."""
    locale: str = "en_GB"
    """Faker locale whose language the surrogate names and places are drawn from; it also decides
    whether 05/06/2022 is read day first, and the country of a phone number without a code."""
    max_shift_days: Annotated[int, Field(ge=1, le=36_500)] = 365
    """Dates of a subject are moved by the same number of days, at most this many either way."""
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
        return entities

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
