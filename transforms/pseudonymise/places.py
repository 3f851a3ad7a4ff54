"""Places and organisations: what kind of thing it is stays, which one it is does not.

Words of an address are mapped one by one, so that "Oak Road" and "14 Oak Road, Leeds" agree; a
town is mapped as a whole, and if it is one of ``regions`` together with its postcodes.

``avoid`` holds folded words that no made-up name may have: those of the record.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Container
from functools import lru_cache, partial
from typing import NamedTuple

from . import grammar, identifiers, keyed, lexicon, regions
from .lexicon import Lexicon, fold, listed
from .people import NOT_EUROPEAN, culture_of, home_of, people

# UK postcodes: area and district (outward code), sector and unit (inward code).
_UK_POSTCODE = re.compile(r"([A-Z]{1,2})(\d[A-Z\d]?)(\s*)(\d[A-Z]{2})", re.IGNORECASE)
_UK_OUTWARD = re.compile(r"([A-Z]{1,2})(\d[A-Z\d]?)", re.IGNORECASE)
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
        "travesia via carretera cuesta glorieta rotonda urbanizacion barrio pasaje pasadizo "
        "callejon acceso alameda canada carrer vial poligono "
        # Joining words.
        "the of and de la del los las el y im am an der den dem zum zur in on at by near upon"
    )
)
_INSTITUTION = frozenset(
    listed(
        "dr prof med cottage "
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
_JOINING = frozenset(
    listed("the of for in at and dr prof de la del los las el y und fur der die das am im zum")
)
_SYNONYMS = {
    "en": {"hospital": "infirmary", "infirmary": "hospital", "hospitals": "infirmaries",
           "surgery": "practice", "practice": "surgery", "clinic": "practice",
           "pharmacy": "chemist", "chemist": "pharmacy"},
    "de": {"krankenhaus": "Klinikum", "klinikum": "Krankenhaus",
           "universitatsklinikum": "Universitätskrankenhaus"},
    "es": {"hospital": "sanatorio", "farmacia": "botica", "consultorio": "ambulatorio"},
}  # fmt: skip
"""Words that say what an institution is, and others of the same meaning and gender."""
_COMPOUND = re.compile(r"(strasse|straße|str\.|str|weg|platz|allee|gasse|ring|damm|ufer)$", re.I)
_WORD = re.compile(r"[^\W\d_][^\s\d,;:()/\"“”\-–]*|\d+[A-Za-z]?\b|\d+")
_PARTS = re.compile(r"(\s*[,;\n]\s*)")
_US_STATE_AND_ZIP = re.compile(r"\b([A-Z]{2})(\s+)(\d{5}(?:-\d{4})?)\b")
_WORDS = re.compile(r"[^\W\d_]+")
_TOWN = re.compile(r"\b\d{5}(?:-\d{4})?\b|\b[A-Z]{2} \d{5}(?:-\d{4})?\b|"
                   r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)  # fmt: skip
"""What of an address's part is a postcode: the rest may be a town."""
_ATTEMPTS = 100
_FIVE = re.compile(r"\b\d{5}(?:-\d{4})?\b")


class _Draw(NamedTuple):
    """From what made-up names are drawn."""

    key: bytes
    words: Lexicon
    avoid: Container[str]

    def fits(self, made: str, folded: str) -> bool:
        """Whether a made-up name is not the one that it replaces, and has no word of the record."""
        # "upon" and "de" are no names.
        named = (fold(word) for word in _WORDS.findall(made) if not word.islower())
        return fold(made) != folded and not any(word in self.avoid for word in named)

    def name(self, kind: str, word: str) -> str:
        """A family name in the place of a word, in its case."""
        folded = fold(word)
        if len(folded) == 1:
            new = keyed.pick(self.key, kind, folded, string.ascii_lowercase, lambda c: c != folded)
        else:
            home = home_of(self.words.locale)
            culture = culture_of(folded, home)
            # An oak is no Indian: of words that are no names only those of a European language are
            # told, and those of another script.
            family = people(home if culture in NOT_EUROPEAN else culture).family
            fits = _limited(partial(self.fits, folded=folded), lambda m: fold(m) != folded)
            new = keyed.pick(self.key, kind, folded, family, fits)
        return _cased(word, new)


