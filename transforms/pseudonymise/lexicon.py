"""Faker's lists of places and words, and how words are compared.

The lists (and those of names, ``people``) are read straight from Faker's provider modules: its
generators draw one by one with weights and a random state, which is slow and not ours to key.
Loaded once per process and locale.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, repr=False)
class Lexicon:
    """What surrogates of places are drawn from: sorted, without duplicates."""

    locale: str
    cities: tuple[str, ...]
    """Whole names; empty where the language makes them of the parts below."""
    city_prefixes: tuple[str, ...]
    city_suffixes: tuple[str, ...]
    street_words: frozenset[str]
    """Folded words that say what kind of a street it is, and are kept."""
    countries: tuple[str, ...]
    regions: tuple[str, ...]
    region_codes: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def language(self) -> str:
        """Two-letter code."""
        return self.locale[:2]

    @property
    def country(self) -> str:
        """Two-letter code, in capitals; empty if the locale names none."""
        return self.locale[3:5]


def listed(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


@lru_cache(maxsize=8_192)
def fold(text: str) -> str:
    """Without case, accents and apostrophes: José, JOSÉ and jose are one; O’Brien and OBrien."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c) and c not in "'’ʼ`´")


@lru_cache(maxsize=16)
def load(locale: str) -> Lexicon:
    """The lexicon of a Faker locale; the places are British where Faker has none for it."""
    place = _provider("address", locale)
    own_regions = [*strings(place, "states"), *strings(place, "counties")]
    streets = {
        fold(word)
        for attribute in (
            "street_suffixes",
            "street_prefixes",
            "street_suffixes_long",
            "street_suffixes_short",
        )
        for word in strings(place, attribute)
        if word.isalpha()
    }
    return Lexicon(
        locale=locale,
        cities=tuple(sorted(set(strings(place, "cities")))),
        city_prefixes=tuple(sorted(set(strings(place, "city_prefixes")))),
        city_suffixes=tuple(sorted(set(strings(place, "city_suffixes")))),
        street_words=frozenset(streets),
        countries=_countries(place, locale[:2]),
        regions=tuple(sorted(set(own_regions))),
        region_codes=tuple(sorted(set(strings(place, "states_abbr")))),
        words=_words(),
    )


# As they are called every day; Faker has the names of diplomacy.
_EVERYDAY = {
    "en": "United States|United Kingdom|Great Britain|England|Scotland|Wales|Northern Ireland"
    "|Russia|South Korea|Iran|Syria|Vietnam|Taiwan",
    "de": "Großbritannien|England|Schottland|USA|Niederlande|Türkei|Südkorea|Russland|Taiwan",
    "es": "Reino Unido|Estados Unidos|Gran Bretaña|Inglaterra|Escocia|Rusia|Holanda|Países Bajos"
    "|Corea del Sur|Perú|Japón|Taiwán",
}


def _countries(place: type, language: str) -> tuple[str, ...]:
    listed_ones = filter(_ordinary_country, strings(place, "countries"))
    return tuple(sorted({*listed_ones, *filter(None, _EVERYDAY.get(language, "").split("|"))}))


def _ordinary_country(name: str) -> bool:
    """Not an uninhabited island, nor one that is written with an explanation."""
    return name.replace(" ", "").replace("-", "").isalpha() and not re.search(
        "Antar[ck]|Bouvet|Territor|Insel|Island|Islas|Heard|Minor|Svalbard|Südgeorgien", name
    )


def _words() -> tuple[str, ...]:
    words = importlib.import_module("faker.providers.lorem.en_US").Provider.word_list
    return tuple(sorted({word for word in words if word.isalpha() and word.islower()}))


def _provider(kind: str, locale: str) -> type:
    package = importlib.import_module(f"faker.providers.{kind}")
    available = {module.name for module in pkgutil.iter_modules(package.__path__)}
    name = next((n for n in (locale, locale[:2]) if n in available), "en_GB")
    provider: type = importlib.import_module(f"faker.providers.{kind}.{name}").Provider
    return provider


def strings(provider: type, attribute: str) -> Iterator[str]:
    """A list of one of Faker's providers; nothing where it has none of that name."""
    found = getattr(provider, attribute, ())
    # A few of Faker's lists are properties or nested by mistake: those are left out.
    if isinstance(found, Iterable):
        for entry in found:
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, tuple) and len(entry) == 2:
                yield entry[1]
