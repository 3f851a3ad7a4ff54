"""A role for each field, and why: from its name and from what its values are like.

Name and values must agree. Where they do not, or say nothing, the field is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.proposal.naming import Named, meaning, published_name
from pipelines.proposal.profile import Profile
from pipelines.proposal.words import Meaning
from transforms.fields import FieldType, Role

SURE = 0.3
"""Share of values that are an entity from which a field is taken for one."""
SLIGHT = 0.02
"""Share of values with an entity above which a field is not published as it is."""
ENOUGH = 5
"""Records that share each value of a category whose name says nothing."""
FEW, SOME = 20, 60
"""Different values of a category whose name says nothing, and of one whose name says it."""
LONG_ENOUGH = 4
"""Words of a value from which on it is no name of a category."""
LONG_NUMBER = 100_000
"""Number of a record that is no other number by chance."""
FILLED = 0.9
"""Share of the records that a subject is in, if it can be chosen."""

_ENTITY = {
    Meaning.RECORD_NUMBER: "MEDICAL_RECORD_NUMBER",
    Meaning.NHS_NUMBER: "UK_NHS",
    Meaning.INSURANCE: "INSURANCE_ID",
    Meaning.NATIONAL_ID: "ID",
    Meaning.NAME: "PERSON",
    Meaning.PART_OF_NAME: "PERSON",
    Meaning.OTHER_NAME: "PERSON",
    Meaning.PLACE_OF_CARE: "FACILITY",
    Meaning.CLINICIAN_ID: "LICENCE_NUMBER",
    Meaning.OTHER_ID: "ID",
    Meaning.PATIENT_ID: "ID",
    Meaning.RECORD_ID: "ID",
    Meaning.BIRTH_DATE: "DATE_OF_BIRTH",
    Meaning.EMAIL: "EMAIL_ADDRESS",
    Meaning.PHONE: "PHONE_NUMBER",
    Meaning.ADDRESS: "STREET_ADDRESS",
    Meaning.CITY: "LOCATION",
    Meaning.ACCOUNT: "USER_HANDLE",
    Meaning.LINK: "URL",
    Meaning.SECRET: "PASSCODE",
}
_SUBJECTS = (
    Meaning.PATIENT_ID,
    Meaning.RECORD_NUMBER,
    Meaning.NHS_NUMBER,
    Meaning.INSURANCE,
    Meaning.NATIONAL_ID,
    Meaning.EMAIL,
    Meaning.PHONE,
    Meaning.NAME,
)
"""What tells one patient from another, the best first."""
_NAMES = (Meaning.NAME, Meaning.PART_OF_NAME, Meaning.OTHER_NAME)
_DATES = ("DATE_TIME", "DATE_OF_BIRTH", "AGE")
"""Entities that mean little in a value that is a number or a date anyway."""
_OF_NUMBERS = (Meaning.AGE, Meaning.POSTCODE, Meaning.MEASURE)
"""Meanings whose values look like numbers of people or places, and are none."""
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a field. ``why`` is for a person, and holds no value."""

    name: str
    profile: Profile
    named: Named
    role: Role
    why: str
    settings: Mapping[str, Any]
    """Keys of the field in the configuration, besides ``path`` and ``role``."""

    @property
    def path(self) -> str:
        """Where the values stand."""
        return self.profile.path


@dataclass(frozen=True)
class Proposed:
    """What is proposed for a source."""

    fields: Sequence[Proposal]
    record_id: str | None
    """Name of the field that tells records apart."""
    is_fallback: bool
    """Whether no field tells one patient from another, so that each record counts as a person."""


def propose(profiles: Sequence[Profile]) -> Proposed | None:
    """A role for each field; None where no field could be the subject."""
    fields: list[Proposal] = []
    lists = {p.path.partition("[]")[0] for p in profiles if "[]" in p.path}
    taken = {published_name(prefix, ()) for prefix in lists}
    for profile in profiles:
        named = meaning(profile.path)
        role, why, settings = _role(profile, named)
        name = published_name(profile.path, taken)
        taken.add(name)
        fields.append(Proposal(name, profile, named, role, why, settings))
    record_id = _record_id(fields)
    subject = _subject(fields)
    is_fallback = subject is None
    if subject is None:
        subject = record_id or _tells_apart(fields)
        if subject is None:
            return None
    fields = [_as_subject(f, is_fallback) if f is subject else f for f in fields]
    return Proposed(fields, record_id.name if record_id else None, is_fallback)


