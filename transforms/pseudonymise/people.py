"""Names of people by culture, from Faker's lists: which a token is one of, what it may become.

Tests of a token ask for its folded form (``lexicon.fold``).
"""

from __future__ import annotations

import importlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from transforms.detect.known import ORDINARY

from .lexicon import fold, strings

Listed = Literal["given", "family", "both"]

_ENOUGH = 40
"""Names that there must be to draw from."""


@dataclass(frozen=True, repr=False)
class People:
    """The names of one culture. ``male``, ``female``, ``given`` (those and others) and ``family``
    are drawn from: sorted, of letters alone, and no ordinary words, since "Head" or "May" would be
    misread. What is ``_folded`` is recognised, and wider."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    male_folded: frozenset[str]
    female_folded: frozenset[str]
    given_folded: frozenset[str]
    family_folded: frozenset[str]
    marks_gender: bool
    """Whether women's family names end in an a (Kowalska)."""

    def listed(self, folded: str) -> Listed | None:
        """What the lists have a token as; None if they do not have it."""
        given, family = folded in self.given_folded, folded in self.family_folded
        if given and family:
            return "both"
        return "given" if given else "family" if family else None

    def pool(self, folded: str, kind: Listed) -> tuple[str, ...]:
        """What a token of a kind becomes one of: names of its gender, where that is marked.

        A name that may be either (Thomas, James) becomes another that may be either: so it reads
        well wherever it stands, and has one surrogate alone and in a full name.
        """
        if kind == "family":
            return self._by_ending[folded[-1:] in ("a", "а")] or self.family
        male, female = folded in self.male_folded, folded in self.female_folded
        gender = None if male == female else "male" if male else "female"
        if kind == "both" and len(either := self._either[gender]) >= _ENOUGH:
            return either
        return self.given if gender is None else self.male if gender == "male" else self.female

    @cached_property
    def _either(self) -> dict[str | None, tuple[str, ...]]:
        pools = {None: self.given, "male": self.male, "female": self.female}
        return {gender: _sorted({*pool} & {*self.family}) for gender, pool in pools.items()}

    @cached_property
    def _by_ending(self) -> dict[bool, tuple[str, ...]]:
        if not self.marks_gender:
            return {True: self.family, False: self.family}
        women = {name for name in self.family if name[-1] in "aа"}
        return {True: _sorted(women), False: _sorted({*self.family} - women)}


# Cultures in the order in which they are asked, after the locale's own: the countries whose lists
# are drawn from, and others that are recognised too.
_CULTURES: dict[str, tuple[str, str]] = {
    "Indian": ("en_IN", ""),
    "Pakistani": ("en_PK", ""),
    "Polish": ("pl_PL", ""),
    "Italian": ("it_IT", ""),
    "Spanish": ("es_ES es_MX es_AR es_CL es_CO", "es_CA"),
    "Portuguese": ("pt_PT pt_BR", ""),
    "Romanian": ("ro_RO", ""),
    "Hungarian": ("hu_HU", ""),
    "German": ("de_DE de_AT", "de_CH de_LI"),
    "English": ("en_GB en_US en_IE en_NZ", "en"),
    "French": ("fr_FR fr_BE fr_CH fr_CA", ""),
    "Turkish": ("tr_TR", ""),
    "Maghrebi": ("fr_DZ", ""),
    "Nigerian": ("en_NG yo_NG ig_NG ha_NG", ""),
    "Ghanaian": ("tw_GH", ""),
    "Zulu": ("zu_ZA", ""),
    "Kenyan": ("en_KE sw", ""),
    "Indonesian": ("id_ID", ""),
    "Dutch": ("nl_NL nl_BE", ""),
    "Swedish": ("sv_SE", ""),
    "Danish": ("da_DK no_NO", ""),
    "Finnish": ("fi_FI", ""),
    "Czech": ("cs_CZ sk_SK", ""),
    "Croatian": ("hr_HR sl_SI", ""),
    "Estonian": ("et_EE", ""),
    "Latvian": ("lv_LV", ""),
    "Irish": ("ga_IE", ""),
    "Azerbaijani": ("az_AZ", ""),
    "Uzbek": ("uz_UZ", ""),
    "Arabic": ("ar_AA", "ar_PS ar_SA ar_DZ"),
    "Persian": ("fa_IR", ""),
    "Hebrew": ("he_IL", ""),
    "Russian": ("ru_RU", ""),
    "Ukrainian": ("uk_UA", ""),
    "Bulgarian": ("bg_BG", "mk_MK"),
    "Greek": ("el_GR", ""),
    "Armenian": ("hy_AM", ""),
    "Georgian": ("ka_GE", ""),
    "Hindi": ("hi_IN", "mr_IN"),
    "Nepali": ("ne_NP", ""),
    "Bengali": ("bn_BD", ""),
    "Gujarati": ("gu_IN", ""),
    "Oriya": ("or_IN", ""),
    "Tamil": ("ta_IN", ""),
    "Sinhala": ("si_LK", ""),
    "Thai": ("th_TH", ""),
    "Chinese": ("zh_CN", "zh_TW"),
    "Japanese": ("ja_JP", ""),
    "Korean": ("ko_KR", ""),
    "Chinese, romanised": ("zh_CN", ""),
}
_SCRIPTS = {
    "ARABIC": ("Arabic", "Persian"), "HEBREW": ("Hebrew",),
    "CYRILLIC": ("Russian", "Ukrainian", "Bulgarian"), "GREEK": ("Greek",),
    "ARMENIAN": ("Armenian",), "GEORGIAN": ("Georgian",), "DEVANAGARI": ("Hindi", "Nepali"),
    "BENGALI": ("Bengali",), "GUJARATI": ("Gujarati",), "ORIYA": ("Oriya",), "TAMIL": ("Tamil",),
    "SINHALA": ("Sinhala",), "THAI": ("Thai",), "CJK": ("Chinese", "Japanese"),
    "HIRAGANA": ("Japanese",), "KATAKANA": ("Japanese",), "HANGUL": ("Korean",),
}  # fmt: skip
"""Cultures of a script, told by the first word of its letters' names in Unicode; in Latin letters
are all others."""
_LATIN = tuple(c for c in _CULTURES if not any(c in cultures for cultures in _SCRIPTS.values()))
_MARK_GENDER = frozenset(("Polish", "Russian", "Ukrainian", "Bulgarian", "Czech"))

