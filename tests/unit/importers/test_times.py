"""Moments and days, however they are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataError
from geo.importers.times import read_day, read_moment, read_utc
from geo.model.time import STOCKHOLM

# 12 March 2021 is winter time: 23:50 in Sweden is 22:50 UTC.
MARCH = datetime(2021, 3, 12, 22, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-12T23:50",
        "2021-03-12 23:50",
        "2021-03-12 23.50",
        " 2021-03-12  23:50:00 ",
        "2021-03-12T23:50:00.000",
        "2021-03-12 kl. 23.50",
        "2021/03/12 23:50",
        "2021-3-12 23:50",
        "20210312 2350",
        "20210312T235000",
        "12 mars 2021 23:50",
        "12 mars 2021 kl. 23.50",
        "12 Mar 2021, 23:50",
        "12/3 2021 23:50",
        "2021-03-12T22:50Z",
        "2021-03-12 22:50:00+00:00",
        "2021-03-13T00:50:00+02:00",
        "2021-03-12T17:50:00-0500",
        "20210312T225000Z",
        "2021/03/12 22:50:00+00",
        datetime(2021, 3, 12, 23, 50),  # noqa: DTZ001 - what a sheet gives
        datetime(2021, 3, 12, 22, 50, tzinfo=UTC),
    ],
)
def test_one_moment_in_many_forms(written: object) -> None:
    moment = read_moment(written)
    assert moment.at == MARCH
    assert moment.at.tzinfo is UTC
    assert moment.also_at is None


def test_the_end_of_a_day_may_be_24_00() -> None:
    assert read_moment("2021-03-12 24:00").at == datetime(2021, 3, 12, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("2021-02-29 12:00", "almanackan"),
        ("2021-13-01 12:00", "almanackan"),
        ("2021-03-12 25:00", "almanackan"),
        ("2021-03-12 24:01", "almanackan"),
        ("2021-03-12 23:60", "almanackan"),
        ("0021-03-12 23:50", "årtal"),
        ("9999-12-31 24:00", "almanackan"),
        ("2021-03-12", "klockslag"),
        ("12/3/2021 23:50", "inte en tid"),  # the twelfth of March, or the third of December?
        ("44267.99", "inte en tid"),
        ("2021-03-12 23:50 CET", "inte en tid"),
        ("2021-03-12 23:50+25:00", "inte en tid"),
        ("12 brumaire 2021 23:50", "inte en tid"),
        ("i går", "inte en tid"),
        (44267.99, "inte en tid"),
        (True, "inte en tid"),
    ],
)
def test_what_is_no_moment_is_named(written: object, part: str) -> None:
    with pytest.raises(DataError, match=part):
        read_moment(written)


def test_the_skipped_hour_of_spring_is_no_time() -> None:
    assert read_moment("2021-03-28 01:59").at == datetime(2021, 3, 28, 0, 59, tzinfo=UTC)
    for minute in (0, 30, 59):
        with pytest.raises(DataError, match="finns inte"):
            read_moment(f"2021-03-28 02:{minute:02}")
    assert read_moment("2021-03-28 03:00").at == datetime(2021, 3, 28, 1, 0, tzinfo=UTC)
    # With an offset the same digits are a moment like any other.
    assert read_moment("2021-03-28 02:30+01:00").at == datetime(2021, 3, 28, 1, 30, tzinfo=UTC)


def test_the_doubled_hour_of_autumn_is_its_first_occurrence() -> None:
    moment = read_moment("2021-10-31 02:30")
    assert moment.at == datetime(2021, 10, 31, 0, 30, tzinfo=UTC)
    assert moment.also_at == datetime(2021, 10, 31, 1, 30, tzinfo=UTC)
    assert read_moment("2021-10-31 01:59").also_at is None
    assert read_moment("2021-10-31 03:00").also_at is None
    assert read_moment("2021-10-31 02:30+01:00").also_at is None


def test_a_day_is_a_moment_only_where_that_is_enough() -> None:
    moment = read_moment("2021-03-12", day_is_enough=True)
    assert moment.clock_missing
    assert moment.at == datetime(2021, 3, 11, 23, tzinfo=UTC)  # midnight in Sweden


@settings(deadline=None)
@given(st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_every_moment_survives_being_written_with_an_offset(at: datetime) -> None:
    for zone in (UTC, STOCKHOLM, timezone(timedelta(hours=-9, minutes=-30))):
        assert read_moment(at.astimezone(zone).isoformat()).at == at
        assert read_utc(at.astimezone(zone).isoformat(" ")) == at


@settings(deadline=None)
@given(st.datetimes(datetime(1996, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - as above
def test_local_time_means_one_of_the_moments_with_that_wall_clock(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    wall = at.astimezone(STOCKHOLM).replace(tzinfo=None)
    moment = read_moment(wall.isoformat(" "))
    assert at in {moment.at, moment.also_at}
    # Slow and obvious: which UTC moments within a day show this wall clock?
    shown = {
        at + timedelta(hours=h)
        for h in (-1, 0, 1)
        if (at + timedelta(hours=h)).astimezone(STOCKHOLM).replace(tzinfo=None) == wall
    }
    assert {moment.at, moment.also_at} - {None} == shown
    assert moment.at == min(shown)


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-12",
        "20210312",
        "12 mars 2021",
        "12/3 2021",
        "2021-03-12 00:00",
        "2021/03/12",
        date(2021, 3, 12),
        datetime(2021, 3, 12),  # noqa: DTZ001 - what a sheet gives
    ],
)
def test_one_day_in_many_forms(written: object) -> None:
    assert read_day(written) == date(2021, 3, 12)


@pytest.mark.parametrize("written", ["2021-02-30", "2021-03-12 10:00", "12/3/2021", "mars", 44267])
def test_what_is_no_day_is_named(written: object) -> None:
    with pytest.raises(DataError):
        read_day(written)
