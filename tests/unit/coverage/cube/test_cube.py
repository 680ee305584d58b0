"""The cube counts as the oracle does, whatever came and went before, in both forms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.cells import NAT_US
from geo.coverage.cube.attendance import Attendance
from geo.coverage.cube.cube import ALWAYS, Cube
from geo.coverage.cube.hours import hour_borders_us
from geo.coverage.hours import weekday_hour_minutes
from geo.coverage.matrix import coverage_matrix
from geo.coverage.table import coverage_table
from geo.model.period import Period
from geo.model.time import MINUTE_US, from_us, to_us
from tests.oracle import cube_oracle
from tests.oracle.cube_oracle import Visit
from tests.unit.coverage import frames
from tests.unit.coverage.frames import designations, place, presence, visit

PLACES = ("torget", "parken")
KINDS = ("fot", "bil", "hund")
SPRING = Period(date(2021, 3, 18), date(2021, 4, 6))
AUTUMN = Period(date(2021, 10, 20), date(2021, 11, 5))
ODD = np.arange(168).reshape(7, 24) % 2 == 1
"""Every other hour."""
FORMS = ("numpy", "compiled")
both_forms = pytest.mark.parametrize("form", FORMS)


def local(text: str, *, fold: int = 0) -> datetime:
    # In UTC: Python calls no moment of a repeated hour equal to one of another zone.
    return frames.local(text, fold=fold).astimezone(UTC)


def columns(visits: list[Visit]) -> Attendance:
    rows = [
        (PLACES.index(v.place), KINDS.index(v.kind), to_us(v.start), to_us(v.end), v.officers)
        for v in visits
    ]
    return Attendance(*np.array(rows, dtype=np.int64).reshape(-1, 5).T)


def cube_of(period: Period, visits: list[Visit], *, form="numpy") -> Cube:
    cube = Cube(period, places=PLACES, kinds=KINDS)
    cube.add(columns(visits), form=form)
    return cube


def counted(tally, at: int) -> cube_oracle.Count:
    last = tally.last_end_us[at]
    return (
        int(tally.visits[at]),
        tally.officer_us[at] / MINUTE_US,
        tally.patrol_us[at] / MINUTE_US,
        None if last == NAT_US else from_us(int(last)),
    )


periods = st.sampled_from([SPRING, AUTUMN])


@st.composite
def visits_in(draw, period: Period, *, most: int = 12) -> list[Visit]:
    """Visits that crowd round a few moments: shifted clocks, midnights, each other's ends."""
    minutes = int((period.end_at - period.start_at).total_seconds()) // 60
    shift = {3: datetime(2021, 3, 28, 1, tzinfo=UTC), 10: datetime(2021, 10, 31, 1, tzinfo=UTC)}
    near = int((shift[period.from_on.month] - period.start_at).total_seconds()) // 60
    start = st.one_of(
        st.integers(near - 150, near + 150),
        st.sampled_from([0, minutes - 1, near - 240, near - 60, near, near + 60]),
        st.integers(0, minutes - 1),
    )
    length = st.one_of(st.sampled_from([0, 1, 30, 60, 120]), st.integers(0, 3_000))
    rows = draw(
        st.lists(
            st.tuples(start, length, st.sampled_from(PLACES), st.sampled_from(KINDS),
                      st.integers(0, 4)),
            max_size=most,
        )
    )  # fmt: skip
    return [
        Visit(
            there, kind,
            period.start_at + timedelta(minutes=at),
            period.start_at + timedelta(minutes=min(at + long, minutes)),
            officers,
        )
        for at, long, there, kind, officers in rows
    ]  # fmt: skip


