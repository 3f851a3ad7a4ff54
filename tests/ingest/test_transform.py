"""Ingest through Beam's own runner: the count is closed, in one process and in several."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from apache_beam.io.filesystem import FileMetadata
from apache_beam.io.localfilesystem import LocalFileSystem

from transforms.errors import UsageError
from transforms.fields import source_schema
from transforms.ingest.records import to_batches
from transforms.ingest.settings import SourceSettings
from transforms.ingest.transform import Ingest

from .support import DATA, FIELDS, ingest, needs_data, rows, specs

PROCESSES = ["--direct_running_mode=multi_processing", "--direct_num_workers=2"]


def write(path, count, every_bad=0, start=0):
    with path.open("w") as file:
        for i in range(start, start + count):
            bad = every_bad and i % every_bad == 0
            record = {
                "patient": None if bad else f"p{i % 7}",
                "text": f"text {i}",
                "id": str(i),
                "x": 1,
            }
            file.write(json.dumps(record) + "\n")


@pytest.mark.parametrize("options", [[], PROCESSES], ids=["one process", "two processes"])
def test_every_record_comes_out_once(tmp_path, options):
    write(tmp_path / "a.jsonl", 20_000, every_bad=100)
    (tmp_path / "b.csv").write_text("patient,text\n1,a\n2\n")
    outcome = ingest(tmp_path, [str(tmp_path / "*.*")], options=options)
    assert outcome.read == 20_002
    assert len(outcome.records) == 19_801
    assert len(outcome.quarantined) == 201
    assert outcome.left_out == {("field", "id"): 19_999 + 1, ("field", "x"): 20_000}
    expected = [
        r
        for name in ("a.jsonl", "b.csv")
        for batch in to_batches(list(rows(tmp_path / name)), FIELDS)
        if isinstance(batch, pa.RecordBatch)
        for r in batch.to_pylist()
    ]
    assert outcome.records == expected


@pytest.mark.parametrize("options", [[], PROCESSES], ids=["one process", "two processes"])
def test_of_records_with_one_id_the_first_goes_on(tmp_path, options):
    fields = specs(patient={"role": "subject"}, id={"role": "identifier", "entity": "ID"})
    write(tmp_path / "a.jsonl", 8_000)
    # The first with id 9000 has no subject, so that it is none of those that can go on.
    lines = ['{"id": "9000"}', '{"patient": "1", "id": 9000}', '{"patient": "1", "id": " 9000 "}']
    lines += ['{"patient": "1"}', '{"patient": "1", "id": ""}', '{"patient": "1", "id": "17"}']
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    source = SourceSettings(record_id="id")
    outcome = ingest(tmp_path, [str(tmp_path / "*.jsonl")], source, fields, options)
    assert outcome.read == 8_006
    assert len(outcome.records) == 8_003
    assert [(r["position"], r["reason"]) for r in outcome.quarantined] == [
        (1, "no subject"),
        (3, f"duplicate id, first at {tmp_path}/b.jsonl:2"),
        (6, f"duplicate id, first at {tmp_path}/a.jsonl:18"),
    ]
    assert outcome.quarantined[2]["record"] == lines[5].encode()


def test_a_whole_file_that_cannot_be_read_is_one_record_of_the_count(tmp_path):
    (tmp_path / "a.jsonl").write_bytes('{"patient": "1"}\n'.encode("utf-16"))
    write(tmp_path / "b.jsonl", 3)
    outcome = ingest(tmp_path, [str(tmp_path)])
    assert (outcome.read, len(outcome.records), len(outcome.quarantined)) == (4, 3, 1)


def test_batches_have_the_schema_of_the_fields(tmp_path):
    pq.write_table(pa.table({"patient": [1], "n": ["7"]}), tmp_path / "a.parquet")
    fields = specs(patient={"role": "subject"}, n={"role": "attribute", "type": "integer"})
    (batch,) = to_batches(rows(tmp_path / "a.parquet", fields=fields), fields)
    assert batch.schema.equals(source_schema(fields))


def test_a_path_that_matches_nothing(tmp_path):
    for pattern in ("missing.jsonl", "*.jsonl", ""):
        with pytest.raises(UsageError, match="no file matches"):
            Ingest([str(tmp_path / pattern)], SourceSettings(), FIELDS)


@needs_data
def test_mts_dialog_is_read_whole(tmp_path):
    fields = specs(ID={"role": "subject"}, dialogue={"role": "text"})
    outcome = ingest(tmp_path, [str(DATA / "mts-dialog/*.csv")], fields=fields)
    assert (outcome.read, len(outcome.records), outcome.quarantined) == (1301, 1301, [])
    assert any("\n" in r["dialogue"] for r in outcome.records)


class VaultFileSystem(LocalFileSystem):
    """Stands for a remote store: its paths mean nothing to the operating system."""

    root = ""

    @classmethod
    def scheme(cls):
        return "vault"

    def _local(self, path):
        return self.root + "/" + path.removeprefix("vault://")

    def has_dirs(self):
        return False

    def exists(self, path):
        return Path(self._local(path)).is_file()

    def metadata(self, path):
        return FileMetadata(path, super().size(self._local(path)))

    def _list(self, prefix):
        for file in Path(self.root).rglob("*.*"):
            path = f"vault://{file.relative_to(self.root)}"
            if path.startswith(prefix):
                yield FileMetadata(path, file.stat().st_size)

    def open(self, path, mime_type="", compression_type="auto"):
        return super().open(self._local(path), mime_type, compression_type)


@pytest.mark.parametrize("pattern", ["vault://day", "vault://day/*", "vault://**/b.jsonl.gz"])
def test_any_file_system_of_beam_works_by_path(tmp_path, monkeypatch, pattern):
    monkeypatch.setattr(VaultFileSystem, "root", str(tmp_path / "store"))
    folder = tmp_path / "store" / "day"
    folder.mkdir(parents=True)
    write(folder / "a.jsonl", 10)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b'{"patient": "1"}\n' * 5))
    pq.write_table(pa.table({"patient": ["1"] * 3, "text": ["x"] * 3}), folder / "c.parquet")
    outcome = ingest(tmp_path, [pattern])
    assert (outcome.read, len(outcome.records)) in [(18, 18), (5, 5)]
    assert all(r["_file"].startswith("vault://day/") for r in outcome.records)
