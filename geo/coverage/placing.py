"""Which places a visit counts for.

A visit that names a place counts there.  One given by coordinates counts for every place
designated while it lasted whose area covers it: within the radius of a point (a true
circle), inside a polygon, or within the half-width of a corridor along a line.  All
distances are in EPSG:3006; an edge belongs to the area.
"""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.coverage.cells import NAT_US, Bools, Floats, Ints, codes_in, microseconds
from geo.crs import METRIC, project

FAR_OUTSIDE_M: Final = 100.0
"""A visit naming its place but further than this outside it is flagged, not rejected."""

_Geometries = NDArray[np.object_]
_EARLIEST_US, _LATEST_US = -(2**62), 2**62


def place_visits(visits: pd.DataFrame, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Make the presence frame: one row per visit and place it counts for.

    Parameters
    ----------
    visits
        Done visits: ``visit_id, location_id`` (or missing), ``lon, lat`` (or NaN),
        ``start_at, end_at, officers``.
    places
        One row per piece of a place's history, EPSG:4326: ``location_id, start_at, end_at``
        (missing = open), ``radius_m`` (missing = 0), ``geometry``.

    Returns
    -------
    DataFrame
        ``location_id`` (categorical, ids in order), ``visit_id, start_at, end_at, officers``,
        in order of the visits, then the places.  A visit that covers no place and names none
        is left out; one that names a place unknown to `places` keeps its name (the coverage
        table leaves it out).
    """
    named = visits["location_id"].notna().to_numpy()
    by_position = np.flatnonzero(~named & _has_position(visits))
    visit, piece = covered_by(
        visits["lon"].to_numpy(dtype=np.float64)[by_position],
        visits["lat"].to_numpy(dtype=np.float64)[by_position],
        microseconds(visits["start_at"])[by_position],
        microseconds(visits["end_at"])[by_position],
        places,
    )
    codes, location_ids = pd.factorize(places["location_id"])
    # Two pieces of one place may both cover a visit that spans the day they meet.
    pairs = np.unique(np.column_stack([by_position[visit], codes[piece]]), axis=0)

    names_itself = np.flatnonzero(named)
    row = np.concatenate([names_itself, pairs[:, 0]])
    location_id = np.concatenate(
        [
            visits["location_id"].to_numpy(dtype=object)[names_itself],
            np.asarray(location_ids, dtype=object)[pairs[:, 1]],
        ]
    )
    order = np.argsort(row, kind="stable")
    taken = visits.iloc[row[order]]
    return pd.DataFrame(
        {
            # Few different ids in many rows: kept as numbers, they are looked up for nothing.
            "location_id": pd.Categorical(location_id[order]),
            "visit_id": taken["visit_id"].array,
            "start_at": taken["start_at"].array,
            "end_at": taken["end_at"].array,
            "officers": taken["officers"].array,
        }
    )


def covered_by(
    lon_deg: Floats, lat_deg: Floats, start_us: Ints, end_us: Ints, places: gpd.GeoDataFrame
) -> tuple[Ints, Ints]:
    """Find which places cover positions while they are designated.

    A position held during ``[start, end)`` counts when that overlaps the designation; one
    of no length when its moment lies in it.

    Returns
    -------
    tuple of ndarray
        Positions in the input and in `places`, pairwise.
    """
    points = _points(lon_deg, lat_deg)
    shapes, reach_m, opens, closes = _metric(places)
    piece, position = shapely.STRtree(points).query(shapes, predicate="dwithin", distance=reach_m)
    overlaps = _overlaps(start_us[position], end_us[position], opens[piece], closes[piece])
    return position[overlaps].astype(np.int64), piece[overlaps].astype(np.int64)


def distance_outside_m(visits: pd.DataFrame, places: gpd.GeoDataFrame) -> pd.Series:
    """Measure how far outside the place it names each visit was.

    Returns
    -------
    Series
        Metres (EPSG:3006) from the edge of the place's area, 0 inside; NaN where the visit
        names no known place or has no coordinates.  Where the place has several shapes
        over time, that of the piece in force while the visit lasted; where none was, the
        nearest.
    """
    result = np.full(len(visits), np.nan)
    ids = pd.Index(places["location_id"].unique())
    wanted = codes_in(ids, visits["location_id"])
    checked = np.flatnonzero((wanted >= 0) & _has_position(visits))
    if len(checked):
        points = _points(
            visits["lon"].to_numpy(dtype=np.float64)[checked],
            visits["lat"].to_numpy(dtype=np.float64)[checked],
        )
        start_us = microseconds(visits["start_at"])[checked]
        end_us = microseconds(visits["end_at"])[checked]
        nearest = np.full(len(checked), np.inf)
        in_force = np.full(len(checked), np.inf)
        piece_of = codes_in(ids, places["location_id"])
        for code, shape, reach, opens, closes in zip(piece_of, *_metric(places), strict=True):
            mine = np.flatnonzero(wanted[checked] == code)
            distance = np.nan_to_num(shapely.distance(points[mine], shape), nan=np.inf)
            outside = np.maximum(distance - reach, 0.0)
            nearest[mine] = np.minimum(nearest[mine], outside)
            now = mine[_overlaps(start_us[mine], end_us[mine], opens, closes)]
            in_force[now] = np.minimum(in_force[now], outside[np.isin(mine, now)])
        # A position the projection cannot take is outside, however far that is.
        result[checked] = np.where(np.isfinite(in_force), in_force, nearest)
    return pd.Series(result, index=visits.index, name="distance_outside_m")


def _has_position(visits: pd.DataFrame) -> Bools:
    has: Bools = np.isfinite(visits["lon"].to_numpy(dtype=np.float64)) & np.isfinite(
        visits["lat"].to_numpy(dtype=np.float64)
    )
    return has


def _points(lon_deg: Floats, lat_deg: Floats) -> _Geometries:
    """Make points in metres; a position the projection cannot take becomes an empty point."""
    east, north = project(lon_deg, lat_deg)
    points: _Geometries = shapely.points(east, north)
    points[~(np.isfinite(east) & np.isfinite(north))] = shapely.Point()
    return points


def _metric(places: gpd.GeoDataFrame) -> tuple[_Geometries, Floats, Ints, Ints]:
    """Give shapes in metres, their reach, and when they are in force."""
    shapes = places.geometry.to_crs(METRIC).to_numpy()
    reach_m = np.nan_to_num(places["radius_m"].to_numpy(dtype=np.float64), nan=0.0)
    opens, closes = microseconds(places["start_at"]), microseconds(places["end_at"])
    opens = np.where(opens == NAT_US, _EARLIEST_US, opens)
    closes = np.where(closes == NAT_US, _LATEST_US, closes)
    return shapes, reach_m, opens, closes


def _overlaps(start: Ints, end: Ints, opens: Ints | np.int64, closes: Ints | np.int64) -> Bools:
    begun_inside = (opens <= start) & (start < closes)
    overlapping: Bools = begun_inside | ((start < closes) & (end > opens))
    return overlapping
