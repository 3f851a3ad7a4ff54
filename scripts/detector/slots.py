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
        """The pieces of a slot, in small letters with ``~`` before its name and in capitals with
        ``^``. Raises KeyError for a slot that does not exist."""
        if slot[:1] == "~":
            return [Piece(p.text.lower(), p.label) for p in self(slot[1:])]
        if slot[:1] == "^":
            return [Piece(p.text.upper(), p.label) for p in self(slot[1:])]
        head, _, form = slot.partition(".")
        if head in ("A", "B", "C"):
            return self.person(head, form)
        if slot in _PLAIN:
            return [Piece(self._random.choice(_PLAIN[slot]))]
        if slot in _LISTED:
            label, values = _LISTED[slot]
            return [Piece(self._random.choice(values), label)]
        if slot in _PATTERNS:
            label, patterns = _PATTERNS[slot]
            return [Piece(self._pattern(self._random.choice(patterns)), label)]
        if slot in _NAMED:
            label, forms = _NAMED[slot]
            return [Piece(self._named(forms), label)]
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
        if form in ("first_spelled", "last_spelled"):
            name = first if form == "first_spelled" else last
            return [Piece(spoken.spelled(name, random), "PERSON")]
        if form == "nick":
            short = first[: random.choice((3, 4))].split(" ")[0]
            return [Piece(short + random.choice(("", "", "y", "ie", "s", "z", "o")), "PERSON")]
        if form == "initials":
            return [
                Piece(random.choice((f"{first[0]}{last[0]}", f"{first[0]}.{last[0]}.")), "PERSON")
            ]
        if form == "odd":
            return [Piece(_unusual(first, last, middle, random), "PERSON")]
        if form in _NAME_FORMS:
            return [Piece(self._name_form(first, last, middle, form), "PERSON")]
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
            title = random.choice(_TITLES.get(self._language, _TITLES["en"]))
            return [Piece(f"{title} "), Piece(f"{first} {last}", "PERSON")]
        else:
            name = first
        return [Piece(name, "PERSON")]

    def _name_form(self, first: str, last: str, middle: str, form: str) -> str:
        """``short``: R. Ruiz; ``comma``: Ruiz, Ana; ``upper``: RUIZ Ana; ``double``: Ana Rosa Ruiz;
        ``particle``: Ana von Ruiz."""
        random = self._random
        if form == "short":
            return f"{first[0]}. {last}"
        if form == "comma":
            return f"{last}, {random.choice((first, first, first[0] + '.'))}"
        if form == "upper":
            return random.choice((f"{last.upper()} {first}", f"{last.upper()}, {first.upper()}"))
        if form == "double":
            gap = "-" if self._language == "de" and random.random() < 0.6 else " "
            return f"{first}{gap}{middle} {last}"
        particles = {
            "es": ("de la ", "del ", "de ", "de los "),
            "de": ("von ", "von ", "von der ", "zu ", "vom ", "von und zu "),
        }
        name = random.choice(particles.get(self._language, ("van ", "de "))) + last
        return random.choice((name, f"{first} {name}", f"{first} {name}"))

    # Places

    def _city_name(self) -> str:
        towns = _TOWNS.get(self._language)
        if towns and not self._world.held_out and self._random.random() < 0.55:
            return self._random.choice(towns)
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
        if self._language in _TOWNS and not self._world.held_out and random.random() < 0.55:
            return self._es_street_line() if self._language == "es" else self._de_street_line()
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

    def _es_street_line(self) -> str:
        random = self._random
        names = words.ES_STREET_NAMES
        if random.random() < 0.4:
            names = self._world.last[random.choice(("es_ES", "es_MX", "es_AR"))]
        kind = random.choice((*words.ES_STREET_KINDS, "Urb.", "Travesía", "Pje.", "Rambla", "Cra."))
        name, house = f"{kind} {random.choice(names)}", self._house()
        if random.random() < 0.1:
            return f"{random.choice(('Calle', 'Carrera', 'Cra.', 'Cl.'))} " + self._pattern(
                random.choice(("%# ~ %#-##", "% ~%#-##", "%## No. %#-##"))
            ).replace("~", "#")
        ends = ("", "", "", ", 3º B", ", 1º dcha.", " bis", ", piso 4, dpto. B", ", int. 5",
                ", portal 2, 5º A", ", esc. izda., 2º", ", bajo", " 2º-1ª", ", Col. Centro",
                ", Depto. 302", ", ático")  # fmt: skip
        number = random.choice((" {}", ", {}", " nº {}", " núm. {}", ", n.º {}", " #{}", " s/n"))
        return name + number.format(house) + random.choice(ends)

    def _de_street_line(self) -> str:
        random = self._random
        kind = random.random()
        if kind < 0.4:
            end = random.choice(("straße", "straße", "str.", "weg", "gasse", "allee", "platz"))
            name = random.choice(words.DE_STREET_NAMES) + end
        elif kind < 0.55:
            end = random.choice(("Straße", "Str.", "Allee", "Landstraße", "Gasse"))
            name = f"{random.choice(words.DE_STREET_ADJECTIVES)} {end}"
        elif kind < 0.75:
            name = random.choice(words.DE_STREET_WHOLES)
        else:
            locale = random.choice(("de_DE", "de_AT", "de_CH"))
            first, last = (random.choice(n[locale]) for n in (self._world.first, self._world.last))
            end = random.choice(("Straße", "Str.", "Weg", "Platz", "Ring", "Allee"))
            name = random.choice(
                (f"{first}-{last}-{end}", f"{last}{end.lower()}", f"Dr.-{last}-{end}")
            )
        ends = ("", "", "", "", "a", " b", "-14", "/3", "/2/14", ", 3. OG", ", Whg. 5", ", Top 7")
        return f"{name} {random.randint(1, 240)}{random.choice(ends)}"

    def _postcode(self) -> Sequence[Piece]:
        random = self._random
        if self._language in _TOWNS and not self._world.held_out and random.random() < 0.25:
            return [Piece(self._pattern(random.choice(_POSTCODES[self._language])), "POSTCODE")]
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
        if self._said and random.random() < 0.4:
            text = spoken.characters(text)
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

    def _es_org(self) -> Sequence[Piece]:
        return self._home_org(words.ES_ORG_FORMS)

    def _de_org(self) -> Sequence[Piece]:
        return self._home_org(words.DE_ORG_FORMS)

    def _home_org(self, forms: Sequence[str]) -> Sequence[Piece]:
        kind = self._random.random()
        if kind < 0.2:
            return self._org()
        if kind < 0.4:
            return [Piece(self._random.choice(self._home().companies), "ORGANIZATION")]
        return [Piece(self._named(forms), "ORGANIZATION")]

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

    def _es_daynum(self) -> Sequence[Piece]:
        return [Piece(str(self._random.randint(1, 31)), "DATE_TIME")]

    def _de_daynum(self) -> Sequence[Piece]:
        named = ("Ersten", "Zweiten", "Dritten", "Vierten", "Fünften", "Siebten", "Achten",
                 "Zehnten", "Zwölften", "Fünfzehnten", "Zwanzigsten", "Dreißigsten")  # fmt: skip
        return [
            Piece(self._random.choice((*named, f"{self._random.randint(1, 31)}.")), "DATE_TIME")
        ]

    def _es_agekid(self) -> Sequence[Piece]:
        number = self._random.randint(2, 18)
        unit = self._random.choice((" meses", " semanas", " días"))
        return [Piece(f"{number}{unit}", "AGE")] if self._random.random() < 0.5 else [
            Piece(str(number), "AGE"), Piece(" años"),
        ]  # fmt: skip

    def _de_agekid(self) -> Sequence[Piece]:
        number = self._random.randint(2, 18)
        unit = self._random.choice((" Monate", " Wochen", " Tage"))
        return [Piece(f"{number}{unit}", "AGE")] if self._random.random() < 0.5 else [
            Piece(str(number), "AGE"), Piece(" Jahre"),
        ]  # fmt: skip

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
            name, short = months[m - 1], months[m - 1][:3]
            forms = (
                (
                    f"{d} de {name} de {y}", f"{d} de {name} de {y}", f"{d} de {name} del {y}",
                    f"{d} {name} {y}", f"{d}-{short}-{y}", f"{d} {short} {y}", f"{name} {d}, {y}",
                )
                if with_year
                else (f"{d} de {name}", f"{d} de {name}", f"{d}/{m}", f"{d:02}/{m:02}",
                      f"{d} {short}")
            )  # fmt: skip
        elif self._language == "de":
            forms = (
                f"{d}. {month}" + (f" {y}" if with_year else ""),
                f"{d}.{m}." + (str(y) if with_year else ""),
                f"{d:02}.{m:02}." + (random.choice((str(y), f"{y % 100:02}")) if with_year else ""),
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
            if self._language != "en":
                numbers = numbers[::2]
            forms = (
                *(f"{n}{sep}{short}" for n in numbers),
                day.isoformat(),
                f"{y}{sep}{m:02}{sep}{d:02}",
            )
        text = random.choice(forms)
        if random.random() < 0.08 and self._language == "en":
            text = f"{words.WEEKDAYS[day.weekday()]}{random.choice((' ', ', ', ' the '))}{text}"
        if random.random() < 0.04:
            text += random.choice(
                (" ", " at ", "T", ", ") if self._language == "en" else (" ", ", ")
            )
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

    def _ymd(self) -> Sequence[Piece]:
        return [Piece(f"{self._day(2015, 2027):%Y%m%d}", "DATE_TIME")]

    def _dobymd(self) -> Sequence[Piece]:
        return [Piece(f"{self._day(1925, 2024):%Y%m%d}", "DATE_OF_BIRTH")]

    def _monthyear(self) -> Sequence[Piece]:
        random = self._random
        months = {"es": words.ES_MONTHS, "de": words.DE_MONTHS}.get(self._language, words.MONTHS)
        month, year = random.choice(months), random.randint(1990, 2026)
        if self._language in _TOWNS:
            gaps = (" de ", " de ", " del ", " ") if self._language == "es" else (" ",)
            number = f"{months.index(month) + 1:02}/{year}"
            named = f"{month}{random.choice(gaps)}{year}"
            return [Piece(random.choice((named, named, named, number)), "DATE_TIME")]
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
        if self._language in _TOWNS:
            return random.choice(
                (f"{hour:02}:{minute:02}", f"{hour}.{minute:02}", f"{hour}:{minute:02}")
            )
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

    # Names of the wider world

    def _composed(self, forms: Sequence[str]) -> str:
        random, someone = self._random, self.someone()
        return random.choice(forms).format(
            x=self._city_name(), n=someone.last, g=someone.first, i=invented(random),
            f=random.choice(words.FIELDS), w=random.choice(words.COMPANY_WORDS),
            m=random.choice(words.NOUNS),
        )  # fmt: skip

    def _known_or(self, known: Sequence[str], forms: Sequence[str]) -> str:
        if self._random.random() < 0.4 and not self._world.held_out:
            return self._random.choice(known)
        return self._composed(forms)

    def _river(self) -> Sequence[Piece]:
        return [Piece(self._known_or(words.RIVERS, words.RIVER_FORMS), "LOCATION")]

    def _nature(self) -> Sequence[Piece]:
        return [Piece(self._known_or(words.NATURE, words.NATURE_FORMS), "LOCATION")]

    def _district(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.DISTRICT_FORMS), "LOCATION")]

    def _venue(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.VENUE_FORMS), "FACILITY")]

    def _club(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.CLUB_FORMS), "ORGANIZATION")]

    def _band(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.BAND_FORMS), "ORGANIZATION")]

    def _paper(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.PAPER_FORMS), "ORGANIZATION")]

    def _agency(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.AGENCY_FORMS), "ORGANIZATION")]

    def _uni(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.UNI_FORMS), "ORGANIZATION")]

    def _assoc(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.ASSOC_FORMS), "ORGANIZATION")]

    def _business(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.BUSINESS_FORMS), "ORGANIZATION")]

    def _brand(self) -> Sequence[Piece]:
        random, name = self._random, invented(self._random)
        word, noun = random.choice(words.COMPANY_WORDS), random.choice(words.NOUNS)
        end = random.choice(("ly", "ify", "io", "ix", "ora", "eo", "Pay", "Hub", "Soft", "Tech",
        "Net", "Labs", "Wave", "Box", ".io", ".ai", "Bank", "Air", "tron", "gen"))  # fmt: skip
        forms = (name, name + end, noun + end, word + noun, word + noun.lower(), f"{word}{end}",
        f"{name}-{word}", f"i{name}", name.upper(), f"e{noun}",
        f"{name} {word}")  # fmt: skip
        return [Piece(random.choice(forms), "ORGANIZATION")]

    def _anyorg(self) -> Sequence[Piece]:
        kinds = (self._org, self._org, self._brand, self._brand, self._business, self._assoc,
        self._agency, self._club, self._uni, self._paper, self._band)  # fmt: skip
        return self._random.choice(kinds)()

    def _anyplace(self) -> Sequence[Piece]:
        return self._random.choice((self._place, self._place, self._district, self._nature))()

    def _partyname(self) -> Sequence[Piece]:
        return [Piece(self._composed(words.PARTY_FORMS), "NRP")]

    def _ethnic(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.ETHNIC), "NRP")]

    def _leaning(self) -> Sequence[Piece]:
        return [Piece(self._random.choice(words.LEANINGS), "NRP")]

    def _intladdress(self) -> Sequence[Piece]:
        """An address as it is written in one of many countries."""
        random = self._random
        name, (code, street, order) = self.someone().last, random.choice(_ADDRESSES)
        house = random.choice((random.randint(1, 60), random.randint(1, 300)))
        line = Piece(
            self._pattern(street).replace("~", name).replace("*", str(house)), "STREET_ADDRESS"
        )
        place = Piece(self._city_name(), "LOCATION")
        postcode = Piece(self._pattern(code), "POSTCODE")
        gap = Piece(random.choice((", ", ", ", "\n", " - ")))
        before, _, region = order.partition("@")
        state = [Piece(region, "LOCATION"), Piece(" ")] if region else []
        end = [gap, *self._country()] if random.random() < 0.3 else []
        if before:
            return [line, gap, place, Piece(before), *state, postcode, *end]
        return [line, gap, postcode, Piece(" "), place, *(reversed(state)), *end]

    # Times, numbers and links in the forms of machines and of other countries

    def _stamp(self) -> Sequence[Piece]:
        random, day = self._random, self._day(2005, 2027)
        hour, minute, second = (random.randint(0, top) for top in (23, 59, 59))
        clock = f"{hour:02}:{minute:02}:{second:02}"
        month = words.MONTHS[day.month - 1][:3]
        forms = (
            f"{day}T{clock}Z", f"{day} {clock}", f"{day} {clock},{random.randint(0, 999):03}",
            f"{day}T{clock}+0{random.randint(0, 9)}:00", f"{day:%Y/%m/%d} {clock}",
            f"{day.day:02}/{month}/{day.year}:{clock} +0000", f"{month} {day.day:2} {clock}",
            f"{words.WEEKDAYS[day.weekday()][:3]}, {day.day} {month} {day.year} {clock} GMT",
            f"{words.WEEKDAYS[day.weekday()][:3]} {month} {day.day:2} {clock} {day.year}",
            f"{day:%Y%m%d}T{hour:02}{minute:02}{second:02}Z", f"{day.isoformat()}",
        )  # fmt: skip
        return [Piece(random.choice(forms), "DATE_TIME")]

    def _weekdate(self) -> Sequence[Piece]:
        random, day = self._random, self._day(2015, 2027)
        weekday = words.WEEKDAYS[day.weekday()]
        if random.random() < 0.3:
            weekday = weekday[:3]
        text = self._written(day, random.random() < 0.2)
        if not text.startswith(words.WEEKDAYS):
            text = f"{weekday}{random.choice((' ', ', '))}{text}"
        return [Piece(text, "DATE_TIME")]

    def _dayofmonth(self) -> Sequence[Piece]:
        random, day = self._random, self._day(2015, 2027)
        d, weekday = day.day, words.WEEKDAYS[day.weekday()]
        nth = f"{d}{'th' if 11 <= d <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')}"
        forms = (f"the {nth}", f"the {nth}", f"{weekday} the {nth}", f"{weekday[:3]} {nth}",
        f"the {nth} of {words.MONTHS[day.month - 1]}")  # fmt: skip
        return [Piece(random.choice(forms), "DATE_TIME")]

    def _daterange(self) -> Sequence[Piece]:
        random, day = self._random, self._day(2005, 2027)
        first = random.randint(1, 20)
        last, dash = first + random.randint(1, 8), random.choice(("-", "–", " - ", " to "))
        month, other = random.choice(words.MONTHS), random.choice(words.MONTHS)
        year = random.choice(("", f" {day.year}"))
        forms = (f"{first}{dash}{last} {month}{year}", f"{month} {first}{dash}{last}{year}",
        f"{first} {month}{dash}{last} {other}{year}",
        f"{month}{dash}{other} {day.year}")  # fmt: skip
        return [Piece(random.choice(forms), "DATE_TIME")]

    def _period(self) -> Sequence[Piece]:
        """A part of a year that is more than the year alone."""
        random, year = self._random, self._random.randint(1960, 2027)
        n = random.randint(1, 4)
        season = random.choice(("spring", "summer", "autumn", "winter", "Spring", "Fall"))
        forms = (f"Q{n} {year}", f"{year}-Q{n}", f"Q{n}/{year % 100:02}", f"{season} {year}",
        f"{random.choice(words.MONTHS)[:3]}-{year % 100:02}", f"{random.randint(1, 12):02}/{year}",
        f"the {('first', 'second', 'third', 'fourth')[n - 1]} quarter of {year}",
        f"early {random.choice(words.MONTHS)} {year}", f"the {season.lower()} of {year}",
        f"H{1 + n % 2} {year}")  # fmt: skip
        return [Piece(random.choice(forms), "DATE_TIME")]

    def _ref(self) -> Sequence[Piece]:
        forms = ("ORD-####-#####", "INV/20##/###", "#%%-#######-#######", "SO######", "PO-#####",
        "TKT######", "POL-???-######", "CASE-#######", "20##-CV-#####", "??#########GB",
        "1Z####?#########", "BK######", "?#?#?#", "???###", "#######-##", "HR-#####", "CLM########",
        "####/##/??", "20##/######", "??-##-####-?", "AB-%###", "%########")  # fmt: skip
        return [Piece(self._pattern(self._random.choice(forms)), "ID")]

    def _natid(self) -> Sequence[Piece]:
        forms = ("QQ ## ## ## ?", "?? ## ## ## ?", "########?", "?#######?", "756.####.####.##",
        "1 ## ## ## ### ### ##", "######-####", "###.###.###-##", "#### #### ####", "###########",
        "??#######", "?########", "?????####?", "??-######", "##-#######", "#########",
        "?######(#)", "######/####", "?? ### ###", "##.###.###-#")  # fmt: skip
        return [Piece(self._pattern(self._random.choice(forms)), "ID")]

    def _bankno(self) -> Sequence[Piece]:
        forms = ("FR## ##### ##### ########### ##", "NL##????##########", "NL## ???? #### #### ##",
        "IT##?##########????????????", "PL## #### #### #### #### #### ####",
        "CH## #### #### #### #### #",
        "IE##????##############", "BE## #### #### ####", "SE######################",
        "##-##-## ########", "########", "######### ##########", "4###########%###",
        "3782 ###### #####", "6011-####-####-####", "GB##????##############")  # fmt: skip
        return [Piece(self._pattern(self._random.choice(forms)), "ID")]

    def _uuid(self) -> Sequence[Piece]:
        random = self._random
        lengths = random.choice(((8, 4, 4, 4, 12), (8, 4, 4, 4, 12), (32,), (24,), (16,)))
        parts = ("".join(random.choice("0123456789abcdef") for _ in range(n)) for n in lengths)
        start = random.choice(("", "", "", "usr_", "sess_", "cus_"))
        return [Piece(start + "-".join(parts), "ID")]

    def _tel(self) -> Sequence[Piece]:
        forms = ("+44 (0)20 #### ####", "01### ######", "(01##) ### ####", "0800 ### ####",
        "+33 6 ## ## ## ##", "01 ## ## ## ##", "00 33 1 ## ## ## ##", "+91 %#### #####",
        "%#########", "+61 4## ### ###", "04## ### ###", "+353 8# ### ####", "+39 06 #######",
        "3## #######", "+31 6 ########", "+46 70-### ## ##", "+41 79 ### ## ##", "+48 ### ### ###",
        "+55 (11) 9####-####", "+52 55 #### ####", "+86 1## #### ####", "+81 3-####-####",
        "0##-###-####", "1-800-###-####", "1 (%##) %##-####", "%##-####", "555-01##",
        "%## %## ####", "+1%#########", "%##.%##.#### ext. ###", "(%##)%##-####",
        "0049-###-#######",
        "0##/#######", "+49 (0)## ########", "+971 5# ### ####", "+27 8# ### ####",
        "+254 7## ######",
        "+234 80# ### ####", "+1 (%##) %##-####", "0#### ### ###")  # fmt: skip
        return [Piece(self._pattern(self._random.choice(forms)), "PHONE_NUMBER")]

    def _host(self) -> Sequence[Piece]:
        random = self._random
        name = invented(random).lower() + random.choice(("", "", "-" + invented(random).lower()))
        sub = random.choice(("", "", "www.", "mail.", "api.", "shop.", "blog.", "login.", "dev-2."))
        end = random.choice((*words.TLDS, "co", "app", "dev", "ai", "ch", "it", "nl", "com.au"))
        return [Piece(f"{sub}{name}.{end}", "URL")]

    def _link(self) -> Sequence[Piece]:
        random, (host,) = self._random, self._host()
        start = random.choice(("https://", "https://", "http://", "", "ftp://"))
        key = "".join(random.choice(string.ascii_letters + string.digits) for _ in range(7))
        path = random.choice(("/", f"/{self._local()}", f"/?id={key}", f"/{key}", "/en/news/2.html",
        f"/users/{self._local()}/photos", ":8080/admin", "/about-us", f"/reset?token={key}",
        f"/watch?v={key}", "/docs/index.html#top", "/wiki/Main_Page",
        f"/@{self._local()}"))  # fmt: skip
        short = random.choice((f"bit.ly/{key}", f"t.co/{key}", f"youtu.be/{key}"))
        return [Piece(short if random.random() < 0.1 else f"{start}{host.text}{path}", "URL")]

    def _user(self) -> Sequence[Piece]:
        random = self._random
        one, two = random.choice(words.COMPANY_WORDS).lower(), random.choice(words.NOUNS).lower()
        n, name = random.randint(1, 2010), invented(random).lower()
        forms = (f"{one}_{two}{n}", f"xX_{two}_Xx", f"@{one}.{two}", f"u/{one}{two}{n}",
        f"{one.title()}{two.title()}{n % 100}", f"@the_{two}_{name}", f"{name}_{n}", f"@{name}",
        f"{two}lover{n % 100}", f"real{name.title()}", f"not_a_{two}", f"{name}{two}",
        f"@{name}.{two}",
        f"{self._local()}", f"@{self._local()}", f"mr_{two}", f"{two}{name}{n % 10}")  # fmt: skip
        return [Piece(random.choice(forms), "USER_HANDLE")]

    def _ipx(self) -> Sequence[Piece]:
        random = self._random
        groups = [f"{random.randrange(65536):x}" for _ in range(8)]
        four = ".".join(str(random.randint(0, 255)) for _ in range(4))
        forms = (":".join(groups), f"2001:db8:{groups[0]}::{groups[1]}",
        f"fe80::{groups[0]}:{groups[1]}",
        f"::ffff:{four}", four, f"10.{four.split('.', 1)[1]}", f"{four}/24")  # fmt: skip
        return [Piece(random.choice(forms), "IP_ADDRESS")]

    def _mac(self) -> Sequence[Piece]:
        pairs = [f"{self._random.randrange(256):02x}" for _ in range(6)]
        return [Piece(self._random.choice((":", "-")).join(pairs), "ID")]

    # What identifies nobody

    def _title(self) -> str:
        """The title of an invented book, film or song."""
        random = self._random
        one, two = random.choice(words.NOUNS), random.choice(words.NOUNS)
        forms = ("The {} of the {}", "{} and {}", "Beyond the {}", "The Last {}", "A {} in the {}",
        "My {}", "How to Draw a {}", "{} Nights", "The {} Who Sang", "No More {}s",
        "The {} at Midnight", "Goodbye, {}", "Songs for a {}", "Seven {}s")  # fmt: skip
        return random.choice(forms).format(one, two)

    def _product(self) -> str:
        """A product with its model number."""
        random = self._random
        word = random.choice(words.COMPANY_WORDS)
        model = self._pattern(random.choice(("%00", "X%", "%###", "S%", "Pro", "?%00", "Mini %",
        "%#-?", "??-%###", "Ultra", "Mk II", "G%", "Series %", "MAX")))  # fmt: skip
        kind = random.choice(("", "", " kettle", " drill", " laptop", " camera", " headset"))
        return f"{word} {model}{kind}"

    def _version(self) -> str:
        return self._pattern(self._random.choice(("%.#", "v%.#.#", "%.##.#", "v%#", "%.#.#-rc%",
        "%.#.#+build.##")))  # fmt: skip

    def _decade(self) -> str:
        tens = self._random.randint(1, 9) * 10
        forms = (f"the 19{tens}s", f"the {tens}s", f"the '{tens}s", f"the 18{tens}s")
        return self._random.choice(forms)

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


