"""Names behind a label, as on forms and in letters: "Name: ...", "GP: Dr ...", "c/o ..."."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._names import (
    ANY_CASE_NAME,
    FULL_NAME_OR_CAPITALS,
    NAME,
    TITLES,
    NameRecogniser,
)

_FIELD = (
    r"(?:(?:full|first|last|middle|maiden|given|family|preferred|birth|patient(?:['’]s)?|pt)[ ]"
    r"names?|forenames?|surname|name|next[ ]of[ ]kin|nok|emergency[ ]contact|contact[ ]person|"
    r"vor-?[ ]?und[ ]nachname|vorname|nachname|familienname|geburtsname|ansprechpartner(?:in)?|"
    r"nombre(?:[ ]y[ ]apellidos)?|apellidos?|persona[ ]de[ ]contacto)"
)
_WHO = (
    r"(?:dra?|patient(?:in)?|pt|paciente|client|caller|gp|doctor|physician|provider|clinician|"
    r"consultant|"
    r"surgeon|nurse|pharmacist|therapist|interpreter|attending|re|to|from|cc|attn|"
    r"referring[ ](?:doctor|physician|provider|gp)|attending[ ]physician|"
    r"(?:haus|fach)?[äa]rzt(?:in)?|einweisende[rn]?[ ](?:arzt|ärztin)|médic[oa]|m[eé]dic[oa]|"
    r"(?:remitid|emitid|firmad)[oa][ ]por|responsable(?:[ ]cl[ií]nico)?|mother|father|parent|"
    r"guardian|carer|husband|wife|partner|"
    r"daughter|son|an|von|betreff)"
)
_BY = (
    r"(?:(?:referred|seen|reviewed|accompanied|assessed|examined|treated|discharged|prescribed|"
    r"booked|ordered|brought(?:[ ]in)?|consulted|administered)[ ]by|(?:consulted|spoke|spoken|"
    r"discussed|appointment)[ ]with|"
    r"under[ ]the[ ]care[ ]of|c/o|f\.?a\.?o\.?|attention[ ]of|überwiesen[ ]von|z\.?[ ]?hd\.?|"
    r"derivad[oa][ ]por|remitid[oa][ ]por|atendid[oa][ ]por|acompañad[oa][ ](?:por|de))"
)
_ENDS = r"(?=[ \t]*(?:$|\n|[,;(|]|\.(?:\s|$)|\s(?-i:DOB|NHS|MRN|NHC|D\.O\.B|N\.?[º°])|[ ]-[ ]))"


class LabelledName(NameRecogniser):
    """PERSON behind a label. "Patient:" and "Doctor:" label a speaker more often than a name, so
    that behind them a name has two words at least and ends its line or clause."""

    PATTERNS = (
        Pattern(
            "field",
            rf"\b{_FIELD}[ ]?[:=][ \t]{{0,8}}{TITLES}"
            rf"(?P<id>{ANY_CASE_NAME}(?:,[ ]{ANY_CASE_NAME}(?=[ \t]*(?:$|[,;(])))?)",
            0.8,
        ),
        Pattern(
            "person",
            rf"\b{_WHO}[ ]?:[ \t]{{0,8}}{TITLES}(?P<id>{FULL_NAME_OR_CAPITALS}){_ENDS}",
            0.75,
        ),
        Pattern("by", rf"\b{_BY}[ :]{{1,3}}{TITLES}(?P<id>{NAME})", 0.65),
    )
