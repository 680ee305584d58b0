"""From values to what the browser reads: compact columns that nothing can take for code.

A payload is JSON in UTF-8, written as base64. Its alphabet (letters, digits, ``+ / =``) holds no
character that Jinja, a script, HTML, or streamlit-folium's own rewriting reacts to, so any text a
person typed passes through all of them as data.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from geo.crs import to_metric, to_stored
from geo.maps.base_layer import BaseLayer
from geo.maps.layers import (
    PLACE_STATES,
    SPACE_STATES,
    Building,
    Chosen,
    HousingArea,
    MapView,
    Place,
    PlaceState,
    Surroundings,
    Tiles,
    VisitCells,
    VisitPoints,
    Weeks,
    label_point,
)

Payload: TypeAlias = dict[str, Any]
"""A JSON object. Its values are of many kinds, hence ``Any``."""

_SCALE = 1e5
"""Degrees are sent as integers of 1e-5°: 1.1 m north–south, 0.6 m east–west in Mark."""

_ZOOM_PLACE, _ZOOM_BUILDING, _ZOOM_AREA = 15, 17, 15
_CORRIDOR_SEGMENTS = 6
_DIGITS = "01234"


def encode(payload: Payload) -> str:
    """Write a payload as base64 of UTF-8 JSON."""
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(text.encode("utf-8")).decode("ascii")


def ground_payload(ground: Surroundings, base: BaseLayer) -> Payload:
    """What lies underneath; the same bytes every time, or the browser reloads the map."""
    return {
        "ground": {
            "outline": _polygons(ground.outline),
            "neighbours": [_polygons(shape) for shape in ground.neighbours],
            "localities": [
                [town.name, _whole(town.lon), _whole(town.lat), town.rank]
                for town in ground.localities
            ],
            "simplified": ground.is_simplified,
        },
        "base": {
            "kind": base.kind,
            "url": base.url,
            "maxZoom": base.max_zoom,
            "attribution": base.attribution,
        },
    }


def scene_payload(view: MapView) -> Payload:
    """Everything that changes."""
    return {
        "theme": view.theme,
        "locale": view.locale,
        "texts": dict(view.texts),
        "places": _places(view.places),
        "buildings": _buildings(view.buildings),
        "areas": _areas(view.areas),
        "cells": _cells(view.cells),
        "points": _points(view.points),
        "weeks": _weeks(view.weeks, view.places),
        "week": view.week,
        "tiles": {
            "presence": _tiles(view.presence),
            "ground": _tiles(view.ground),
            "fixes": _tiles(view.fixes),
        },
        "chosen": None if view.chosen is None else {"kind": view.chosen.kind, "id": view.chosen.id},
        "fly": _fly(view),
        "draft": None if view.draft is None else shapely.geometry.mapping(view.draft),
        "draw": list(view.draw),
        "positions": view.wants_position,
    }


def _places(places: Sequence[Place]) -> Payload:
    spots = [_spot(place) for place in places]
    return {
        "id": [place.place_id for place in places],
        "name": [place.name for place in places],
        "lon": [_whole(lon) for lon, _ in spots],
        "lat": [_whole(lat) for _, lat in spots],
        "state": _place_codes([place.state for place in places]),
        "priority": [place.priority for place in places],
        "shape": [_shape(place) for place in places],
    }


def _spot(place: Place) -> tuple[float, float]:
    if place.label_lon is not None and place.label_lat is not None:
        return place.label_lon, place.label_lat
    return label_point(place.geometry)


def _shape(place: Place) -> float | list[list[list[int]]] | None:
    """Give a point's radius, or the rings of an area; a corridor is buffered in metres here."""
    radius_m = place.radius_m or 0.0
    kind = place.geometry.geom_type
    if kind == "Point":
        return round(radius_m, 1) if radius_m > 0 else None
    if "LineString" in kind:
        if radius_m <= 0:
            return None
        wide = to_metric(place.geometry).buffer(radius_m, quad_segs=_CORRIDOR_SEGMENTS)
        return _polygons(to_stored(wide))
    return _polygons(place.geometry)