def _unusual(first: str, last: str, middle: str, random: Random) -> str:
    """A person's full name in a rarer form."""
    short = first[: random.choice((3, 4))]
    nicks = (f"{short}y", f"{short}ie", f"{first[0]}.{last[0]}.", f"Big {short}",
    f"{short}-{short}",
    f"{short}o", short, f"Little {first}", f"{first[0]}-{last[:4]}", f"{first[0]}J")  # fmt: skip
    particle = random.choice("bin,van der,de la,von,di,dos,ibn,af,ter,y".split(","))
    forms = (
        f'{first} "{random.choice(nicks)}" {last}', f"{first} ({short}) {last}",
        f"{first} {last} {random.choice(('Jr', 'Jr.', 'Sr', 'III', 'II', 'IV', 'the Elder'))}",
        f"{first} {last}, {random.choice(('Jr.', 'Jr', 'Sr.'))}", f"{first} {middle} {last} III",
        f"{first[0]}. {middle[0]}. {last}", f"{first[0]}.{middle[0]}. {last}",
        f"{first[0]}{middle[0]} {last}", f"{first} {middle[0]}. {last[0]}. {last}",
        f"{last.upper()}, {first}", f"{last.upper()} {first}", f"{first} {last.upper()}",
        f"{last}, {first} {middle[0]}.", f"{last} {first[0]}.", f"{last}, {first[0]}.",
        f"{first} {particle} {last}", f"{first} {middle} {last}", f"{first}-{middle} {last}",
        f"{first} {last}-{middle}", f"{last} {first}", f"{first} {last[0]}.",
        f"{first} al-{last}", f"{first} O'{last}", f"{first} Mac{last}",
        f"{first} '{short}' {last}",
        f"{first[0]} {last}", f"{first} {middle} {particle} {last}",
        f"{first} {middle} {middle} {last}",
    )  # fmt: skip
    return random.choice(forms)


