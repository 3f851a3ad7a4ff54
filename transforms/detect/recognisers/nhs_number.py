"""Numbers of the British health services: NHS number (England, Wales) and CHI (Scotland)."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._checksums import digits, mod11
from transforms.detect.recognisers._ids import GAP, NUMBER_WORD


class NhsNumber(GroupRecogniser):
    """UK_NHS with or without spaces. Both numbers have ten digits and the same mod-11 check; behind
    a label ten digits are enough."""

    ENTITY = "UK_NHS"
    # One in eleven telephone numbers passes the check.
    VALID_SCORE = 0.85
    PATTERNS = (
        Labelled(
            "labelled",
            rf"\b(?:nhs|chi|health[ ]and[ ]care)\b{NUMBER_WORD}?{GAP}"
            r"(?P<id>\d(?:[ -]?\d){9})(?!\d)",
            0.95,
        ),
        Pattern("bare", r"(?<![\d+.-])\b\d{3}([ -]?)\d{3}\1\d{4}\b(?![.-]?\d)", 0.5),
    )

    def validate_result(self, pattern_text: str) -> bool:
        return mod11(digits(pattern_text))
