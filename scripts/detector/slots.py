"""The values that fill a text's slots: the people, places and numbers of one scene."""

from __future__ import annotations

import string
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from scripts.detector import spoken, words
from scripts.detector.pieces import Piece
from scripts.detector.world import Home, World, invented

_LANGUAGE_LOCALES = {
    "es": ("es_ES", "es_MX", "es_AR", "es_CO", "es_CL"),
    "de": ("de_DE", "de_AT", "de_CH"),
}


class Person(NamedTuple):
    first: str
    last: str
    middle: str


class Scene:
    """Values for one text. People named by one letter stay the same within it."""

    def __init__(
        self, world: World, random: Random, language: str = "en", said: bool = False
    ) -> None:
        """``said``: numbers and dates may be in words, as speech recognition gives them."""
        self._world = world
        self._random = random
        self._language = language
        self._said = said
        self._people: dict[str, Person] = {}

    def __call__(self, slot: str) -> Sequence[Piece]:
        """The pieces of a slot. Raises KeyError for a slot that does not exist."""
        head, _, form = slot.partition(".")
        if head in ("A", "B", "C"):
            return self.person(head, form)
        if slot in _PLAIN:
            return [Piece(self._random.choice(_PLAIN[slot]))]
        method = getattr(self, f"_{slot}", None)
        if method is None:
            raise KeyError(slot)
        found: str | Sequence[Piece] = method()
        return [Piece(found)] if isinstance(found, str) else found

    # People

    def someone(self) -> Person:
        random, world = self._random, self._world
        home = [x for x in _LANGUAGE_LOCALES.get(self._language, ()) if x in world.first]
        locale = (
            random.choice(home) if home and random.random() < 0.6 else world.locales.draw(random)
        )
        other = locale if random.random() < 0.75 else world.locales.draw(random)
        first = random.choice(world.first[locale])
        last = random.choice(world.last[other])
        if self._language == "es" and random.random() < 0.5:
            last = f"{last} {random.choice(world.last[other])}"
        if random.random() < 0.1:
            last = invented(random)
        if random.random() < 0.08:
            first = invented(random)
        if random.random() < 0.04:
            last = f"{last}-{random.choice(world.last[other])}"
        if random.random() < 0.02:
            last = (
                random.choice(("O'", "Mc", "Mac", "van ", "de ", "von ", "van der ", "al-", "El "))
                + last
            )
        return Person(first, last, random.choice(world.first[locale]))

    def person(self, letter: str, form: str) -> Sequence[Piece]:
        random = self._random
        if letter not in self._people:
            self._people[letter] = self.someone()
        first, last, middle = self._people[letter]
        if form in ("first", "last"):
            name = first if form == "first" else last
            if form == "first" and random.random() < 0.04 and len(first) > 4:
                name = first[: random.choice((3, 4))]
            return [Piece(name, "PERSON")]
        if form == "initials":
            return [
                Piece(random.choice((f"{first[0]}{last[0]}", f"{first[0]}.{last[0]}.")), "PERSON")
            ]
        kind = random.random() if form != "full" else 0.0
        if kind < 0.72:
            name = f"{first} {last}"
        elif kind < 0.80:
            name = f"{first} {middle[0]}{random.choice(('.', ''))} {last}"
        elif kind < 0.84:
            name = f"{first} {middle} {last}"
        elif kind < 0.88:
            name = f"{first[0]}{random.choice(('.', ''))} {last}"
        elif kind < 0.92:
            name = f"{last}, {first}"
        elif kind < 0.96:
            title = random.choice(("Dr.", "Mr", "Mrs", "Ms", "Prof."))
            return [Piece(f"{title} "), Piece(f"{first} {last}", "PERSON")]
        else:
            name = first
        return [Piece(name, "PERSON")]

    # Places

    def _city_name(self) -> str:
        if self._random.random() < 0.05:
            return invented(self._random)
        if self._random.random() < 0.15:
            return self._random.choice(self._home().towns)
        return self._world.cities.draw(self._random)

    def _home(self) -> Home:
        abroad = self._random.random() < 0.12
        return self._world.homes["" if abroad else self._language]

    def _city(self) -> Sequence[Piece]:
        return [Piece(self._city_name(), "LOCATION")]

    def _country(self) -> Sequence[Piece]:
        home = {"es": words.ES_COUNTRIES, "de": words.DE_COUNTRIES}.get(self._language)
        if home and self._random.random() < 0.8:
            return [Piece(self._random.choice(home), "LOCATION")]
        return [Piece(self._random.choice(self._world.countries), "LOCATION")]

    def _region(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(self._world.regions), "LOCATION")]

    def _place(self) -> Sequence[Piece]:
        return self._random.choice((self._city, self._city, self._country, self._region))()

    def _hn(self) -> Sequence[Piece]:
        return [Piece(self._house(), "STREET_ADDRESS")]

    def _house(self) -> str:
        random = self._random
        number = str(
            random.choice((random.randint(1, 99), random.randint(1, 400), random.randint(1, 9999)))
        )
        if self._said and random.random() < 0.3:
            return spoken.number(int(number))
        return number + (random.choice("abcABC") if random.random() < 0.1 else "")

    def _streetname(self) -> Sequence[Piece]:
        return [Piece(self._street_name(), "STREET_ADDRESS")]

    def _street_name(self) -> str:
        random = self._random
        kind = random.random()
        if kind < 0.35:
            name = random.choice(words.STREET_NAMES)
        elif kind < 0.8:
            locale = self._world.locales.draw(random)
            name = random.choice(self._world.last[locale])
        else:
            name = self._city_name()
        if self._language == "es":
            return f"{random.choice(words.ES_STREET_KINDS)} {name}"
        if self._language == "de":
            end = random.choice(words.DE_STREET_KINDS)
            return f"{name}{end}" if random.random() < 0.8 else f"Am {name}"
        if random.random() < 0.05:
            foreign = random.choice(
                ("Rue {}", "Calle {}", "Via {}", "{}straße", "{}gatan", "Rua {}")
            )
            return foreign.format(name)
        return f"{name} {random.choice(words.STREET_KINDS)}"

    def _street(self) -> Sequence[Piece]:
        return [Piece(self._street_line(), "STREET_ADDRESS")]

    def _street_line(self) -> str:
        random = self._random
        if random.random() < 0.35:
            return random.choice(self._home().streets)
        name, house = self._street_name(), self._house()
        if self._language == "es":
            line = random.choice((f"{name} {house}", f"{name}, {house}", f"{name} nº {house}"))
            if random.random() < 0.4:
                line += random.choice(
                    (", 2º dcha", ", 3 B", " 4ºA", ", 1º izda.", ", bajo C", " 5-7")
                )
            return line
        if self._language == "de":
            return f"{name} {house}"
        if self._world.held_out and random.random() < 0.1:
            return f"{house}-{house} {name}"
        line = f"{house} {name}"
        kind = random.random()
        if kind < 0.12:
            unit = random.choice(("Flat", "Apt", "Apt.", "Unit", "Suite", "Room", "Apartment", "#"))
            number = random.choice((str(random.randint(1, 60)), random.choice("ABCD")))
            gap = "" if unit == "#" else " "
            line = random.choice((f"{unit}{gap}{number}, {line}", f"{line}, {unit}{gap}{number}"))
        elif kind < 0.16:
            line += random.choice((" NW", " East", " N", " S.W."))
        elif kind < 0.19:
            line = random.choice(("PO Box {}", "P.O. Box {}", "RR {}")).format(
                random.randint(1, 9999)
            )
        return line

    def _postcode(self) -> Sequence[Piece]:
        random = self._random
        if self._language in ("es", "de"):
            return [Piece(f"{random.randint(1000, 99999):05}", "POSTCODE")]
        kind = random.random()
        letters = "".join(random.choice("ABCDEGHLMNPSTWY") for _ in range(4))
        if kind < 0.45:
            area = letters[: random.choice((1, 2))]
            space = "" if random.random() < 0.1 else " "
            text = f"{area}{random.randint(1, 29)}{space}{random.randint(1, 9)}{letters[2:]}"
        elif kind < 0.85:
            text = f"{random.randint(501, 99950):05}"
            if random.random() < 0.15:
                text += f"-{random.randint(1, 9999):04}"
        elif kind < 0.93:
            text = self._pattern("?%? %?4")
        else:
            text = str(random.randint(1000, 9999))
        return [Piece(text, "POSTCODE")]

    def _address(self) -> Sequence[Piece]:
        random = self._random
        (street,), (postcode,), city = self._street(), self._postcode(), self._city_name()
        place = Piece(city, "LOCATION")
        gap = Piece(random.choice((", ", ", ", ", ", "\n", " ", ",")))
        end = [gap, *self._country()] if random.random() < 0.2 else []
        if self._language in ("es", "de"):
            return [street, gap, postcode, Piece(" "), place, *end]
        kind = random.random()
        if kind < 0.25:
            return [street, gap, place, *end]
        if kind < 0.6:
            return [street, gap, place, Piece(random.choice((", ", " ", "\n"))), postcode, *end]
        if kind < 0.9:
            state = random.choice(
                (self._region()[0].text, "".join(random.choice("ACDFILMNOTVWY") for _ in range(2)))
            )
            if len(state) == 2:
                state = random.choice(
                    ("CA", "NY", "TX", "FL", "MA", "WA", "OH", "IL", "PA", "AZ", "GA", "NC")
                )
            return [
                street,
                gap,
                place,
                Piece(", "),
                Piece(state, "LOCATION"),
                Piece(" "),
                postcode,
                *end,
            ]
        return [street, gap, postcode, Piece(" "), place, *end]

    # Organisations

    def _named(self, forms: Sequence[str]) -> str:
        form = self._random.choice(forms)
        (name,) = self.person("_", "last")
        del self._people["_"]
        return form.format(x=self._city_name(), n=name.text)

    def _facility(self) -> Sequence[Piece]:
        forms = {"es": words.ES_FACILITY_FORMS, "de": words.DE_FACILITY_FORMS}
        name = self._named(forms.get(self._language, words.FACILITY_FORMS))
        return [Piece(name, "FACILITY")]

    def _school(self) -> Sequence[Piece]:
        return [Piece(self._named(words.SCHOOL_FORMS), "ORGANIZATION")]

    def _hotel(self) -> Sequence[Piece]:
        return [Piece(self._named(words.HOTELS), "FACILITY")]

    def _insurer(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.INSURERS), "ORGANIZATION")]

    def _org(self) -> Sequence[Piece]:
        random = self._random
        last = random.choice(self._world.last[self._world.locales.draw(random)])
        word, kind = random.choice(words.COMPANY_WORDS), random.choice(words.COMPANY_KINDS)
        end = random.choice(words.COMPANY_ENDINGS)
        other = random.choice(self._world.last[self._world.locales.draw(random)])
        known = self._world.held_out
        if random.random() < 0.25:
            return [Piece(random.choice(self._home().companies), "ORGANIZATION")]
        forms = (
            f"{last} {kind}", f"{last} {end}", f"{last} {end}", f"{last} and {other}",
            f"{last}, {other} and {invented(random)}", f"{last} & {other}", f"{word} {kind}",
            f"{word}{kind.split()[0].lower()}", f"{word} {last} {end}",
            f"{self._city_name()} {kind}",
            f"{last}-{other}", f"{invented(random)} {end}",
            invented(random), f"{last} {kind} {end}",
            f"{word} {kind} {end}", f"{last} & Sons", f"{word} {last}", f"{last} Group",
            f"{last} Brothers",
            "".join(random.choice(string.ascii_uppercase) for _ in range(random.choice((3, 3, 4)))),
            *(() if known else random.choices(words.REAL_ORGS, k=6)),
        )  # fmt: skip
        return [Piece(random.choice(forms), "ORGANIZATION")]

    # Kinds of people

    def _job(self) -> Sequence[Piece]:
        job = self._random.choice(self._world.jobs)
        return [Piece(job.lower() if self._random.random() < 0.7 else job, "OCCUPATION")]

    def _es_job(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.ES_JOBS), "OCCUPATION")]

    def _de_job(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.DE_JOBS), "OCCUPATION")]

    def _nat(self) -> Sequence[Piece]:
        out = self._world.held_out
        return [
            Piece(
                self._random.choice(words.HELD_OUT_NATIONALITIES if out else words.NATIONALITIES),
                "NRP",
            )
        ]

    def _nats(self) -> Sequence[Piece]:
        out = self._world.held_out
        return [
            Piece(self._random.choice(words.HELD_OUT_NATIONALS if out else words.NATIONALS), "NRP")
        ]

    def _natman(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.NATIONAL_NOUNS), "NRP")]

    def _es_nat(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.ES_NATIONALITIES), "NRP")]

    def _de_nat(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.DE_NATIONALITIES), "NRP")]

    def _religion(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.RELIGIONS), "NRP")]

    def _party(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.PARTIES), "NRP")]

    def _lang(self) -> str:
        return self._random.choice((*words.LANGUAGES, *words.NATIONALITIES[:20]))

    # Times

    def _day(self, first: int, last: int) -> date:
        start = date(first, 1, 1)
        return start + timedelta(days=self._random.randrange(365 * (last - first) + 1))

    def _written(self, day: date, with_year: bool) -> str:
        random = self._random
        d, m, y = day.day, day.month, day.year
        if self._said and random.random() < 0.5:
            return spoken.day(day, random, with_year)
        months = {"es": words.ES_MONTHS, "de": words.DE_MONTHS}.get(self._language, words.MONTHS)
        month = months[m - 1]
        if random.random() < 0.35:
            month = month[:3]
        suffix = "th" if 11 <= d <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
        if self._language == "es":
            long = f"{d} de {months[m - 1]}" + (f" de {y}" if with_year else "")
            forms = (long,)
        elif self._language == "de":
            forms = (
                f"{d}. {month}" + (f" {y}" if with_year else ""),
                f"{d}.{m}." + (str(y) if with_year else ""),
            )
        elif with_year:
            forms = (
                f"{d} {month} {y}", f"{month} {d}, {y}", f"{d}{suffix} {month} {y}",
                f"{month} {d} {y}",
                f"{month} {d}{suffix}, {y}", f"{d}-{month[:3]}-{y}", f"{d} {month} {y % 100:02}",
                f"{d}{suffix} of {month} {y}",
            )  # fmt: skip
        else:
            forms = (
                f"{d} {month}", f"{d} {month}", f"{month} {d}", f"{d}{suffix} {month}",
                f"{month} {d}{suffix}",
                f"the {d}{suffix} of {month}", f"{d}/{m}", f"{m}/{d}", f"{d:02}/{m:02}",
            )  # fmt: skip
        if with_year and random.random() < 0.5:
            sep = random.choice("///-.")
            short = f"{y % 100:02}" if random.random() < 0.3 else str(y)
            numbers = (f"{d:02}{sep}{m:02}", f"{m:02}{sep}{d:02}", f"{d}{sep}{m}", f"{m}{sep}{d}")
            forms = (
                *(f"{n}{sep}{short}" for n in numbers),
                day.isoformat(),
                f"{y}{sep}{m:02}{sep}{d:02}",
            )
        text = random.choice(forms)
        if random.random() < 0.08 and self._language == "en":
            text = f"{words.WEEKDAYS[day.weekday()]}{random.choice((' ', ', ', ' the '))}{text}"
        if random.random() < 0.04:
            text += random.choice((" ", " at ", "T", ", "))
            text += f"{random.randint(0, 23):02}:{random.randint(0, 59):02}"
        return text

    def _date(self) -> Sequence[Piece]:
        return [Piece(self._written(self._day(1995, 2027), True), "DATE_TIME")]

    def _dmy(self) -> Sequence[Piece]:
        return [
            Piece(self._written(self._day(2015, 2027), self._random.random() < 0.4), "DATE_TIME")
        ]

    def _dob(self) -> Sequence[Piece]:
        return [Piece(self._written(self._day(1925, 2024), True), "DATE_OF_BIRTH")]

    def _monthyear(self) -> Sequence[Piece]:
        random = self._random
        month, year = random.choice(words.MONTHS), random.randint(1990, 2026)
        if random.random() < 0.3:
            month = month[:3]
        return [
            Piece(
                random.choice((f"{month} {year}", f"{month} {year}", f"{month} of {year}")),
                "DATE_TIME",
            )
        ]

    def _time(self) -> str:
        random = self._random
        hour, minute = random.randint(0, 23), random.choice((0, 15, 30, 45, random.randint(0, 59)))
        return random.choice(
            (
                f"{hour:02}:{minute:02}",
                f"{hour % 12 + 1}:{minute:02} pm",
                f"{hour % 12 + 1} am",
                f"{hour}.{minute:02}",
            )
        )

    def _year(self) -> str:
        return str(self._random.randint(1950, 2026))

    def _month(self) -> str:
        return self._random.choice(words.MONTHS)

    # Ages

    def _number(self, low: int, high: int) -> str:
        value = self._random.randint(low, high)
        return spoken.number(value) if self._said and self._random.random() < 0.6 else str(value)

    def _age(self) -> Sequence[Piece]:
        return [Piece(self._number(1, 99), "AGE")]

    def _agenum(self) -> Sequence[Piece]:
        return [Piece(str(self._random.randint(1, 99)), "AGE")]

    def _n50(self) -> Sequence[Piece]:
        return [Piece(self._number(18, 90), "AGE")]

    def _n70(self) -> Sequence[Piece]:
        return [Piece(self._number(40, 95), "AGE")]

    def _agephrase(self) -> Sequence[Piece]:
        age = Piece(str(self._random.randint(1, 99)), "AGE")
        after = self._random.choice(
            (" years old", " yo", "y", " y/o", "-year-old", " year old man", "F", "M")
        )
        before = self._random.choice(("", "", "aged ", "age "))
        return [Piece(before), age, Piece("" if before else after)]

    def _agekid(self) -> Sequence[Piece]:
        number = self._number(2, 18)
        if self._random.random() < 0.4:
            return [Piece(f"{number} {self._random.choice(('months', 'weeks'))}", "AGE")]
        return [Piece(number, "AGE"), Piece(self._random.choice(("", " years old", " and a half")))]

    # Numbers that identify

    def _pattern(self, pattern: str) -> str:
        random = self._random
        figures = {"#": string.digits, "?": string.ascii_uppercase, "%": string.digits[1:]}
        return "".join(random.choice(figures[c]) if c in figures else c for c in pattern)

    def _mrn(self) -> Sequence[Piece]:
        forms = ("########", "#######", "######", "%#####", "00######", "?######", "??######",
        "MRN-######",
                 "###-##-###", "?#######", "#########", "##-##-##", "H####/##",
                 "#####")  # fmt: skip
        text = self._pattern(self._random.choice(forms))
        if self._said and self._random.random() < 0.3:
            text = spoken.digits(text, self._random)
        return [Piece(text, "ID")]

    def _nhs(self) -> Sequence[Piece]:
        return [
            Piece(
                self._pattern(self._random.choice(("### ### ####", "##########", "###-###-####"))),
                "ID",
            )
        ]

    def _ssn(self) -> Sequence[Piece]:
        return [
            Piece(
                self._pattern(self._random.choice(("###-##-####", "### ## ####", "#########"))),
                "ID",
            )
        ]

    def _id(self) -> Sequence[Piece]:
        forms = ("??######", "?########", "########?", "???-#####", "#########", "??-####-####",
        "?##?####",
                 "########", "??? ### ###", "#-###-######", "????####", "##/####", "?-#####",
                 "######-####",
                 "REF#####", "#?##??####", "###?????#", "%#######-?", "## ########",
                 "#### #### ##")  # fmt: skip
        return [Piece(self._pattern(self._random.choice(forms)), "ID")]

    def _card(self) -> Sequence[Piece]:
        forms = (
            "4### #### #### ####",
            "5###############",
            "4###-####-####-####",
            "3### ###### #####",
        )
        return [Piece(self._pattern(self._random.choice(forms)), "ID")]

    def _iban(self) -> Sequence[Piece]:
        forms = (
            "GB## ???? #### #### #### ##",
            "DE####################",
            "ES## #### #### #### #### ####",
        )
        return [Piece(self._pattern(self._random.choice(forms)), "ID")]

    def _plate(self) -> Sequence[Piece]:
        return [
            Piece(
                self._pattern(
                    self._random.choice(("??## ???", "?-?? ####", "#### ???", "???-####"))
                ),
                "ID",
            )
        ]

    def _phone(self) -> Sequence[Piece]:
        forms = ("07### ######", "07#########", "+44 7### ######", "020 #### ####",
        "(%##) %##-####", "%##-%##-####",
                 "+1 %## %## ####", "%##.%##.####", "0#### ######", "+49 1## #######",
                 "0## / #######", "6## ## ## ##",
                 "+34 6########", "9########", "001-%##-%##-####", "(0)%### ######",
                 "+%# %## ### ####",
                 "%##-%##-#### x###", "0%## ######")  # fmt: skip
        text = self._pattern(self._random.choice(forms))
        if self._said and self._random.random() < 0.4:
            text = spoken.digits(text, self._random)
        return [Piece(text, "PHONE_NUMBER")]

    def _local(self) -> str:
        random = self._random
        someone = self.someone()
        first, last = (
            n.lower().replace(" ", "").replace("'", "") for n in (someone.first, someone.last)
        )
        number = str(random.randint(1, 999))
        forms = (f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}", f"{first}{number}",
        f"{last}{number}",
                 f"{first}{last}", f"{first}-{last[0]}", f"info{number}")  # fmt: skip
        return random.choice(forms)

    def _domain(self) -> str:
        random = self._random
        known = (
            "gmail",
            "hotmail",
            "yahoo",
            "outlook",
            "icloud",
            "gmx",
            "web",
            "nhs",
            invented(random).lower(),
        )
        return f"{random.choice((*known, invented(random).lower()))}.{random.choice(words.TLDS)}"

    def _email(self) -> Sequence[Piece]:
        text = f"{self._local()}@{self._domain()}"
        if self._said and self._random.random() < 0.6:
            text = text.replace("@", " at ").replace(".", " dot ").replace("_", " underscore ")
        return [Piece(text, "EMAIL_ADDRESS")]

    def _url(self) -> Sequence[Piece]:
        start = self._random.choice(("www.", "https://", "http://www.", "https://www.", ""))
        path = self._random.choice(("", "", "/", f"/{self._local()}", "/contact", "/p/482"))
        return [
            Piece(
                f"{start}{invented(self._random).lower()}.{self._random.choice(words.TLDS)}{path}",
                "URL",
            )
        ]

    def _handle(self) -> Sequence[Piece]:
        return [
            Piece(
                self._random.choice(("@", "@", ""))
                + f"{self._local()}{self._random.randint(0, 99)}",
                "USER_HANDLE",
            )
        ]

    def _ip(self) -> Sequence[Piece]:
        return [Piece(".".join(str(self._random.randint(1, 254)) for _ in range(4)), "IP_ADDRESS")]

    # What identifies nobody

    def _num(self) -> str:
        return self._number(1, 40)

    def _money(self) -> str:
        amount = self._pattern(self._random.choice(("%#", "%##", "%#,###", "%#.##")))
        return self._random.choice(
            (f"${amount}", f"£{amount}", f"€{amount}", f"{amount} euros", f"{amount} dollars")
        )

    def _dose(self) -> str:
        amount = self._random.choice(
            (
                "5",
                "10",
                "20",
                "25",
                "40",
                "50",
                "75",
                "81",
                "100",
                "200",
                "500",
                "1",
                "2.5",
                "0.125",
            )
        )
        units = (" mg", "mg", " mcg", " g", " ml", " units", " mg once daily", "mg bd")
        return amount + self._random.choice(units)

    def _es_month(self) -> str:
        return self._random.choice(words.ES_MONTHS)

    def _de_month(self) -> str:
        return self._random.choice(words.DE_MONTHS)


_PLAIN: dict[str, Sequence[str]] = {
    "drug": words.DRUGS,
    "disease": words.DISEASES,
    "eponym": words.EPONYMS,
    "symptom": words.SYMPTOMS,
    "test": words.TESTS,
    "lab": words.LABS,
    "vital": words.VITALS,
    "score": words.SCORES,
    "dept": words.DEPTS,
    "dur": words.DURATIONS,
    "es_symptom": words.ES_SYMPTOMS,
    "es_test": words.ES_TESTS,
    "es_disease": words.ES_DISEASES,
    "es_dur": words.ES_DURATIONS,
    "de_symptom": words.DE_SYMPTOMS,
    "de_disease": words.DE_DISEASES,
    "de_dur": words.DE_DURATIONS,
}
