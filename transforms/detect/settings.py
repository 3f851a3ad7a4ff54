"""The ``detect`` section of the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from transforms.detect.policy import THRESHOLDS, Policy, Thresholds
from transforms.detect.terms import carried, objection, objection_to_denied, read_terms
from transforms.fields import EntityType, Settings, file_beside

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
    GLINER = "gliner"


_LABELS: Mapping[str, EntityType] = {
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
"""Labels that many models have."""

_ASKED_FOR: Mapping[str, EntityType] = {
    "person": "PERSON",
    "street address": "STREET_ADDRESS",
    "city, region or country": "LOCATION",
    "hospital or facility": "FACILITY",
    "company or organization": "ORGANIZATION",
    "date": "DATE_TIME",
    "date of birth": "DATE_OF_BIRTH",
    "phone number": "PHONE_NUMBER",
    "email address": "EMAIL_ADDRESS",
    "identification number": "ID",
    "username": "USER_HANDLE",
}
"""What GLiNER, which has no labels of its own, is asked for."""


class ModelSettings(Settings):
    """A named-entity model, used beside the patterns."""

    kind: ModelKind
    """``builtin``: the one that Veilbeam carries; ``spacy``: a spaCy pipeline; ``transformers``: a
    Hugging Face token-classification model; ``gliner``: a GLiNER model, which finds what its labels
    say in words."""
    name: str | None = None
    """Path of a model's folder, or its name: of an installed package (spaCy), or on the Hugging
    Face hub, if it is in this machine's cache (``transformers``, ``gliner``). Nothing is
    downloaded. Not for ``builtin``."""
    tier: Literal["cascade", "accurate", "fast"] = "cascade"
    """Of ``builtin``: ``fast`` reads everything, ``accurate`` what that is unsure of (``cascade``),
    or one of them reads alone."""
    threshold: Score | None = None
    """Of ``builtin`` and ``gliner``: the probability from which something is marked; by default the
    policy's. What scores lower than ``detect.threshold`` is left all the same."""
    labels: Annotated[dict[str, EntityType], Field(min_length=1)] | None = None
    """The model's labels and the entity each stands for; labels not listed are ignored. For
    ``gliner`` what is looked for, in words (``street address: STREET_ADDRESS``). By default the
    usual ones. Not for ``builtin``."""
    score: Score = 0.85
    """Score of a span for which the model itself gives none (spaCy)."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.kind is ModelKind.BUILTIN) != (self.name is None):
            raise ValueError("give 'name' for all kinds of models but builtin")
        if self.kind is ModelKind.BUILTIN and self.labels is not None:
            raise ValueError("'labels' is not for builtin, whose labels are entities already")
        if self.threshold is not None and self.kind not in (ModelKind.BUILTIN, ModelKind.GLINER):
            raise ValueError("'threshold' is for builtin and gliner; use detect.threshold")
        return self

    @property
    def entities(self) -> Mapping[str, EntityType]:
        """The entity of each label that counts."""
        if self.labels is not None:
            return self.labels
        return _ASKED_FOR if self.kind is ModelKind.GLINER else _LABELS


def _term(value: str) -> str:
    if (why := objection(value)) is not None:
        raise ValueError(why)
    return value


def _denied_term(value: str) -> str:
    if (why := objection_to_denied(value)) is not None:
        raise ValueError(why)
    return value


def _allowed_file(value: Any, info: ValidationInfo) -> Any:
    path = file_beside(value, info, "a file with one term a line")
    return value if path is None else read_terms(path)


def _denied_file(value: Any, info: ValidationInfo) -> Any:
    path = file_beside(value, info, "a file with one term a line")
    return value if path is None else read_terms(path, objection_to_denied)


# A file becomes its terms where the configuration is read: what is sent to other processes, and
# digested, are the terms.
AllowedFile = Annotated[tuple[str, ...], BeforeValidator(_allowed_file, json_schema_input_type=str)]
DeniedFile = Annotated[tuple[str, ...], BeforeValidator(_denied_file, json_schema_input_type=str)]


class AllowSettings(Settings):
    """Terms that stay: what is found wholly inside of one is no identifier. Whole words, whatever
    their case. Right after a title ("Dr Graves") no term counts."""

    words: tuple[Annotated[str, AfterValidator(_term)], ...] = ()
    """Terms."""
    files: tuple[AllowedFile, ...] = ()
    """Paths of files with more of them: UTF-8, one term a line, ``#`` begins a comment. Relative to
    the configuration file."""
    lists: tuple[Literal["medical"], ...] = ()
    """Lists that Veilbeam carries. ``medical``: diseases, signs, scores, devices and procedures
    named after people or places, drugs, departments, tests; in English, Spanish and German."""

    @property
    def terms(self) -> Iterator[str]:
        """All of them."""
        yield from self.words
        for some in (*self.files, *map(carried, self.lists)):
            yield from some


class DenySettings(Settings):
    """Terms that are always replaced, as one kind of entity."""

    entity: EntityType
    """What they are: PERSON, ORGANIZATION ..."""
    words: tuple[Annotated[str, AfterValidator(_denied_term)], ...] = ()
    """Terms, as whole words, whatever their case."""
    files: tuple[DeniedFile, ...] = ()
    """Paths of files with more of them: UTF-8, one term a line, ``#`` begins a comment. Relative to
    the configuration file."""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.words and not self.files:
            raise ValueError("give 'words' or 'files'")
        return self

    @property
    def terms(self) -> Iterator[str]:
        """All of them."""
        yield from self.words
        for some in self.files:
            yield from some


def _plain_list(value: Any) -> Any:
    return {"words": value} if isinstance(value, list | tuple) else value


class DetectSettings(Settings):
    """What is looked for in free text."""

    language: Language = Language.EN
    """Language of the texts."""
    countries: Annotated[tuple[Country, ...], Field(min_length=1)] = (Country.GB, Country.US)
    """Countries whose identifiers, addresses and phone numbers are looked for."""
    model: ModelSettings | None = None
    """A named-entity model beside the patterns; none by default."""
    policy: Policy = Policy.BALANCED
    """The set of thresholds: ``balanced`` replaces most of what identifies, and few ordinary words;
    ``recall_first`` whatever may identify, and more ordinary words with it. What is given below
    overrides it."""
    threshold: Score | None = None
    """Spans with a lower score are left as they are. In place of all of the policy's thresholds."""
    thresholds: dict[EntityType, Score] = {}
    """Thresholds of single entities, in place of ``threshold`` and of the policy's."""
    ignore: tuple[EntityType, ...] = ()
    """Entities that are not looked for."""
    allow: Annotated[
        AllowSettings,
        BeforeValidator(_plain_list, json_schema_input_type=tuple[str, ...] | AllowSettings),
    ] = AllowSettings()
    """Terms that stay although they are taken for identifiers; a list of them, or words, files and
    lists. A record's own identifiers, and terms of ``deny``, are replaced all the same."""
    deny: tuple[DenySettings, ...] = ()
    """Terms that are always replaced (the names of the staff, say), whatever ``allow``, ``ignore``
    and thresholds say. A record in which one would still be published goes to quarantine."""

    def threshold_of(self, entity: str) -> float:
        """Score from which a span of an entity is replaced."""
        if entity in self.thresholds:
            return self.thresholds[entity]
        if self.threshold is not None:
            return self.threshold
        return self._policy.least

    @property
    def marking(self) -> float:
        """Probability from which a model marks something."""
        own = self.model.threshold if self.model is not None else None
        return self._policy.marking if own is None else own

    @property
    def repeated(self) -> float:
        """Score from which what was found is looked for in the text's other places."""
        return self._policy.repeated

    @property
    def _policy(self) -> Thresholds:
        return THRESHOLDS[self.policy]
