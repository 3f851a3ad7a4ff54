"""Dates: found in a text, moved by days, and written again in the form that they had.

Every subject has one offset, so that the intervals between a subject's dates stay exactly. What a
text says besides dates must be harmless (a weekday, a time of day, "three weeks ago"); anything
else makes the whole unreadable, and its caller redacts it.

A date of 90 years ago or more tells an age over 89. All such dates are folded into one year, that
of someone who is 90, as 45 CFR 164.514(b)(2)(i)(C) wants: only their intervals are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from . import keyed, spoken
from .lexicon import Lexicon, listed

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
_SHORT = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
}
_ALSO = {
    "en": {"sept": 9},
    "de": {"jänner": 1, "jän": 1, "feber": 2, "mrz": 3, "maerz": 3, "sept": 9},
    "es": {"sept": 9, "setiembre": 9},
}
_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
}
_SHORT_WEEKDAYS = {
    "en": "mon tue wed thu fri sat sun",
    "de": "mo di mi do fr sa so",
    "es": "lun mar mié jue vie sáb dom",
}
_OLDEST = 90
"""Years of age from which on dates are folded: those of ``ages.OLDEST``."""
_FIRST_YEAR, _LAST_YEAR = 1850, 2150
_DEFAULT_YEAR = 2023
MID_MONTH = 15
"""A month without a day moves as its middle does."""
_ISO = re.compile(
    r"(?:18|19|20|21)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?\Z"
)


class Reading(NamedTuple):
    """How dates of a locale are read."""

    day_first: bool = True
    language: str = "en"

    @classmethod
    def of(cls, words: Lexicon) -> Reading:
        """That of the lexicon's locale: month first in the United States and the Philippines."""
        return cls(words.country not in ("US", "PH"), words.language)


_DEFAULT = Reading()


class _Found(NamedTuple):
    start: int
    end: int
    day: date
    precision: str
    """day, month; or nothing known but the year: year."""
    write: Callable[[date], str]


def offset_days(key: bytes, subject: str, max_days: int, keep_weekday: bool = False) -> int:
    """The days by which all dates of a subject move: uniform in -max_days ... max_days but 0; of
    whole weeks, if weekdays are to be kept (then ``max_days`` is 7 or more)."""
    step = 7 if keep_weekday else 1
    most = max_days // step
    drawn = keyed.number(key, "offset", subject, 2 * most)
    return step * (drawn - most if drawn < most else drawn - most + 1)


def oldest_of(reference: date | None, today: date | None = None) -> date:
    """The day on which someone was born who is 90 on a record's own day, ``reference``; today, if
    that is not known, or is itself so long ago that it must be the date of birth."""
    today = today or date.today()
    recent = reference is not None and reference > _years_before(today, _OLDEST)
    return _years_before(reference if recent and reference else today, _OLDEST)


def shift(
    text: str,
    days: int,
    reading: Reading = _DEFAULT,
    reference: date | None = None,
    oldest: date | None = None,
) -> str | None:
    """The text with all its dates moved by ``days``, in their own form, and those up to ``oldest``
    (``oldest_of``; years alone too) folded.

    Weekdays that belong to a date move with it; years alone, relative dates ("last Tuesday") and
    times of day stay. A date without a year is taken for one of ``reference``'s year. None where
    anything else is said, or a date does not exist.
    """
    found = _find(text, reading, reference)
    if found is None or not _harmless(text, found):
        return None
    try:
        return _written(text, found, days, oldest)
    except (OverflowError, ValueError):
        return None


def shift_value(
    text: str, days: int, reading: Reading = _DEFAULT, oldest: date | None = None
) -> str | None:
    """A field's value moved by ``days``; None where it is not one date (with or without a time).

    A year alone stays as it is, unless it is up to ``oldest``: such dates are folded.
    """
    if _ISO.match(text):
        # By far the most frequent; the general way gives the same.
        try:
            return str(_moved(date.fromisoformat(text[:10]), days, oldest)) + text[10:]
        except (OverflowError, ValueError):
            return None
    if _read_whole(text, reading) is None:
        return None
    return shift(text, days, reading, oldest=oldest)


