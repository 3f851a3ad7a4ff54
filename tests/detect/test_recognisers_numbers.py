"""Numbers with a label or a check digit: health services, insurers, clinicians, devices, cars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.detect.recognisers import _checksums as checks
from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers.de_kvnr import Kvnr
from transforms.detect.recognisers.device_ids import DeviceSerial, Imei
from transforms.detect.recognisers.insurance_ids import InsuranceId, Mbi
from transforms.detect.recognisers.licences import (
    DeLanr,
    EsColegiado,
    OtherLicence,
    UkRegistration,
    UsDea,
    UsNpi,
)
from transforms.detect.recognisers.medical_record_number import MedicalRecordNumber
from transforms.detect.recognisers.nhs_number import NhsNumber
from transforms.detect.recognisers.vehicle_ids import DePlate, EsPlate, LabelledPlate, UkPlate, Vin

FOUND: list[tuple[type[GroupRecogniser], str, str]] = [
    (MedicalRecordNumber, "MRN: 0012345", "0012345"),
    (MedicalRecordNumber, "MRN 123 456 789, seen", "123 456 789"),
    (MedicalRecordNumber, "hospital number is AB-123456.", "AB-123456"),
    (MedicalRecordNumber, "medical record no. 77-20-31", "77-20-31"),
    (MedicalRecordNumber, "patient ID #P0048213", "P0048213"),
    (MedicalRecordNumber, "my record number is 4 4 7 1 2 9", "4 4 7 1 2 9"),
    (MedicalRecordNumber, "NHC: 2569870.", "2569870"),
    (MedicalRecordNumber, "nº de historia clínica 445821", "445821"),
    (MedicalRecordNumber, "Fallnummer 20045811", "20045811"),
    (NhsNumber, "943 476 5919", "943 476 5919"),
    (NhsNumber, "9434765919", "9434765919"),
    (NhsNumber, "943-476-5919", "943-476-5919"),
    (NhsNumber, "NHS number: 943 476 5918", "943 476 5918"),
    (NhsNumber, "CHI number 010170 1234", "010170 1234"),
    (Kvnr, "KVNR A123456780", "A123456780"),
    (Kvnr, "A123 456 780", "A123 456 780"),
    (Kvnr, "Versichertennummer: A123456789", "A123456789"),
    (InsuranceId, "member ID: XYZ123456789", "XYZ123456789"),
    (InsuranceId, "my policy number is 00482-B", "00482-B"),
    (InsuranceId, "Group # 88213", "88213"),
    (InsuranceId, "Versicherungsnummer 65180374M012", "65180374M012"),
    (InsuranceId, "NASS: 47 39047534 02.", "47 39047534 02"),
    (InsuranceId, "póliza nº 778231/4", "778231/4"),
    (Mbi, "Medicare 1EG4-TE5-MK73", "1EG4-TE5-MK73"),
    (Mbi, "1EG4TE5MK73", "1EG4TE5MK73"),
    (UkRegistration, "GMC 7012345", "7012345"),
    (UkRegistration, "GMC no: 7012345", "7012345"),
    (UkRegistration, "NMC PIN 98I1234E", "98I1234E"),
    (UsNpi, "NPI 1234567893", "1234567893"),
    (UsNpi, "provider 1234567893", "1234567893"),
    (UsDea, "DEA# AB1234563", "AB1234563"),
    (UsDea, "AB1234563", "AB1234563"),
    (DeLanr, "LANR: 123456601", "123456601"),
    (DeLanr, "BSNR 123456700", "123456700"),
    (EsColegiado, "NºCol: 28 28 20943", "28 28 20943"),
    (EsColegiado, "número de colegiado 282820943", "282820943"),
    (OtherLicence, "license number A-449213", "A-449213"),
    (DeviceSerial, "serial number SN-8842-XK1", "SN-8842-XK1"),
    (DeviceSerial, "pacemaker serial no. 553-A-22918", "553-A-22918"),
    (DeviceSerial, "insulin pump ID is 221188-4", "221188-4"),
    (DeviceSerial, "Seriennummer: 4471-B8821", "4471-B8821"),
    (DeviceSerial, "número de serie 88213-C", "88213-C"),
    (DeviceSerial, "UDI (01)00844588003288(17)141120(21)1234AB", "(01)00844588003288"),
    (Imei, "IMEI 490154203237518", "490154203237518"),
    (Imei, "49-015420-323751-8", "49-015420-323751-8"),
    (Vin, "VIN 1HGCM82633A004352", "1HGCM82633A004352"),
    (Vin, "1HGCM82633A004352", "1HGCM82633A004352"),
    (Vin, "Fahrgestellnummer WVWZZZ1JZXW000001", "WVWZZZ1JZXW000001"),
    (LabelledPlate, "my reg is AB51 ABC", "AB51 ABC"),
    (LabelledPlate, "license plate 7ABC123", "7ABC123"),
    (LabelledPlate, "Kennzeichen M-AB 1234", "M-AB 1234"),
    (LabelledPlate, "matrícula 1234 BCD", "1234 BCD"),
    (UkPlate, "AB51 ABC", "AB51 ABC"),
    (DePlate, "M-AB 1234", "M-AB 1234"),
    (EsPlate, "1234 BCD", "1234 BCD"),
]


@pytest.mark.parametrize(("recogniser", "text", "expected"), FOUND)
def test_found(recogniser: type[GroupRecogniser], text: str, expected: str) -> None:
    found = [text[r.start : r.end] for r in recogniser().analyze(text, [])]
    assert any(expected in span and len(span) <= len(expected) + 22 for span in found), found


NOT_FOUND: list[tuple[type[GroupRecogniser], str]] = [
    (MedicalRecordNumber, "patient no longer takes 5000 units"),
    (MedicalRecordNumber, "the patient 2024, record low of 38, case 3, visit number 2"),
    (NhsNumber, "943 476 5918"),
    (NhsNumber, "1111111111, 00000000000, +44 7700 900123"),
    (Kvnr, "A123456789"),
    (InsuranceId, "policy is fine, group of 12, plan: 500 mg, member 3"),
    (Mbi, "1EG4-TE5-MK7, 2024-10-10"),
    (UkRegistration, "7012345, GMC guidance 2024"),
    (UsNpi, "1234567890"),
    (UsDea, "AB1234567"),
    (EsColegiado, "28 28 20943"),
    (OtherLicence, "licence to drive for 12 months"),
    (DeviceSerial, "serial troponins 0.01 and 0.02, monitor no change, sensor 2"),
    (Imei, "490154203237519, 000000000000000"),
    (Vin, "1HGCM82633A004353"),
    (LabelledPlate, "plate 12 of the X-ray; reg 5 mg; number plate lost"),
    (UkPlate, "B12 5mg, HBA1C 48"),
]


@pytest.mark.parametrize(("recogniser", "text"), NOT_FOUND)
def test_not_found(recogniser: type[GroupRecogniser], text: str) -> None:
    assert [text[r.start : r.end] for r in recogniser().analyze(text, [])] == []


def test_a_right_check_digit_scores_higher_than_none() -> None:
    (valid,) = Kvnr().analyze("A123456780", [])
    assert valid.score == 1.0


def test_nine_digits_need_context_to_be_a_doctors_number() -> None:
    (bare,) = DeLanr().analyze("123456601", [])
    assert bare.score < 0.4
    assert "lanr" in DeLanr().context


@given(st.integers(0, 10**9 - 1).map(lambda n: f"{n:09d}"))
def test_nhs_numbers_have_one_check_digit_or_none(body: str) -> None:
    valid = [d for d in "0123456789" if checks.mod11(body + d)]
    total = sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True))
    expected = (11 - total % 11) % 11
    assert valid == ([] if expected == 10 or len(set(body)) == 1 else [str(expected)])


@given(st.integers(0, 10**14 - 1).map(lambda n: f"{n:014d}"))
def test_luhn_has_one_check_digit(body: str) -> None:
    assert sum(checks.luhn(body + d) for d in "0123456789") == 1


@given(st.integers(0, 10**14 - 1).map(lambda n: f"{n:014d}"), st.integers(0, 12))
def test_luhn_sees_a_changed_digit(body: str, place: int) -> None:
    valid = next(body + d for d in "0123456789" if checks.luhn(body + d))
    changed = valid[:place] + str((int(valid[place]) + 1) % 10) + valid[place + 1 :]
    assert not checks.luhn(changed)


@given(st.integers(10**8, 3 * 10**8 - 1).map(str))
def test_npis_have_one_check_digit(body: str) -> None:
    assert sum(checks.npi(body + d) for d in "0123456789") == 1


@given(st.sampled_from("ABCXYZ"), st.integers(0, 10**8 - 1).map(lambda n: f"{n:08d}"))
def test_kvnrs_have_one_check_digit(letter: str, body: str) -> None:
    assert sum(checks.kvnr(letter + body + d) for d in "0123456789") == 1


@given(st.integers(0, 10**6 - 1).map(lambda n: f"{n:06d}"))
def test_deas_and_lanrs_have_one_check_digit(body: str) -> None:
    assert sum(checks.dea("AB" + body + d) for d in "0123456789") == 1
    assert sum(checks.lanr(body + d + "01") for d in "0123456789") == 1


@pytest.mark.parametrize(
    ("check", "published"),
    [
        (checks.mod11, "9434765919"),  # NHS Data Dictionary
        (checks.npi, "1234567893"),  # CMS, "NPI check digit calculation"
        (checks.kvnr, "A123456780"),  # GKV-Spitzenverband
        (checks.kvnr, "A000500015"),  # section 290 SGB V, annex 1
        (checks.lanr, "123456601"),  # KBV
        (checks.vin, "1M8GDM9AXKP042788"),  # 49 CFR 565
        (checks.vin, "11111111111111111"),
        (checks.luhn, "490154203237518"),  # 3GPP TS 23.003
    ],
)
def test_published_examples(check: object, published: str) -> None:
    assert callable(check)
    assert check(published)
