"""Postcodes. British ones tell by their form; those of digits alone only beside a place."""

from __future__ import annotations

from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser, Labelled

_UK_AREAS_TEXT = """
AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E
EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN
LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP
SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
"""
_UK_AREAS = frozenset(_UK_AREAS_TEXT.split())
_UK_OUTWARD = r"[A-PR-UWYZ](?:\d{1,2}|[A-HK-Y]\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])"
_UK_INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|"
    "NM|NY|NC|ND|OH|OK|OR|PA|PR|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY"
)
_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|"
    "Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|"
    "Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|Hampshire|Jersey|Mexico|York|"
    "Carolina|Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|"
    "Virginia|Washington|Wisconsin|Wyoming"
)
_CITY = r"(?-i:\p{Lu})\p{Ll}{2,}"
# What German counts in capitals: "in 12000 Fällen".
_NO_COUNT = (
    r"(?!(?:F[aä]lle|Patient|Euro|Einheit|Schritt|Stück|Jahre|Menschen|Personen|Männer|Frauen|"
    r"Kinder|Casos|Pacientes|Unidades|Euros|Personas|Pasos|Units|Steps|People|Patients|Dollars|"
    r"Pounds|Cases|Veces|Mal)\p{L}*)"
)


class UkPostcode(GroupRecogniser):
    """UK_POSTCODE whose area exists."""

    ENTITY = "UK_POSTCODE"
    CONTEXT = ("postcode", "post", "address", "live", "lives")
    PATTERNS = (
        Pattern("spaced", rf"\b(?-i:(?:GIR[ ]0AA|{_UK_OUTWARD}[ ]{_UK_INWARD}))\b", 0.85),
        Pattern("unspaced", rf"\b(?-i:{_UK_OUTWARD}{_UK_INWARD})\b", 0.5),
        Pattern(
            "lower case",
            rf"\b(?-i:(?=[a-z\d]+[ ]?[a-z\d]+\b))(?:{_UK_OUTWARD}[ ]{_UK_INWARD})\b",
            0.5,
        ),
        Labelled(
            "labelled",
            r"\bpost[ ]?code(?:['’]s|[ ]is)?[ :,]{1,3}(?:it['’]s[ ])?"
            rf"(?P<id>{_UK_OUTWARD}(?:[ ]?{_UK_INWARD})?)\b",
            0.9,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        area = ""
        for character in pattern_text.upper():
            if not character.isalpha():
                break
            area += character
        return area not in _UK_AREAS and area != "GIR"


class UsZipCode(GroupRecogniser):
    """US_ZIP_CODE after a state, or labelled."""

    ENTITY = "US_ZIP_CODE"
    CONTEXT = ("zip", "address")
    PATTERNS = (
        Pattern(
            "after a state",
            rf"\b(?:(?-i:{_STATES})|(?-i:{_STATE_NAMES}))\.?,?\s{{1,2}}(?P<id>\d{{5}}(?:-\d{{4}})?)"
            r"(?![\d-]|[.,]\d)",
            0.85,
        ),
        Labelled(
            "labelled",
            r"\b(?:zip|postal)(?:[ -]?code)?(?:['’]s|[ ]is)?[ :,]{1,3}(?:it['’]s[ ])?"
            r"(?P<id>\d{5}(?:-\d{4})?|\d(?:[ ]\d){4})(?!\d)",
            0.9,
        ),
        Pattern("ZIP+4", r"(?<![\d-])\d{5}-\d{4}(?![\d-])", 0.35),
    )


class DePostcode(GroupRecogniser):
    """DE_POSTCODE before a place, or labelled."""

    ENTITY = "DE_POSTCODE"
    CONTEXT = ("plz", "postleitzahl", "adresse", "anschrift", "wohnhaft")
    PATTERNS = (
        Pattern(
            "before a place",
            r"(?:^[ \t]{0,8}|,[ ]|\b(?:in|aus|nach|at|from)[ ]|\bD-[ ]?|\n[ \t]*|\d[a-z]?[ ])"
            rf"(?P<id>(?!00)\d{{5}})[ ]{_NO_COUNT}{_CITY}",
            0.75,
        ),
        Labelled(
            "labelled",
            r"\b(?:plz|postleitzahl|post(?:al)?[ ]?code)(?:[ ](?:ist|is))?[ :,]{1,3}(?:D-)?"
            r"(?P<id>\d{5})(?!\d)",
            0.9,
        ),
    )


class EsPostcode(GroupRecogniser):
    """ES_POSTCODE before a place, or labelled; the first two digits are a province."""

    ENTITY = "ES_POSTCODE"
    CONTEXT = ("cp", "postal", "domicilio", "dirección")
    PATTERNS = (
        Pattern(
            "before a place",
            r"(?:^[ \t]{0,8}|[,.-][ ]|\b(?:en|de|in|from)[ ]|\bE-[ ]?|\n[ \t]*|"
            r"\d[ºª]?[ ]?[A-Z]?[ ])"
            rf"(?P<id>(?:0[1-9]|[1-4]\d|5[0-2])\d{{3}})[ ,(]{{1,2}}{_NO_COUNT}{_CITY}",
            0.75,
        ),
        Labelled(
            "labelled",
            r"\b(?:cp|c\.[ ]?p\.?|c[oó]d(?:igo|\.)?[ ]postal|post(?:al)?[ ]?code)"
            r"(?:[ ](?:es|is))?[ :,]{1,3}(?P<id>\d{5})(?!\d)",
            0.9,
        ),
    )
