"""Ground covered in an area far larger than what was covered: only the squares that were.

A municipality has forty million squares of 5 m, and a patrol comes near one in a hundred.  So the
area is cut into *blocks*, a block that tracks came near is laid as ``covered.ground_covered`` does,
and what is kept of it are its covered squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.cells import Ints
from geo.coverage.engine.compiling import Form
from geo.coverage.engine.tracks import Tracks
from geo.coverage.ground.covered import REACH_M, WEEKS_PER_PLANE, laying
from geo.coverage.ground.raster import CELL_M, Raster
from geo.coverage.ground.stamp import Bits
from geo.coverage.ground.swaths import Swaths, swaths_of
from geo.crs import to_metric

_BLOCK: Final = 256
"""Squares along the side of a block."""
_ROW: Final = 1 << 32


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Covered squares, in order of row (from south), then column (from west).

    Attributes
    ----------
    row, column
        In EPSG:3006: square (0, 0) has its south-western corner at the origin.
    bits
        ``(planes, squares)``: week w is bit w % 64 of plane w // 64.
    cell_m
        The side of a square.
    weeks
        How many weeks there are.
    area_m2
        The area the shares are of.
    fixes_outside
        Fixes left out because they lie before the first week or after the last.
    """

    row: Ints
    column: Ints
    bits: Bits
    cell_m: float
    weeks: int
    area_m2: float
    fixes_outside: int