_ADDRESSES = (
    ("75###", "*, rue ~", ""), ("69###", "* bis avenue ~", ""), ("2####", "Via ~ *", "@MI"),
    ("4####", "Piazza ~, *", "@BO"), ("#### ??", "~straat *", ""), ("#### ??", "~laan *-%", ""),
    ("###-####", "%-%#-% ~", ", "), ("56####", "Flat %0%, ~ Apartments, ~ Nagar", " "),
    ("11####", "H.No. *, Sector %, ~ Colony", " - "), ("#####-###", "Rua ~, * - Apto %%", ", "),
    ("2###", "*/% ~ St", " @NSW"), ("3###", "* ~ Rd", " @VIC"), ("?%? %?%", "* ~ Ave", ", @ON"),
    ("?%? %?%", "%%#-* ~ Street West", " "), ("D0% ?%%%", "% ~ Road", ", "),
    ("##-###", "ul. ~a */%", ""), ("### ##", "~gatan *", ""),
    ("%### ##", "~vägen * lgh 1%0%", ""), ("####", "~ vei *", ""), ("####", "~veien *B", ""),
    ("00###", "~katu * A %", ""), ("######", "No. * ~ Road", " "),
    ("06###", "Av. ~ *, Col. ~", ""), ("C1###", "Av. ~ *, Piso %", ""),
    ("0####", "Str. ~ nr. *, bl. %", ""), ("1####", "~straße *", ""),
    ("1###", "~gasse */%/%", ""), ("28###", "C/ ~, *, %º B", ""),
    ("??% %??", "The Old Bakery, ~ Lane", ", "), ("??%# %??", "Flat %, ~ House, * ~ Road", ", "),
    ("1%# ##", "~ *", ""), ("%###", "Rue ~ *, bte %", ""), ("#####", "Jalan ~ No. *", " "),
    ("#####", "* ~ Ave Apt %?", ", "), ("#####-####", "%*0 SW ~ Blvd Ste %00", ", "),
    ("######", "ul. ~, d. *, kv. %%", ""), ("####", "%% ~ Street, Gardens", ", "),
)  # fmt: skip
"""Postcode, street and what is between city and postcode (empty: the postcode is first), by
country: ``~`` is a surname, ``*`` a house, ``@`` is before the state."""

