"""Which surrogate an entity has: pure functions of key, entity, value and the record's hints."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from . import identifiers, lexicon, names, online, places
from .hints import NO_HINTS, Hints
from .lexicon import Lexicon

Generator = Callable[[bytes, str, Lexicon, Hints], str]


def _of_text(make: Callable[[bytes, str], str]) -> Generator:
    return lambda key, value, words, hints: make(key, value)


def _of_words(make: Callable[[bytes, str, Lexicon], str]) -> Generator:
    return lambda key, value, words, hints: make(key, value, words)


_GENERATORS: dict[str, Generator] = {
    "PERSON": names.person,
    "LOCATION": _of_words(places.location),
    "CITY": _of_words(places.city),
    "TOWN": _of_words(places.city),
    "STREET_ADDRESS": _of_words(places.address),
    "ADDRESS": _of_words(places.address),
    "ORGANIZATION": _of_words(places.organisation),
    "ORGANISATION": _of_words(places.organisation),
    "FACILITY": _of_words(places.organisation),
    "HOSPITAL": _of_words(places.organisation),
    "PHONE_NUMBER": _of_words(identifiers.phone),
    "FAX_NUMBER": _of_words(identifiers.phone),
    "EMAIL_ADDRESS": online.email,
    "URL": _of_words(online.link),
    "IP_ADDRESS": _of_text(online.network_address),
    "USER_HANDLE": _of_words(online.handle),
    "MAC_ADDRESS": _of_text(identifiers.hexadecimal),
    "UUID": _of_text(identifiers.hexadecimal),
    "UK_NHS": _of_text(identifiers.nhs_number),
    "US_SSN": _of_text(identifiers.social_security_number),
    "US_ITIN": _of_text(identifiers.social_security_number),
    "CREDIT_CARD": _of_text(identifiers.identifier),
    "CRYPTO": _of_text(identifiers.identifier),
}
_POSTAL = re.compile(r"(^|_)(POSTCODE|POSTAL_CODE|ZIP|ZIP_CODE|PLZ)$")
# Presidio names identifiers of a country by its code; the rest say what they are.
_IDENTIFIER = re.compile(
    r"^(UK|US|DE|ES|AU|CA|FI|IN|IT|KR|NG|PH|PL|SG|ZA|SE|TH|TR|AT|CH|IE|NZ|FR|NL|MX)_"
    r"|(^|_)(ID|IDS|IDENTIFIER|NUMBER|NO|CODE|LICENSE|LICENCE|PASSPORT|PLATE|SERIAL|ACCOUNT|MRN|NPI"
    r"|GMC|NMC|LANR|BSNR|KVNR|VIN|IBAN|REGISTRATION|INSURANCE|DEVICE|VEHICLE|MEMBER|BENEFICIARY|POLICY|PRESCRIPTION)($|_)"
)
OF_PEOPLE = {"PERSON": names.person, "EMAIL_ADDRESS": online.email}
"""Generators that ask the record's hints."""
DATES = frozenset({"DATE_TIME", "DATE_OF_BIRTH", "DATE"})
"""Entities whose surrogate is a shifted date."""
AGES = frozenset({"AGE", "AGE_OVER_89"})
"""Entities whose surrogate is a band of ages."""


@lru_cache(maxsize=1024)
def generator(entity: str) -> Generator | None:
    """What makes surrogates of an entity; None where nothing does."""
    if entity in _GENERATORS:
        return _GENERATORS[entity]
    if _POSTAL.search(entity):
        return _of_text(places.postcode)
    return _of_text(identifiers.identifier) if _IDENTIFIER.search(entity) else None


def surrogate(key: bytes, entity: str, value: str, words: Lexicon, hints: Hints = NO_HINTS) -> str:
    """The surrogate of a value, never the value itself; the entity in angle brackets where there is
    no generator."""
    if entity in OF_PEOPLE:
        new = OF_PEOPLE[entity](key, value, words, hints)
    else:
        new = _of_things(key, entity, value, words.locale)
    # Nothing in it could be changed (a title alone, punctuation): taken out, to be safe.
    return redacted(entity) if new.casefold() == value.casefold() else new


@lru_cache(maxsize=4_096)
def _of_things(key: bytes, entity: str, value: str, locale: str) -> str:
    make = generator(entity)
    return make(key, value, lexicon.load(locale), NO_HINTS) if make else redacted(entity)


def redacted(entity: str) -> str:
    """What stands in the place of a value that is taken out."""
    return f"<{entity}>"
