"""The table against the slow oracle, and what must hold whatever the input."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.table import FIGURES, coverage_table
from geo.model.hours import UnsafeHours
from geo.model.period import GRAINS, Grain, Period
from tests.oracle import coverage_oracle as oracle
from tests.unit.coverage import frames

EXPRESSIONS = ["Fr,Sa 20:00-02:00", "Su 22:00-04:00", "24/7", "02:00-03:00", "Mo-Fr 07:30-16:15"]

# Around both clock shifts and a turn of year whose first days belong to week 53.
ANCHORS = [date(2021, 3, 24), date(2021, 10, 27), date(2020, 12, 29), date(2021, 6, 10)]


@st.composite
def worlds(draw):
    """A period of up to ten days, places with histories, and visits in and around it."""
    first = draw(st.sampled_from(ANCHORS)) + timedelta(days=draw(st.integers(0, 3)))
    stop = first + timedelta(days=draw(st.integers(1, 10)))
    # Moments often fall on midnights, where the borders are.
    clock = st.one_of(
        st.integers(-2, 12).map(lambda n: oracle.midnight(first + timedelta(days=n))),
        st.integers(-2 * 1440, 12 * 1440).map(
            lambda n: oracle.midnight(first) + timedelta(minutes=n)
        ),
    )
    pieces = []
    for number in range(draw(st.integers(1, 3))):
        borders = sorted(set(draw(st.lists(clock, max_size=4))))
        edges = [None, *borders, None]
        for index in range(len(edges) - 1):
            # Leave some pieces out, so that there are holes and ends; keep one at least.
            if index and draw(st.booleans()):
                continue
            expression = draw(st.sampled_from([None, *EXPRESSIONS]))
            pieces.append(
                frames.place(
                    f"p{number}",
                    name=f"P{number}.{index}",
                    start=edges[index],
                    end=edges[index + 1],
                    per_week=draw(st.sampled_from([None, 0, 0.5, 3, 14])),
                    minutes=draw(st.sampled_from([None, 0, 10, 60])),
                    unsafe=expression,
                )
            )
    visits = [
        frames.visit(
            start,
            start + timedelta(minutes=minutes),
            at=at,
            officers=officers,
        )
        for start, minutes, at, officers in draw(
            st.lists(
                st.tuples(
                    clock,
                    st.sampled_from([0, 0, 1, 10, 15, 60, 600, 1440, 4000]),
                    st.sampled_from(["p0", "p1", "p2", "elsewhere"]),
                    st.integers(1, 4),
                ),
                max_size=9,
            )
        )
    ]
    return pieces, visits, first, stop


def week_minutes(hours: UnsafeHours | None) -> frozenset[int] | None:
    if hours is None:
        return None
    return frozenset(m for start, end in hours.windows for m in range(start, end))


def expected_rows(pieces, visits, first, stop, by):
    return oracle.coverage_rows(
        [
            oracle.Piece(
                p["location_id"],
                p["name"],
                p["start_at"],
                p["end_at"],
                p["visits_per_week"],
                p["minutes_per_visit"],
                week_minutes(p["unsafe_hours"]),
            )
            for p in pieces
        ],
        [oracle.Visit(v["location_id"], v["start_at"], v["end_at"], v["officers"]) for v in visits],
        first,
        stop,
        by,
    )


def assert_same(table: pd.DataFrame, rows: list[dict[str, object]]) -> None:
    keys = ["location_id", "name", "period_start", "period_end"]
    assert table[keys].to_dict("records") == [{k: row[k] for k in keys} for row in rows]
    for figure in FIGURES:
        expected = np.array(
            [np.nan if row[figure] is None else row[figure] for row in rows], dtype=float
        )
        np.testing.assert_allclose(
            table[figure].to_numpy(dtype=float), expected, rtol=1e-9, atol=1e-12, err_msg=figure
        )


@settings(max_examples=250, deadline=None)
@given(worlds(), st.sampled_from(GRAINS))
def test_equals_the_slow_obvious_way(world, by: Grain):
    pieces, visits, first, stop = world
    table = coverage_table(
        frames.designations(*pieces), frames.presence(*visits), period=Period(first, stop), by=by
    )
    assert_same(table, expected_rows(pieces, visits, first, stop, by))


@settings(max_examples=60, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(world, random):
    pieces, visits, first, stop = world
    shuffled_visits, shuffled_pieces = list(visits), list(pieces)
    random.shuffle(shuffled_visits)
    random.shuffle(shuffled_pieces)
    period = Period(first, stop)
    one = coverage_table(
        frames.designations(*pieces), frames.presence(*visits), period=period, by="day"
    )
    other = coverage_table(
        frames.designations(*shuffled_pieces),
        frames.presence(*shuffled_visits),
        period=period,
        by="day",
    )
    keys = ["location_id", "period_start"]
    pd.testing.assert_frame_equal(
        one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True)
    )


@settings(max_examples=60, deadline=None)
@given(worlds(), st.sampled_from(["week", "month", "all"]))
def test_days_add_up_to_longer_pieces(world, by: Grain):
    pieces, visits, first, stop = world
    places, seen, period = (
        frames.designations(*pieces),
        frames.presence(*visits),
        Period(first, stop),
    )
    days = coverage_table(places, seen, period=period, by="day")
    longer = coverage_table(places, seen, period=period, by=by)
    for row in longer.itertuples():
        inside = days[
            (days["location_id"] == row.location_id)
            & (days["period_start"] >= row.period_start)
            & (days["period_end"] <= row.period_end)
        ]
        assert len(inside) > 0
        assert inside["visits"].sum() == row.visits
        assert inside["officer_min"].sum() == pytest.approx(row.officer_min)
        assert inside["patrol_min"].sum() == pytest.approx(row.patrol_min)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_what_must_hold_for_every_row(world):
    pieces, visits, first, stop = world
    table = coverage_table(
        frames.designations(*pieces),
        frames.presence(*visits),
        period=Period(first, stop),
        by="week",
    )
    assert (table["patrol_min"] <= table["officer_min"]).all()
    assert (table["longest_gap_days"] >= 0).all()
    # Σ gap² ≤ longest · Σ gap ≤ longest · L, so the mean idleness is at most half the longest.
    assert (table["avg_idleness_days"] <= table["longest_gap_days"] / 2 + 1e-12).all()
    for share in ("target_share", "hit_in_time_share"):
        assert table[share].dropna().between(0, 1).all()


def test_arguments_are_left_alone():
    places = frames.designations(frames.place(per_week=2, unsafe="24/7"))
    seen = frames.presence(frames.visit("2021-03-05 20:00", "2021-03-05 20:15"))
    places_before, seen_before = places.copy(deep=True), seen.copy(deep=True)
    coverage_table(places, seen, period=Period(date(2021, 3, 1), date(2021, 4, 1)), by="week")
    pd.testing.assert_frame_equal(places, places_before)
    pd.testing.assert_frame_equal(seen, seen_before)


def test_moments_in_nanoseconds_and_other_zones_are_read_alike():
    places = frames.designations(frames.place())
    seen = frames.presence(frames.visit("2021-03-05 20:00", "2021-03-05 20:15"))
    other = seen.assign(
        start_at=seen["start_at"].astype("datetime64[ns, Europe/Stockholm]"),
        end_at=seen["end_at"].astype("datetime64[ms, UTC]"),
        location_id=seen["location_id"].astype("category"),
    )
    period = Period(date(2021, 3, 1), date(2021, 4, 1))
    pd.testing.assert_frame_equal(
        coverage_table(places, seen, period=period), coverage_table(places, other, period=period)
    )


def test_naive_moments_are_refused():
    seen = frames.presence(frames.visit("2021-03-05 20:00", "2021-03-05 20:15"))
    naive = seen.assign(start_at=seen["start_at"].dt.tz_localize(None))
    with pytest.raises(ValueError, match="aware"):
        coverage_table(
            frames.designations(frames.place()),
            naive,
            period=Period(date(2021, 3, 1), date(2021, 4, 1)),
        )


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (datetime(2021, 3, 5, 12, tzinfo=UTC), datetime(2021, 3, 5, 11, tzinfo=UTC), "ends before"),
        (datetime(2021, 3, 5, 12, tzinfo=UTC), None, "lacks"),
        (None, datetime(2021, 3, 5, 12, tzinfo=UTC), "lacks"),
    ],
)
def test_impossible_visits_are_a_programming_mistake(start, end, message):
    seen = frames.presence(frames.visit("2021-03-05 20:00"))
    seen["start_at"] = pd.Series([start], dtype="datetime64[us, UTC]")
    seen["end_at"] = pd.Series([end], dtype="datetime64[us, UTC]")
    with pytest.raises(ValueError, match=message):
        coverage_table(
            frames.designations(frames.place()),
            seen,
            period=Period(date(2021, 3, 1), date(2021, 4, 1)),
        )
