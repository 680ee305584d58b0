"""Shapes of places: a point with a radius, a polygon, or a corridor along a line."""

from __future__ import annotations

import re
from typing import Annotated

import shapely
from pydantic import AfterValidator
from shapely.geometry.base import BaseGeometry

from geo.model.problems import wrong
from geo.wording import Amount, Message, mark

DEFAULT_RADIUS_M = 75.0
"""Radius of a point, and half-width of a line corridor, where none is given.

About the reach of one glance along a street; stated on the page *Om*.
"""

MAX_VERTICES = 100_000
"""More corners than any real place has; a file that says otherwise is broken or hostile."""

_WORDS = {
    "Point": mark("en punkt"),
    "MultiPoint": mark("flera punkter"),
    "LineString": mark("en linje"),
    "MultiLineString": mark("flera linjer"),
    "Polygon": mark("en yta"),
    "MultiPolygon": mark("flera ytor"),
    "GeometryCollection": mark("en samling geometrier"),
}


def shape_word(geometry: BaseGeometry) -> Message:
    """Name what kind of shape a geometry is."""
    return Message(_WORDS.get(geometry.geom_type, geometry.geom_type))


def sound_geometry(geometry: BaseGeometry) -> BaseGeometry:
    """Return a WGS 84 geometry unchanged if it can be stored and measured.

    Raises
    ------
    PydanticCustomError
        Where it is empty, not finite, outside the globe, self-intersecting, without
        extent, or has more than ``MAX_VERTICES`` corners.  Nothing is repaired.
    """
    if geometry.is_empty:
        raise wrong("Geometrin är tom.")
    if shapely.get_num_coordinates(geometry) > MAX_VERTICES:
        raise wrong("Geometrin har fler än {most} hörn.", most=Amount(MAX_VERTICES))
    coordinates = shapely.get_coordinates(geometry)
    if not bool((abs(coordinates) < float("inf")).all()):
        raise wrong("Geometrin har en koordinat som inte är ett tal.")
    lon_min, lat_min, lon_max, lat_max = geometry.bounds
    if lon_min < -180 or lon_max > 180 or lat_min < -90 or lat_max > 90:
        raise wrong("Koordinaterna ligger utanför jordklotet; är de i rätt system?")
    if not geometry.is_valid:
        where = re.search(r"\[(.*)\]", shapely.is_valid_reason(geometry))
        raise wrong(
            "Geometrin korsar eller rör sig själv vid {where}.", where=where[1] if where else "?"
        )
    if geometry.geom_type in {"LineString", "MultiLineString"} and geometry.length == 0:
        raise wrong("Linjen har ingen längd.")
    return geometry


def _flat(geometry: BaseGeometry) -> BaseGeometry:
    flat: BaseGeometry = shapely.force_2d(geometry)
    return flat


def _place_shape(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type not in {
        "Point",
        "Polygon",
        "MultiPolygon",
        "LineString",
        "MultiLineString",
    }:
        raise wrong(
            "En plats ska vara en punkt, en yta eller en linje, inte {type}.",
            type=shape_word(geometry),
        )
    return geometry


Shape = Annotated[BaseGeometry, AfterValidator(_flat), AfterValidator(sound_geometry)]
"""A sound geometry in WGS 84, longitude first."""

PlaceShape = Annotated[Shape, AfterValidator(_place_shape)]
"""A point, polygon or line in WGS 84."""


def label_point(geometry: BaseGeometry) -> tuple[float, float]:
    """Give a longitude and latitude on the shape, where its symbol stands."""
    point = geometry if geometry.geom_type == "Point" else shapely.point_on_surface(geometry)
    return float(point.x), float(point.y)
