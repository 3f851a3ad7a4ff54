"""What is wrong with a source is said before anything runs, with the mend."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.errors import UsageError
from transforms.ingest.check import check_source
from transforms.ingest.settings import SourceSettings

from .support import FIELDS, specs


def check(path, fields=FIELDS, **source):
    return check_source([str(path)], SourceSettings(**source), fields)


def test_a_report_on_a_good_source(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"patient": "1", "text": "x", "pets": [{"name": "Rex"}]}\n{}\n'
    )
    (tmp_path / "README").write_text("x")
    report = check(tmp_path)
    assert (report.files, report.records, report.formats) == (1, 2, {"jsonl": 1})
    assert report.found == {"patient": 1, "text": 1}
    assert report.unassigned == ["pets[].name"]
    assert report.unusable == {"no subject": 1}
    assert report.warnings == [f"{tmp_path}/README: not read, its name tells of no records"]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_a_field_that_the_source_does_not_have(tmp_path, name):
    if name == "a.csv":
        (tmp_path / name).write_text("patient,txet\n1,2\n")
    else:
        pq.write_table(pa.table({"patient": ["1"], "txet": ["2"]}), tmp_path / name)
    with pytest.raises(UsageError) as error:
        check(tmp_path)
    assert "fields.text: the source has no 'text'; did you mean 'txet'?" in str(error.value)


def test_in_json_a_field_may_come_later_but_the_subject_may_not(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"patients": "1"}\n')
    with pytest.raises(UsageError, match=r"fields.patient: .* did you mean 'patients'"):
        check(tmp_path)
    fields = specs(p={"role": "subject", "path": "patients"}, t={"role": "text", "path": "patents"})
    (warning,) = check(tmp_path, fields).warnings
    assert warning == "fields.t: 'patents' is not in the first records; did you mean 'patients'?"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", b"", "holds no records"),
        ("a.jsonl", b"\n\n", "holds no records"),
        ("a.csv", b"", "holds no records"),
        ("a.csv", b"patient,text\n", "holds no records"),
        ("a.jsonl.gz", b"xx", "none of the first 1 records can be read: the gzip data"),
        ("a.csv", "patient,text\n1,2\n".encode("utf-16"), "looks like UTF-16: set source.enc"),
        ("a.jsonl", b"[\n{\n", "none of the first 2 records can be read: broken JSON"),
        ("a.data", b"x", "neither content nor name tells it"),
        ("a.parquet", b"x", "not a Parquet file"),
    ],
)
def test_sources_that_hold_nothing(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError) as error:
        check(tmp_path / name)
    assert message in str(error.value)


def test_an_empty_folder_and_one_without_data(tmp_path):
    with pytest.raises(UsageError, match="no file matches"):
        check(tmp_path)
    (tmp_path / "LICENSE").write_text("x")
    with pytest.raises(UsageError, match="no file of a known format"):
        check(tmp_path)


def test_the_format_may_be_said(tmp_path):
    (tmp_path / "data").write_text('{"patient": "1", "text": "x"}\n')
    assert check(tmp_path / "data", format="jsonl").records == 1


def test_a_record_id_is_a_field(tmp_path):
    with pytest.raises(UsageError, match=r"source.record_id: 'patien' .* Did you mean 'patient'"):
        check(tmp_path, record_id="patien")


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "rot13", "klingon", "cp037"])
def test_encodings_in_which_line_breaks_cannot_be_found(encoding):
    with pytest.raises(ValueError, match="try utf-8"):
        SourceSettings(encoding=encoding)
