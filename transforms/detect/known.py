"""The identifiers that a record is known to hold, looked for in its own text.

The cheapest recall there is: a name, phone number, address or id that stands in a structured field
is looked for in the same record's text first, in the forms that people write and say.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from dateutil import parser as date_parser
from spacy.lang.de.stop_words import STOP_WORDS as DE_STOP_WORDS
from spacy.lang.en.stop_words import STOP_WORDS as EN_STOP_WORDS
from spacy.lang.es.stop_words import STOP_WORDS as ES_STOP_WORDS

from transforms.detect.spans import Span
from transforms.fields import FieldSpec, Role

RECOGNISER = "known"
_SCORE = 1.0


class _Form(NamedTuple):
    """One way in which a value is written."""

    needle: str
    entity: str
    capitalised: bool = False
    """Only where it begins with a capital: the word is an ordinary one too (May, Young)."""


class Known(NamedTuple):
    """What is looked for: ``words`` in the folded text; ``dates``, with their entities, in any of
    their forms; ``compact`` among the text's letters and digits alone (whatever the spacing)."""

    words: tuple[_Form, ...]
    dates: tuple[tuple[date, str], ...]
    compact: tuple[_Form, ...]


ORDINARY = (
    frozenset(
        """april august autumn back bell best black blue bond brook brown bush cook cross dawn day
    dean drew early eve faith field fox frank grace gray green grey hall hand hart head heart hill
    hope hunt joy june king lake lane law long love mark may mercy miles moon page pain park penny
    pope price ray rich robin rose ruby rusty short small sky stone storm story strong summer sunny
    swift sharp wall ward waters wells west white winter wood woods wise young
    bauer berg blank braun busch ernst fromm fuchs gross gut haas hahn hart heil herz jung kaiser
    kalt kaufmann klein koch kopf krank kurz lang leber magen mai mann meister neu rot sauer scharf
    schwarz sommer stark stein stern vogel weiss winter wolf wolff zahn
    blanco bravo cabeza cano casas cruz delgado duro gallo guerra luz marina nieves paz pena pilar
    rey rico rojo rosa rubio sol sierra vega vida""".split()
    )
    | EN_STOP_WORDS
    | DE_STOP_WORDS
    | ES_STOP_WORDS
)
"""Names that are ordinary words as well, and the stop words of the languages; folded."""

_NOT_A_NAME = frozenset(
    """dr doctor prof professor mr mrs ms miss mx sir dame lord lady rev nurse sister jr sr md phd
    rn gp herr frau don doña dona señor señora sra von van der den de la del los las y e zu zur und
    and the of bin bint ibn al el""".split()
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_SHORTEST_COMPACT = 5
_SHORTEST_SPELLED = 4
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}


