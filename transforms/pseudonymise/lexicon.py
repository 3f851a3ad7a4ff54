"""Faker's lists of names and places, those of all countries of a language together.

The lists are read straight from Faker's provider modules: its generators draw one by one with
weights and a random state, which is slow and not ours to key. Loaded once per process and locale.
"""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import faker.providers.person

# Names that would be read as a month in a text whose dates have been moved.
_NOT_NAMES = frozenset({"april", "may", "june", "july", "august", "march", "mai", "juni", "juli"})
_ENOUGH = 50


@dataclass(frozen=True, repr=False)
class Lexicon:
    """What surrogates are drawn from: sorted, without duplicates, letters alone in names."""

    locale: str
    male: tuple[str, ...]
    female: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
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
    male_folded: frozenset[str]
    female_folded: frozenset[str]
    given_folded: frozenset[str]
    family_folded: frozenset[str]

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
    """The lexicon of a Faker locale; of English where Faker lacks lists for its language."""
    language = locale[:2]
    male = _names(language, "first_names_male") or _names("en", "first_names_male")
    female = _names(language, "first_names_female") or _names("en", "first_names_female")
    given = tuple(sorted({*male, *female, *_names(language, "first_names")}))
    family = _names(language, "last_names") or _names("en", "last_names")
    # The lists of all countries together hold surnames as given names too (Smith, Jones). What is
    # in both is told apart by the given names of the country itself.
    own = _provider("person", locale)
    usual = {
        fold(name)
        for attribute in ("first_names_male", "first_names_female")
        for name in _strings(own, attribute)
    }
    surnames = frozenset(map(fold, family))
    place = _provider("address", locale)
    own_regions = [*_strings(place, "states"), *_strings(place, "counties")]
    streets = {
        fold(word)
        for attribute in (
            "street_suffixes",
            "street_prefixes",
            "street_suffixes_long",
            "street_suffixes_short",
        )
        for word in _strings(place, attribute)
        if word.isalpha()
    }
    return Lexicon(
        locale=locale,
        male=male,
        female=female,
        given=given,
        family=family,
        cities=tuple(sorted(set(_strings(place, "cities")))),
        city_prefixes=tuple(sorted(set(_strings(place, "city_prefixes")))),
        city_suffixes=tuple(sorted(set(_strings(place, "city_suffixes")))),
        street_words=frozenset(streets),
        countries=tuple(sorted(set(_strings(place, "countries")))),
        regions=tuple(sorted(set(own_regions))),
        region_codes=tuple(sorted(set(_strings(place, "states_abbr")))),
        words=_words(),
        male_folded=frozenset(map(fold, male)),
        female_folded=frozenset(map(fold, female)),
        given_folded=frozenset(usual | ({*map(fold, given)} - surnames)),
        family_folded=surnames,
    )


def _names(language: str, attribute: str) -> tuple[str, ...]:
    """Clean names of all countries of a language; empty where there are too few."""
    found = set(_people(language, attribute))
    clean = {
        name
        for name in found
        if name.isalpha() and name.istitle() and len(name) > 2 and fold(name) not in _NOT_NAMES
    }
    # Scripts without capitals or with names of one letter: take them as they are.
    if len(clean) < _ENOUGH:
        clean = {name for name in found if name.isalpha()}
    return tuple(sorted(clean)) if len(clean) >= _ENOUGH else ()


def _words() -> tuple[str, ...]:
    words = importlib.import_module("faker.providers.lorem.en_US").Provider.word_list
    return tuple(sorted({word for word in words if word.isalpha() and word.islower()}))


def _provider(kind: str, locale: str) -> type:
    package = importlib.import_module(f"faker.providers.{kind}")
    available = {module.name for module in pkgutil.iter_modules(package.__path__)}
    name = next((n for n in (locale, locale[:2]) if n in available), "en_GB")
    provider: type = importlib.import_module(f"faker.providers.{kind}.{name}").Provider
    return provider


def _people(language: str, attribute: str) -> Iterator[str]:
    for module in pkgutil.iter_modules(faker.providers.person.__path__):
        if module.name.split("_")[0] == language:
            name = f"faker.providers.person.{module.name}"
            yield from _strings(importlib.import_module(name).Provider, attribute)


def _strings(provider: type, attribute: str) -> Iterator[str]:
    found = getattr(provider, attribute, ())
    # A few of Faker's lists are properties or nested by mistake: those are left out.
    if isinstance(found, Iterable):
        for entry in found:
            if isinstance(entry, str):
                yield entry
            elif isinstance(entry, tuple) and len(entry) == 2:
                yield entry[1]
