"""Positions as whole 1e-7 degrees: what receivers and GPX give, in half the memory.

1e-7° is 1.1 cm of latitude.  All that follows is exact for the rounded position.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Bools, Floats, Ints

Units = NDArray[np.int32]

UNITS_PER_DEGREE: Final = 10_000_000

CELL_LON_BITS: Final = 11
CELL_LAT_BITS: Final = 10
"""A cell is 2¹¹ × 2¹⁰ units; at 57.5° N 12.2 × 11.4 m."""

HALF_TURN: Final = 180 * UNITS_PER_DEGREE
QUARTER_TURN: Final = 90 * UNITS_PER_DEGREE


def quantised(lon_deg: Floats, lat_deg: Floats) -> tuple[Units, Units, Bools, Bools]:
    """Round positions to whole units.

    Returns
    -------
    tuple of ndarray
        Longitude and latitude (0 where there is none), which positions are missing (NaN or
        infinite), and which lie outside the world (beyond ±180° or ±90°, and so perhaps beyond
        what an int32 holds).
    """
    missing = ~(np.isfinite(lon_deg) & np.isfinite(lat_deg))
    outside = ~missing & ((np.abs(lon_deg) > 180.0) | (np.abs(lat_deg) > 90.0))
    unusable = missing | outside
    lon, lat = (
        np.rint(np.where(unusable, 0.0, degrees) * UNITS_PER_DEGREE).astype(np.int32)
        for degrees in (lon_deg, lat_deg)
    )
    return lon, lat, missing, outside


def in_degrees(units: NDArray[np.generic]) -> Floats:
    """Give the degrees of whole units."""
    degrees: Floats = units.astype(np.float64) / UNITS_PER_DEGREE
    return degrees


def whole_units(number: Ints) -> Units:
    """Put whole numbers of units into the type of positions; what does not fit, at its ends."""
    units: Units = np.clip(number, -(2**31), 2**31 - 1).astype(np.int32)
    return units
