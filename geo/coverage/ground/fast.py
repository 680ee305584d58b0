"""Swaths laid on squares, compiled; imported only once numba is ready."""

from __future__ import annotations

import numpy as np

from geo.coverage.engine import kernel_ground
from geo.coverage.ground.stamp import Bits, rows_of
from geo.coverage.ground.swaths import Swaths


def stamp(lines: Swaths, bits: Bits, bit: np.uint64, *, cell_m: float, reach_m: float) -> None:
    """Do what ``stamp.stamp`` does, fast."""
    rows, columns = bits.shape
    first, stop = rows_of(lines, cell_m=cell_m, reach_m=reach_m, rows=rows)
    if not (first < stop).any():
        return
    south, north = int(first[first < stop].min()), int(stop.max())
    steps = np.zeros((north - south, columns + 1), dtype=np.int32)
    ends = (lines.start_east_m, lines.start_north_m, lines.end_east_m, lines.end_north_m)
    spans = np.empty((2, kernel_ground.ROWS), dtype=np.int32)
    kernel_ground.lay_lines(*ends, 0, len(lines.week), south, cell_m, reach_m, spans, steps)
    kernel_ground.set_bits(steps, bits, south, bit)