@st.composite
def filters(draw, period: Period) -> tuple[Period, np.ndarray, list[str]]:
    """A period inside, across or beside the cube's; hours; kinds."""
    first = period.from_on + timedelta(days=draw(st.integers(-9, period.days + 2)))
    asked = Period(first, first + timedelta(days=draw(st.integers(1, 30))))
    hours = np.zeros((7, 24), dtype=bool)
    weekdays = draw(st.sampled_from([slice(None), slice(6, 7), slice(0, 5), slice(3, 4)]))
    day_hours = draw(st.sampled_from([slice(None), slice(2, 3), slice(20, 24), slice(0, 4)]))
    hours[weekdays, day_hours] = True
    return asked, hours, draw(st.lists(st.sampled_from(KINDS), unique=True, max_size=3))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), period=periods)
def test_any_filter_equals_counting_minute_by_minute(data, period):
    visits = data.draw(visits_in(period))
    cube = cube_of(period, visits)
    for _ in range(3):
        asked, hours, kinds = data.draw(filters(period))
        wanted = {(int(day), int(hour)) for day, hour in np.argwhere(hours)}
        spans = ((asked.from_on, asked.to_on), cube_oracle.previous(asked.from_on, asked.to_on))
        for form in FORMS:
            tallies = cube.by_place(asked, weekday_hours=hours, kinds=kinds, form=form)
            for tally, (first, stop) in zip(tallies, spans, strict=True):
                for at, there in enumerate(PLACES):
                    expected = cube_oracle.count(
                        visits, there, first, stop, hours=wanted, kinds=set(kinds)
                    )
                    assert counted(tally, at) == expected


@settings(max_examples=40, deadline=None)
@given(data=st.data(), period=periods)
def test_coming_and_going_equals_counting_what_is_left_anew(data, period):
    visits = data.draw(visits_in(period, most=25))
    gone = data.draw(st.lists(st.booleans(), min_size=len(visits), max_size=len(visits)))
    parts = data.draw(st.integers(1, 4))
    left = [visit for visit, goes in zip(visits, gone, strict=True) if not goes]
    anew = cube_of(period, left)
    for form in FORMS:
        cube = Cube(period, places=PLACES, kinds=KINDS)
        for part in range(parts):
            cube.add(columns(visits[part::parts]), form=form)
        for part in range(parts):
            going = [v for v, goes in zip(visits, gone, strict=True) if goes][part::parts]
            cube.remove(columns(going), form=form)
        assert len(cube) == len(left)
        assert_same(cube, anew, period)


