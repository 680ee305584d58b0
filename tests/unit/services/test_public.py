"""The numbers anybody may see: right where they are shown, and shown only where they may be."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo.model.location import Location
from geo.model.time import STOCKHOLM
from geo.model.visit import Visit
from geo.services.public import LEAST, Area, public_weeks
from geo.services.snapshot import Snapshot, read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put

AREAS = (Area("Kinna", 12.69, 57.51), Area("Sätila", 12.44, 57.54))
PLACES = (
    Location(location_id="torget", name="Torget", kind="torg", geometry=Point(12.691, 57.51)),
    Location(location_id="parken", name="Parken", kind="park", geometry=Point(12.685, 57.50)),
    Location(location_id="badet", name="Badet", kind="bad", geometry=Point(12.45, 57.54)),
)
AREA_OF = {"torget": "Kinna", "parken": "Kinna", "badet": "Sätila"}
TODAY = date(2021, 5, 20)  # a Thursday
BEGIN = datetime(2021, 4, 20, tzinfo=STOCKHOLM)
NOW = datetime(2021, 5, 20, 12, tzinfo=STOCKHOLM)


def snapshot_of(*visits: tuple[str | None, datetime]) -> Snapshot:
    store = MemoryStore()
    made = [
        Visit(
            visit_id=f"b{number}",
            location_id=place,
            lon=None if place else 12.9,
            lat=None if place else 57.3,
            start_at=at,
            end_at=at + timedelta(minutes=5),
        )
        for number, (place, at) in enumerate(visits)
    ]
    store.write([Put(r) for r in (*PLACES, *made)], origin="demo:1", at=NOW)
    return read_snapshot(store)


def at(day: date, hour: int = 20, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM)


def told(snapshot: Snapshot, weeks: int = 3) -> dict[tuple[str, date], object]:
    frame = public_weeks(snapshot, AREAS, weeks=weeks, today=TODAY)
    return {
        (row.area, row.week_on): None if pd.isna(row.visits) else int(row.visits)
        for row in frame.itertuples(index=False)
    }


def test_five_are_told_and_four_are_not() -> None:
    monday = date(2021, 5, 10)
    five = [("torget", at(monday))] * 3 + [("parken", at(monday + timedelta(days=6), 23, 59))] * 2
    four = [("badet", at(monday))] * 4
    shown = told(snapshot_of(*five, *four))
    assert shown["Kinna", monday] == 5
    assert shown["Sätila", monday] is None


def test_nobody_can_tell_none_from_a_few() -> None:
    monday = date(2021, 5, 10)
    none = told(snapshot_of(*[("torget", at(monday))] * 5))
    few = told(snapshot_of(*[("torget", at(monday))] * 5, ("badet", at(monday))))
    assert none == few


def test_a_week_is_told_when_it_is_over() -> None:
    this_week = date(2021, 5, 17)
    shown = told(snapshot_of(*[("torget", at(this_week))] * 9, ("torget", at(date(2021, 5, 3)))))
    assert max(week for _, week in shown) == date(2021, 5, 10)


def test_a_week_without_reports_is_not_a_week_without_visits() -> None:
    frame = public_weeks(
        snapshot_of(*[("torget", at(date(2021, 5, 10)))] * 5), AREAS, weeks=2, today=TODAY
    )
    by_week = frame.drop_duplicates("week_on").set_index("week_on")["is_reported"]
    assert by_week.to_dict() == {date(2021, 5, 10): True, date(2021, 5, 3): False}


def test_visits_outside_the_places_are_not_told() -> None:
    shown = told(snapshot_of(*[(None, at(date(2021, 5, 10)))] * 9))
    assert set(shown.values()) == {None}


def test_an_installation_without_places_has_nothing_to_tell() -> None:
    assert public_weeks(read_snapshot(MemoryStore()), AREAS, weeks=2, today=TODAY).empty


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*AREA_OF]),
            st.integers(0, 30 * 24 * 60 - 1).map(
                lambda minutes: BEGIN + timedelta(minutes=minutes)
            ),
        ),
        max_size=60,
    )
)
def test_every_number_is_what_counting_by_hand_gives(
    drawn: list[tuple[str, datetime]],
) -> None:
    shown = told(snapshot_of(*drawn))
    for (area, monday), number in shown.items():
        counted = sum(
            AREA_OF[place] == area and monday <= moment.date() < monday + timedelta(days=7)
            for place, moment in drawn
        )
        assert number == (counted if counted >= LEAST else None)


@pytest.mark.parametrize("area", AREAS)
def test_every_area_with_places_has_every_week(area: Area) -> None:
    shown = told(snapshot_of(("torget", at(date(2021, 5, 10)))))
    assert {week for name, week in shown if name == area.name} == {
        date(2021, 5, 10), date(2021, 5, 3), date(2021, 4, 26)
    }  # fmt: skip
