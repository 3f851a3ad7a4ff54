"""Phone numbers and identifiers of every kind: the same shape, other letters and digits.

Where ranges are reserved for fiction or never issued, the surrogate falls in them: Ofcom's
"Telephone numbers for use in TV and radio drama programmes"; 555-0100 to 555-0199 of every area
code of the United States (ATIS-0300115); the Bundesnetzagentur's "Rufnummern für Medienproduktionen
(Drama Numbers)" (Mitteilung 148/2021, Amtsblatt 7/2021); Arcep's numbers for audiovisual works in
France; NHS numbers from 999 on; social security numbers of the 900s. Spain reserves none: there the
surrogate falls in ranges that its numbering plan leaves unassigned, by ``phonenumbers``. Elsewhere
the first digit is kept and the rest is drawn, so that such a number may be somebody's.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Callable
from functools import lru_cache

import phonenumbers

from . import checksums, keyed, spoken
from .lexicon import Lexicon

_CODES = {
    "US": "1", "CA": "1", "GB": "44", "DE": "49", "AT": "43", "CH": "41", "ES": "34", "MX": "52",
    "AR": "54", "CL": "56", "CO": "57", "FR": "33", "IE": "353", "IT": "39", "NL": "31",
    "AU": "61", "NZ": "64", "IN": "91", "PK": "92", "BD": "880", "NG": "234", "KE": "254",
    "PL": "48", "PT": "351", "RO": "40", "BE": "32",
}  # fmt: skip
"""Country calling codes that are known; of others the first two digits are kept."""
_BY_LENGTH = sorted(set(_CODES.values()), key=len, reverse=True)

# National numbers without trunk prefix; # is a keyed digit.
_UK_MOBILE = ("7700900###",)
_UK_FREE = ("8081570###",)
_UK_PREMIUM = ("9098790###",)
_UK_WIDE = ("3069990###",)
_UK_LANDLINE = (
    "1134960###", "1144960###", "1154960###", "1164960###", "1174960###", "1184960###",
    "1214960###", "1314960###", "1414960###", "1514960###", "1614960###", "1914980###",
    "1632960###",
)  # fmt: skip
_UK_TWO_DIGIT_AREA = ("2079460###", "2896496###", "2920180###")
# Berlin, Frankfurt, Hamburg and Munich have area codes of two digits, Cologne has one of three.
_GERMAN_SHORT_AREA = ("3023125###", "6990009###", "4066969###", "8999998###")
_GERMAN = (*_GERMAN_SHORT_AREA, "2214710###")
# Two blocks of a hundred numbers, and single ones. Each number is as likely as the others.
_GERMAN_MOBILE = (
    *(f"17139200{last:02d}" for last in range(100)),
    "1729925904", "1729968532", "1729973185", "1729973186", "1729980752", "1749091317",
    "1749464308",
)  # fmt: skip
_GERMAN_LONG_MOBILE = (
    *(f"176040690{last:02d}" for last in range(100)),
    "15228817386", "15228895456", "15254599371",
)  # fmt: skip
_FRENCH = {
    "1": ("19900####",), "2": ("26191####",), "3": ("35301####",), "4": ("46571####",),
    "5": ("53649####",), "6": ("63998####",), "7": ("63998####",),
}  # fmt: skip
_SPANISH_MOBILE = ("75#######", "76#######", "77#######", "79#######")
_SPANISH = ("829######", "889######", "929######", "989######")

_ATTEMPTS = 5_000
"""More than any check needs: of an IBAN one in 97 is right, of a VIN one in some 30."""
_EXTENSION = re.compile(
    r"(?<!\s)(\s*+(?:extension|extn|ext|x|#|durchwahl)\.?\s*)(\d+\s*)$", re.IGNORECASE
)


def phone(key: bytes, text: str, words: Lexicon) -> str:
    """The surrogate of a phone number: its spaces, brackets, country code and length stay.

    The same number written with or without its country code has the same surrogate. Spelled-out
    digits stay spelled out.
    """
    extension = _EXTENSION.search(text)
    body = text[: extension.start()] if extension else text
    spelled = spoken.read(body)
    plain = spelled.digits if spelled else "".join(c for c in body if c.isdigit())
    if not plain:
        return identifier(key, text)
    international = body.lstrip(" (").startswith(("+", "00")) or bool(
        re.match(r"\s*plus\b", body, re.IGNORECASE)
    )
    kept, national, country = _split(plain, international, words.country)
    new = keyed.first(
        lambda value: _national(key, value, national, country),
        national,
        lambda made: made != national,
    )
    whole = kept + new
    done = _laid_out(body, whole) if spelled is None else spelled.write(whole)
    return done + (extension[1] + identifier(key, extension[2]) if extension else "")


def identifier(key: bytes, text: str, alphabet: str | None = None) -> str:
    """The surrogate of an identifier: letters for letters, digits for digits, the rest as it is.

    The same identifier with other spaces, separators or case has the same surrogate. With
    ``alphabet`` all letters and digits are drawn from it (hexadecimal digits of a UUID).
    """
    spelled = spoken.read(text)
    if spelled is not None:
        return spelled.write(_shape(key, spelled.digits, None))
    bare = "".join(c for c in text if c.isalnum()).casefold()
    return _laid_out(text, _shape(key, bare, alphabet)) if bare else text


def checked(key: bytes, text: str, entity: str, keep: bool = True) -> str:
    """The surrogate of an identifier that may have a check digit: with the right one just where the
    value has it, if ``keep``; with a wrong one if not. Of an IBAN the country is kept."""
    if not checksums.checks_of(entity):
        return identifier(key, text)
    before = checksums.passed(entity, text)
    wanted = before if keep else tuple(False for _ in before)
    kept = 2 if entity == "IBAN_CODE" else 0

    def make(value: str) -> str:
        return text[:kept] + _laid_out(text[kept:], _shape(key, bare, None, value))

    bare = "".join(c for c in text[kept:] if c.isalnum()).casefold()
    if not bare or spoken.read(text) is not None:
        return identifier(key, text)
    attempts = (make(f"{bare}\0{n}" if n else bare) for n in range(_ATTEMPTS))
    fitting = (new for new in attempts if checksums.passed(entity, new) == wanted)
    return next(fitting, identifier(key, text))


def hexadecimal(key: bytes, text: str) -> str:
    """The surrogate of a UUID or hardware address."""
    return identifier(key, text, "0123456789abcdef")


def nhs_number(key: bytes, text: str, keep: bool = True) -> str:
    """The surrogate of an NHS number: from the test range 999, with its check digit, or a wrong one
    if not ``keep``.

    Check digit modulo 11: NHS Data Dictionary, "NHS NUMBER".
    """
    return _fixed(key, text, 10, _nhs if keep else _nhs_mistyped)


def social_security_number(key: bytes, text: str) -> str:
    """The surrogate of a US social security number.

    Areas 900 to 999 are never issued (20 CFR 422.103); groups 01 to 49 there are no ITINs either.
    """
    return _fixed(key, text, 9, _ssn)


def _fixed(key: bytes, text: str, length: int, make: Callable[[bytes, str], str]) -> str:
    spelled = spoken.read(text)
    bare = spelled.digits if spelled else "".join(c for c in text if c.isdigit())
    if len(bare) != length or (spelled is None and any(c.isalpha() for c in text)):
        return identifier(key, text)
    new = keyed.first(lambda value: make(key, value), bare, lambda made: made != bare)
    return spelled.write(new) if spelled else _laid_out(text, new)


def _nhs(key: bytes, value: str) -> str:
    def make(attempt: str) -> str:
        nine = "999" + keyed.digits(key, "nhs", attempt, 6)
        total = sum((10 - i) * int(digit) for i, digit in enumerate(nine))
        check = (11 - total % 11) % 11
        return f"{nine}{check}"

    return keyed.first(make, value, lambda made: len(made) == 10)


def _nhs_mistyped(key: bytes, value: str) -> str:
    right = _nhs(key, value)
    wrong = (int(right[-1]) + 1 + keyed.number(key, "nhs check", value, 9)) % 10
    return f"{right[:-1]}{wrong}"


def _ssn(key: bytes, value: str) -> str:
    area = 900 + keyed.number(key, "ssn area", value, 100)
    group = 1 + keyed.number(key, "ssn group", value, 49)
    serial = 1 + keyed.number(key, "ssn serial", value, 9999)
    return f"{area}{group:02d}{serial:04d}"


def _split(plain: str, international: bool, country: str) -> tuple[str, str, str]:
    """What is kept (codes, trunk prefix), the national number, and the country's code."""
    home = _CODES.get(country, "")
    if international:
        zeros = "00" if plain.startswith("00") else ""
        rest = plain[len(zeros) :]
        code = next((c for c in _BY_LENGTH if rest.startswith(c)), rest[:2])
        national = rest[len(code) :]
        # +44 (0)20 ...
        trunk = "0" if national.startswith("0") and code != "39" else ""
        return zeros + code + trunk, national[len(trunk) :], code
    if home == "1" and len(plain) == 11 and plain[0] == "1":
        return "1", plain[1:], home
    if home not in ("1", "39") and plain.startswith("0"):
        return "0", plain[1:], home
    return "", plain, home


