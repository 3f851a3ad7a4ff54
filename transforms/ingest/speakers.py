"""Who is who: speakers to patient, clinician, other or unresolved.

In this order: what the source itself says; the configuration's lists (names, accounts, e-mail
addresses, phone numbers, domains); what a display name says ("Dr Jane Patel", "Patient"); how
somebody introduces themselves in the first turns; and, only where the configuration asks for it,
that the one person who is left beside a clinician is the patient.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from transforms.ingest.consultation import SpeakerRole
from transforms.ingest.settings import SpeakerSettings

FIRST_TURNS = 6
"""Turns of each speaker in which an introduction is looked for."""

_TITLES = r"(?:dr|doctor|prof|professor|nurse|midwife|matron|doktor|doctora|dra|dott|schwester)"
_DEGREES = (
    r"(?:M\.?D|D\.?O|MBBS|MBChB|FRCP|FRCGP|MRCP|MRCGP|R\.?N|NP|APRN|ARNP|FNP(?:-B?C)?|LPN|CNM"
    r"|PA(?:-C)?|Ph\.?D|DDS|LCSW|LMFT|PsyD|DPT|RPh|PharmD|FACP)"
)
_DEGREE = re.compile(rf"[,\s(]\s*{_DEGREES}\b\.?(?=[\s,)]|$)|,\s*(?i:{_DEGREES})\b\.?(?=[\s,)]|$)")
"""After a comma in any case; else as it is written, since Do and Pa are surnames."""
_HONORIFICS = (
    "mr mrs ms miss mx dr doctor prof professor nurse midwife sr herr frau señor señora sra srta"
).split()

_LONGEST_NAME = 200
"""Of longer ones, which are none, only so much is looked at: patterns take longer than it is."""
_BRACKETS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

_CLINICIAN_NAME = re.compile(
    rf"^\s*{_TITLES}\b\.?|"
    r"^\s*(?:the\s)?(?:clinician|doctor|physician|gp|nurse|therapist|provider|doc|arzt|ärztin|médico)"
    r"\s*\d*\s*$",
    re.IGNORECASE,
)
_PATIENT_NAME = re.compile(
    r"^\s*(?:the\s)?(?:patient|client|pt|patientin|paciente)\s*\d*\s*$", re.I
)
_OTHER_NAME = re.compile(
    r"\b(?:interpreter|notetaker|note\staker|reception|receptionist|front\sdesk|carer|caregiver"
    r"|mother|father|relative|guardian|chaperone|dolmetscher(?:in)?|intérprete)\b"
    r"|\b(?:otter\.ai|fireflies(?:\.ai)?|read\.ai|fathom|copilot|ai\s(?:companion|assistant))\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"^\s*(?:(?:unknown|unidentified)?\s*(?:speaker|participant|caller|user|guest|person|attendee)"
    r"|patient|client|pt|unknown|anonymous|you|me|spk|"
    r"(?:[\w’']+\s)?(?:iphone|ipad|galaxy|android|pixel|phone|tablet|laptop|macbook|pc|desktop).*"
    r"|(?:zoom|teams|facebook)\suser)[\s_#-]*[\da-z]?\d*\s*$",
    re.IGNORECASE,
)
"""Names that many share: a device's, a role's, a number's."""

_NAME = r"[A-ZÀ-Þ][\w’'-]++"
_TITLED = rf"(?:(?:[Dd]r|[Dd]octor|[Pp]rof|[Pp]rofessor|[Nn]urse|[Mm]idwife)\b\.?)\s+{_NAME}"
_POSITION = (
    r"(?:doctors?|gps?|nurses?|physicians?|consultants?|psychiatrists?|psychologists?|therapists?"
    r"|physiotherapists?|pharmacists?|dieti[ct]ians?|midwi(?:fe|ves)|paramedics?|clinicians?"
    r"|nurse practitioners?|physician assistants?|specialists?|counsell?ors?)"
)
_I_AM = (
    r"\b(?:[Ii](?:\s+am|['’]m)|[Mm]y\s+name(?:\s+is|['’]s)|[Tt]his\s+is|[Ii]t(?:\s+is|['’]s))\s+"
)
_NOT_THEIRS = r"(?<!['’]s)(?!\s+(?:patient|secretary|assistant|receptionist|nurse|wife|husband))"
_INTRODUCES_CLINICIAN = (
    re.compile(rf"{_I_AM}{_TITLED}(?:\s+{_NAME})*+{_NOT_THEIRS}"),
    re.compile(rf"\b{_TITLED}(?:\s+{_NAME})*+\s+(?:here|speaking)\b"),
    re.compile(
        rf"{_I_AM}(?:{_NAME}\s+)*,?\s*(?:and\s+I['’]?\s?a?m\s+)?"
        rf"(?:one\s+of\s+the|your|the|the\s+on[- ]call|the\s+duty)\s+(?:\w+\s+)?(?i:{_POSITION})\b"
        r"(?!['’]s)"
    ),
    re.compile(
        rf"\b(?:[Ii]ch\s+bin|[Mm]ein\s+Name\s+ist|[Hh]ier\s+(?:ist|spricht))\s+"
        rf"(?:(?:der|die)\s+)?(?:Dr\.?|Doktor|Frau\s+Doktor|Frau\s+Dr\.?|Herr\s+Dr\.?|Schwester)\s+"
        rf"{_NAME}"
    ),
    re.compile(
        rf"\b(?:[Ss]oy|[Ll]e\s+habla|[Mm]e\s+llamo)\s+(?:(?:el|la)\s+)?"
        rf"(?:doctora?|Dra?\.?|enfermer[oa])\s+{_NAME}"
    ),
)
_INTRODUCES_OTHER = re.compile(
    r"\bI(?:\s+am|['’]m)\s+(?:(?:his|her|their|the\s+patient['’]?s|\w+['’]s)\s+"
    r"(?:\w+\s+)?(?:mother|mum|mom|father|dad|wife|husband|partner|daughter|son|sister|brother|"
    r"carer|caregiver|guardian|grandmother|grandfather|social\s+worker)"
    r"|(?:the|your|an)\s+interpreter)\b",
    re.IGNORECASE,
)
_INTRODUCES_PATIENT = re.compile(r"\bI(?:\s+am|['’]m)\s+the\s+patient\b", re.IGNORECASE)

