"""Workbooks as Excel and others write them."""

from __future__ import annotations

import datetime
import zipfile

import pytest
import xlsxwriter

from tests.ingest.support import ingest, rows, specs
from transforms.ingest.find import find_files
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import SourceSettings

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PROTECTED = OLE + "EncryptedPackage".encode("utf-16-le") + bytes(480)
"""What a workbook with a password is, as far as can be told without it (MS-OFFCRYPTO, 2.3.4)."""
CLOSED = SourceSettings(format="excel")


@pytest.fixture
def book(tmp_path):
    """Writes a workbook by a function of it."""

    def make(fill, name="visits.xlsx"):
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as workbook:
            fill(workbook)
        return path

    return make


def table(*lines):
    def fill(workbook):
        sheet = workbook.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)

    return fill


def read(path, **excel):
    return list(rows(path, SourceSettings(excel=excel), []))


def records(path, **excel):
    return [row.record for row in read(path, **excel)]


def reason(path, **excel):
    (row,) = read(path, **excel)
    assert isinstance(row, Reject)
    return row.reason


def test_ids_stay_as_written_and_numbers_and_dates_are_what_they_are(book):
    def fill(workbook):
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        hours = workbook.add_format({"num_format": "[h]:mm"})
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["id", "number", "share", "born", "seen", "at", "took", "sum", "ok"])
        sheet.write_string(1, 0, "00123")
        sheet.write_number(1, 1, 123456789012)
        sheet.write_number(1, 2, 1.5)
        sheet.write_datetime(1, 3, datetime.datetime(1980, 2, 3), day)
        sheet.write_datetime(1, 4, datetime.datetime(2024, 3, 5, 10, 15), moment)
        sheet.write_datetime(1, 5, datetime.time(10, 15), moment)
        sheet.write_datetime(1, 6, datetime.timedelta(hours=30), hours)
        sheet.write_formula(1, 7, "=1+1", None, 2)
        sheet.write_boolean(1, 8, True)
        sheet.write_row(2, 0, ["00124"])
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")

    assert records(book(fill)) == [
        {
            "id": "00123",
            "number": 123456789012,
            "share": 1.5,
            "born": datetime.date(1980, 2, 3),
            "seen": datetime.datetime(2024, 3, 5, 10, 15),
            "at": datetime.time(10, 15),
            "took": "30:00:00",
            "sum": 2,
            "ok": True,
        },
        {"id": "00124"},
    ]


def test_empty_rows_are_none_and_places_are_those_of_the_sheet(book):
    path = book(table([], ["id", "note"], ["1", "a"], [], ["", " "], ["2", "b"]))
    assert [(row.position, row.record["id"]) for row in read(path)] == [(3, "1"), (6, "2")]


def test_a_table_may_begin_anywhere(book):
    path = book(table([], [], ["", "", "id"], ["", "", "1"]))
    assert [(row.position, row.record) for row in read(path)] == [(4, {"id": "1"})]


def test_the_header_s_row_can_be_named_and_a_column_without_name_has_its_letter(book):
    path = book(table(["Report of 2024"], [], ["id", "", "note"], ["1", "x", "a"]))
    assert records(path, header_row=3) == [{"id": "1", "B": "x", "note": "a"}]
    assert reason(path, header_row=9) == "no row at source.excel.header_row"
    assert "twice" in reason(book(table(["id", "id"], ["1", "2"]), "b.xlsx"))


def test_cells_that_are_merged_downwards_are_each_of_their_rows(book):
    def fill(workbook):
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["patient", "note"])
        sheet.merge_range(1, 0, 3, 0, "00123")
        for number, note in enumerate("abcd", 1):
            sheet.write(number, 1, note)
        sheet.write(4, 0, "00124")

    found = [(record["patient"], record["note"]) for record in records(book(fill))]
    assert found == [("00123", "a"), ("00123", "b"), ("00123", "c"), ("00124", "d")]


def test_of_several_sheets_one_is_named_or_all_are_read(book):
    def fill(workbook):
        workbook.add_worksheet("Notes").write_column(0, 0, ["id", "1"])
        workbook.add_worksheet("Empty")
        workbook.add_worksheet("More").write_column(0, 0, ["id", "2", "3"])
        hidden = workbook.add_worksheet("Lists")
        hidden.write_column(0, 0, ["x", "y"])
        hidden.hide()

    path = book(fill)
    assert reason(path).startswith("several sheets have rows: name one in source.excel.sheet")
    assert records(path, sheet="More") == [{"id": "2"}, {"id": "3"}]
    assert records(path, sheet="Lists") == [{"x": "y"}]
    found = [(row.position, row.record["id"]) for row in read(path, sheet="*")]
    assert found == [(2, "1"), (4, "2"), (5, "3")]
    assert reason(path, sheet="Other") == "no sheet is called as source.excel.sheet says"


def test_what_cannot_be_read_goes_to_quarantine_and_says_what_to_do(book, tmp_path):
    whole = book(table(["id"], ["1"])).read_bytes()
    for name, content, said in (
        ("cut.xlsx", whole[:-200], "a damaged workbook: open and save it again"),
        ("none.xlsx", b"id,note\n1,a\n", "not an Excel workbook"),
        ("closed.xlsx", PROTECTED, "protected by a password: save it without"),
        ("old.xls", OLE, "a workbook of Excel 97: open it and save it as .xlsx"),
        ("flipped.xlsx", whole[:900] + b"\0\0\0\0" + whole[904:], "a damaged workbook"),
    ):
        (tmp_path / name).write_bytes(content)
        (row,) = rows(tmp_path / name, CLOSED, [])
        assert row.reason.startswith(said), name
        assert row.record == content


def test_a_small_file_that_would_fill_the_memory_is_refused_before_it_does(book, tmp_path):
    def corner(workbook):
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "far away")

    assert reason(book(corner)).startswith("a workbook too large")
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(600):
            entry.write(bytes(1 << 20))
    assert path.stat().st_size < 1_000_000
    assert reason(path).startswith("a workbook too large")


def test_told_by_content_and_through_the_runner(book, tmp_path):
    path = book(table(["patient", "note"], ["007", "x"], ["", "y"]))
    path.rename(tmp_path / "export.dat")
    assert find_files([str(tmp_path)], SourceSettings()).taken() == {"excel": 1}
    fields = specs(patient={"role": "subject"}, note={"role": "text"})
    outcome = ingest(tmp_path, [str(tmp_path / "export.dat")], SourceSettings(), fields)
    assert [(r["patient"], r["note"]) for r in outcome.records] == [("007", "x")]
    assert (outcome.read, outcome.reasons) == (2, ["no subject"])
