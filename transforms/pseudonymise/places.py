"""Places and organisations: what kind of thing it is stays, which one it is does not.

Words of an address are mapped one by one, so that "Oak Road" and "14 Oak Road, Leeds" agree; a
town is mapped as a whole.
"""

from __future__ import annotations

import operator
import re
import string
from functools import lru_cache, partial

from . import identifiers, keyed, lexicon
from .lexicon import Lexicon, fold, listed

# UK postcodes: area and district (outward code), sector and unit (inward code).
_UK_POSTCODE = re.compile(r"([A-Z]{1,2})(\d[A-Z\d]?)(\s*)(\d[A-Z]{2})", re.IGNORECASE)
_UK_OUTWARD = re.compile(r"([A-Z]{1,2})(\d[A-Z\d]?)", re.IGNORECASE)
_UK_AREAS = listed(
    "AB AL BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY EC "
    "EH EN EX FK FY GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY LA LD LE LL LN LS LU ME MK "
    "ML NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM SA SE SG SK SL SM SN SO SP SR SS ST SW "
    "SY TA TD TF TN TQ TR TS TW UB WA WC WD WF WN WR WS WV YO ZE B E G L M N S W"
)
_UK_AREAS_OF_LENGTH = {n: [area for area in _UK_AREAS if len(area) == n] for n in (1, 2)}
_UK_INWARD = "ABDEFGHJLNPQRSTUWXYZ"

_STATES = tuple(
    listed(
        "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
        "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
    )
)
_SHORT_COUNTRIES = ("EU", "GB", "UAE", "UK", "US", "USA")

_KEPT = frozenset(
    # Parts of a building, and directions.
    listed(
        "flat apt apartment unit suite ste floor fl block house building bldg "
        "room rm wing tower lot "
        "po box p.o c/o no nr number north south east west ne nw se sw upper "
        "lower ground first second "
        "wohnung etage stock haus piso puerta escalera portal bajo izq izda dcha planta bloque num "
        # Kinds of streets, with their abbreviations.
        "street st road rd avenue ave av lane ln drive dr close court ct place "
        "pl square sq terrace "
        "crescent cres way grove gardens gdns hill park row mews boulevard "
        "blvd highway hwy parkway "
        "pkwy circle cir trail walk rise view green strasse str weg platz "
        "allee gasse ring ufer damm "
        "chaussee calle c avenida avda plaza paseo carrera camino ronda rambla "
        "travesia via carretera "
        # Joining words.
        "the of and de la del los las el y im am an der den dem zum zur in on at by near upon"
    )
)
_INSTITUTION = frozenset(
    listed(
        "hospital hospitals infirmary clinic clinics surgery surgeries practice medical health "
        "healthcare centre center centers trust foundation nhs university college school academy "
        "institute pharmacy chemist dental dentist hospice ward department "
        "dept unit care home nursing "
        "community children childrens womens general royal memorial county regional district city "
        "teaching group associates partners partnership services service ltd "
        "limited plc llc inc corp "
        "corporation company co gmbh ag kg e.v sl sa and sons brothers "
        "insurance bank the of for in "
        "at st saint san santa sankt klinik klinikum krankenhaus praxis universitat "
        "universitatsklinikum apotheke zentrum gesundheit stiftung schule "
        "pflegeheim clinica centro salud universidad farmacia "
        "consultorio instituto colegio de la del los las el y und fur der die das am im zum"
    )
)
_COMPOUND = re.compile(r"(strasse|straße|str\.|str|weg|platz|allee|gasse|ring|damm|ufer)$", re.I)
_WORD = re.compile(r"[^\W\d_][^\s\d,;:()/\"“”\-–]*|\d+[A-Za-z]?\b|\d+")
_PARTS = re.compile(r"(\s*[,;\n]\s*)")
_US_STATE_AND_ZIP = re.compile(r"\b([A-Z]{2})(\s+)(\d{5}(?:-\d{4})?)\b")
_FIVE = re.compile(r"\b\d{5}(?:-\d{4})?\b")


