"""A file cut in ranges is the file read from end to end: no record lost, doubled or torn."""

import csv
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms.ingest.find import find_files
from transforms.ingest.plan import plan
from transforms.ingest.settings import SourceSettings
from transforms.ingest.splitting import QuotedEnds, line_ends, lines_of, split

from .support import rows

few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
text = st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), max_size=40)
nasty = st.text(st.sampled_from('a,"\n;é '), max_size=12)
breaks = st.sampled_from(["\n", "\r\n"])


@few
@given(st.lists(text, max_size=30), breaks, st.booleans(), st.integers(1, 200))
def test_jsonl_ranges_are_the_whole_file(tmp_path, texts, newline, ends_with_newline, range_bytes):
    lines = [json.dumps({"patient": "p", "text": t}) if t != "a" else "" for t in texts]
    path = tmp_path / "x.jsonl"
    path.write_bytes((newline.join(lines) + newline * ends_with_newline).encode())
    expected = [(n, json.loads(line)) for n, line in enumerate(lines, 1) if line]
    found = list(rows(path, range_bytes=range_bytes))
    assert [(r.position, r.record) for r in found] == expected


@few
@given(
    st.lists(st.tuples(nasty, text, nasty), max_size=30),
    breaks,
    st.booleans(),
    st.integers(1, 300),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_csv_ranges_are_the_whole_file(
    tmp_path, records, newline, ends_with_newline, range_bytes, quoting
):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline, quoting=quoting)
    expected = []
    writer.writerow(["patient", "text", "a"])
    for record in records:
        line = out.getvalue().count("\n") + 1
        expected.append((line, list(record)))
        writer.writerow(record)
    content = out.getvalue()
    path = tmp_path / "x.csv"
    path.write_bytes((content if ends_with_newline else content.removesuffix(newline)).encode())
    found = list(rows(path, range_bytes=range_bytes))
    assert [(r.position, list(r.record.values())) for r in found] == expected


@few
@given(st.text(st.sampled_from('a,"\n'), max_size=80), st.integers(1, 9))
def test_record_ends_are_those_of_the_csv_module_whatever_the_blocks(content, block):
    data = content.encode()
    blocks = [data[i : i + block] for i in range(0, len(data), block)]
    pieces = [p.data.decode() for p in split(blocks, QuotedEnds(",", '"'), 1000)]
    assert "".join(pieces) == content
    whole = [row for row in csv.reader(io.StringIO(content, newline="")) if row]
    parts = [row for p in pieces for row in csv.reader(io.StringIO(p, newline="")) if row]
    assert parts == whole


def test_a_stray_quote_inside_a_field_opens_nothing(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('patient,text\n1,a 5" pipe\n2,b\n3,"c\nd"\n4,e"\n')
    found = [(r.position, r.record["text"]) for r in rows(path, range_bytes=1)]
    assert found == [(2, 'a 5" pipe'), (3, "b"), (4, "c\nd"), (6, 'e"')]


def test_a_record_over_the_limit_is_skipped_and_the_next_is_read():
    blocks = [b"12345", b"678", b"9\nab\n", b"c"]
    pieces = [(p.line, p.data) for p in split(blocks, line_ends, 4)]
    assert pieces == [(1, None), (2, b"ab\n"), (3, b"c")]


@given(st.lists(st.text("x\n\r", max_size=6).map(str.encode)), st.integers(1, 6))
def test_lines_are_what_is_split_at_every_line_break(blocks, limit):
    pieces = [(p.line, p.data) for p in split(blocks, line_ends, limit)]
    assert list(enumerate(lines_of(blocks, limit), 1)) == pieces
    assert b"".join(lines_of(blocks, 1 << 20)) == b"".join(blocks)


def test_a_quoted_field_that_never_closes_goes_to_quarantine_as_one(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('patient,text\n1,a\n2,"b\n3,c\n')
    first, second = rows(path)
    assert first.record == {"patient": "1", "text": "a"}
    assert (second.position, second.reason) == (3, "a quoted field is never closed")
    assert second.record == b'2,"b\n3,c\n'


@pytest.mark.parametrize("size", [10, 100, 5000])
def test_one_file_is_cut_in_many_ranges(tmp_path, size):
    path = tmp_path / "x.jsonl"
    path.write_text('{"patient": "1"}\n' * 1000)
    (file,) = find_files([str(path)], SourceSettings()).files
    parts = list(plan(file, SourceSettings(), size))
    assert len(parts) >= 17_000 // (size + 17)
    assert [p.start for p in parts[1:]] == [p.end for p in parts[:-1]]
