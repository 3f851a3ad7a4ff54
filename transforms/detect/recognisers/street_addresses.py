"""Street addresses of the United Kingdom, the United States, Germany and Spain."""

from __future__ import annotations

import regex
from presidio_analyzer import Pattern

from transforms.detect.recognisers._base import GroupRecogniser
from transforms.detect.recognisers._words import is_stop_word

_UNIT = (
    r"(?:(?:flat|apt|apartment|unit|suite|ste|room|rm|floor|fl)\.?[ ]?#?[ ]?[A-Z]?\d{0,4}[A-Z]?\b)"
)
_KIND = (
    r"(?-i:(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Cl|Crescent|Cres|Court|Ct|"
    r"Place|"
    r"Pl|Square|Sq|Terrace|Ter|Gardens|Gdns|Grove|Gr|Hill|Mews|Park|Parade|Rise|Row|View|Walk|Way|"
    r"Yard|Boulevard|Blvd|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Trail|Trl|Turnpike|Pike|Loop|Green|"
    r"Wharf|Quay|Broadway|Gate|Path|Crossing|Expressway|Plaza|Alley|Bypass|Vale|Heights|"
    r"Meadows?)\b|"
    r"(?:STREET|ST|ROAD|RD|AVENUE|AVE|LANE|LN|DRIVE|CLOSE|COURT|CT|BLVD)\b)"
)
_PLAIN_KIND = (
    r"(?:street|road|avenue|lane|drive|crescent|boulevard|terrace|gardens|close|court|square)"
)
_WORD = (
    r"(?-i:(?!(?:Dr|Mr|Mrs|Ms|Miss|Doctor|Patient|Patients|The|And)\b)\p{Lu}[\p{L}'’.-]*|"
    r"\d{1,3}(?:st|nd|rd|th))"
)
_COMPASS = r"(?:(?-i:N|S|E|W|NE|NW|SE|SW|North|South|East|West)\.?[ ])?"
_NUMBER = r"(?<![\d/.,-])\d{1,5}(?:[-–/]\d{1,4})?[A-Z]?\b"


class StreetAddress(GroupRecogniser):
    """STREET_ADDRESS in English: "12 Oak St", "Flat 3, 22b Baker Street", "P.O. Box 12"."""

    ENTITY = "STREET_ADDRESS"
    CONTEXT = ("address", "live", "lives", "living", "home", "street")
    PATTERNS = (
        Pattern(
            "number and street",
            rf"\b(?:{_UNIT},?[ ])?{_NUMBER},?[ ]{_COMPASS}(?:{_WORD}[ ]){{1,4}}"
            rf"{_KIND}\.?(?:,?[ ](?:{_UNIT}|#[ ]?\w{{1,5}}))?",
            0.85,
        ),
        Pattern(
            "in lower case",
            rf"\b(?P<id>{_NUMBER}[ ](?:\p{{L}}[\p{{L}}'’]+[ ]){{1,2}}{_PLAIN_KIND})\b",
            0.6,
        ),
        Pattern(
            "street without number",
            r"\b(?:lives?|lived|living|resid(?:es|ing)|moved|home|address|house|flat)[ ]"
            rf"(?:is[ ])?(?:on|at|in|to)[ ](?P<id>(?:{_WORD}[ ]){{1,3}}{_PLAIN_KIND})\b",
            0.7,
        ),
        Pattern("box", r"\bP\.?[ ]?O\.?[ ]?Box[ ]#?\d{1,6}\b", 0.9),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        names = regex.findall(r"\p{L}[\p{L}'’]*", pattern_text)[:-1]
        lower = [name for name in names if name.islower() and len(name) > 1]
        titled = any(name.lower() in _TITLES for name in names)
        return titled or any(is_stop_word(name) or name in _MEASURES for name in lower)


_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "doctor"})
_MEASURES_TEXT = """
minute minutes min mins mile miles block blocks hour hours house houses door doors metres meters
metre yards feet km kilometres different times steps main busy local high wheel hard test flights
side same cross disk disc drives court tennis whole long short one two three
"""
_MEASURES = frozenset(_MEASURES_TEXT.split())


