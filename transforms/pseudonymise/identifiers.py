"""Phone numbers and identifiers of every kind: the same shape, other letters and digits.

Where ranges are reserved for fiction or never issued, the surrogate falls in them: Ofcom's numbers
for drama (https://www.ofcom.org.uk, "Telephone numbers for use in TV and radio drama programmes"),
555-0100 to 555-0199 in North America (ATIS-0300115), the Bundesnetzagentur's "Drama Numbers",
NHS numbers from 999 on, social security numbers of the 900s.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable

from . import keyed, spoken
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
_UK_WIDE = ("3069990###",)
_UK_LANDLINE = (
    "1134960###", "1144960###", "1154960###", "1164960###", "1174960###", "1184960###",
    "1214960###", "1314960###", "1414960###", "1514960###", "1614960###", "1914980###",
    "1632960###",
)  # fmt: skip
_UK_TWO_DIGIT_AREA = ("2079460###", "2896496###", "2920180###")
_AREAS = (
    "201", "202", "206", "212", "213", "214", "215", "216", "303", "305", "312", "313", "314",
    "401", "402", "404", "405", "408", "410", "412", "415", "501", "502", "503", "504", "505",
    "512", "513", "601", "602", "603", "605", "608", "612", "614", "615", "617", "701", "702",
    "703", "704", "713", "714", "716", "717", "718", "801", "802", "803", "804", "808", "812",
    "816", "901", "904", "907", "913", "916", "918", "919",
)  # fmt: skip
_NORTH_AMERICA = tuple(f"{area}55501##" for area in _AREAS)
_GERMAN = ("3023125###", "6990009###", "4066969###", "2214710###", "8999998###")
_GERMAN_MOBILE = (
    "1729925904", "1729968532", "1729973185", "1729973186", "1729980752", "1749091317",
    "1749464308",
)  # fmt: skip
_GERMAN_LONG_MOBILE = ("176040690##",)

_EXTENSION = re.compile(r"(\s*(?:extension|extn|ext|x|#|durchwahl)\.?\s*)(\d+\s*)$", re.IGNORECASE)


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


def hexadecimal(key: bytes, text: str) -> str:
    """The surrogate of a UUID or hardware address."""
    return identifier(key, text, "0123456789abcdef")


def nhs_number(key: bytes, text: str) -> str:
    """The surrogate of an NHS number: from the test range 999, with its check digit.

    Check digit modulo 11: NHS Data Dictionary, "NHS NUMBER".
    """
    return _fixed(key, text, 10, _nhs)


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
    if form is None:
        form = "#" * len(national)
    free = form.count("#")
    drawn = iter(keyed.digits(key, "phone", value, free) if free else "")
    return "".join(next(drawn) if c == "#" else c for c in form)


def _form(key: bytes, value: str, national: str, country: str) -> str | None:
    choices: tuple[str, ...] = ()
    if country == "44" and len(national) == 10:
        by_first = {"7": _UK_MOBILE, "8": _UK_FREE, "3": _UK_WIDE, "2": _UK_TWO_DIGIT_AREA}
        choices = by_first.get(national[0], _UK_LANDLINE)
    elif country == "1" and len(national) == 10:
        choices = _NORTH_AMERICA
    elif country == "1" and len(national) == 7:
        choices = ("55501##",)
    elif country == "49" and len(national) == 10:
        choices = _GERMAN_MOBILE if national[0] == "1" else _GERMAN
    elif country == "49" and len(national) == 11 and national[0] == "1":
        choices = _GERMAN_LONG_MOBILE
    return keyed.pick(key, "phone form", value, choices) if choices else None


def _shape(key: bytes, bare: str, alphabet: str | None) -> str:
    def make(value: str) -> str:
        drawn = keyed.stream(key, "id", value, 2 * len(bare))
        out = []
        for i, old in enumerate(bare):
            choices = alphabet or (string.digits if old.isdigit() else string.ascii_lowercase)
            out.append(choices[int.from_bytes(drawn[2 * i : 2 * i + 2]) % len(choices)])
        return "".join(out)

    return keyed.first(make, bare, lambda made: made != bare)


def _laid_out(text: str, new: str) -> str:
    """``new`` in the places of the letters and digits of ``text``, in their case."""
    drawn = iter(new)
    capitals = text.isupper()
    out = []
    for old in text:
        if not old.isalnum():
            out.append(old)
            continue
        # casefold of one letter may be two: what is drawn may end early or late.
        fresh = next(drawn, "0" if old.isdigit() else "x")
        out.append(fresh.upper() if old.isupper() or (capitals and old.isdigit()) else fresh)
    return "".join(out)
