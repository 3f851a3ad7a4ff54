"""Whose name it is: the patient's, a clinician's or another's, where the text around shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

import regex

from transforms.detect.spans import Span

PERSON = "PERSON"


class PersonRole(StrEnum):
    """The part that a named person has in a consultation."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    OTHER = "other"
    """Kin, neighbours, carers, employers: anyone else."""
    UNKNOWN = "unknown"
    """The text does not show it."""


_CUES = {
    PersonRole.PATIENT: r"""
        patient(?:[ ]name)?|pt|patient's[ ]name|full[ ]name|(?<!\w[ ])name|surname|forenames?
        |(?:first|last|given|family)[ ]names?|client|resident|re|regarding
        |paciente|nombre|apellidos?|usuari[oa]
        |patient(?:in)?|nachname|vorname|pat
        """,
    PersonRole.CLINICIAN: r"""
        dr|dra|doctor|doctora|prof|professor|nurse|matron|midwife|surgeon|consultant|registrar|sho
        |gp|physio|physiotherapist|pharmacist|therapist|counsell?or|psychologist|psychiatrist
        |paramedic|clinician|physician|practitioner|health[ ]visitor|social[ ]worker|dentist
        |\p{L}{4,}ologist|p(?:a|ae)ediatrician|radiographer|dietitian
        |(?:seen|reviewed|referred|dictated|signed|assessed|examined|prescribed|operated)[ ]by
        |m[ée]dic[oa]|enfermer[oa]|cirujan[oa]|matrona|fisioterapeuta|fdo|firmado(?:[ ]por)?
        |remitid[oa][ ]por|remite|responsable[ ]cl[íi]nico|facultativ[oa]|colegiad[oa]
        |\p{L}*arzt|\p{L}*ärztin|hebamme|pfleger(?:in)?|krankenschwester|schwester(?!n)
        |therapeut(?:in)?|gez
        """,
    PersonRole.OTHER: r"""
        husband|wife|spouse|partner|fianc[ée]e?|boyfriend|girlfriend|son|daughter|child|baby|mother
        |mum|mom|father|dad|brother|sister|grand\p{L}+|nan|gran|aunt(?:ie)?|uncle|niece|nephew
        |cousin|\p{L}+-in-law|step\p{L}+|carer|caregiver|guardian|friend|neighbou?r|flatmate
        |colleague|boss|manager|teacher|landlord|next[ ]of[ ]kin|nok|emergency[ ]contact
        |hij[oa]|espos[oa]|marido|mujer|pareja|madre|padre|herman[oa]|abuel[oa]|niet[oa]|t[íi][oa]
        |sobrin[oa]|prim[oa]|cuñad[oa]|suegr[oa]|amig[oa]|vecin[oa]|cuidador(?:a)?|familiar
        |ehemann|ehefrau|mann|sohn|tochter|mutter|vater|bruder|enkel(?:in)?|oma|opa|tante|onkel
        |neffe|nichte|schwager|schwägerin|nachbar(?:in)?|freund(?:in)?|betreuer(?:in)?
        |angehörige[rn]?
        """,
}

_BEFORE = regex.compile(
    r"(?<!\p{L})(?:"
    + "|".join(f"(?P<{role}>{cue})" for role, cue in _CUES.items())
    # Between a cue and its name: a colon, a bracket, a title, another cue; no verb, no full stop
    # but that of an abbreviation.
    + r")(?!\p{L})[\s.:,(–-]*(?:(?:is|was|called|named|mr|mrs|ms|miss|sra?|doña|don|dña|d|frau"
    r"|herrn?|med|dent|dipl|priv|doz)(?!\p{L})[\s.:,(-]*){0,3}$",
    regex.VERBOSE | regex.IGNORECASE,
)
_AFTER = regex.compile(
    r"""^(?:[\s,(]+(?:the[ ]|my[ ]|his[ ]|her[ ]|their[ ]|your[ ])?)(?:"""
    # Marks of a patient: an age, a date of birth, a record number.
    r"""(?P<patient>(?:aged[ ])?\d{1,3}[ -]?(?:y(?:ea)?r?s?\b|yo\b|y/o|años|jahre|j\b|[mf]\b)
        |d\.?o\.?b\b|born\b|mrn\b|nhs\b|hosp(?:ital)?[ ](?:no|number)|geb(?:oren)?\b|nhc\b
        |\*\s?\d)"""
    r"""|(?P<clinician>m\.?d\b|r\.?n\b|frc\p{L}+|mbbs\b|mbchb\b|ph\.?d\b|do\b(?=[,)\s]*$)
        |n[ºo°.]*\s?col|consultant\b|registrar\b|gmc\b|nmc\b|facharzt|fachärztin
        |oberarzt|chefarzt)"""
    rf"""|(?P<other>(?:{_CUES[PersonRole.OTHER]})(?!\p{{L}})))""",
    regex.VERBOSE | regex.IGNORECASE,
)
_MR = regex.compile(r"(?<!\p{L})(?:mr|mrs|ms|miss|sra?|frau|herrn?)\.?\s$", regex.IGNORECASE)
_REACH = 48


def person_roles(text: str, people: Sequence[Span]) -> list[PersonRole]:
    """The role of each name in a text.

    A name's role is what a word right before it says (a title, a relation, a form's label), else
    one right after it ("Ana (daughter)", "R. Hale, MD"). Where neither says anything, it is the
    role that the same name, or one that it is part of, has elsewhere in the text; else a plain
    "Mr" or "Frau" is a patient. A heuristic, for counts and reports; nothing is left in a text
    because of it.
    """
    shown = [_shown(text, span) for span in people]
    by_word: dict[str, Counter[PersonRole]] = {}
    for span, role in zip(people, shown, strict=True):
        if role is not PersonRole.UNKNOWN:
            for word in _words(text, span):
                by_word.setdefault(word, Counter())[role] += 1
    return [
        role if role is not PersonRole.UNKNOWN else _elsewhere(text, span, by_word)
        for span, role in zip(people, shown, strict=True)
    ]


def _shown(text: str, span: Span) -> PersonRole:
    around = (
        _BEFORE.search(text[max(0, span.start - _REACH) : span.start]),
        _AFTER.search(text[span.end : span.end + _REACH]),
    )
    for match in around:
        if match is not None and match.lastgroup is not None:
            return PersonRole(match.lastgroup)
    return PersonRole.UNKNOWN


def _elsewhere(text: str, span: Span, by_word: dict[str, Counter[PersonRole]]) -> PersonRole:
    votes: Counter[PersonRole] = Counter()
    for word in _words(text, span):
        votes.update(by_word.get(word, {}))
    if votes:
        return votes.most_common(1)[0][0]
    titled = _MR.search(text[max(0, span.start - 8) : span.start])
    return PersonRole.PATIENT if titled else PersonRole.UNKNOWN


def _words(text: str, span: Span) -> set[str]:
    return {word for word in text[span.start : span.end].casefold().split() if len(word) > 2}