# The lists of a country hold the names of those who came to it, and Faker lacks some of the most
# frequent in their own: these are another culture's wherever they stand (men's, women's, family).
_FROM_ELSEWHERE = {
    "Indian": (
        "amit raj ravi sanjay anil deepak rajesh arjun rohan vikram",
        "priya sunita anjali neha lakshmi",
        "patel singh kaur shah sharma gupta mehta desai joshi reddy kumar rao nair mistry chauhan "
        "solanki bhatt",
    ),
    "Pakistani": (
        "mohammed muhammad mohamed mohammad hassan hasan hussein ahmad ibrahim abdul yusuf omar "
        "imran tariq bilal asif",
        "fatima aisha ayesha zainab bibi",
        "khan ahmed ali hussain begum mahmood akhtar iqbal malik rahman miah uddin chowdhury "
        "shaikh sheikh mirza",
    ),
    "Turkish": (
        "mehmet mustafa ahmet",
        "ayse fatma emine hatice zeynep",
        "yilmaz kaya demir celik sahin yildiz aydin ozturk arslan",
    ),
    "Nigerian": ("", "", "okafor adeyemi okonkwo adebayo chukwu eze nwosu balogun"),
    "Chinese, romanised": ("", "", "chen wang zhang liu huang zhao zhou xu zhu lin wong chan"),
}
_CULTURE_OF = {
    name: culture for culture, lists in _FROM_ELSEWHERE.items() for name in " ".join(lists).split()
}
# A list's names that the others have are not drawn, so that each culture keeps its own.
_NOT_DRAWN = ("Turkish", "Maghrebi", "Pakistani")
NOT_EUROPEAN = frozenset(_LATIN[: _LATIN.index("Polish")]) | {
    "Turkish", "Maghrebi", "Nigerian", "Ghanaian", "Zulu", "Kenyan", "Indonesian", "Azerbaijani",
    "Uzbek", "Chinese, romanised",
}  # fmt: skip
"""Cultures of other continents that write in Latin letters."""
_IN_ENGLISH = ("Indian", "Pakistani", "Nigerian", "Ghanaian", "Zulu", "Kenyan")
"""Countries where many have an English given name."""
_OLD_ENGLISH_LISTS = ("en_GB", "en_IE", "en_NZ")

_MALE, _FEMALE = ("first_names_male",), ("first_names_female",)
_GIVEN = (*_MALE, *_FEMALE, "first_names", "unisex_first_names")
_FAMILY = ("last_names", "unisex_last_names", "male_last_names", "female_last_names")
_ROMANISED = {"Chinese, romanised": (("first_romanized_names",), ("last_romanized_names",))}


@lru_cache(maxsize=64)
def home_of(locale: str) -> str:
    """The culture of a locale; English where Faker lacks lists for it."""
    for culture, countries in _CULTURES.items():
        if locale in " ".join(countries).split():
            return culture
    same = (c for c, (drawn, _) in _CULTURES.items() if drawn.startswith(f"{locale[:2]}_"))
    return next(same, "English")


