"""Swaths laid on squares in one pass; ``geo.coverage.ground.stamp`` says the same with numpy."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Floats
from geo.coverage.engine.compiled import compiled, inlined

Steps = NDArray[np.int32]
Spans = NDArray[np.int32]
Bits = NDArray[np.uint64]

ROWS: Final = 8
"""How many rows are worked out at a time."""


@inlined
def _clipped(value: float, low: int, high: int) -> int:
    return int(min(max(value, low), high))


@inlined
def _within(value: float, high: float) -> int:
    # Not min and max, which branch and keep rows from being worked out side by side.
    below = value if value < high else high
    return int(np.int32(below if below > 0.0 else 0.0))


@compiled
def lay_lines(
    x1: Floats, y1: Floats, x2: Floats, y2: Floats,
    begin: int, end: int, south: int, cell_m: float, reach_m: float, spans: Spans, steps: Steps,
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
    spans
        ``(2, ROWS)``: room for where the spans of some rows begin and end.
    steps
        ``(rows, columns + 1)``; added to.
    """
    north = south + steps.shape[0]
    columns = float(steps.shape[1] - 1)
    square = reach_m * reach_m
    for i in range(begin, end):
        xa, ya, xb, yb = x1[i], y1[i], x2[i], y2[i]
        first = _clipped(math.ceil((ya - reach_m) / cell_m - 0.5), south, north)
        stop = _clipped(math.floor((yb + reach_m) / cell_m - 0.5) + 1, first, north)
        dx, dy = xb - xa, yb - ya
        length = math.sqrt(dx * dx + dy * dy)
        ux, uy = (dx / length, dy / length) if length > 0.0 else (1.0, 0.0)
        slope = dx / dy if dy > 0.0 else 0.0
        # A side is the arc round the first end, a straight line, the arc round the other.
        rise, out = reach_m * ux, reach_m * uy
        for some in range(first, stop, ROWS):
            # Always as many rows and no branches, so that they are worked out side by side; a
            # number of rows known to the compiler would be unrolled instead.
            for nth in range(spans.shape[1]):
                y = (some + nth + 0.5) * cell_m
                under_a, under_b = square - (y - ya) * (y - ya), square - (y - yb) * (y - yb)
                arc_a = math.sqrt(under_a if under_a > 0.0 else 0.0)
                arc_b = math.sqrt(under_b if under_b > 0.0 else 0.0)
                west = xa - out + (y - ya - rise) * slope
                west = xb - arc_b if y >= yb + rise else west
                west = xa - arc_a if y <= ya + rise else west
                east = xa + out + (y - ya + rise) * slope
                east = xb + arc_b if y >= yb - rise else east
                east = xa + arc_a if y <= ya - rise else east
                spans[0, nth] = _within(np.ceil(west / cell_m - 0.5), columns)
                spans[1, nth] = _within(np.floor(east / cell_m - 0.5) + 1.0, columns)
            for nth in range(min(ROWS, stop - some)):
                row = some + nth - south
                steps[row, spans[0, nth]] += 1
                steps[row, spans[1, nth]] -= 1


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
    spans = np.zeros((2, ROWS), dtype=np.int32)
    lay_lines(none, none, none, none, 0, 1, 0, 1.0, 1.0, spans, steps)
    set_bits(steps, np.zeros((1, 1), dtype=np.uint64), 0, np.uint64(1))
