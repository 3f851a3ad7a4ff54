from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
from apache_beam.internal import pickler
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.testing.util import assert_that

from transforms.batches import Batch
from transforms.publish.encryption import Decryption
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import Spill
from transforms.publish.transform import SPLIT, ReleaseKeys, WriteQuarantine, WriteRecords
from transforms.publish.writer import write_spilled
from transforms.quarantine import SCHEMA

from .conftest import FIELDS, FILE_METADATA, records, splits_of


def split_batch(start: int) -> Batch:
    batch = records(200, start)
    return Batch(batch.append_column(SPLIT, splits_of(batch)))


def files_match(folder: Path) -> Any:
    """The files that were handed on are those on the disk, with their bytes."""

    def check(files: list[Any]) -> None:
        on_disk = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*.parquet")}
        assert {f.path: f.bytes for f in files} == {
            path: p.stat().st_size for path, p in on_disk.items()
        }
        assert sum(f.rows for f in files) == 1000

    return check


def test_records_are_written_by_split(tmp_path: Path, keys: ReleaseKeys) -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        files = (
            pipeline
            | beam.Create(range(0, 1000, 200))
            | beam.Reshuffle()
            | beam.Map(split_batch)
            | WriteRecords(str(tmp_path), FIELDS, FILE_METADATA, PublishSettings(), keys)
        )
        assert_that(files, files_match(tmp_path))
    table = pa.dataset.dataset(tmp_path / "records", partitioning="hive").to_table()
    assert set(table.schema.names) == {*release_schema(FIELDS, {}).names, "split"}
    assert sorted(table["note"].to_pylist()) == [f"NOTE{i:06} cough" for i in range(1000)]
    times = Counter(p for p, _ in set(zip(*table.select(["patient", "split"]), strict=True)))
    assert set(times.values()) == {1}
    written = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert not any(word in written for word in (b"SECRET", b"PHONE0", b"INSIDE0", b"_split"))


def test_the_runner_shuffles_as_the_plain_functions_do(tmp_path: Path, keys: ReleaseKeys) -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = (
            pipeline
            | beam.Create(range(0, 1000, 200))
            | beam.Reshuffle()
            | beam.Map(split_batch)
            | WriteRecords(str(tmp_path / "a"), FIELDS, FILE_METADATA, PublishSettings(), keys)
        )
    schema = release_schema(FIELDS, FILE_METADATA)
    batch = records(1000)
    with Spill(str(tmp_path / "b"), schema, ["train", "validation", "test"], keys.shuffle()) as s:
        for split in ("train", "validation", "test"):
            mine = pa.compute.equal(splits_of(batch), split)
            s.write(split, nest(batch, FIELDS).filter(mine))
        write_spilled(str(tmp_path / "b"), schema, s.close(), PublishSettings())
    for split in ("train", "validation", "test"):
        (one,), (other,) = (
            list((tmp_path / folder / "records" / f"split={split}").glob("*"))
            for folder in ("a", "b")
        )
        assert one.read_bytes() == other.read_bytes()


def test_files_are_encrypted_where_it_is_asked_for(tmp_path: Path, keys: ReleaseKeys) -> None:
    settings = PublishSettings(encrypt=True)
    write = WriteRecords(str(tmp_path), FIELDS, FILE_METADATA, settings, keys)
    described = pickler.dumps(write)
    secrets = (keys.source.read().secret, keys.shuffle())
    assert not any(s in described or s.hex().encode() in described for s in secrets)
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = pipeline | beam.Create([0, 200]) | beam.Map(split_batch) | write
    parts = list(tmp_path.rglob("*.parquet"))
    assert len(parts) == 3
    for part in parts:
        with pytest.raises(OSError, match="encrypted"):
            pq.ParquetFile(part)
    decryption = Decryption(keys.source.ring())
    opened = [pq.ParquetFile(p, decryption_properties=decryption.properties()) for p in parts]
    assert sum(file.metadata.num_rows for file in opened) == 400


@pytest.mark.parametrize("splits", [["train", None], ["train", "dev"]])
def test_a_record_of_no_known_split_stops_the_run(
    tmp_path: Path, splits: list[str], keys: ReleaseKeys
) -> None:
    batch = Batch(records(2).append_column(SPLIT, pa.array(splits, pa.string())))
    with (
        pytest.raises(Exception, match="no split"),
        beam.Pipeline(runner=FnApiRunner()) as pipeline,
    ):
        _ = (
            pipeline
            | beam.Create([batch])
            | WriteRecords(str(tmp_path), FIELDS, FILE_METADATA, PublishSettings(), keys)
        )
    assert not list(tmp_path.rglob("*.parquet"))


def test_quarantine_is_private_and_counted_by_reason(tmp_path: Path) -> None:
    def quarantined(number: int) -> Batch:
        reason = "no subject" if number % 2 else f"duplicate id, first at raw/smith.jsonl:{number}"
        row = ("raw/a.jsonl", number, "ingest", reason, b'{"name": \xff\x00')
        return Batch(pa.RecordBatch.from_arrays([[v] for v in row], schema=SCHEMA))

    def check(found: list[Any]) -> None:
        reasons: Counter[str] = Counter()
        for part in found:
            assert part.file.rows == sum(part.reasons.values())
            reasons.update(part.reasons)
        assert reasons == {"no subject": 3, "duplicate id": 4}

    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        files = (
            pipeline
            | beam.Create(range(7))
            | beam.Reshuffle()
            | beam.Map(quarantined)
            | WriteQuarantine(str(tmp_path))
        )
        assert_that(files, check)
    parts = list(tmp_path.glob("quarantine/part-*.parquet"))
    assert {stat.S_IMODE(part.stat().st_mode) for part in parts} == {0o600}
    table = pa.dataset.dataset(parts).to_table().sort_by("position")
    assert table.schema.equals(SCHEMA)
    assert table["position"].to_pylist() == list(range(7))
    assert table["reason"][2].as_py() == "duplicate id, first at raw/smith.jsonl:2"
    assert set(table["record"].to_pylist()) == {b'{"name": \xff\x00'}


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("ragged row: 5 fields, but the header has 6", "ragged row"),
        ("larger than source.max_record_bytes (1,000)", "larger than source.max_record_bytes"),
        ("detect failed (ValueError)", "detect failed"),
        ("damaged data; no later row could be read", "damaged data"),
        ("field 'note' still holds the record's own PERSON",) * 2,
        ("not valid utf-8: set source.encoding", "not valid utf-8"),
        ("/raw/smith.jsonl is broken", "other"),
        ("", "other"),
    ],
)
def test_only_the_kind_of_a_reason_is_counted(tmp_path: Path, reason: str, kind: str) -> None:
    def check(found: list[Any]) -> None:
        assert [part.reasons for part in found] == [{kind: 1}]

    row = [["f"], [1], ["ingest"], [reason], [None]]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        refused = pipeline | beam.Create([Batch(pa.RecordBatch.from_arrays(row, schema=SCHEMA))])
        assert_that(refused | WriteQuarantine(str(tmp_path)), check)


def test_no_quarantine_leaves_no_file(tmp_path: Path) -> None:
    empty = Batch(pa.RecordBatch.from_arrays([[]] * 5, schema=SCHEMA))
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = pipeline | beam.Create([empty]) | WriteQuarantine(str(tmp_path))
    assert not list(tmp_path.rglob("*"))
