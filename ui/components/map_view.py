"""The map as a component: values in, at most one event out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import shapely
import streamlit as st
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry
from streamlit_folium import st_folium

from geo.maps.assets import missing_assets_message
from geo.maps.base_layer import BaseLayer
from geo.maps.layers import MapView, Surroundings
from geo.maps.render import base_map, scene
from geo.wording import Wording

EventKind = Literal["place", "building", "area", "map", "drawn"]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
_THINGS: tuple[EventKind, ...] = ("place", "building", "area")
_LARGEST_NUMBER = 2.0**53
"""The largest whole number JavaScript counts exactly."""
_MAX_ID_LENGTH = 200
HEAD_START_S = 0.3
_BEGUN = "map_begun"
_MAX_VERTICES = 2_000
_DRAWN_TYPES = ("Point", "LineString", "Polygon")


@dataclass(frozen=True, slots=True)
class MapEvent:
    """One thing a person did on the map.

    Attributes
    ----------
    n
        Grows with every event; the same `n` is the same event.
    kind
        ``place``, ``building``, ``area``: a symbol was clicked, `id` says which ·
        ``map``: a click on nothing, `lon`/`lat` say where (only if the view asked for it) ·
        ``drawn``: a new shape, in `geometry`.
    lon, lat, zoom
        The middle of the view, or the point clicked where `kind` is ``map``.
    geometry
        EPSG:4326, valid, not empty; only for ``drawn``.
    """

    n: int
    kind: EventKind
    id: str | None
    lon: float
    lat: float
    zoom: float
    geometry: BaseGeometry | None = None


def clicked(raw: object) -> MapEvent | None:
    """Read what a browser sent; anything that is not exactly an event is None.

    An id is only checked for form: whether it exists, and whether this reader may see it, is for
    the service that is asked next.
    """
    if not isinstance(raw, Mapping):
        return None
    number, lon, lat = _number(raw, "n"), _number(raw, "lng", 180), _number(raw, "lat", 90)
    zoom, kind, thing_id = _number(raw, "zoom", 30), _kind(raw), raw.get("id")
    if number is None or kind is None or lon is None or lat is None or zoom is None:
        return None
    if kind in _THINGS:
        if not isinstance(thing_id, str) or not 0 < len(thing_id) <= _MAX_ID_LENGTH:
            return None
        return MapEvent(int(number), kind, thing_id, lon, lat, zoom)
    geometry = _drawn(raw.get("geometry")) if kind == "drawn" else None
    if kind == "drawn" and geometry is None:
        return None
    return MapEvent(int(number), kind, None, lon, lat, zoom, geometry)


def _kind(raw: Mapping[object, object]) -> EventKind | None:
    sent = raw.get("kind")
    return next((kind for kind in EVENT_KINDS if kind == sent), None)


def _number(
    raw: Mapping[object, object], name: str, within: float = _LARGEST_NUMBER
) -> float | None:
    """Return a finite number no further from zero than `within`; None for anything else."""
    value = raw.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= within else None  # NaN compares false too


def let_it_begin() -> None:
    """Hold back what comes after the first map of a session, until the map can draw itself.

    A browser has one thread for a page and the frames in it, and draws what it is sent in one go
    as one piece of work.  Sent at once, the map's frame is not even begun before every button
    beside it is finished.  See ADR 14.
    """
    # Without a browser (in tests of pages) nobody waits for a map.
    if st.session_state.setdefault(_BEGUN, False) or not st.context.headers:
        return
    st.session_state[_BEGUN] = True
    time.sleep(HEAD_START_S)


def map_view(
    view: MapView,
    *,
    ground: Surroundings,
    base: BaseLayer,
    key: str = "map",
    height: int = 620,
    css_height: str | None = None,
    on_event: Callable[[MapEvent], None] | None = None,
) -> MapEvent | None:
    """Show the map with its time strip.

    Parameters
    ----------
    view
        What to show now.
    ground, base
        What lies underneath; the same on every rerun.
    key
        Where the last event is kept in the session.
    height
        Pixels, strip included.
    css_height
        A CSS length that overrules `height` in the browser, for instance
        ``"clamp(340px, 68vh, 1200px)"``; written by this program, never by a user.
    on_event
        Called before the rerun a click causes, so that the page is drawn once with the new choice
        (one click, one rerun).

    Returns
    -------
    MapEvent or None
        The event that caused this rerun; None on every other rerun.
    """
    missing = missing_assets_message()
    if missing is not None:
        st.error(Wording("en" if view.locale == "en" else "sv").message(missing))
        return None
    if css_height is not None:
        st.html(
            "<style>iframe[title='streamlit_folium.st_folium']"
            f"{{height:{css_height} !important;display:block}}</style>"
        )
    seen_key = f"{key}_seen"

    def changed() -> None:
        event = clicked(st.session_state.get(key))
        if event is not None and on_event is not None and event.n != st.session_state.get(seen_key):
            on_event(event)

    raw = st_folium(
        base_map(ground, base),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=scene(view),
        on_change=changed,
    )
    event = clicked(raw)
    if event is None or event.n == st.session_state.get(seen_key):
        return None
    st.session_state[seen_key] = event.n
    return event


def _drawn(raw: object) -> BaseGeometry | None:
    """A drawn GeoJSON geometry: known type, sane size, finite, on Earth, valid."""
    if not isinstance(raw, Mapping) or raw.get("type") not in _DRAWN_TYPES:
        return None
    try:
        geometry: BaseGeometry = shapely.geometry.shape(dict(raw))
        if shapely.get_num_coordinates(geometry) > _MAX_VERTICES:
            return None
        if (
            geometry.is_empty
            or not geometry.is_valid
            or not all(map(math.isfinite, geometry.bounds))
        ):
            return None
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
    west, south, east, north = geometry.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        return None
    return geometry
