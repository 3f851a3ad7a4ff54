from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from transforms.publish import writer as writer_module
from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.writer import ParquetPart, SplitWriter

from .conftest import FIELDS, FILE_METADATA, records, write_records

SCHEMA = release_schema(FIELDS, FILE_METADATA)


def test_pyarrow_polars_duckdb_and_pandas_read_the_same(tmp_path: Path) -> None:
    files = write_records(str(tmp_path), 500, PublishSettings())
    expected = nest(records(500), FIELDS).to_pylist()

    def by_note(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return sorted(rows, key=lambda row: str(row["note"]))

    folder = tmp_path / "records"
    arrow = pa.dataset.dataset(folder, partitioning="hive").to_table()
    polars = pl.scan_parquet(folder / "**/*.parquet", hive_partitioning=True).collect()
    duck = duckdb.read_parquet(str(folder / "*/*.parquet"), hive_partitioning=True)
    pandas = pd.read_parquet(folder)
    assert arrow.num_rows == len(polars) == len(pandas) == sum(file.rows or 0 for file in files)
    columns = SCHEMA.names
    assert by_note(arrow.select(columns).to_pylist()) == expected
    assert by_note(polars.select(columns).to_dicts()) == expected
    assert by_note(duck.select(*columns).to_arrow_table().to_pylist()) == expected
    assert sorted(pandas["note"]) == [row["note"] for row in expected]

    def splits(rows: pa.Table) -> dict[str, str]:
        return dict(zip(rows["note"].to_pylist(), rows["split"].to_pylist(), strict=True))

    assert set(splits(arrow).values()) == {"train", "validation", "test"}
    assert splits(arrow) == splits(polars.to_arrow())
    assert splits(arrow) == splits(duck.to_arrow_table())
    assert splits(arrow) == dict(zip(pandas["note"], pandas["split"], strict=True))


def test_entries_tell_what_is_on_the_disk(tmp_path: Path) -> None:
    files = write_records(str(tmp_path), 500, PublishSettings())
    assert {f.path for f in files} == {
        p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.parquet")
    }
    for file in files:
        content = (tmp_path / file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
        parquet = pq.ParquetFile(tmp_path / file.path)
        assert parquet.metadata.num_rows == file.rows
        assert file.path.startswith(f"records/split={file.split}/part-")
        assert "split" not in parquet.schema_arrow.names
        assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"


def test_schema_and_metadata_survive_in_every_file(tmp_path: Path) -> None:
    for file in write_records(str(tmp_path), 500, PublishSettings()):
        schema = pq.read_schema(tmp_path / file.path)
        assert schema.metadata[b"veilbeam.config_digest"] == b"c" * 64
        assert schema.field("surname").metadata[b"entity"] == b"PERSON"
        text = schema.field("turns").type.value_type.field("said")
        assert text.metadata[b"treatment"] == b"surrogate"


def test_footers_hold_no_value_of_a_protected_column(tmp_path: Path) -> None:
    files = write_records(str(tmp_path), 500, PublishSettings())
    with_statistics = set()
    for file in files:
        content = (tmp_path / file.path).read_bytes()
        footer = content[-8 - int.from_bytes(content[-8:-4], "little") :]
        # Names and texts stand in the pages, as they should, and nowhere else.
        assert not any(word in footer for word in (b"SUBJECT0", b"NAME0", b"2024-", b"NOTE0"))
        group = pq.ParquetFile(tmp_path / file.path).metadata.row_group(0)
        for column in map(group.column, range(group.num_columns)):
            assert not column.has_column_index
            if column.is_stats_set:
                with_statistics.add(column.path_in_schema)
    assert with_statistics == {
        "age", "turns.list.element.speaker", "codes.list.element", "minutes",
    }  # fmt: skip


def test_a_new_file_is_begun_when_one_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "ROW_GROUP_BYTES", 100_000)
    with SplitWriter(str(tmp_path), SCHEMA, ["train"], 20_000) as writer:
        for start in range(0, 20_000, 500):
            writer.write("train", nest(records(500, start), FIELDS))
        files = writer.close()
    assert len(files) > 3
    assert all(file.bytes > 20_000 for file in files[:-1])
    assert sum(file.rows or 0 for file in files) == 20_000
    table = pa.dataset.dataset(tmp_path / "records", partitioning="hive").to_table()
    assert sorted(table["note"].to_pylist()) == [f"NOTE{i:06} cough" for i in range(20_000)]
    groups = [pq.ParquetFile(tmp_path / f.path).metadata.row_group(0).num_rows for f in files]
    assert min(groups[:-1]) > 500  # small batches are gathered into row groups


def test_what_was_not_closed_is_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "ROW_GROUP_BYTES", 1)
    with (
        pytest.raises(RuntimeError, match="in the middle"),
        SplitWriter(str(tmp_path), SCHEMA, ["train", "test"], 1) as writer,
    ):
        writer.write("train", nest(records(500), FIELDS))
        writer.write("test", nest(records(500), FIELDS))
        assert list(tmp_path.rglob("*.parquet"))
        raise RuntimeError("in the middle")
    assert not list(tmp_path.rglob("*.parquet"))


def test_only_records_of_the_release_are_taken(tmp_path: Path) -> None:
    with SplitWriter(str(tmp_path), SCHEMA, ["train"], 1_000_000) as writer:
        with pytest.raises(ValueError, match="columns of the release"):
            writer.write("train", records(5))
        with pytest.raises(ValueError, match="no split 'dev'"):
            writer.write("dev", nest(records(5), FIELDS))
        writer.write("train", nest(records(5).slice(5), FIELDS))
        assert writer.close() == []


def test_private_files_are_their_owners_alone(tmp_path: Path) -> None:
    schema = pa.schema([("record", pa.binary())])
    part = ParquetPart(str(tmp_path / "new"), "quarantine/a.parquet", schema, private=True)
    path = tmp_path / "new/quarantine/a.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600  # while it is written, too
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    part.write(pa.RecordBatch.from_pydict({"record": [b"x"]}, schema=schema))
    part.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
