"""Canaries in sample consultations: unique, where identifiers stand, the same for a seed."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from pipelines import sample
from pipelines.sample import consultations
from pipelines.sample_canaries import plant
from transforms.errors import UsageError
from transforms.verify.attack.canaries import canaries_in


def planted(record: dict[str, object]) -> set[str]:
    return canaries_in([orjson.dumps(record).decode()])


def test_each_record_has_its_own_in_fields_and_texts() -> None:
    records = [plant(record, n, 7) for n, record in enumerate(consultations(50, 7))]
    found = [planted(record) for record in records]
    assert all(len(canaries) == 8 for canaries in found)
    assert len(set().union(*found)) == 8 * 50
    for record, canaries in zip(records, found, strict=True):
        texts = canaries_in([record["note"], *(turn["text"] for turn in record["turns"])])
        # But the id and the internal reference.
        assert len(texts) == 6 and texts < canaries
        assert record["patient"]["name"].split(" ", 1)[1] in record["note"]


def test_they_are_the_same_for_a_seed_and_stand_in_the_first_records_alone(
    tmp_path: Path,
) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        sample.write(tmp_path / name, 10, 3, canaries=4)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    rows = [orjson.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    assert [bool(planted(row)) for row in rows] == [True] * 4 + [False] * 6
    assert rows[4:] == list(consultations(10, 3))[4:]


def test_a_name_inside_of_a_word_is_no_name() -> None:
    record = next(consultations(1, 7))
    record["patient"] |= {"name": "Ann Tak"}
    record["note"] = "Take care, Ms Tak; Tak's cough."
    note = plant(record, 0, 7)["note"]
    assert note.startswith("Take care, Ms Canary") and "'s cough." in note


def test_no_more_of_them_than_records(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="11 of 10 records"):
        sample.write(tmp_path / "a.jsonl", 10, 1, canaries=11)
