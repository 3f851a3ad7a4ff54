"""Synthetic telehealth consultations, for trying Veilbeam out, for its tests and its benchmark.

Nobody in them exists. What people are called and where they work is Faker's; the towns are real,
so that postcode and dialling code agree. Phone and NHS numbers lie in the ranges that real ones
have: the ranges reserved for fiction are where surrogates come from, and a test for leaks must be
able to tell the two apart.

Record ``number`` of a ``seed`` is a function of these two and of the number of patients, so that
memory is constant and any part can be made by itself.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import islice
from pathlib import Path
from random import Random
from string import Formatter
from typing import Any, Literal, NamedTuple, get_args

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from faker import Faker

from pipelines import sample_phrases as say
from pipelines.sample_phrases import Complaint
from transforms.errors import UsageError

Format = Literal["jsonl", "csv", "parquet"]
Record = dict[str, Any]

CONSULTATIONS_PER_PATIENT = 2.5
_ROW_GROUP = 5_000
_FIRST_DAY = date(2023, 1, 1)
_DAYS = 3 * 365
_CHILD = 16
"""Years below which someone else speaks for the patient."""
_OLD = 66
"""Years from which on women are not seen in women's health."""

# ISO/IEC 7812 prefix that goes before an NPI when its check digit is computed.
_NPI_PREFIX = "80840"


class Mention(NamedTuple):
    """An identifier as it is written or said in a text."""

    entity: str
    value: str
    in_field: bool
    """Whether it is a form of what stands in a structured field of the record."""


class Composed(NamedTuple):
    """A record, and what of its texts would identify someone."""

    record: Record
    mentions: list[Mention]

    @property
    def planted_in_text(self) -> list[tuple[str, str]]:
        """(entity, value) of the identifiers that stand in the texts and in no field."""
        return [(m.entity, m.value) for m in self.mentions if not m.in_field]


def consultations(count: int, seed: int, patients: int | None = None) -> Iterator[Record]:
    """``count`` records of ``patients`` people (by default one for each 2.5 records).

    Raises UsageError for a negative count or seed, or no patients.
    """
    people = _checked(count, seed, patients)
    return (compose(number, seed, people).record for number in range(count))


def write(
    path: Path,
    count: int,
    seed: int,
    *,
    format: Format | None = None,
    patients: int | None = None,
) -> None:
    """Write ``consultations(count, seed, patients)`` to a file.

    ``format`` is told by the ending of the file's name if not given. CSV has no nested values: its
    headers are dotted paths (``patient.name``), and the turns are one ``dialogue`` text.

    Raises UsageError where the format cannot be told or the file cannot be written, and as
    ``consultations`` does.
    """
    ending = format or path.suffix.removeprefix(".").lower()
    if ending not in get_args(Format):
        raise UsageError(
            f"{path}: its ending does not tell the format; name it .jsonl, .csv or .parquet"
        )
    records = consultations(count, seed, patients)
    try:
        _WRITERS[ending](path, records)
    except OSError as problem:
        raise UsageError(f"{path}: cannot be written ({problem.strerror})") from None