def postcode(key: bytes, text: str, country: str = "GB") -> str:
    """The surrogate of a postal code: of a British one always, of a German, Spanish or American one
    where ``country`` says that it is one; others keep their form.

    Codes of one region become codes of one other region (``regions``), that of its town. A code of
    the United Kingdom and its outward part alone agree.
    """
    if match := _UK_POSTCODE.fullmatch(text.strip()):
        bare = "".join(text.split()).upper()
        area, district, gap, _ = match.groups()
        inward = keyed.digits(key, "postcode sector", bare, 1)
        inward += "".join(keyed.pick(key, f"postcode unit {i}", bare, _UK_INWARD) for i in range(2))
        new = _outward(key, area.upper(), district.upper()) + gap + inward
        return text.replace(text.strip(), new.lower() if text.islower() else new)
    if match := _UK_OUTWARD.fullmatch(text.strip()):
        new = _outward(key, match[1].upper(), match[2].upper())
        return text.replace(text.strip(), new.lower() if text.islower() else new)
    region = regions.of_postcode(text.strip(), country) if _FIVE.fullmatch(text.strip()) else None
    if region is None:
        return identifiers.identifier(key, text)
    other = regions.other(key, region)
    five, rest = text.strip()[:5], text.strip()[5:]
    if country == "US":
        new = regions.zip_code(key, other.prefixes[0], five)
    else:
        new = keyed.pick(key, "postcode region", five, other.prefixes)
        new += keyed.digits(key, "postcode rest", five, 3)
    return text.replace(text.strip(), new + identifiers.identifier(key, rest))


def city(key: bytes, text: str, words: Lexicon, avoid: Container[str] = frozenset()) -> str:
    """The surrogate of a town: the main town of another region of its country, where ``regions``
    has it; else made of Faker's parts, or one of its list of the country's towns."""
    folded = " ".join(fold(text).split())
    draw = _Draw(key, words, avoid)
    if (region := regions.of_town(text, words.country)) is not None:
        others = (regions.other(key, region, attempt).towns[0] for attempt in range(_ATTEMPTS))
        town = next((new for new in others if draw.fits(new, folded)), None)
        if town is not None:
            return _cased(text, town)

    def make(value: str) -> str:
        if words.cities:
            return keyed.pick(key, "city", value, words.cities)
        stem = keyed.pick(key, "city stem", value, people(home_of(words.locale)).family)
        suffixes = [s for s in words.city_suffixes if s.islower()]
        if not suffixes:
            return f"Villar de {stem}" if words.language == "es" else stem
        made = stem + keyed.pick(key, "city suffix", value, suffixes)
        # Faker's own proportion: half of its town names have a prefix.
        if words.city_prefixes and keyed.number(key, "city form", value, 2):
            made = f"{keyed.pick(key, 'city prefix', value, words.city_prefixes)} {made}"
        return made

    fits = _limited(partial(_new_town, draw, folded), lambda made: fold(made) != folded)
    return _cased(text, keyed.first(make, folded, fits))


def address(key: bytes, text: str, words: Lexicon, avoid: Container[str] = frozenset()) -> str:
    """The surrogate of a postal address: numbers, names, towns and postcodes change, words such as
    "Flat" and "Street" stay."""
    parts = _PARTS.split(text)
    towns = (regions.of_town(_TOWN.sub("", part), words.country) for part in parts[1:])
    country = next((town.country for town in towns if town), words.country)
    draw = _Draw(key, words, avoid)
    out: list[str] = []
    for part in parts:
        out.append(_address_part(draw, part, country, first=not out))
    new = "".join(out)
    return new if new != text else city(key, text, words, avoid)


