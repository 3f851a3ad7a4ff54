"""What is said and written in a synthetic consultation: phrases filled in for two people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from string import Formatter
from typing import NamedTuple

from pipelines import sample_phrases as say
from pipelines.sample_people import (
    HOME_LOCALE,
    LICENCE_WORDS,
    TOWNS,
    Clinician,
    Names,
    Patient,
    Places,
    digits,
    draw,
    names_of,
    phone_number,
    places_of,
)
from pipelines.sample_phrases import Complaint

_CHILD = 16
"""Years below which someone else speaks for the patient."""
_OLD = 66
"""Years from which on women are not seen in women's health."""


class Mention(NamedTuple):
    """An identifier as it is written or said in a text."""

    entity: str
    value: str
    in_field: bool
    """Whether it is a form of what stands in a structured field of the record."""


_SPECIALTY_WEIGHTS = {
    "General practice": 30, "Mental health": 14, "Dermatology": 10, "Women's health": 9,
    "Cardiology": 6, "Diabetes and endocrinology": 8, "Respiratory medicine": 7,
    "Musculoskeletal": 9, "Neurology": 6, "Gastroenterology": 6,
}  # fmt: skip
"""Of adults; children are seen in paediatrics."""

SPECIALTIES = tuple(say.COMPLAINTS)
"""The specialties that occur, as a release's public keys list them."""


def reason(rng: Random, age: int, sex: str) -> tuple[str, Complaint]:
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


