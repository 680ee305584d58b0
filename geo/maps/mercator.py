"""Web Mercator as whole numbers: for drawing tiles only, nothing is ever measured in it.

At depth d the world is 2^d × 2^d cells, columns from the west and rows from the north, so that a
tile of zoom z is a cell of depth z.  A cell's *code* is the bits of its row and column in turn
(Morton order), so that what lies in one tile has codes that follow each other at every depth.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.degrees import HALF_TURN, Units, in_degrees

DEEPEST: Final = 23
"""The finest depth: at 57.5° N a cell is 2.6 m wide."""

_SPREAD: Final = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def cells_of(lon: Units, lat: Units) -> tuple[Ints, Ints, Bools]:
    """Find the column and row, at the finest depth, of positions.

    Parameters
    ----------
    lon, lat
        Units of 1e-7 degrees, EPSG:4326.

    Returns
    -------
    tuple of ndarray
        Column, row, and whether the position is in the square world at all: not beyond
        ±85.0511°, and west of 180° E, which is 180° W.
    """
    side = 1 << DEEPEST
    column = (lon.astype(np.int64) + HALF_TURN) * side // (2 * HALF_TURN)
    with np.errstate(divide="ignore"):
        y = 0.5 - np.arctanh(np.sin(np.radians(in_degrees(lat)))) / (2 * np.pi)
    row = np.floor(np.clip(y, -1.0, 2.0) * side).astype(np.int64)
    is_in_world = (column >= 0) & (column < side) & (row >= 0) & (row < side)
    return column, row, is_in_world


def codes_of(column: Ints, row: Ints) -> Ints:
    """Interleave the bits of columns (even places) and rows (odd places), up to 31 each."""
    return _spread(column) | (_spread(row) << 1)


def _spread(number: Ints) -> Ints:
    spread = np.asarray(number, dtype=np.int64)
    for shift, mask in _SPREAD:
        spread = (spread | (spread << shift)) & mask
    return spread


def degrees_of(column: Floats, row: Floats, *, depth: int) -> tuple[Floats, Floats]:
    """Give longitude and latitude of points in a world of 2^depth × 2^depth."""
    lon_deg = column * (360.0 / 2**depth) - 180.0
    lat_deg = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * row / 2**depth))))
    return lon_deg, lat_deg
