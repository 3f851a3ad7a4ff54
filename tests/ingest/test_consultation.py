"""The canonical consultation: one schema, in the code, in the documents and in the preset."""

import re
from pathlib import Path

from pipelines.settings import load
from transforms.fields import Role, Treatment
from transforms.ingest.consultation import PATHS, SCHEMA, VERSION, described, digest
from transforms.ingest.registry import SOURCES
from transforms.ingest.settings import Format

DOCS = Path(__file__).parents[2] / "docs" / "sources.md"


def test_the_schema_has_a_version_and_says_what_each_field_is():
    assert SCHEMA.metadata == {b"veilbeam.consultation": str(VERSION).encode()}
    assert [path for path, _, _ in described()] == list(PATHS)
    assert all(text for _, _, text in described())


def test_the_table_in_the_documents_is_the_schema():
    rows = re.findall(r"^\| `([a-z_\[\].]+)` \| (\w+) \| (.+) \|$", DOCS.read_text(), re.MULTILINE)
    assert rows == list(described())


def test_the_preset_has_a_role_for_every_field():
    fields = {spec.path: spec for spec in load("consultations").specs}
    assert set(fields) == set(PATHS)
    hidden = {
        path
        for path in PATHS
        if re.search(r"name|account|phone|email|speaker|link|passcode|topic|attachments", path)
        or path in ("id", "meeting.id", "patient.id")
    }
    for path in hidden:
        assert fields[path].treatment in (Treatment.DROP, Treatment.TOKEN, Treatment.SURROGATE)
    texts = {"turns[].text", "note", "answers[].answer", "medications[].dosage", "readings[].text"}
    assert texts <= {path for path, spec in fields.items() if spec.role is Role.TEXT}


def test_every_format_has_one_source_and_a_chapter_in_the_documents():
    assert sorted(source.format for source in SOURCES) == sorted(Format)
    headings = re.findall(r"^### .*?`([a-z0-9_]+)`", DOCS.read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(Format)


def test_a_digest_is_of_the_content():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1})