def read(text: str, reading: Reading = _DEFAULT) -> tuple[date, str] | None:
    """The one date that a field's value is, and its precision: day, month or year."""
    if _ISO.match(text):
        # By far the most frequent; the general way gives the same.
        try:
            return date.fromisoformat(text[:10]), "day"
        except ValueError:
            return None
    return _read_whole(text, reading)


@lru_cache(maxsize=4_096)
def _read_whole(text: str, reading: Reading) -> tuple[date, str] | None:
    if year := re.fullmatch(r"\s*(\d{4})\s*", text):
        in_range = _FIRST_YEAR <= int(year[1]) <= _LAST_YEAR
        return (date(int(year[1]), 1, 1), "year") if in_range else None
    found = _find(text, reading, None)
    if found is None or len(found) != 1 or found[0].precision == "no year":
        return None
    rest = text[: found[0].start] + " " + text[found[0].end :]
    weekday = rf"\b(?:{_ANY_WEEKDAY})\b"
    rest = re.sub(
        rf"{_TIME}|{weekday}|\b(?:at|um|a las|the|den|el)\b", "", rest, flags=re.IGNORECASE
    )
    return None if any(map(str.isalnum, rest)) else (found[0].day, found[0].precision)


def _written(text: str, found: list[_Found], days: int, oldest: date | None) -> str:
    out: list[str] = []
    end = 0
    for i, date_ in enumerate(found):
        before = text[end : date_.start]
        day = date_.day
        if date_.precision != "no year" and not _CENTURY.search(text[date_.start : date_.end]):
            day = _past(day, oldest)
        new = _moved(day, days, None if date_.precision == "no year" else oldest)
        moved = (new - day).days
        if date_.precision in ("day", "no year") and (match := _WEEKDAY_BEFORE.search(before)):
            name = _later_weekday(match["weekday"], moved)
            before = before[: match.start("weekday")] + name + before[match.end("weekday") :]
        out += [_years_folded(before, oldest), date_.write(new)]
        end = date_.end
        if date_.precision in ("day", "no year") and i == len(found) - 1:
            after = _WEEKDAY_AFTER.match(text, end)
            if after:
                out += [text[end : after.start("weekday")], _later_weekday(after["weekday"], moved)]
                end = after.end()
    return "".join([*out, _years_folded(text[end:], oldest)])


def _past(day: date, oldest: date | None) -> date:
    """A date of which two digits of the year are given: of the last century, if it would lie more
    than a year after the record's own day."""
    if oldest is None or day.year <= oldest.year + _OLDEST + 1:
        return day
    return _in_year(day, day.year - 100)


def _moved(day: date, days: int, oldest: date | None) -> date:
    new = day + timedelta(days=days)
    if oldest is None or day > oldest:
        return new
    # Of the moved day on which someone is 90: years differ by leap days.
    latest = _years_before(_in_year(oldest, oldest.year + _OLDEST) + timedelta(days=days), _OLDEST)
    folded = _in_year(new, latest.year)
    return folded if folded <= latest else _in_year(new, latest.year - 1)


def _years_folded(text: str, oldest: date | None) -> str:
    """Years that stand alone, and decades: where 1932 is the oldest, 1921 and 1920s become 1932
    and 1930s."""
    if oldest is None or not text:
        return text

    def fold(match: re.Match[str]) -> str:
        said = match.group()
        decade = said[-1] in "sS" and said[:-1].isdigit()
        year = _full_year(said[:-1] if decade else said)
        if year > oldest.year:
            return said
        return f"{oldest.year // 10}0{said[-1]}" if decade else _year_like(said, oldest)

    return _LONE_YEAR.sub(fold, text)


def _in_year(day: date, year: int) -> date:
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _years_before(day: date, years: int) -> date:
    return _in_year(day, day.year - years)


def _find(text: str, reading: Reading, reference: date | None) -> list[_Found] | None:
    """All dates of a text from left to right; None if one of them does not exist."""
    for pattern, make in _forms(text, reading, complete=True):
        # Most texts are one complete date and nothing else.
        if whole := pattern.fullmatch(text):
            try:
                one = make(whole, reading, reference)
            except ValueError:
                return None
            if one is not None:
                return [one]
    taken: list[_Found] = []
    for pattern, make in _forms(text, reading):
        for match in pattern.finditer(text):
            if any(match.start() < t.end and t.start < match.end() for t in taken):
                continue
            try:
                made = make(match, reading, reference)
            except ValueError:
                return None
            if made is not None:
                taken.append(made)
    return sorted(taken)


