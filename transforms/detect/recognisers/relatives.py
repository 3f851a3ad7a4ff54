"""Names of relatives and others close to a patient: "my husband Mark", "her daughter, Aisha,"."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._names import NAME, NameRecogniser

_ENGLISH = (
    r"husband|wife|spouse|partner|fianc[eé]e?|boyfriend|girlfriend|ex|son|daughter|child|baby|kid|"
    r"boy|girl|toddler|twins?|mother|mum|mummy|mom|mommy|ma|father|dad|daddy|parents|brother|"
    r"sister|"
    r"sibling|grand(?:mother|father|ma|pa|son|daughter|child|mum|dad)|nan|nana|granny|gran|"
    r"aunt(?:ie|y)?|uncle|niece|nephew|cousin|(?:mother|father|brother|sister|son|daughter)-in-law|"
    r"step(?:son|daughter|mother|father|mum|dad|brother|sister)|god(?:mother|father|son|daughter)|"
    r"carer|caregiver|guardian|friend|best[ ]friend|neighbou?r|flatmate|room-?mate|colleague|boss|"
    r"manager|teacher|doctor|gp|midwife|nurse|counsell?or|therapist|social[ ]worker"
)
_GERMAN = (
    r"mann|frau|ehemann|ehefrau|ehepartner(?:in)?|partner(?:in)?|lebensgefährt(?:e|in|en)|sohn|"
    r"tochter|mutter|mama|vater|papa|bruder|schwester|oma|opa|großmutter|großvater|enkel(?:in)?|"
    r"tante|onkel|neffen?|nichte|cousine?|schwager|schwägerin|schwiegermutter|schwiegervater|"
    r"schwiegersohn|schwiegertochter|freund(?:in)?|nachbar(?:in)?|betreuer(?:in)?"
)
_SPANISH = (
    r"hij[oa]|espos[oa]|marido|mujer|pareja|novi[oa]|madre|mam[aá]|padre|pap[aá]|herman[oa]|"
    r"abuel[oa]|niet[oa]|t[ií][oa]|sobrin[oa]|prim[oa]|cuñad[oa]|suegr[oa]|yerno|nuera|amig[oa]|"
    r"vecin[oa]|cuidador(?:a)?|compañer[oa]"
)


class RelativeName(NameRecogniser):
    """PERSON after a possessive and a relation, in English, German and Spanish."""

    PATTERNS = (
        Pattern(
            "relation",
            r"\b(?:my|his|her|their|your|our|patient['’]s|whose)[ ]"
            r"(?:(?:late|older|elder|eldest|oldest|younger|youngest|big|little|twin|own|ex|new|"
            r"current|other|middle|estranged|\d{1,2}[- ]years?[- ]old)[ -]){0,2}"
            rf"(?:{_ENGLISH})(?:,|[ ]is[ ]called|[ ]called|[ ]named|[ ]\(|[ ]-)?[ ]?"
            rf"(?P<id>(?<=[ (]){NAME})",
            0.7,
        ),
        Pattern(
            "Verwandte",
            r"\b(?:mein|dein|ihr|sein|unser)(?:e|er|em|en|es)?[ ]"
            r"(?:(?:ältere|jüngere|kleine|große|verstorbene|geschiedene)[nrms]?[ ])?"
            rf"(?:{_GERMAN})(?:,|[ ]heißt|[ ]namens)?[ ](?P<id>{NAME})",
            0.65,
        ),
        Pattern(
            "familiares",
            r"\b(?:mis?|tus?|sus?|nuestr[oa])[ ]"
            rf"(?:{_SPANISH})(?:[ ](?:mayor|menor|pequeñ[oa]|difunt[oa]))?"
            rf"(?:,|[ ]se[ ]llama)?[ ](?P<id>{NAME})",
            0.7,
        ),
    )
