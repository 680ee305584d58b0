"""Times as people type them, and the two nights when clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import DataError
from geo.model.time import STOCKHOLM
from ui.viewmodels.local_times import placed, read_clock, span_of

AUTUMN, SPRING = date(2021, 10, 31), date(2021, 3, 28)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23:50", time(23, 50)),
        ("23.50", time(23, 50)),
        ("2350", time(23, 50)),
        (" 7 ", time(7)),
        ("705", time(7, 5)),
        ("kl. 07.05", time(7, 5)),
        ("00:00", time(0)),
    ],
)
def test_a_clock_is_read_however_it_is_typed(typed: str, meant: time) -> None:
    assert read_clock(typed) == meant


@pytest.mark.parametrize("typed", ["24:00", "12:60", "2350x", "strax", "-1", "1:2", "12345"])
def test_what_is_no_clock_is_told_with_an_example(typed: str) -> None:
    with pytest.raises(DataError, match=r"är inte ett klockslag.*23:50"):
        read_clock(typed)


def test_an_empty_clock_says_that_it_is_missing() -> None:
    with pytest.raises(DataError, match="Klockslag saknas"):
        read_clock("  ")


def test_the_skipped_hour_is_no_time() -> None:
    with pytest.raises(DataError, match="finns inte: klockan ställdes fram"):
        placed(SPRING, time(2, 30))


def test_the_double_hour_is_two_moments_an_hour_apart() -> None:
    first = placed(AUTUMN, time(2, 30))
    second = placed(AUTUMN, time(2, 30), is_second=True)
    assert first.is_twofold
    assert second.at - first.at == timedelta(hours=1)
    # Summer time is UTC+2: 02:30 is 00:30 UTC the first time.
    assert first.at == datetime(2021, 10, 31, 0, 30, tzinfo=UTC)


def test_an_end_before_the_start_is_the_day_after() -> None:
    span = span_of(date(2021, 3, 12), time(23, 50), time(0, 10))
    assert span.minutes == 20
    assert span.end_at.astimezone(STOCKHOLM).date() == date(2021, 3, 13)


def test_in_the_double_hour_an_end_before_the_start_is_its_second_occurrence() -> None:
    # 02:50 summer time is 00:50 UTC; 02:10 winter time is 01:10 UTC.
    assert span_of(AUTUMN, time(2, 50), time(2, 10)).minutes == 20


def test_across_the_change_elapsed_time_counts() -> None:
    # 01:30 summer time to 03:30 winter time is three hours.
    assert span_of(AUTUMN, time(1, 30), time(3, 30)).minutes == 180
    # 01:30 winter time to 03:30 summer time is one.
    assert span_of(SPRING, time(1, 30), time(3, 30)).minutes == 60


@given(
    on=st.dates(date(2021, 1, 1), date(2021, 12, 31)),
    start=st.times(),
    end=st.times(),
    folds=st.tuples(st.booleans(), st.booleans()),
)
def test_a_span_never_runs_backwards_and_keeps_its_wall_clocks(
    on: date, start: time, end: time, folds: tuple[bool, bool]
) -> None:
    start, end = (clock.replace(second=0, microsecond=0) for clock in (start, end))
    try:
        span = span_of(on, start, end, start_is_second=folds[0], end_is_second=folds[1])
    except DataError:
        # Only the skipped hour of 28 March is no time, at either end.
        assert on in {SPRING, SPRING - timedelta(days=1)}
        assert 2 in {start.hour, end.hour}
        return
    assert timedelta(0) <= span.end_at - span.start_at <= timedelta(hours=25)
    begins, ends = (at.astimezone(STOCKHOLM) for at in (span.start_at, span.end_at))
    assert (begins.date(), begins.time()) == (on, start)
    assert ends.time() == end
