"""Records, taken through detect and pseudonymise by those stages themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pyarrow as pa

from transforms.detect.batch import detect_batch
from transforms.detect.engine import Detector
from transforms.detect.settings import DetectSettings
from transforms.fields import FieldSettings, FieldSpec, source_schema
from transforms.ingest.records import clean_text
from transforms.pseudonymise.batch import Treated, treat
from transforms.pseudonymise.keys import RootKey
from transforms.pseudonymise.pseudonymiser import Pseudonymiser
from transforms.pseudonymise.settings import PseudonymiseSettings

DETECT = DetectSettings(countries=("GB", "US", "DE", "ES"))

FIELDS = [
    FieldSpec.of(name, FieldSettings.model_validate(given))
    for name, given in {
        "patient": {"role": "subject"},
        "name": {"role": "identifier", "entity": "PERSON"},
        "phone": {"role": "identifier", "entity": "PHONE_NUMBER", "treatment": "drop"},
        "email": {"role": "identifier", "entity": "EMAIL_ADDRESS", "treatment": "token"},
        "born": {"role": "identifier", "entity": "DATE_OF_BIRTH", "treatment": "drop"},
        "relatives": {"role": "identifier", "entity": "PERSON", "path": "relatives[].name"},
        "seen_on": {"role": "date", "type": "date"},
        "postcode": {"role": "quasi", "generalise": {"prefix": 2}},
        "label": {"role": "attribute"},
        "tags": {"role": "attribute", "path": "tags[]"},
        "minutes": {"role": "attribute", "type": "integer"},
        "said": {"role": "text", "path": "turns[].text"},
        "note": {"role": "text"},
        "draft": {"role": "text", "treatment": "drop"},
    }.items()
]

PERSON: dict[str, Any] = {
    "patient": "PT-5550123",
    "name": "Zephyrine Quackenbush",
    "phone": "07911 446208",
    "email": "zq.wrothsley@borogove.co.uk",
    "born": "1961-05-03",
    "relatives": ["Thaddeus Quackenbush"],
    "seen_on": "2024-02-09",
    "postcode": "LS6 2AB",
    "_file": "f",
    "_position": 1,
}


def batch(*records: dict[str, Any]) -> pa.RecordBatch:
    """Records of this person, each with some fields of its own, as ingest reads them."""
    rows = [_cleaned(PERSON | record) for record in records]
    return pa.RecordBatch.from_pylist(rows, schema=source_schema(FIELDS))


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return clean_text(value) if isinstance(value, str) else value


@lru_cache
def detector() -> Detector:
    return Detector(DETECT)


@lru_cache
def pseudonymiser() -> Pseudonymiser:
    return Pseudonymiser(RootKey(b"k" * 32), PseudonymiseSettings(), FIELDS)


def treated(*records: dict[str, Any]) -> Treated:
    """What the stages before verify make of them."""
    return treat(pseudonymiser(), detect_batch(detector(), batch(*records), FIELDS), "patient")


def untreated(*records: dict[str, Any]) -> Treated:
    """The same, had detect found nothing at all: what verify is there for."""
    source = batch(*records)
    texts = {name: source.column(name) for name in ("said", "note", "draft")}
    places: dict[str, list[list[tuple[int, int]]]] = {
        "said": [[] for items in source.column("said").to_pylist() for _ in items or []],
        "note": [[] for _ in records],
        "draft": [[] for _ in records],
    }
    return Treated(source, pseudonymiser().record_batch(source, texts), places)
