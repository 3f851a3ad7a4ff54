"""Numbers under which a provider keeps a patient's record."""

from __future__ import annotations

from transforms.detect.recognisers._base import GroupRecogniser, Labelled
from transforms.detect.recognisers._ids import GAP, IDENTIFIER, NUMBER_WORD, has_digits


class MedicalRecordNumber(GroupRecogniser):
    """MEDICAL_RECORD_NUMBER behind its label: MRN, hospital number, NHC, Fallnummer ..."""

    ENTITY = "MEDICAL_RECORD_NUMBER"
    PATTERNS = (
        Labelled(
            "own label",
            r"\b(?:mrn|mr[ ]?#|emr|ehr[ ]?id|urn|chi|crn|nhc|n\.?h\.?c|cipa?|pat\.?-?nr|"
            r"(?:fall|patienten|akten|aufnahme|behandlungs)-?(?:nummer|nr|id|kennung)|"
            r"n(?:[uú]m(?:ero)?|[ºo°.])\.?[ ](?:de[ ])?(?:la[ ])?historia(?:[ ]cl[ií]nica)?|"
            r"historia[ ]cl[ií]nica|episodio)\b\.?"
            rf"{NUMBER_WORD}?{GAP}(?P<id>{IDENTIFIER})",
            0.85,
        ),
        Labelled(
            "number",
            r"\b(?:medical[ ]records?|med[ ]rec|health[ ]record|hospital|hosp|patient(?:['’]s)?|pt|"
            r"chart|records?|case|file|clinic|practice|encounter|visit|admission|accession|lab|"
            r"specimen|sample|request|referral|ubrn|booking|reference|ref|unit|system|paciente|"
            r"expediente|registro)"
            rf"(?:[ ](?:record|reference|ref))?{NUMBER_WORD}{GAP}(?P<id>{IDENTIFIER})",
            0.8,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        return not has_digits(pattern_text, 4)