class _Folding(dict[int, str]):
    """``str.translate`` table that takes marks off letters, one character for one."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFKD", chr(code))[0]
        folded = base if base.isalnum() and chr(code).isalnum() else chr(code)
        self[code] = folded
        return folded


_FOLDING = _Folding(
    {0x2019: "'", 0x2018: "'", 0x02BC: "'", 0xA0: " "}
    | {ord(a): b for a, b in zip("łŁøØđĐıŧŦħĦ", "lLoOdDitThH", strict=True)}
)
_SPELLED_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe"}
)
_LETTERS_AND_DIGITS = bytes(c for c in range(128) if chr(c).isalnum())
_OTHERS = bytes(c for c in range(128) if not chr(c).isalnum())


def fold(text: str) -> str:
    """``text`` in lower case without accents, of the same length."""
    bare = text.translate(_FOLDING)
    lower = bare.lower()
    return lower if len(lower) == len(text) else "".join(c.lower()[0] for c in bare)


def known_fields(fields: Sequence[FieldSpec]) -> list[FieldSpec]:
    """The fields whose values are looked for: identifiers, dates, and codes that are cut."""
    return [
        f
        for f in fields
        if f.role in (Role.SUBJECT, Role.IDENTIFIER, Role.DATE)
        or (f.role is Role.QUASI and f.generalise is not None and f.generalise.prefix)
    ]


def known_of(values: Mapping[FieldSpec, Sequence[str]]) -> Known:
    """What to look for, given the values of the ``known_fields`` of one record."""
    dates: dict[tuple[date, str], None] = {}
    others: list[tuple[str, str]] = []
    for field, given in values.items():
        for value in given:
            if field.role is Role.DATE or field.entity == "DATE_OF_BIRTH":
                for day in sorted(_days(value)):
                    dates[day, field.entity or "DATE_TIME"] = None
            else:
                others.append((value, field.entity or "POSTCODE"))
    return known_values(others)._replace(dates=tuple(dates))


def known_values(values: Iterable[tuple[str, str]]) -> Known:
    """What to look for, given values that are no dates, each with its entity."""
    words: dict[str, _Form] = {}
    compact: dict[str, _Form] = {}
    for given, entity in values:
        for value in _spellings(given):
            for_words, for_compact = _forms(value, entity)
            for form in for_words:
                words.setdefault(form.needle, form)
            for form in for_compact:
                compact.setdefault(form.needle, form)
    return Known(tuple(words.values()), (), tuple(compact.values()))


def _spellings(value: str) -> Iterable[str]:
    """A value, and as it is written without German letters (in capitals, ß always is), or with."""
    lower = value.lower()
    others = (
        lower.replace("ß", "ss"),
        lower.translate(_SPELLED_OUT),
        lower.replace("strasse", "straße"),
    )
    return dict.fromkeys((value, *(other for other in others if other != lower)))


@lru_cache(maxsize=2_000)
def _dates(day: date) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_date_forms(day)))


@lru_cache(maxsize=5_000)
def _forms(value: str, entity: str) -> tuple[tuple[_Form, ...], tuple[_Form, ...]]:
    """The forms of one value: (as words, compact)."""
    if entity == "PERSON":
        names = tuple(_names(value))
        # Spelled out, letter by letter.
        long = (n for n in names if len(n.needle) >= _SHORTEST_SPELLED and n.needle.isalpha())
        return names, tuple(_Form(n.needle, entity) for n in long if n.needle.isascii())
    whole = fold(" ".join(value.split()))
    bare = _compact(whole)[0]
    digits = sum(c.isdigit() for c in bare)
    words, compact = [], []
    if digits and len(bare) >= _SHORTEST_COMPACT:
        compact.append(_Form(bare, entity))
        compact.extend(_Form(n, entity) for n in _phone_forms(bare, digits, entity))
    if len(whole) > 2:
        words.append(_Form(whole, entity))
    local = whole.split("@")[0]
    if entity == "EMAIL_ADDRESS" and len(local) >= _SHORTEST_COMPACT:
        words.append(_Form(local, entity))
    return tuple(dict.fromkeys(words)), tuple(dict.fromkeys(compact))


def _names(value: str) -> Iterator[_Form]:
    """A name's parts, each for itself: any order, any subset, any case is then found."""
    before = None
    for match in _WORD.finditer(value):
        needle = fold(match.group())
        if len(needle) < 2 or needle in _NOT_A_NAME:
            before = None
            continue
        ordinary = needle in ORDINARY or len(needle) == 2
        yield _Form(needle, "PERSON", capitalised=ordinary)
        if "'" in needle:
            yield _Form(needle.replace("'", ""), "PERSON")
        for spelled in (
            fold(match.group().lower().translate(_SPELLED_OUT)),
            needle.replace("ß", "ss"),
        ):
            if spelled != needle:
                yield _Form(spelled, "PERSON")
        # Side by side ordinary words are a name, whatever their case: "autumn walker".
        if before is not None:
            yield _Form(fold(value[before.start() : match.end()]), "PERSON")
            yield _Form(fold(before.group()) + needle, "PERSON")
        before = match


def _phone_forms(bare: str, digits: int, kind: str) -> Iterator[str]:
    """A phone number with and without its country code and trunk zero."""
    if kind != "PHONE_NUMBER" or digits != len(bare):
        return
    codes = ("0044", "44", "0049", "49", "0034", "34", "001", "1")
    nationals = {bare.lstrip("0")} if not bare.startswith("00") else set()
    for code in codes:
        if bare.startswith(code) and len(bare) - len(code) >= 8:
            nationals.add(bare[len(code) :].lstrip("0"))
    for national in sorted(nationals):
        yield from (national, "0" + national, *(code + national for code in codes))