def planted(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(entity, value) of all direct identifiers in a record's structured fields.

    None of these values may be left in a release of the record. A name or town may well be
    *another* record's surrogate; ids, numbers, e-mail and street addresses are unique enough to be
    searched for in all bytes of a release.
    """
    patient, clinician = record["patient"], record["clinician"]
    values = (
        ("ID", record["consultation_id"]),
        ("ID", record["internal_reference"]),
        ("ID", patient["id"]),
        ("PERSON", patient["name"]),
        ("DATE_OF_BIRTH", patient["date_of_birth"]),
        ("UK_NHS", patient["nhs_number"]),
        ("PHONE_NUMBER", patient["phone"]),
        ("EMAIL_ADDRESS", patient["email"]),
        ("STREET_ADDRESS", patient["address"]),
        ("POSTCODE", patient["postcode"]),
        ("LOCATION", patient["city"]),
        ("PERSON", clinician["name"]),
        ("LICENCE_NUMBER", clinician["licence"]),
    )
    return [(entity, value) for entity, value in values if value is not None]


def compose(number: int, seed: int, patients: int) -> Composed:
    """Record ``number`` (from 0), and the identifiers in its texts."""
    rng = _random(seed, "record", number)
    patient = _patient(seed, rng.randrange(patients))
    day = _FIRST_DAY + timedelta(days=rng.randrange(_DAYS))
    age = (day - patient.born).days * 400 // 146_097
    specialty, complaint = _reason(rng, age, patient.sex)
    clinicians = 2 + min(28, patients // 500)
    clinician = _clinician(seed, specialty, patient.country, rng.randrange(clinicians))
    channel = rng.choices(("video", "phone", "chat"), (50, 32, 18))[0]
    scene = _Scene(rng, patient, clinician, complaint, age, day, channel)
    turns = list(_dialogue(scene))
    note = _note(scene)
    fields = {
        "id": patient.id,
        "name": f"{patient.first} {patient.last}",
        "date_of_birth": patient.born.isoformat(),
        "age": age,
        "sex": patient.sex,
        "nhs_number": patient.nhs_number,
        "phone": patient.phone.written(0),
        "email": patient.email,
        "address": patient.address,
        "postcode": patient.postcode,
        "city": patient.city,
    }
    started = datetime(
        day.year, day.month, day.day, rng.randrange(7, 21), rng.randrange(0, 60, 5),
        tzinfo=_offset(patient.country, day),
    )  # fmt: skip
    codes = [{"code": complaint.code, "display": complaint.display}]
    record = {
        "consultation_id": f"VC-{_scattered(number, seed)}",
        "started_at": started.isoformat(),
        "channel": channel,
        "platform": rng.choices(("web", "ios", "android", "kiosk"), (40, 30, 27, 3))[0],
        "specialty": specialty,
        "duration_minutes": 2 + int(rng.gammavariate(4.0, 2.2 if channel == "chat" else 3.4)),
        "satisfaction": rng.choices((1, 2, 3, 4, 5, None), (3, 5, 11, 24, 27, 30))[0],
        "patient": fields,
        "clinician": {"name": clinician.name, "licence": clinician.licence},
        "turns": turns,
        "note": note,
        "codes": codes,
        "internal_reference": f"QX{rng.getrandbits(48):012X}",
    }
    return Composed(record, list(dict.fromkeys(scene.mentions)))


# --- files -----------------------------------------------------------------------------------


def _write_jsonl(path: Path, records: Iterator[Record]) -> None:
    with path.open("wb") as file:
        file.writelines(
            orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in records
        )


def _write_csv(path: Path, records: Iterator[Record]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [*_CSV_COLUMNS])
        rows.writeheader()
        rows.writerows(map(_flat, records))


def _write_parquet(path: Path, records: Iterator[Record]) -> None:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as file:
        while group := list(islice(records, _ROW_GROUP)):
            file.write_batch(pa.RecordBatch.from_pylist(group, schema=SCHEMA))


_WRITERS: dict[str, Callable[[Path, Iterator[Record]], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "parquet": _write_parquet,
}

SCHEMA = pa.schema(
    {
        "consultation_id": pa.string(),
        "started_at": pa.string(),
        "channel": pa.string(),
        "platform": pa.string(),
        "specialty": pa.string(),
        "duration_minutes": pa.int64(),
        "satisfaction": pa.int64(),
        "patient": pa.struct(
            {
                "id": pa.string(),
                "name": pa.string(),
                "date_of_birth": pa.string(),
                "age": pa.int64(),
                "sex": pa.string(),
                "nhs_number": pa.string(),
                "phone": pa.string(),
                "email": pa.string(),
                "address": pa.string(),
                "postcode": pa.string(),
                "city": pa.string(),
            }
        ),
        "clinician": pa.struct({"name": pa.string(), "licence": pa.string()}),
        "turns": pa.list_(pa.struct({"speaker": pa.string(), "text": pa.string()})),
        "note": pa.string(),
        "codes": pa.list_(pa.struct({"code": pa.string(), "display": pa.string()})),
        "internal_reference": pa.string(),
    }
)
"""Arrow schema of the records; times and dates are text, as an API gives them."""


def _csv_columns() -> Iterator[str]:
    for field in SCHEMA:
        if pa.types.is_struct(field.type):
            yield from (f"{field.name}.{child.name}" for child in field.type)
        else:
            yield {"turns": "dialogue", "codes": "condition"}.get(field.name, field.name)


_CSV_COLUMNS = tuple(_csv_columns())


def _flat(record: Record) -> Record:
    row = {}
    for key, value in record.items():
        if isinstance(value, dict):
            row.update({f"{key}.{child}": inner for child, inner in value.items()})
        else:
            row[key] = value
    turns, codes = row.pop("turns"), row.pop("codes")
    row["dialogue"] = "\n".join(f"{turn['speaker'].title()}: {turn['text']}" for turn in turns)
    row["condition"] = codes[0]["display"]
    return row


# --- people ----------------------------------------------------------------------------------


class _Phone(NamedTuple):
    """A phone number in the ways in which it is written; the field has the first."""

    forms: tuple[str, ...]
    national: str
    """Its digits, as they are dialled inside the country."""

    def written(self, form: int) -> str:
        return self.forms[form % len(self.forms)]


class _Patient(NamedTuple):
    id: str
    first: str
    last: str
    born: date
    sex: str
    country: str
    nhs_number: str | None
    phone: _Phone
    email: str
    address: str
    postcode: str
    city: str


class _Clinician(NamedTuple):
    name: str
    last: str
    licence: str
    country: str


class _Names(NamedTuple):
    female: tuple[str, ...]
    male: tuple[str, ...]
    last: tuple[str, ...]


class _Places(NamedTuple):
    streets: tuple[str, ...]
    companies: tuple[str, ...]


_COUNTRIES = ("GB", "US", "DE", "ES")
_COUNTRY_WEIGHTS = (78, 12, 6, 4)
_HOME_LOCALE = {"GB": "en_GB", "US": "en_US", "DE": "de_DE", "ES": "es_ES"}
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
_TOWNS: dict[str, tuple[tuple[str, str, str], ...]] = {
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
def _names(locale: str) -> _Names:
    """Names of a locale; the same ones whatever the seed."""
    fake = _faker(locale)
    return _Names(
        _distinct(fake.first_name_female, 300),
        _distinct(fake.first_name_male, 300),
        _distinct(fake.last_name, 600),
    )


@lru_cache(maxsize=8)
def _places(country: str) -> _Places:
    fake = _faker(_HOME_LOCALE[country])
    return _Places(_distinct(fake.street_name, 400), _distinct(fake.company, 200))


def _faker(locale: str) -> Any:
    kinds = ("person", "address", "company")
    fake = Faker(locale, providers=[f"faker.providers.{kind}" for kind in kinds])
    fake.seed_instance(20)
    return fake


def _distinct(draw: Callable[[], str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(draw() for _ in range(most)))


def _patient(seed: int, number: int) -> _Patient:
    rng = _random(seed, "patient", number)
    country = rng.choices(_COUNTRIES, _COUNTRY_WEIGHTS)[0]
    names = _names(rng.choices(*_LOCALES[country])[0])
    years = rng.choices((0, 16, 30, 50, 70, 88), (11, 18, 27, 24, 18, 2))[0]
    born = _FIRST_DAY - timedelta(days=years * 365 + rng.randrange(15 * 365))
    sex = rng.choices(("female", "male", "other"), (55, 44, 1 if years else 0))[0]
    female = sex == "female" or (sex == "other" and rng.random() < 0.5)
    first, last = _draw(rng, names.female if female else names.male), _draw(rng, names.last)
    if country == "ES":
        last += f" {_draw(rng, names.last)}"
    elif rng.random() < 0.04:
        last += f"-{_draw(rng, names.last)}"
    city, area, dialling = _draw(rng, _TOWNS[country])
    return _Patient(
        id=f"PT{_scattered(number, seed)}",
        first=first,
        last=last,
        born=born,
        sex=sex,
        country=country,
        nhs_number=_nhs_number(rng) if country == "GB" else None,
        phone=_phone(rng, country, dialling),
        email=_email(rng, first, last, country),
        address=_address(rng, country),
        postcode=_postcode(rng, country, area),
        city=city,
    )


@lru_cache(maxsize=4096)
def _clinician(seed: int, specialty: str, country: str, number: int) -> _Clinician:
    rng = _random(seed, f"clinician {specialty} {country}", number)
    names = _names(rng.choices(*_LOCALES[country])[0])
    first, last = _draw(rng, names.female + names.male), _draw(rng, names.last)
    return _Clinician(f"Dr {first} {last}", last, _licence(rng, country), country)


def _address(rng: Random, country: str) -> str:
    street, house = _draw(rng, _places(country).streets), rng.randrange(1, 240)
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
    return area + _digits(rng, 5 - len(area))


_UK_FIRST = {"020": "378", "023": "8", "024": "7", "028": "9", "029": "2"}
"""The first digits of local numbers, where not all of them are in use (Ofcom)."""


def _phone(rng: Random, country: str, dialling: str) -> _Phone:
    """A number as the country writes it, three quarters of them mobile."""
    mobile = rng.random() < 0.75
    if country == "GB":
        start = f"07{rng.choice('345789')}{_digits(rng, 2)}" if mobile else dialling
        rest = rng.choice(_UK_FIRST.get(start, "23456789")) + _digits(rng, 10 - len(start))
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
        return _Phone(forms, start + rest)
    if country == "US":
        a, b = rng.choice("23467") + _digits(rng, 2), _digits(rng, 4)
        return _Phone(
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
        rest = rng.choice("23456789") + _digits(rng, 10 - len(start))
        return _Phone(
            (f"{start} {rest}", f"{start}/{rest}", f"+49 {start[1:]} {rest}", f"{start}{rest}"),
            start + rest,
        )
    start = rng.choice(("6", "6", "71", "72")) if mobile else dialling
    number = start + _digits(rng, 9 - len(start))
    a, b, c = number[:3], number[3:6], number[6:]
    return _Phone(
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
        nine = rng.choice("4677") + _digits(rng, 8)
        check = -sum((10 - i) * int(digit) for i, digit in enumerate(nine)) % 11
        if check < 10:
            return f"{nine}{check}"


def _licence(rng: Random, country: str) -> str:
    """GMC number, NPI with its check digit, LANR with its own, or número de colegiado."""
    if country == "GB":
        return rng.choice("4567") + _digits(rng, 6)
    if country == "US":
        nine = f"1{_digits(rng, 8)}"
        doubled = (int(d) * (2 - i % 2) for i, d in enumerate(reversed(_NPI_PREFIX + nine)))
        return f"{nine}{-sum(d // 10 + d % 10 for d in doubled) % 10}"
    if country == "DE":
        six = _digits(rng, 6)
        check = -sum(int(d) * (4, 9)[i % 2] for i, d in enumerate(six)) % 10
        return f"{six}{check}{rng.choice(('01', '03', '34', '47', '58'))}"
    return f"{rng.choice(('08', '28', '29', '41', '46'))}{_digits(rng, 7)}"


_LICENCE_WORDS = {"GB": "GMC", "US": "NPI", "DE": "LANR", "ES": "Colegiado"}


def _offset(country: str, day: date) -> timezone:
    """The offset from UTC, in summer an hour more (to the month)."""
    winter = {"GB": 0, "US": -5, "DE": 1, "ES": 1}[country]
    return timezone(timedelta(hours=winter + (4 <= day.month <= 10)))


# --- texts -----------------------------------------------------------------------------------

_SPECIALTY_WEIGHTS = {
    "General practice": 30, "Mental health": 14, "Dermatology": 10, "Women's health": 9,
    "Cardiology": 6, "Diabetes and endocrinology": 8, "Respiratory medicine": 7,
    "Musculoskeletal": 9, "Neurology": 6, "Gastroenterology": 6,
}  # fmt: skip
"""Of adults; children are seen in paediatrics."""

SPECIALTIES = tuple(say.COMPLAINTS)
"""The specialties that occur, as a release's public keys list them."""


def _reason(rng: Random, age: int, sex: str) -> tuple[str, Complaint]:
    specialty = "Paediatrics"
    if age >= _CHILD:
        specialty = rng.choices(*_weighted(sex == "female" and age < _OLD))[0]
    complaints = _complaints(specialty, age)
    # The first of each specialty are the most frequent ones.
    return specialty, complaints[int(len(complaints) * rng.random() ** 1.6)]


@lru_cache(maxsize=2)
def _weighted(womens: bool) -> tuple[tuple[str, ...], tuple[int, ...]]:
    kept = {s: w for s, w in _SPECIALTY_WEIGHTS.items() if womens or s != "Women's health"}
    return tuple(kept), tuple(kept.values())


@lru_cache(maxsize=2048)
def _complaints(specialty: str, age: int) -> tuple[Complaint, ...]:
    return tuple(c for c in say.COMPLAINTS[specialty] if c.ages[0] <= age <= c.ages[1])


class _Scene(dict[str, str]):
    """The values of the slots in one consultation's phrases, drawn when first asked for."""

    def __init__(
        self,
        rng: Random,
        patient: _Patient,
        clinician: _Clinician,
        complaint: Complaint,
        age: int,
        day: date,
        channel: str,
    ) -> None:
        super().__init__(channel=channel)
        self.rng = rng
        self.patient = patient
        self.clinician = clinician
        self.complaint = complaint
        self.age = age
        self.day = day
        self.mentions: list[Mention] = []

    def __missing__(self, slot: str) -> str:
        value = self[slot] = _SLOTS[slot](self)
        return value

    @property
    def is_child(self) -> bool:
        return self.age < _CHILD

    @property
    def places(self) -> _Places:
        return _places(self.patient.country)

    @property
    def names(self) -> _Names:
        return _names(_HOME_LOCALE[self.patient.country])

    def fill(self, phrase: str) -> str:
        """The phrase with its slots filled; identifiers among them are noted down."""
        parts = []
        for literal, slot in _parsed(phrase):
            parts.append(literal)
            if slot is None:
                continue
            value = self[slot]
            parts.append(value)
            if (known := _IDENTIFYING.get(slot)) is not None:
                entity, in_field = known
                bare = _untitled(value) if entity == "PERSON" else value
                self.mentions.append(Mention(entity, bare, in_field))
        return "".join(parts)


def _untitled(name: str) -> str:
    title, _, rest = name.partition(" ")
    return rest if title in _TITLES else name


_TITLES = frozenset(("Dr", "Mr", "Mrs", "Ms", "Miss", "Mx"))


@lru_cache(maxsize=4096)
def _parsed(phrase: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, slot) for literal, slot, _, _ in Formatter().parse(phrase))


