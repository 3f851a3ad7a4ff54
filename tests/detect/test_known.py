"""A record's own identifiers are found in its text in the forms that people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.known import find_known, fold, known_of
from transforms.fields import FieldSettings, FieldSpec


def field(role: str = "identifier", **settings: object) -> FieldSpec:
    return FieldSpec.of("f", FieldSettings.model_validate({"role": role, **settings}))


NAME = field(entity="PERSON")
PHONE = field(entity="PHONE_NUMBER")
EMAIL = field(entity="EMAIL_ADDRESS")
NHS = field(entity="UK_NHS")
ADDRESS = field(entity="STREET_ADDRESS")
CITY = field(entity="LOCATION")
BIRTH = field(entity="DATE_OF_BIRTH")
VISIT = field("date")
SUBJECT = field("subject")
POSTCODE = field("quasi", generalise={"prefix": 2})


def found(text: str, values: dict[FieldSpec, list[str]]) -> list[str]:
    return [text[s.start : s.end] for s in find_known(text, known_of(values))]


@pytest.mark.parametrize(
    ("kind", "value", "text", "expected"),
    [
        (NAME, "Jane Smith", "jane rang; Mrs SMITH's son", ["jane", "SMITH"]),
        (NAME, "Smith, Jane", "Jane Smith", ["Jane", "Smith"]),
        (NAME, "José Núñez", "Jose Nunez, JOSÉ NÚÑEZ", ["Jose", "Nunez", "JOSÉ", "NÚÑEZ"]),
        (NAME, "Niamh O’Brien", "o'brien, OBRIEN", ["o'brien", "OBRIEN"]),
        (NAME, "Autumn Walker", "in autumn I, autumn walker", ["autumn walker", "walker"]),
        (NAME, "Autumn Walker", "Autumn came", ["Autumn"]),
        (NAME, "Dr Li Wu", "li said Li", ["Li"]),
        (NAME, "Jane Smith", "janet smithy blacksmith", []),
        (
            PHONE,
            "07700 900123",
            "07700-900-123, 44 7700 900123",
            ["07700-900-123", "7700 900123"],
        ),
        (PHONE, "+44 7700 900123", "on 07700 900 123", ["07700 900 123"]),
        (PHONE, "(617) 555-0123", "617.555.0123", ["617.555.0123"]),
        (PHONE, "07700 900123", "107700900123", []),
        (EMAIL, "jane.smith@x.org", "write to Jane.Smith@X.org", ["Jane.Smith@X.org"]),
        (NHS, "943 476 5919", "NHS 9434765919.", ["9434765919"]),
        (NHS, "9434765919", "943-476-5919", ["943-476-5919"]),
        (NHS, "9434765919", "943 and 476 then 5919", []),
        (SUBJECT, "PAT-00123", "patient pat 00123", ["pat 00123"]),
        (ADDRESS, "12 Oak St", "at 12 oak st, Leeds", ["12 oak st"]),
        (
            ADDRESS,
            "Mühlstraße 4",
            "MÜHLSTRASSE 4, Muehlstrasse 4",
            ["MÜHLSTRASSE 4", "Muehlstrasse 4"],
        ),
        (ADDRESS, "Hauptstrasse 4", "in der Hauptstraße 4", ["Hauptstraße 4"]),
        (CITY, "São Paulo", "from Sao Paulo", ["Sao Paulo"]),
        (BIRTH, "1980-05-12", "12 May 1980, 12/05/1980", ["12 May 1980", "12/05/1980"]),
        (BIRTH, "1980-05-12", "May 12th, 1980; 12.5.80", ["May 12th, 1980", "12.5.80"]),
        (BIRTH, "12/05/1980", "born 1980-05-12", ["1980-05-12"]),
        (VISIT, "2024-03-01T09:30:00+00:00", "seen 01/03/2024", ["01/03/2024"]),
        (POSTCODE, "SW1A 1AA", "lives in sw1a1aa", ["sw1a1aa"]),
    ],
)
def test_forms(kind: FieldSpec, value: str, text: str, expected: list[str]) -> None:
    spans = found(text, {kind: [value]})
    if expected:
        assert set(expected) <= set(spans)
    else:
        assert spans == []


@given(st.text(max_size=80))
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(
    st.from_regex(r"[A-Z]{1,3}-?[0-9]{5,9}", fullmatch=True),
    st.sampled_from([" ", "-", "", ".", "/"]),
    st.text(alphabet="xyz ,.", max_size=10),
)
def test_an_id_is_found_whatever_its_spacing(value: str, gap: str, around: str) -> None:
    written = gap.join(value.replace("-", ""))
    text = f"{around} {written} {around}"
    assert any(
        text[s.start : s.end] == written for s in find_known(text, known_of({SUBJECT: [value]}))
    )
