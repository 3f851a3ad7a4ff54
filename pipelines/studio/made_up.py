"""Made-up consultations in the shape that a configuration reads, whatever that is.

They are those of ``veilbeam sample``. Where a configuration has paths of its own, a value of the
field's kind is put there, so that the preview has something to show for every field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pipelines.sample import consultations
from transforms.fields import FieldSpec, FieldType, Role
from transforms.ingest.paths import leaves, without_indexes
from transforms.ingest.records import Row

COUNT, SEED, PATIENTS = 5, 5, 5
"""Records, from either side of the Atlantic, and each of another patient."""
FILE = "made-up"

_ITEMS = 2
"""Items of a list that the sample does not have."""

_STEP = re.compile(r"([^.\[\]]+)(\[\d*\])?")
_CLINICIAN = re.compile(
    r"clinician|doctor|physician|practitioner|provider|nurse|staff|\bgp\b", re.I
)


def rows(fields: Sequence[FieldSpec]) -> list[Row]:
    """``COUNT`` made-up records in which each of the fields has a value."""
    return [
        Row(FILE, number, fitted(record, fields), None)
        for number, record in enumerate(consultations(COUNT, SEED, PATIENTS), 1)
    ]


def fitted(record: Mapping[str, Any], fields: Sequence[FieldSpec]) -> dict[str, Any]:
    """A record of ``veilbeam sample`` with a value at each field's path."""
    made, there = dict(record), set(leaves(record))
    for field in fields:
        if field.role is not Role.DROP and without_indexes(field.path) not in there:
            steps = [(m[1], m[2]) for m in _STEP.finditer(field.path)]
            made = _placed(made, steps, partial(_value, field, record), 0)
    return made


def _placed(
    held: Any, steps: Sequence[tuple[str, str | None]], value: Callable[[int], Any], place: int
) -> Any:
    """``held`` with a value at the end of the steps; objects and lists are made as needed."""
    if not steps:
        return value(place)
    (key, selector), *rest = steps
    made = dict(held) if isinstance(held, dict) else {}
    old = made.get(key)
    if selector is None:
        made[key] = _placed(old, rest, value, place)
    else:
        fewest = max(_ITEMS, int(selector.strip("[]") or 0) + 1)
        items = old if isinstance(old, list) and old else [None] * fewest
        made[key] = [_placed(item, rest, value, n) for n, item in enumerate(items)]
    return made


def _value(field: FieldSpec, record: Mapping[str, Any], place: int) -> Any:
    """A value of the field's kind; ``place``: its number (from 0) in a list."""
    patient, turns = record["patient"], record["turns"]
    match field.role:
        case Role.SUBJECT:
            return patient["id"]
        case Role.TEXT:
            return turns[place % len(turns)]["text"] if field.is_list else record["note"]
        case Role.IDENTIFIER:
            return _identifier(field, record, place)
        case Role.DATE:
            return record["started_at"][: 10 if field.type is FieldType.DATE else None]
    match field.type:
        case FieldType.INTEGER | FieldType.NUMBER:
            return patient["age"] if field.role is Role.QUASI else record["duration_minutes"]
        case FieldType.BOOLEAN:
            return True
        case FieldType.DATE | FieldType.DATETIME:
            return record["started_at"]
    how = field.generalise
    if how is not None and how.icd10 is not None:
        return record["codes"][0]["code"]
    if how is not None and how.band is not None:
        return str(patient["age"])
    if field.role is Role.QUASI:
        return patient["postcode"]
    last = _STEP.findall(field.path)[-1][0]
    like_it = {**record["codes"][0], **turns[place % len(turns)], **patient, **record}
    value = like_it.get(last)
    return value if isinstance(value, str) else f"some {last.replace('_', ' ')}"


def _identifier(field: FieldSpec, record: Mapping[str, Any], place: int) -> str:
    patient, clinician = record["patient"], record["clinician"]
    user = str(patient["email"]).partition("@")[0]
    known = {
        "DATE_OF_BIRTH": patient["date_of_birth"],
        "UK_NHS": patient["nhs_number"] or "943 476 5919",
        "PHONE_NUMBER": patient["phone"],
        "EMAIL_ADDRESS": patient["email"],
        "STREET_ADDRESS": patient["address"],
        "POSTCODE": patient["postcode"],
        "LOCATION": patient["city"],
        "LICENCE_NUMBER": clinician["licence"],
        "USER_HANDLE": f"@{user}",
        "AGE": str(patient["age"]),
    }
    if field.entity == "PERSON":
        is_clinician = _CLINICIAN.search(f"{field.name} {field.path}") or place % 2
        return str(clinician["name"] if is_clinician else patient["name"])
    return str(known.get(field.entity or "", record["consultation_id"]))
