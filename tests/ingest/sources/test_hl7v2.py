"""HL7 version 2: frames, batches, characters, escapes, times, and what a message says."""

import logging

import hl7
import pytest

from tests.ingest.support import consultations, rows
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import SourceSettings
from transforms.ingest.sources._hl7 import time_of
from transforms.ingest.sources._hl7v2 import Encoding

from . import clinical

HEADER = r"MSH|^~\&|A|Hill Practice|C|D|20240305||ADT^A04|1|P|2.5"
PERSON = "PID|1||7^^^X^MR||Lee^Sam"


def message(*segments, header=HEADER):
    return "\r".join([header, PERSON, *segments])


def read(tmp_path, content, **settings):
    path = tmp_path / "x.hl7"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return consultations(path, SourceSettings(**settings))


def test_a_message_of_results_is_read_whole(tmp_path):
    (record,) = read(tmp_path, clinical.HL7_ORU.encode("latin-1"))
    assert record["patient"] == {
        "id": "483920",
        "record_numbers": [
            "483920", "943 476 5919", "ACC77", "999-11-2222", "V77", "ACC-99",
        ],
        "birth_date": "1970-01-02",
        "sex": "male",
        "other_names": ["Sam Lee", "Sammy Lee"],
        "relatives": ["Ann Lee"],
        "telecom": ["0113 496 0000", "+44 7700 900999"],
        "address": "12 Oak St, Flat 2",
        "other_addresses": ["1 Old Rd", "1 Elm Rd"],
        "city": "Leeds",
        "postcode": "LS6 2AB",
        "country": "GB",
    }  # fmt: skip
    assert record["participants"] == [
        {
            "name": "Mr Sam Q Müller",
            "role": "patient",
            "phone": "+44 7700 900123",
            "email": "sam@mail.example",
        },
        {"role": "clinician", "name": "Dr Jane Patel", "account": "1234567893"},
        {"role": "clinician", "name": "Bo Kelly", "account": "7"},
    ]
    assert (record["channel"], record["language"]) == ("video", "en")
    assert record["started_at"] == "2024-03-05T10:15:00+00:00"
    assert record["ended_at"] == "2024-03-05T10:30:00+00:00"
    assert record["places"] == ["Hill Practice"]
    pulse, systolic, diastolic, colour, organism = record["readings"]
    assert pulse == {
        # LOINC rather than the laboratory's own code.
        "code": "8867-4",
        "system": "http://loinc.org",
        "display": "Heart rate",
        "value": 72,
        "unit": "/min",
        "at": "2024-03-05T10:17:00+00:00",
    }
    assert (systolic["value"], diastolic["text"]) == (120, ">80")
    assert (colour["text"], organism["text"]) == ("yellow", "Escherichia coli")
    assert record["note"] == (
        "Progress note\nMüller says & means: fine\nsee C:\\a\\b\nline two\nline three & more AÄ"
        "\n\nSeen by video.\n\nA cold, says his wife"
    )
    (condition,) = record["conditions"]
    assert (condition["code"], condition["system"]) == ("J06.9", "http://hl7.org/fhir/sid/icd-10")


def test_files_and_waveforms_are_left_out_and_counted(tmp_path):
    (tmp_path / "x.hl7").write_bytes(clinical.HL7_ORU.encode("latin-1"))
    (row,) = rows(tmp_path / "x.hl7")
    assert row.left_out == (("attachment", "application/pdf"), ("attachment", "RP"))


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize(
    "frame", ["{}", "\x0b{}\x1c\r", "FHS|^~\\&|x\rBHS|^~\\&\r{}BTS|1\rFTS|1\r"]
)
def test_any_line_end_and_frame_holds_the_same_messages(tmp_path, end, frame):
    one = message("PV1||V", "NTE|||a~b") + "\r"
    two = one.replace("7^^^X", "8^^^X")
    content = "".join(frame.format(m) for m in (one, two)).replace("\r", end)
    found = read(tmp_path, content)
    assert [(r["patient"]["id"], r["note"]) for r in found] == [("7", "a\nb"), ("8", "a\nb")]


@pytest.mark.parametrize("size", [1, 300, 5000])
def test_ranges_hold_each_message_once(tmp_path, size):
    path = tmp_path / "x.hl7"
    path.write_text(clinical.HL7_BATCH * 9 + clinical.HL7_MLLP * 9, newline="")
    whole = list(rows(path))
    assert len(whole) == 9 * 6
    assert [row.position for row in whole] == list(range(1, len(whole) + 1))
    assert list(rows(path, range_bytes=size)) == whole


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("8859/1", "latin-1"), ("8859/15", "iso8859-15"), ("UNICODE UTF-8", "utf-8"),
        ("UTF-8", "utf-8"), ("", "utf-8"), ("ASCII~8859/1", "latin-1"),
        ("GB 18030-2000", "gb18030"),
    ],
)  # fmt: skip
def test_characters_are_those_that_msh_18_names(tmp_path, declared, encoding):
    header = HEADER + "||||||" + declared
    data = message("NTE|||Zoë", header=header).encode(encoding)
    assert read(tmp_path, data)[0]["note"] == "Zoë"


def test_japanese_is_read(tmp_path):
    header = HEADER + "||||||ASCII~ISO IR87"
    data = message("NTE|||痛みはない", header=header).encode("iso2022_jp")
    assert read(tmp_path, data)[0]["note"] == "痛みはない"