def assert_same(one: Cube, other: Cube, period: Period) -> None:
    """Every single hour of the week, and every day; each kind and some sets of kinds."""
    middle = Period(period.from_on, period.from_on + timedelta(days=period.days // 2))
    for kinds in (["fot"], ["bil"], ["hund"], ["bil", "hund"], None):
        np.testing.assert_array_equal(
            one.patrol_us_by_day(period, kinds=kinds), other.patrol_us_by_day(period, kinds=kinds)
        )
        for asked in (period, middle):
            np.testing.assert_array_equal(
                one.patrol_us_by_weekday_hour(asked, kinds=kinds),
                other.patrol_us_by_weekday_hour(asked, kinds=kinds),
            )
            for hours in (ALWAYS, ODD):
                for ours, theirs in zip(
                    one.by_place(asked, weekday_hours=hours, kinds=kinds, form="numpy"),
                    other.by_place(asked, weekday_hours=hours, kinds=kinds, form="numpy"),
                    strict=True,
                ):
                    for name in ours.__slots__:
                        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


@settings(max_examples=20, deadline=None)
@given(data=st.data(), period=periods)
def test_it_says_what_table_matrix_and_hours_say(data, period):
    visits = data.draw(visits_in(period))
    frame = presence(
        *[visit(v.start, v.end, at=v.place, officers=v.officers) for v in visits]
    ).assign(kind=[v.kind for v in visits])
    where = designations(*[place(name) for name in PLACES])
    cube = Cube(period, places=PLACES, kinds=KINDS)
    cube.add(cube.attendance(frame.astype({"kind": "str"})), form="numpy")

    table = coverage_table(where, frame, period=period)
    tally, _ = cube.by_place(period, form="numpy")
    assert tally.visits.tolist() == table["visits"].tolist()
    assert (tally.officer_us / MINUTE_US).tolist() == table["officer_min"].tolist()
    assert (tally.patrol_us / MINUTE_US).tolist() == table["patrol_min"].tolist()
    since = np.where(
        tally.last_end_us == NAT_US, np.nan, (to_us(period.end_at) - tally.last_end_us) / 86_400e6
    )
    np.testing.assert_array_equal(since, table["days_since_last"])
    by_day = coverage_matrix(where, frame, period=period, by="day", figure="patrol_min").values
    np.testing.assert_array_equal(cube.patrol_us_by_day(period) / MINUTE_US, by_day)
    by_hour = weekday_hour_minutes(where, frame, period=period)
    np.testing.assert_array_equal(cube.patrol_us_by_weekday_hour(period) / MINUTE_US, by_hour)


@both_forms
def test_the_hour_that_comes_back_has_the_minutes_of_both(form):
    # 02:30 summer time to 02:30 winter time is 60 minutes, all between two and three by the wall.
    one = Visit(
        "torget", "fot", local("2021-10-31 02:30"), local("2021-10-31 02:30", fold=1), 2
    )  # fmt: skip
    cube = cube_of(AUTUMN, [one], form=form)
    minutes = cube.patrol_us_by_weekday_hour(AUTUMN) / MINUTE_US
    assert minutes[6, 2] == 60
    assert minutes.sum() == 60
    hours = np.zeros((7, 24), dtype=bool)
    hours[6, 2] = True
    tally, before = cube.by_place(AUTUMN, weekday_hours=hours, form=form)
    assert counted(tally, 0) == (1, 120, 60, one.end)
    assert counted(before, 0) == (0, 0, 0, None)


def test_the_hours_of_a_day_begin_by_the_wall():
    # Sunday 28 March 2021 has no 02:00–03:00; Sunday 31 October has it twice.
    spring = np.diff(hour_borders_us(Period(date(2021, 3, 28), date(2021, 3, 29)))) / 3_600e6
    assert spring.tolist() == [1, 1, 0] + [1] * 21
    autumn = np.diff(hour_borders_us(Period(date(2021, 10, 31), date(2021, 11, 1)))) / 3_600e6
    assert autumn.tolist() == [1, 1, 2] + [1] * 21


@both_forms
def test_two_kinds_that_meet_count_once_together_and_whole_apart(form):
    visits = [
        Visit("torget", "fot", local("2021-10-22 20:00"), local("2021-10-22 20:15"), 1),
        Visit("torget", "bil", local("2021-10-22 20:10"), local("2021-10-22 20:20"), 1),
    ]
    cube = cube_of(AUTUMN, visits, form=form)
    for kinds, patrolled in ((None, 20), (["fot"], 15), (["bil"], 10), (["hund"], 0)):
        tally, _ = cube.by_place(AUTUMN, kinds=kinds, form=form)
        assert tally.patrol_us[0] / MINUTE_US == patrolled
    assert cube.by_place(AUTUMN, form=form)[0].officer_us[0] / MINUTE_US == 25


@both_forms
def test_equal_visits_are_two_and_go_one_at_a_time(form):
    one = Visit("parken", "bil", local("2021-10-22 23:50"), local("2021-10-23 00:10"), 1)
    cube = cube_of(AUTUMN, [one, one], form=form)
    assert counted(cube.by_place(AUTUMN, form=form)[0], 1) == (2, 40, 20, one.end)
    cube.remove(columns([one]), form=form)
    assert counted(cube.by_place(AUTUMN, form=form)[0], 1) == (1, 20, 20, one.end)
    assert (cube.patrol_us_by_day(AUTUMN)[1] / MINUTE_US).tolist() == [0, 0, 10, 10] + [0] * 12


@both_forms
def test_a_visit_that_is_not_there_is_named_and_nothing_is_taken_out(form):
    one = Visit("parken", "bil", local("2021-10-22 20:00"), local("2021-10-22 20:10"), 1)
    two = Visit("parken", "bil", local("2021-10-22 20:05"), local("2021-10-22 20:10"), 1)
    cube = cube_of(AUTUMN, [one], form=form)
    for gone in ([one, two], [one, one]):
        with pytest.raises(ValueError, match="row 1: no such visit"):
            cube.remove(columns(gone), form=form)
        assert_same(cube, cube_of(AUTUMN, [one]), AUTUMN)


def test_what_does_not_belong_is_refused_whole():
    cube = Cube(AUTUMN, places=PLACES, kinds=KINDS)
    good = Visit("parken", "bil", local("2021-10-22 20:00"), local("2021-10-22 20:10"), 1)
    early = Visit("parken", "bil", local("2021-10-19 23:59"), local("2021-10-20 00:10"), 1)
    late = Visit("parken", "bil", local("2021-11-04 23:59"), local("2021-11-05 00:01"), 1)
    backwards = Visit("parken", "bil", good.end, good.start, 1)
    for bad in (early, late, backwards):
        with pytest.raises(ValueError, match="row 1: place 1"):
            cube.add(columns([good, bad]))
    stranger = columns([good])._replace(place=np.array([2]))
    with pytest.raises(ValueError, match="row 0: place 2"):
        cube.add(stranger)
    assert len(cube) == 0
    with pytest.raises(ValueError, match="no kind 'båt'"):
        cube.by_place(AUTUMN, kinds=["båt"])
    frame = presence(visit("2021-10-22 20:00", at="bron")).assign(kind="bil")
    with pytest.raises(ValueError, match="row 0: the cube has no location_id 'bron'"):
        cube.attendance(frame)
    with pytest.raises(ValueError, match="63 kinds"):
        Cube(AUTUMN, places=PLACES, kinds=[str(n) for n in range(63)])


@both_forms
def test_nothing_in_gives_nothing_out(form):
    for cube in (Cube(AUTUMN, places=[]), Cube(AUTUMN, places=PLACES, kinds=[])):
        cube.add(Attendance(*[np.empty(0, dtype=np.int64)] * 5), form=form)
        tally, _ = cube.by_place(AUTUMN, weekday_hours=ALWAYS, form=form)
        assert tally.visits.tolist() == [0] * len(cube.places)


@both_forms
def test_sixty_two_kinds_may_meet(form):
    kinds = [f"k{number:02d}" for number in range(62)]
    cube = Cube(AUTUMN, places=["torget"], kinds=kinds)
    start = to_us(local("2021-10-22 20:00"))
    number = np.arange(62)
    zero = np.zeros(62, dtype=np.int64)
    many = Attendance(
        zero, number, start + number * MINUTE_US, np.full(62, start + 100 * MINUTE_US), zero + 1
    )
    cube.add(many, form=form)
    assert cube.by_place(AUTUMN, form=form)[0].patrol_us.tolist() == [100 * MINUTE_US]
    latest = cube.by_place(AUTUMN, kinds=["k61", "k60"], form=form)[0].patrol_us
    assert latest.tolist() == [40 * MINUTE_US]
    cube.remove(many, form=form)
    assert cube.by_place(AUTUMN, form=form)[0].patrol_us.tolist() == [0]


def test_a_frame_becomes_columns():
    cube = Cube(AUTUMN, places=PLACES, kinds=KINDS)
    frame = presence(visit("2021-10-22 20:00", "2021-10-22 20:10", at="parken", officers=2))
    found = cube.attendance(frame.assign(kind=pd.Series(["hund"], dtype="str")))
    start = to_us(local("2021-10-22 20:00"))
    expected = [1, 2, start, start + 10 * MINUTE_US, 2]
    assert [column.tolist() for column in found] == [[value] for value in expected]