_ROLES = {str(role) for role in SpeakerRole}


class Lists(NamedTuple):
    """The configuration's people, ready to be looked up."""

    staff: frozenset[str]
    others: frozenset[str]
    domains: frozenset[str]

    @classmethod
    def of(cls, settings: SpeakerSettings) -> Lists:
        """The keys of those whom the settings name."""
        return cls(
            frozenset(key for person in settings.all_staff for key in keys_of(person)),
            frozenset(key for person in settings.others for key in keys_of(person)),
            frozenset(domain.lower().removeprefix("@") for domain in settings.domains),
        )


def normal(name: str) -> str:
    """A display name without what differs between places: case, accents, titles, degrees,
    pronouns in brackets, ``Patel, Jane`` for ``Jane Patel``."""
    text = _DEGREE.sub(" ", _BRACKETS.sub(" ", name[:_LONGEST_NAME]))
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(c for c in text if not unicodedata.combining(c))
    last, comma, first = text.partition(",")
    if comma and first.strip():
        text = f"{first} {last}"
    words = _WORD.findall(text.replace(".", " "))
    while len(words) > 1 and words[0] in _HONORIFICS:
        words.pop(0)
    return " ".join(words)


def digits(phone: str) -> str:
    """What two ways of writing a phone number share: its last nine digits; none if it has not even
    seven."""
    found = "".join(c for c in phone if c.isdecimal() and c.isascii())
    return found[-9:] if len(found) >= 7 else ""


@lru_cache(4096)
def keys_of(text: str) -> frozenset[str]:
    """What a name, account, e-mail address or phone number is looked up by."""
    text = text.strip()
    if "@" in text.strip("@"):
        return frozenset({f"email:{text.lower()}"})
    if not any(c.isalpha() for c in text) and (number := digits(text)):
        return frozenset({f"phone:{number}"})
    name = normal(text)
    account = {f"account:{text.lower().removeprefix('@')}"} if text else set()
    return frozenset(account | ({f"name:{name}"} if name else set()))


def person_keys(person: Mapping[str, Any]) -> frozenset[str]:
    """The keys of a participant."""
    texts = (person.get(key) for key in ("name", "account", "phone", "email"))
    return frozenset(key for t in texts if isinstance(t, str) and t for key in keys_of(t))


def is_shared_name(name: str) -> bool:
    """Whether many have this name: "iPhone", "Guest", "Speaker 2"."""
    return _ANONYMOUS.match(name[:_LONGEST_NAME]) is not None


def resolved(
    consultation: Mapping[str, Any], settings: SpeakerSettings, lists: Lists | None = None
) -> dict[str, Any]:
    """The consultation with a role for each participant and turn; speakers who are not among the
    participants are added to them.

    Roles that the source gives are kept. What is no list of objects is left as it is.
    """
    lists = lists or Lists.of(settings)
    turns = [dict(turn) for turn in _objects(consultation.get("turns"))]
    people = _people(_objects(consultation.get("participants")), turns)
    firsts = _first_texts(turns)
    for person in people:
        name = str(person.get("name") or "")
        if not person.get("phone") and not any(map(str.isalpha, name)) and digits(name):
            person["phone"] = name  # who dials in has a number in place of a name
        person["role"] = _role(person, lists, firsts.get(_display(person), ()))
    if settings.remaining == "patient":
        _remaining(people)
    roles = {_display(person): person["role"] for person in people}
    for turn in turns:
        if not _is_role(turn.get("role")):
            speaker = turn.get("speaker")
            known = roles.get(speaker) if isinstance(speaker, str) and speaker else None
            turn["role"] = known or SpeakerRole.UNRESOLVED.value
    result = dict(consultation)
    if isinstance(consultation.get("turns"), list):
        result["turns"] = turns
    if people or isinstance(consultation.get("participants"), list):
        result["participants"] = people
    return result


