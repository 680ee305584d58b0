"""Which cells a straight edge passes, or comes within a margin of."""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, UNITS_PER_DEGREE

# The smallest a degree of latitude is on the ellipsoid, so that a margin is never too narrow.
_DEGREE_M: Final = 110_500.0
_CELL_LAT_M: Final = _DEGREE_M * 2**CELL_LAT_BITS / UNITS_PER_DEGREE
_CELL_LON_M: Final = _DEGREE_M * 2**CELL_LON_BITS / UNITS_PER_DEGREE


def walk(grid: Floats, *, margin_m: Floats | float) -> tuple[Ints, Ints, Ints]:
    """List the cells of each edge, row by row.

    Parameters
    ----------
    grid
        ``u1 v1 u2 v2`` of each edge, in cells.
    margin_m
        Cells whose box, widened by this in both directions, meets the edge belong to it.

    Returns
    -------
    tuple of ndarray
        The edge, and the column and row of each of its cells.
    """
    swap = grid[:, 3] < grid[:, 1]
    low = np.where(swap[:, None], grid[:, 2:], grid[:, :2])
    high = np.where(swap[:, None], grid[:, :2], grid[:, 2:])
    margin_v = np.broadcast_to(np.asarray(margin_m) / _CELL_LAT_M, len(grid))
    margin_u = margin_v * (_CELL_LAT_M / _CELL_LON_M) / _shrink(low[:, 1], high[:, 1])

    first = np.floor(low[:, 1] - margin_v).astype(np.int64)
    rows = np.floor(high[:, 1] + margin_v).astype(np.int64) - first + 1
    edge, row = spread(first, rows)
    v1, v2, around = low[edge, 1], high[edge, 1], margin_v[edge]
    enters = np.clip(row - around, v1, v2)
    leaves = np.clip(row + 1 + around, v1, v2)
    rise = v2 - v1
    slope = np.divide(high[edge, 0] - low[edge, 0], rise, out=np.zeros(len(edge)), where=rise > 0)
    u_enters = low[edge, 0] + (enters - v1) * slope
    u_leaves = np.where(leaves == v2, high[edge, 0], low[edge, 0] + (leaves - v1) * slope)
    wide = margin_u[edge]
    start = np.floor(np.minimum(u_enters, u_leaves) - wide).astype(np.int64)
    columns = np.floor(np.maximum(u_enters, u_leaves) + wide).astype(np.int64) - start + 1
    at, column = spread(start, columns)
    return edge[at], column, row[at]


def spread(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """Write out runs of whole numbers: which run each belongs to, and the number."""
    run = np.repeat(np.arange(len(first)), count)
    number = np.arange(len(run)) - np.repeat(np.cumsum(count) - count - first, count)
    return run, number


def _shrink(v1: Floats, v2: Floats) -> Floats:
    """Give how much shorter a degree of longitude is than one of latitude, at the least."""
    farthest = np.maximum(np.abs(v1), np.abs(v2)) * 2**CELL_LAT_BITS / UNITS_PER_DEGREE
    shrink: Floats = np.maximum(np.cos(np.radians(farthest)), 1e-6)
    return shrink
