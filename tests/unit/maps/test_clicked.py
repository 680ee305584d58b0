"""What a browser sends is believed only when it is exactly an event."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.components.map_view import MapEvent, clicked

SENT: dict[str, Any] = {
    "n": 1_700_000_000_000, "kind": "place", "id": "p1", "zoom": 13.5, "lat": 57.5, "lng": 12.6,
}  # fmt: skip
SQUARE = {"type": "Polygon", "coordinates": [[[12, 57], [13, 57], [13, 58], [12, 57]]]}


def test_an_event_is_read() -> None:
    assert clicked(SENT) == MapEvent(1_700_000_000_000, "place", "p1", 12.6, 57.5, 13.5)
    assert clicked({**SENT, "kind": "map", "id": None}) == MapEvent(
        1_700_000_000_000, "map", None, 12.6, 57.5, 13.5
    )


def test_a_drawing_is_read() -> None:
    event = clicked({**SENT, "kind": "drawn", "id": None, "geometry": SQUARE})
    assert event is not None
    assert event.geometry is not None
    assert event.geometry.bounds == (12, 57, 13, 58)


@pytest.mark.parametrize(
    "change",
    [
        {"n": None}, {"n": True}, {"n": "1"}, {"n": float("nan")}, {"n": float("inf")},
        {"kind": "delete"}, {"kind": None}, {"kind": ["place"]}, {"id": None}, {"id": ""},
        {"id": 7}, {"id": "x" * 201}, {"lat": 91}, {"lng": "12"}, {"zoom": 1e9}, {"lat": None},
    ],
)  # fmt: skip
def test_anything_else_is_no_event(change: dict[str, Any]) -> None:
    assert clicked({**SENT, **change}) is None


@pytest.mark.parametrize(
    "geometry",
    [
        None, "POINT (1 2)", {}, {"type": "Point"}, {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [200, 57]},
        {"type": "Point", "coordinates": ["a", "b"]},
        {"type": "Point", "coordinates": [float("nan"), 57]},
        {"type": "GeometryCollection", "geometries": [SQUARE]},
        {"type": "Polygon", "coordinates": [[[12, 57], [13, 58], [13, 57], [12, 58], [12, 57]]]},
        {"type": "LineString", "coordinates": [[12, 57]]},
        {"type": "LineString", "coordinates": [[12 + i / 1e4, 57] for i in range(2001)]},
    ],
)  # fmt: skip
def test_a_drawing_that_is_none_is_no_event(geometry: object) -> None:
    assert clicked({**SENT, "kind": "drawn", "geometry": geometry}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    raw=JSON
    | st.fixed_dictionaries(
        {},
        optional={
            "n": JSON, "kind": JSON | st.sampled_from(["place", "drawn", "map"]), "id": JSON,
            "lat": JSON, "lng": JSON, "zoom": JSON,
            "geometry": JSON | st.fixed_dictionaries(
                {"type": st.sampled_from(["Point", "Polygon", "LineString"]), "coordinates": JSON}
            ),
        },
    )
)  # fmt: skip
def test_nothing_a_browser_can_send_is_an_error(raw: object) -> None:
    event = clicked(raw)
    assert event is None or isinstance(event, MapEvent)