_PLAIN: dict[str, Sequence[str]] = {
    # Marks that templates themselves are written with, and the tab.
    "lbrace": "{",
    "rbrace": "}",
    "lbracket": "[",
    "rbracket": "]",
    "bar": "|",
    "tab": "\t",
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
    "weekday": words.WEEKDAYS,
    "es_symptom": words.ES_SYMPTOMS,
    "es_test": words.ES_TESTS,
    "es_disease": words.ES_DISEASES,
    "es_dur": words.ES_DURATIONS,
    "de_symptom": words.DE_SYMPTOMS,
    "de_disease": words.DE_DISEASES,
    "de_dur": words.DE_DURATIONS,
    "es_drug": words.ES_DRUGS,
    "es_dose": words.ES_DOSES,
    "es_lab": words.ES_LABS,
    "es_dept": words.ES_DEPTS,
    "es_eponym": words.ES_EPONYMS,
    "es_score": words.ES_SCORES,
    "es_role": words.ES_ROLES,
    "es_kin": words.ES_KIN,
    "es_when": words.ES_RELATIVE_TIMES,
    "de_drug": words.DE_DRUGS,
    "de_dose": words.DE_DOSES,
    "de_lab": words.DE_LABS,
    "de_dept": words.DE_DEPTS,
    "de_eponym": words.DE_EPONYMS,
    "de_score": words.DE_SCORES,
    "de_role": words.DE_ROLES,
    "de_when": words.DE_RELATIVE_TIMES,
    "de_test": words.DE_TESTS,
    "icd": words.ICD_CODES,
}
"""Words of slots that identify nobody."""

