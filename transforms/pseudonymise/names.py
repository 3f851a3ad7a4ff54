"""Names of people, token by token: whatever form a name has, its parts map to the same parts.

"Dr Jane Smith", "SMITH, Jane", "J. Smith", "Smith's" and "Jane Smith-Jones" agree, since each token
is mapped by itself: by a keyed hash of its folded form, into the list of given or of family names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from . import keyed, lexicon
from .hints import Hints, NameRole
from .lexicon import Lexicon, fold, listed

# Titles that are no names are kept wherever they stand; the others, and suffixes and particles,
# only in their place: "Lord Smith", but "Jon Lord" and "Ben Jones" have two names each.
_TITLES = frozenset(listed("mr mrs ms mx dr prof"))
_BEFORE = frozenset(
    listed(
        "miss master doctor doc professor sir dame lord lady rev reverend "
        "father sister nurse midwife "
        "captain capt sgt herr frau fraulein hr fr dipl med schwester pfleger "
        "senor senora senorita "
        "sra srta don dona dra doctora enfermero enfermera monsieur madame mme mlle signor signora"
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
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_GIVEN_FIELD = re.compile(r"(^|[._\[\]])(given|first|fore|middle|vor|nombre)", re.IGNORECASE)
_FAMILY_FIELD = re.compile(r"family|last_?name|surname|nachname|apellido", re.IGNORECASE)


class _Token(NamedTuple):
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


def person(key: bytes, text: str, words: Lexicon, hints: Hints) -> str:
    """The surrogate of a name in its own form: case, titles, particles and punctuation stay."""
    out: list[str] = []
    end = 0
    for token in _tokens(text, hints.names, words):
        out.append(text[end : token.start])
        if token.kept:
            out.append(token.text)
        else:
            out.append(_mapped(key, token.text, token.folded, token.role, words, hints))
        out.append(token.possessive)
        end = token.end
    out.append(text[end:])
    return "".join(out)


def word(key: bytes, text: str, role: NameRole | None, words: Lexicon, hints: Hints) -> str:
    """The surrogate of one token, as it stands in an e-mail address."""
    return _mapped(key, text, fold(_letters(text)), role, words, hints)


def roles_in(values: Iterable[tuple[str, NameRole | None]], words: Lexicon) -> dict[str, NameRole]:
    """Which tokens of a record's names are given and which family names.

    ``values`` are names with the role that their field has (``role_of_field``), None for a full
    name. A token that is both, of two people, is left out: there its position decides.
    """
    by_field: dict[str, NameRole | None] = {}
    by_place: dict[str, NameRole | None] = {}
    for value, field_role in values:
        known = by_field if field_role else by_place
        for token in _tokens(value, {}, words):
            role = field_role or token.role
            if not token.kept and len(token.folded) > 1 and role:
                known[token.folded] = role if known.get(token.folded, role) == role else None
    return {token: role for token, role in (by_place | by_field).items() if role}


def role_of_field(name: str, path: str) -> NameRole | None:
    """Whether a field, by its name or path, holds given or family names; None: full names."""
    if _FAMILY_FIELD.search(path) or _FAMILY_FIELD.search(name):
        return "family"
    if _GIVEN_FIELD.search(path) or _GIVEN_FIELD.search(name):
        return "given"
    return None


def role_of(
    folded: str, place: NameRole | None, words: Lexicon, known: Mapping[str, NameRole]
) -> NameRole:
    """Given or family name: what the record's fields say, what the token is, where it stands."""
    if hint := known.get(folded):
        return hint
    given, family = folded in words.given_folded, folded in words.family_folded
    if given != family:
        return "given" if given else "family"
    return place or ("given" if given else "family")


