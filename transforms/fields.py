"""What a field of a consultation record is, and how it is treated: the words all stages share."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import pyarrow as pa
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]*$", max_length=100)]
EntityType = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=60)]


FOLDER = "folder"
"""Key of the validation's context: the folder to which the paths of a configuration are relative
(the working directory, where there is no context)."""


def file_beside(value: Any, info: ValidationInfo, what: str) -> Path | None:
    """The file that a configuration names by a path relative to its own folder; None for the
    content of one that has been read before. Raises ValueError where a path of ``what`` should be.
    """
    if isinstance(value, list | tuple):
        return None
    if not isinstance(value, str) or not value:
        raise ValueError(f"the path of {what} is expected")
    return Path((info.context or {}).get(FOLDER, ""), value)


def text_of(path: Path) -> str:
    """The text of a UTF-8 file. Raises ValueError where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise ValueError(f"cannot be read ({type(problem).__name__}): {path}") from None
    except UnicodeError:
        raise ValueError(f"is not UTF-8: {path}") from None


class Settings(BaseModel):
    """Base of every section of the configuration file: typed, immutable, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Role(StrEnum):
    """What a field tells about the subject; decides how it is treated."""

    SUBJECT = "subject"
    """The identifier of the person whom the privacy protects (the privacy unit)."""
    IDENTIFIER = "identifier"
    """A direct identifier, with its entity type."""
    QUASI = "quasi"
    """A quasi-identifier: generalised."""
    DATE = "date"
    """A date or time: shifted by the subject's offset."""
    TEXT = "text"
    """Free text: identifiers in it are detected and pseudonymised."""
    ATTRIBUTE = "attribute"
    """Published as it is (after the leak check)."""
    DROP = "drop"
    """Read by nothing, published nowhere."""


class Treatment(StrEnum):
    """What is done with a value."""

    SURROGATE = "surrogate"
    """A realistic stand-in of the same shape, keyed and deterministic."""
    TOKEN = "token"  # noqa: S105
    """An opaque stand-in, keyed and deterministic."""
    ENCRYPT = "encrypt"
    """Encrypted and authenticated: whoever holds the key can open it."""
    FPE = "fpe"
    """Encrypted into a value of the same format: whoever holds the key can open it."""
    SHIFT = "shift"
    """A date moved by the subject's keyed offset."""
    GENERALISE = "generalise"
    """A coarser value: a band, a prefix, a month, a chapter."""
    MASK = "mask"
    """All but a few characters replaced by a mask character."""
    REDACT = "redact"
    """Replaced by the entity's name in angle brackets."""
    KEEP = "keep"
    """Published as it is."""
    DROP = "drop"
    """Not published; a direct identifier is still looked for in the record's text."""


class FieldType(StrEnum):
    """The type of a field's values."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"


_ARROW_TYPES: dict[FieldType, pa.DataType] = {
    FieldType.STRING: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.NUMBER: pa.float64(),
    FieldType.BOOLEAN: pa.bool_(),
    # Dates stay text until they are shifted, so that their own format survives.
    FieldType.DATE: pa.string(),
    FieldType.DATETIME: pa.string(),
}

DEFAULT_TREATMENT: dict[Role, Treatment] = {
    Role.SUBJECT: Treatment.TOKEN,
    Role.IDENTIFIER: Treatment.SURROGATE,
    Role.QUASI: Treatment.GENERALISE,
    Role.DATE: Treatment.SHIFT,
    Role.TEXT: Treatment.SURROGATE,
    Role.ATTRIBUTE: Treatment.KEEP,
    Role.DROP: Treatment.DROP,
}
"""What is done with a field of a role, where nothing else is said."""

ALLOWED: dict[Role, frozenset[Treatment]] = {
    Role.SUBJECT: frozenset({Treatment.TOKEN, Treatment.ENCRYPT, Treatment.DROP}),
    Role.IDENTIFIER: frozenset(
        {
            Treatment.SURROGATE,
            Treatment.TOKEN,
            Treatment.ENCRYPT,
            Treatment.FPE,
            Treatment.MASK,
            Treatment.REDACT,
            Treatment.DROP,
        }
    ),
    Role.QUASI: frozenset({Treatment.GENERALISE, Treatment.DROP}),
    Role.DATE: frozenset({Treatment.SHIFT, Treatment.GENERALISE, Treatment.DROP}),
    Role.TEXT: frozenset({Treatment.SURROGATE, Treatment.DROP}),
    Role.ATTRIBUTE: frozenset({Treatment.KEEP}),
    Role.DROP: frozenset({Treatment.DROP}),
}
"""What may be done with a field of a role."""


DATES = frozenset({"DATE_TIME", "DATE_OF_BIRTH", "DATE"})
"""Entities whose values are dates."""
AGES = frozenset({"AGE", "AGE_OVER_89"})
"""Entities whose values are ages."""
_WITHOUT_FORMAT = DATES | AGES | {
    "PERSON", "LOCATION", "CITY", "TOWN", "STREET_ADDRESS", "ADDRESS", "ORGANIZATION",
    "ORGANISATION", "FACILITY", "HOSPITAL", "EMAIL_ADDRESS", "URL", "IP_ADDRESS",
}  # fmt: skip


def require_format(entity: str) -> None:
    """Check that values of an entity have a format that encryption can preserve.

    Raises ValueError where other letters and digits in their place would be no value of the kind.
    """
    if entity in _WITHOUT_FORMAT:
        instead = "shift" if entity in DATES else "generalise" if entity in AGES else "encrypt"
        raise ValueError(
            f"treatment 'fpe' is for codes and numbers; of {entity} it would make nonsense: "
            f"use {instead}"
        )


class Period(StrEnum):
    """How coarse a generalised date is."""

    WEEK = "week"
    """ISO 8601: 2022-W18."""
    MONTH = "month"
    YEAR = "year"


class Icd10(StrEnum):
    """How coarse a generalised ICD-10 code is."""

    CHAPTER = "chapter"
    """The chapter's range: I21.9 becomes I00-I99."""
    CATEGORY = "category"
    """The first three characters: I21.9 becomes I21."""