def _national(key: bytes, value: str, national: str, country: str) -> str:
    form = _form(key, value, national, country)
    free = form.count("#")
    drawn = iter(keyed.digits(key, "phone", value, free) if free else "")
    return "".join(next(drawn) if c == "#" else c for c in form)


def _form(key: bytes, value: str, national: str, country: str) -> str:
    choices: tuple[str, ...] = ()
    first, length = national[:1], len(national)
    if country == "44" and length == 10:
        by_first = {
            "7": _UK_MOBILE, "8": _UK_FREE, "9": _UK_PREMIUM, "3": _UK_WIDE,
            "2": _UK_TWO_DIGIT_AREA,
        }  # fmt: skip
        choices = by_first.get(first, _UK_LANDLINE)
    elif country == "1" and length == 10:
        choices = _north_america()
    elif country == "1" and length == 7:
        choices = ("55501##",)
    elif country == "49" and length == 10:
        choices = _GERMAN_SHORT_AREA if national[:2] in ("30", "40", "69", "89") else _GERMAN
        choices = _GERMAN_MOBILE if first == "1" else choices
    elif country == "49" and length == 11 and first == "1":
        choices = _GERMAN_LONG_MOBILE
    elif country == "33" and length == 9:
        choices = _FRENCH.get(first, ())
    elif country == "34" and length == 9:
        choices = _SPANISH_MOBILE if first in ("6", "7") else _SPANISH
    if choices:
        return keyed.pick(key, "phone form", value, choices)
    # The first digit tells a mobile from a landline. Of what is as short as a code all is drawn.
    return first + "#" * (length - 1) if length > 6 else "#" * length