def _dialogue(scene: _Scene) -> Iterator[dict[str, str]]:
    rng, child = scene.rng, scene.is_child
    other = "carer" if child else "patient"

    def exchange(pair: tuple[str, str]) -> Iterator[dict[str, str]]:
        yield {"speaker": "clinician", "text": scene.fill(pair[0])}
        yield {"speaker": other, "text": scene.fill(pair[1])}

    if child:
        yield from exchange(_draw(rng, say.CARER_GREETINGS))
    elif scene["channel"] == "chat":
        yield from exchange(_draw(rng, say.CHAT_GREETINGS))
    else:
        yield from exchange(_draw(rng, say.GREETINGS))
    if rng.random() < 0.75:
        checks = say.CHECKS if scene.patient.nhs_number is None else _ALL_CHECKS
        yield from exchange(_draw(rng, checks))
    opening = _draw(rng, scene.complaint.opening)
    yield from exchange((_draw(rng, say.INVITES), f"{opening} {_draw(rng, say.SINCE)}"))
    for pair in rng.sample(scene.complaint.history, 2):
        yield from exchange(pair)
    questions = say.CHILD_QUESTIONS if child else say.QUESTIONS
    aside = _draw(rng, say.CHILD_ASIDES if child else say.ASIDES) if rng.random() < 0.75 else ""
    for question, answer in rng.sample(questions, rng.choice((2, 3, 3))):
        yield from exchange((question, f"{answer} {aside}".rstrip()))
        aside = ""
    plan = _draw(rng, say.CHILD_PLANS if child else say.PLANS)
    yield {"speaker": "clinician", "text": scene.fill(f"{plan} {_draw(rng, say.NETS)}")}
    if rng.random() < 0.5:
        yield from exchange(_draw(rng, say.LOGISTICS))
    yield from exchange(_draw(rng, say.CLOSINGS))


