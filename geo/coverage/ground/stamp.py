"""Swaths laid on squares, with numpy: a row cuts one span out of each, since it is convex."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Floats, Ints
from geo.coverage.ground.swaths import Swaths

Bits = NDArray[np.uint64]

_PAIRS_AT_ONCE: Final = 1 << 20


class Laying(Protocol):
    """How swaths are laid on squares."""

    def __call__(
        self, lines: Swaths, bits: Bits, bit: np.uint64, *, cell_m: float, reach_m: float
    ) -> None:
        """Set a bit in every square within reach."""


def rows_of(lines: Swaths, *, cell_m: float, reach_m: float, rows: int) -> tuple[Ints, Ints]:
    """Find the rows whose middle lies within reach: first, and the one after the last."""
    first = np.ceil((lines.start_north_m - reach_m) / cell_m - 0.5)
    stop = np.floor((lines.end_north_m + reach_m) / cell_m - 0.5) + 1
    first = np.clip(first, 0, rows).astype(np.int64)
    return first, np.clip(stop, first, rows).astype(np.int64)


def stamp(lines: Swaths, bits: Bits, bit: np.uint64, *, cell_m: float, reach_m: float) -> None:
    """Set a bit in every square whose middle lies within reach of one of the lines.

    Parameters
    ----------
    lines
        Metres east and north of the first square's corner, each from south to north.
    bits
        ``(rows, columns)``, changed in place.
    bit
        The bit to set.
    cell_m, reach_m
        The side of a square, and how far a line reaches.
    """
    rows, columns = bits.shape
    first, stop = rows_of(lines, cell_m=cell_m, reach_m=reach_m, rows=rows)
    if not (first < stop).any():
        return
    south, north = int(first[first < stop].min()), int(stop.max())
    # One more where a span begins, one less where it ends: the sum along a row tells what is in.
    steps = np.zeros((north - south) * (columns + 1), dtype=np.int64)
    for line, row in _pairs(first, stop):
        base = (row - south) * (columns + 1)
        for side in (-1, 1):
            x = _side(lines, line, np.asarray((row + 0.5) * cell_m), side, reach_m) / cell_m - 0.5
            square = np.ceil(x) if side < 0 else np.floor(x) + 1
            column = np.clip(square, 0, columns).astype(np.int64)
            steps -= side * np.bincount(base + column, minlength=len(steps))
    covered = np.cumsum(steps.reshape(north - south, columns + 1), axis=1)[:, :-1] > 0
    bits[south:north][covered] |= bit


def _pairs(first: Ints, stop: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pair lines with the rows they touch, so many at a time."""
    count = stop - first
    total = np.concatenate([[0], np.cumsum(count)])
    parts = max(1, -(-int(total[-1]) // _PAIRS_AT_ONCE))
    borders = np.searchsorted(total, np.linspace(0, total[-1], parts + 1))
    borders[0], borders[-1] = 0, len(first)
    for begin, end in pairwise(borders.tolist()):
        line = np.repeat(np.arange(begin, end), count[begin:end])
        nth = np.arange(len(line)) - (total[line] - total[begin])
        yield line, first[line] + nth


def _side(lines: Swaths, line: Ints, north_m: Floats, side: int, reach_m: float) -> Floats:
    """Find where rows cut the west (−1) or east (1) side of what lies within reach of lines.

    From south to north a side is the arc round the first end, a straight line, and the arc
    round the other end; the line begins and ends where it touches the arcs.
    """
    xa, ya = lines.start_east_m[line], lines.start_north_m[line]
    xb, yb = lines.end_east_m[line], lines.end_north_m[line]
    dx, dy = xb - xa, yb - ya
    length = np.hypot(dx, dy)
    with np.errstate(divide="ignore", invalid="ignore"):
        ux, uy = np.where(length > 0, dx / length, 1.0), np.where(length > 0, dy / length, 0.0)
        slope = np.where(dy > 0, dx / dy, 0.0)
    rise, out = -side * reach_m * ux, side * reach_m * uy
    arc_a = xa + side * np.sqrt(np.maximum(reach_m**2 - (north_m - ya) ** 2, 0.0))
    arc_b = xb + side * np.sqrt(np.maximum(reach_m**2 - (north_m - yb) ** 2, 0.0))
    straight = xa + out + (north_m - ya - rise) * slope
    found: Floats = np.where(
        north_m <= ya + rise, arc_a, np.where(north_m >= yb + rise, arc_b, straight)
    )
    return found
