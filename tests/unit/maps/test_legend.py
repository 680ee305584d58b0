"""The legend explains exactly what is on screen."""

from __future__ import annotations

from shapely.geometry import Point

from geo.maps.layers import Building, Chosen, HousingArea, MapView, Place, Weeks
from geo.maps.legend import legend_items
from geo.wording import Wording

SV = Wording("sv")


def codes(view: MapView) -> list[str]:
    return [item.code for item in legend_items(view, SV)]


def test_an_empty_map_has_no_legend() -> None:
    assert codes(MapView({})) == []


def test_only_states_that_are_drawn() -> None:
    view = MapView(
        {},
        places=[Place("a", Point(0, 0), "far"), Place("b", Point(0, 0), "met")],
        buildings=[Building("b", 0, 0, "H", "deficiency", "none")],
        areas=[HousingArea("H", 0, 0, 0.5)],
        chosen=Chosen("place", "a"),
    )
    assert codes(view) == ["met", "far", "area", "deficiency", "chosen"]


def test_a_state_that_only_a_week_has_is_explained() -> None:
    weeks = Weeks(["v1"], [""], [1.0], {"a": ["absent"], "not shown": ["behind"]})
    assert codes(MapView({}, places=[Place("a", Point(0, 0), "met")], weeks=weeks)) == [
        "met",
        "absent",
    ]