_ALL_CHECKS = say.CHECKS + say.NHS_CHECKS
_HEADS_WITHOUT_NHS = tuple(head for head in say.NOTE_HEADS if "{nhs}" not in head)


def _note(scene: _Scene) -> str:
    rng = scene.rng
    heads: Sequence[str] = say.NOTE_HEADS
    tails: Sequence[str] = say.NOTE_TAILS
    if scene.is_child:
        heads, tails = say.CHILD_NOTE_HEADS, say.CHILD_NOTE_TAILS
    elif scene.patient.nhs_number is None:
        heads = _HEADS_WITHOUT_NHS
    parts = [_draw(rng, heads), _draw(rng, say.NOTE_BODIES), _draw(rng, say.NOTE_READINGS)]
    parts.extend(rng.sample(tails, rng.choice((1, 1, 2))))
    return ("\n" if rng.random() < 0.3 else " ").join(map(scene.fill, parts))


_Draw = Callable[[_Scene], str]


def _of(values: Sequence[str]) -> _Draw:
    return lambda scene: _draw(scene.rng, values)


def _between(low: int, high: int, form: str = "{}") -> _Draw:
    return lambda scene: form.format(scene.rng.randint(low, high))


def _titled(scene: _Scene) -> str:
    title = {"female": ("Mrs", "Ms", "Miss"), "male": ("Mr",), "other": ("Mx",)}[scene.patient.sex]
    return f"{_draw(scene.rng, title)} {scene.patient.last}"


