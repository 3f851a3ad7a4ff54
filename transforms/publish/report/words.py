"""Plain words for what the facts call by short names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from transforms.fields import Treatment

_OTHER = "Record and other numbers"

_KINDS = {
    "Names of people": ("PERSON",),
    "Dates and ages": ("DATE_TIME", "DATE_OF_BIRTH", "DATE", "AGE", "AGE_OVER_89"),
    "Phone numbers": ("PHONE_NUMBER",),
    "E-mail and web names": ("EMAIL_ADDRESS", "URL", "USER_HANDLE", "IP_ADDRESS"),
    "Addresses and places": ("STREET_ADDRESS", "LOCATION", "CITY", "POSTCODE", "US_ZIP_CODE"),
    "Employers, clinics, jobs": ("ORGANIZATION", "FACILITY", "OCCUPATION", "NRP"),
}

_KIND_OF = {entity: kind for kind, entities in _KINDS.items() for entity in entities}

GROUPS = {
    "replaced by made-up values or codes": (
        Treatment.SURROGATE,
        Treatment.TOKEN,
        Treatment.ENCRYPT,
        Treatment.FPE,
        Treatment.MASK,
        Treatment.REDACT,
    ),
    "dates moved by a secret number of days": (Treatment.SHIFT,),
    "made coarser, such as an age to ten years": (Treatment.GENERALISE,),
    "published as they are": (Treatment.KEEP,),
    "left out": (Treatment.DROP,),
}
"""What happens to fields, for who reads of it for the first time."""


def kind(entity: str) -> str:
    """The kind of identifier to which an entity belongs."""
    if entity.endswith("POSTCODE"):
        return "Addresses and places"
    return _KIND_OF.get(entity, _OTHER)


def by_kind(found: Mapping[str, int]) -> dict[str, int]:
    """Numbers by entity as numbers by kind, the most first."""
    kinds: Counter[str] = Counter()
    for entity, number in found.items():
        kinds[kind(entity)] += number
    return dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0])))


def percent(share: float) -> str:
    """A share in percent; neither 0 nor 100 unless it is."""
    if 0 < share < 0.001:
        return "under 0.1%"
    if 0.999 < share < 1:
        return "over 99.9%"
    return f"{100 * share:.3g}%"


def one_in(share: float) -> str:
    """A probability as "1 in so many"."""
    if share <= 0:
        return "nobody"
    many = 1 / share
    return f"1 in {many:.2g}" if many < 10 else f"1 in {many:,.0f}"


def many(number: int, thing: str) -> str:
    """A number of things."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def listed(names: list[str]) -> str:
    """Names in a row: "a, b and c"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