@lru_cache(maxsize=1)
def _north_america() -> tuple[str, ...]:
    """555-01## in each geographic area code of the United States."""

    def is_geographic(area: int) -> bool:
        number = phonenumbers.PhoneNumber(country_code=1, national_number=area * 10**7 + 5550123)
        landline = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
        return (
            phonenumbers.is_valid_number_for_region(number, "US")
            and phonenumbers.number_type(number) == landline
        )

    return tuple(f"{area}55501##" for area in range(201, 990) if is_geographic(area))


def _shape(key: bytes, bare: str, alphabet: str | None, value: str | None = None) -> str:
    def make(value: str) -> str:
        drawn = keyed.stream(key, "id", value, 2 * len(bare))
        out = []
        for i, old in enumerate(bare):
            choices = alphabet or (string.digits if old.isdigit() else string.ascii_lowercase)
            out.append(choices[int.from_bytes(drawn[2 * i : 2 * i + 2]) % len(choices)])
        return "".join(out)

    return keyed.first(make, value or bare, lambda made: made != bare)


def _laid_out(text: str, new: str) -> str:
    """``new`` in the places of the letters and digits of ``text``, in their case. Accents and vowel
    signs that are characters of their own go with their letters."""
    drawn = iter(new)
    capitals = text.isupper()
    out = []
    for old in text:
        if unicodedata.category(old).startswith("M"):
            continue
        if not old.isalnum():
            out.append(old)
            continue
        # casefold of one letter may be two: what is drawn may end early or late.
        fresh = next(drawn, "0" if old.isdigit() else "x")
        out.append(fresh.upper() if old.isupper() or (capitals and old.isdigit()) else fresh)
    return "".join(out)