class Generalise(Settings):
    """How a value is made coarser, by one of ``band``, ``prefix``, ``period`` and ``icd10``."""

    band: Annotated[int, Field(gt=0)] | None = None
    """Width of a numeric band: 10 turns 47 into ``40-49``."""
    top: int | None = None
    """With ``band``: values from here on fall in one band (90 turns 94 into ``90+``)."""
    prefix: Annotated[int, Field(gt=0)] | None = None
    """Number of leading characters kept: 3 turns ``02118`` into ``021``. Of a UK postcode the
    district (``SW1A``) is kept where it is no longer than that, else the area (``SW``)."""
    period: Period | None = None
    """Dates are cut to their week, month or year."""
    icd10: Icd10 | None = None
    """Diagnosis codes of ICD-10 are cut to their category or chapter."""
    suppress: tuple[str, ...] = ()
    """Coarser values that still tell too much: not published."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        kinds = ("band", "prefix", "period", "icd10")
        given = [name for name in kinds if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("give exactly one of 'band', 'prefix', 'period' and 'icd10'")
        if self.top is not None and self.band is None:
            raise ValueError("'top' needs 'band'")
        return self


class Mask(Settings):
    """Which characters of a value are masked. Spaces and ASCII punctuation stay as they are."""

    keep_first: Annotated[int, Field(ge=0)] = 0
    """Characters kept at the beginning."""
    keep_last: Annotated[int, Field(ge=0)] = 0
    """Characters kept at the end. Where first and last would be more than half of the letters
    and digits, none is kept."""
    width: Annotated[int, Field(ge=1, le=100)] | None = None
    """Always this many mask characters in the place of all that is not kept, whatever its length.
    Without it, one for each character, so that the length shows."""
    character: Annotated[str, StringConstraints(pattern=r"^[^\w\s]$")] = "*"
    """The mask character: neither letter, digit nor space."""


# A column's own name is a path too: "Tel.", "Weight [kg]".
_STEP = r"[^.\[\]]+(?:\[\d*\]|\s\[[^\[\]]*[^\[\]\d][^\[\]]*\])?"
_PATH = re.compile(rf"^{_STEP}(?:\.{_STEP})*\.?$")


def is_path(path: str) -> bool:
    """Whether a path is of the form ``a.b[0].c`` or ``a[].b``, with one ``[]`` at most."""
    return _PATH.match(path) is not None and path.count("[]") <= 1


class FieldSettings(Settings):
    """One field of the configuration file's ``fields`` section."""

    role: Role
    path: str | None = None
    """Where the value stands in the source; the field's own name if not given. Dots go into
    objects, ``[0]`` picks an element of a list, ``[]`` takes all elements (once in a path)."""
    type: FieldType = FieldType.STRING
    entity: EntityType | None = None
    """The entity type of a direct identifier: PERSON, PHONE_NUMBER, MEDICAL_RECORD_NUMBER ..."""
    treatment: Treatment | None = None
    """What is done with the value; each role has a default."""
    generalise: Generalise | None = None
    """How a quasi-identifier (or a date) is made coarser."""
    mask: Mask | None = None
    """With treatment mask: what is kept. Nothing, if not given."""
    deterministic: bool = True
    """With treatment encrypt: equal values are encrypted alike, so that they can be joined. If
    false, each occurrence is encrypted to something else, and nobody sees how often one occurs."""
    required: bool = False
    """A record without this field goes to quarantine. The subject is always required."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        treatment = self.treatment or DEFAULT_TREATMENT[self.role]
        if self.path is not None and not is_path(self.path):
            raise ValueError(
                f"path {self.path!r} is not of the form a.b[0].c or a[].b (one [] at most)"
            )
        if treatment not in ALLOWED[self.role]:
            allowed = ", ".join(sorted(ALLOWED[self.role]))
            raise ValueError(
                f"treatment '{treatment}' contradicts role '{self.role}'; it allows: {allowed}"
            )
        if self.role is Role.IDENTIFIER and self.entity is None:
            raise ValueError("role 'identifier' needs 'entity', for example entity: PERSON")
        if self.role not in (Role.IDENTIFIER, Role.SUBJECT) and self.entity is not None:
            raise ValueError(f"role '{self.role}' takes no 'entity'")
        if treatment is Treatment.FPE and self.entity is not None:
            require_format(self.entity)
        if self.mask is not None and treatment is not Treatment.MASK:
            raise ValueError(f"'mask' contradicts treatment '{treatment}'")
        if not self.deterministic and treatment is not Treatment.ENCRYPT:
            raise ValueError(f"'deterministic: false' contradicts treatment '{treatment}'")
        if not self.deterministic and self.role is Role.SUBJECT:
            raise ValueError("the subject is encrypted deterministically: it links its records")
        if treatment is Treatment.GENERALISE and self.generalise is None:
            raise ValueError(
                "say how: generalise: {band: 10}, {prefix: 3}, {period: month} or {icd10: chapter}"
            )
        if treatment is not Treatment.GENERALISE and self.generalise is not None:
            raise ValueError(f"'generalise' contradicts treatment '{treatment}'")
        if self.generalise is not None and self.generalise.period and self.role is not Role.DATE:
            raise ValueError("'period' is for role 'date'")
        if self.generalise is not None and not self.generalise.period and self.role is Role.DATE:
            raise ValueError("role 'date' is generalised by 'period'")
        text_only = (Role.SUBJECT, Role.IDENTIFIER, Role.TEXT)
        if self.role in text_only and self.type is not FieldType.STRING:
            raise ValueError(f"role '{self.role}' is always of type string")
        if self.role is Role.DATE and self.type not in (
            FieldType.STRING,
            FieldType.DATE,
            FieldType.DATETIME,
        ):
            raise ValueError("role 'date' is of type date or datetime")
        if self.role is Role.SUBJECT and self.path is not None and "[]" in self.path:
            raise ValueError("the subject is one value, not a list")
        return self


class FieldSpec(Settings):
    """A field with every default filled in; what the stages are given."""

    name: Name
    path: str
    role: Role
    type: FieldType
    entity: EntityType | None
    treatment: Treatment
    generalise: Generalise | None
    mask: Mask | None = None
    deterministic: bool = True
    required: bool

    @classmethod
    def of(cls, name: str, given: FieldSettings) -> FieldSpec:
        """Resolve the settings of the field called ``name``."""
        return cls(
            name=name,
            path=given.path or name,
            role=given.role,
            type=given.type,
            entity=given.entity or ("ID" if given.role is Role.SUBJECT else None),
            treatment=given.treatment or DEFAULT_TREATMENT[given.role],
            generalise=given.generalise,
            mask=given.mask,
            deterministic=given.deterministic,
            required=given.required or given.role is Role.SUBJECT,
        )

    @property
    def is_list(self) -> bool:
        """Whether the field holds a list of values (its path has ``[]``)."""
        return "[]" in self.path

    @property
    def source_type(self) -> pa.DataType:
        """Arrow type of the field's column as it is read."""
        value = _ARROW_TYPES[self.type]
        return pa.list_(value) if self.is_list else value

    @property
    def published_type(self) -> pa.DataType:
        """Arrow type of the field's column in a release."""
        # Bands and shifted dates are text; what is kept has the type in which it was read.
        value = _ARROW_TYPES[self.type] if self.treatment is Treatment.KEEP else pa.string()
        return pa.list_(value) if self.is_list else value


FILE = "_file"
POSITION = "_position"
"""Columns that go with every batch: where a record was read (path of the file; 1-based line, row
or record number). They are never published."""


def source_schema(fields: list[FieldSpec]) -> pa.Schema:
    """Schema of the batches that ingest yields: what is read of each record, and from where."""
    columns = [pa.field(f.name, f.source_type) for f in fields if f.role is not Role.DROP]
    place = [pa.field(FILE, pa.string()), pa.field(POSITION, pa.int64())]
    return pa.schema(columns + place)


def subject_of(fields: list[FieldSpec]) -> FieldSpec:
    """The one field whose role is ``subject``."""
    return next(f for f in fields if f.role is Role.SUBJECT)
