"""Coordinate systems: stored in WGS 84, measured in SWEREF 99 TM.

Nothing is ever measured in degrees or in Web Mercator, which at Mark's latitude
stretches lengths by 1.86 and areas by 3.46.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError as ProjCrsError
from shapely.geometry.base import BaseGeometry

from geo.errors import CrsError
from geo.wording import say

STORED = "EPSG:4326"
"""WGS 84, longitude first: what GPS, GeoJSON and the database hold."""

METRIC = "EPSG:3006"
"""SWEREF 99 TM, in metres: what everything is measured in."""

_WEB_MERCATORS = frozenset({3857, 3785, 900913, 102100, 102113})


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


# pyproj makes a transformer anew in every thread that uses it (about 10 ms), and a page is drawn
# in a new thread each time: threads hand their coordinates to one that keeps its transformers.
_projecting = ThreadPoolExecutor(max_workers=1, thread_name_prefix="projecting")


def _moved(
    x: ArrayLike, y: ArrayLike, *, source: str, target: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    move = _transformer(source, target).transform
    is_main = threading.current_thread() is threading.main_thread()
    moved = move(x, y) if is_main else _projecting.submit(move, x, y).result()
    return np.asarray(moved[0], dtype=np.float64), np.asarray(moved[1], dtype=np.float64)


def project(
    lon_deg: ArrayLike, lat_deg: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Project longitudes and latitudes to metres.

    Returns
    -------
    tuple of ndarray
        Easting and northing in EPSG:3006; ``inf`` where a coordinate cannot be projected.
    """
    return _moved(lon_deg, lat_deg, source=STORED, target=METRIC)


def unproject(
    east_m: ArrayLike, north_m: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Turn EPSG:3006 metres back into longitudes and latitudes."""
    return _moved(east_m, north_m, source=METRIC, target=STORED)


def reproject(geometry: BaseGeometry, *, source: str, target: str) -> BaseGeometry:
    """Move a geometry from one coordinate system to another, x before y in both."""
    result: BaseGeometry = shapely.transform(
        geometry,
        lambda xy: np.column_stack(_moved(xy[:, 0], xy[:, 1], source=source, target=target)),
    )
    return result


def to_metric(geometry: BaseGeometry) -> BaseGeometry:
    """Project a stored geometry to metres (edges straight between its projected vertices)."""
    return reproject(geometry, source=STORED, target=METRIC)


def to_stored(geometry: BaseGeometry) -> BaseGeometry:
    """Bring a metric geometry back to longitude and latitude."""
    return reproject(geometry, source=METRIC, target=STORED)


def require_metric(crs: object) -> CRS:
    """Return the coordinate system if lengths may be measured in it.

    Raises
    ------
    CrsError
        Where there is none, where its unit is not the metre, or where it is Web Mercator.
    """
    if crs is None:
        raise CrsError(say("Koordinatsystem saknas; ange till exempel SWEREF 99 TM (EPSG:3006)."))
    try:
        known = CRS.from_user_input(crs)
    except ProjCrsError as exc:
        raise CrsError(say("Koordinatsystemet {crs} är okänt.", crs=str(crs))) from exc
    if known.is_geographic or any(axis.unit_name != "metre" for axis in known.axis_info):
        raise CrsError(say("Det går inte att mäta i {crs}, som inte är i meter.", crs=known.name))
    if known.to_epsg() in _WEB_MERCATORS or "mercator" in str(
        known.coordinate_operation.method_name if known.coordinate_operation else ""
    ).lower().replace("transverse mercator", ""):
        raise CrsError(
            say("Det går inte att mäta i {crs}, som sträcker ut längder.", crs=known.name)
        )
    return known
