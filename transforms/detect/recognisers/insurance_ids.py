"""Numbers of insured persons, policies and groups."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._ids import GAP, IDENTIFIER, NUMBER_WORD, has_digits


class InsuranceId(GroupRecogniser):
    """INSURANCE_ID behind a label: member, policy, group, claim; nº de afiliado, póliza; ..."""

    ENTITY = "INSURANCE_ID"
    PATTERNS = (
        Labelled(
            "number",
            r"\b(?:insurance|member(?:ship)?|policy|subscriber|group|plan|beneficiary|medicare|"
            r"medicaid|"
            r"claim|(?:pre-?|prior[ ])?auth(?:ori[sz]ation)?|hicn?|cover|bupa|axa|aetna|cigna|"
            r"humana|kaiser|insured|enrollee)(?:[ ](?:policy|member|card|plan|group))?"
            rf"{NUMBER_WORD}{GAP}(?P<id>{IDENTIFIER})",
            0.8,
        ),
        Labelled(
            "own label",
            r"\b(?:versicherungs-?(?:nummer|nr\.?)|versicherungsschein-?(?:nummer|nr\.?)|"
            r"policen-?(?:nummer|nr\.?)|(?:n[uú]m(?:ero)?|n[º°.]|"
            r"n\.º)[.]?[ ](?:de[ ])?(?:la[ ])?(?:p[oó]liza|"
            r"afiliad[oa]|asegurad[oa]|seguridad[ ]social|tarjeta[ ]sanitaria|mutua)|p[oó]liza|"
            r"nass|"
            r"nuss|tarjeta[ ]sanitaria|policy|ss[ ]n[º°])"
            rf"\b{NUMBER_WORD}?{GAP}(?P<id>\d{{2}}[ /-]\d{{7,8}}[ /-]\d{{2}}\b|{IDENTIFIER})",
            0.8,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        return not has_digits(pattern_text, 4)


class Mbi(GroupRecogniser):
    """INSURANCE_ID: US Medicare Beneficiary Identifier (format by CMS; it has no check digit)."""

    ENTITY = "INSURANCE_ID"
    CONTEXT = ("medicare", "mbi", "beneficiary", "insurance")
    _LETTER = "[AC-HJKMNP-RT-Y]"
    _EITHER = r"[AC-HJKMNP-RT-Y\d]"
    PATTERNS = (
        Pattern(
            "MBI",
            rf"\b(?-i:[1-9]{_LETTER}{_EITHER}\d[ -]?{_LETTER}{_EITHER}\d[ -]?{_LETTER}{{2}}\d\d)\b",
            0.85,
        ),
    )