def _harmless(text: str, found: list[_Found]) -> bool:
    rest = []
    end = 0
    for date_ in found:
        rest += [text[end : date_.start], " "]
        end = date_.end
    left = _HARMLESS.sub("", "".join([*rest, text[end:]]))
    return not any(map(str.isalnum, left))


# Numeric forms


def _year_first(match: re.Match[str], reading: Reading, reference: date | None) -> _Found | None:
    year, month, day = match["y"], match["m"], match["d"]
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return None

    def write(new: date) -> str:
        return (
            f"{new.year:04d}{match['s']}{_wide(new.month, month, day)}"
            f"{match['s']}{_wide(new.day, day, month)}"
        )

    return _Found(*match.span(), date(int(year), int(month), int(day)), "day", write)


def _year_last(match: re.Match[str], reading: Reading, reference: date | None) -> _Found | None:
    one, two, year = match["a"], match["b"], match["y"]
    full = _full_year(year)
    order = reading.day_first or match["s"].strip() == "."
    day_first = order if _exists(full, one, two, order) else not order
    day, month = (one, two) if day_first else (two, one)

    def write(new: date) -> str:
        new_day, new_month = _wide(new.day, day, month), _wide(new.month, month, day)
        first, second = (new_day, new_month) if day_first else (new_month, new_day)
        return f"{first}{match['s']}{second}{match['s']}{_year_like(year, new)}"

    return _Found(*match.span(), date(full, int(month), int(day)), "day", write)


def _month_and_year(
    match: re.Match[str], reading: Reading, reference: date | None
) -> _Found | None:
    def write(new: date) -> str:
        month = _wide(new.month, match["m"], match["m"])
        year = f"{new.year:04d}"
        first, second = (year, month) if match.start("y") < match.start("m") else (month, year)
        return f"{first}{match['s']}{second}"

    middle = date(int(match["y"]), int(match["m"]), MID_MONTH)
    return _Found(*match.span(), middle, "month", write)


def _day_and_month(match: re.Match[str], reading: Reading, reference: date | None) -> _Found | None:
    one, two = match["a"], match["b"]
    order = reading.day_first or match["s"] == "."
    day, month = (one, two) if order else (two, one)
    when = _without_year(int(month), int(day), reference)

    def write(new: date) -> str:
        new_day, new_month = _wide(new.day, day, month), _wide(new.month, month, day)
        first, second = (new_day, new_month) if order else (new_month, new_day)
        return f"{first}{match['s']}{second}"

    return _Found(*match.span(), when, "no year", write)


# Written forms


def _with_month_name(language: str) -> Callable[..., _Found | None]:
    def make(match: re.Match[str], reading: Reading, reference: date | None) -> _Found | None:
        groups = match.groupdict()
        name, day, year = groups["month"], groups.get("day"), groups.get("year")
        month = _number_of_month(language)[name.casefold()]
        hyphens = groups.get("sep") == "-" or groups.get("ysep") == "-"
        number = _day_number(day) if day else MID_MONTH
        if year:
            when = date(_full_year(year), month, number)
            precision = "day" if day else "month"
        else:
            when = _without_year(month, number, reference)
            precision = "no year"
        pieces = sorted(
            (match.start(group), match.end(group), group)
            for group in ("day", "month", "year")
            if groups.get(group)
        )

        def write(new: date) -> str:
            out = []
            end = match.start()
            for start, stop, group in pieces:
                out.append(match.string[end:start])
                if group == "month":
                    dotted = match.string[stop : stop + 1] == "." and stop < match.end()
                    out.append(_month_like(name, new.month, language, hyphens or dotted))
                elif group == "day":
                    out.append(_day_like(match.string[start:stop], new.day))
                else:
                    out.append(_year_like(match.string[start:stop], new))
                end = stop
            return "".join([*out, match.string[end : match.end()]])

        return _Found(*match.span(), when, precision, write)

    return make


def _day_number(text: str) -> int:
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits.group())
    return spoken.ORDINALS[" ".join(text.casefold().replace("-", " ").split())]


