"""Lon, lat in whole units → metres in EPSG:3006, by one cubic per patch of about 6 × 12 km.

The polynomials are fitted to the exact projection at 5 × 5 Chebyshev nodes; ten coefficients
cannot follow 25 values by chance, so what is left over there tells the error.  In Sweden it is
below a thousandth of a millimetre.  Where it is more than ``MOST_ERROR_M`` (far outside Sweden,
where EPSG:3006 bends fast) the patch is not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.degrees import Units, in_degrees
from geo.crs import project

PATCH_BITS: Final = 20
"""A patch is 2²⁰ units (0.105°) each way."""

MOST_ERROR_M: Final = 3e-5
_HALF: Final = float(2 ** (PATCH_BITS - 1))
_DEGREE: Final = 3
_NODES: Final = 5
_MERIDIAN_DEG: Final = 15.0
_FARTHEST_DEG: Final = 60.0
TERMS: Final = 10
"""Coefficients of a cubic in two variables, in the order of ``_terms``."""


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """Polynomials for the patches of a rectangle.

    Attributes
    ----------
    west, south
        Number of the first patch (units >> ``PATCH_BITS``).
    slot
        Row of `coefficients` for each patch, rows from south, columns from west; −1 where none
        was asked for or none is good enough.
    coefficients
        ``(slots, 2, 10)``: for E and N in metres, of ``1 y y² y³ x xy xy² x² x²y x³`` with x, y
        from −1 to 1 across the patch.
    worst_m
        The largest error found at the nodes of any patch in use.
    """

    west: int
    south: int
    slot: NDArray[np.int32]
    coefficients: Floats
    worst_m: float

    def slots_of(self, lon: Units, lat: Units) -> Ints:
        """Find the row of coefficients for each position, −1 where there is none."""
        x = (lon >> PATCH_BITS).astype(np.int64) - self.west
        y = (lat >> PATCH_BITS).astype(np.int64) - self.south
        rows, columns = self.slot.shape
        known = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
        found = np.full(len(lon), -1, dtype=np.int64)
        found[known] = self.slot[y[known], x[known]]
        return found

    def project(self, lon: Units, lat: Units) -> tuple[Floats, Floats]:
        """Project positions; where there is no patch, with the exact projection."""
        slot = self.slots_of(lon, lat)
        # The remainder of a shift is the position within the patch, for negative units too.
        x = (lon & (2**PATCH_BITS - 1)) / _HALF - 1.0
        y = (lat & (2**PATCH_BITS - 1)) / _HALF - 1.0
        east_m, north_m = (_cubic(self.coefficients[slot, axis].T, x, y) for axis in (0, 1))
        without = np.flatnonzero(slot < 0)
        if len(without):
            east_m[without], north_m[without] = project(
                in_degrees(lon[without]), in_degrees(lat[without])
            )
        return east_m, north_m


def fit_patches(lon: Units, lat: Units) -> Patches:
    """Fit a polynomial for every patch that holds one of these positions."""
    if not len(lon):
        return Patches(0, 0, np.full((1, 1), -1, np.int32), np.zeros((1, 2, TERMS)), 0.0)
    x, y = (lon >> PATCH_BITS).astype(np.int64), (lat >> PATCH_BITS).astype(np.int64)
    west, south = int(x.min()), int(y.min())
    columns, rows = int(x.max()) - west + 1, int(y.max()) - south + 1
    wanted = np.unique((y - south) * columns + (x - west))
    node = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    node_x, node_y = (grid.ravel() for grid in np.meshgrid(node, node))
    centre_lon = ((wanted % columns + west) * 2 + 1) * _HALF
    centre_lat = ((wanted // columns + south) * 2 + 1) * _HALF
    east_m, north_m = project(
        in_degrees(centre_lon[:, None] + _HALF * node_x),
        in_degrees(centre_lat[:, None] + _HALF * node_y),
    )
    exact = np.stack([east_m, north_m], axis=1)
    usable = np.isfinite(exact).all(axis=(1, 2))
    exact[~usable] = 0.0
    terms = _terms(node_x, node_y)
    # Relative to one node, so that seven digits are not spent on the distance to the equator.
    origin = exact[:, :, :1]
    coefficients = (exact - origin) @ np.linalg.pinv(terms).T
    error_m = np.abs(coefficients @ terms.T + origin - exact).max(axis=(1, 2))
    coefficients[:, :, 0] += origin[:, :, 0]
    usable &= error_m <= MOST_ERROR_M
    slot = np.full(rows * columns, -1, dtype=np.int32)
    slot[wanted[usable]] = np.arange(usable.sum())
    kept = coefficients[usable]
    return Patches(
        west=west,
        south=south,
        slot=slot.reshape(rows, columns),
        coefficients=np.ascontiguousarray(kept) if len(kept) else np.zeros((1, 2, TERMS)),
        worst_m=float(error_m[usable].max(initial=0.0)),
    )


def is_projectable(lon_deg: Floats, lat_deg: Floats) -> Bools:
    """Tell where EPSG:3006 is smooth enough to measure in: a patch there would be used."""
    lon = np.rint(np.clip(lon_deg, -180, 180) * 1e7).astype(np.int32)
    lat = np.rint(np.clip(lat_deg, -90, 90) * 1e7).astype(np.int32)
    smooth = fit_patches(lon, lat).slots_of(lon, lat) >= 0
    good: Bools = smooth & (np.abs(lon_deg - _MERIDIAN_DEG) <= _FARTHEST_DEG)
    return good


def _terms(x: Floats, y: Floats) -> Floats:
    terms: Floats = np.stack(
        [x**i * y**j for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)], axis=1
    )
    return terms


def _cubic(c: Floats, x: Floats, y: Floats) -> Floats:
    # In the order of the compiled form, so that both give the same bits.
    constant = c[0] + y * (c[1] + y * (c[2] + y * c[3]))
    linear = c[4] + y * (c[5] + y * c[6])
    value: Floats = constant + x * (linear + x * (c[7] + y * c[8] + x * c[9]))
    return value