def location(key: bytes, text: str, words: Lexicon, avoid: Container[str] = frozenset()) -> str:
    """The surrogate of a place of unknown kind: country, region, postcode, address or town."""
    folded = " ".join(fold(text).split())
    if regions.of_town(text, words.country) is not None:
        return city(key, text, words, avoid)
    draw = _Draw(key, words, avoid)
    for kind, choices, known in _kinds(words.locale):
        if folded in known and (len(folded) > 2 or text.isupper()):
            if kind == "city":
                return city(key, text, words, avoid)
            fits = _limited(partial(draw.fits, folded=folded), lambda made: fold(made) != folded)
            new = keyed.pick(key, kind, folded, choices, fits)
            return _cased(text, new)
    if _UK_POSTCODE.fullmatch(text.strip()) or _FIVE.fullmatch(text.strip()):
        return postcode(key, text, words.country)
    tokens = [fold(match.group()) for match in _WORD.finditer(text)]
    last = tokens[-1] if tokens else ""
    if any(map(str.isdigit, text)) or last in _KEPT or last in words.street_words:
        return address(key, text, words, avoid)
    parts = _PARTS.split(text)
    if len(parts) > 1:
        return "".join(
            location(key, part, words, avoid) if i % 2 == 0 and part else part
            for i, part in enumerate(parts)
        )
    return city(key, text, words, avoid) if tokens else text


def organisation(key: bytes, text: str, words: Lexicon, avoid: Container[str] = frozenset()) -> str:
    """The surrogate of an organisation: "Leeds General Infirmary" keeps its last two words, and its
    town becomes what it becomes elsewhere."""
    changed = False
    draw = _Draw(key, words, avoid)

    def replace(match: re.Match[str]) -> str:
        nonlocal changed
        word = match.group()
        bare, possessive = _possessive(word)
        if fold(bare).rstrip(".") in _INSTITUTION:
            return word
        changed = True
        if regions.of_town(bare, words.country) is not None:
            return city(key, bare, words, avoid) + possessive
        return draw.name("organisation", bare) + possessive

    new = _WORD.sub(replace, text)
    return new if changed or not any(c.isalnum() for c in text) else _of_its_kind(draw, text)


def _of_its_kind(draw: _Draw, text: str) -> str:
    """The surrogate of an organisation of nothing but such words ("home health care", "dept of
    surgery"): what tells it from others of its kind gives way to a name. One word alone becomes one
    of its meaning, or has a name beside it."""
    words = draw.words
    name = draw.name("organisation", fold(text)).title()
    telling = [m for m in _WORD.finditer(text) if fold(m.group()) not in _JOINING]
    if len(telling) < 2:
        start, end = telling[0].span() if telling else (0, len(text))
        word = text[start:end]
        if (synonym := _SYNONYMS.get(words.language, {}).get(fold(word))) is not None:
            new = synonym.upper() if word.isupper() else synonym
            return text[:start] + (new.title() if word.istitle() else new) + text[end:]
        beside = f"{word} {name}" if words.language == "es" else f"{name} {word}"
        return text[:start] + beside + text[end:]
    if text[telling[0].end() : telling[1].start()].strip():
        start, end = telling[1].start(), telling[-1].end()
    else:
        start, end = telling[-1 if words.language == "es" else 0].span()
    return text[:start] + (name.upper() if text.isupper() else name) + text[end:]


def _address_part(draw: _Draw, part: str, country: str, first: bool) -> str:
    if not any(c.isalnum() for c in part):
        return part
    codes = [*_UK_POSTCODE.finditer(part), *_US_STATE_AND_ZIP.finditer(part)]
    if not first:
        codes = codes or list(_FIVE.finditer(part))
    if not codes:
        return _named_part(draw, part, first)
    match = codes[0]
    if match.re is _US_STATE_AND_ZIP:
        region = regions.of_state(match[1])
        others = draw.words.region_codes or _STATES
        new = (
            keyed.pick(draw.key, "region", fold(match[1]), others, lambda made: made != match[1])
            if region is None
            else regions.other(draw.key, region).prefixes[0]
        )
        new = f"{new}{match[2]}{_zip_of(draw.key, new, match[3])}"
    else:
        new = postcode(draw.key, match.group(), country)
    before, after = part[: match.start()], part[match.end() :]
    return _named_part(draw, before, first) + new + _named_part(draw, after, first)


