"""Damaged exports: no reader crashes or hangs, and every record is counted.

Each sample is damaged in 100 ways; in more, if the variable VEILBEAM_FUZZ says how many. Each
reader takes 40 files of ``scripts/fuzz_ingest.py``, which by itself makes 20,000.
"""

import json
import os
import time
import uuid
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scripts import fuzz_ingest
from transforms.ingest.check import first_records
from transforms.ingest.fhir_join import _keyed
from transforms.ingest.files import SourceFile
from transforms.ingest.find import sniffed
from transforms.ingest.plan import plan
from transforms.ingest.quarantine import Reject
from transforms.ingest.read import read, records
from transforms.ingest.records import Row
from transforms.ingest.registry import source_of
from transforms.ingest.settings import Format, SourceSettings
from transforms.ingest.source import DocumentSource

from .sources import clinical, samples
from .support import assert_canonical

SAMPLES = samples.ALL | {"TT988.xml": clinical.CCDA}
DOCUMENTS = sorted(SAMPLES)
MESSAGES = [name for name in clinical.ALL if name.endswith((".hl7", ".er7"))]
SETTINGS = SourceSettings(
    date_order="mdy", time_zone="Europe/London", speakers={"remaining": "patient"}
)
PIECES = [
    b"\0", b"\n", b"\r\n", b"\n\n", b"-->", b"<v ", b"</v>", b":", b"\t", b'"', b",", b";",
    b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"99:99:99", b"00:00:01.000 --> 00:00:02.000\n",
    b"WEBVTT", b"NOTE ", b" to ", b" From ", b"(Direct Message):", b"1/1/1", b"9" * 30,
    "\u202e\u00e9\u0301\U0001f44d".encode(), b"[" * 50, b"(" * 50, b" " * 200, b"A" * 300,
    b"[12/03/2024, 14:05:09] A: ", b"\n25/03/2024, 10:15 - ", b"\xe2\x80\x8e", b"{", b"}",
    b"[", b"]", b"null", b"-1e999", b"NaN", b"\\ud800", b"<attached: a.jpg>", b"(file attached)",
    b"MSH|^~\\&|", b"\rPID|", b"\x0b", b"\x1c\r", b"|||||", b"^^^", b"~", b"\\X41\\", b"\\.sp99\\",
    b"<content>", b"</text>", b"<!DOCTYPE x [", b"&x;", b"<![CDATA[", b'"resourceType": "Bundle", ',
    b"Attendees\n", b"Transcript\n", b"Meeting ID,Topic,Start Time\n", b"Full Name\tJoin Time\n",
]  # fmt: skip


@st.composite
def damaged(draw, content):
    """The content with pieces cut out, doubled, moved or put in."""
    data = content.encode()
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 60)))
        match draw(st.integers(0, 3)):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:end] + data[start:end] * draw(st.integers(1, 20)) + data[end:]
            case 2:
                data = data[:start] + draw(st.sampled_from(PIECES)) + data[start:]
            case _:
                data = data[:start] + draw(st.binary(max_size=20)) + data[end:]
    return data


def read_as(path, format):
    """All that the source says of a file; each record is of the schema."""
    found = []
    for part in plan(SourceFile(str(path), path.stat().st_size, format), SETTINGS):
        for row in records(part, SETTINGS, ()):
            found.append(row)
            if isinstance(row, Row):
                assert_canonical(row.record)
                row.original()
            else:
                assert "failed (" not in row.reason
    return found