def _by_sex(female: str, male: str, other: str = "") -> _Draw:
    words = {"female": female, "male": male, "other": other}
    return lambda scene: words[scene.patient.sex]


def _finding_plan(scene: _Scene) -> str:
    return scene.complaint.plan.format_map(scene)


def _person(scene: _Scene) -> str:
    return _draw(scene.rng, _draw(scene.rng, scene.names[:2]))


def _full(slot: str) -> _Draw:
    """A relative: half of them have the patient's family name."""
    return lambda scene: f"{scene[slot]} {_relative_last(scene)}"


def _relative_last(scene: _Scene) -> str:
    own = scene.rng.random() < 0.5
    return scene.patient.last if own else _draw(scene.rng, scene.names.last)


def _dates(day: date, form: int) -> str:
    suffix = "th" if 11 <= day.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    month = _MONTHS[day.month - 1]
    forms = (
        f"{day.day}{suffix} of {month} {day.year}", f"{day.day:02}/{day.month:02}/{day.year}",
        f"{day.day}{suffix} {month} {day.year}", f"{day.day} {month} {day.year}",
        f"{day.day}.{day.month}.{day.year}", f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3]} {day.year}", f"{day.day:02}-{day.month:02}-{day.year}",
        f"{day.day}/{day.month}/{day.year % 100:02}", day.isoformat(),
    )  # fmt: skip
    return forms[form]


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _birth(scene: _Scene) -> str:
    return _dates(scene.patient.born, scene.rng.randrange(10))


