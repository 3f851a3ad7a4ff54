"""Vehicle identification numbers and licence plates."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._checksums import vin
from transforms.detect.recognisers._ids import GAP, has_digits

_LABEL = (
    r"(?:(?:car|vehicle|van)?[ ]?reg(?:istration)?(?:[ ](?:number|plate|no\b|mark))?|"
    r"(?:number|licen[cs]e|car)[ -]?plates?(?:[ ](?:number|no\b))?|plates?[ ](?:number|no\b)|"
    r"tag[ ]number|"
    r"(?:kfz-?|amtliches[ ])?kennzeichen|nummernschild|matr[ií]cula)"
)


class Vin(GroupRecogniser):
    """VEHICLE_ID: 17 characters; bare ones need the North American check digit."""

    ENTITY = "VEHICLE_ID"
    PATTERNS = (
        Labelled(
            "labelled",
            r"\b(?:vin|vehicle[ ]identification|chassis|fahrgestell-?nummer|fin|bastidor)\b"
            rf"(?:[ ](?:number|no\b))?{GAP}(?P<id>[A-HJ-NPR-Z\d]{{17}})\b",
            0.95,
        ),
        Pattern("bare", r"\b(?=[A-Z]*\d)(?-i:[A-HJ-NPR-Z\d]{8}[\dX][A-HJ-NPR-Z\d]{8})\b", 0.5),
    )

    def validate_result(self, pattern_text: str) -> bool:
        return vin(pattern_text) and not pattern_text.isdecimal()


class _Plate(GroupRecogniser):
    ENTITY = "VEHICLE_ID"
    CONTEXT = (
        "registration", "reg", "plate", "car", "vehicle", "van", "taxi", "motorbike",
        "kennzeichen", "auto", "matrícula", "coche",
    )  # fmt: skip


class LabelledPlate(_Plate):
    """VEHICLE_ID of any country behind a label."""

    PATTERNS = (
        Labelled(
            "labelled",
            rf"\b{_LABEL}{GAP}(?P<id>(?-i:(?=[A-ZÄÖÜ\d -]{{0,8}}\d)(?=[\d -]{{0,8}}[A-ZÄÖÜ])"
            r"[A-ZÄÖÜ\d]{1,7}(?:[ -][A-Z\d]{1,6}){0,2}))\b",
            0.8,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        return not has_digits(pattern_text, 1) or len(pattern_text) < 4


class UkPlate(_Plate):
    """VEHICLE_ID: current British plates (AB51 ABC)."""

    PATTERNS = (
        Pattern(
            "current",
            r"\b(?-i:[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|[67]\d)[ ]?[A-HJ-PR-Z]{3})\b",
            0.45,
        ),
    )


class DePlate(_Plate):
    """VEHICLE_ID: German plates with their hyphen (M-AB 1234)."""

    PATTERNS = (
        Pattern(
            "plate", r"(?<![\w-])(?-i:[A-ZÄÖÜ]{1,3}-[A-Z]{1,2}[ -]?[1-9]\d{0,3}[EH]?)(?![\w-])", 0.4
        ),
    )


class EsPlate(_Plate):
    """VEHICLE_ID: Spanish plates (1234 BCD)."""

    PATTERNS = (
        Pattern("plate", r"(?<![\w-])(?-i:\d{4}[ -]?[BCDFGHJKLMNPRSTVWXYZ]{3})(?![\w-])", 0.35),
    )