def covered_squares(
    tracks: Tracks,
    area: BaseGeometry,
    *,
    week_borders_us: Ints,
    reach_m: float = REACH_M,
    max_gap_s: float = 300,
    cell_m: float = CELL_M,
    form: Form = "auto",
) -> Squares:
    """Find the squares of an area that tracks came near, each with its weeks.

    Parameters
    ----------
    tracks
        Fixes in order of track and time.
    area
        Polygon or multipolygon, EPSG:4326, not empty.
    week_borders_us, reach_m, max_gap_s
        As for ``ground_covered``.
    cell_m
        The side of a square.
    form
        As for ``ground_covered``.

    Returns
    -------
    Squares
        The same squares, with the same weeks, as ``ground_covered`` finds on a raster over the
        area, in memory as what was covered and not as the area.
    """
    metric = to_metric(area)
    whole = Raster(0.0, 0.0, cell_m, np.zeros((0, 0), dtype=bool))
    lines = swaths_of(tracks, whole, week_borders_us=week_borders_us, max_gap_s=max_gap_s)
    weeks = len(week_borders_us) - 1
    planes = -(-max(weeks, 1) // WEEKS_PER_PLANE)
    lay, side_m = laying(form), _BLOCK * cell_m
    row, column, bits = [], [], []
    for south, west, its in _blocks(lines, metric.bounds, side_m=side_m, reach_m=reach_m):
        here = _moved(lines.only(its), west * side_m, south * side_m)
        block = np.zeros((planes, _BLOCK, _BLOCK), dtype=np.uint64)
        for week in np.unique(here.week).tolist():
            plane, place = divmod(week, WEEKS_PER_PLANE)
            of_week = here.only(np.flatnonzero(here.week == week))
            lay(of_week, block[plane], np.uint64(1 << place), cell_m=cell_m, reach_m=reach_m)
        found_row, found_column = np.nonzero(block.any(axis=0))
        row.append(found_row + south * _BLOCK)
        column.append(found_column + west * _BLOCK)
        bits.append(block[:, found_row, found_column])
    at_us = tracks.at_us(np.arange(len(tracks)))
    outside = (at_us < week_borders_us[0]) | (at_us >= week_borders_us[-1])
    return _inside(
        Squares(
            np.concatenate([np.zeros(0, dtype=np.int64), *row]),
            np.concatenate([np.zeros(0, dtype=np.int64), *column]),
            np.concatenate([np.zeros((planes, 0), dtype=np.uint64), *bits], axis=1),
            cell_m,
            weeks,
            float(metric.area),
            int(outside.sum()),
        ),
        metric,
    )


def joined_squares(parts: Sequence[tuple[Squares, int]]) -> Squares:
    """Join what several lots of tracks covered of one area, as if they had been laid together.

    Parameters
    ----------
    parts
        At least one; each with how many weeks after the first week of all its own weeks begin.
    """
    weeks = max(part.weeks + begins for part, begins in parts)
    planes = -(-max(weeks, 1) // WEEKS_PER_PLANE)
    key = np.concatenate([part.row * _ROW + part.column for part, _ in parts])
    bits = np.concatenate([_later(part.bits, begins, planes) for part, begins in parts], axis=1)
    order = np.argsort(key, kind="stable")
    found, first = np.unique(key[order], return_index=True)
    return replace(
        parts[0][0],
        row=found // _ROW,
        column=found % _ROW,
        bits=np.bitwise_or.reduceat(bits[:, order], first, axis=1) if len(found) else bits,
        weeks=weeks,
        fixes_outside=sum(part.fixes_outside for part, _ in parts),
    )


def _later(bits: Bits, weeks: int, planes: int) -> Bits:
    """Move bits to later weeks; a week moves into the next plane where this one ends."""
    moved: Bits = np.zeros((planes, bits.shape[1]), dtype=np.uint64)
    plane, place = divmod(weeks, WEEKS_PER_PLANE)
    for number, of_plane in enumerate(bits, start=plane):
        moved[number : number + 1] |= of_plane << np.uint64(place)
        if place:
            moved[number + 1 : number + 2] |= of_plane >> np.uint64(WEEKS_PER_PLANE - place)
    return moved


def week_mask(weeks: int, first: int = 0, stop: int | None = None) -> Bits:
    """Give the bits, per plane, of the weeks from `first` to before `stop`."""
    planes = -(-max(weeks, 1) // WEEKS_PER_PLANE)
    mask = np.zeros(planes, dtype=np.uint64)
    for week in range(max(first, 0), weeks if stop is None else min(stop, weeks)):
        mask[week // WEEKS_PER_PLANE] |= np.uint64(1 << week % WEEKS_PER_PLANE)
    return mask


def squares_share(squares: Squares, first: int = 0, stop: int | None = None) -> float:
    """Measure the share of the area covered in any of some weeks; NaN where there is no area."""
    mask = week_mask(squares.weeks, first, stop)
    covered = int((squares.bits & mask[:, None]).any(axis=0).sum())
    return covered * squares.cell_m**2 / squares.area_m2 if squares.area_m2 else float("nan")


def _blocks(
    lines: Swaths, bounds: tuple[float, float, float, float], *, side_m: float, reach_m: float
) -> list[tuple[int, int, Ints]]:
    """List the blocks (row, column) within bounds that lines may come near, and which lines."""
    low, high = np.floor(np.reshape(bounds, (2, 2)) / side_m).astype(np.int64)
    ends = np.stack([lines.start_east_m, lines.end_east_m])
    west = np.maximum(np.floor((ends.min(axis=0) - reach_m) / side_m).astype(np.int64), low[0])
    east = np.minimum(np.floor((ends.max(axis=0) + reach_m) / side_m).astype(np.int64), high[0])
    south = np.floor((lines.start_north_m - reach_m) / side_m).astype(np.int64)
    north = np.floor((lines.end_north_m + reach_m) / side_m).astype(np.int64)
    south, north = np.maximum(south, low[1]), np.minimum(north, high[1])
    wide, tall = np.maximum(east - west + 1, 0), np.maximum(north - south + 1, 0)
    count = wide * tall
    line = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    row, column = south[line] + nth // wide[line], west[line] + nth % wide[line]
    columns = int(high[0] - low[0]) + 1
    block = (row - low[1]) * columns + (column - low[0])
    order = np.argsort(block, kind="stable")
    found, first = np.unique(block[order], return_index=True)
    parts = np.split(line[order], first[1:]) if len(found) else []
    return [
        (int(low[1]) + one // columns, int(low[0]) + one % columns, its)
        for one, its in zip(found.tolist(), parts, strict=True)
    ]


def _moved(lines: Swaths, east_m: float, north_m: float) -> Swaths:
    return Swaths(
        lines.start_east_m - east_m,
        lines.start_north_m - north_m,
        lines.end_east_m - east_m,
        lines.end_north_m - north_m,
        lines.week,
    )


def _inside(squares: Squares, metric: BaseGeometry) -> Squares:
    """Keep the squares whose middle lies in the area, and put them in order."""
    shapely.prepare(metric)
    middle_e, middle_n = ((n + 0.5) * squares.cell_m for n in (squares.column, squares.row))
    kept = np.flatnonzero(shapely.contains_xy(metric, middle_e, middle_n))
    kept = kept[np.lexsort((squares.column[kept], squares.row[kept]))]
    return Squares(
        squares.row[kept],
        squares.column[kept],
        squares.bits[:, kept],
        squares.cell_m,
        squares.weeks,
        squares.area_m2,
        squares.fixes_outside,
    )