def _birth_digits(scene: _Scene) -> str:
    return _dates(scene.patient.born, scene.rng.choice((1, 4, 6, 7, 8, 9)))


def _other_date(scene: _Scene) -> str:
    day = scene.day + timedelta(days=scene.rng.choice((-300, -40, -9, 12, 33)))
    return _dates(day, scene.rng.randrange(9))


def _relative_phone(scene: _Scene) -> str:
    rng, country = scene.rng, scene.patient.country
    dialling = _draw(rng, _TOWNS[country])[2]
    return _phone(rng, country, dialling).written(rng.randrange(7))


def _spaced_nhs(scene: _Scene) -> str:
    number = scene.patient.nhs_number or ""
    mark = scene.rng.choice(("", " ", " ", "-"))
    return mark.join((number[:3], number[3:6], number[6:]))


def _hospital(scene: _Scene) -> str:
    kind = scene.rng.choice(
        ("General Hospital", "Royal Infirmary", "Medical Centre", "Cottage Hospital")
    )
    return f"{scene['town']} {kind}"


def _school(scene: _Scene) -> str:
    kind = scene.rng.choice(("Primary School", "Academy", "High School", "Grammar School"))
    return f"{_draw(scene.rng, scene.names.last)} {kind}"


def _town(scene: _Scene) -> str:
    return _draw(scene.rng, _TOWNS[scene.patient.country])[0]


