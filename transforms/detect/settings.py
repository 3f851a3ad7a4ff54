"""The ``detect`` section of the configuration."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from transforms.fields import EntityType, Settings

Score = Annotated[float, Field(ge=0, le=1)]


class Country(StrEnum):
    """Countries whose identifiers, addresses and phone numbers have recognisers."""

    GB = "GB"
    US = "US"
    DE = "DE"
    ES = "ES"


class Language(StrEnum):
    """Languages of the texts."""

    EN = "en"
    DE = "de"
    ES = "es"


class ModelKind(StrEnum):
    """What runs a model."""

    BUILTIN = "builtin"
    SPACY = "spacy"
    TRANSFORMERS = "transformers"


class ModelSettings(Settings):
    """A named-entity model, used beside the patterns."""

    kind: ModelKind
    """``builtin``: the one that Veilbeam carries; ``spacy``: a spaCy pipeline; ``transformers``: a
    Hugging Face token-classification model."""
    name: str | None = None
    """Name of an installed spaCy package, or path of a model's folder. Nothing is downloaded. Not
    for ``builtin``."""
    tier: Literal["cascade", "accurate", "fast"] = "cascade"
    """Of ``builtin``: ``fast`` reads everything, ``accurate`` what that is unsure of (``cascade``),
    or one of them reads alone."""
    labels: dict[str, EntityType] = {
        "PER": "PERSON",
        "PERSON": "PERSON",
        "LOC": "LOCATION",
        "GPE": "LOCATION",
        "LOCATION": "LOCATION",
        "FAC": "LOCATION",
        "ORG": "ORGANIZATION",
        "ORGANIZATION": "ORGANIZATION",
        "DATE": "DATE_TIME",
        "NORP": "NRP",
    }
    """The model's labels and the entity each stands for; labels not listed are ignored."""
    score: Score = 0.85
    """Score of a span for which the model itself gives none (spaCy)."""

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.kind is ModelKind.BUILTIN) != (self.name is None):
            raise ValueError("give 'name' for spacy and transformers, and none for builtin")
        return self


class DetectSettings(Settings):
    """What is looked for in free text."""

    language: Language = Language.EN
    """Language of the texts."""
    countries: Annotated[tuple[Country, ...], Field(min_length=1)] = (Country.GB, Country.US)
    """Countries whose identifiers, addresses and phone numbers are looked for."""
    model: ModelSettings | None = None
    """A named-entity model beside the patterns; none by default."""
    threshold: Score = 0.4
    """Spans with a lower score are left as they are."""
    thresholds: dict[EntityType, Score] = {}
    """Thresholds of single entities, in place of ``threshold``."""
    ignore: tuple[EntityType, ...] = ()
    """Entities that are not looked for."""
    allow: tuple[str, ...] = ()
    """Words that stay although a recogniser takes them for an identifier (whatever their case).
    A record's own identifiers are replaced all the same."""
