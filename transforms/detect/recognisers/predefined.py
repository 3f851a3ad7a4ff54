"""Presidio's own recognisers, as far as they are sound on consultations."""

from __future__ import annotations

from collections.abc import Sequence

import regex
import tldextract
from presidio_analyzer import EntityRecognizer, Pattern
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    CryptoRecognizer,
    DateRecognizer,
    DeIdCardRecognizer,
    DeSocialSecurityRecognizer,
    DeTaxIdRecognizer,
    EmailRecognizer,
    EsNieRecognizer,
    EsNifRecognizer,
    EsPassportRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    PhoneRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UrlRecognizer,
    UsItinRecognizer,
    UsPassportRecognizer,
    UsSsnRecognizer,
    UuidRecognizer,
)

# The list of public suffixes that comes with the package: the default asks the network.
_SENTENCE_END = regex.compile(r"\p{Ll}\.\p{Lu}\p{Ll}+$")
_suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


class OfflineEmailRecognizer(EmailRecognizer):
    """Presidio's e-mail recogniser without its call to the network."""

    def validate_result(self, pattern_text: str) -> bool:
        return bool(_suffixes(pattern_text).fqdn)


class FullDateRecognizer(DateRecognizer):
    """Presidio's date recogniser without two-part dates: "10/20" and "3/12" are scores, fractions
    and durations far more often than a month and a year."""

    PATTERNS = [
        p for p in DateRecognizer.PATTERNS if not p.name.startswith(("mm/yy or", "dd-MMM or"))
    ]


class WholeUrlRecognizer(UrlRecognizer):
    """Presidio's URL recogniser without its finds across the end of a sentence ("OK.And",
    "um...no", "temp.No fever"), which are common in transcripts."""

    def __init__(self, supported_language: str) -> None:
        patterns = [
            Pattern(p.name, rf"(?:{p.regex})(?![\p{{L}}\d])", p.score) for p in self.PATTERNS
        ]
        super().__init__(patterns=patterns, supported_language=supported_language)

    def invalidate_result(self, pattern_text: str) -> bool:
        return ".." in pattern_text or _SENTENCE_END.search(pattern_text) is not None


class LabelledPassportRecognizer(UsPassportRecognizer):
    """Presidio's passport recogniser without context words such as "us", which occur everywhere."""

    CONTEXT = ["passport", "passport#"]


# Left out: US_BANK_NUMBER and US_DRIVER_LICENSE (nearly every number is one), and those whose
# entity a recogniser of ours finds: NHS number, postcodes, plates, NPI, DEA, MBI, KVNR, LANR.
_GENERIC: tuple[type[EntityRecognizer], ...] = (
    CreditCardRecognizer,
    CryptoRecognizer,
    FullDateRecognizer,
    OfflineEmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    MacAddressRecognizer,
    WholeUrlRecognizer,
    UuidRecognizer,
)
_BY_COUNTRY: dict[str, tuple[type[EntityRecognizer], ...]] = {
    "GB": (UkNinoRecognizer, UkPassportRecognizer),
    "US": (UsSsnRecognizer, UsItinRecognizer, LabelledPassportRecognizer),
    "DE": (DeIdCardRecognizer, DeSocialSecurityRecognizer, DeTaxIdRecognizer),
    "ES": (EsNifRecognizer, EsNieRecognizer, EsPassportRecognizer),
}


def predefined(language: str, countries: Sequence[str]) -> list[EntityRecognizer]:
    """Presidio's recognisers for texts in ``language`` with identifiers of ``countries`` (ISO
    3166-1), and those that belong to no country. None of them asks the network."""
    classes = list(_GENERIC)
    for country in countries:
        classes += _BY_COUNTRY.get(country, ())
    phone = PhoneRecognizer(supported_language=language, supported_regions=tuple(countries))
    return [*(c(supported_language=language) for c in classes), phone]