_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _spelled(scene: _Scene) -> str:
    """A phone number as it is read out: digit by digit, "oh" for 0, pairs as "double"."""
    rng, digits = scene.rng, scene.patient.phone.national
    words = [rng.choice(("oh", "zero")), *_DIGIT_WORDS[1:]]
    doubles = rng.random() < 0.6
    said: list[str] = []
    at = 0
    while at < len(digits):
        word = words[int(digits[at])]
        pair = doubles and digits[at : at + 2] == digits[at] * 2
        said.append(f"double {word}" if pair else word)
        at += 2 if pair else 1
    return " ".join(said)


_SAID = {".": " dot ", "_": " underscore ", "-": " dash ", "@": " at "}


def _email_spoken(scene: _Scene) -> str:
    if scene.rng.random() < 0.4:
        return scene.patient.email
    said = "".join(_SAID.get(c, c) for c in scene.patient.email)
    if scene.rng.random() < 0.5:
        return said
    words = "".join(f" {_DIGIT_WORDS[int(c)]} " if c.isdigit() else c for c in said)
    return " ".join(words.split())


def _bp(scene: _Scene) -> str:
    systolic = scene.rng.randint(98, 178)
    return f"{systolic}/{int(systolic * scene.rng.uniform(0.55, 0.68))}"


def _lowered(text: str) -> str:
    """As it stands inside of a sentence; eponyms keep their capital."""
    return text if "'" in text or text.split(" ")[0].isupper() else text[:1].lower() + text[1:]


_SLOTS: dict[str, _Draw] = {
    "name": lambda s: f"{s.patient.first} {s.patient.last}",
    "name_lower": lambda s: f"{s.patient.first} {s.patient.last}".lower(),
    "first": lambda s: s.patient.first,
    "first_lower": lambda s: s.patient.first.lower(),
    "last": lambda s: s.patient.last,
    "initial": lambda s: s.patient.first[0],
    "titled": _titled,
    "clinician": lambda s: s.clinician.name,
    "clinician_last": lambda s: s.clinician.last,
    "licence": lambda s: s.clinician.licence,
    "licence_word": lambda s: _LICENCE_WORDS[s.clinician.country],
    "dob": _birth,
    "dob_digits": _birth_digits,
    "nhs": _spaced_nhs,
    "patient_id": lambda s: s.patient.id,
    "phone": lambda s: s.patient.phone.written(s.rng.randrange(7)),
    "phone_spelled": _spelled,
    "email": lambda s: s.patient.email,
    "email_spoken": _email_spoken,
    "address": lambda s: s.patient.address,
    "postcode": lambda s: (
        s.patient.postcode if s.rng.random() < 0.8 else s.patient.postcode.replace(" ", "")
    ),
    "city": lambda s: s.patient.city,
    "age": lambda s: str(s.age),
    "relative": _person,
    "woman": lambda s: _draw(s.rng, s.names.female),
    "man": lambda s: _draw(s.rng, s.names.male),
    "relative_full": _full("relative"),
    "woman_full": _full("woman"),
    "man_full": _full("man"),
    "relative_phone": _relative_phone,
    "other_doctor": lambda s: _draw(s.rng, s.names.last),
    "other_date": _other_date,
    "employer": lambda s: _draw(s.rng, s.places.companies),
    "school": _school,
    "town": _town,
    "hospital": _hospital,
    "mrn": lambda s: f"{s.rng.choice(('H', 'RX', 'MR', ''))}{_digits(s.rng, 7)}",
    "device": lambda s: f"{s.rng.choice(('SN', 'DX', 'MMT'))}-{_digits(s.rng, 8)}",
    "policy": lambda s: f"{s.rng.choice(('BU', 'AX', 'VH'))}{_digits(s.rng, 9)}",
    "elder_age": _between(66, 97),
    "sex_word": _by_sex("woman", "man", "person"),
    "He": _by_sex("She", "He"),
    "he": _by_sex("she", "he"),
    "him": _by_sex("her", "him"),
    "His": _by_sex("Her", "His"),
    "his": _by_sex("her", "his"),
    "parent": _of(("mum", "dad", "mother", "father", "guardian")),
    "dur": _of(say.PERIODS),
    "dur2": _of(say.PERIODS[:12]),
    "short_course": _of(say.COURSES),
    "display": lambda s: s.complaint.display,
    "display_lower": lambda s: _lowered(s.complaint.display),
    "finding": lambda s: s.complaint.finding,
    "plan": _finding_plan,
    "plan_capital": lambda s: s["plan"][:1].upper() + s["plan"][1:],
    "score": _between(2, 9, "{}/10"),
    "allergy": _of(say.ALLERGIES),
    "otc": _of(say.OTC),
    "smoking": _of(say.SMOKING),
    "when": _of(say.WHEN),
    "job": _of(say.JOBS),
    "history": _of(say.HISTORIES),
    "family": _of(say.FAMILY),
    "weight": lambda s: s["child_weight"] if s.is_child else str(s.rng.randint(48, 124)),
    "child_weight": lambda s: str(round(3.5 + s.age * 2.9 + s.rng.random() * 3, 1)),
    "temp": lambda s: f"{s.rng.uniform(36.2, 40.1):.1f}",
    "bp": _bp,
    "pulse": _between(54, 124),
    "rr": _between(12, 24),
    "spo2": _between(91, 99),
    "bmi": _between(19, 41),
    "hours": _between(3, 6),
    "kilos": _between(2, 9),
    "days": _between(2, 10),
    "weeks": _between(2, 12),
}
"""What each slot of a phrase becomes."""