class LabelledAddress(GroupRecogniser):
    """STREET_ADDRESS of any country: the rest of the line behind "Address:", "Anschrift:" or
    "Domicilio:", if there is a number in it."""

    ENTITY = "STREET_ADDRESS"
    PATTERNS = (
        Pattern(
            "labelled",
            r"(?<!mail[ ])(?<!\bip[ ])(?<!\bmac[ ])\b"
            r"(?:address|domicilio|direcci[oó]n|anschrift|adresse)[ ]?:[ \t]{0,8}"
            r"(?P<id>[^\s@][^\n;@]{4,90}?)(?=[ \t.,]*(?:$|\n|;))",
            0.7,
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        return not any(c.isdecimal() for c in pattern_text)


class DeStreetAddress(GroupRecogniser):
    """STREET_ADDRESS in German: "Hauptstraße 5", "Lindenweg 12a", "Am Markt 3, 80331 ..."."""

    ENTITY = "STREET_ADDRESS"
    CONTEXT = ("adresse", "anschrift", "wohnhaft", "wohnt", "wohne")
    PATTERNS = (
        Pattern(
            "street",
            r"\b(?-i:\p{Lu})[\p{L}.-]{2,30}?(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|"
            r"ufer|"
            r"steig|pfad|chaussee|promenade|ring)[ ]?\d{1,4}[ ]?(?:[a-z]\b)?(?:[-–/]\d{1,4}[a-z]?)?"
            r"(?![\d.,]*\d|[ ]?(?:mg|ml|cm|mm|%|uhr|tage?|mal|jahre?|wochen)\b)",
            0.8,
        ),
        Pattern(
            "street of two words",
            r"\b(?-i:\p{Lu})[\p{L}-]{2,25}[ ](?:straße|strasse|str\.|weg|platz|allee|gasse|damm|"
            r"ufer|"
            r"ring|chaussee|promenade)[ ]\d{1,4}[ ]?(?:[a-z]\b)?(?![\d.,]*\d|[ ]?(?:uhr|mg)\b)",
            0.8,
        ),
        Pattern(
            "before a postcode",
            r"\b(?-i:Am|An[ ]der|An[ ]den|Im|In[ ]der|Unter[ ]den|Auf[ ]der|Auf[ ]dem|Zur|Zum|"
            r"Hinter[ ]der|Vor[ ]dem)[ ]"
            r"(?-i:\p{Lu})[\p{L}-]+(?:[ ](?-i:\p{Lu})[\p{L}-]+)?[ ]\d{1,3}[a-z]?"
            r"(?=,?\s{1,2}\d{5}\b)",
            0.85,
        ),
        Pattern("box", r"\bPostfach[ ]\d{1,3}(?:[ ]\d{1,3}){0,3}\b", 0.85),
    )


class EsStreetAddress(GroupRecogniser):
    """STREET_ADDRESS in Spanish: "Calle Mayor 12, 3º B", "Avda. de América 4"."""

    ENTITY = "STREET_ADDRESS"
    CONTEXT = ("domicilio", "dirección", "vive", "vivo")
    _WAY = (
        r"(?:(?-i:C/|Cl?\.)|calle|avda\b\.?|av\.|avenida|plaza|plza?\b\.?|pza\b\.?|paseo|p\.º|pº|"
        r"camino|ctra\b\.?|carretera|ronda|traves[ií]a|glorieta|urbanización|urb\.|pasaje|rambla|"
        r"carrer|callejón|barrio|polígono)"
    )
    _SIDE = r"(?:(?:izq(?:uierda)?|dcha|der(?:echa)?)\b\.?)"
    _PLACE = (
        r"(?:(?:de|del|la|las|los|el|san|santa|d['’])[ ]?){0,3}(?-i:\p{Lu})[\p{L}.'’·-]+"
        r"(?:[ ](?:(?:de|del|la|las|los|el|y)[ ]){0,2}(?-i:\p{Lu})[\p{L}.'’·-]+){0,4}"
    )
    PATTERNS = (
        Pattern(
            "with a number",
            rf"(?<!\w){_WAY}[ ]?{_PLACE}(?:[ ],[ ]?|,[ ]?|"
            rf"[ ])(?:n[ºo°úu]m?\.?[ ]?)?(?:\d{{1,4}}(?![\d])|s/n)"
            r"(?:[ ]?(?:bis|[A-Z])\b)?(?:[, -]{1,2}(?:(?:piso|planta|puerta|esc\.?|escalera|portal|"
            r"bloque|bajo|[áa]tico|local)[ ]?)?(?:\d{1,2}(?:[ºª°]?[ ]?"
            rf"(?:[A-Z]\b|{_SIDE})|[ºª°o])){{1,2}}(?:[ ,]{{1,2}}(?:[A-Z]\b|{_SIDE}))?)?",
            0.85,
        ),
        Pattern(
            "without a number",
            rf"\b(?:vive|vivo|reside|domicilio|dirección)[ ]?:?[ ](?:en[ ])?(?:la[ ]|el[ ])?"
            rf"(?P<id>{_WAY}[ ]?{_PLACE})",
            0.7,
        ),
        Pattern("box", r"\bapartado[ ]de[ ]correos[ ]\d{1,6}\b", 0.85),
    )
