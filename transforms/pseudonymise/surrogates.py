"""Which surrogate an entity has: pure functions of key, entity, value and the record's hints."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from functools import lru_cache
from typing import NamedTuple

from . import identifiers, lexicon, names, online, places, reals
from .hints import NO_HINTS, Hints
from .keyed import stream
from .lexicon import Lexicon


class _How(NamedTuple):
    """What a generator is told."""

    words: Lexicon
    keep_checksums: bool
    avoid: frozenset[str]


Generator = Callable[[bytes, str, _How], str]


def _of_text(make: Callable[[bytes, str], str]) -> Generator:
    return lambda key, value, how: make(key, value)


def _of_words(make: Callable[[bytes, str, Lexicon], str]) -> Generator:
    return lambda key, value, how: make(key, value, how.words)


def _of_places(make: Callable[[bytes, str, Lexicon, Container[str]], str]) -> Generator:
    return lambda key, value, how: make(key, value, how.words, how.avoid)


def _of_numbers(entity: str) -> Generator:
    return lambda key, value, how: identifiers.checked(key, value, entity, how.keep_checksums)


_GENERATORS: dict[str, Generator] = {
    "LOCATION": _of_places(places.location),
    "CITY": _of_places(places.city),
    "TOWN": _of_places(places.city),
    "STREET_ADDRESS": _of_places(places.address),
    "ADDRESS": _of_places(places.address),
    "ORGANIZATION": _of_places(places.organisation),
    "ORGANISATION": _of_places(places.organisation),
    "FACILITY": _of_places(places.organisation),
    "HOSPITAL": _of_places(places.organisation),
    "PHONE_NUMBER": _of_words(identifiers.phone),
    "FAX_NUMBER": _of_words(identifiers.phone),
    "URL": _of_words(online.link),
    "IP_ADDRESS": _of_text(online.network_address),
    "USER_HANDLE": _of_words(online.handle),
    "MAC_ADDRESS": _of_text(identifiers.hexadecimal),
    "UUID": _of_text(identifiers.hexadecimal),
    "UK_NHS": lambda key, value, how: identifiers.nhs_number(key, value, how.keep_checksums),
    "US_SSN": _of_text(identifiers.social_security_number),
    "US_ITIN": _of_text(identifiers.social_security_number),
    "CREDIT_CARD": _of_numbers("CREDIT_CARD"),
    "CRYPTO": _of_text(identifiers.identifier),
}
_POSTAL = re.compile(r"(^|_)(POSTCODE|POSTAL_CODE|ZIP|ZIP_CODE|PLZ)$")
# Presidio names identifiers of a country by its code; the rest say what they are.
_IDENTIFIER = re.compile(
    r"^(UK|US|DE|ES|AU|CA|FI|IN|IT|KR|NG|PH|PL|SG|ZA|SE|TH|TR|AT|CH|IE|NZ|FR|NL|MX)_"
    r"|(^|_)(ID|IDS|IDENTIFIER|NUMBER|NO|CODE|LICENSE|LICENCE|PASSPORT|PLATE|SERIAL|ACCOUNT|MRN|NPI"
    r"|GMC|NMC|LANR|BSNR|KVNR|VIN|IBAN|REGISTRATION|INSURANCE|DEVICE|VEHICLE|MEMBER|BENEFICIARY|POLICY|PRESCRIPTION)($|_)"
)
_ATTEMPTS = 100
OF_PEOPLE = {"PERSON": names.person, "EMAIL_ADDRESS": online.email}
"""Generators that ask the record's hints."""


@lru_cache(maxsize=1024)
def generator(entity: str) -> Generator | None:
    """What makes surrogates of an entity that is no person's; None where nothing does."""
    if entity in _GENERATORS:
        return _GENERATORS[entity]
    if _POSTAL.search(entity):
        country = entity[:2] if entity[2:3] == "_" else ""
        return lambda key, value, how: places.postcode(key, value, country or how.words.country)
    return _of_numbers(entity) if _IDENTIFIER.search(entity) else None


def surrogate(
    key: bytes,
    entity: str,
    value: str,
    words: Lexicon,
    hints: Hints = NO_HINTS,
    keep_checksums: bool = True,
) -> str:
    """The surrogate of a value: never the value itself, nor another value of the record
    (``hints.real``); the entity in angle brackets where there is no generator.

    ``keep_checksums``: whether identifiers that have a check digit have one afterwards.
    """
    if entity in OF_PEOPLE:
        new = OF_PEOPLE[entity](key, value, words, hints)
    else:
        new = _of_things(key, entity, value, words.locale, keep_checksums)
        if hints.real and not hints.real.isdisjoint(reals.named_in(new)):
            new = _again(key, entity, value, _How(words, keep_checksums, hints.real))
    # Nothing in it could be changed (a title alone, punctuation): taken out, to be safe.
    return redacted(entity) if new.casefold() == value.casefold() else new


def _again(key: bytes, entity: str, value: str, how: _How) -> str:
    """Another surrogate, since the first stands for somebody in the record: of its parts those that
    must be; as a whole, if that does not help."""
    make = generator(entity)
    if make is None:
        # What stands there is no surrogate, but the entity's own name.
        return redacted(entity)
    for attempt in range(_ATTEMPTS):
        again = stream(key, "again", str(attempt), len(key)) if attempt else key
        new = make(again, value, how)
        if how.avoid.isdisjoint(reals.numbers_in(new)):
            return new
    return redacted(entity)


@lru_cache(maxsize=4_096)
def _of_things(key: bytes, entity: str, value: str, locale: str, keep_checksums: bool) -> str:
    make = generator(entity)
    how = _How(lexicon.load(locale), keep_checksums, frozenset())
    return make(key, value, how) if make else redacted(entity)


def redacted(entity: str) -> str:
    """What stands in the place of a value that is taken out."""
    return f"<{entity}>"
