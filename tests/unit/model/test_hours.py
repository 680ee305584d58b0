from __future__ import annotations

import pickle
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from geo.errors import HoursError
from geo.model.hours import WEEK_MIN, UnsafeHours
from geo.model.period import Period
from geo.model.time import from_us

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]


def day(on: date) -> Period:
    return Period(on, on + timedelta(days=1))


def minutes(hours: UnsafeHours, period: Period) -> float:
    intervals = hours.intervals(period)
    return float((intervals[:, 1] - intervals[:, 0]).sum() / 60e6)


# Friday begins at minute 4 · 1440 = 5760 of the week, Saturday at 7200, Sunday at 8640.
@pytest.mark.parametrize(
    ("expression", "windows"),
    [
        ("Mo 10:00-12:00", ((600, 720),)),
        ("Fr,Sa 20:00-02:00", ((5760 + 1200, 7200 + 120), (7200 + 1200, 8640 + 120))),
        ("Fr 20:00-26:00", ((5760 + 1200, 7200 + 120),)),
        ("Su 22:00-04:00", ((0, 240), (8640 + 1320, WEEK_MIN))),
        ("24/7", ((0, WEEK_MIN),)),
        ("Mo-Su 00:00-24:00", ((0, WEEK_MIN),)),
        ("Fr 20:00-24:00, Sa 00:00-02:00", ((6960, 7320),)),
        ("Mo-We 20:00-22:00; Tu off", ((1200, 1320), (2 * 1440 + 1200, 2 * 1440 + 1320))),
        (" fr 20:00-22:00 ", ((6960, 7080),)),
        ("Fr 20:00+", ((6960, 7200),)),
    ],
)
def test_weekly_windows(expression, windows):
    hours = UnsafeHours.parse(expression)
    assert hours.windows == windows
    assert UnsafeHours.parse(str(hours)) == hours
    assert pickle.loads(pickle.dumps(hours)) == hours
    assert hours.minutes_per_week == sum(end - start for start, end in windows)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "går inte att läsa"),
        ("fredagar 20-02", "går inte att läsa"),
        ("Fr 20.00-02.00", "går inte att läsa"),
        ("Fr 25:00-61:00", "går inte att läsa"),
        ("off", "infaller aldrig"),
        ("Fr 20:00-24:00; Fr off", "infaller aldrig"),
        ("Jun-Aug Fr 20:00-02:00", "samma varje vecka"),
        ("Dec 24 18:00-24:00", "samma varje vecka"),
        ("2021 Fr 20:00-02:00", "samma varje vecka"),
        ("week 1-20 Fr 20:00-02:00", "samma varje vecka"),
        ("Fr[1] 20:00-02:00", "samma varje vecka"),
        ("PH 20:00-02:00", "samma varje vecka"),
        ("SH 20:00-02:00", "samma varje vecka"),
        ("Mo-Fr 20:00-22:00; PH off", "samma varje vecka"),
        ("easter 20:00-22:00", "samma varje vecka"),
        ("sunset-sunrise", "samma varje vecka"),
        ("dusk-23:00", "samma varje vecka"),
        ("Fr 20:00-22:00 unknown", "samma varje vecka"),
        ('"efter tips"', "kommentarer"),
        ("Mo-Su " + ",".join(["10:00-11:00"] * 100), "högst 500 tecken"),
    ],
)
def test_what_is_not_weekly_is_refused_in_swedish(expression, why):
    with pytest.raises(HoursError, match=why):
        UnsafeHours.parse(expression)


def test_equal_means_the_same_hours_however_written():
    one, other = UnsafeHours.parse("Fr 20:00-02:00"), UnsafeHours.parse("Fr 20:00-26:00")
    assert one == other
    assert len({one, other}) == 1
    assert one != UnsafeHours.parse("Fr 20:00-03:00")
    assert one != "Fr 20:00-02:00"


def test_the_hour_that_is_skipped_in_spring_has_no_minutes():
    night = UnsafeHours.parse("02:00-03:00")
    assert minutes(night, day(date(2021, 3, 27))) == 60
    assert minutes(night, day(date(2021, 3, 28))) == 0


def test_the_hour_that_comes_back_in_autumn_has_two():
    night = UnsafeHours.parse("02:00-03:00")
    assert minutes(night, day(date(2021, 10, 31))) == 120
    # Two quarters, an hour apart, not one stretch.
    quarter = UnsafeHours.parse("02:30-02:45").intervals(day(date(2021, 10, 31)))
    assert [from_us(int(us)).isoformat() for us in quarter[:, 0]] == [
        "2021-10-31T00:30:00+00:00",
        "2021-10-31T01:30:00+00:00",
    ]


def test_all_the_time_is_one_stretch_across_weeks_and_clock_shifts():
    year = Period(date(2021, 1, 1), date(2022, 1, 1))
    (stretch,) = UnsafeHours.parse("24/7").intervals(year)
    assert [from_us(int(us)) for us in stretch] == [year.start_at, year.end_at]


def test_a_window_across_sunday_midnight_is_one_stretch():
    nights = UnsafeHours.parse("Su 22:00-04:00").intervals(
        Period(date(2021, 6, 5), date(2021, 6, 9))
    )
    assert ((nights[:, 1] - nights[:, 0]) / 3.6e9).tolist() == [6.0]


expressions = st.builds(
    lambda days, start, length: (
        f"{','.join(days)} {start // 60:02d}:{start % 60:02d}-"
        f"{(start + length) // 60:02d}:{(start + length) % 60:02d}"
    ),
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True),
    st.integers(0, 1439),
    st.integers(1, 1440),
)


@settings(max_examples=60, deadline=None)
@given(expressions, st.sampled_from([date(2021, 3, 26), date(2021, 10, 29), date(2021, 6, 4)]))
def test_inside_is_what_the_wall_clock_says(expression, first):
    """Every minute of some days, against the library asked at that wall clock."""
    hours, asked = UnsafeHours.parse(expression), OpeningHours(expression)
    period = Period(first, first + timedelta(days=4))
    intervals = hours.intervals(period)
    assert (intervals[1:, 0] > intervals[:-1, 1]).all()
    at = period.start_at
    expected = []
    while at < period.end_at:
        expected.append(asked.is_open(at.astimezone(STOCKHOLM).replace(tzinfo=None)))
        at += timedelta(minutes=1)
    moments = np.arange(len(expected)) * 60_000_000 + int(period.start_at.timestamp()) * 1_000_000
    inside = ((intervals[:, :1] <= moments) & (moments < intervals[:, 1:])).any(axis=0)
    assert inside.tolist() == expected


def test_matrix_for_drawing_has_shares_of_hours():
    matrix = UnsafeHours.parse("Fr 20:30-02:00").matrix()
    assert matrix.shape == (7, 24)
    # Half of Friday 20–21, all of 21–24, Saturday 0–2.
    assert matrix[4, 20] == 0.5
    assert matrix[4, 21:].tolist() == [1, 1, 1]
    assert matrix[5, :2].tolist() == [1, 1]
    assert matrix.sum() == 5.5
