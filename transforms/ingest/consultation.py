"""The canonical consultation: one shape for what every source of telehealth holds.

The types below are the schema's only definition. ``SCHEMA`` is derived from them, and so is the
table in ``docs/sources.md``. All fields may be missing. Times are texts, as in all of Veilbeam
until they are shifted: ISO 8601, with an offset from UTC where the source tells one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import orjson
import pyarrow as pa

from transforms.ingest.paths import schema_paths

VERSION = 1
"""Counts up when a field is removed or changes its meaning. New fields do not count it up."""


class SpeakerRole(StrEnum):
    """Who somebody is in a consultation."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    OTHER = "other"
    """Relatives, carers, interpreters, receptionists, bots."""
    UNRESOLVED = "unresolved"
    """Nothing tells who this is."""


class Participant(TypedDict, total=False):
    """Somebody who took part."""

    name: Annotated[str, "name as the source has it"]
    role: Annotated[str, "`patient`, `clinician`, `other` or `unresolved`"]
    account: Annotated[str, "account or screen name, where it is not the name"]
    phone: Annotated[str, "phone number, as the source writes it"]
    email: Annotated[str, "e-mail address"]
    joined_at: Annotated[str, "first time of joining"]
    left_at: Annotated[str, "last time of leaving"]


class Turn(TypedDict, total=False):
    """Something that was said or written without a break."""

    speaker: Annotated[str, "name as the source has it"]
    role: Annotated[str, "the speaker's role"]
    at: Annotated[str, "when it began, where the source tells a time of day"]
    offset: Annotated[float, "when it began, in seconds since the consultation's beginning"]
    end_offset: Annotated[float, "when it ended, likewise"]
    text: Annotated[str, "what was said or written"]


class Patient(TypedDict, total=False):
    """Details of the patient that sources with records know."""

    id: Annotated[str, "what tells one patient from another: see *Who the patient is*"]
    record_numbers: Annotated[list[str], "medical record, visit, insurance and identity numbers"]
    other_names: Annotated[list[str], "former names, aliases, nicknames"]
    relatives: Annotated[list[str], "names of relatives, guardians and emergency contacts"]
    telecom: Annotated[list[str], "other phone numbers and e-mail addresses, relatives' too"]
    birth_date: Annotated[str, "date of birth"]
    sex: Annotated[str, "administrative sex or gender"]
    address: Annotated[str, "street address"]
    other_addresses: Annotated[list[str], "other street addresses, relatives' too"]
    city: Annotated[str, "town"]
    postcode: Annotated[str, "postcode"]
    country: Annotated[str, "country"]


class Code(TypedDict, total=False):
    """A condition or a medication."""

    code: Annotated[str, "code"]
    system: Annotated[str, "code system: ICD-10, SNOMED CT, RxNorm; its URI where there is one"]
    display: Annotated[str, "the code's meaning in words"]


class Medication(Code, total=False):
    """What was prescribed."""

    dosage: Annotated[str, "how to take it: free text"]


class Answer(TypedDict, total=False):
    """An answer in a form that the patient filled in."""

    code: Annotated[str, "code or link id of the question"]
    question: Annotated[str, "the question"]
    answer: Annotated[str, "the answer: free text"]


class Reading(TypedDict, total=False):
    """A device reading. Blood pressure is two of them."""

    code: Annotated[str, "code, LOINC where there is one"]
    system: Annotated[str, "code system"]
    display: Annotated[str, "what was measured, in words"]
    value: Annotated[float, "number"]
    text: Annotated[str, "the value where it is no number"]
    unit: Annotated[str, "unit, UCUM where there is one"]
    at: Annotated[str, "when it was measured"]


class BillingItem(TypedDict, total=False):
    """Something that was charged for."""

    code: Annotated[str, "code"]
    system: Annotated[str, "code system: CPT, HCPCS ..."]
    display: Annotated[str, "the code's meaning in words"]
    quantity: Annotated[float, "how many"]
    amount: Annotated[float, "price of all of them"]
    currency: Annotated[str, "ISO 4217"]


class Meeting(TypedDict, total=False):
    """The meeting on a video platform. All of it leads back to the people who met."""

    id: Annotated[str, "meeting id"]
    link: Annotated[str, "link to join"]
    passcode: Annotated[str, "passcode"]
    topic: Annotated[str, "title: often holds a name"]


class Consultation(TypedDict, total=False):
    """One session between a patient and a clinician."""

    id: Annotated[str, "the session's id; where the source has none, a digest of its content"]
    started_at: Annotated[str, "beginning"]
    ended_at: Annotated[str, "end"]
    channel: Annotated[str, "`video`, `phone`, `chat` or `in_person`"]
    platform: Annotated[str, "`zoom`, `teams`, `meet`, `whatsapp` ..."]
    language: Annotated[str, "language of the talk, BCP 47, where the source tells it"]
    patient: Annotated[Patient, ""]
    participants: Annotated[list[Participant], ""]
    turns: Annotated[list[Turn], ""]
    note: Annotated[str, "the clinician's note; of several, one after the other"]
    conditions: Annotated[list[Code], ""]
    medications: Annotated[list[Medication], ""]
    readings: Annotated[list[Reading], ""]
    answers: Annotated[list[Answer], ""]
    billing: Annotated[list[BillingItem], ""]
    attachments: Annotated[list[str], "names of files that were sent or kept; they are not read"]
    meeting: Annotated[Meeting, ""]
    places: Annotated[list[str], "names of hospitals, practices and wards where it took place"]
    sources: Annotated[list[str], "formats it came from (`webvtt`), one for each file or record"]


def _type(hint: Any) -> pa.DataType:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) is list:
        return pa.list_(_type(get_args(hint)[0]))
    if is_typeddict(hint):
        return pa.struct(_columns(hint))
    return {str: pa.string(), float: pa.float64()}[hint]


def _columns(shape: Any) -> list[pa.Field]:
    hints = get_type_hints(shape, include_extras=True)
    return [
        pa.field(name, _type(hint), metadata={"description": get_args(hint)[1]})
        for name, hint in hints.items()
    ]


SCHEMA = pa.schema(_columns(Consultation), metadata={"veilbeam.consultation": str(VERSION)})
"""The canonical consultation as Arrow has it; each field's metadata describe it."""

PATHS = tuple(schema_paths(SCHEMA))
"""Where the canonical consultation's values stand, as a configuration writes it."""


def described(columns: Any = SCHEMA, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """(path, type, description) of every field that holds values."""
    for column in columns:
        path, kind = prefix + column.name, column.type
        if pa.types.is_list(kind):
            path, kind = path + "[]", kind.value_type
        if pa.types.is_struct(kind):
            yield from described(kind, path + ".")
        else:
            name = "number" if pa.types.is_floating(kind) else "text"
            yield path, name, column.metadata[b"description"].decode()


_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def language_tag(text: str) -> str | None:
    """A language as BCP 47 has it; ``None`` for what is no tag: the field is published as it is."""
    return text.replace("_", "-") if _TAG.fullmatch(text) else None


def digest(record: Mapping[str, Any]) -> str:
    """An id for a consultation that has none: the same content has the same one."""
    content = orjson.dumps(record, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(content, digest_size=16).hexdigest()