def postcode(key: bytes, text: str) -> str:
    """The surrogate of a postal code of any country, in its own form.

    A UK postcode always changes its area, so that neither area nor district is kept.
    """
    bare = "".join(text.split()).upper()
    if match := _UK_POSTCODE.fullmatch(text.strip()):
        area, district, _, _ = match.groups()
        new = _outward(key, area.upper(), district, bare)
        new += keyed.digits(key, "postcode sector", bare, 1)
        new += "".join(keyed.pick(key, f"postcode unit {i}", bare, _UK_INWARD) for i in range(2))
        return _same_form(text, new)
    if match := _UK_OUTWARD.fullmatch(text.strip()):
        return _same_form(text, _outward(key, match[1].upper(), match[2], bare))
    return identifiers.identifier(key, text)


def city(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of a town: made of Faker's parts, or one of its list of the country's towns."""
    folded = " ".join(fold(text).split())

    def make(value: str) -> str:
        if words.cities:
            return keyed.pick(key, "city", value, words.cities)
        stem = keyed.pick(key, "city stem", value, words.family)
        suffixes = [s for s in words.city_suffixes if s.islower()]
        if not suffixes:
            return f"Villar de {stem}" if words.language == "es" else stem
        made = stem + keyed.pick(key, "city suffix", value, suffixes)
        # Faker's own proportion: half of its town names have a prefix.
        if words.city_prefixes and keyed.number(key, "city form", value, 2):
            made = f"{keyed.pick(key, 'city prefix', value, words.city_prefixes)} {made}"
        return made

    return _cased(text, keyed.first(make, folded, lambda made: fold(made) != folded))


def address(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of a postal address: numbers, names, towns and postcodes change, words such as
    "Flat" and "Street" stay."""
    out: list[str] = []
    for part in _PARTS.split(text):
        out.append(_address_part(key, part, words, first=not out))
    new = "".join(out)
    return new if new != text else city(key, text, words)


def location(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of a place of unknown kind: country, region, postcode, address or town."""
    folded = " ".join(fold(text).split())
    for kind, choices, known in _kinds(words.locale):
        if folded in known and (len(folded) > 2 or text.isupper()):
            if kind == "city":
                return city(key, text, words)
            new = keyed.pick(key, kind, folded, choices, lambda made: fold(made) != folded)
            return _cased(text, new)
    if _UK_POSTCODE.fullmatch(text.strip()) or _FIVE.fullmatch(text.strip()):
        return postcode(key, text)
    tokens = [fold(match.group()) for match in _WORD.finditer(text)]
    last = tokens[-1] if tokens else ""
    if any(map(str.isdigit, text)) or last in _KEPT or last in words.street_words:
        return address(key, text, words)
    parts = _PARTS.split(text)
    if len(parts) > 1:
        return "".join(
            location(key, part, words) if i % 2 == 0 and part else part
            for i, part in enumerate(parts)
        )
    return city(key, text, words) if tokens else text


def organisation(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of an organisation: "Leeds General Infirmary" keeps its last two words."""
    changed = False

    def replace(match: re.Match[str]) -> str:
        nonlocal changed
        word = match.group()
        bare, possessive = _possessive(word)
        if fold(bare) in _INSTITUTION:
            return word
        changed = True
        return _named(key, "organisation", bare, words) + possessive

    new = _WORD.sub(replace, text)
    if changed:
        return new
    # Nothing but such words: what it stands for is kept, a name sets it apart.
    if not any(c.isalnum() for c in text):
        return text
    stem = keyed.pick(key, "organisation", fold(text), words.family)
    return f"{stem} {text}"


def _address_part(key: bytes, part: str, words: Lexicon, first: bool) -> str:
    if not any(c.isalnum() for c in part):
        return part
    out: list[str] = []
    end = 0
    codes = [*_UK_POSTCODE.finditer(part), *_US_STATE_AND_ZIP.finditer(part)]
    if not first:
        codes = codes or list(_FIVE.finditer(part))
    for match in codes[:1]:
        out.append(_named_part(key, part[: match.start()], words, first))
        if match.re is _US_STATE_AND_ZIP:
            state = match[1]
            new = keyed.pick(
                key,
                "region",
                fold(state),
                words.region_codes or _STATES,
                partial(operator.ne, state),
            )
            out.append(f"{new}{match[2]}{postcode(key, match[3])}")
        else:
            out.append(postcode(key, match.group()))
        end = match.end()
    if end:
        return "".join(out) + _named_part(key, part[end:], words, first)
    return _named_part(key, part, words, first)


def _named_part(key: bytes, part: str, words: Lexicon, first: bool) -> str:
    if not any(c.isalnum() for c in part):
        return part
    bare = part.strip()
    tokens = [fold(_possessive(m.group())[0]).rstrip(".") for m in _WORD.finditer(bare)]
    street = (
        first
        or any(map(str.isdigit, bare))
        or any(t in _KEPT or t in words.street_words for t in tokens)
    )
    if not street:
        new = location(key, bare, words)
        return part.replace(bare, new, 1)

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        if word[0].isdigit():
            return _house_number(key, word)
        if word[0] in "ºª":
            return word
        token, possessive = _possessive(word)
        folded = fold(token).rstrip(".")
        if folded in _KEPT or folded in words.street_words:
            return word
        if (compound := _COMPOUND.search(word)) and compound.start() > 2:
            return _named(key, "street", word[: compound.start()], words) + compound.group()
        return _named(key, "street", token, words) + possessive

    return _WORD.sub(replace, part)


def _named(key: bytes, kind: str, word: str, words: Lexicon) -> str:
    """A family name in the place of a word, in its case."""
    folded = fold(word)
    if len(folded) == 1:
        new = keyed.pick(key, kind, folded, string.ascii_lowercase, lambda made: made != folded)
    else:
        new = keyed.pick(key, kind, folded, words.family, lambda made: fold(made) != folded)
    return _cased(word, new)


def _house_number(key: bytes, word: str) -> str:
    digits = "".join(c for c in word if c.isdigit())
    lead = 1 + keyed.number(key, "house", digits, 9)
    rest = keyed.digits(key, "house rest", digits, len(digits) - 1) if len(digits) > 1 else ""
    new = f"{lead}{rest}"
    if new == digits:
        new = f"{lead % 9 + 1}{rest}"
    return new + identifiers.identifier(key, word[len(digits) :])


def _outward(key: bytes, area: str, district: str, bare: str) -> str:
    areas = _UK_AREAS_OF_LENGTH[len(area)]
    new = keyed.pick(key, "postcode area", bare, areas, lambda made: made != area)
    new += str(1 + keyed.number(key, "postcode district", bare, 9))
    for old in district[1:]:
        pool = string.digits if old.isdigit() else "ABEHMNPRVWXY"
        new += keyed.pick(key, "postcode district end", bare, pool)
    return new


def _same_form(text: str, new: str) -> str:
    drawn = iter(new)
    fresh = "".join(c if not c.isalnum() else next(drawn) for c in text)
    return fresh.lower() if text.islower() else fresh


def _possessive(word: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*?[^\W_])(['’][sS]?)", word)
    return (match[1], match[2]) if match else (word, "")


def _cased(old: str, new: str) -> str:
    if old.isupper():
        return new.upper()
    return new.lower() if old.islower() else new


@lru_cache(maxsize=16)
def _kinds(locale: str) -> list[tuple[str, tuple[str, ...], frozenset[str]]]:
    """Kinds of places with their names and their folded names."""
    words = lexicon.load(locale)
    kinds = (
        ("city", words.cities),
        ("country", words.countries),
        ("region", words.regions),
        ("short country", _SHORT_COUNTRIES),
        ("region", words.region_codes or _STATES),
    )
    return [(kind, names, frozenset(map(fold, names))) for kind, names in kinds if len(names) > 1]