def _role(profile: Profile, named: Named) -> tuple[Role, str, dict[str, Any]]:
    """Role, reason and settings of a field that is not the subject."""
    said = f"Name: {named.meaning.value}" if named.meaning else "The name says nothing"
    if profile.type is None or profile.path.count("[]") > 1:
        return Role.DROP, f"{said}. Its values are no single values that can be read.", {}
    found = _found(profile)
    known = named.meaning
    if known in (Meaning.SENSITIVE, Meaning.BIRTH_YEAR):
        return Role.DROP, _doubt(profile, known, said), {}
    is_one = found is not None and profile.whole[found] >= SURE
    is_long = profile.is_long and known not in _ENTITY and not (is_one and known is None)
    if known is Meaning.TEXT or is_long:
        return Role.TEXT, _text_reason(said, profile), {}
    if known is Meaning.BIRTH_DATE or (known is Meaning.AGE and profile.dates > 0.5):
        reason = (
            "a date of birth names most people"
            if known is Meaning.BIRTH_DATE
            else ("its values are dates, so of birth")
        )
        return _identifier("DATE_OF_BIRTH", f"{said}; {reason}. Looked for in the texts.", "drop")
    if found and is_one and known not in (*_ENTITY, *_OF_NUMBERS):
        reason = f"{said}, but {_percent(profile.whole[found])} of a sample are {found}"
        return _identifier(found, f"{reason}. Not published; looked for in the texts.", "drop")
    if (
        known is Meaning.RECORD_ID
        and profile.type is FieldType.INTEGER
        and (profile.greatest < LONG_NUMBER)
    ):
        why = "a short number, which would be found in the texts by chance"
        return Role.DROP, f"{said}: {why}. No one needs it.", {}
    if known in _ENTITY:
        return _known_identifier(known, profile, said)
    match known:
        case Meaning.AGE if profile.type is FieldType.INTEGER and profile.greatest <= 130:
            settings = {"type": "integer", "generalise": {"band": 10, "top": 90}}
            return Role.QUASI, f"{said}. Ten years to a band, one band from 90 on.", settings
        case Meaning.POSTCODE if profile.postcode:
            kept = 3 if profile.postcode == "US" else 2
            reason = f"{said}. Its first {kept} characters are an area of many people."
            return Role.QUASI, reason, {"generalise": {"prefix": kept}}
        case Meaning.DATE | None if profile.type in (FieldType.DATE, FieldType.DATETIME):
            what = said if known else "Its values are dates"
            settings = {"type": str(profile.type)}
            return Role.DATE, f"{what}. Moved with the patient's other dates.", settings
        case Meaning.SPEAKER if not _exposed(profile) and profile.distinct <= FEW:
            return Role.ATTRIBUTE, f"{said}: {_few(profile)}, and no name among them.", {}
        case Meaning.CLINICAL if profile.distinct > SOME and profile.words >= 2:
            return Role.TEXT, f"{said}, in many different words: treated as free text.", {}
        case Meaning.CLINICAL if profile.distinct > SOME and profile.icd10 > 0.95:
            reason = f"{said}: codes of ICD-10, cut to their category (I21 of I21.9)."
            return Role.QUASI, reason, {"generalise": {"icd10": "category"}}
        case Meaning.CATEGORY | Meaning.CLINICAL | Meaning.COUNTRY | Meaning.SEX:
            most = 6 if known is Meaning.SEX else SOME
            returns = profile.spread <= 0.5 or profile.distinct <= 6
            if profile.distinct <= most and returns and not _exposed(profile):
                return Role.ATTRIBUTE, f"{said}: {_few(profile)}. As it is.", _typed(profile)
        case Meaning.MEASURE if profile.type is FieldType.STRING and profile.commas == 1:
            return Role.ATTRIBUTE, f"{said}, with a decimal comma: as text, as it is.", {}
        case Meaning.MEASURE if profile.type in _NUMBERS and not _numbers_people(profile):
            return Role.ATTRIBUTE, f"{said}, a number. As it is.", _typed(profile)
        case None if _is_category(profile):
            reason = (
                f"{said}; {_few(profile)}, each in {profile.rarest:,} or more of the records "
                "looked at. As it is: check that it may be."
            )
            return Role.ATTRIBUTE, reason, _typed(profile)
    return Role.DROP, _doubt(profile, known, said), {}


def _known_identifier(
    known: Meaning, profile: Profile, said: str
) -> tuple[Role, str, dict[str, Any]]:
    entity = _ENTITY[known]
    if known in _NAMES:
        reason = f"{said}. Replaced by a made-up one, here and in the texts."
        return _identifier(entity, reason, "surrogate")
    if known in (Meaning.PATIENT_ID, Meaning.RECORD_ID):
        return _identifier(entity, f"{said}. A code in its place.", "token")
    return _identifier(entity, f"{said}. Not published; looked for in the texts.", "drop")


def _identifier(entity: str, why: str, treatment: str) -> tuple[Role, str, dict[str, Any]]:
    return Role.IDENTIFIER, why, {"entity": entity, "treatment": treatment}


def _found(profile: Profile) -> str | None:
    """The entity that most values are nothing but; ages and dates aside."""
    is_number = profile.type is FieldType.INTEGER and profile.distinct <= FEW
    if is_number or profile.type in (FieldType.NUMBER, FieldType.BOOLEAN) or profile.dates > 0.5:
        return None
    found = {e: share for e, share in profile.whole.items() if e not in _DATES}
    best = max(found, key=found.__getitem__) if found else None
    # Of few values one that is taken for a name says little.
    is_chance = best is not None and profile.distinct <= ENOUGH and found[best] < 0.8
    return None if is_chance else best