def patient_id(consultation: Mapping[str, Any]) -> str | None:
    """What tells the patient from others: the source's own id, else the phone number, e-mail
    address, account or name of the one participant who is the patient.

    ``None`` where nobody is, or several are, or the name is one that many share ("iPhone").
    """
    patient = consultation.get("patient")
    if isinstance(patient, Mapping) and patient.get("id"):
        return str(patient["id"])
    patients = [
        p
        for p in _objects(consultation.get("participants"))
        if p.get("role") == SpeakerRole.PATIENT.value
    ]
    if len(patients) != 1:
        return None
    (person,) = patients
    if number := digits(str(person.get("phone") or "")):
        return f"phone:{number}"
    for key in ("email", "account", "name"):
        value = person.get(key)
        if not isinstance(value, str) or not value.strip() or is_shared_name(value):
            continue
        if key == "name":
            return f"name:{normal(value)}" if normal(value) else None
        return f"{key}:{value.strip().lower()}"
    return None


def _people(
    given: Iterable[Mapping[str, Any]], turns: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    people = [dict(person) for person in given]
    known = {_display(person): person for person in people}
    by_name: dict[str, list[dict[str, Any]]] = {}
    for person in people:
        by_name.setdefault(normal(_display(person)), []).append(person)
    for turn in turns:
        speaker = turn.get("speaker")
        if not isinstance(speaker, str) or not speaker or speaker in known:
            continue
        same = by_name.get(normal(speaker), [])
        person = {"name": speaker}
        if len(same) == 1 and normal(speaker):
            # The same person, written otherwise: what is known of them helps to tell who it is.
            person = {**same[0], "name": speaker}
            place = next((i for i, one in enumerate(people) if one is same[0]), None)
            if place is None:  # a third way to write it
                people.append(person)
            else:
                people[place] = person
        else:
            if _is_role(turn.get("role")):
                person["role"] = turn["role"]
            people.append(person)
        known[speaker] = person
    return people


def _first_texts(turns: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    firsts: dict[str, list[str]] = {}
    for turn in turns:
        speaker, text = turn.get("speaker"), turn.get("text")
        if isinstance(speaker, str) and isinstance(text, str):
            texts = firsts.setdefault(speaker, [])
            if len(texts) < FIRST_TURNS:
                texts.append(text[:2000])
    return firsts


def _role(person: Mapping[str, Any], lists: Lists, texts: Sequence[str]) -> str:
    given = person.get("role")
    if _is_role(given) and given != SpeakerRole.UNRESOLVED.value:
        return str(given)
    keys = person_keys(person)
    if keys & lists.others:
        return SpeakerRole.OTHER.value
    if keys & lists.staff or _has_domain(person, lists.domains):
        return SpeakerRole.CLINICIAN.value
    name = _display(person)
    for pattern, role in (
        (_OTHER_NAME, SpeakerRole.OTHER),
        (_CLINICIAN_NAME, SpeakerRole.CLINICIAN),
        (_DEGREE, SpeakerRole.CLINICIAN),
        (_PATIENT_NAME, SpeakerRole.PATIENT),
    ):
        if pattern.search(name):
            return role.value
    for text in texts:
        if any(pattern.search(text) for pattern in _INTRODUCES_CLINICIAN):
            return SpeakerRole.CLINICIAN.value
        if _INTRODUCES_OTHER.search(text):
            return SpeakerRole.OTHER.value
        if _INTRODUCES_PATIENT.search(text):
            return SpeakerRole.PATIENT.value
    return SpeakerRole.UNRESOLVED.value


def _remaining(people: Sequence[dict[str, Any]]) -> None:
    roles = [person["role"] for person in people]
    open_ones = [p for p in people if p["role"] == SpeakerRole.UNRESOLVED.value]
    if (
        len(open_ones) == 1
        and SpeakerRole.CLINICIAN.value in roles
        and SpeakerRole.PATIENT.value not in roles
    ):
        open_ones[0]["role"] = SpeakerRole.PATIENT.value


def _has_domain(person: Mapping[str, Any], domains: frozenset[str]) -> bool:
    for key in ("email", "account"):
        domain = str(person.get(key) or "").lower().rpartition("@")[2].strip()
        if domain and any(domain == d or domain.endswith("." + d) for d in domains):
            return True
    return False


def _display(person: Mapping[str, Any]) -> str:
    for key in ("name", "account", "phone", "email"):
        value = person.get(key)
        if isinstance(value, str) and value:
            return value[:_LONGEST_NAME]
    return ""


def _is_role(value: object) -> bool:
    return isinstance(value, str) and value in _ROLES


def _objects(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))