@lru_cache(maxsize=8_192)
def surrogate_of(key: bytes, folded: str, role: NameRole, locale: str) -> str:
    """The surrogate of one folded token, in the form in which Faker's lists have it.

    It never begins with the same letter, so that neither the name nor its initial is what it
    replaces. Given names keep their gender where one of Faker's gendered lists has them.
    """
    words = lexicon.load(locale)
    if role == "family":
        pool = words.family
    else:
        male, female = folded in words.male_folded, folded in words.female_folded
        pool = words.given if male == female else words.male if male else words.female
    return keyed.pick(key, f"name {role}", folded, pool, lambda new: fold(new)[:1] != folded[:1])


def _tokens(text: str, known: Mapping[str, NameRole], words: Lexicon) -> list[_Token]:
    matches = list(_TOKEN.finditer(text))
    parts: list[tuple[str, str]] = []
    for match in matches:
        possessed = _POSSESSIVE.fullmatch(match.group())
        parts.append((possessed[1], possessed[2]) if possessed else (match.group(), ""))
    folded = [fold(_letters(part)) for part, _ in parts]
    kept = _kept([part for part, _ in parts], folded, known, words)
    roles = _places(text, matches, folded, kept)
    return [
        _Token(match.start(), match.end(), *part, fold_, role, keep)
        for match, part, fold_, role, keep in zip(matches, parts, folded, roles, kept, strict=True)
    ]


def _kept(
    parts: list[str], folded: list[str], known: Mapping[str, NameRole], words: Lexicon
) -> list[bool]:
    count = len(parts)
    kept = [
        token in _TITLES or not any(map(str.isalnum, part))
        for token, part in zip(folded, parts, strict=True)
    ]
    first = 0
    while first < count - 1 and (
        kept[first] or (folded[first] in _BEFORE and folded[first] not in known)
    ):
        kept[first] = True
        first += 1
    last = count - 1
    while last > first and (kept[last] or (folded[last] in _AFTER and folded[last] not in known)):
        kept[last] = True
        last -= 1
    for i in range(first, last):
        if parts[i].casefold() in _PARTICLES and folded[i] not in known:
            small = parts[i].islower()
            a_name = folded[i] in words.given_folded or folded[i] in words.family_folded
            kept[i] |= (i > first and (small or len(parts[i]) > 1)) or (small and not a_name)
    return kept


def _places(
    text: str, matches: list[re.Match[str]], folded: list[str], kept: list[bool]
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
            role = "family" if any(kept[: group[0]]) else None
        else:
            role = "family" if place == len(groups) - 1 else "given"
        for i in group:
            roles[i] = role
    return roles


def _mapped(
    key: bytes, text: str, folded: str, place: NameRole | None, words: Lexicon, hints: Hints
) -> str:
    letters = _letters(text)
    numerals = len(text) - len(letters)
    if not folded:
        return keyed.first(
            lambda value: keyed.digits(key, "name digits", value, numerals),
            text,
            lambda new: new != text,
        )
    if len(folded) == 1 and (letters.isupper() or letters.islower()):
        new = _initial(key, folded, place, words, hints)
    else:
        role = role_of(folded, place, words, hints.names)
        new = surrogate_of(key, folded, role, words.locale)
    if letters.isupper():
        new = new.upper()
    elif letters.islower():
        new = new.lower()
    if numerals:
        new += keyed.digits(key, "name digits", text.casefold(), numerals)
    return new


def _initial(key: bytes, folded: str, place: NameRole | None, words: Lexicon, hints: Hints) -> str:
    """The initial of the surrogate whose name the record's fields tell, else a keyed letter."""
    # The role that the place suggests first: "J. Smith" has the initial of a given name.
    wanted = place or "given"
    fitting = [entry for entry in hints.names.items() if entry[0][0] == folded]
    for token, role in sorted(fitting, key=lambda entry: entry[1] != wanted):
        return surrogate_of(key, token, role, words.locale)[0]
    return keyed.pick(key, "initial", folded, _LETTERS, lambda new: new != folded)


def _letters(text: str) -> str:
    return text if text.isalpha() else "".join(c for c in text if not c.isdigit())