def _day_like(old: str, day: int) -> str:
    """``day`` written as the day in ``old``: 5, 05, 5th, fifth."""
    if not old[0].isdigit():
        new = spoken.ordinal_of(day, "-" if "-" in old or " " not in old else " ")
        return new.title() if old.istitle() else new.upper() if old.isupper() else new
    digits = re.match(r"\d+", old)
    assert digits
    suffix = old[digits.end() :]
    if suffix.casefold() in ("st", "nd", "rd", "th"):
        fresh = {1: "st", 2: "nd", 3: "rd"}.get(day % 10 if day // 10 != 1 else 0, "th")
        suffix = fresh.upper() if suffix.isupper() else fresh
    return f"{day:02d}{suffix}" if digits.group().startswith("0") else f"{day}{suffix}"


def _month_like(old: str, month: int, language: str, prefer_short: bool) -> str:
    full, short = _MONTHS[language].split(), _SHORT[language].split()
    folded = old.casefold()
    # "May" is both: short where it is written as abbreviations are.
    is_short = folded not in full or (folded in short and prefer_short)
    new = (short if is_short else full)[month - 1]
    return new.upper() if old.isupper() else new if old.islower() else new.title()


def _year_like(old: str, new: date) -> str:
    digits = old.lstrip("'’")
    if digits.isdigit():
        return old[: len(old) - len(digits)] + (
            f"{new.year:04d}" if len(digits) == 4 else f"{new.year % 100:02d}"
        )
    century, rest = divmod(new.year, 100)
    if 2000 <= new.year < 2010:
        said = "two thousand" + (f" and {spoken.words_of(rest)}" if rest else "")
    elif rest == 0:
        said = f"{spoken.words_of(century)} hundred"
    elif rest < 10:
        said = f"{spoken.words_of(century)} oh {spoken.words_of(rest)}"
    else:
        said = f"{spoken.words_of(century)} {spoken.words_of(rest)}"
    return said.title() if old.istitle() else said


def _full_year(text: str) -> int:
    digits = text.lstrip("'’")
    if digits.isdigit():
        year = int(digits)
        # The century is of no account: leap years and weekdays are not touched by it.
        return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)
    said = " ".join(text.casefold().replace("-", " ").replace(" and ", " ").split())
    if said.startswith("two thousand"):
        return 2000 + spoken.NUMBERS.get(said.removeprefix("two thousand").strip() or "zero", 0)
    first, _, rest = said.partition(" ")
    rest = re.sub(r"^(?:oh?|hundred) ?", "", rest) or "zero"
    if first not in spoken.NUMBERS or rest not in spoken.NUMBERS:
        raise ValueError
    return spoken.NUMBERS[first] * 100 + spoken.NUMBERS[rest]


def _without_year(month: int, day: int, reference: date | None) -> date:
    year = reference.year if reference else _DEFAULT_YEAR
    if (month, day) == (2, 29):
        year -= year % 4
    return date(year, month, day)


def _exists(year: int, one: str, two: str, day_first: bool) -> bool:
    day, month = (one, two) if day_first else (two, one)
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


def _wide(number: int, like: str, other: str) -> str:
    """As many digits as ``like``; where it has two anyway, what its neighbour suggests."""
    padded = like.startswith("0") or (len(like) == 2 and len(other) == 2)
    return f"{number:02d}" if padded else str(number)


@lru_cache(maxsize=4)
def _number_of_month(language: str) -> dict[str, int]:
    numbers = dict(_ALSO[language])
    for names in (_SHORT[language], _MONTHS[language]):
        numbers |= {name: i for i, name in enumerate(names.split(), 1)}
    return numbers


def _later_weekday(name: str, days: int) -> str:
    folded = name.casefold()
    for language in _WEEKDAYS:
        for names in (_WEEKDAYS[language].split(), _SHORT_WEEKDAYS[language].split()):
            if folded in names:
                new = names[(names.index(folded) + days) % 7]
                return new.upper() if name.isupper() else new if name.islower() else new.title()
    return name


