"""The people of the synthetic consultations: each a function of a seed and a number.

What people are called and where they work is Faker's; the towns are real, so that postcode and
dialling code agree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta, timezone
from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from faker import Faker

FIRST_DAY = date(2023, 1, 1)
"""The first day of consultations."""

# ISO/IEC 7812 prefix that goes before an NPI when its check digit is computed.
_NPI_PREFIX = "80840"


class Phone(NamedTuple):
    """A phone number in the ways in which it is written; the field has the first."""

    forms: tuple[str, ...]
    national: str
    """Its digits, as they are dialled inside the country."""

    def written(self, form: int) -> str:
        return self.forms[form % len(self.forms)]


class Patient(NamedTuple):
    id: str
    first: str
    last: str
    born: date
    sex: str
    country: str
    nhs_number: str | None
    phone: Phone
    email: str
    address: str
    postcode: str
    city: str


class Clinician(NamedTuple):
    name: str
    last: str
    licence: str
    country: str


class Names(NamedTuple):
    female: tuple[str, ...]
    male: tuple[str, ...]
    last: tuple[str, ...]


class Places(NamedTuple):
    streets: tuple[str, ...]
    companies: tuple[str, ...]


_COUNTRIES = ("GB", "US", "DE", "ES")
_COUNTRY_WEIGHTS = (78, 12, 6, 4)
HOME_LOCALE = {"GB": "en_GB", "US": "en_US", "DE": "de_DE", "ES": "es_ES"}
_LOCALES: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "GB": (
        ("en_GB", "en_IN", "pl_PL", "en_PK", "en_NG", "en_US", "fr_FR", "es_ES", "de_DE"),
        (58, 10, 8, 6, 5, 4, 3, 3, 3),
    ),
    "US": (("en_US", "es_ES", "en_IN", "pl_PL", "en_NG"), (68, 18, 7, 4, 3)),
    "DE": (("de_DE", "pl_PL", "fr_FR", "es_ES"), (82, 8, 5, 5)),
    "ES": (("es_ES", "fr_FR", "de_DE", "en_GB"), (86, 4, 4, 6)),
}
"""Whose names people in a country have. All of these locales write in Latin letters."""

# Town, postcode area (GB), first digits of the postcode (DE, ES) or ZIP (US), dialling code.
TOWNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "GB": (
        ("London", "SE", "020"), ("London", "NW", "020"), ("London", "E", "020"),
        ("London", "SW", "020"), ("London", "N", "020"), ("Birmingham", "B", "0121"),
        ("Manchester", "M", "0161"), ("Leeds", "LS", "0113"), ("Glasgow", "G", "0141"),
        ("Sheffield", "S", "0114"), ("Bradford", "BD", "01274"), ("Liverpool", "L", "0151"),
        ("Edinburgh", "EH", "0131"), ("Bristol", "BS", "0117"), ("Cardiff", "CF", "029"),
        ("Leicester", "LE", "0116"), ("Coventry", "CV", "024"), ("Nottingham", "NG", "0115"),
        ("Newcastle upon Tyne", "NE", "0191"), ("Belfast", "BT", "028"), ("Hull", "HU", "01482"),
        ("Plymouth", "PL", "01752"), ("Derby", "DE", "01332"), ("Southampton", "SO", "023"),
        ("Portsmouth", "PO", "023"), ("Brighton", "BN", "01273"), ("Norwich", "NR", "01603"),
        ("Reading", "RG", "0118"), ("Swansea", "SA", "01792"), ("Aberdeen", "AB", "01224"),
        ("Dundee", "DD", "01382"), ("Bolton", "BL", "01204"), ("Luton", "LU", "01582"),
        ("York", "YO", "01904"), ("Oxford", "OX", "01865"), ("Cambridge", "CB", "01223"),
        ("Exeter", "EX", "01392"), ("Gloucester", "GL", "01452"), ("Ipswich", "IP", "01473"),
        ("Preston", "PR", "01772"), ("Huddersfield", "HD", "01484"), ("Stockport", "SK", "0161"),
        ("Blackpool", "FY", "01253"), ("Doncaster", "DN", "01302"), ("Peterborough", "PE", "01733"),
        ("Chester", "CH", "01244"), ("Lincoln", "LN", "01522"), ("Truro", "TR", "01872"),
        ("Inverness", "IV", "01463"), ("Carlisle", "CA", "01228"), ("Taunton", "TA", "01823"),
        ("Llandudno", "LL", "01492"), ("Hereford", "HR", "01432"), ("Durham", "DH", "0191"),
    ),
    "US": (
        ("New York", "100", "212"), ("Los Angeles", "900", "213"), ("Chicago", "606", "312"),
        ("Houston", "770", "713"), ("Phoenix", "850", "602"), ("Philadelphia", "191", "215"),
        ("San Antonio", "782", "210"), ("San Diego", "921", "619"), ("Dallas", "752", "214"),
        ("Austin", "787", "512"), ("Columbus", "432", "614"), ("Seattle", "981", "206"),
        ("Denver", "802", "303"), ("Boston", "021", "617"), ("Portland", "972", "503"),
        ("Memphis", "381", "901"), ("Tucson", "857", "520"), ("Omaha", "681", "402"),
        ("Madison", "537", "608"), ("Buffalo", "142", "716"),
    ),
    "DE": (
        ("Berlin", "10", "030"), ("Hamburg", "20", "040"), ("München", "80", "089"),
        ("Köln", "50", "0221"), ("Frankfurt am Main", "60", "069"), ("Stuttgart", "70", "0711"),
        ("Leipzig", "04", "0341"), ("Dresden", "01", "0351"), ("Nürnberg", "90", "0911"),
        ("Bremen", "28", "0421"), ("Kiel", "24", "0431"), ("Freiburg", "79", "0761"),
    ),
    "ES": (
        ("Madrid", "28", "91"), ("Barcelona", "08", "93"), ("Valencia", "46", "96"),
        ("Sevilla", "41", "95"), ("Zaragoza", "50", "976"), ("Málaga", "29", "951"),
        ("Bilbao", "48", "94"), ("Granada", "18", "958"), ("Vigo", "36", "986"),
    ),
}  # fmt: skip


@lru_cache(maxsize=32)
def names_of(locale: str) -> Names:
    """Names of a locale; the same ones whatever the seed."""
    fake = _faker(locale)
    return Names(
        _distinct(fake.first_name_female, 300),
        _distinct(fake.first_name_male, 300),
        _distinct(fake.last_name, 600),
    )


@lru_cache(maxsize=8)
def places_of(country: str) -> Places:
    fake = _faker(HOME_LOCALE[country])
    return Places(_distinct(fake.street_name, 400), _distinct(fake.company, 200))


def _faker(locale: str) -> Any:
    kinds = ("person", "address", "company")
    fake = Faker(locale, providers=[f"faker.providers.{kind}" for kind in kinds])
    fake.seed_instance(20)
    return fake


def _distinct(draw: Callable[[], str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(draw() for _ in range(most)))


def patient_of(seed: int, number: int) -> Patient:
    rng = random_of(seed, "patient", number)
    country = rng.choices(_COUNTRIES, _COUNTRY_WEIGHTS)[0]
    names = names_of(rng.choices(*_LOCALES[country])[0])
    years = rng.choices((0, 16, 30, 50, 70, 88), (11, 18, 27, 24, 18, 2))[0]
    born = FIRST_DAY - timedelta(days=years * 365 + rng.randrange(15 * 365))
    sex = rng.choices(("female", "male", "other"), (55, 44, 1 if years else 0))[0]
    female = sex == "female" or (sex == "other" and rng.random() < 0.5)
    first, last = draw(rng, names.female if female else names.male), draw(rng, names.last)
    if country == "ES":
        last += f" {draw(rng, names.last)}"
    elif rng.random() < 0.04:
        last += f"-{draw(rng, names.last)}"
    city, area, dialling = draw(rng, TOWNS[country])
    return Patient(
        id=f"PT{scattered(number, seed)}",
        first=first,
        last=last,
        born=born,
        sex=sex,
        country=country,
        nhs_number=_nhs_number(rng) if country == "GB" else None,
        phone=phone_number(rng, country, dialling),
        email=_email(rng, first, last, country),
        address=_address(rng, country),
        postcode=_postcode(rng, country, area),
        city=city,
    )


@lru_cache(maxsize=4096)
def clinician_of(seed: int, specialty: str, country: str, number: int) -> Clinician:
    rng = random_of(seed, f"clinician {specialty} {country}", number)
    names = names_of(rng.choices(*_LOCALES[country])[0])
    first, last = draw(rng, names.female + names.male), draw(rng, names.last)
    return Clinician(f"Dr {first} {last}", last, _licence(rng, country), country)


def _address(rng: Random, country: str) -> str:
    street, house = draw(rng, places_of(country).streets), rng.randrange(1, 240)
    if country == "DE":
        return f"{street} {house}"
    if country == "ES":
        return f"{street} {house}, {rng.randrange(1, 9)}º {rng.choice('ABCD')}"
    if rng.random() < 0.15:
        flat = "Flat" if country == "GB" else "Apt"
        return f"{flat} {rng.randrange(1, 40)}, {house} {street}"
    return f"{house} {street}"


def _postcode(rng: Random, country: str, area: str) -> str:
    if country == "GB":
        # Inward codes have none of C, I, K, M, O and V (BS 7666).
        unit = rng.choice("ABDEFGHJLNPQRSTUWXYZ") + rng.choice("ABDEFGHJLNPQRSTUWXYZ")
        return f"{area}{rng.randrange(1, 20)} {rng.randrange(10)}{unit}"
    return area + digits(rng, 5 - len(area))


_UK_FIRST = {"020": "378", "023": "8", "024": "7", "028": "9", "029": "2"}
"""The first digits of local numbers, where not all of them are in use (Ofcom)."""


def phone_number(rng: Random, country: str, dialling: str) -> Phone:
    """A number as the country writes it, three quarters of them mobile."""
    mobile = rng.random() < 0.75
    if country == "GB":
        start = f"07{rng.choice('345789')}{digits(rng, 2)}" if mobile else dialling
        rest = rng.choice(_UK_FIRST.get(start, "23456789")) + digits(rng, 10 - len(start))
        half = len(rest) // 2
        a, b = rest[:half], rest[half:]
        forms = (
            f"{start} {rest}",
            f"{start}{rest}",
            f"{start} {a} {b}",
            f"+44 {start[1:]} {rest}",
            f"+44 (0){start[1:]} {a} {b}",
            f"({start}) {rest}",
            f"{start}-{a}-{b}",
        )
        return Phone(forms, start + rest)
    if country == "US":
        a, b = rng.choice("23467") + digits(rng, 2), digits(rng, 4)
        return Phone(
            (
                f"({dialling}) {a}-{b}", f"{dialling}-{a}-{b}", f"{dialling}.{a}.{b}",
                f"+1 {dialling} {a} {b}", f"{dialling} {a} {b}", f"{dialling}{a}{b}",
            ),
            dialling + a + b,
        )  # fmt: skip
    if country == "DE":
        start = (
            f"01{rng.choice(('51', '52', '60', '62', '70', '75', '76'))}" if mobile else dialling
        )
        rest = rng.choice("23456789") + digits(rng, 10 - len(start))
        return Phone(
            (f"{start} {rest}", f"{start}/{rest}", f"+49 {start[1:]} {rest}", f"{start}{rest}"),
            start + rest,
        )
    start = rng.choice(("6", "6", "71", "72")) if mobile else dialling
    number = start + digits(rng, 9 - len(start))
    a, b, c = number[:3], number[3:6], number[6:]
    return Phone(
        (f"{a} {b} {c}", number, f"+34 {a} {b} {c}", f"+34 {a} {b[:2]} {b[2]}{c[0]} {c[1:]}"),
        number,
    )


_MAIL = {
    "GB": ("gmail.com", "outlook.com", "btinternet.com", "yahoo.co.uk", "hotmail.co.uk"),
    "US": ("gmail.com", "yahoo.com", "outlook.com", "aol.com", "comcast.net"),
    "DE": ("gmx.de", "web.de", "t-online.de", "gmail.com"),
    "ES": ("gmail.com", "hotmail.es", "telefonica.net"),
}


def _email(rng: Random, first: str, last: str, country: str) -> str:
    one, other = _ascii(first), _ascii(last.split()[-1])
    mark = rng.choice((".", ".", "_", "-", ""))
    names = (f"{one}{mark}{other}", f"{one[:1]}{mark}{other}", f"{other}{mark}{one}")
    # Always with a number, so that hardly any is an address which somebody has.
    return f"{rng.choice(names)}{rng.randrange(100, 10_000)}@{rng.choice(_MAIL[country])}"


_LETTERS = str.maketrans({"ł": "l", "ß": "ss", "ø": "o", "æ": "ae", "đ": "d", "ı": "i"})


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def _nhs_number(rng: Random) -> str:
    """Ten digits from the issued ranges, the last a check digit (NHS Data Dictionary)."""
    while True:
        nine = rng.choice("4677") + digits(rng, 8)
        check = -sum((10 - i) * int(digit) for i, digit in enumerate(nine)) % 11
        if check < 10:
            return f"{nine}{check}"


def _licence(rng: Random, country: str) -> str:
    """GMC number, NPI with its check digit, LANR with its own, or número de colegiado."""
    if country == "GB":
        return rng.choice("4567") + digits(rng, 6)
    if country == "US":
        nine = f"1{digits(rng, 8)}"
        doubled = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(_NPI_PREFIX + nine)))
        return f"{nine}{-sum(d // 10 + d % 10 for d in doubled) % 10}"
    if country == "DE":
        six = digits(rng, 6)
        check = -sum(int(d) * (4, 9)[i % 2] for i, d in enumerate(six)) % 10
        return f"{six}{check}{rng.choice(('01', '03', '34', '47', '58'))}"
    return f"{rng.choice(('08', '28', '29', '41', '46'))}{digits(rng, 7)}"


LICENCE_WORDS = {"GB": "GMC", "US": "NPI", "DE": "LANR", "ES": "Colegiado"}


def utc_offset(country: str, day: date) -> timezone:
    """The offset from UTC, in summer an hour more (to the month)."""
    winter = {"GB": 0, "US": -5, "DE": 1, "ES": 1}[country]
    return timezone(timedelta(hours=winter + (4 <= day.month <= 10)))


def random_of(seed: int, what: str, number: int) -> Random:
    # Text seeds go through SHA-512, so that neighbours have nothing in common.
    return Random(f"{seed} {what} {number}")  # noqa: S311


def draw(rng: Random, values: Sequence[Any]) -> Any:
    """``rng.choice``, in a third of its time."""
    return values[int(rng.random() * len(values))]


def digits(rng: Random, count: int) -> str:
    return f"{int(rng.random() * 10**count):0{count}}"


def scattered(number: int, seed: int) -> str:
    """Eight digits, different ones for different numbers below 10^8."""
    return f"{(number * 61_803_399 + (seed + 7) * 27_182_819) % 10**8:08}"
