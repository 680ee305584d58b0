"""Swaths laid on squares in one pass; ``geo.coverage.ground.stamp`` says the same with numpy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Floats
from geo.coverage.engine.compiled import compiled, inlined

Steps = NDArray[np.int32]
Bits = NDArray[np.uint64]


@inlined
def _clipped(value: float, low: int, high: int) -> int:
    return int(min(max(value, low), high))


@compiled
def lay_lines(
    x1: Floats, y1: Floats, x2: Floats, y2: Floats,
    begin: int, end: int, south: int, cell_m: float, reach_m: float, steps: Steps,
) -> None:  # fmt: skip
    """Add one where a line's span in a row begins, and take one where it has ended.

    Parameters
    ----------
    x1, y1, x2, y2
        Both ends of each line, metres from the raster's corner; the first is not farther north.
    begin, end
        Which lines.
    south
        Number of the first row in `steps`.
    cell_m, reach_m
        The side of a square, and how far a line reaches.
    steps
        ``(rows, columns + 1)``; added to.
    """
    north = south + steps.shape[0]
    columns = steps.shape[1] - 1
    for i in range(begin, end):
        xa, ya, xb, yb = x1[i], y1[i], x2[i], y2[i]
        first = _clipped(math.ceil((ya - reach_m) / cell_m - 0.5), south, north)
        stop = _clipped(math.floor((yb + reach_m) / cell_m - 0.5) + 1, first, north)
        dx, dy = xb - xa, yb - ya
        length = math.sqrt(dx * dx + dy * dy)
        ux, uy = (dx / length, dy / length) if length > 0.0 else (1.0, 0.0)
        slope = dx / dy if dy > 0.0 else 0.0
        for side in (-1.0, 1.0):
            # A side is the arc round the first end, a straight line, the arc round the other.
            rise, out = -side * reach_m * ux, side * reach_m * uy
            straight = _clipped(math.floor((ya + rise) / cell_m - 0.5) + 1, first, stop)
            arc = _clipped(math.ceil((yb + rise) / cell_m - 0.5), straight, stop)
            for row in range(first, stop):
                y = (row + 0.5) * cell_m
                if row < straight:
                    x = xa + side * math.sqrt(max(reach_m * reach_m - (y - ya) * (y - ya), 0.0))
                elif row < arc:
                    x = xa + out + (y - ya - rise) * slope
                else:
                    x = xb + side * math.sqrt(max(reach_m * reach_m - (y - yb) * (y - yb), 0.0))
                if side < 0.0:
                    steps[row - south, _clipped(math.ceil(x / cell_m - 0.5), 0, columns)] += 1
                else:
                    after = _clipped(math.floor(x / cell_m - 0.5) + 1, 0, columns)
                    steps[row - south, after] -= 1


@compiled
def set_bits(steps: Steps, bits: Bits, south: int, bit: Any) -> None:
    """Set a bit in every square in which more spans have begun than ended."""
    for row in range(steps.shape[0]):
        inside = 0
        for column in range(steps.shape[1] - 1):
            inside += steps[row, column]
            if inside > 0:
                bits[row + south, column] |= bit


def warm_up() -> None:
    """Have both kernels compiled, or read from disk."""
    none, steps = np.zeros(1), np.zeros((1, 2), dtype=np.int32)
    lay_lines(none, none, none, none, 0, 1, 0, 1.0, 1.0, steps)
    set_bits(steps, np.zeros((1, 1), dtype=np.uint64), 0, np.uint64(1))