_ORDINAL_WORDS = "|".join(
    word.replace(" ", "[ -]")
    for word, i in sorted(spoken.ORDINALS.items(), key=lambda e: -len(e[0]))
    if i <= 31
)
_UNIT = "|".join(spoken.words_of(i) for i in range(1, 10))
_TEEN_OR_TENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    rf"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:{_UNIT}))?"
)
_YEAR_WORDS = (
    rf"(?:nineteen|twenty)[ -](?:{_TEEN_OR_TENS}|hundred|oh?[ -](?:{_UNIT}))"
    rf"|two thousand(?: (?:and )?(?:{_TEEN_OR_TENS}|{_UNIT}))?"
)
_YEAR = rf"(?:18|19|20|21)\d\d(?!\d)|['’]\d\d(?!\d)|(?:{_YEAR_WORDS})\b"

_CENTURY = re.compile(r"(?:18|19|20|21)\d\d|[a-z] [a-z]", re.IGNORECASE)
"""What a date has whose year is said in full, in digits or words."""
_LONE_YEAR = re.compile(rf"\b(?:(?:18|19|20|21)\d\ds?|{_YEAR_WORDS})\b", re.IGNORECASE)

_Maker = Callable[["re.Match[str]", Reading, "date | None"], "_Found | None"]
_Form = tuple[re.Pattern[str], _Maker]