def _date_forms(day: date) -> Iterator[str]:
    d, m, y = day.day, day.month, day.year
    yield day.isoformat()
    for sep in "/.-":
        for left, right in ((d, m), (m, d)):
            for year in (f"{y}", f"{y % 100:02}"):
                yield f"{left}{sep}{right}{sep}{year}"
                yield f"{left:02}{sep}{right:02}{sep}{year}"
        yield f"{y}{sep}{m:02}{sep}{d:02}"
    yield from (f"{y}{m:02}{d:02}", f"{d:02}{m:02}{y}", f"{m:02}{d:02}{y}")
    suffix = "th" if 11 <= d <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
    for months in _MONTHS.values():
        name = fold(months.split()[m - 1])
        for month in (name, name[:3]):
            for number in (f"{d}", f"{d:02}", f"{d}{suffix}", f"{d}."):
                yield f"{number} {month} {y}"
            for number in (f"{d}", f"{d}{suffix}"):
                yield f"{month} {number} {y}"
                yield f"{month} {number}, {y}"
            yield f"{d} of {month} {y}"
            yield f"{d}{suffix} of {month} {y}"
            yield f"{d}{suffix} of {month}, {y}"
            yield f"{d} de {month} de {y}"


def _days(value: str) -> set[date]:
    """The days that a date may be, 05/12/1980 being one in May or in December."""
    try:
        return {date.fromisoformat(value[:10])}
    except ValueError:
        pass
    try:
        return {date_parser.parse(value, dayfirst=first).date() for first in (True, False)}
    except (ValueError, OverflowError):
        return set()


def _compact(folded: str) -> tuple[str, bytes]:
    """The letters and digits of a folded text, and that text one byte for a character."""
    single = folded.encode("ascii", "replace")
    return single.translate(None, _OTHERS).decode("ascii"), single


def find_known(text: str, known: Known) -> list[Span]:
    """The places of a record's known identifiers in one of its texts, by start, none twice."""
    folded = fold(text)
    forms = list(known.words)
    for day, entity in known.dates:
        # No form is without the year's last two digits.
        if f"{day.year % 100:02}" in folded:
            forms.extend(_Form(needle, entity) for needle in _dates(day) if needle in folded)
    spans = {
        span for form in forms if form.needle in folded for span in _find_words(text, folded, form)
    }
    if known.compact:
        bare, single = _compact(folded)
        places: np.ndarray | None = None
        for form in known.compact:
            start = bare.find(form.needle)
            while start >= 0:
                if places is None:
                    places = _places(single)
                span = _compact_span(folded, places, start, form)
                if span is not None:
                    spans.add(span)
                start = bare.find(form.needle, start + 1)
    return sorted(spans)


def _find_words(text: str, folded: str, form: _Form) -> Iterator[Span]:
    needle, length = form.needle, len(form.needle)
    start = folded.find(needle)
    while start >= 0:
        end = start + length
        whole = not (
            (start > 0 and _one_word(folded[start - 1], needle[0]))
            or (end < len(folded) and _one_word(needle[-1], folded[end]))
        )
        if whole and (not form.capitalised or text[start].isupper()):
            yield Span(start, end, form.entity, _SCORE, RECOGNISER)
        start = folded.find(needle, start + 1)


def _one_word(left: str, right: str) -> bool:
    """Whether two characters side by side belong to one word. From Thai on (Chinese, Japanese ...)
    letters without case stand in scripts that write no spaces."""
    return all(
        c.isalnum() and not (c >= "\u0e00" and c.lower() == c.upper()) for c in (left, right)
    )


def _places(single: bytes) -> np.ndarray:
    """Where each character of the compact text stands in the text."""
    kept = np.zeros(256, dtype=bool)
    kept[list(_LETTERS_AND_DIGITS)] = True
    return np.flatnonzero(kept[np.frombuffer(single, dtype=np.uint8)])


_WIDEST_GAP = 3


def _compact_span(folded: str, places: np.ndarray, start: int, form: _Form) -> Span | None:
    run = places[start : start + len(form.needle)]
    first, last = int(run[0]), int(run[-1]) + 1
    steps = [b - a for a, b in pairwise(run.tolist())]
    if max(steps) > _WIDEST_GAP + 1 or (form.entity == "PERSON" and min(steps) == 1):
        return None
    if _same_kind(folded, first - 1, first) or _same_kind(folded, last, last - 1):
        return None
    return Span(first, last, form.entity, _SCORE, RECOGNISER)


def _same_kind(text: str, outside: int, inside: int) -> bool:
    """Whether the character beside a match continues it: a digit a number, a letter a word."""
    if not 0 <= outside < len(text):
        return False
    a, b = text[outside], text[inside]
    return (a.isdigit() and b.isdigit()) or (a.isalpha() and b.isalpha())