FUZZED = settings(
    max_examples=int(os.environ.get("VEILBEAM_FUZZ", "100")),
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("name", DOCUMENTS)
@FUZZED
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused(tmp_path, name, data):
    path = tmp_path / f"{uuid.uuid4().hex}-{name.rpartition('/')[2]}"
    path.write_bytes(SAMPLES[name].encode())
    format = sniffed([str(path)])[0][str(path)]
    path.write_bytes(data.draw(damaged(SAMPLES[name])))
    start = time.process_time()
    found = read_as(path, format)
    sniffed([str(path)])
    assert time.process_time() - start < 1
    # A document is never lost without a word.
    assert found
    assert [row.position for row in found] == list(range(1, len(found) + 1))
    assert isinstance(source_of(format), DocumentSource)


@pytest.mark.parametrize("name", MESSAGES)
@FUZZED
@given(data=st.data())
def test_a_damaged_feed_of_messages_is_read_or_refused(tmp_path, name, data):
    path = tmp_path / f"{uuid.uuid4().hex}-{name}"
    path.write_bytes(data.draw(damaged(clinical.ALL[name])))
    start = time.process_time()
    found = read_as(path, Format.HL7V2)
    sniffed([str(path)])
    assert time.process_time() - start < 1
    assert found
    assert [row.position for row in found] == list(range(1, len(found) + 1))


RUNS = (" ", "\t", "\n", "0", ":", ",", "(", "a", '"')
EVERYWHERE = 12
"""Places in which a sample gets a run."""


@pytest.mark.parametrize("name", [*DOCUMENTS, *MESSAGES])
def test_a_long_run_of_one_character_takes_no_longer_than_it_is(tmp_path, name):
    # Of patterns that try a run from each of its places 30,000 take tens of seconds.
    content = (SAMPLES | clinical.ALL)[name]
    content = content.encode() if isinstance(content, str) else content
    path = tmp_path / name.rpartition("/")[2]
    path.write_bytes(content)
    format = sniffed([str(path)])[0][str(path)]
    for run in RUNS:
        for number in range(EVERYWHERE):
            place = len(content) * number // EVERYWHERE
            path.write_bytes(content[:place] + run.encode() * 30_000 + content[place:])
            start = time.process_time()
            assert read_as(path, format)
            sniffed([str(path)])
            assert time.process_time() - start < 1, (run, place)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(width=32) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


def places_in(value, place=()):
    """Every place in a JSON value at which something stands."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        yield (*place, key)
        if isinstance(item, dict | list):
            yield from places_in(item, (*place, key))


@FUZZED
@given(data=st.data())
def test_fhir_with_anything_in_place_of_anything_is_read_or_refused(tmp_path, data):
    resources = json.loads(json.dumps(clinical.FHIR_R4))
    if data.draw(st.booleans()):
        resources = json.loads(clinical.FHIR_R5)["entry"]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.sampled_from(sorted(places_in(resources), key=str)))
        holder = resources
        for key in place[:-1]:
            holder = holder[key]
        holder[place[-1]] = data.draw(ANYTHING)
        if not any(isinstance(r, dict) for r in resources):
            return
    path = tmp_path / f"{uuid.uuid4().hex}.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": [
        r if isinstance(r, dict) and "resource" in r else {"resource": r} for r in resources
    ]}))  # fmt: skip
    source = SourceSettings(format=Format.FHIR, records="consultation")
    for part in plan(SourceFile(str(path), path.stat().st_size, Format.FHIR), source):
        left_out = Counter()
        for row in read(part, source, ()):
            assert isinstance(row, Reject) or isinstance(row.record, dict)
            if isinstance(row, Row) and isinstance(row.record.get("resourceType"), str):
                list(_keyed(row.record["resourceType"], row, left_out, True))
    for row in first_records([str(path)], source, ()):
        assert isinstance(row, Reject) or row.record["id"]


@pytest.mark.parametrize("name", ["transaction.json", "page-1.json", "document.json"])
@FUZZED
@given(data=st.data())
def test_a_damaged_bundle_is_read_or_refused(tmp_path, name, data):
    path = tmp_path / f"{uuid.uuid4().hex}-{name}"
    path.write_bytes(data.draw(damaged(clinical.ALL[name])))
    found = 0
    for part in plan(SourceFile(str(path), path.stat().st_size, Format.FHIR), SETTINGS):
        for row in read(part, SETTINGS, ()):
            found += 1
            assert not isinstance(row, Reject) or "failed (" not in row.reason
    assert found


SEEDS = fuzz_ingest.inputs()


def test_the_fuzzer_has_samples_of_every_reader():
    assert set(SEEDS) == set(Format)


@pytest.mark.parametrize("format", sorted(SEEDS))
def test_each_reader_takes_damaged_files_of_its_own(format):
    figures = fuzz_ingest.fuzz(format, SEEDS[format], count=40, seconds=60, first=0)
    assert figures["inputs"] == 40
    assert figures["faults"] == {}


@pytest.mark.parametrize(
    "line",
    ["Jane Patel", "Jane: a", "a " * 40, "[" * 80, "00:00:01 ", "<v ", "NOTE x", "-->", "1:00  "],
)
@pytest.mark.parametrize("ending", ["\n", "\n\n", "  ", "\t"])
def test_much_of_one_thing_is_read_in_a_time_that_grows_no_faster_than_it(tmp_path, line, ending):
    body = (line + ending) * (200_000 // len(line + ending))
    for name, head in {
        "a.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\n",
        "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n",
        "meeting_saved_chat.txt": "10:15:23 From  Sam  to  Everyone:\n\t",
        "a.txt": "[00:00:01] Jane: a\n[00:00:02] Sam: b\n",
        "b.txt": "Attendees\nJane\nTranscript\nJane: a\n",
        "a.csv": "Meeting ID,Topic,Start Time\n",
        "_chat.txt": "[13/03/2024, 14:05:09] Sam: a\n",
        "b.csv": "Call type,Date,Duration,Number\n",
        "a.hl7": r"MSH|^~\&|A|B|C|D|2024||MDM^T02|1|P|2.4" + "\rPID|||7\rOBX|1|TX|a||",
        "a.xml": clinical.CCDA.partition("BP 132")[0],
    }.items():
        path = tmp_path / name
        path.write_text(head + body)
        format = sniffed([str(path)])[0][str(path)]
        start = time.process_time()
        if format is not None:
            for part in plan(SourceFile(str(path), 0, format), SETTINGS):
                assert all(
                    not isinstance(row, Reject) or "failed (" not in row.reason
                    for row in records(part, SETTINGS, ())
                )
        assert time.process_time() - start < 1
