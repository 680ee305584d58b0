"""Places → pieces of ground in metres: areas and capsules; what cannot be used is named.

A *piece* is one row of the frame of places.  It covers the union of its parts: at most one *area*
(its polygons, even-odd, edges straight in EPSG:3006), and, where it has a reach, one *capsule*
(every point within the reach) for each of its points and edges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.projection import is_projectable
from geo.crs import STORED, project

Reason = Literal[
    "no_geometry",
    "not_finite",
    "outside_world",
    "antimeridian",
    "outside_projection",
    "bad_radius",
    "zero_length",
    "no_area",
    "repaired",
]
"""Why a place is not, or not as drawn, in the index; only *repaired* ones are."""

Geometries = NDArray[np.object_]

_LINES: Final = (1, 2, 5)
"""shapely's numbers for a line, a ring and several lines."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What was wrong with one row of the frame of places."""

    row: int
    location_id: str
    reason: Reason


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """Usable pieces of ground, in EPSG:3006.

    Attributes
    ----------
    piece_count
        Rows of the frame, usable or not.
    area_piece, areas
        Pieces with polygons, and these polygons, valid.
    capsule_piece, capsules
        The piece of each capsule, and its ``x1 y1 x2 y2 reach`` in metres.
    faults
        Everything wrong, in order of row.
    """

    piece_count: int
    area_piece: Ints
    areas: Geometries
    capsule_piece: Ints
    capsules: Floats
    faults: tuple[Fault, ...]


def shapes_of(places: gpd.GeoDataFrame) -> Shapes:
    """Take the frame of places apart.

    Parameters
    ----------
    places
        ``location_id``, ``radius_m`` (missing = 0) and ``geometry`` in EPSG:4326: a point with
        a radius is a circle, a line with one a corridor, a polygon with one is widened by it.
    """
    stored = places.geometry.to_numpy()
    if places.crs is not None and places.crs != STORED:
        stored = places.geometry.to_crs(STORED).to_numpy()
    radius_m = places["radius_m"].to_numpy(dtype=np.float64)
    reach_m = np.where(np.isnan(radius_m), 0.0, radius_m)
    reasons = _faults(stored, reach_m)
    usable = np.flatnonzero([reason is None for reason in reasons])
    metric = shapely.transform(stored[usable], _to_metres)
    valid = shapely.is_valid(metric)
    for at in np.flatnonzero(~valid):
        metric[at] = _repaired(metric[at])
        reasons[usable[at]] = "repaired"

    area_piece, areas = _areas(metric, usable)
    capsule_piece, capsules = _capsules(metric, usable, reach_m[usable])
    covering = np.isin(usable, area_piece) | np.isin(usable, capsule_piece)
    for row in usable[~covering]:
        reasons[row] = "no_area"
    ids = places["location_id"].tolist()
    faults = (Fault(row, str(ids[row]), why) for row, why in enumerate(reasons) if why is not None)
    return Shapes(len(places), area_piece, areas, capsule_piece, capsules, tuple(faults))


def _faults(stored: Geometries, reach_m: Floats) -> list[Reason | None]:
    """Find the first thing that makes each piece unusable."""
    count = len(stored)
    bounds = shapely.bounds(stored)
    coordinates, owner = shapely.get_coordinates(stored, return_index=True)
    finite = _all(np.isfinite(coordinates).all(axis=1), owner, count)
    with np.errstate(invalid="ignore"):
        outside = (np.abs(bounds) > (180.0, 90.0, 180.0, 90.0)).any(axis=1)
        wide = bounds[:, 2] - bounds[:, 0] > 180.0
    sound = finite & ~outside
    fits = np.zeros(len(coordinates), dtype=bool)
    known = sound[owner]
    fits[known] = is_projectable(coordinates[known, 0], coordinates[known, 1])
    empty = shapely.is_missing(stored) | shapely.is_empty(stored)
    lines = np.isin(shapely.get_type_id(stored), _LINES)
    tests: tuple[tuple[Reason, Bools], ...] = (
        ("no_geometry", empty),
        ("not_finite", ~finite),
        ("outside_world", outside),
        ("antimeridian", wide),
        ("outside_projection", ~_all(fits, owner, count)),
        ("bad_radius", ~np.isfinite(reach_m) | (reach_m < 0)),
        ("zero_length", lines & (shapely.length(stored) == 0)),
    )
    reasons: list[Reason | None] = [None] * count
    for reason, found in reversed(tests):
        for row in np.flatnonzero(found):
            reasons[row] = reason
    return reasons


def _all(flags: Bools, owner: Ints, count: int) -> Bools:
    """Tell for which geometries all coordinates have the flag."""
    every: Bools = np.bincount(owner[~flags], minlength=count) == 0
    return every


def _to_metres(lon_lat: Floats) -> Floats:
    return np.column_stack(project(lon_lat[:, 0], lon_lat[:, 1]))


def _repaired(geometry: shapely.Geometry) -> shapely.Geometry:
    """Make a geometry valid: each part even-odd, and their union."""
    return shapely.union_all([shapely.make_valid(part) for part in shapely.get_parts(geometry)])


def _areas(metric: Geometries, piece: Ints) -> tuple[Ints, Geometries]:
    """Give one valid (multi)polygon for each piece that has polygons."""
    kind = shapely.get_type_id(metric)
    areas = metric.copy()
    for at in np.flatnonzero(kind == 7):
        parts = [part for part in _flat(metric[at]) if part.geom_type == "Polygon"]
        areas[at] = shapely.union_all(parts)
    has_area = shapely.area(areas) > 0
    return piece[has_area], areas[has_area]


def _flat(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    """Take collections apart, however deep."""
    if not hasattr(geometry, "geoms"):
        return [geometry]
    return [part for inner in geometry.geoms for part in _flat(inner)]


def _capsules(metric: Geometries, piece: Ints, reach_m: Floats) -> tuple[Ints, Floats]:
    """Give a capsule for every point and every edge of the pieces with a reach."""
    wide = np.flatnonzero(reach_m > 0)
    owners: list[Ints] = []
    found: list[Floats] = []
    simple = shapely.get_type_id(metric[wide]) == 0
    points = wide[simple]
    centres = shapely.get_coordinates(metric[points])
    owners.append(points)
    found.append(np.hstack([centres, centres]))
    for at in wide[~simple]:
        for part in _flat(metric[at]):
            edges = ring_edges(part)
            owners.append(np.full(len(edges), at))
            found.append(edges)
    owner = np.concatenate(owners).astype(np.int64)
    capsules = np.column_stack([np.concatenate(found), reach_m[owner]])
    return piece[owner], capsules


def ring_edges(geometry: shapely.Geometry) -> Floats:
    """List the edges ``x1 y1 x2 y2`` of a simple geometry; a point is an edge of no length."""
    if geometry.geom_type == "Point":
        return np.tile(shapely.get_coordinates(geometry), 2)
    rings = shapely.get_rings(geometry) if geometry.geom_type == "Polygon" else [geometry]
    lines = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.hstack([line[:-1], line[1:]]) for line in lines])


def area_edges(areas: Geometries) -> tuple[Ints, Floats]:
    """List the edges of all rings of (multi)polygons, with the number of the area of each."""
    polygons, area = shapely.get_parts(areas, return_index=True)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    edges = np.hstack([xy[:-1], xy[1:]])[joined]
    return area[polygon[ring[:-1][joined]]].astype(np.int64), edges
