"""Names of people, token by token: whatever form a name has, its parts map to the same parts.

"Dr Jane Smith", "SMITH, Jane", "J. Smith", "Smith's", "Janey" and "Jane Smith-Jones" agree, since
each token is mapped by itself: by a keyed hash of its folded form, into the names of its culture.
What a token is, given or family name, is asked of the lists, never of its place or the record: so
it has one surrogate alone and in a full name, in every record.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count

from . import diminutives, keyed, slips
from .hints import Hints, NameRole
from .lexicon import Lexicon, fold
from .name_tokens import Token, letters, tokens
from .people import culture_of, home_of, people

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_ENOUGH = 40
"""Names that there must be to draw from."""
_ATTEMPTS = 200
_WRITTEN_TOGETHER = frozenset(("Chinese", "Japanese", "Korean"))
"""Cultures that write family and given name as one word."""
_SIBILANTS = ("s", "ß", "x", "z", "’", "'")
_GIVEN_FIELD = re.compile(r"(^|[._\[\]])(given|first|fore|middle|vor|nombre)", re.IGNORECASE)
_FAMILY_FIELD = re.compile(r"family|last_?name|surname|nachname|apellido", re.IGNORECASE)


def person(key: bytes, text: str, words: Lexicon, hints: Hints) -> str:
    """The surrogate of a name in its own form: case, titles, particles and punctuation stay."""
    out: list[str] = []
    end = 0
    parts = tokens(text, hints.names, words)
    beside = [token.folded for token in parts if len(token.folded) > 1 and not token.kept]
    for token in parts:
        out.append(text[end : token.start])
        if token.kept:
            out += [token.text, token.possessive]
        else:
            new = _mapped(key, token.text, token.folded, token.role, words, hints, beside)
            out += [new, _possessive(token, new, words.language)]
        end = token.end
    out.append(text[end:])
    return "".join(out)


def word(key: bytes, text: str, role: NameRole | None, words: Lexicon, hints: Hints) -> str:
    """The surrogate of one token, as it stands in an e-mail address."""
    return _mapped(key, text, fold(letters(text)), role, words, hints)


def roles_in(values: Iterable[tuple[str, NameRole | None]], words: Lexicon) -> dict[str, NameRole]:
    """Which tokens of a record's names are given and which family names, in their order.

    ``values`` are names with the role that their field has (``role_of_field``), None for a full
    name. A token that is both, of two people, is left out.
    """
    by_field: dict[str, NameRole | None] = {}
    by_place: dict[str, NameRole | None] = {}
    home = home_of(words.locale)
    for value, field_role in values:
        known = by_field if field_role else by_place
        for token in tokens(value, {}, words):
            by_lists = people(culture_of(token.folded, home)).listed(token.folded)
            role = field_role or (by_lists if by_lists != "both" and by_lists else token.role)
            if token.role is None and not field_role and diminutives.formal(token.folded, home):
                role = "given"
            if not token.kept and len(token.folded) > 1 and role:
                known[token.folded] = role if known.get(token.folded, role) == role else None
    return {token: role for token, role in (by_place | by_field).items() if role}


def together_in(values: Iterable[str], words: Lexicon) -> dict[str, tuple[str, ...]]:
    """For each name token of a record those that stand beside it in one name: in J. Smith, J. is
    for a name that goes with Smith."""
    found: dict[str, dict[str, None]] = {}
    for value in values:
        many = _folded_tokens([value], words)
        for token in many:
            found.setdefault(token, {}).update((other, None) for other in many if other != token)
    return {token: tuple(others) for token, others in found.items()}


def stand_ins(
    key: bytes,
    fields: Sequence[str],
    texts: Sequence[str],
    words: Lexicon,
    roles: Mapping[str, NameRole],
    real: frozenset[str],
) -> dict[str, str]:
    """The surrogates of the name tokens of one record: none is a word of the record (``real``), and
    no two tokens share one.

    ``fields`` and ``texts`` are the names found in them, ``roles`` is ``roles_in`` both. Where two
    would share one, the one that comes later has another: those of the texts, since fields are the
    same in all records of a subject.
    """
    home = home_of(words.locale)
    known = dict.fromkeys(_folded_tokens(fields, words))
    order = [*known, *sorted(set(_folded_tokens(texts, words)) - set(known))]
    # Spelt right: what stands in a field or on a list; beside these, what stands in a full name.
    right = [token for token in order if token in known or _is_listed(token, home)]
    whole = together_in(texts, words)
    rather = [token for token in order if token in right or whole.get(token)]
    made: dict[str, str] = {}
    taken = set(real)

    def add(token: str) -> str:
        if token not in made:
            made[token] = new = surrogate_of(key, token, home, taken)
            taken.add(fold(new))
        return made[token]

    for token in order:
        if token in made:
            continue
        if (stem := _stem(token, home, roles)) is not None:
            add(stem)
        elif (name := _formal(token, home, order, roles)) is not None:
            made[token] = new = _short(key, token, add(name), home, taken)
            taken.add(fold(new))
        elif (meant := _meant(token, right, right) or _meant(token, rather, rather)) is not None:
            made[token] = new = _misspelt(token, meant, add(meant), taken)
            taken.add(fold(new))
        else:
            add(token)
    return made


def role_of_field(name: str, path: str) -> NameRole | None:
    """Whether a field, by its name or path, holds given or family names; None: full names."""
    if _FAMILY_FIELD.search(path) or _FAMILY_FIELD.search(name):
        return "family"
    if _GIVEN_FIELD.search(path) or _GIVEN_FIELD.search(name):
        return "given"
    return None


def surrogate_of(key: bytes, folded: str, home: str, avoid: Container[str] = frozenset()) -> str:
    """The surrogate of one folded token, in the form in which Faker's lists have it: the first of
    its keyed choices that ``avoid`` (folded) does not hold.

    It never begins with the same letter, so that neither the name nor its initial is what it
    replaces. ``home`` is the locale's culture (``people.home_of``).
    """
    for attempt in range(_ATTEMPTS):
        new = _choice(key, folded, home, attempt)
        other = fold(new)
        if other[:1] != folded[:1] and other not in avoid:
            return new
    # A culture with few names, all of them in the record.
    choices = (_choice(key, folded, home, attempt) for attempt in count(_ATTEMPTS))
    return next(new for new in choices if fold(new) != folded)


@lru_cache(maxsize=16_384)
def _choice(key: bytes, folded: str, home: str, attempt: int) -> str:
    culture = culture_of(folded, home)
    names = people(culture)
    value = f"{folded}\0{attempt}" if attempt else folded
    kind = names.listed(folded)
    if kind is None and culture in _WRITTEN_TOGETHER and len(folded) in (2, 3, 4):
        first = keyed.pick(key, "name family", value, names.family)
        return first + keyed.pick(key, "name given", value, names.given)
    pool = names.pool(folded, kind or "both")
    if kind in ("given", "both") and diminutives.shorts(folded, culture):
        # A name with short forms becomes one that has some too.
        pool = _with_shorts(culture, pool) or pool
    if not attempt and (new := _permuted(key, f"{culture} {kind}", pool).get(folded)) is not None:
        return new
    return keyed.pick(key, f"name {kind}", value, pool)


@lru_cache(maxsize=512)
def _permuted(key: bytes, kind: str, pool: tuple[str, ...]) -> dict[str, str]:
    """A keyed permutation of names, so that no two of them have one surrogate."""
    order = sorted(pool, key=lambda name: keyed.stream(key, f"names {kind}", name, 16))
    return {fold(name): new for name, new in zip(pool, order, strict=True)}


@lru_cache(maxsize=256)
def _with_shorts(culture: str, pool: tuple[str, ...]) -> tuple[str, ...]:
    having = tuple(name for name in pool if diminutives.shorts(fold(name), culture))
    return having if len(having) >= _ENOUGH else ()


def _stand_in(key: bytes, folded: str, words: Lexicon, hints: Hints) -> tuple[str, str]:
    """The surrogate of a token, and the ending that its form has (a genitive's, a plural's)."""
    home = home_of(words.locale)
    if (new := hints.stand_ins.get(folded)) is not None:
        return new, ""
    if (stem := _stem(folded, home, hints.names)) is not None:
        new = hints.stand_ins.get(stem) or surrogate_of(key, stem, home, hints.real)
        return new, _ending(new, words.language)
    if (name := _formal(folded, home, hints.names, hints.names)) is not None:
        whole = hints.stand_ins.get(name) or surrogate_of(key, name, home, hints.real)
        return _short(key, folded, whole, home, hints.real), ""
    return surrogate_of(key, folded, home, hints.real), ""


def _folded_tokens(values: Iterable[str], words: Lexicon) -> list[str]:
    return [
        token.folded
        for value in values
        for token in tokens(value, {}, words)
        if not token.kept and len(token.folded) > 1
    ]


def _formal(
    folded: str, home: str, names: Container[str], roles: Mapping[str, NameRole]
) -> str | None:
    """The given name of which a token is the short form: one of the record, else the usual one,
    unless the record has it as a family name (Mr Frank)."""
    asked = dict.fromkeys((home, culture_of(folded, home)))
    known = (diminutives.formal(folded, one) for one in asked)
    usual = None if roles.get(folded) == "family" else next(filter(None, known), None)
    # A short form is shorter, but for some that everybody knows (Jack).
    may_be = {name for one in asked for name in diminutives.formals(folded, one)}
    shorter = (name for name in sorted(may_be) if len(name) > len(folded) or name == usual)
    return next((name for name in shorter if name in names), usual)


def _short(key: bytes, folded: str, whole: str, home: str, avoid: Container[str]) -> str:
    """The short form of the surrogate ``whole`` of a name whose short form ``folded`` is; ``whole``
    itself if it has none that fits."""
    culture = culture_of(fold(whole), home)
    fitting = [
        short
        for short in diminutives.shorts(fold(whole), culture)
        if fold(short)[:1] != folded[:1] and fold(short) not in avoid
    ]
    return keyed.pick(key, "name short", folded, fitting) if fitting else whole


def _meant(token: str, names: Iterable[str], right: Container[str]) -> str | None:
    """Which of ``names`` a token is a misspelling of, if any; what is ``right`` is none."""
    if len(token) < slips.SHORTEST or token in right:
        return None
    long = (name for name in names if len(name) >= slips.SHORTEST)
    return next((name for name in long if slips.slip_between(name, token)), None)


def _misspelt(wrong: str, right: str, new: str, avoid: Container[str]) -> str:
    found = slips.slip_between(right, wrong)
    assert found is not None
    other = slips.misspelt(new, found)
    return new if fold(other) in avoid or fold(other)[:1] == wrong[:1] else other


def _is_listed(folded: str, home: str) -> bool:
    return people(culture_of(folded, home)).listed(folded) is not None


def _stem(folded: str, home: str, names: Container[str]) -> str | None:
    """The name in a German genitive (Annas Befund) or a plural (the Smiths); None if it is none."""
    stem = folded[:-1]
    if home not in ("German", "English") or len(stem) < 3 or folded[-1] != "s" or stem[-1] == "s":
        return None
    if home == "German" and stem in names:
        return stem
    if _is_listed(folded, home):
        return None
    return stem if stem in names or people(home).listed(stem) else None


def _ending(new: str, language: str) -> str:
    if not new.endswith(_SIBILANTS):
        return "s"
    return "’" if language == "de" else "es"


def _possessive(token: Token, new: str, language: str) -> str:
    """The ending of a possessive, as ``new`` has it: James' becomes Peter's. After no s it is a
    quotation mark."""
    old = token.possessive
    if len(old) != 1 or not token.folded.endswith("s") or new.casefold().endswith(_SIBILANTS):
        return old
    return "s" if language == "de" else f"{old}{'S' if new.isupper() else 's'}"


def _mapped(
    key: bytes,
    text: str,
    folded: str,
    place: NameRole | None,
    words: Lexicon,
    hints: Hints,
    beside: Sequence[str] = (),
) -> str:
    """``beside`` are the folded tokens of the same name."""
    bare = letters(text)
    numerals = len(text) - len(bare)
    if not folded:
        return keyed.first(
            lambda value: keyed.digits(key, "name digits", value, numerals),
            text,
            lambda new: new != text,
        )
    ending = ""
    if len(folded) == 1 and (bare.isupper() or bare.islower()):
        new = _initial(key, folded, place, words, hints, beside)
    else:
        new, ending = _stand_in(key, folded, words, hints)
    new += ending
    if bare.isupper():
        new = new.upper()
    elif bare.islower():
        new = new.lower()
    if numerals:
        new += keyed.digits(key, "name digits", text.casefold(), numerals)
    return new


def _initial(
    key: bytes,
    folded: str,
    place: NameRole | None,
    words: Lexicon,
    hints: Hints,
    beside: Sequence[str],
) -> str:
    """The initial of the surrogate whose name the record tells, else a keyed letter: of the names
    with this initial one that goes with those beside it, then one of the role of its place."""
    wanted = place or "given"
    together = {other for token in beside for other in hints.together.get(token, ())}
    fitting = [entry for entry in hints.names.items() if entry[0][0] == folded]
    for token, _ in sorted(fitting, key=lambda e: (e[0] not in together, e[1] != wanted)):
        return _stand_in(key, token, words, hints)[0][0]
    return keyed.pick(key, "initial", folded, _ALPHABET, lambda new: new != folded)
