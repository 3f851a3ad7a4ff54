"""JSON Lines, CSV and Parquet, good and bad: what cannot be read is kept, with its place."""

import datetime
import gzip
import json
import subprocess
import sys
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from transforms.ingest.find import find_files
from transforms.ingest.settings import SourceSettings

from .support import batched, specs

GOOD = [{"patient": f"p{i}", "text": f'line {i}\nnext, "quoted" é'} for i in range(50)]


def jsonl(records) -> bytes:
    return b"".join(json.dumps(r).encode() + b"\n" for r in records)


def plain(records):
    return [{k: v for k, v in r.items() if k[0] != "_"} for r in records]


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_compressed_files_are_read_by_their_ending(tmp_path, ending):
    pack = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}[ending]
    path = tmp_path / f"x.jsonl{ending}"
    # Two members in a row are one content.
    path.write_bytes(pack(jsonl(GOOD[:20])) + pack(jsonl(GOOD[20:])))
    outcome = batched(path)
    assert plain(outcome.records) == GOOD
    assert [r["_position"] for r in outcome.records] == list(range(1, 51))
    assert {r["_file"] for r in outcome.records} == {str(path)}


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_compressed_file_that_ends_too_early_is_named(tmp_path, ending):
    pack = {".gz": gzip.compress, ".zst": zstandard.compress}[ending]
    path = tmp_path / f"x.jsonl{ending}"
    path.write_bytes(pack(jsonl(GOOD))[:-20])
    outcome = batched(path)
    assert outcome.read == len(outcome.records) + 1
    assert "damaged or ends too early" in outcome.reasons[0]


