"""Dates of exports, as a dozen countries write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.settings import SourceSettings
from transforms.ingest.text import UnreadableError
from transforms.ingest.times import Clock, instant, order_of, seconds_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03/25/2024 10:15:00 AM", "2024-03-25T10:15:00"),
        ("3/25/24, 10:15:00 PM", "2024-03-25T22:15:00"),
        ("25.03.2024, 10:15", "2024-03-25T10:15:00"),
        ("25.3.24 10:15:07", "2024-03-25T10:15:07"),
        ("2024-03-25T10:15:00Z", "2024-03-25T10:15:00+00:00"),
        ("2024-03-25 10:15:00.123+05:30", "2024-03-25T10:15:00+05:30"),
        ("2024/03/25 10:15 GMT-8", "2024-03-25T10:15:00-08:00"),
        ("2024. 3. 25. 10:15", "2024-03-25T10:15:00"),
        ("25-03-2024 12:15 a.m.", "2024-03-25T00:15:00"),
        ("3/25/24, 10:15\u202fPM", "2024-03-25T22:15:00"),
        ("\u200e25/03/2024, 10:15", "2024-03-25T10:15:00"),
        ("March 5, 2024, 10:15AM", "2024-03-05T10:15:00"),
        ("Tue, Mar 05, 2024 10:15AM", "2024-03-05T10:15:00"),
        ("5 Mar 2024 at 22:15", "2024-03-05T22:15:00"),
        ("25/03/2024", "2024-03-25"),
        ("25/03/2024,", "2024-03-25"),
        ("25/03/2024 UTC", "2024-03-25"),
        ("25/03/2024 10:15 -00:00", "2024-03-25T10:15:00+00:00"),
        ("25/03/2024 24:00", None),
        ("25/03/2024 10:60", None),
        ("25/03/2024 10:15 or so", None),
        ("25/03/2024 " + "1" * 30_000, None),
        ("25/25/2024", None),
        ("10:15", None),
        ("hello", None),
        ("", None),
    ],
)
def test_dates(text, expected):
    assert Clock([text], SourceSettings()).iso(text) == expected


def test_one_date_tells_the_order_of_all():
    dates = ["03/04/2024 10:15", "03/25/2024 10:15"]
    clock = Clock(dates, SourceSettings())
    assert clock.iso(dates[0]) == "2024-03-04T10:15:00"
    assert order_of(["25.03.24", "1.1.24"]) == "dmy"
    with pytest.raises(UnreadableError, match="date_order"):
        Clock(dates[:1], SourceSettings()).iso(dates[0])
    assert Clock([], SourceSettings(date_order="dmy")).iso(dates[0]) == "2024-04-03T10:15:00"


def test_a_time_zone_gives_times_their_offset_in_winter_and_summer():
    clock = Clock([], SourceSettings(time_zone="Europe/London"))
    assert clock.iso("2024-01-05 10:15") == "2024-01-05T10:15:00+00:00"
    assert clock.iso("2024-07-05 10:15") == "2024-07-05T10:15:00+01:00"
    # The clocks change at one, and at midnight.
    assert clock.iso("2024-03-31 00:59:59") == "2024-03-31T00:59:59+00:00"
    assert clock.iso("2024-03-31 02:00") == "2024-03-31T02:00:00+01:00"
    assert clock.iso("2024-03-31 02:00 -0500") == "2024-03-31T02:00:00-05:00"
    assert clock.iso("31 Mar 2024 02:00") == "2024-03-31T02:00:00+01:00"
    lebanon = Clock([], SourceSettings(time_zone="Asia/Beirut"))
    assert lebanon.iso("2024-03-31 10:00") == "2024-03-31T10:00:00+03:00"
    assert lebanon.iso("2024-03-30 10:00") == "2024-03-30T10:00:00+02:00"
    with pytest.raises(ValueError, match="no time zone"):
        SourceSettings(time_zone="London")


def test_seconds_and_instants():
    assert seconds_of("1:02:03.5") == 3723.5
    assert seconds_of("02:03,500") == 123.5
    assert seconds_of("02") is None
    assert seconds_of("a:b") is None
    assert instant("1970-01-01T00:01:00+00:00") == (60.0, True)
    assert instant("1970-01-01T00:01:00") == (60.0, False)
    assert instant("1970-01-01") is None


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d.%m.%Y, %H:%M:%S", "%d %b %Y at %I:%M:%S %p"]),
    st.sampled_from(["Europe/London", "America/St_Johns", "Asia/Beirut", "Australia/Lord_Howe"]),
)
def test_every_moment_has_the_offset_of_its_zone(moment, form, zone):
    clock = Clock([], SourceSettings(time_zone=zone, date_order="dmy"))
    local = moment.replace(microsecond=0, tzinfo=ZoneInfo(zone))
    assert clock.iso(local.strftime(form)) == local.isoformat()


@given(st.text(st.sampled_from("0123456789/-.:, APMapmZT+[]GMUTCJanMarch\u202f"), max_size=40))
def test_no_text_breaks_a_clock(text):
    try:
        found = Clock([text], SourceSettings(time_zone="Europe/Berlin")).iso(text)
    except UnreadableError:
        return
    assert found is None or len(found) >= 10
    seconds_of(text)
    instant(found)