def _buildings(buildings: Sequence[Building]) -> Payload:
    return {
        "id": [building.building_id for building in buildings],
        "name": [building.name for building in buildings],
        "area": [building.area for building in buildings],
        "lon": [_whole(building.lon) for building in buildings],
        "lat": [_whole(building.lat) for building in buildings],
        "basement": "".join(str(SPACE_STATES.index(b.basement)) for b in buildings),
        "attic": "".join(str(SPACE_STATES.index(b.attic)) for b in buildings),
    }


def _areas(areas: Sequence[HousingArea]) -> Payload:
    return {
        "area": [area.area for area in areas],
        "lon": [_whole(area.lon) for area in areas],
        "lat": [_whole(area.lat) for area in areas],
        "share": [None if area.share is None else round(area.share, 4) for area in areas],
        "deficiency": [int(area.has_deficiency) for area in areas],
    }


def _cells(cells: VisitCells | None) -> Payload | None:
    if cells is None:
        return None
    return {
        "lon": _wholes(cells.lon),
        "lat": _wholes(cells.lat),
        "n": np.asarray(cells.count).astype(int).tolist(),
        "size": cells.size_m,
    }


def _points(points: VisitPoints | None) -> Payload | None:
    if points is None:
        return None
    return {"lon": _wholes(points.lon), "lat": _wholes(points.lat)}


def _weeks(weeks: Weeks | None, places: Sequence[Place]) -> Payload | None:
    if weeks is None:
        return None
    states: Mapping[str, Sequence[PlaceState]] = weeks.states
    return {
        "labels": list(weeks.labels),
        "notes": list(weeks.notes),
        "bars": [None if bar is None else round(float(bar), 3) for bar in weeks.bars],
        "states": [
            _place_codes(states[place.place_id]) if place.place_id in states else None
            for place in places
        ],
    }


def _tiles(tiles: Tiles | None) -> Payload | None:
    if tiles is None:
        return None
    return {
        "url": tiles.url,
        "whole": tiles.whole,
        "weeks": list(tiles.weeks),
        "saidAt": tiles.said_at,
        "instead": tiles.instead,
    }


def _fly(view: MapView) -> Payload | None:
    if view.fly_to is None:
        return None
    number, thing = view.fly_to
    found = _locate(view, thing)
    if found is None:
        return None
    lon, lat, zoom = found
    return {"n": number, "lon": lon, "lat": lat, "zoom": zoom}


def _locate(view: MapView, thing: Chosen) -> tuple[float, float, int] | None:
    if thing.kind == "place":
        for place in view.places:
            if place.place_id == thing.id:
                return (*_spot(place), _ZOOM_PLACE)
    elif thing.kind == "building":
        for building in view.buildings:
            if building.building_id == thing.id:
                return building.lon, building.lat, _ZOOM_BUILDING
    else:
        for area in view.areas:
            if area.area == thing.id:
                return area.lon, area.lat, _ZOOM_AREA
    return None


def _place_codes(states: Sequence[PlaceState]) -> str:
    return "".join(_DIGITS[PLACE_STATES.index(state)] for state in states)


def _polygons(geometry: BaseGeometry) -> list[list[list[int]]]:
    """Polygons → rings → ``lon, lat, lon, lat, …`` as integers of 1e-5°."""
    return [
        [_flat(ring) for ring in (part.exterior, *part.interiors)]
        for part in getattr(geometry, "geoms", [geometry])
        if part.geom_type == "Polygon" and not part.is_empty
    ]


def _flat(ring: BaseGeometry) -> list[int]:
    return _wholes(shapely.get_coordinates(ring).ravel())


def _whole(degrees: float) -> int:
    return round(degrees * _SCALE)


def _wholes(degrees: ArrayLike) -> list[int]:
    whole: list[int] = np.rint(np.asarray(degrees, dtype=float) * _SCALE).astype(np.int64).tolist()
    return whole
