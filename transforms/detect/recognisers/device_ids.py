"""Serial numbers of devices: implants, pumps, monitors, telephones."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._checksums import digits, luhn
from transforms.detect.recognisers._ids import GAP, IDENTIFIER, NUMBER_WORD, has_digits

_DEVICE = (
    r"(?:device|implant|pacemaker|defibrillator|icd|(?:insulin[ ])?pump|cgm|sensor|transmitter|"
    r"(?:glucose|heart|blood[ ]pressure|bp)[ ]?(?:meter|monitor)|glucometer|monitor|hearing[ ]aid|"
    r"cpap|machine|wheelchair|stent|prosthesis|phone|handset|laptop|tablet|gerät|marcapasos|"
    r"herzschrittmacher|bomba|dispositivo|sensor)"
)


class DeviceSerial(GroupRecogniser):
    """DEVICE_ID behind a label, and unique device identifiers (UDI) in their GS1 form."""

    ENTITY = "DEVICE_ID"
    PATTERNS = (
        Labelled(
            "serial number",
            r"\b(?:serial[ ]?(?:numbers?|no\b\.?|nr\b\.?|#)?|s/n|udi|device[ ]identifier|"
            r"(?:serien|geräte)-?(?:nummer|nr\.?|id)|(?:n[uú]mero|n[º°]|n\.º)[ ]de[ ]serie)"
            rf"{GAP}(?P<id>{IDENTIFIER})",
            0.85,
        ),
        Labelled("device number", rf"\b{_DEVICE}{NUMBER_WORD}{GAP}(?P<id>{IDENTIFIER})", 0.8),
        Pattern("UDI", r"\(01\)\d{14}(?:\(\d{2}\)[\w./-]{1,20}){0,5}", 0.95),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        return not has_digits(pattern_text, 4)


class Imei(GroupRecogniser):
    """DEVICE_ID: IMEI, 15 digits with Luhn's check digit."""

    ENTITY = "DEVICE_ID"
    CONTEXT = ("imei", "phone", "handset", "device")
    VALID_SCORE = 0.8
    PATTERNS = (
        Labelled(
            "labelled", rf"\bimei\b{NUMBER_WORD}?{GAP}(?P<id>\d(?:[ -]?\d){{13,15}})(?!\d)", 0.95
        ),
        Pattern("bare", r"(?<![\d-])\d{2}[ -]?\d{6}[ -]?\d{6}[ -]?\d(?![\d-])", 0.4),
    )

    def validate_result(self, pattern_text: str) -> bool:
        number = digits(pattern_text)
        return luhn(number) and len(set(number)) > 2
