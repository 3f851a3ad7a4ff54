"""The synthetic consultations: the same ones for a seed, identifiers where they are said to be."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import sample
from pipelines.sample import SCHEMA, compose, consultations, planted
from pipelines.sample_phrases import COMPLAINTS
from pipelines.sample_texts import SPECIALTIES
from transforms.errors import UsageError

ROOT = Path(__file__).parents[1]


def texts(record: dict[str, Any]) -> str:
    return "\n".join([*(turn["text"] for turn in record["turns"]), record["note"]])


def digest(count: int, seed: int) -> str:
    return hashlib.sha256(orjson.dumps(list(consultations(count, seed)))).hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_same_seed_gives_the_same_records_in_every_process(hash_seed: str) -> None:
    code = (
        "import hashlib, orjson; from pipelines.sample import consultations;"
        "print(hashlib.sha256(orjson.dumps(list(consultations(50, 7)))).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == digest(50, 7)


def test_another_seed_gives_other_people() -> None:
    one, other = ({p for r in consultations(50, s) for p in planted(r)} for s in (1, 2))
    shared = {value for entity, value in one & other if entity not in ("LOCATION", "PERSON")}
    assert shared == set()


def test_a_part_can_be_made_by_itself() -> None:
    records = list(consultations(40, 3, patients=10))
    assert compose(31, 3, 10).record == records[31]


def test_a_million_records_are_begun_at_once() -> None:
    assert len(list(islice(consultations(1_000_000, 1), 3))) == 3


def test_ids_are_unique() -> None:
    ids = [r["consultation_id"] for r in consultations(3_000, 5)]
    assert len(set(ids)) == len(ids)


def test_patients_recur_and_stay_themselves() -> None:
    people: dict[str, set[tuple[Any, ...]]] = {}
    visits: Counter[str] = Counter()
    for record in consultations(2_000, 1):
        patient = {k: v for k, v in record["patient"].items() if k != "age"}
        people.setdefault(patient["id"], set()).add(tuple(patient.items()))
        visits[patient["id"]] += 1
    assert all(len(versions) == 1 for versions in people.values())
    assert 2.2 < 2_000 / len(visits) < 3.2
    assert max(visits.values()) > 4


def test_a_record_has_about_a_kilobyte_of_text() -> None:
    lengths = [len(texts(r)) for r in consultations(500, 1)]
    assert 800 < sum(lengths) / len(lengths) < 1_200
    assert min(lengths) > 500


@settings(max_examples=300, deadline=None)
@given(number=st.integers(0, 10**6), seed=st.integers(0, 10**6))
def test_what_is_said_to_be_planted_stands_in_the_record(number: int, seed: int) -> None:
    made = compose(number, seed, 400_000)
    text = texts(made.record)
    fields = orjson.dumps(made.record).decode()
    assert all(mention.value in text for mention in made.mentions)
    for entity, value in planted(made.record):
        assert value and orjson.dumps(value).decode()[1:-1] in fields, entity


def test_what_is_planted_in_text_alone_stands_in_no_field() -> None:
    for number in range(300):
        made = compose(number, 1, 120)
        fields = {value for _, value in planted(made.record)}
        numbers = {v for e, v in made.planted_in_text if e in ("PHONE_NUMBER", "DEVICE_ID")}
        assert not numbers & fields


def test_every_kind_of_identifier_occurs_in_texts() -> None:
    seen = Counter(
        (m.entity, m.in_field) for number in range(2_000) for m in compose(number, 1, 800).mentions
    )
    known = ("PERSON", "DATE_OF_BIRTH", "UK_NHS", "PHONE_NUMBER", "EMAIL_ADDRESS", "POSTCODE",
             "STREET_ADDRESS", "LOCATION", "ID", "LICENCE_NUMBER", "AGE")  # fmt: skip
    unknown = ("PERSON", "PHONE_NUMBER", "DATE_TIME", "ORGANIZATION", "LOCATION", "AGE",
               "MEDICAL_RECORD_NUMBER", "DEVICE_ID", "INSURANCE_ID")  # fmt: skip
    assert set(seen) == {(e, True) for e in known} | {(e, False) for e in unknown}
    assert min(seen.values()) >= 5


def test_identifiers_are_said_in_several_forms() -> None:
    forms: dict[str, set[str]] = {}
    for number in range(2_000):
        made = compose(number, 1, 1)
        for mention in made.mentions:
            if mention.in_field:
                forms.setdefault(mention.entity, set()).add(mention.value)
    patient = made.record["patient"]
    assert len(forms["DATE_OF_BIRTH"]) == 10
    assert len(forms["PHONE_NUMBER"]) >= 5
    assert any(form.startswith(("oh ", "zero ")) for form in forms["PHONE_NUMBER"])
    assert any(" at " in form and " dot " in form for form in forms["EMAIL_ADDRESS"])
    assert {patient["name"], patient["name"].split()[0]} <= forms["PERSON"]
    assert patient["name"].split(" ", 1)[1] in forms["PERSON"]


def test_language_is_varied_and_has_hard_negatives() -> None:
    displays = {c.display for complaints in COMPLAINTS.values() for c in complaints}
    assert len(displays) >= 60
    text = "\n".join(texts(r) for r in consultations(3_000, 1))
    for negative in ("Parkinson's disease", "Bell's palsy", "Murphy's sign", "St John's wort",
                     "Glasgow Coma Scale", "Wells score", "lot 4471"):  # fmt: skip
        assert negative in text
    assert {r["specialty"] for r in consultations(1_000, 1)} == set(SPECIALTIES)
    assert "{" not in text


@pytest.mark.parametrize("seed", range(3))
def test_numbers_are_valid_and_from_the_ranges_that_real_ones_have(seed: int) -> None:
    for record in consultations(300, seed):
        number = record["patient"]["nhs_number"]
        if number is None:
            continue
        assert number[0] in "467" and len(number) == 10
        total = sum((10 - i) * int(d) for i, d in enumerate(number[:9]))
        assert (total + int(number[9])) % 11 == 0
        assert not record["patient"]["phone"].startswith("07700 900")


def test_the_age_is_that_on_the_day() -> None:
    for record in consultations(500, 2):
        born, day = record["patient"]["date_of_birth"], record["started_at"][:10]
        years = int(day[:4]) - int(born[:4]) - (day[5:] < born[5:])
        assert abs(record["patient"]["age"] - years) <= (day[5:] == born[5:])


def test_jsonl_reads_back(tmp_path: Path) -> None:
    sample.write(tmp_path / "a.jsonl", 30, 1)
    lines = (tmp_path / "a.jsonl").read_bytes().splitlines()
    assert [orjson.loads(line) for line in lines] == list(consultations(30, 1))


def test_parquet_reads_back(tmp_path: Path) -> None:
    sample.write(tmp_path / "a.parquet", 30, 1)
    table = pq.read_table(tmp_path / "a.parquet")
    assert table.schema.equals(SCHEMA)
    assert table.to_pylist() == list(consultations(30, 1))


def test_csv_reads_back(tmp_path: Path) -> None:
    sample.write(tmp_path / "a.csv", 30, 1)
    records = list(consultations(30, 1))
    frame = pd.read_csv(tmp_path / "a.csv", dtype=str, keep_default_na=False)
    assert frame["patient.name"].tolist() == [r["patient"]["name"] for r in records]
    assert frame["patient.nhs_number"].tolist() == [
        r["patient"]["nhs_number"] or "" for r in records
    ]
    assert frame["condition"].tolist() == [r["codes"][0]["display"] for r in records]
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["dialogue"].count("\n") == len(records[0]["turns"]) - 1
    assert all(turn["text"] in rows[0]["dialogue"] for turn in records[0]["turns"])


def test_the_format_can_be_named(tmp_path: Path) -> None:
    sample.write(tmp_path / "a.ndjson", 2, 1, format="jsonl")
    assert (tmp_path / "a.ndjson").read_bytes().count(b"\n") == 2


def test_no_records_are_an_empty_file_with_its_schema(tmp_path: Path) -> None:
    for ending in ("jsonl", "csv", "parquet"):
        sample.write(tmp_path / f"a.{ending}", 0, 1)
    assert (tmp_path / "a.jsonl").read_bytes() == b""
    assert pq.read_table(tmp_path / "a.parquet").schema.equals(SCHEMA)
    assert (tmp_path / "a.csv").read_text().startswith("consultation_id,started_at,")


@pytest.mark.parametrize(
    ("name", "count", "seed", "patients", "what"),
    [
        ("a.xlsx", 1, 1, None, "name it .jsonl, .csv or .parquet"),
        ("a.jsonl", -1, 1, None, "0 or more"),
        ("a.jsonl", 1, -1, None, "0 or more"),
        ("a.jsonl", 1, 1, 0, "1 or more"),
        ("missing/a.jsonl", 1, 1, None, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(
    tmp_path: Path, name: str, count: int, seed: int, patients: int | None, what: str
) -> None:
    with pytest.raises(UsageError, match=what):
        sample.write(tmp_path / name, count, seed, patients=patients)


def test_the_script_makes_the_sample_that_is_in_the_repository(tmp_path: Path) -> None:
    kept = ROOT / "samples" / "consultations.jsonl"
    made = tmp_path / "consultations.jsonl"
    script = ROOT / "scripts" / "generate_consultations.py"
    subprocess.run(
        [sys.executable, script, made, "--count", "300", "--seed", "7"],
        check=True,
        capture_output=True,
    )
    assert kept.stat().st_size < 1_000_000
    # The names may differ with another version of Faker; the records' structure may not.
    one, other = (
        [orjson.loads(line) for line in path.read_bytes().splitlines()] for path in (kept, made)
    )
    assert [r["consultation_id"] for r in one] == [r["consultation_id"] for r in other]
    assert [r["codes"] for r in one] == [r["codes"] for r in other]
