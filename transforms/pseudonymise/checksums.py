"""Check digits of identifiers, by entity: whether a value has the right one.

The schemes are those by which ``detect`` and Presidio tell such identifiers from other numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from presidio_analyzer import PatternRecognizer, predefined_recognizers

from transforms.detect.recognisers import _checksums as ours

Check = Callable[[str], bool]
"""Asks for the bare letters and digits, in capitals."""


def _sized(length: int, check: Check) -> Check:
    def checked(bare: str) -> bool:
        return len(bare) == length and check(bare)

    return checked


_OURS: dict[str, tuple[Check, ...]] = {
    "LICENCE_NUMBER": (_sized(10, ours.npi), _sized(9, ours.dea), _sized(9, ours.lanr)),
    "US_NPI": (_sized(10, ours.npi),),
    "DE_LANR": (_sized(9, ours.lanr),),
    "DE_KVNR": (_sized(10, ours.kvnr),),
    "DEVICE_ID": (_sized(15, ours.luhn),),
    "VEHICLE_ID": (_sized(17, ours.vin),),
}
_PRESIDIOS = {
    "CREDIT_CARD": "CreditCardRecognizer",
    "IBAN_CODE": "IbanRecognizer",
    "ES_NIF": "EsNifRecognizer",
    "ES_NIE": "EsNieRecognizer",
    "DE_TAX_ID": "DeTaxIdRecognizer",
    "MEDICAL_LICENSE": "MedicalLicenseRecognizer",
    "ABA_ROUTING_NUMBER": "AbaRoutingRecognizer",
}


@lru_cache(maxsize=256)
def checks_of(entity: str) -> tuple[Check, ...]:
    """The schemes that a value of an entity may follow; none, where it has no check digit."""
    if entity in _PRESIDIOS:
        recogniser: PatternRecognizer = getattr(predefined_recognizers, _PRESIDIOS[entity])()
        return (lambda bare: bool(recogniser.validate_result(bare)),)
    return _OURS.get(entity, ())


def passed(entity: str, text: str) -> tuple[bool, ...]:
    """For each scheme of ``checks_of`` whether the value has its check digit."""
    bare = "".join(c for c in text if c.isalnum()).upper()
    return tuple(_holds(check, bare) for check in checks_of(entity))


def _holds(check: Check, bare: str) -> bool:
    try:
        return check(bare)
    except (ValueError, KeyError, IndexError):
        # A letter where the scheme has digits.
        return False
