"""Dates move together, in their own form, or not at all."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from dateutil import parser
from hypothesis import assume, given
from hypothesis import strategies as st

from transforms.pseudonymise import ages, dates
from transforms.pseudonymise.dates import Reading, offset_days, read, shift, shift_value

DAY_FIRST, MONTH_FIRST = Reading(True, "en"), Reading(False, "en")
DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))
OFFSETS = st.integers(-365, 365).filter(bool)

FORMS = [
    "%Y-%m-%d", "%Y-%m-%dT10:30:00Z", "%Y-%m-%d 10:30", "%Y-%m-%dT10:30:00.123+01:00", "%Y%m%d",
    "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d-%b-%Y",
    "%A, %d %B %Y", "%d %B %Y at 10:30", "%Y/%m/%d",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(day=DATES, days=OFFSETS)
def test_a_date_moves_by_the_offset_and_keeps_its_form(form: str, day: date, days: int) -> None:
    # "5 May" does not say whether May is written short.
    assume(form != "%d %b %Y" or day.month != 5)
    new = day + timedelta(days=days)
    assert shift(day.strftime(form), days, DAY_FIRST) == _loosely(
        new.strftime(form), new, day, form
    )


def _loosely(text: str, new: date, old: date, form: str) -> str:
    # "12 May" does not say whether the 3rd is "3 June" or "03 June": the plain form is taken.
    if form.startswith(("%d %", "%A", "%B", "%d-%b")) and old.day >= 10 and new.day < 10:
        return text.replace(f"{new.day:02d}", str(new.day), 1)
    return text


@given(st.lists(DATES, min_size=2, max_size=5), OFFSETS, st.sampled_from(["%d %B %Y", "%d/%m/%Y"]))
def test_intervals_stay_exactly(days: list[date], offset: int, form: str) -> None:
    moved = []
    for day in days:
        new = shift(day.strftime(form), offset, DAY_FIRST)
        assert new is not None
        moved.append(parser.parse(new, dayfirst=True).date())
    assert [b - a for a, b in pairwise(days)] == [b - a for a, b in pairwise(moved)]


@given(DATES, st.sampled_from(["%d/%m/%Y", "%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y"]))
def test_dates_are_read_as_dateutil_reads_them(day: date, form: str) -> None:
    text = day.strftime(form)
    assert read(text, DAY_FIRST) == (
        parser.parse(text, dayfirst=not form.startswith("%Y")).date(), "day",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("5th of May 2022", "14th of June 2022"),
        ("5th of May", "14th of June"),
        ("May 5th", "June 14th"),
        ("May the fifth", "June the fourteenth"),
        ("5/6/22", "15/7/22"),
        ("05-MAY-2022", "14-JUN-2022"),
        ("8 Sept. 2020", "18 Oct. 2020"),
        ("May 2022", "June 2022"),
        ("2022-06", "2022-07"),
        ("May", "June"),
        ("Monday 5 May", "Saturday 14 June"),
        ("Mon, 5 May 2022", "Sat, 14 June 2022"),
        ("5. August 2022", "14. September 2022"),
        ("5 de mayo de 2022", "14 de junio de 2022"),
        ("5.6.", "15.7."),
        ("the twenty-first of June nineteen eighty-five",
         "the thirty-first of July nineteen eighty-five"),
        ("from 5 May 2022 to 7 May 2022", "from 14 June 2022 to 16 June 2022"),
    ],
)  # fmt: skip
def test_forms_in_speech_and_notes(old: str, new: str) -> None:
    assert shift(old, 40, DAY_FIRST) == new


def test_the_locale_decides_the_order_unless_only_one_exists() -> None:
    assert shift("05/06/2022", 1, DAY_FIRST) == "06/06/2022"
    assert shift("05/06/2022", 1, MONTH_FIRST) == "05/07/2022"
    assert shift("05/13/2022", 1, DAY_FIRST) == "05/14/2022"


@pytest.mark.parametrize(
    "text",
    ["last Tuesday", "3 weeks ago", "three weeks ago", "10:30", "tomorrow at 5pm", "2022", "1990s",
     "vor zwei Wochen", "hace 3 semanas", "nineteen eighty-five", "on Monday morning"],
)  # fmt: skip
def test_what_names_no_day_stays(text: str) -> None:
    assert shift(text, 40, DAY_FIRST) == text
    assert shift_value(text, 40, DAY_FIRST) == (text if text == "2022" else None)


@pytest.mark.parametrize(
    "text",
    ["31/02/2022", "31 Feb 2022", "Christmas", "5-7 May 2022", "05/22", "5 June 2022 and Bob",
     "the 3rd", "in Sept", "Jane", "9999-12-31 x", "the fifth", "0000-00-00"],
)  # fmt: skip
def test_what_cannot_be_read_is_not_guessed(text: str) -> None:
    assert shift(text, 40, DAY_FIRST) is None
    assert shift_value(text, 40, DAY_FIRST) is None


def test_no_year_given_is_the_reference_year() -> None:
    assert shift("28 February", 1, DAY_FIRST, date(2024, 5, 1)) == "29 February"
    assert shift("28 February", 1, DAY_FIRST, date(2023, 5, 1)) == "1 March"
    assert shift("29 February", 1, DAY_FIRST, date(2023, 5, 1)) == "1 March"


@given(st.text(max_size=40), OFFSETS)
def test_any_text_is_read_or_refused(text: str, days: int) -> None:
    new = shift(text, days, DAY_FIRST)
    assert new is None or isinstance(new, str)


@given(st.binary(min_size=32, max_size=32), st.text(), st.integers(1, 400))
def test_offsets_are_never_zero_and_within_bounds(key: bytes, subject: str, most: int) -> None:
    days = offset_days(key, subject, most)
    assert days != 0
    assert abs(days) <= most
    assert days == offset_days(key, subject, most)


def test_offsets_are_uniform() -> None:
    drawn = [offset_days(b"k" * 32, f"s{i}", 3) for i in range(6000)]
    assert {*drawn} == {-3, -2, -1, 1, 2, 3}
    # Six standard deviations of a share of one sixth.
    assert all(abs(drawn.count(days) - 1000) < 6 * (6000 / 6 * 5 / 6) ** 0.5 for days in {*drawn})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("54", "50-54"),
        ("54-year-old", "50-54-year-old"),
        ("aged 54", "aged 50-54"),
        ("fifty-four years old", "50-54 years old"),
        ("89", "85-89"),
        ("90", "90+"),
        ("ninety-two", "90+"),
        ("a hundred and two", "90+"),
        ("18-month-old", "0-4-year-old"),
        ("50s", "50s"),
        ("in her 90s", "in her 90+"),
        ("nonagenarian", None),
        ("in 2019", None),
    ],
)
def test_ages_become_bands_in_their_own_grammar(old: str, new: str | None) -> None:
    assert ages.banded(old, 5) == new


@given(
    st.dates(date(1900, 1, 1), date(1932, 5, 5)), OFFSETS, st.sampled_from(["%d %B %Y", "%Y-%m-%d"])
)
def test_dates_that_tell_an_age_over_89_become_those_of_one_year(
    born: date, days: int, form: str
) -> None:
    visit = date(2022, 5, 5)
    oldest = dates.oldest_of(visit, date(2023, 1, 1))
    assert oldest == date(1932, 5, 5)
    new = shift(born.strftime(form), days, DAY_FIRST, visit, oldest)
    assert new is not None
    moved, then = parser.parse(new).date(), visit + timedelta(days=days)
    # Ninety at the visit, whoever it is.
    assert (then.year - moved.year) - ((then.month, then.day) < (moved.month, moved.day)) == 90
    assert shift_value(born.isoformat(), days, DAY_FIRST, oldest) == moved.isoformat()


def test_younger_dates_and_their_intervals_are_not_folded() -> None:
    oldest = dates.oldest_of(date(2022, 5, 5), date(2023, 1, 1))
    assert shift("1932-05-06", 1, DAY_FIRST, None, oldest) == "1932-05-07"
    assert shift("born in 1921", 1, DAY_FIRST, None, oldest) == "born in 1932"
    assert shift("1920s", 1, DAY_FIRST, None, oldest) == "1930s"
    assert shift("nineteen twenty-one", 1, DAY_FIRST, None, oldest) == "nineteen thirty-two"
    assert shift("1950", 1, DAY_FIRST, None, oldest) == "1950"
    assert shift_value("1921", 1, DAY_FIRST, oldest) == "1932"
    # Nobody is born after the visit: of two digits the century is told.
    assert shift("31.05.26", 1, DAY_FIRST, None, oldest) == "01.06.31"
    assert shift("5 May '21", 1, DAY_FIRST, None, oldest) == "6 May '21"
    assert shift("31.05.22", 1, DAY_FIRST, None, oldest) == "01.06.22"


def test_without_a_recent_date_ages_count_from_today() -> None:
    today = date(2026, 11, 25)
    assert dates.oldest_of(None, today) == date(1936, 11, 25)
    assert dates.oldest_of(date(1928, 2, 29), today) == date(1936, 11, 25)
    assert dates.oldest_of(date(2024, 2, 29), today) == date(1934, 2, 28)


@given(st.binary(min_size=32, max_size=32), st.text(), st.integers(7, 400), DATES)
def test_weekdays_stay_where_that_is_asked(key: bytes, subject: str, most: int, day: date) -> None:
    days = offset_days(key, subject, most, keep_weekday=True)
    assert days % 7 == 0
    assert 0 < abs(days) <= most
    text = day.strftime("%A, %d %B %Y")
    new = shift(text, days, DAY_FIRST)
    assert new is not None
    assert new.split(",")[0] == text.split(",")[0]