def test_without_msh_18_the_encoding_is_that_of_the_settings(tmp_path):
    data = message("NTE|||Zoë").encode("cp1252")
    assert read(tmp_path, data, encoding="cp1252")[0]["note"] == "Zoë"
    assert read(tmp_path, data)[0].reason == "not valid utf-8: set source.encoding"
    wide = message("NTE|||Zoë").encode("utf-16")
    assert read(tmp_path, wide)[0]["note"] == "Zoë"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a \F\ b \S\ c \T\ d \R\ e \E\ f", r"a | b ^ c & d ~ e \ f"),
        (r"one\.br\two\.sp2\three", "one\ntwo\n\nthree"),
        (r"\H\high\N\ \.in5\x \X41C3A4\ ", "high      x Aä"),
        (r"C:\notes\new and 50\50", r"C:\notes\new and 50\50"),
        (r"\C2842\ \M2842\ \Zabc\ ", "\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER} "),
        ("raw & and ^ that nobody escaped", "raw & and ^ that nobody escaped"),
        ('""', None),
    ],
)
def test_escape_sequences_are_what_they_stand_for(tmp_path, caplog, written, meant):
    with caplog.at_level(logging.WARNING):
        (record,) = read(tmp_path, message(f"OBX|1|TX|A^B^L||{written}"))
    assert record.get("note") == (meant.strip() if meant else None)
    assert caplog.records == []  # some parsers log what they cannot read


def test_a_line_break_in_a_text_is_no_end_of_the_segment(tmp_path):
    (record,) = read(tmp_path, message("OBX|1|TX|A^B^L||one\ntwo\nTHE end", "NTE|||x"))
    assert record["note"] == "B\none\ntwo\nTHE end\n\nx"


@pytest.mark.parametrize(
    ("written", "zone", "offset", "meant"),
    [
        ("2024", None, "", "2024"),
        ("202403", None, "", "2024-03"),
        ("20240305", "Europe/London", "+0100", "2024-03-05"),
        ("2024030510", None, "", "2024-03-05T10:00:00"),
        ("202403051015", None, "", "2024-03-05T10:15:00"),
        ("20240705101500", "Europe/London", "", "2024-07-05T10:15:00+01:00"),
        ("20240305101500.1234-0500", "Europe/London", "", "2024-03-05T10:15:00.123400-05:00"),
        ("20240305101500", "Europe/London", "+0200", "2024-03-05T10:15:00+02:00"),
        ("20241305", None, "", None),
        ("yesterday", None, "", None),
        ("", None, "", None),
    ],
)
def test_times_keep_their_precision_and_their_zone(written, zone, offset, meant):
    assert time_of(written, zone, offset) == meant


def test_the_offset_of_a_message_is_that_of_its_own_time(tmp_path):
    header = HEADER.replace("20240305|", "20240305110000+0100|")
    (record,) = read(tmp_path, message("PV1||V" + "|" * 42 + "20240305101500", header=header))
    assert record["started_at"] == "2024-03-05T10:15:00+01:00"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("MSH|", "a message that does not begin with MSH and its separators"),
        ("MSH|||||||ADT^A01", "a message that does not begin with MSH and its separators"),
        (r"MSH|^^\&|A|B|C|D|2024||ADT^A01", "a message that does not begin with MSH and its"),
        (HEADER.replace("ADT^A04", "ADT^A40"), "a type of message that is not read: ADT"),
        (HEADER.replace("ADT^A04", "Smith John"), "a type of message that is not read"),
        (HEADER, "no patient (PID) in the message"),
        (message(header=HEADER + "||||||KLINGON"), "a character set in MSH-18 that is not known"),
        (message("NTE|||\0"), "NUL byte"),
        (message("NTE|||Zoë", header=HEADER + "||||||ASCII"), "not valid ascii, which its MSH-18"),
        (message("NTE|||" + "x" * 2000), "larger than source.max_record_bytes (1,000)"),
        ("Sam Lee\r" + message(), "a message that does not begin with MSH and its separators"),
    ],
)
def test_what_cannot_be_read_goes_to_quarantine_alone(tmp_path, content, reason):
    good = message("NTE|||good")
    found = read(tmp_path, f"{content}\r{good}\r", max_record_bytes=1000, format="hl7v2")
    refused = found[0]
    assert isinstance(refused, Reject) and refused.reason.startswith(reason)
    assert "Smith" not in refused.reason and "Lee" not in refused.reason
    assert found[-1]["note"] == "good"


def test_a_file_without_messages_is_one_record(tmp_path):
    (refused,) = read(tmp_path, "FHS|^~\\&|x\rFTS|0\r")
    assert refused.reason == "no message of HL7 v2"


@pytest.mark.parametrize("content", [clinical.HL7_ORU, *clinical.HL7_BATCH.split("\r\n\r\n")[:1]])
def test_fields_are_taken_apart_as_another_parser_does(content):
    start = content.index("MSH")
    text = content[start:].replace("\r\n", "\r").split("\rMSH")[0]
    theirs = hl7.parse(text)
    fields = [line.split("|") for line in text.split("\r")]
    ours = Encoding("|", r"^~\&", "utf-8")
    compared = 0
    for segment, other in zip(fields, theirs, strict=True):
        if segment[0] == "MSH":
            continue
        for n in range(1, len(segment)):
            if "\\" in segment[n]:
                continue
            expected = [
                [str(part[0]) if isinstance(part, hl7.Component) else str(part) for part in r]
                for r in ([f] if isinstance(f, str) else f for f in other[n])
            ]
            found = [list(parts) for parts in ours.repetitions(segment[n])]
            assert found == [parts for parts in expected if any(parts)]
            compared += len(found)
    assert compared > 5