def _exposed(profile: Profile) -> bool:
    """Whether values hold what identifies."""
    shares = (share for e, share in profile.entities.items() if e not in _DATES)
    return max(shares, default=0.0) > SLIGHT and profile.type is FieldType.STRING


def _is_category(profile: Profile) -> bool:
    return (
        profile.rarest >= ENOUGH
        and 2 <= profile.distinct <= FEW
        and profile.words < LONG_ENOUGH
        and not _exposed(profile)
    )


def _numbers_people(profile: Profile) -> bool:
    """Whether numbers look as if they counted records: whole, large and never twice."""
    return (
        profile.type is FieldType.INTEGER
        and profile.values >= 20
        and profile.spread > 0.95
        and profile.greatest >= 1000
    )


def _typed(profile: Profile) -> dict[str, Any]:
    assert profile.type is not None
    return {} if profile.type is FieldType.STRING else {"type": str(profile.type)}


def _text_reason(said: str, profile: Profile) -> str:
    held = [f"{e} in {_percent(share)}" for e, share in list(profile.entities.items())[:3]]
    inside = f"; of a sample {', '.join(held)}" if held else ""
    return f"{said}; {profile.words:.0f} words on average{inside}. What identifies is replaced."


def _few(profile: Profile) -> str:
    return f"{profile.distinct:,} different value{'s' if profile.distinct != 1 else ''}"


def _doubt(profile: Profile, known: Meaning | None, said: str) -> str:
    """Why a field is dropped, and what to write if it need not be."""
    if known is Meaning.SENSITIVE:
        return f"{said}. Few people share it. If it must stay: role: attribute."
    if known is Meaning.BIRTH_YEAR:
        return f"{said}. It tells who is older than 89; an age in bands does not."
    if profile.commas > 0.9 and profile.type is FieldType.STRING:
        return f"{said}. Numbers with a decimal comma. If they are a measure: role: attribute."
    if _exposed(profile):
        kinds = ", ".join(e for e in profile.entities if e not in _DATES)
        return f"{said}, but some values hold {kinds}. Free text? Then role: text."
    if profile.codes > 0.8 and profile.spread > 0.5:
        return f"{said}; {_few(profile)}, like numbers of something. Unsure, so dropped."
    if profile.type in _NUMBERS:
        return f"{said}; numbers. If they are a measure: role: attribute, type: {profile.type}."
    return f"{said}; {_few(profile)}. Unsure, so dropped; role: text if it is free text."


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _subject(fields: Sequence[Proposal]) -> Proposal | None:
    """The field that tells patients apart: by what its name says, then by how few records lack it,
    then by how often its values return."""

    def rank(field: Proposal) -> tuple[bool, int, float, float]:
        known = field.named.meaning
        assert known is not None
        return (
            field.profile.missing > 1 - FILLED,
            _SUBJECTS.index(known),
            field.profile.missing,
            field.profile.spread,
        )

    candidates = [f for f in fields if f.named.meaning in _SUBJECTS and _can_be_subject(f)]
    return min(candidates, key=rank) if candidates else None


def _can_be_subject(field: Proposal) -> bool:
    profile = field.profile
    return (
        field.role is Role.IDENTIFIER
        and "[]" not in profile.path
        and profile.missing < 0.5
        and (profile.distinct > 2 or profile.values <= 10)
        and profile.type is not FieldType.BOOLEAN
    )


def _as_subject(field: Proposal, is_fallback: bool) -> Proposal:
    profile = field.profile
    if is_fallback:
        why = (
            "No field tells one patient from another, so each record counts as a person. If "
            "patients come back, their records are not protected together: give role: subject to "
            "the field that is the same in all of a patient's records, and role: identifier here."
        )
    else:
        comes_back = (
            "each value occurs once"
            if profile.spread == 1
            else (f"{profile.distinct:,} different in {profile.values:,} records")
        )
        why = f"Name: {field.named.meaning}; {comes_back}. Whom the privacy protects."
    if profile.missing:
        why += f" {_percent(profile.missing)} of the records lack it and go to quarantine."
    known = field.named.meaning
    entity = _ENTITY.get(known) if known else None
    if entity == "ID" and (found := _found(profile)) and profile.whole[found] >= SURE:
        entity = found
    settings = {} if entity in (None, "ID") else {"entity": entity}
    return replace(field, role=Role.SUBJECT, why=why, settings={**settings, "treatment": "token"})


def _record_id(fields: Sequence[Proposal]) -> Proposal | None:
    """The field by which its name is the record's number, if no two records share it."""
    named = [f for f in fields if f.named.meaning is Meaning.RECORD_ID and f.role is not Role.DROP]
    return next((f for f in named if _is_key(f)), None)


def _tells_apart(fields: Sequence[Proposal]) -> Proposal | None:
    """A field that is in every record and in no two the same, and is no text."""
    return next((f for f in fields if f.role is not Role.TEXT and _is_key(f)), None)


def _is_key(field: Proposal) -> bool:
    profile = field.profile
    return (
        profile.filled == profile.records
        and profile.distinct == profile.records
        and "[]" not in profile.path
        and profile.type in (FieldType.STRING, FieldType.INTEGER)
        and profile.words < LONG_ENOUGH
    )
