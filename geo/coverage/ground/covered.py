"""Which squares were covered in which week, and what share that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.cells import Bools, Ints
from geo.coverage.engine.compiling import Form, begin_compiling, engine, is_compiled
from geo.coverage.engine.tracks import Tracks
from geo.coverage.ground.raster import Raster
from geo.coverage.ground.stamp import Bits, Laying, stamp
from geo.coverage.ground.swaths import swaths_of
from geo.crs import to_metric

REACH_M: Final = 25.0
WEEKS_PER_PLANE: Final = 64
_ROWS_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Which squares were covered in which week.

    Attributes
    ----------
    raster
        The squares.
    bits
        ``(planes, rows, columns)``: week w is bit w % 64 of plane w // 64.
    weeks
        How many weeks there are.
    fixes_outside
        Fixes left out because they lie before the first week or after the last.
    """

    raster: Raster
    bits: Bits
    weeks: int
    fixes_outside: int

    def covered(self, first: int = 0, stop: int | None = None) -> Bools:
        """Tell which squares were covered in any of the weeks from `first` to before `stop`."""
        stop = self.weeks if stop is None else min(stop, self.weeks)
        found: Bools = np.zeros(self.raster.inside.shape, dtype=bool)
        for plane, bits in enumerate(self.bits):
            mask = _mask(first - plane * WEEKS_PER_PLANE, stop - plane * WEEKS_PER_PLANE)
            if not mask:
                continue
            # Some rows at a time: what lies between stays in the processor's cache.
            for south in range(0, len(found), _ROWS_AT_ONCE):
                rows = slice(south, south + _ROWS_AT_ONCE)
                found[rows] |= (bits[rows] & mask) != 0
        return found


def ground_covered(
    tracks: Tracks,
    raster: Raster,
    *,
    week_borders_us: Ints,
    reach_m: float = REACH_M,
    max_gap_s: float = 300,
    form: Form = "auto",
) -> Ground:
    """Lay tracks on a raster.

    Parameters
    ----------
    tracks
        Fixes in order of track and time.
    raster
        From `raster_over`.
    week_borders_us
        Where each week begins and the last one ends, microseconds since 1970 UTC, rising.
    reach_m
        How far from its line a track covers ground.  What lies farther outside the raster than
        this covers nothing.
    max_gap_s
        The longest time between two fixes that are joined by a line.
    form
        As for ``visits_by_fixes``; both give the same.

    Returns
    -------
    Ground
        A line between two fixes in different weeks counts in both.
    """
    found = swaths_of(tracks, raster, week_borders_us=week_borders_us, max_gap_s=max_gap_s)
    weeks = len(week_borders_us) - 1
    planes = -(-max(weeks, 1) // WEEKS_PER_PLANE)
    bits = np.zeros((planes, *raster.inside.shape), dtype=np.uint64)
    order = np.argsort(found.week, kind="stable")
    borders = np.searchsorted(found.week[order], np.arange(weeks + 1))
    lay = laying(form)
    for week in range(weeks):
        lines = found.only(order[borders[week] : borders[week + 1]])
        plane, place = divmod(week, WEEKS_PER_PLANE)
        lay(lines, bits[plane], np.uint64(1 << place), cell_m=raster.cell_m, reach_m=reach_m)
    at_us = tracks.at_us(np.arange(len(tracks)))
    outside = (at_us < week_borders_us[0]) | (at_us >= week_borders_us[-1])
    return Ground(raster, bits, weeks, int(outside.sum()))


def ground_share(ground: Ground, first: int = 0, stop: int | None = None) -> float:
    """Measure the share of the area covered in any of some weeks; NaN where there is no area."""
    inside = ground.raster.inside
    total = np.count_nonzero(inside)
    near = np.count_nonzero(ground.covered(first, stop) & inside)
    return near / total if total else float("nan")


def street_share(
    ground: Ground, streets: BaseGeometry, first: int = 0, stop: int | None = None
) -> float:
    """Measure the share of the streets' length that was covered in any of some weeks.

    Parameters
    ----------
    ground
        What was covered.
    streets
        Lines, EPSG:4326.  What lies outside the area is left out; the rest is measured in pieces
        of at most half a square, each counted by its middle.
    first, stop
        Weeks, half-open.

    Returns
    -------
    float
        NaN where no street lies in the area.
    """
    pieces = shapely.segmentize(to_metric(streets), ground.raster.cell_m / 2)
    xy, line = shapely.get_coordinates(shapely.get_parts(pieces), return_index=True)
    joined = line[1:] == line[:-1]
    middle = ((xy[1:] + xy[:-1]) / 2)[joined]
    length_m = np.hypot(*(xy[1:] - xy[:-1]).T)[joined]
    row, column, on_it = ground.raster.squares_of(middle[:, 0], middle[:, 1])
    row, column, length_m = row[on_it], column[on_it], length_m[on_it]
    inside = ground.raster.inside[row, column]
    total_m = float(length_m[inside].sum())
    near = ground.covered(first, stop)[row, column] & inside
    return float(length_m[near].sum()) / total_m if total_m else float("nan")


def laying(form: Form) -> Laying:
    """Give the way to lay swaths on squares in a form; "auto" is compiled once that is ready."""
    if form == "numpy" or (form == "auto" and not is_compiled()):
        begin_compiling()
        return stamp
    engine("compiled")
    from geo.coverage.ground import fast

    return fast.stamp


def _mask(first: int, stop: int) -> np.uint64:
    first, stop = max(first, 0), min(stop, WEEKS_PER_PLANE)
    return np.uint64((1 << stop) - (1 << first)) if first < stop else np.uint64(0)