class Scene(dict[str, str]):
    """The values of the slots in one consultation's phrases, drawn when first asked for."""

    def __init__(
        self,
        rng: Random,
        patient: Patient,
        clinician: Clinician,
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
    def places(self) -> Places:
        return places_of(self.patient.country)

    @property
    def names(self) -> Names:
        return names_of(HOME_LOCALE[self.patient.country])

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


def dialogue(scene: Scene) -> Iterator[dict[str, str]]:
    rng, child = scene.rng, scene.is_child
    other = "carer" if child else "patient"

    def exchange(pair: tuple[str, str]) -> Iterator[dict[str, str]]:
        yield {"speaker": "clinician", "text": scene.fill(pair[0])}
        yield {"speaker": other, "text": scene.fill(pair[1])}

    if child:
        yield from exchange(draw(rng, say.CARER_GREETINGS))
    elif scene["channel"] == "chat":
        yield from exchange(draw(rng, say.CHAT_GREETINGS))
    else:
        yield from exchange(draw(rng, say.GREETINGS))
    if rng.random() < 0.75:
        checks = say.CHECKS if scene.patient.nhs_number is None else _ALL_CHECKS
        yield from exchange(draw(rng, checks))
    opening = draw(rng, scene.complaint.opening)
    yield from exchange((draw(rng, say.INVITES), f"{opening} {draw(rng, say.SINCE)}"))
    for pair in rng.sample(scene.complaint.history, 2):
        yield from exchange(pair)
    questions = say.CHILD_QUESTIONS if child else say.QUESTIONS
    aside = draw(rng, say.CHILD_ASIDES if child else say.ASIDES) if rng.random() < 0.75 else ""
    for question, answer in rng.sample(questions, rng.choice((2, 3, 3))):
        yield from exchange((question, f"{answer} {aside}".rstrip()))
        aside = ""
    plan = draw(rng, say.CHILD_PLANS if child else say.PLANS)
    yield {"speaker": "clinician", "text": scene.fill(f"{plan} {draw(rng, say.NETS)}")}
    if rng.random() < 0.5:
        yield from exchange(draw(rng, say.LOGISTICS))
    yield from exchange(draw(rng, say.CLOSINGS))


_ALL_CHECKS = say.CHECKS + say.NHS_CHECKS
_HEADS_WITHOUT_NHS = tuple(head for head in say.NOTE_HEADS if "{nhs}" not in head)


def note_of(scene: Scene) -> str:
    rng = scene.rng
    heads: Sequence[str] = say.NOTE_HEADS
    tails: Sequence[str] = say.NOTE_TAILS
    if scene.is_child:
        heads, tails = say.CHILD_NOTE_HEADS, say.CHILD_NOTE_TAILS
    elif scene.patient.nhs_number is None:
        heads = _HEADS_WITHOUT_NHS
    parts = [draw(rng, heads), draw(rng, say.NOTE_BODIES), draw(rng, say.NOTE_READINGS)]
    parts.extend(rng.sample(tails, rng.choice((1, 1, 2))))
    return ("\n" if rng.random() < 0.3 else " ").join(map(scene.fill, parts))


_Draw = Callable[[Scene], str]


def _of(values: Sequence[str]) -> _Draw:
    return lambda scene: draw(scene.rng, values)


def _between(low: int, high: int, form: str = "{}") -> _Draw:
    return lambda scene: form.format(scene.rng.randint(low, high))


def _titled(scene: Scene) -> str:
    title = {"female": ("Mrs", "Ms", "Miss"), "male": ("Mr",), "other": ("Mx",)}[scene.patient.sex]
    return f"{draw(scene.rng, title)} {scene.patient.last}"


def _by_sex(female: str, male: str, other: str = "") -> _Draw:
    words = {"female": female, "male": male, "other": other}
    return lambda scene: words[scene.patient.sex]


def _finding_plan(scene: Scene) -> str:
    return scene.complaint.plan.format_map(scene)


def _person(scene: Scene) -> str:
    return draw(scene.rng, draw(scene.rng, scene.names[:2]))


def _full(slot: str) -> _Draw:
    """A relative: half of them have the patient's family name."""
    return lambda scene: f"{scene[slot]} {_relative_last(scene)}"


def _relative_last(scene: Scene) -> str:
    own = scene.rng.random() < 0.5
    return scene.patient.last if own else draw(scene.rng, scene.names.last)


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


def _birth(scene: Scene) -> str:
    return _dates(scene.patient.born, scene.rng.randrange(10))


def _birth_digits(scene: Scene) -> str:
    return _dates(scene.patient.born, scene.rng.choice((1, 4, 6, 7, 8, 9)))


def _other_date(scene: Scene) -> str:
    day = scene.day + timedelta(days=scene.rng.choice((-300, -40, -9, 12, 33)))
    return _dates(day, scene.rng.randrange(9))


def _relative_phone(scene: Scene) -> str:
    rng, country = scene.rng, scene.patient.country
    dialling = draw(rng, TOWNS[country])[2]
    return phone_number(rng, country, dialling).written(rng.randrange(7))


def _spaced_nhs(scene: Scene) -> str:
    number = scene.patient.nhs_number or ""
    mark = scene.rng.choice(("", " ", " ", "-"))
    return mark.join((number[:3], number[3:6], number[6:]))


def _hospital(scene: Scene) -> str:
    kind = scene.rng.choice(
        ("General Hospital", "Royal Infirmary", "Medical Centre", "Cottage Hospital")
    )
    return f"{scene['town']} {kind}"


def _school(scene: Scene) -> str:
    kind = scene.rng.choice(("Primary School", "Academy", "High School", "Grammar School"))
    return f"{draw(scene.rng, scene.names.last)} {kind}"


def _town(scene: Scene) -> str:
    return draw(scene.rng, TOWNS[scene.patient.country])[0]


_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _spelled(scene: Scene) -> str:
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


def _email_spoken(scene: Scene) -> str:
    if scene.rng.random() < 0.4:
        return scene.patient.email
    said = "".join(_SAID.get(c, c) for c in scene.patient.email)
    if scene.rng.random() < 0.5:
        return said
    words = "".join(f" {_DIGIT_WORDS[int(c)]} " if c.isdigit() else c for c in said)
    return " ".join(words.split())


def _bp(scene: Scene) -> str:
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
    "licence_word": lambda s: LICENCE_WORDS[s.clinician.country],
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
    "woman": lambda s: draw(s.rng, s.names.female),
    "man": lambda s: draw(s.rng, s.names.male),
    "relative_full": _full("relative"),
    "woman_full": _full("woman"),
    "man_full": _full("man"),
    "relative_phone": _relative_phone,
    "other_doctor": lambda s: draw(s.rng, s.names.last),
    "other_date": _other_date,
    "employer": lambda s: draw(s.rng, s.places.companies),
    "school": _school,
    "town": _town,
    "hospital": _hospital,
    "mrn": lambda s: f"{s.rng.choice(('H', 'RX', 'MR', ''))}{digits(s.rng, 7)}",
    "device": lambda s: f"{s.rng.choice(('SN', 'DX', 'MMT'))}-{digits(s.rng, 8)}",
    "policy": lambda s: f"{s.rng.choice(('BU', 'AX', 'VH'))}{digits(s.rng, 9)}",
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
