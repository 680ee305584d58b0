"""What the browser is told about places, buildings and weeks."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from geo.crs import to_metric
from geo.maps.layers import (
    Building,
    Chosen,
    HousingArea,
    MapView,
    Place,
    VisitCells,
    Weeks,
    label_point,
)
from geo.maps.payload import encode, scene_payload


def scene(**values: Any) -> dict[str, Any]:
    payload = scene_payload(MapView({}, **values))
    decoded: dict[str, Any] = json.loads(base64.b64decode(encode(payload)))
    return decoded


def test_a_point_is_its_radius_and_an_area_its_rings() -> None:
    hole = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    told = scene(
        places=[
            Place("a", Point(12.5, 57.5), "met", radius_m=150),
            Place("b", Point(12.5, 57.5), "met"),
            Place("c", hole, "far"),
            Place("d", MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]), "far"),
        ]
    )["places"]
    circle, bare, ringed, split = told["shape"]
    assert circle == 150
    assert bare is None
    assert [len(ring) for ring in ringed[0]] == [10, 10]  # five corners of two numbers, twice
    assert len(split) == 2
    assert told["lon"][0] == 1_250_000  # 12.5° in units of 1e-5°


def test_a_corridor_is_as_wide_as_it_says() -> None:
    line = LineString([(12.70, 57.50), (12.72, 57.50)])
    told = scene(places=[Place("a", line, "met", radius_m=30)])["places"]
    flat = told["shape"][0][0][0]
    ring = Polygon(np.array(flat).reshape(-1, 2) / 1e5)
    # A 60 m wide corridor: 60·length + π·30² m² (the round ends), within 2 % for the polygonal
    # ends and the whole units.
    length_m = to_metric(line).length
    assert to_metric(ring).area == pytest.approx(60 * length_m + np.pi * 900, rel=0.02)


def test_states_are_one_digit_each_in_the_order_of_places() -> None:
    weeks = Weeks(
        ["v1", "v2"], ["", ""], [1.0, None], {"b": ["absent", "met"], "gone": ["far"] * 2}
    )
    told = scene(
        places=[Place("a", Point(0, 0), "unmeasured"), Place("b", Point(0, 0), "far")], weeks=weeks
    )
    assert told["places"]["state"] == "32"
    assert told["weeks"]["states"] == [None, "40"]
    assert told["weeks"]["bars"] == [1.0, None]


@pytest.mark.parametrize(
    "wrong",
    [
        {"labels": ["v1"], "notes": [], "bars": [1.0], "states": {}},
        {"labels": ["v1"], "notes": [""], "bars": [], "states": {}},
        {"labels": ["v1"], "notes": [""], "bars": [1.0], "states": {"a": ["met", "met"]}},
    ],
)
def test_weeks_of_unlike_length_are_a_mistake(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="week"):
        Weeks(**wrong)


def test_buildings_and_areas() -> None:
    told = scene(
        buildings=[Building("b", 12, 57, "Hedbo", "deficiency", "none")],
        areas=[HousingArea("Hedbo", 12, 57, None), HousingArea("Assberg", 12, 57, 0.5, True)],
    )
    assert (told["buildings"]["basement"], told["buildings"]["attic"]) == ("2", "4")
    assert told["areas"]["share"] == [None, 0.5]
    assert told["areas"]["deficiency"] == [0, 1]


@pytest.mark.parametrize(
    ("thing", "spot"),
    [
        (Chosen("place", "p"), (12.1, 57.1)),
        (Chosen("building", "b"), (12.2, 57.2)),
        (Chosen("area", "A"), (12.3, 57.3)),
    ],
)
def test_flies_to_what_exists(thing: Chosen, spot: tuple[float, float]) -> None:
    values: dict[str, Any] = {
        "places": [Place("p", Point(12.1, 57.1), "met")],
        "buildings": [Building("b", 12.2, 57.2, "A")],
        "areas": [HousingArea("A", 12.3, 57.3, 1.0)],
    }
    told = scene(**values, fly_to=(4, thing))["fly"]
    assert (told["n"], told["lon"], told["lat"]) == (4, *spot)
    assert scene(**values, fly_to=(5, Chosen(thing.kind, "nobody")))["fly"] is None


@given(text=st.text())
def test_any_text_arrives_unchanged_in_a_safe_alphabet(text: str) -> None:
    # Lone surrogates are no text; Python refuses them in UTF-8, and no file can hold them.
    text = text.encode("utf-8", "ignore").decode("utf-8")
    sent = encode(scene_payload(MapView({}, places=[Place(text, Point(0, 0), "met", text)])))
    assert set(sent) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
    assert json.loads(base64.b64decode(sent))["places"]["id"] == [text]


def test_not_a_number_is_refused_rather_than_sent() -> None:
    with pytest.raises(ValueError, match=r"(?i)nan|json"):
        encode(scene_payload(MapView({}, areas=[HousingArea("a", 12, 57, float("nan"))])))


def test_ten_thousand_visits_are_a_small_message() -> None:
    n = 2_000  # more hexagons than Mark (920 km² of 0.16 km² hexagons, few of them visited) fills
    cells = VisitCells(np.full(n, 12.6), np.full(n, 57.5), np.full(n, 5, dtype=np.int64), 250.0)
    assert len(encode(scene_payload(MapView({}, cells=cells)))) < 100_000


@given(
    st.sampled_from(
        [
            Point(1, 2),
            LineString([(0, 0), (2, 0), (2, 2)]),
            Polygon([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (1, 1), (1, 4), (0, 4)]),
            MultiPolygon([box(0, 0, 1, 1), box(5, 5, 9, 9)]),
        ]
    )
)
def test_a_symbol_stands_on_its_place(geometry: shapely.Geometry) -> None:
    assert geometry.distance(Point(label_point(geometry))) < 1e-9
