"""Recognisers for what identifies people in consultations: one file for each family."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers.ages import Age
from transforms.detect.recognisers.date_of_birth import DateOfBirth
from transforms.detect.recognisers.dates import WrittenDate
from transforms.detect.recognisers.de_kvnr import Kvnr
from transforms.detect.recognisers.device_ids import DeviceSerial, Imei
from transforms.detect.recognisers.handles import UserHandle
from transforms.detect.recognisers.insurance_ids import InsuranceId, Mbi
from transforms.detect.recognisers.introduced_names import IntroducedName
from transforms.detect.recognisers.labelled_names import LabelledName
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
from transforms.detect.recognisers.postcodes import DePostcode, EsPostcode, UkPostcode, UsZipCode
from transforms.detect.recognisers.predefined import predefined
from transforms.detect.recognisers.relatives import RelativeName
from transforms.detect.recognisers.spoken_emails import SpokenEmail
from transforms.detect.recognisers.spoken_numbers import SpokenNumber
from transforms.detect.recognisers.street_addresses import (
    DeStreetAddress,
    EsStreetAddress,
    LabelledAddress,
    StreetAddress,
)
from transforms.detect.recognisers.titled_names import TitledName
from transforms.detect.recognisers.vehicle_ids import DePlate, EsPlate, LabelledPlate, UkPlate, Vin

__all__ = ["build", "predefined"]

_EVERYWHERE: tuple[type[GroupRecogniser], ...] = (
    TitledName,
    IntroducedName,
    RelativeName,
    LabelledName,
    DateOfBirth,
    WrittenDate,
    Age,
    MedicalRecordNumber,
    InsuranceId,
    DeviceSerial,
    Imei,
    Vin,
    LabelledPlate,
    LabelledAddress,
    OtherLicence,
    UserHandle,
    SpokenNumber,
    SpokenEmail,
)
_BY_COUNTRY: dict[str, tuple[type[GroupRecogniser], ...]] = {
    "GB": (NhsNumber, UkPostcode, StreetAddress, UkPlate, UkRegistration),
    "US": (UsZipCode, StreetAddress, Mbi, UsNpi, UsDea),
    "DE": (Kvnr, DePostcode, DeStreetAddress, DePlate, DeLanr),
    "ES": (EsPostcode, EsStreetAddress, EsPlate, EsColegiado),
}


def build(language: str, countries: Sequence[str]) -> list[GroupRecogniser]:
    """Our recognisers for texts in ``language`` (ISO 639-1) that hold identifiers of ``countries``
    (ISO 3166-1: GB, US, DE, ES); those that belong to no country are always among them."""
    classes = list(_EVERYWHERE)
    for country in countries:
        classes += [c for c in _BY_COUNTRY.get(country, ()) if c not in classes]
    return [recogniser(supported_language=language) for recogniser in classes]
