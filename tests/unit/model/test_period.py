from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataError
from geo.model.period import GRAINS, Grain, Period
from geo.model.time import day_start_at, from_us, local_day, to_us, utc_offsets

days = st.dates(date(1950, 1, 1), date(2150, 1, 1))


def spans(period: Period, grain: Grain) -> list[tuple[str, str]]:
    return [(p.from_on.isoformat(), p.to_on.isoformat()) for p in period.pieces(grain)]


@pytest.mark.parametrize(
    ("from_on", "to_on"),
    [
        (date(2021, 3, 1), date(2021, 3, 1)),
        (date(2021, 3, 2), date(2021, 3, 1)),
        (date(1, 1, 1), date(2021, 3, 1)),
        (date(2021, 3, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_without_days_or_sense_is_refused(from_on, to_on):
    with pytest.raises(DataError, match=r"^Perioden .+ (börjar|utanför) .+\.$"):
        Period(from_on, to_on)


def test_days_begin_at_local_midnight():
    # Winter time is UTC+1, summer time UTC+2.
    assert Period(date(2021, 3, 1), date(2021, 7, 1)).start_at == datetime(
        2021, 2, 28, 23, tzinfo=UTC
    )
    assert Period(date(2021, 3, 1), date(2021, 7, 1)).end_at == datetime(
        2021, 6, 30, 22, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2021, 3, 28), 23), (date(2021, 10, 31), 25), (date(2021, 6, 1), 24)]
)
def test_days_of_clock_shifts_have_their_own_length(day, hours):
    (piece,) = Period(day, date.fromordinal(day.toordinal() + 1)).pieces("day")
    assert (piece.end_at - piece.start_at).total_seconds() == hours * 3600


def test_weeks_are_iso_weeks_cut_to_the_period():
    # 1–3 January 2021 (Friday to Sunday) belong to 2020-W53.
    assert spans(Period(date(2021, 1, 1), date(2021, 1, 13)), "week") == [
        ("2021-01-01", "2021-01-04"),
        ("2021-01-04", "2021-01-11"),
        ("2021-01-11", "2021-01-13"),
    ]


def test_months_are_cut_to_the_period():
    assert spans(Period(date(2020, 12, 31), date(2021, 3, 2)), "month") == [
        ("2020-12-31", "2021-01-01"),
        ("2021-01-01", "2021-02-01"),
        ("2021-02-01", "2021-03-01"),
        ("2021-03-01", "2021-03-02"),
    ]


@given(days, st.integers(1, 800), st.sampled_from(GRAINS))
def test_pieces_make_up_the_period_and_cross_no_border(from_on, length, grain):
    period = Period(from_on, date.fromordinal(from_on.toordinal() + length))
    pieces = period.pieces(grain)
    assert pieces[0].from_on == period.from_on
    assert pieces[-1].to_on == period.to_on
    assert all(a.to_on == b.from_on for a, b in itertools.pairwise(pieces))
    assert sum(piece.days for piece in pieces) == period.days == length
    name = {
        "day": lambda d: d,
        "week": lambda d: d.isocalendar()[:2],
        "month": lambda d: (d.year, d.month),
        "all": lambda d: None,
    }[grain]
    for piece in pieces:
        assert name(piece.from_on) == name(piece.last_on)
    # Neighbours belong to different weeks or months: no piece is cut without need.
    assert all(name(a.last_on) != name(b.from_on) for a, b in itertools.pairwise(pieces))


def test_the_period_before_has_as_many_days_and_ends_where_this_begins():
    assert Period(date(2021, 3, 1), date(2021, 3, 31)).previous() == Period(
        date(2021, 1, 30), date(2021, 3, 1)
    )


def test_last_day_is_in_and_end_day_is_not():
    period = Period(date(2021, 3, 1), date(2021, 3, 8))
    assert period.last_on == date(2021, 3, 7)
    assert date(2021, 3, 7) in period
    assert date(2021, 3, 8) not in period


@given(st.integers(-(10**15), 5 * 10**15).map(from_us))  # 1938 to 2128
def test_microseconds_and_moments_go_back_and_forth(at):
    assert at.utcoffset() == timedelta(0)
    assert from_us(to_us(at)) == at
    # The moment lies in its local day.
    day = local_day(at)
    assert day_start_at(day) <= at < day_start_at(date.fromordinal(day.toordinal() + 1))


def test_offsets_of_a_year_shift_twice_at_one_o_clock_utc():
    start, end = to_us(datetime(2021, 1, 1, tzinfo=UTC)), to_us(datetime(2022, 1, 1, tzinfo=UTC))
    spans_us, offsets_us = utc_offsets(start, end)
    assert [from_us(int(us)) for us in spans_us] == [
        datetime(2021, 1, 1, tzinfo=UTC),
        datetime(2021, 3, 28, 1, tzinfo=UTC),
        datetime(2021, 10, 31, 1, tzinfo=UTC),
    ]
    assert [int(us) / 3.6e9 for us in offsets_us] == [1, 2, 1]


def test_naive_moments_have_no_local_day():
    with pytest.raises(ValueError, match="aware"):
        local_day(datetime(2021, 3, 1, 12))  # noqa: DTZ001 - what is being refused
