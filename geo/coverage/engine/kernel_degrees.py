"""Degrees → whole units in one pass, compiled; see ``degrees``."""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Bools, Floats
from geo.coverage.engine.compiled import compiled
from geo.coverage.engine.degrees import UNITS_PER_DEGREE, Units


@compiled
def quantise(
    lon_deg: Floats,
    lat_deg: Floats,
    lon: Units,
    lat: Units,
    missing: Bools,
    outside: Bools,
    begin: int,
    end: int,
) -> None:
    """Round the positions from `begin` to `end`; the other arrays get what ``quantised`` gives."""
    for at in range(begin, end):
        x, y = lon_deg[at], lat_deg[at]
        # NaN is equal to nothing, and an infinite number less itself is NaN.
        is_missing = (x - x != 0.0) | (y - y != 0.0)
        is_inside = (abs(x) <= 180.0) & (abs(y) <= 90.0)
        missing[at] = is_missing
        outside[at] = not (is_missing | is_inside)
        lon[at] = np.int32(np.rint((x if is_inside else 0.0) * UNITS_PER_DEGREE))
        lat[at] = np.int32(np.rint((y if is_inside else 0.0) * UNITS_PER_DEGREE))