_IDENTIFYING: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(
        ("name", "name_lower", "first", "first_lower", "last", "titled", "clinician",
         "clinician_last"),
        ("PERSON", True),
    ),
    **dict.fromkeys(("dob", "dob_digits"), ("DATE_OF_BIRTH", True)),
    **dict.fromkeys(("phone", "phone_spelled"), ("PHONE_NUMBER", True)),
    **dict.fromkeys(("email", "email_spoken"), ("EMAIL_ADDRESS", True)),
    "nhs": ("UK_NHS", True),
    "patient_id": ("ID", True),
    "licence": ("LICENCE_NUMBER", True),
    "address": ("STREET_ADDRESS", True),
    "postcode": ("POSTCODE", True),
    "city": ("LOCATION", True),
    "age": ("AGE", True),
    **dict.fromkeys(
        ("relative", "woman", "man", "relative_full", "woman_full", "man_full", "other_doctor"),
        ("PERSON", False),
    ),
    "relative_phone": ("PHONE_NUMBER", False),
    "other_date": ("DATE_TIME", False),
    **dict.fromkeys(("employer", "school", "hospital"), ("ORGANIZATION", False)),
    "town": ("LOCATION", False),
    "elder_age": ("AGE", False),
    "mrn": ("MEDICAL_RECORD_NUMBER", False),
    "device": ("DEVICE_ID", False),
    "policy": ("INSURANCE_ID", False),
}  # fmt: skip
"""The slots that identify someone: their entity, and whether a field of the record holds them."""


# --- chance ----------------------------------------------------------------------------------


def _random(seed: int, what: str, number: int) -> Random:
    # Text seeds go through SHA-512, so that neighbours have nothing in common.
    return Random(f"{seed} {what} {number}")  # noqa: S311


def _draw(rng: Random, values: Sequence[Any]) -> Any:
    """``rng.choice``, in a third of its time."""
    return values[int(rng.random() * len(values))]


def _digits(rng: Random, count: int) -> str:
    return f"{int(rng.random() * 10**count):0{count}}"


def _scattered(number: int, seed: int) -> str:
    """Eight digits, different ones for different numbers below 10^8."""
    return f"{(number * 61_803_399 + (seed + 7) * 27_182_819) % 10**8:08}"


def _checked(count: int, seed: int, patients: int | None) -> int:
    if count < 0 or seed < 0:
        raise UsageError("count and seed must be 0 or more")
    people = max(1, round(count / CONSULTATIONS_PER_PATIENT)) if patients is None else patients
    if people < 1:
        raise UsageError("patients must be 1 or more")
    return people