_SEPARATOR = r"(?P<s>[/.\-]|[ ]?[/.][ ]|[ ]/[ ]|[ ])"
_COMPLETE: list[_Form] = [
    (
        re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
        _year_first,
    ),
    (re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"), _year_first),
    (
        re.compile(
            rf"(?<!\d)(?P<a>\d{{1,2}}){_SEPARATOR}(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}}|\d\d)(?!\d)"
        ),
        _year_last,
    ),
]
_INCOMPLETE: list[_Form] = [
    (
        re.compile(r"(?<![\d/.-])(?P<y>(?:18|19|20)\d\d)(?P<s>[-/])(?P<m>\d\d)(?![\d/.-])"),
        _month_and_year,
    ),
    (
        re.compile(r"(?<![\d/.-])(?P<m>\d{1,2})(?P<s>[-/.])(?P<y>(?:18|19|20)\d\d)(?!\d)"),
        _month_and_year,
    ),
    (
        re.compile(
            r"(?<![\d/.:-])(?P<a>\d{1,2})(?P<s>[/.])(?P<b>\d{1,2})(?![\d/:-])(?!\s?[ap]\.?m)"
        ),
        _day_and_month,
    ),
]
_DAY = {
    "en": rf"\d{{1,2}}(?:st|nd|rd|th)?\b|(?:{_ORDINAL_WORDS})\b",
    "de": r"\d{1,2}(?:\.|\b)",
    "es": r"\d{1,2}(?:º|°|\b)",
}
_OF = {"en": r"(?:[ ]day)?[ ]of[ ]", "de": r"[ ]", "es": r"[ ]de[ ]"}
_OF_YEAR = {"en": r",?[ ](?:of[ ])?", "de": r"[ ]", "es": r",?[ ](?:del?[ ](?:año[ ])?)?"}
_ANY_MONTH = re.compile(
    "|".join(
        sorted({n for lang in _MONTHS for n in _number_of_month(lang)}, key=len, reverse=True)
    ),
    re.IGNORECASE,
)


@lru_cache(maxsize=4)
def _written_forms(language: str) -> tuple[list[_Form], list[_Form], list[_Form]]:
    """Patterns with a month's name: complete dates, those without day or year, months alone."""
    names = sorted(_number_of_month(language), key=len, reverse=True)
    month = rf"\b(?P<month>{'|'.join(names)})\b\.?"
    day = rf"(?<![\d.,/:-])(?P<day>{_DAY[language]})"
    sep = rf"(?P<sep>{_OF[language]}|[ ]|-|/|(?<=\.))"
    year = rf"(?P<ysep>{_OF_YEAR[language]}|,|-|/|)(?P<year>{_YEAR}|(?<=[-/])\d\d(?!\d))"
    # An abbreviation alone may be any word: "ago" is Spanish for August.
    alone = rf"\b(?P<month>{'|'.join(_MONTHS[language].split())})\b"
    make = _with_month_name(language)

    def form(pattern: str) -> _Form:
        return re.compile(pattern, re.IGNORECASE), make

    return (
        [form(f"{day}{sep}{month}{year}"), form(rf"{month}[ ](?:the[ ])?{day}{year}")],
        [
            form(f"{day}{sep}{month}"),
            form(rf"{month}[ ](?:the[ ])?{day}(?![\d:])"),
            form(f"{month}{year}"),
        ],
        [form(alone)],
    )


def _forms(text: str, reading: Reading, complete: bool = False) -> Iterator[_Form]:
    """What may find a date in the text, the most telling first; or those of complete dates."""
    if any(map(str.isdigit, text)):
        yield from _COMPLETE
    said = {name.casefold() for name in _ANY_MONTH.findall(text)}
    if said:
        languages = sorted(
            (lang for lang in _MONTHS if not said.isdisjoint(_number_of_month(lang))),
            key=lambda lang: lang != reading.language,
        )
        for rank in range(1 if complete else 3):
            for language in languages:
                yield from _written_forms(language)[rank]
    if not complete and any(map(str.isdigit, text)):
        yield from _INCOMPLETE


# Bare "so", "do", "mar" are words; "So., 5. Mai" is a Sunday.
_SHORT_NAMES = {n for names in _SHORT_WEEKDAYS.values() for n in names.split()} - {"mar"}
_ANY_WEEKDAY = "|".join(
    [
        *sorted((n for names in _WEEKDAYS.values() for n in names.split()), key=len, reverse=True),
        *(n for n in _SHORT_NAMES if len(n) > 2),
        rf"(?:{'|'.join(n for n in _SHORT_NAMES if len(n) == 2)})(?=[.,])",
    ]
)
_WEEKDAY_BEFORE = re.compile(
    rf"\b(?P<weekday>{_ANY_WEEKDAY})\.?,?\s+(?:(?:the|den|dem|der|el)\s+)?$", re.IGNORECASE
)
_WEEKDAY_AFTER = re.compile(rf",?\s*\(?(?P<weekday>{_ANY_WEEKDAY})\b", re.IGNORECASE)
_TIME = (
    r"T?\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?\s?(?:[ap]\.?\s?m\b\.?|uhr\b|h\b)?(?:Z\b|[+-]\d\d:?\d\d)?"
    r"|T\d{4}(?:\d\d)?Z?|\b\d{1,2}\s?(?:[ap]\.?\s?m\b\.?|o['’]?clock\b|uhr\b|h\b)"
    r"|\b(?:UTC|GMT|BST|CET|CEST|E[SD]T|P[SD]T|C[SD]T|M[SD]T)\b"
)
_COUNT = (
    r"(?:\d{1,3}|an?|"
    + "|".join(
        [
            *(spoken.words_of(i) for i in range(1, 20)),
            "couple of",
            "few",
            "several",
            "ein(?:e[nmr]?)?",
            "zwei",
            "drei",
            "vier",
            "fünf",
            "sechs",
            "un",
            "una",
            "dos",
            "tres",
            "cuatro",
            "cinco",
            "seis",
        ]
    )
    + ")"
)
_UNITS = (
    r"(?:seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|years?|yrs?"
    r"|decades?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?|horas?|d[ií]as?|semanas?|mes(?:es)?|años?)"
)
_HARMLESS_WORDS = listed(
    "last next this past previous coming following earlier later late early mid since until till "
    "before after ago in on at by for from to of the and or about around over within during every "
    "each day days week weeks weekend month months year years hour hours minute minutes now today "
    "tomorrow yesterday tonight morning afternoon evening night noon midday midnight lunchtime "
    "weekday weekdays daily weekly monthly yearly annually fortnight recently currently "
    "dob birth born date dated geboren geb nacido nacida nacimiento "
    "letzte letzten letzter letztes nächste nächsten nächster vor seit bis am im um der die das "
    "den dem heute gestern morgen vorgestern übermorgen abend abends "
    "morgens mittag nacht woche wochen "
    "monat monate monaten jahr jahre jahren tag tage tagen und "
    "el la los las de del en a hace desde hasta pasado pasada próximo próxima hoy ayer mañana "
    "anteayer tarde noche semana semanas mes meses año años día días y"
)
_HARMLESS = re.compile(
    rf"{_TIME}|\b{_COUNT}[ -]{_UNITS}\b|\b(?:18|19|20|21)\d\ds?\b|\b(?:{_YEAR_WORDS})\b"
    rf"|\b(?:{_ANY_WEEKDAY})s?\b"
    rf"|\b(?:{'|'.join(sorted(_HARMLESS_WORDS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
