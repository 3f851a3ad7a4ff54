"""Postcodes and street addresses."""

from __future__ import annotations

import pytest

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers.postcodes import DePostcode, EsPostcode, UkPostcode, UsZipCode
from transforms.detect.recognisers.street_addresses import (
    DeStreetAddress,
    EsStreetAddress,
    LabelledAddress,
    StreetAddress,
)

FOUND: list[tuple[type[GroupRecogniser], str, str]] = [
    (UkPostcode, "London NW1 6XE", "NW1 6XE"),
    (UkPostcode, "SW1A 1AA, UK", "SW1A 1AA"),
    (UkPostcode, "it is m1 1ae", "m1 1ae"),
    (UkPostcode, "postcode is EH1", "EH1"),
    (UsZipCode, "Boston, MA 02118", "02118"),
    (UsZipCode, "Boston, Massachusetts 02118-1234.", "02118-1234"),
    (UsZipCode, "my zip code is 02118", "02118"),
    (DePostcode, "80331 München", "80331"),
    (DePostcode, "Hauptstraße 5, 80331 München", "80331"),
    (DePostcode, "wohnt in 01067 Dresden", "01067"),
    (DePostcode, "PLZ 80331", "80331"),
    (EsPostcode, "28013 Madrid", "28013"),
    (EsPostcode, "Calle Mayor 12, 28013 Madrid", "28013"),
    (EsPostcode, "CP: 28035", "28035"),
    (EsPostcode, "código postal 08022", "08022"),
    (StreetAddress, "lives at 12 Oak St, Boston", "12 Oak St"),
    (StreetAddress, "Flat 3, 22b Baker Street, London", "Flat 3, 22b Baker Street"),
    (StreetAddress, "1600 N. Pennsylvania Ave Apt 4B", "1600 N. Pennsylvania Ave Apt 4B"),
    (StreetAddress, "221 West 42nd Street", "221 West 42nd Street"),
    (StreetAddress, "P.O. Box 1234", "P.O. Box 1234"),
    (StreetAddress, "i live at 12 oak street", "12 oak street"),
    (StreetAddress, "she lives on Baker Street", "Baker Street"),
    (DeStreetAddress, "Hauptstraße 5", "Hauptstraße 5"),
    (DeStreetAddress, "Lindenweg 12a,", "Lindenweg 12a"),
    (DeStreetAddress, "Berliner Straße 44", "Berliner Straße 44"),
    (DeStreetAddress, "Am Markt 3, 80331 München", "Am Markt 3"),
    (EsStreetAddress, "Calle Mayor 12, 3º B, Madrid", "Calle Mayor 12, 3º B"),
    (EsStreetAddress, "Avda. de América 4", "Avda. de América 4"),
    (EsStreetAddress, "Domicilio: Calle Carmen Romero, 23, 1D.", "Calle Carmen Romero, 23, 1D"),
    (EsStreetAddress, "Av. de los Pajaros,18", "Av. de los Pajaros,18"),
    (LabelledAddress, "Address: 4 The Old Mill, Leeds\nTel: 1", "4 The Old Mill, Leeds"),
    (LabelledAddress, "Domicilio: Calle puente cesures, 16.\n", "Calle puente cesures, 16"),
    (LabelledAddress, "Anschrift: Im Winkel 3", "Im Winkel 3"),
    (EsStreetAddress, "vivo en la calle Mayor", "calle Mayor"),
]


@pytest.mark.parametrize(("recogniser", "text", "expected"), FOUND)
def test_found(recogniser: type[GroupRecogniser], text: str, expected: str) -> None:
    assert expected in [text[r.start : r.end] for r in recogniser().analyze(text, [])]


NOT_FOUND: list[tuple[type[GroupRecogniser], str]] = [
    (UkPostcode, "B12 5mg, T1 2DW, QQ1 1AA, H1 N1, A1C 48"),
    (UsZipCode, "02118, 12000 steps, OK 12000 steps a day".replace("OK 12000", "ok, 12000")),
    (DePostcode, "in 12000 Fällen, 10000 Patienten, 20000 units"),
    (EsPostcode, "en 12000 Pacientes; leucocitos 12500 con"),
    (StreetAddress, "5 minutes down the road, 2 miles drive, 3 blocks down the street"),
    (StreetAddress, "2 Doctors, 10 Patients Way over; grade 2 Green"),
    (StreetAddress, "I saw 3 Dr. Patels; 24 hour drive; 5 Mr Close"),
    (LabelledAddress, "Address: as above\nIP address: 10.0.0.1\nemail address: j82@example.com"),
    (DeStreetAddress, "deswegen 5 Tage, Atemwege 3, Bewegung 20 mal"),
    (DeStreetAddress, "Am Montag 3 Tabletten, Im Jahr 2019"),
    (EsStreetAddress, "la calle estaba vacía; av. 5; calle arriba"),
]


@pytest.mark.parametrize(("recogniser", "text"), NOT_FOUND)
def test_not_found(recogniser: type[GroupRecogniser], text: str) -> None:
    assert [text[r.start : r.end] for r in recogniser().analyze(text, [])] == []
