"""Dates, dates of birth and ages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._numbers import value_of
from transforms.detect.recognisers.ages import Age
from transforms.detect.recognisers.date_of_birth import DateOfBirth
from transforms.detect.recognisers.dates import WrittenDate

FOUND: list[tuple[type[GroupRecogniser], str, str]] = [
    (WrittenDate, "seen on the 5th of May 2022.", "5th of May 2022"),
    (WrittenDate, "back on May 5th", "May 5th"),
    (WrittenDate, "on 12 March", "12 March"),
    (WrittenDate, "on 12 Mar 2021", "12 Mar 2021"),
    (WrittenDate, "March 12, 2021 at noon", "March 12, 2021"),
    (WrittenDate, "October of 2008", "October of 2008"),
    (WrittenDate, "on July thirty first", "July thirty first"),
    (WrittenDate, "July thirty first O eight", "July thirty first O eight"),
    (WrittenDate, "the second of november, um, nineteen ninety two", "second of november, um,"),
    (WrittenDate, "May twenty first two thousand and seven", "two thousand and seven"),
    (WrittenDate, "at 2021-03-04T10:22:01.5Z", "2021-03-04T10:22:01.5Z"),
    (WrittenDate, "2021-03-04 10:22", "2021-03-04 10:22"),
    (WrittenDate, "am 3. März 2021", "3. März 2021"),
    (WrittenDate, "am 3. 5. 2021", "3. 5. 2021"),
    (WrittenDate, "seit Dezember 2019", "Dezember 2019"),
    (WrittenDate, "el 3 de marzo de 2021", "3 de marzo de 2021"),
    (WrittenDate, "el 3 de marzo", "3 de marzo"),
    (WrittenDate, "desde agosto de 2020", "agosto de 2020"),
    (WrittenDate, "since January, on and off", "January"),
    (DateOfBirth, "DOB: 12/03/1985", "12/03/1985"),
    (DateOfBirth, "D.O.B. 12-3-85", "12-3-85"),
    (DateOfBirth, "date of birth is the third of May nineteen sixty two", "third of May nineteen"),
    (DateOfBirth, "date of birth?\nPatient: Yes, it's 3rd May 1962", "3rd May 1962"),
    (DateOfBirth, "I was born on the fifth of April, uh, nineteen seventy three", "seventy three"),
    (DateOfBirth, "born 1962-05-03", "1962-05-03"),
    (DateOfBirth, "she was born in 1931", "1931"),
    (DateOfBirth, "born in May 1931", "May 1931"),
    (DateOfBirth, "my birthday is May 3rd, 1962", "May 3rd, 1962"),
    (DateOfBirth, "geb. 03.05.1962 in Köln", "03.05.1962"),
    (DateOfBirth, "Geburtsdatum: 3. Mai 1962", "3. Mai 1962"),
    (DateOfBirth, "Fecha de nacimiento: 3 de mayo de 1962", "3 de mayo de 1962"),
    (DateOfBirth, "nacida el 03/05/1962", "03/05/1962"),
    (Age, "aged 54", "54"),
    (Age, "a 54-year-old man", "54"),
    (Age, "54 yo", "54"),
    (Age, "54 y/o RHM", "54"),
    (Age, "I'm 54 and tired", "54"),
    (Age, "I'm only twenty nine.", "twenty nine"),
    (Age, "seventy six years old", "seventy six"),
    (Age, "seventy-six-year-old", "seventy-six"),
    (Age, "a 54 year male", "54"),
    (Age, "54M with chest pain", "54"),
    (Age, "Age: 7", "7"),
    (Age, "Edad:33  Sexo: H", "33"),
    (Age, "mujer de 45 años", "45"),
    (Age, "cincuenta y cuatro años de edad", "cincuenta y cuatro"),
    (Age, "54 Jahre alt", "54"),
    (Age, "ein 54-jähriger Mann", "54"),
    (Age, "vierundfünfzig Jahre alt", "vierundfünfzig"),
]


@pytest.mark.parametrize(("recogniser", "text", "expected"), FOUND)
def test_found(recogniser: type[GroupRecogniser], text: str, expected: str) -> None:
    found = [text[r.start : r.end] for r in recogniser().analyze(text, [])]
    assert any(expected in span for span in found), found
    if recogniser is Age:
        assert found == [expected]


NOT_FOUND: list[tuple[type[GroupRecogniser], str]] = [
    (WrittenDate, "for 3/7, then 2/52 and 6/12"),
    (WrittenDate, "5/325 mg, BP 120/80, pain 7/10, 2020 metres"),
    (WrittenDate, "you may first notice; 10 may need it; it may 5 times"),
    (WrittenDate, "the 5th may be better"),
    (WrittenDate, "take 2 tablets, version 3.5.2, ratio 1:20"),
    (WrittenDate, "march on, he may go, second opinion"),
    (DateOfBirth, "born with a cleft palate"),
    (DateOfBirth, "Nacido de embarazo controlado"),
    (DateOfBirth, "seen on 12/03/1985"),
    (Age, "I'm 30 weeks pregnant"),
    (Age, "I'm 50% sure. I am 100 percent sure. He is 80 kg. She's 5 foot 2."),
    (Age, "He is twenty one months old"),
    (Age, "for 12 years, 20 years ago, 5 years of pain"),
    (Age, "Temp 98F, 37.5 C, sats 98"),
    (Age, "hace 30 años; desde hace más de 20 años; durante un periodo de 3 años"),
    (Age, "vor 10 Jahren"),
    (Age, "page 54, stage 3, dosage 50"),
]


@pytest.mark.parametrize(("recogniser", "text"), NOT_FOUND)
def test_not_found(recogniser: type[GroupRecogniser], text: str) -> None:
    assert [text[r.start : r.end] for r in recogniser().analyze(text, [])] == []


MONTHS = """January February March April May June July August September October November December
Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Januar Februar März Mai Juni Juli Oktober Dezember
enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
"""


@pytest.mark.parametrize("month", MONTHS.split())
def test_all_months_are_known(month: str) -> None:
    text = f"on 12 {month} 2020."
    assert any(r.end - r.start == len(text) - 4 for r in WrittenDate().analyze(text, []))


@given(st.integers(1, 122))
def test_ages_above_89_are_an_entity_of_their_own(age: int) -> None:
    entities = {r.entity_type for r in Age().analyze(f"a {age}-year-old", [])}
    assert entities == {"AGE_OVER_89" if age > 89 else "AGE"}


@pytest.mark.parametrize(
    "text",
    [
        "ninety one years old", "a hundred and two years old", "in her nineties",
        "zweiundneunzig Jahre alt", "noventa y dos años de edad", "aged 104",
    ],
)  # fmt: skip
def test_ages_above_89_in_words(text: str) -> None:
    assert {r.entity_type for r in Age().analyze(text, [])} == {"AGE_OVER_89"}


def test_only_the_entities_asked_for_are_reported() -> None:
    text = "he is 92 years old and she is 40 years old"
    assert {r.entity_type for r in Age().analyze(text, ["AGE"])} == {"AGE"}


def test_nobody_is_older_than_people_get() -> None:
    assert Age().analyze("a 154-year-old house", []) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("54", 54), ("Seventy-six", 76), ("vierundfünfzig", 54), ("treinta y dos", 32), ("x", None)],
)
def test_number_words(text: str, value: int | None) -> None:
    assert value_of(text) == value