def test_lines_that_are_no_records(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(
        b'\xef\xbb\xbf{"patient": "1"}\n\n{"patient": \n[1]\n{"patient": "\xff"}\n'
        b'{"patient": "a\0"}\n'
        b'{"patient": "b\\u0000"}\n{"text": "x"}\n{"patient": "  "}\n{"patient": {"id": 1}}\n'
        b'{"patient": "2", "text": "bell\\u0007 \\u001e\\ttab"}'
    )
    outcome = batched(path)
    assert plain(outcome.records) == [
        {"patient": "1", "text": None},
        {"patient": "2", "text": "bell   \ttab"},
    ]
    assert [(r["position"], r["reason"]) for r in outcome.quarantined] == [
        (3, "broken JSON"),
        (4, "not a JSON object"),
        (5, "not valid utf-8: set source.encoding"),
        (6, "NUL byte"),
        (7, "field 'patient' holds a NUL byte"),
        (8, "no subject"),
        (9, "no subject"),
        (10, "field 'patient' is an object (its path must go on into it), not a text"),
    ]
    assert outcome.quarantined[5]["record"] == b'{"text": "x"}\n'
    assert {r["stage"] for r in outcome.quarantined} == {"ingest"}


def test_utf16_is_refused_as_a_whole_or_read_if_said(tmp_path):
    for name, content in {"x.jsonl": jsonl(GOOD).decode(), "x.csv": "patient,text\np,é\n"}.items():
        path = tmp_path / name
        path.write_bytes(content.encode("utf-16"))
        outcome = batched(path)
        assert outcome.records == []
        assert outcome.reasons == [
            "looks like UTF-16: set source.encoding; nothing in this file could be read"
        ]
        assert len(batched(path, SourceSettings(encoding="utf-16")).records) in (1, 50)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "utf-32-be"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "x.csv"
    path.write_bytes('patient,text\n1,"é\nü"\n2,b\n'.encode(encoding))
    outcome = batched(path, SourceSettings(encoding=encoding))
    assert [(r["_position"], r["text"]) for r in outcome.records] == [(2, "é\nü"), (4, "b")]


def test_csv_rows_that_are_no_records(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(
        b'\xef\xbb\xbfpatient,text\r\n1,"a\r\nb"\r\n2\r\n3,c,d\r\n\r\n4,\xff\r\n5,a\0b\r\n,x\r\n6,e'
    )
    outcome = batched(path)
    assert plain(outcome.records) == [
        {"patient": "1", "text": "a\r\nb"},
        {"patient": "6", "text": "e"},
    ]
    assert [(r["position"], r["reason"]) for r in outcome.quarantined] == [
        (4, "ragged row: 1 fields, but the header has 2"),
        (5, "ragged row: 3 fields, but the header has 2"),
        (7, "not valid utf-8: set source.encoding"),
        (8, "NUL byte"),
        (9, "no subject"),
    ]


def test_csv_with_other_characters_and_large_fields(tmp_path):
    path = tmp_path / "x.csv"
    large = "x" * 200_000
    path.write_text(f"patient;text\n1;'a;''b'\n2;{large}\n")
    source = SourceSettings(csv={"delimiter": ";", "quote": "'"})
    assert [r["text"] for r in batched(path, source).records] == ["a;'b", large]


def test_a_header_with_a_name_twice_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("patient,text,text\n1,a,b\n")
    assert "the header has a column's name twice" in batched(path).reasons[0]


def test_parquet_rows_flat_and_nested(tmp_path):
    table = pa.table(
        {
            "patient": pa.array([1, 2, None, 4]),
            "text": ["a", "b", "c", "d"],
            "turns": [[{"who": "x"}, {"who": None}], [], None, [{"who": "y"}]],
            "when": [datetime.date(2024, 2, 29)] * 4,
            "fee": [Decimal("1.50")] * 4,
            "unused": [0] * 4,
        }
    )
    pq.write_table(table, tmp_path / "x.parquet", row_group_size=2)
    fields = specs(
        patient={"role": "subject"},
        who={"role": "attribute", "path": "turns[].who"},
        when={"role": "date", "type": "date"},
        fee={"role": "attribute", "type": "number"},
    )
    outcome = batched(tmp_path / "x.parquet", fields=fields)
    assert [(r["_position"], r["patient"], r["who"]) for r in outcome.records] == [
        (1, "1", ["x", None]),
        (2, "2", []),
        (4, "4", ["y"]),
    ]
    assert {(r["when"], r["fee"]) for r in outcome.records} == {("2024-02-29", 1.5)}
    assert [(r["position"], r["reason"]) for r in outcome.quarantined] == [(3, "no subject")]


def test_a_file_that_is_no_parquet_and_one_with_wrong_bytes(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nonsense")
    pq.write_table(
        pa.table({"patient": ["1"] * 5000, "text": ["x"] * 5000}), tmp_path / "b.parquet"
    )
    data = bytearray((tmp_path / "b.parquet").read_bytes())
    data[4:60] = b"\xff" * 56
    (tmp_path / "b.parquet").write_bytes(data)
    outcome = batched(tmp_path)
    assert outcome.records == []
    assert [r[:18] for r in outcome.reasons] == ["not a Parquet file", "damaged data; no l"]


def test_a_record_over_the_size_limit_in_every_format(tmp_path):
    source = SourceSettings(max_record_bytes=1000)
    records = [{"patient": "1", "text": "a"}, {"patient": "2", "text": "b" * 2000}] * 2
    (tmp_path / "a.jsonl").write_bytes(jsonl(records))
    lines = "".join(f'{r["patient"]},"{r["text"]}\n"\n' for r in records)
    (tmp_path / "b.csv").write_text("patient,text\n" + lines)
    pq.write_table(pa.Table.from_pylist(records), tmp_path / "c.parquet")
    outcome = batched(tmp_path, source)
    assert len(outcome.records) == 6
    assert outcome.reasons == ["larger than source.max_record_bytes (1,000)"] * 6
    assert all(r["record"] is None for r in outcome.quarantined)


@pytest.mark.parametrize("ending", ["jsonl", "csv", "jsonl.zst"])
def test_a_line_of_100_megabytes_is_never_held(tmp_path, ending):
    path = tmp_path / f"x.{ending}"
    first = b"patient,text\n" if ending == "csv" else b'{"patient": "1"}\n'
    content = first + b'"' + b"x" * 100_000_000 + (b'"\n9,b\n' if ending == "csv" else b'"\n')
    path.write_bytes(zstandard.compress(content) if ending.endswith("zst") else content)
    program = """
import resource, sys
from tests.ingest.support import batched
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
before = peak()
outcome = batched(sys.argv[1])
print(len(outcome.records), outcome.reasons, peak() - before)
"""
    result = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    good, reasons = result.stdout.strip().rsplit(" ", 1)[0].split(" ", 1)
    assert (good, reasons) == ("1", "['larger than source.max_record_bytes (10,000,000)']")
    assert int(result.stdout.split()[-1]) < 60  # MB


def test_a_folder_stands_for_its_data_files(tmp_path):
    for name in ["a.jsonl", "sub/b.csv", "LICENSE", ".hidden.jsonl", "_SUCCESS", "sub/c.jsonl.gz"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = find_files([str(tmp_path)], SourceSettings())
    names = [f.path.removeprefix(str(tmp_path) + "/") for f in found.files]
    assert names == ["a.jsonl", "sub/b.csv", "sub/c.jsonl.gz"]
    assert found.ignored == [str(tmp_path / "LICENSE")]
    same = find_files([str(tmp_path), str(tmp_path / "*.jsonl")], SourceSettings()).files
    assert len(same) == 4  # what a pattern names is read, hidden or not; nothing twice
