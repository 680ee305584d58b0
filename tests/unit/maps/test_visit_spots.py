"""Visits on the map: which, where, and with how much presence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geo.maps.presence_tiles import tile_seconds
from geo.maps.visit_spots import drawn_visits, visit_presence, visit_spots
from geo.model.period import Period
from geo.model.visit import Visit
from tests.unit.viewmodels.world import HERE, MARCH, local, place, world


def visit(visit_id: str, start: str, end: str, **more: object) -> Visit:
    values = {"location_id": "torget", "officers": 1, "kind": "fotpatrull", **more}
    return Visit.model_validate(
        {"visit_id": visit_id, "start_at": local(start), "end_at": local(end), **values}
    )


EVERYTHING = world(
    place(),
    visit("a", "2021-03-01T20:00", "2021-03-01T20:10", officers=2),
    visit("b", "2021-03-08T23:55", "2021-03-09T00:05"),
    visit("nowhere", "2021-03-09T12:00", "2021-03-09T12:01", location_id=None, lon=13.4, lat=57.4),
    visit("off", "2021-03-09T12:00", "2021-03-09T12:01", done=False, not_done_reason="larm"),
)


def seconds(period: Period) -> int:
    made = visit_presence(EVERYTHING, MARCH)
    return int(tile_seconds(made, zoom=0, x=0, y=0, period=period).sum())


def test_presence_is_officer_minutes_on_the_day_a_visit_began() -> None:
    assert seconds(Period(date(2021, 3, 1), date(2021, 3, 2))) == 2 * 10 * 60
    assert seconds(Period(date(2021, 3, 8), date(2021, 3, 9))) == 10 * 60
    assert seconds(Period(date(2021, 3, 9), date(2021, 3, 10))) == 60
    assert seconds(Period(date(2000, 1, 1), date(2100, 1, 1))) == 1_200 + 600 + 60


def test_a_visit_without_a_position_was_at_its_place() -> None:
    visits = drawn_visits(EVERYTHING, MARCH)
    assert visits["visit_id"].tolist() == ["a", "b", "nowhere"]
    lon, lat = visit_spots(EVERYTHING, visits)
    assert lon.tolist() == pytest.approx([HERE.x, HERE.x, 13.4])
    assert lat.tolist() == pytest.approx([HERE.y, HERE.y, 57.4])


def test_where_places_are_filtered_a_visit_at_none_is_left_out() -> None:
    chosen = replace(MARCH, location_kinds=("torg",))
    assert drawn_visits(EVERYTHING, chosen)["visit_id"].tolist() == ["a", "b"]


def test_no_visits_are_no_presence() -> None:
    made = visit_presence(world(place()), MARCH)
    assert made.points == 0
    assert not np.any(tile_seconds(made, zoom=0, x=0, y=0, period=MARCH.period))
