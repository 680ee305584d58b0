"""Which fixes lie in which places, the slow and obvious way: one distance at a time.

A place is its shape in EPSG:3006, widened by its reach.  Shares no code with ``geo.coverage``
but the projection.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Transformer

TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:3006", always_xy=True)


def metric_shapes(places: gpd.GeoDataFrame) -> list[tuple[shapely.Geometry, float]]:
    """Give each row's shape in metres and its reach; invalid polygons part by part even-odd."""
    shapes = []
    for geometry, reach in zip(places.geometry, places["radius_m"].fillna(0), strict=True):
        moved = shapely.transform(
            geometry, lambda xy: np.column_stack(TO_METRES.transform(xy[:, 0], xy[:, 1]))
        )
        if not moved.is_valid:
            moved = shapely.union_all(
                [shapely.make_valid(part) for part in shapely.get_parts(moved)]
            )
        if not reach:  # Points and lines without a reach cover nothing.
            polygons = [part for part in shapely.get_parts(moved) if part.area]
            moved = shapely.union_all(polygons) if polygons else shapely.Polygon()
        shapes.append((moved, float(reach)))
    return shapes


def pairs(
    places: gpd.GeoDataFrame, lon: np.ndarray, lat: np.ndarray, *, doubtful_m: float = 1e-4
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """List the (fix, row) pairs inside, and those too near an edge to tell.

    Parameters
    ----------
    places
        ``geometry, radius_m``.
    lon, lat
        Whole 1e-7 degrees.
    doubtful_m
        How near an edge is too near.
    """
    east, north = TO_METRES.transform(lon / 1e7, lat / 1e7)
    points = shapely.points(east, north)
    inside, doubtful = set(), set()
    for row, (shape, reach) in enumerate(metric_shapes(places)):
        distance = shapely.distance(shape, points)
        edge = distance - reach if reach else shapely.distance(shape.boundary, points)
        inside |= {(int(fix), row) for fix in np.flatnonzero(distance <= reach)}
        doubtful |= {(int(fix), row) for fix in np.flatnonzero(np.abs(edge) < doubtful_m)}
    return inside, doubtful
