"""The parts of a name as it is written: which are names, which titles, which particles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from .hints import NameRole
from .lexicon import Lexicon, fold, listed
from .people import culture_of, home_of, people

# Titles that are no names are kept wherever they stand; the others, and suffixes and particles,
# only in their place: "Lord Smith", but "Jon Lord" and "Ben Jones" have two names each.
_TITLES = frozenset(listed("mr mrs ms mx dr prof"))
_BEFORE = frozenset(
    listed(
        "miss master doctor doc professor sir dame lord lady rev reverend "
        "father sister nurse midwife "
        "captain capt sgt herr herrn frau fraulein hr fr dipl med schwester pfleger "
        "senor senora senorita "
        "sra srta don dona dra doctora enfermero enfermera monsieur madame mme mlle signor signora"
    )
)
# Words of kinship, which a detector may take for a part of the name: "daughter Lucy". Some are
# names too (Son, Tia, Nieto, Mann): see _kin.
_KIN = frozenset(
    listed(
        "my your his her our their daughter son child baby twin wife husband partner fiance "
        "fiancee girlfriend boyfriend friend neighbour neighbor carer caregiver mother mum "
        "mummy mom mommy dad daddy brother grandmother grandfather grandma grandpa granddad "
        "grandad granny nan grandson granddaughter aunt auntie uncle niece nephew cousin "
        "stepmother stepfather stepson stepdaughter mein meine meiner meinem meinen sein seine "
        "seiner ihr ihre ihrer unser unsere tochter sohn kind ehefrau ehemann mann mutter mama "
        "vater papa bruder grossmutter grossvater oma opa tante onkel cousine nichte neffe "
        "enkel enkelin freund freundin lebensgefahrtin lebensgefahrte schwiegermutter "
        "schwiegervater schwiegersohn schwiegertochter hija hijo nina nino esposa esposo marido "
        "mujer pareja madre padre hermana hermano abuela abuelo tia tio sobrina sobrino nieta "
        "nieto suegra suegro novia novio cunada cunado amiga amigo vecina vecino cuidadora "
        "cuidador"
    )
)
_AFTER = frozenset(listed("md phd gp rn jr sr junior senior esq ii iii iv"))
_PARTICLES = frozenset(
    listed(
        "van von der den de del della di da dos du la le las los el bin ibn "
        "bint abu y e und and or zu "
        "zum zur ter ten af av the of"
    )
)
# Whatever is neither white space nor one of these belongs to a token: combining marks, emoji and
# letters of any script are never left behind.
_BREAKS = r"\s\-‐‑–—.,;:()\[\]{}\"“”„«»/\\&+<>|*_!?¿¡…@#=~"
_TOKEN = re.compile(rf"[^{_BREAKS}'’‘`][^{_BREAKS}]*")
_POSSESSIVE = re.compile(r"(.*[^\W_])(['’][sS]?)", re.DOTALL)


_EITHER = _BEFORE | _AFTER | _PARTICLES | _KIN
_EITHER_OF_NONE: frozenset[str] = frozenset()


class Token(NamedTuple):
    start: int
    end: int
    text: str
    possessive: str
    folded: str
    """Without digits, case, accents."""
    role: NameRole | None
    """What its place suggests; None for one that stands alone."""
    kept: bool
    """A title or particle."""


def tokens(text: str, known: Mapping[str, NameRole], words: Lexicon) -> tuple[Token, ...]:
    """The tokens of a name from left to right; ``known`` are the names that the record knows."""
    return _tokens(text, _EITHER.intersection(known) if known else _EITHER_OF_NONE, words.locale)


@lru_cache(maxsize=8_192)
def _tokens(text: str, known: frozenset[str], locale: str) -> tuple[Token, ...]:
    """``known``: which of the words that may be titles or particles are names in the record."""
    matches = list(_TOKEN.finditer(text))
    parts: list[tuple[str, str]] = []
    for match in matches:
        possessed = _POSSESSIVE.fullmatch(match.group())
        parts.append((possessed[1], possessed[2]) if possessed else (match.group(), ""))
    folded = [fold(letters(part)) for part, _ in parts]
    kin = _kin(text, matches, folded, locale)
    kept = _kept([part for part, _ in parts], folded, known, locale, kin)
    roles = _places(text, matches, folded, kept, kin)
    return tuple(
        Token(match.start(), match.end(), *part, fold_, role, keep)
        for match, part, fold_, role, keep in zip(matches, parts, folded, roles, kept, strict=True)
    )


def _kin(text: str, matches: list[re.Match[str]], folded: list[str], locale: str) -> frozenset[int]:
    """Which tokens are words of kinship: those told from the name after them by case ("son Lee"),
    or that no list of names has, unless a family name may stand there ("Sohn, Peter")."""
    first = next((i for i, token in enumerate(folded) if token not in _KIN), 0)
    name_is_small = first < len(matches) and matches[first].group().islower()
    found = set()
    for i in range(first):
        small = matches[i].group().islower() and not name_is_small
        if small or (
            "," not in text[matches[i].end() : matches[i + 1].start()]
            and people(culture_of(folded[i], home_of(locale))).listed(folded[i]) is None
        ):
            found.add(i)
    return frozenset(found)


def _kept(
    parts: list[str],
    folded: list[str],
    known: frozenset[str],
    locale: str,
    kin: frozenset[int],
) -> list[bool]:
    count = len(parts)
    kept = [
        token in _TITLES or not any(map(str.isalnum, part))
        for token, part in zip(folded, parts, strict=True)
    ]
    home = home_of(locale)

    def is_before(i: int) -> bool:
        # In Spanish Lady is a given name.
        foreign = home != "English" and folded[i] in people(home).given_folded
        return folded[i] not in known and (i in kin or (folded[i] in _BEFORE and not foreign))

    first = 0
    while first < count - 1 and (kept[first] or is_before(first)):
        kept[first] = True
        first += 1
    last = count - 1
    while last > first and (kept[last] or (folded[last] in _AFTER and folded[last] not in known)):
        kept[last] = True
        last -= 1
    for i in range(first, last):
        if parts[i].casefold() in _PARTICLES and folded[i] not in known:
            small = parts[i].islower()
            a_name = people(home).listed(folded[i]) is not None
            kept[i] |= (i > first and (small or len(parts[i]) > 1)) or (small and not a_name)
    return kept


def _places(
    text: str,
    matches: list[re.Match[str]],
    folded: list[str],
    kept: list[bool],
    kin: frozenset[int],
) -> list[NameRole | None]:
    roles: list[NameRole | None] = [None] * len(matches)
    # Parts joined by a hyphen are one word: Jane Smith-Jones has one given name.
    groups: list[list[int]] = []
    for i, keep in enumerate(kept):
        if keep:
            continue
        hyphen = i and text[matches[i - 1].end() : matches[i].start()] in ("-", "‐", "‑")
        if hyphen and groups and groups[-1][-1] == i - 1:
            groups[-1].append(i)
        else:
            groups.append([i])
    if not groups:
        return roles
    comma = text.find(",")
    before = [group for group in groups if matches[group[0]].start() < comma]
    for place, group in enumerate(groups):
        role: NameRole | None
        if 0 < len(before) < len(groups):
            role = "family" if place < len(before) else "given"
        elif len(groups) == 1:
            ahead = [i for i, keep in enumerate(kept[: group[0]]) if keep]
            role = "given" if ahead and kin.issuperset(ahead) else "family" if ahead else None
        else:
            role = "family" if place == len(groups) - 1 else "given"
        for i in group:
            roles[i] = role
    return roles


def letters(text: str) -> str:
    """The text without digits."""
    return text if text.isalpha() else "".join(c for c in text if not c.isdigit())