def _zip_of(key: bytes, state: str, code: str) -> str:
    if regions.of_state(state) is None:
        return postcode(key, code)
    return regions.zip_code(key, state, code[:5]) + identifiers.identifier(key, code[5:])


def _named_part(draw: _Draw, part: str, first: bool) -> str:
    if not any(c.isalnum() for c in part):
        return part
    bare = part.strip()
    tokens = [fold(_possessive(m.group())[0]).rstrip(".") for m in _WORD.finditer(bare)]
    street = (
        first
        or any(map(str.isdigit, bare))
        or any(t in _KEPT or t in draw.words.street_words for t in tokens)
    )
    if regions.of_town(bare, draw.words.country) is not None or not street:
        return part.replace(bare, location(draw.key, bare, draw.words, draw.avoid), 1)

    def replace(match: re.Match[str]) -> str:
        word = match.group()
        if word[0].isdigit():
            return _house_number(draw.key, word)
        if word[0] in "ºª":
            return word
        token, possessive = _possessive(word)
        folded = fold(token).rstrip(".")
        if folded in _KEPT or folded in draw.words.street_words:
            return word
        if (compound := _COMPOUND.search(word)) and compound.start() > 2:
            return draw.name("street", word[: compound.start()]) + compound.group()
        return draw.name("street", token) + possessive

    return _WORD.sub(replace, part)


def _new_town(draw: _Draw, folded: str, made: str) -> bool:
    # The prefixes (North, Port) are words of any text.
    new = fold(made).split()
    return fold(made) != folded and new[-1] not in draw.avoid


def _limited(wanted: Callable[[str], bool], least: Callable[[str], bool]) -> Callable[[str], bool]:
    """What asks for ``wanted`` at first; in the end, where few choices are left, for ``least``."""
    left = _ATTEMPTS

    def accept(made: str) -> bool:
        nonlocal left
        left -= 1
        return wanted(made) if left > 0 else least(made)

    return accept


def _house_number(key: bytes, word: str) -> str:
    digits = "".join(c for c in word if c.isdigit())
    lead = 1 + keyed.number(key, "house", digits, 9)
    rest = keyed.digits(key, "house rest", digits, len(digits) - 1) if len(digits) > 1 else ""
    new = f"{lead}{rest}"
    if new == digits:
        new = f"{lead % 9 + 1}{rest}"
    return new + identifiers.identifier(key, word[len(digits) :])


def _outward(key: bytes, area: str, district: str) -> str:
    region = regions.of_postcode(area, "GB") or regions.Region("GB", (area,), (area,))
    value = area + district
    new = keyed.pick(key, "postcode area", value, regions.other(key, region).prefixes)
    new += str(1 + keyed.number(key, "postcode district", value, 9))
    for old in district[1:]:
        pool = string.digits if old.isdigit() else "ABEHMNPRVWXY"
        new += keyed.pick(key, "postcode district end", value, pool)
    return new


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
    short = _SHORT_COUNTRIES
    kinds = [
        ("city", words.cities),
        # Those that take one article among themselves.
        *(("country", names) for names in _by_article(words.countries, words.language)),
        ("region", words.regions),
        ("short country", short),
        ("region", words.region_codes or _STATES),
    ]
    return [(kind, names, frozenset(map(fold, names))) for kind, names in kinds if len(names) > 1]


def _by_article(countries: tuple[str, ...], language: str) -> list[tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for name in countries:
        groups.setdefault(grammar.takes_article(name, language), []).append(name)
    return [tuple(names) for names in groups.values()]
