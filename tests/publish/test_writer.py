from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from transforms.publish.schema import nest, release_schema
from transforms.publish.settings import PublishSettings
from transforms.publish.shuffle import FilePlan, Spill
from transforms.publish.writer import ParquetPart, write_file, write_spilled

from .conftest import FIELDS, FILE_METADATA, KEY, records, write_records

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


PROTECTED = ("patient", "surname", "age", "seen_on", "turns.list.element.said", "note")


def test_no_footer_tells_extremes_of_a_protected_column(tmp_path: Path) -> None:
    files = write_records(str(tmp_path), 500, PublishSettings())
    for file in files:
        content = (tmp_path / file.path).read_bytes()
        footer = content[-8 - int.from_bytes(content[-8:-4], "little") :]
        # Names and texts stand in the pages, as they should, and nowhere else.
        assert not any(
            word in footer for word in (b"SUBJECT0", b"NAME0", b"80-89", b"2024-", b"NOTE0")
        )
        parquet = pq.ParquetFile(tmp_path / file.path)
        with_statistics = set()
        for number in range(parquet.num_row_groups):
            group = parquet.metadata.row_group(number)
            for column in map(group.column, range(group.num_columns)):
                assert not column.has_column_index
                assert not column.has_offset_index
                assert column.statistics is None or column.path_in_schema not in PROTECTED
                if column.is_stats_set:
                    with_statistics.add(column.path_in_schema)
        assert with_statistics == {"turns.list.element.speaker", "codes.list.element", "minutes"}
        blooms = duckdb.sql(
            f"SELECT bloom_filter_offset, stats_min_value, path_in_schema "
            f"FROM parquet_metadata('{tmp_path / file.path}')"
        ).fetchall()
        assert {bloom for bloom, *_ in blooms} == {None}
        assert {path.split(", ")[0] for _, low, path in blooms if low is not None} == {
            "turns", "codes", "minutes",
        }  # fmt: skip


def test_categories_are_dictionary_encoded(tmp_path: Path) -> None:
    for file in write_records(str(tmp_path), 500, PublishSettings()):
        group = pq.ParquetFile(tmp_path / file.path).metadata.row_group(0)
        columns = {c.path_in_schema: c for c in map(group.column, range(group.num_columns))}
        for name in ("age", "turns.list.element.speaker", "codes.list.element"):
            assert "RLE_DICTIONARY" in columns[name].encodings


def test_a_split_is_cut_into_files_of_equal_size_and_files_into_row_groups(tmp_path: Path) -> None:
    noise = np.random.default_rng(7)
    schema = pa.schema([pa.field("note", pa.string(), metadata={"role": "text"})])
    settings = PublishSettings(file_bytes=1_000_000, row_group_bytes=1_000_000)
    with Spill(str(tmp_path), schema, ["train"], KEY) as spill:
        for _ in range(10):
            texts = [noise.bytes(2_000).hex() for _ in range(200)]
            spill.write("train", pa.RecordBatch.from_pydict({"note": texts}, schema=schema))
        files = write_spilled(str(tmp_path), schema, spill.close(), settings)
    assert [file.path.split("/")[-1][:11] for file in files] == [
        f"part-{n:05}-" for n in range(len(files))
    ]
    assert len(files) >= 4  # 8 MB of text, and hexadecimal digits are packed in half
    assert sum(file.rows or 0 for file in files) == 2000
    for file in files:
        assert 700_000 < file.bytes < 1_150_000
        metadata = pq.ParquetFile(tmp_path / file.path).metadata
        assert metadata.num_row_groups > 1
        for group in map(metadata.row_group, range(metadata.num_row_groups)):
            assert group.total_byte_size < 1_300_000


def test_what_was_not_closed_is_deleted(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="in the middle"),
        Spill(str(tmp_path), SCHEMA, ["train", "test"], KEY) as spill,
    ):
        spill.write("train", nest(records(500), FIELDS))
        spill.write("test", nest(records(500), FIELDS))
        assert list(tmp_path.rglob("*.arrow"))
        raise RuntimeError("in the middle")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_that_cannot_be_finished_is_deleted(tmp_path: Path) -> None:
    schema = pa.schema([("note", pa.string())])
    with Spill(str(tmp_path), schema, ["train"], KEY) as spill:
        for start in range(0, 4000, 500):
            texts = [f"{n} {'word ' * 200}" for n in range(start, start + 500)]
            spill.write("train", pa.RecordBatch.from_pydict({"note": texts}, schema=schema))
        (spilled,) = spill.close()
    whole = FilePlan("train", 0, 0, 1 << 64, 4, (spilled,))
    runs = tmp_path / spilled.path
    runs.write_bytes(runs.read_bytes()[: runs.stat().st_size // 2])
    with pytest.raises((OSError, pa.ArrowException)):
        write_file(str(tmp_path), schema, whole)
    assert not list(tmp_path.rglob("*.parquet"))


def test_only_records_of_the_release_are_taken(tmp_path: Path) -> None:
    with Spill(str(tmp_path), SCHEMA, ["train"], KEY) as spill:
        with pytest.raises(ValueError, match="columns of the release"):
            spill.write("train", records(5))
        with pytest.raises(ValueError, match="no split 'dev'"):
            spill.write("dev", nest(records(5), FIELDS))
        spill.write("train", nest(records(5).slice(5), FIELDS))
        assert spill.close() == []


def test_private_files_are_their_owners_alone(tmp_path: Path) -> None:
    schema = pa.schema([("record", pa.binary())])
    part = ParquetPart(str(tmp_path / "new"), "quarantine/a.parquet", schema, private=True)
    path = tmp_path / "new/quarantine/a.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600  # while it is written, too
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    part.write(pa.RecordBatch.from_pydict({"record": [b"x"]}, schema=schema))
    part.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
