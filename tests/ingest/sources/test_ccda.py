"""C-CDA: the header, the narrative, the coded entries; and XML that means harm."""

import pytest

from tests.ingest.support import consultations
from transforms.ingest.quarantine import Reject
from transforms.ingest.settings import Format, SourceSettings

from . import clinical

BODY = (
    "<component>"
    + clinical.CCDA.partition("<component>")[2].rpartition("</component>")[0]
    + "</component>"
)


def read(tmp_path, content):
    path = tmp_path / "x.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (record,) = consultations(path, SourceSettings(format=Format.CCDA))
    return record


def test_a_document_is_read_whole(tmp_path):
    record = read(tmp_path, clinical.CCDA)
    assert record["id"] == "2.16.840.1.113883.19.5.99999.1^TT988"
    assert record["patient"] == {
        "id": "483920",
        "record_numbers": ["111-00-2330", "483920", "V77"],
        "birth_date": "1970-01-02",
        "sex": "male",
        "address": "12 Oak St, Apt 2",
        "city": "Boston",
        "postcode": "02118",
        "country": "US",
        "other_names": ["Sam Li"],
        "relatives": ["Ann Lee", "Bo Lee"],
        "telecom": ["+1(617)555-0199"],
    }
    assert record["participants"] == [
        {
            "role": "patient",
            "name": "Sam Q Lee",
            "phone": "+1(617)555-0123",
            "email": "sam@mail.example",
        },
        {
            "name": "Dr Jane Patel",
            "role": "clinician",
            "phone": "555-1002",
            "account": "1234567893",
        },
    ]
    assert (record["channel"], record["language"]) == ("video", "en-US")
    assert record["started_at"] == "2024-03-05T10:15:00+00:00"
    assert record["ended_at"] == "2024-03-05T10:30:00+00:00"
    assert record["places"] == ["Hill Practice", "City Hospital"]
    assert record["note"] == (
        "Problems\nHypertension, says Sam Lee\nCough & cold\n\n"
        "Medications\nDrug\tSig\nLisinopril\tone a day\n\n"
        "Vital Signs\nBP 132/86\n\nComment\nTaken by\nthe patient"
    )
    # What is said not to be so is no condition.
    assert [c["code"] for c in record["conditions"]] == ["59621000"]
    assert record["conditions"][0]["system"] == "http://snomed.info/sct"
    (medication,) = record["medications"]
    assert (medication["code"], medication["dosage"]) == ("314076", "one a day")
    systolic, colour = record["readings"]
    assert (systolic["code"], systolic["value"], systolic["unit"]) == ("8480-6", 132, "mm[Hg]")
    assert systolic["at"] == "2024-03-05T10:16:00+00:00"
    assert colour["text"] == "yellow"


def test_another_encoding_and_prefixes_are_the_same_document(tmp_path):
    record = read(tmp_path, clinical.CCDA)
    latin = clinical.CCDA.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
    assert read(tmp_path, latin.replace("Hill", "Höhe").encode("latin-1"))["places"][0] == (
        "Höhe Practice"
    )
    prefixed = clinical.CCDA.replace("<ClinicalDocument xmlns=", "<n:ClinicalDocument xmlns:n=")
    prefixed = prefixed.replace("</ClinicalDocument", "</n:ClinicalDocument")
    prefixed = prefixed.replace(
        'xmlns:n="urn:hl7-org:v3"', 'xmlns:n="urn:hl7-org:v3" xmlns="urn:hl7-org:v3"'
    )
    assert read(tmp_path, prefixed) == record
    assert read(tmp_path, clinical.CCDA.encode("utf-16")) is not None


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("<text>Seen today.\n Well.</text>", "Seen today.\n Well."),
        (
            '<text mediaType="text/plain" representation="B64">U2VlbiB0b2RheS4=</text>',
            "Seen today.",
        ),
    ],
)
def test_a_body_of_plain_text_is_the_note(tmp_path, body, note):
    content = clinical.CCDA.replace(BODY, f"<component><nonXMLBody>{body}</nonXMLBody></component>")
    assert read(tmp_path, content)["note"] == note


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda x: x[:-40], "broken XML"),
        (lambda x: x.replace("recordTarget", "recordTargets"), "no patient (recordTarget)"),
        (
            lambda x: x.replace("<ClinicalDocument ", f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>'
                                "<ClinicalDocument ").replace("BP 132", "&l9;"),
            "a document type declaration",
        ),
        (
            lambda x: x.replace(
                "<ClinicalDocument ",
                '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><ClinicalDocument ',
            ).replace("BP 132", "&f;"),
            "a document type declaration",
        ),
        (
            lambda x: x.replace(
                "<ClinicalDocument ",
                '<!DOCTYPE x SYSTEM "http://h.example/x.dtd"><ClinicalDocument ',
            ),
            "a document type declaration",
        ),
        (
            lambda x: x.replace("BP 132/86", "<content>" * 300 + "x" + "</content>" * 300),
            "broken XML",
        ),
        (
            lambda x: x.replace("BP 132/86", "<content>" * 220 + "x" + "</content>" * 220),
            "a narrative nested too deeply",
        ),
        (
            lambda x: x.replace(
                BODY,
                '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
                "JVBERi0=</text></nonXMLBody></component>",
            ),
            "its body is a file that is no plain text",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_not_quoted(tmp_path, change, reason):
    refused = read(tmp_path, change(clinical.CCDA))
    assert isinstance(refused, Reject)
    assert refused.reason.startswith(reason)
    assert "Lee" not in refused.reason
