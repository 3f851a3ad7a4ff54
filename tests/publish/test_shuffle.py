from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.publish import shuffle
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import Spill, places_of, plan
from transforms.publish.writer import compressed_bytes, write_spilled

from .conftest import FIELDS, FILE_METADATA, KEY, records

SCHEMA = release_schema(FIELDS, FILE_METADATA)
SMALL = PublishSettings.model_construct(file_bytes=10_000, row_group_bytes=8_000)


def shuffled(
    bundles: Sequence[Sequence[pa.RecordBatch]], key: bytes = KEY
) -> tuple[list[str], list[list[int]]]:
    """The notes of the records in the order of the files, and the rows of each file's row groups;
    each bundle is spilled by itself."""
    with tempfile.TemporaryDirectory() as folder:
        spilled = []
        for bundle in bundles:
            with Spill(folder, SCHEMA, ["train"], key) as spill:
                for batch in bundle:
                    spill.write("train", nest(batch, FIELDS))
                spilled += spill.close()
        files = write_spilled(folder, SCHEMA, spilled, SMALL)
        opened = [pq.ParquetFile(Path(folder, file.path)) for file in files]
        notes = [note for file in opened for note in file.read()["note"].to_pylist()]
        groups = [
            [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
            for file in opened
        ]
        return notes, groups


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_the_order_is_the_same_however_the_records_come(data: st.DataObject) -> None:
    count = data.draw(st.integers(3, 400))
    expected = shuffled([[records(count)]])
    cuts = sorted(data.draw(st.sets(st.integers(1, count), max_size=6)) | {0, count})
    batches = [records(count).slice(a, b - a) for a, b in pairwise(cuts)]
    batches = data.draw(st.permutations(batches))
    cut = data.draw(st.integers(0, len(batches)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(shuffle, "RUN_BYTES", data.draw(st.integers(1, 50_000)))
        patched.setattr(shuffle, "PART_BYTES", data.draw(st.integers(100, 50_000)))
        assert shuffled([batches[:cut], batches[cut:]]) == expected


def test_nothing_is_lost_and_the_order_of_the_source_is_gone() -> None:
    notes, groups = shuffled([[records(2000)]])
    assert sorted(notes) == records(2000).column("note").to_pylist()
    assert len(groups) > 1
    assert max(map(len, groups)) > 1
    numbers = np.array([int(note[4:10]) for note in notes])
    correlation = np.corrcoef(numbers, np.arange(2000))[0, 1]
    assert abs(correlation) < 5 / np.sqrt(2000)
    # Neighbours in the source are no neighbours: about 2 pairs would be so by chance.
    assert np.sum(np.abs(np.diff(numbers)) == 1) < 15


def test_the_order_is_the_keys() -> None:
    assert shuffled([[records(50)]])[0] != shuffled([[records(50)]], b"x" * 32)[0]
    assert shuffled([[records(50)]])[0] == shuffled([[records(50)]])[0]


def test_equal_records_stay_as_many_as_they_are() -> None:
    notes, _ = shuffled([[records(3)], [records(3), records(2)]])
    assert Counter(notes) == Counter(records(3).column("note").to_pylist() * 2) + Counter(
        records(2).column("note").to_pylist()
    )


def test_places_are_spread_evenly() -> None:
    places, length = places_of(nest(records(4000), FIELDS), KEY)
    counts, _ = np.histogram(places.astype(float) / 2**64, bins=10, range=(0, 1))
    assert np.sum((counts - 400) ** 2 / 400) < 33.7  # chi-squared, 9 degrees: 1 in 10,000
    assert length == sum(
        places_of(nest(records(40, start), FIELDS), KEY)[1] for start in range(0, 4000, 40)
    )


def test_a_small_release_is_one_file_of_one_row_group(tmp_path: Path) -> None:
    with Spill(str(tmp_path), SCHEMA, ["train", "test"], KEY) as spill:
        spill.write("train", nest(records(300), FIELDS))
        spill.write("test", nest(records(3), FIELDS))
        spilled = spill.close()

    def never(_: shuffle.FilePlan) -> int:
        raise AssertionError("no sample is needed")

    plans = plan(spilled, PublishSettings(), never)
    assert [(p.split, p.number, p.low, p.high, p.groups) for p in plans] == [
        ("test", 0, 0, 1 << 64, 1),
        ("train", 0, 0, 1 << 64, 1),
    ]


def test_the_sample_is_what_a_row_group_takes(tmp_path: Path) -> None:
    with Spill(str(tmp_path), SCHEMA, ["train"], KEY) as spill:
        spill.write("train", nest(records(2000), FIELDS))
        (spilled,) = spill.close()
    whole = shuffle.FilePlan("train", 0, 0, 1 << 64, 1, (spilled,))
    (file,) = write_spilled(str(tmp_path), SCHEMA, [spilled], PublishSettings())
    assert compressed_bytes(str(tmp_path), SCHEMA, whole) == file.bytes


def test_no_records_are_no_files() -> None:
    assert plan([], PublishSettings(), lambda _: 0) == []
    assert shuffled([]) == ([], [])
