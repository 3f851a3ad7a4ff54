"""What HL7's older standards, version 2 and CDA, share: times, code systems, sexes.

Sources: HL7 Version 2.9, chapter 2A (DTM), tables 0001 and 0396; HL7 Terminology, OIDs.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

_TIME = re.compile(
    r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,9}))?)?)?)?)?)?"
    r"\s?([+-]\d{4}|Z)?",
    re.ASCII,
)

_SYSTEMS = {
    "http://loinc.org": "LN LOINC 2.16.840.1.113883.6.1",
    "http://snomed.info/sct": "SCT SNM SNM3 SNOMED-CT 2.16.840.1.113883.6.96",
    "http://hl7.org/fhir/sid/icd-10-cm": "I10C ICD10CM ICD-10-CM 2.16.840.1.113883.6.90",
    "http://hl7.org/fhir/sid/icd-10": "I10 ICD10 ICD-10 2.16.840.1.113883.6.3",
    "http://hl7.org/fhir/sid/icd-9-cm": "I9C ICD9 I9 2.16.840.1.113883.6.103",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXNORM RXN 2.16.840.1.113883.6.88",
    "http://hl7.org/fhir/sid/ndc": "NDC 2.16.840.1.113883.6.69",
    "http://www.ama-assn.org/go/cpt": "C4 CPT CPT4 2.16.840.1.113883.6.12",
    "http://hl7.org/fhir/sid/cvx": "CVX 2.16.840.1.113883.12.292",
}
_URIS = {name: uri for uri, names in _SYSTEMS.items() for name in names.split()}

SEXES = {"M": "male", "F": "female", "O": "other", "A": "other", "N": "other", "U": "unknown"}
"""Administrative sex in the words of FHIR."""
_UNDIFFERENTIATED = {"UN": "other", "UNK": "unknown"}


def sex_of(code: str) -> str | None:
    """``male`` for M; ``None`` for a code that the tables do not have."""
    return SEXES.get(code.upper()) or _UNDIFFERENTIATED.get(code.upper())


def system_of(name: str) -> str | None:
    """The URI of a code system, told from its name or OID; what is not known stays as it is."""
    return _URIS.get(name.upper(), name) or None


@lru_cache(8192)
def time_of(text: str, zone: str | None = None, offset: str = "") -> str | None:
    """A point in time to ISO 8601, as precise as it is written: ``202403`` is ``2024-03``.

    ``offset`` (``+0100``) is what times without one have in this message or document; without it
    their offset is that of the time zone. ``None`` where it is no time.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, own = match.groups()
    try:
        moment = datetime(
            int(year), int(month or 1), int(day or 1),
            int(hour or 0), int(minute or 0), min(int(second or 0), 59),
            int(fraction[:6].ljust(6, "0")) if fraction else 0,
        )  # fmt: skip
    except ValueError:
        return None
    if hour is None:
        return "-".join(part for part in (year, month, day) if part)
    if own or offset:
        return moment.isoformat() + _offset(own or offset)
    return moment.replace(tzinfo=ZoneInfo(zone) if zone else None).isoformat()


def offset_in(text: str) -> str:
    """The offset from UTC at the end of a time; empty, where it has none."""
    match = _TIME.fullmatch(text.strip())
    return (match[8] or "") if match else ""


def _offset(text: str) -> str:
    return "+00:00" if text == "Z" else f"{text[:3]}:{text[3:]}"
