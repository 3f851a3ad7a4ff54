"""Numbers under which clinicians are registered, and licences of other kinds behind a label."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._checksums import dea, digits, lanr, npi
from transforms.detect.recognisers._ids import GAP, IDENTIFIER, NUMBER_WORD, has_digits


class _Licence(GroupRecogniser):
    ENTITY = "LICENCE_NUMBER"


class UkRegistration(_Licence):
    """LICENCE_NUMBER: GMC and GPhC (7 digits), NMC PIN (98I1234E), HCPC (PH123456), GDC."""

    CONTEXT = ("nmc", "pin", "nurse", "midwife", "registration")
    PATTERNS = (
        Labelled(
            "labelled",
            r"\b(?:gmc|gphc|hcpc|nmc|gdc|goc)(?:[ ](?:registration|reference|ref|pin))?"
            rf"{NUMBER_WORD}?{GAP}(?P<id>(?:[A-Z]{{2,3}})?\d{{5,7}}|\d\d[A-Z]\d{{4}}[A-Z])\b",
            0.95,
        ),
        Pattern("NMC PIN", r"\b(?-i:\d\d[A-I](?:0[1-9]|1[0-2])\d\d[A-Z])\b", 0.45),
    )


class UsNpi(_Licence):
    """LICENCE_NUMBER: US National Provider Identifier."""

    CONTEXT = ("npi", "provider")
    # One ten-digit number in fifty that is no NPI passes as one.
    VALID_SCORE = 0.6
    PATTERNS = (
        Labelled("labelled", rf"\bnpi\b{NUMBER_WORD}?{GAP}(?P<id>[12]\d{{9}})\b", 0.95),
        Pattern("bare", r"(?<![\d+.-])[12]\d{9}(?![\d.-]*\d)", 0.4),
    )

    def validate_result(self, pattern_text: str) -> bool:
        return npi(pattern_text)


class UsDea(_Licence):
    """LICENCE_NUMBER: US DEA registration of prescribers."""

    CONTEXT = ("dea",)
    VALID_SCORE = 0.85
    PATTERNS = (
        Labelled("labelled", rf"\bdea\b{NUMBER_WORD}?{GAP}(?P<id>[A-Z][A-Z9]\d{{7}})\b", 0.95),
        Pattern("bare", r"\b(?-i:[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7})\b", 0.4),
    )

    def validate_result(self, pattern_text: str) -> bool:
        return dea(pattern_text)


class DeLanr(_Licence):
    """LICENCE_NUMBER: German Arztnummer (LANR) and Betriebsstättennummer (BSNR), nine digits."""

    CONTEXT = ("lanr", "arztnummer", "arzt", "ärztin", "hausarzt")
    # Nine digits with one check digit: too little without words that tell.
    VALID_SCORE = 0.3
    PATTERNS = (
        Labelled(
            "labelled",
            r"\b(?:lanr|bsnr|(?:arzt|betriebsstätten)-?(?:nummer|nr\.?)|arzt-id)\b"
            rf"{GAP}(?P<id>\d{{9}}|\d{{7}}[ /-]\d{{2}}|\d{{6}}[ ]\d[ ]\d{{2}})(?!\d)",
            0.95,
        ),
        Pattern("bare", r"(?<![\d+.-])\d{9}(?![\d.-]*\d)", 0.3),
    )

    def validate_result(self, pattern_text: str) -> bool:
        return lanr(digits(pattern_text))


class EsColegiado(_Licence):
    """LICENCE_NUMBER: Spanish número de colegiado, in its forms (28 28 20943, 282820943)."""

    PATTERNS = (
        Labelled(
            "labelled",
            r"\b(?:(?:n[uú]m(?:ero)?|n[ºo°]|n\.º)?\.?[ ]?(?:de[ ])?colegiad[oa]|(?:n[ºo°]|"
            r"n\.º)[ ]?col\b\.?|"
            rf"ncol|col\.[ ]n[º°])(?:[ ](?:n[uú]m(?:ero)?|n[º°]))?\.?{GAP}"
            r"(?P<id>\d{2}[ /-]\d{2}[ /-]\d{4,5}|\d{2}[ /-]\d{4,7}|\d{4,9})(?!\d)",
            0.95,
        ),
    )


class OtherLicence(_Licence):
    """LICENCE_NUMBER behind a label: medical, nursing and driving licences, certificates."""

    PATTERNS = (
        Labelled(
            "labelled",
            r"\b(?:licen[cs]e|certificate|registration|approbation|führerschein|"
            r"permiso[ ]de[ ]conducir|"
            rf"carn[eé][ ]de[ ]conducir|approbations){NUMBER_WORD}{GAP}(?P<id>{IDENTIFIER}|"
            r"[A-Z9]{5}\d{6}[A-Z9]{2}[A-Z\d]{3})\b",
            0.8,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        return not has_digits(pattern_text, 4)
