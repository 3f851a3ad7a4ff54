"""Synthetic telehealth consultations, for trying Veilbeam out, for its tests and its benchmark.

Nobody in them exists. What people are called and where they work is Faker's; the towns are real,
so that postcode and dialling code agree. Phone and NHS numbers lie in the ranges that real ones
have: the ranges reserved for fiction are where surrogates come from, and a test for leaks must be
able to tell the two apart.

Record ``number`` of a ``seed`` is a function of these two and of the number of patients, so that
memory is constant and any part can be made by itself.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.sample_canaries import plant
from pipelines.sample_people import (
    FIRST_DAY,
    clinician_of,
    patient_of,
    random_of,
    scattered,
    utc_offset,
)
from pipelines.sample_texts import Mention, Scene, dialogue, note_of, reason
from transforms.errors import UsageError
from transforms.progress import each

Format = Literal["jsonl", "csv", "parquet"]
Record = dict[str, Any]

CONSULTATIONS_PER_PATIENT = 2.5
_ROW_GROUP = 2_000
_DAYS = 3 * 365


class Composed(NamedTuple):
    """A record, and what of its texts would identify someone."""

    record: Record
    mentions: list[Mention]

    @property
    def planted_in_text(self) -> list[tuple[str, str]]:
        """(entity, value) of the identifiers that stand in the texts and in no field."""
        return [(m.entity, m.value) for m in self.mentions if not m.in_field]


def consultations(count: int, seed: int, patients: int | None = None) -> Iterator[Record]:
    """``count`` records of ``patients`` people (by default one for each 2.5 records).

    Raises UsageError for a negative count or seed, or no patients.
    """
    people = _checked(count, seed, patients)
    return (compose(number, seed, people).record for number in range(count))


def write(
    path: Path,
    count: int,
    seed: int,
    *,
    format: Format | None = None,
    patients: int | None = None,
    canaries: int = 0,
) -> None:
    """Write ``consultations(count, seed, patients)`` to a file; the first ``canaries`` of them with
    canaries in them.

    ``format`` is told by the ending of the file's name if not given. CSV has no nested values: its
    headers are dotted paths (``patient.name``), and the turns are one ``dialogue`` text.

    Raises UsageError where the format cannot be told or the file cannot be written, and as
    ``consultations`` does.
    """
    ending = format or path.suffix.removeprefix(".").lower()
    if ending not in get_args(Format):
        raise UsageError(
            f"{path}: its ending does not tell the format; name it .jsonl, .csv or .parquet"
        )
    if not 0 <= canaries <= max(count, 0):
        raise UsageError(f"{canaries:,} of {count:,} records cannot have canaries")
    records = (
        plant(record, number, seed) if number < canaries else record
        for number, record in enumerate(consultations(count, seed, patients))
    )
    try:
        _WRITERS[ending](path, each(records, "consultations", count))
    except OSError as problem:
        raise UsageError(f"{path}: cannot be written ({problem.strerror})") from None


def planted(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(entity, value) of all direct identifiers in a record's structured fields.

    None of these values may be left in a release of the record. A name or town may well be
    *another* record's surrogate; ids, numbers, e-mail and street addresses are unique enough to be
    searched for in all bytes of a release.
    """
    patient, clinician = record["patient"], record["clinician"]
    values = (
        ("ID", record["consultation_id"]),
        ("ID", record["internal_reference"]),
        ("ID", patient["id"]),
        ("PERSON", patient["name"]),
        ("DATE_OF_BIRTH", patient["date_of_birth"]),
        ("UK_NHS", patient["nhs_number"]),
        ("PHONE_NUMBER", patient["phone"]),
        ("EMAIL_ADDRESS", patient["email"]),
        ("STREET_ADDRESS", patient["address"]),
        ("POSTCODE", patient["postcode"]),
        ("LOCATION", patient["city"]),
        ("PERSON", clinician["name"]),
        ("LICENCE_NUMBER", clinician["licence"]),
    )
    return [(entity, value) for entity, value in values if value is not None]