@lru_cache(maxsize=16_384)
def culture_of(folded: str, home: str) -> str:
    """The culture of a token as seen from a ``home`` culture: that, if it has the token and the
    token is not known for another's; else the first that has it; else the first of its script."""
    script = unicodedata.name(folded[:1], "").partition(" ")[0] if folded else ""
    cultures = _SCRIPTS.get(script) or _LATIN
    if folded in _CULTURE_OF:
        return _CULTURE_OF[folded]
    candidates = [home, *cultures] if home in cultures else [*cultures]
    having = (c for c in candidates if people(c).listed(folded))
    first = next(having, home if cultures is _LATIN else candidates[0])
    return _immigrant(folded) or first if first == "English" else first


def _immigrant(folded: str) -> str | None:
    """The culture of a family name that English lists have from the United States alone."""
    if folded in people("English").given_folded or folded in _folded(_OLD_ENGLISH_LISTS, _FAMILY):
        return None
    return next((c for c in ("Spanish", "German") if folded in people(c).family_folded), None)


@lru_cache(maxsize=64)
def people(culture: str) -> People:
    """The names of a culture."""
    drawn, also = (countries.split() for countries in _CULTURES[culture])
    both = [*drawn, *also]
    given_lists, family_lists = _ROMANISED.get(culture, (_GIVEN, _FAMILY))
    named_men, named_women, named_so = (
        frozenset(names.split()) for names in _FROM_ELSEWHERE.get(culture, ("", "", ""))
    )
    given = _drawn(drawn, given_lists, culture)
    core, wide = _folded(drawn, given_lists), _folded(both, given_lists)
    surnames = named_so | _folded(both, family_lists)
    core_men, core_women = _folded(drawn, _MALE), _folded(drawn, _FEMALE)
    if not core_men and culture == "Pakistani":
        # A list without gender: most women's names end so.
        core_women = frozenset(name for name in wide if name.endswith(("a", "ah")))
        core_men = wide - core_women
    # María stands among men's names too, for José María: what more countries say, counts.
    says = Counter(n for c in drawn for n in _folded((c,), _MALE))
    says.subtract(n for c in drawn for n in _folded((c,), _FEMALE))
    core_men = frozenset(n for n in core_men if says[n] >= 0) - named_women
    core_women = frozenset(n for n in core_women if says[n] <= 0) - named_men
    men = named_men | core_men | (_folded(both, _MALE) - core_women)
    women = named_women | core_women | (_folded(both, _FEMALE) - core_men)
    male = tuple(name for name in given if fold(name) in men)
    female = tuple(name for name in given if fold(name) in women)
    family = _drawn(drawn, family_lists, culture)
    return People(
        male=male if len(male) >= _ENOUGH else given,
        female=female if len(female) >= _ENOUGH else given,
        given=given,
        family=family if len(family) >= _ENOUGH else given,
        male_folded=men,
        female_folded=women,
        # Faker's list without a country has surnames as given names too (Smith, Jones).
        given_folded=(core | (wide - surnames) | named_men | named_women) - named_so,
        family_folded=surnames,
        marks_gender=culture in _MARK_GENDER,
    )


def _drawn(countries: Iterable[str], attributes: Iterable[str], culture: str) -> tuple[str, ...]:
    found = {
        name for name in _names(countries, attributes)
        if all(unicodedata.category(c)[0] in "LM" for c in name)
        and fold(name) not in ORDINARY
        and _CULTURE_OF.get(fold(name), culture) == culture
        and not (culture in _LATIN and _is_others(fold(name), culture))
        and not (culture in _IN_ENGLISH and fold(name) in _folded(("en_GB", "en_US"), _GIVEN))
    }  # fmt: skip
    # Where the script has capitals: one in front, and no names of two letters.
    cased = {name for name in found if name.istitle() and len(name) > 2}
    return _sorted(cased if len(cased) >= _ENOUGH else found)


def _is_others(folded: str, culture: str) -> bool:
    """Whether a name is left to another culture, though the lists of this one have it."""
    others = ("Spanish", *_NOT_DRAWN) if culture == "English" else _NOT_DRAWN
    if culture in others:
        return False
    known = [_folded(_CULTURES[other][0].split(), (*_GIVEN, *_FAMILY)) for other in others]
    known.append(_folded(("zh_CN",), ("last_romanized_names",)))
    return any(folded in names for names in known) and folded not in _folded(("en_GB",), _GIVEN)


@lru_cache(maxsize=512)
def _folded_of(country: str, attributes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, _names((country,), attributes)))


def _folded(countries: Iterable[str], attributes: Iterable[str]) -> frozenset[str]:
    return _union(tuple(countries), tuple(attributes))


@lru_cache(maxsize=256)
def _union(countries: tuple[str, ...], attributes: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(_folded_of(country, attributes) for country in countries))


def _names(countries: Iterable[str], attributes: Iterable[str]) -> Iterable[str]:
    for country in countries:
        provider = importlib.import_module(f"faker.providers.person.{country}").Provider
        for attribute in attributes:
            yield from strings(provider, attribute)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
