"""German health insurance numbers (Krankenversichertennummer)."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._checksums import kvnr
from transforms.detect.recognisers._ids import GAP

_NUMBER = r"[A-Z][ ]?\d{3}[ ]?\d{3}[ ]?\d{3}(?!\w)"


class Kvnr(GroupRecogniser):
    """DE_KVNR: a letter and nine digits, the last of them a check digit."""

    ENTITY = "DE_KVNR"
    CONTEXT = ("kvnr", "krankenkasse", "versichertennummer", "gesundheitskarte", "insurance")
    PATTERNS = (
        Labelled(
            "labelled",
            r"\b(?:kvnr|kv-?nummer|(?:kranken)?versicher(?:ten|ungs)-?(?:nummer|nr\.?|id)|egk)"
            rf"\b{GAP}(?P<id>{_NUMBER})",
            0.95,
        ),
        Pattern("bare", rf"\b(?-i:{_NUMBER})", 0.5),
    )

    def validate_result(self, pattern_text: str) -> bool:
        return kvnr(pattern_text.replace(" ", ""))