_LISTED: dict[str, tuple[str, Sequence[str]]] = {
    "es_region": ("LOCATION", words.ES_REGIONS),
    "de_region": ("LOCATION", words.DE_REGIONS),
    "es_insurer": ("ORGANIZATION", words.ES_INSURERS),
    "de_insurer": ("ORGANIZATION", words.DE_INSURERS),
    "es_religion": ("NRP", words.ES_RELIGIONS),
    "de_religion": ("NRP", words.DE_RELIGIONS),
    "de_natman": ("NRP", words.DE_NATIONALS),
    "de_natadj": ("NRP", words.DE_NATIONAL_ADJECTIVES),
}
"""Label and words of slots that are drawn from a list."""

_NAMED: dict[str, tuple[str, Sequence[str]]] = {
    "es_school": ("ORGANIZATION", words.ES_SCHOOL_FORMS),
    "de_school": ("ORGANIZATION", words.DE_SCHOOL_FORMS),
}
"""Label and forms of slots that are made of a name or a place."""

_PATTERNS: dict[str, tuple[str, Sequence[str]]] = {
    "es_phone": ("PHONE_NUMBER", (
        "6## ## ## ##", "6########", "6## ### ###", "7## ### ###", "9# ### ## ##", "9## ## ## ##",
        "9########", "+34 6## ### ###", "+34 9# ### ## ##", "0034 6########", "(+34) 6########",
        "9##-######", "6##.##.##.##", "+52 55 #### ####", "55 #### ####", "+52 1 33 #### ####",
        "011 4###-####", "+54 9 11 ####-####", "11-####-####", "+51 9## ### ###", "0341 4######",
        "+593 9 #### ####", "+598 9# ### ###", "900 ### ###", "(55) ####-####")),
    "de_phone": ("PHONE_NUMBER", (
        "01## #######", "01##/#######", "01##-########", "01########", "0%## / ## ## ##",
        "0%###/#####", "0%# / ######", "030 ########", "089/######-0", "0%## ######-##",
        "+49 1## #######", "+49 (0)%## ######", "0049 %## #######", "+49 %##-######",
        "(0%##) ######",
        "0%###-####", "+43 664 #######", "0664 / ### ## ##", "01/### ## ##", "+43 1 #######",
        "+41 7# ### ## ##", "044 ### ## ##", "07# ### ## ##", "0800 #######")),
    "dni": ("ID", ("########?", "########-?", "##.###.###-?", "X#######?", "Y-#######-?")),
    "nass": ("ID", ("## ########## ##", "##/########/##", "############", "##-########-##")),
    "es_id": ("ID", (
        "########?", "##########", "????######??????##", "????######???", "????####",
        "??##########",
        "##-########-#", "##.###.###", "##.###.###-?", "####/####", "NHC-######", "BBBB##########",
        "CIP ????##########", "?##-######", "######", "#######", "##/##/#####", "####-#####-##",
        "?########", "EXP-####-###")),
    "de_id": ("ID", (
        "?#########", "?#########", "## ###### ? ###", "## ## ## ## ###", "#########",
        "756.####.####.##",
        "#### ######", "?##?##?##", "########", "F-######", "####-#####", "???-######",
        "#######/##",
        "######", "P##########", "A ### ### ###", "H/####/##", "##########", "E#####-##")),
}  # fmt: skip
"""Label and patterns (``_pattern``) of slots that are numbers of one language's countries."""

_TOWNS = {"es": words.ES_TOWNS, "de": words.DE_TOWNS}
_POSTCODES = {
    "es": ("C.P. #####", "C%###???", "B%###", "%####", "E-#####", "C%###"),
    "de": ("D-#####", "A-%###", "CH-%###", "%###", "%###"),
}
_NAME_FORMS = frozenset({"short", "comma", "upper", "double", "particle"})
_TITLES = {
    "en": ("Dr.", "Mr", "Mrs", "Ms", "Prof."),
    "es": ("Dr.", "Sr.", "Sra.", "Dña.", "D."),
    "de": ("Dr.", "Herr", "Frau", "Fr.", "Prof."),
}
