"""The rows behind a number are exactly those it counts."""

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.coverage.hours import weekday_hour_minutes
from geo.coverage.presence import counted_visits
from geo.model.period import Period
from geo.services.coverage import coverage
from tests.unit.viewmodels.world import MARCH, SV, place, visit, world
from ui.viewmodels.visits_behind import MOST_SHOWN, Asked, visits_behind


def behind(snapshot: object, asked: Asked) -> list[str]:
    found = visits_behind(snapshot, MARCH, SV, asked)  # type: ignore[arg-type]
    return list(found.visits.ids)


_STARTS = st.tuples(st.integers(1, 31), st.integers(0, 23), st.integers(0, 59), st.integers(0, 400))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    starts=st.lists(_STARTS, max_size=12),
    days=st.tuples(st.integers(1, 28), st.integers(1, 7)),
    ends=st.integers(5, 25),
)
def test_as_many_rows_begin_as_the_coverage_table_counts(
    starts: list[tuple[int, int, int, int]], days: tuple[int, int], ends: int
) -> None:
    period = Period(date(2021, 3, days[0]), date(2021, 3, min(days[0] + days[1], 31)))
    snapshot = world(
        place("torget", per_week=3, minutes=10, end=date(2021, 3, ends)),
        place("torget", per_week=7, minutes=60, start=date(2021, 3, ends)),
        *(visit(f"2021-03-{day:02} {hour:02}:{minute:02}", m) for day, hour, minute, m in starts),
    )
    row = coverage(snapshot, period).iloc[0]
    found = visits_behind(snapshot, MARCH, SV, Asked(period=period, location_id="torget"))
    assert int(found.visits.rows["begins"].sum()) == row["visits"]
    counted = counted_visits(snapshot.designations, snapshot.presence, period=period)
    assert len(counted) == row["visits"]
    begins = found.visits.rows["begins"].to_numpy(dtype=bool)
    assert set(counted["visit_id"]) == set(np.array(found.visits.ids, dtype=object)[begins])
    # And every minute is in some row: an hour with minutes has visits behind it.
    minutes = weekday_hour_minutes(snapshot.designations, snapshot.presence, period=period)
    for weekday, hour in ((0, 0), (4, 20), (6, 23), (days[0] % 7, starts[0][1] if starts else 3)):
        rows = behind(snapshot, Asked(period=period, hour=(weekday, hour)))
        assert bool(rows) == (minutes[weekday, hour] > 0)


def test_a_visit_over_midnight_is_behind_both_days_and_begins_in_one() -> None:
    snapshot = world(place(per_week=1), visit("2021-03-05 23:50", 20))
    friday, saturday = (Period(date(2021, 3, day), date(2021, 3, day + 1)) for day in (5, 6))
    assert len(behind(snapshot, Asked(period=friday))) == 1
    found = visits_behind(snapshot, MARCH, SV, Asked(period=saturday))
    assert found.sentence.startswith("0 besök började 6 mars 2021.")
    assert "1 hade börjat tidigare." in found.sentence
    assert found.visits.text(0, "counts_told") == "började tidigare"


def test_what_counts_follows_the_target_in_force() -> None:
    snapshot = world(
        place("torget", per_week=1, minutes=10, end=date(2021, 3, 8)),
        place("torget", per_week=1, minutes=30, start=date(2021, 3, 8), end=date(2021, 3, 15)),
        place("torget", start=date(2021, 3, 15)),
        visit("2021-03-02 20:00", 15),
        visit("2021-03-09 20:00", 15),
        visit("2021-03-16 20:00", 15),
    )
    found = visits_behind(snapshot, MARCH, SV, Asked(period=MARCH.period)).visits.texts()
    assert found["Räknas mot målet"].tolist() == ["ej mätbart", "nej, för kort", "ja"]
    assert found["Började"][0] == "Ti 16 mars 2021 20:00"


def test_an_hour_ends_where_the_next_begins() -> None:
    snapshot = world(place(), visit("2021-03-05 20:30", 30))
    at = {
        hour: len(behind(snapshot, Asked(period=MARCH.period, hour=(4, hour))))
        for hour in (19, 20, 21)
    }
    assert at == {19: 0, 20: 1, 21: 0}


@pytest.mark.parametrize(("band", "count"), [("short", 1), ("recommended", 1), ("long", 0)])
def test_a_length_keeps_its_own(band: str, count: int) -> None:
    snapshot = world(place(), visit("2021-03-05 20:30", 9), visit("2021-03-06 20:30", 16))
    asked = Asked(period=MARCH.period, band=band)  # type: ignore[arg-type]
    assert len(behind(snapshot, asked)) == count


def test_too_many_rows_are_cut_and_it_is_said() -> None:
    many = [visit(f"2021-03-{1 + n % 28:02} 10:{n % 60:02}", 1) for n in range(MOST_SHOWN + 1)]
    found = visits_behind(world(place(), *many), MARCH, SV, Asked(period=MARCH.period))
    assert len(found.visits) == MOST_SHOWN
    assert "De 500 senaste visas" in found.sentence
