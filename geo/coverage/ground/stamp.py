"""Swaths laid on squares, with numpy: a row cuts one span out of each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Floats, Ints
from geo.coverage.ground.swaths import Swaths

Bits = NDArray[np.uint64]

_PAIRS_AT_ONCE: Final = 1 << 20


def stamp(lines: Swaths, bits: Bits, bit: np.uint64, cell_m: float, reach_m: float) -> None:
    """Set a bit in every square whose middle lies within reach of one of the lines."""
    rows, columns = bits.shape
    lowest = np.minimum(lines.start_north_m, lines.end_north_m) - reach_m
    highest = np.maximum(lines.start_north_m, lines.end_north_m) + reach_m
    first = np.clip(np.ceil(lowest / cell_m - 0.5), 0, rows).astype(np.int64)
    stop = np.clip(np.floor(highest / cell_m - 0.5) + 1, 0, rows).astype(np.int64)
    if not (first < stop).any():
        return
    south, north = int(first[first < stop].min()), int(stop[first < stop].max())
    # One more where a span begins, one less where it ends: the sum along a row tells what is in.
    steps = np.zeros((north - south) * (columns + 1), dtype=np.int64)
    for line, row in _pairs(first, stop):
        left_m, right_m = _spans(lines, line, np.asarray((row + 0.5) * cell_m), reach_m)
        begin = np.clip(np.ceil(left_m / cell_m - 0.5), 0, columns).astype(np.int64)
        end = np.clip(np.floor(right_m / cell_m - 0.5) + 1, 0, columns).astype(np.int64)
        some = begin < end
        base = (row[some] - south) * (columns + 1)
        steps += np.bincount(base + begin[some], minlength=len(steps))
        steps -= np.bincount(base + end[some], minlength=len(steps))
    covered = np.cumsum(steps.reshape(north - south, columns + 1), axis=1)[:, :-1] > 0
    bits[south:north][covered] |= bit


def _pairs(first: Ints, stop: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Pair lines with the rows they touch, so many at a time."""
    count = np.maximum(stop - first, 0)
    total = np.concatenate([[0], np.cumsum(count)])
    parts = max(1, -(-int(total[-1]) // _PAIRS_AT_ONCE))
    borders = np.searchsorted(total, np.linspace(0, total[-1], parts + 1))
    borders[0], borders[-1] = 0, len(first)
    for begin, end in pairwise(borders.tolist()):
        line = np.repeat(np.arange(begin, end), count[begin:end])
        nth = np.arange(len(line)) - (total[line] - total[begin])
        yield line, first[line] + nth


def _spans(lines: Swaths, line: Ints, north_m: Floats, reach_m: float) -> tuple[Floats, Floats]:
    """Cut a row out of what lies within reach of lines: one span each, since that is convex.

    Returns
    -------
    tuple of ndarray
        Its west and east end; ``inf, −inf`` where the row does not meet it.
    """
    x1, y1 = lines.start_east_m[line], lines.start_north_m[line]
    x2, y2 = lines.end_east_m[line], lines.end_north_m[line]
    above_start, above_end = north_m - y1, north_m - y2
    left, right = np.full(len(line), np.inf), np.full(len(line), -np.inf)
    for x, above in ((x1, above_start), (x2, above_end)):  # the round ends
        meets = np.abs(above) <= reach_m
        half = np.sqrt(np.where(meets, reach_m**2 - above**2, 0.0))
        left = np.where(meets, np.minimum(left, x - half), left)
        right = np.where(meets, np.maximum(right, x + half), right)
    length = np.hypot(x2 - x1, y2 - y1)
    with np.errstate(divide="ignore", invalid="ignore"):
        along_x, along_y = (x2 - x1) / length, (y2 - y1) / length
        # Where the row enters and leaves the strip between the two straight sides ...
        side = (
            np.stack([above_start * along_x - reach_m, above_start * along_x + reach_m]) / along_y
        )
        # ... and the strip between the two ends.
        end = np.stack([-above_start * along_y, length - above_start * along_y]) / along_x
    level, upright = along_y == 0, along_x == 0
    side_left = np.where(level, -np.inf, side.min(axis=0))
    side_right = np.where(level, np.inf, side.max(axis=0))
    end_left = np.where(upright, -np.inf, end.min(axis=0))
    end_right = np.where(upright, np.inf, end.max(axis=0))
    strip_left, strip_right = np.maximum(side_left, end_left), np.minimum(side_right, end_right)
    meets = (length > 0) & (strip_left <= strip_right)
    meets &= ~level | (np.abs(above_start) <= reach_m)
    meets &= ~upright | ((above_start * along_y >= 0) & (above_start * along_y <= length))
    left = np.where(meets, np.minimum(left, x1 + strip_left), left)
    right = np.where(meets, np.maximum(right, x1 + strip_right), right)
    return left, right