def compose(number: int, seed: int, patients: int) -> Composed:
    """Record ``number`` (from 0), and the identifiers in its texts."""
    rng = random_of(seed, "record", number)
    patient = patient_of(seed, rng.randrange(patients))
    day = FIRST_DAY + timedelta(days=rng.randrange(_DAYS))
    age = (day - patient.born).days * 400 // 146_097
    specialty, complaint = reason(rng, age, patient.sex)
    clinicians = 2 + min(28, patients // 500)
    clinician = clinician_of(seed, specialty, patient.country, rng.randrange(clinicians))
    channel = rng.choices(("video", "phone", "chat"), (50, 32, 18))[0]
    scene = Scene(rng, patient, clinician, complaint, age, day, channel)
    turns = list(dialogue(scene))
    note = note_of(scene)
    fields = {
        "id": patient.id,
        "name": f"{patient.first} {patient.last}",
        "date_of_birth": patient.born.isoformat(),
        "age": age,
        "sex": patient.sex,
        "nhs_number": patient.nhs_number,
        "phone": patient.phone.written(0),
        "email": patient.email,
        "address": patient.address,
        "postcode": patient.postcode,
        "city": patient.city,
    }
    started = datetime(
        day.year, day.month, day.day, rng.randrange(7, 21), rng.randrange(0, 60, 5),
        tzinfo=utc_offset(patient.country, day),
    )  # fmt: skip
    codes = [{"code": complaint.code, "display": complaint.display}]
    record = {
        "consultation_id": f"VC-{scattered(number, seed)}",
        "started_at": started.isoformat(),
        "channel": channel,
        "platform": rng.choices(("web", "ios", "android", "kiosk"), (40, 30, 27, 3))[0],
        "specialty": specialty,
        "duration_minutes": 2 + int(rng.gammavariate(4.0, 2.2 if channel == "chat" else 3.4)),
        "satisfaction": rng.choices((1, 2, 3, 4, 5, None), (3, 5, 11, 24, 27, 30))[0],
        "patient": fields,
        "clinician": {"name": clinician.name, "licence": clinician.licence},
        "turns": turns,
        "note": note,
        "codes": codes,
        "internal_reference": f"QX{rng.getrandbits(48):012X}",
    }
    return Composed(record, list(dict.fromkeys(scene.mentions)))


def _checked(count: int, seed: int, patients: int | None) -> int:
    if count < 0 or seed < 0:
        raise UsageError("count and seed must be 0 or more")
    people = max(1, round(count / CONSULTATIONS_PER_PATIENT)) if patients is None else patients
    if people < 1:
        raise UsageError("patients must be 1 or more")
    return people


def _write_jsonl(path: Path, records: Iterator[Record]) -> None:
    with path.open("wb") as file:
        file.writelines(
            orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records
        )


def _write_csv(path: Path, records: Iterator[Record]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [*_CSV_COLUMNS])
        rows.writeheader()
        rows.writerows(map(_flat, records))


def _write_parquet(path: Path, records: Iterator[Record]) -> None:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as file:
        while group := list(islice(records, _ROW_GROUP)):
            file.write_batch(pa.RecordBatch.from_pylist(group, schema=SCHEMA))


_WRITERS: dict[str, Callable[[Path, Iterator[Record]], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
}

SCHEMA = pa.schema(
    {
        "consultation_id": pa.string(),
        "started_at": pa.string(),
        "channel": pa.string(),
        "platform": pa.string(),
        "specialty": pa.string(),
        "duration_minutes": pa.int64(),
        "satisfaction": pa.int64(),
        "patient": pa.struct(
            {
                "id": pa.string(),
                "name": pa.string(),
                "date_of_birth": pa.string(),
                "age": pa.int64(),
                "sex": pa.string(),
                "nhs_number": pa.string(),
                "phone": pa.string(),
                "email": pa.string(),
                "address": pa.string(),
                "postcode": pa.string(),
                "city": pa.string(),
            }
        ),
        "clinician": pa.struct({"name": pa.string(), "licence": pa.string()}),
        "turns": pa.list_(pa.struct({"speaker": pa.string(), "text": pa.string()})),
        "note": pa.string(),
        "codes": pa.list_(pa.struct({"code": pa.string(), "display": pa.string()})),
        "internal_reference": pa.string(),
    }
)
"""Arrow schema of the records; times and dates are text, as an API gives them."""


def _csv_columns() -> Iterator[str]:
    for field in SCHEMA:
        if pa.types.is_struct(field.type):
            yield from (f"{field.name}.{child.name}" for child in field.type)
        else:
            yield {"turns": "dialogue", "codes": "condition"}.get(field.name, field.name)


_CSV_COLUMNS = tuple(_csv_columns())


def _flat(record: Record) -> Record:
    row = {}
    for key, value in record.items():
        if isinstance(value, dict):
            row.update({f"{key}.{child}": inner for child, inner in value.items()})
        else:
            row[key] = value
    turns, codes = row.pop("turns"), row.pop("codes")
    row["dialogue"] = "\n".join(f"{turn['speaker'].title()}: {turn['text']}" for turn in turns)
    row["condition"] = codes[0]["display"]
    return row
