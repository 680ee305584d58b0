"""Lines between fixes → time inside places, with numpy.

Each pair of fixes is joined by a straight line in EPSG:3006, gone along at an even speed.  The line
is followed cell by cell: in a cell wholly inside it counts from border to border; in a cell with
an edge, it is cut where it crosses edges, and every piece is tried in its middle.  What happens on
an edge is thereby never decided by a rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.cuts import Exact
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS
from geo.coverage.engine.exact import is_inside
from geo.coverage.engine.index import PlaceIndex
from geo.coverage.engine.outlines import on_grid
from geo.coverage.engine.stays import LineVisits, visits_of_fragments
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.walk import spread, walk

__all__ = ["LineVisits", "visits_by_lines"]

LONGEST_CELLS: Final = 36.0
"""Longer lines are followed in parts, so that their bend in degrees stays below 2 cm."""

OVERLAP_CELLS: Final = 1e-6
"""So far beyond its border (0.01 mm) a line counts as in a cell, so that no gap opens."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lines:
    """Lines between fixes, or a fix alone where `begin` is `end`."""

    track: Ints
    begin: Ints
    end: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _InCells:
    """The stretch of a line in one cell: `enters` and `leaves` are shares of the whole line."""

    line: Ints
    code: Ints
    enters: Floats
    leaves: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Clipped:
    """Stretches of lines inside a piece."""

    line: Ints
    piece: Ints
    enters: Floats
    leaves: Floats


def visits_by_lines(
    tracks: Tracks, index: PlaceIndex, *, max_gap_us: int, max_away_us: int
) -> LineVisits:
    """Find when the line of each track was inside each place.

    Parameters
    ----------
    tracks
        The fixes, no two of a track at the same moment.
    index
        The places.
    max_gap_us
        The longest time between two fixes that a line bridges, inclusive.  A fix with no line to
        either side counts as a moment.
    max_away_us
        The longest absence within a visit, inclusive; 0 joins only what touches.
    """
    lines = _lines(tracks, max_gap_us)
    stretches = _in_cells(tracks, index, lines)
    whole = np.flatnonzero(stretches.code > 0)
    alone = _Clipped(
        stretches.line[whole],
        stretches.code[whole] - 1,
        stretches.enters[whole],
        stretches.leaves[whole],
    )
    fragments = [
        _in_time(tracks, index, lines, clipped)
        for clipped in (alone, *_in_lists(tracks, index, lines, stretches))
    ]
    return visits_of_fragments(np.concatenate(fragments), max_away_us=max_away_us)


def _lines(tracks: Tracks, max_gap_us: int) -> _Lines:
    fix = np.arange(len(tracks))
    at = tracks.at_us(fix)
    track = tracks.track_of(fix)
    joined = np.zeros(len(fix) + 1, dtype=bool)
    joined[1:-1] = (track[1:] == track[:-1]) & (at[1:] - at[:-1] <= max_gap_us)
    begin = np.flatnonzero(joined[1:])
    alone = np.flatnonzero(~joined[1:] & ~joined[:-1])
    begin, end = np.r_[begin, alone], np.r_[begin + 1, alone]
    return _Lines(track[begin], begin, end)


def _in_cells(tracks: Tracks, index: PlaceIndex, lines: _Lines) -> _InCells:
    """Follow all lines and keep the cells that are not empty."""
    table = index.table
    scale = np.array([2.0**-CELL_LON_BITS, 2.0**-CELL_LAT_BITS])
    fixes = np.column_stack([tracks.lon, tracks.lat]) * scale
    grid = np.hstack([fixes[lines.begin], fixes[lines.end]])
    parts = np.ceil(np.abs(grid[:, 2:] - grid[:, :2]).max(axis=1, initial=0) / LONGEST_CELLS)
    parts = np.maximum(parts, 1).astype(np.int64)
    line, number = spread(np.zeros(len(parts), dtype=np.int64), parts)
    grid = grid[line]
    long = np.flatnonzero(parts[line] > 1)
    if len(long):
        ends = _ends(tracks, index, lines, line[long])
        step = (ends[:, 2:] - ends[:, :2]) / parts[line[long]][:, None]
        start = ends[:, :2] + number[long][:, None] * step
        bent = on_grid(np.hstack([start, start + step]))
        is_first, is_last = number[long] == 0, number[long] == parts[line[long]] - 1
        bent[is_first, :2] = grid[long][is_first, :2]
        bent[is_last, 2:] = grid[long][is_last, 2:]
        grid[long] = bent
    part, column, row = walk(grid, margin_m=0.0)
    lon, lat = column << CELL_LON_BITS, row << CELL_LAT_BITS
    inside_int = (np.abs(lon) < 2**31) & (np.abs(lat) < 2**31)
    code = np.zeros(len(part), dtype=np.int64)
    code[inside_int] = table.codes_at(
        lon[inside_int].astype(np.int32), lat[inside_int].astype(np.int32)
    )
    kept = np.flatnonzero(code)
    part, column, row, code = part[kept], column[kept], row[kept], code[kept]
    enters, leaves = _between_borders(grid[part], column, row)
    of = parts[line[part]]
    return _InCells(line[part], code, (number[part] + enters) / of, (number[part] + leaves) / of)


def _ends(tracks: Tracks, index: PlaceIndex, lines: _Lines, line: Ints) -> Floats:
    """Project the ends of some lines."""
    patches = index.table.patches
    begin, end = lines.begin[line], lines.end[line]
    return np.column_stack(
        [
            *patches.project(tracks.lon[begin], tracks.lat[begin]),
            *patches.project(tracks.lon[end], tracks.lat[end]),
        ]
    )


def _between_borders(grid: Floats, column: Ints, row: Ints) -> tuple[Floats, Floats]:
    """Cut lines to their cell, widened by ``OVERLAP_CELLS``; shares of each line."""
    enters, leaves = np.zeros(len(grid)), np.ones(len(grid))
    for axis, border in enumerate((column, row)):
        start, step = grid[:, axis], grid[:, axis + 2] - grid[:, axis]
        moves = step != 0
        per_step = np.divide(1.0, step, out=np.zeros(len(step)), where=moves)
        low = (border - OVERLAP_CELLS - start) * per_step
        high = (border + 1 + OVERLAP_CELLS - start) * per_step
        enters = np.where(moves, np.maximum(enters, np.minimum(low, high)), enters)
        leaves = np.where(moves, np.minimum(leaves, np.maximum(low, high)), leaves)
    return enters, np.maximum(enters, leaves)


def _in_lists(
    tracks: Tracks, index: PlaceIndex, lines: _Lines, stretches: _InCells
) -> tuple[_Clipped, _Clipped]:
    """Find the stretches inside in cells with a list of candidates: whole ones, then cut ones."""
    table = index.table
    listed = np.flatnonzero(stretches.code < 0)
    number = -stretches.code[listed] - 1
    first = table.first_entry
    at, entry = spread(first[number], first[number + 1] - first[number])
    at, test = listed[at], table.entry_test[entry]
    line, piece = stretches.line[at], table.entry_piece[entry]
    enters, leaves = stretches.enters[at], stretches.leaves[at]
    whole, cut = np.flatnonzero(test < 0), np.flatnonzero(test >= 0)
    ends = _ends(tracks, index, lines, line[cut])
    of, cut_enters, cut_leaves = _cut(table.exact, test[cut], ends, enters[cut], leaves[cut])
    return (
        _Clipped(line[whole], piece[whole], enters[whole], leaves[whole]),
        _Clipped(line[cut][of], piece[cut][of], cut_enters, cut_leaves),
    )


def _cut(
    exact: Exact, test: Ints, ends: Floats, enters: Floats, leaves: Floats
) -> tuple[Ints, Floats, Floats]:
    """Cut stretches where they cross an edge, and keep the pieces inside.

    Returns
    -------
    tuple of ndarray
        The stretch of each piece, and where it enters and leaves.
    """
    start = ends[:, :2] - exact.reference[test]
    step = ends[:, 2:] - ends[:, :2]
    found = [_edge_crossings(exact, test, start, step), *_reach_crossings(exact, test, start, step)]
    of = np.concatenate([one for one, _ in found])
    share = np.concatenate([each for _, each in found])
    within = (share > enters[of]) & (share < leaves[of])
    stretch = np.arange(len(test))
    of = np.concatenate([stretch, stretch, of[within]])
    share = np.concatenate([enters, leaves, share[within]])
    order = np.lexsort((share, of))
    of, share = of[order], share[order]
    piece = np.flatnonzero(of[1:] == of[:-1])
    of, low, high = of[piece], share[piece], share[piece + 1]
    middle = start[of] + ((low + high) / 2)[:, None] * step[of]
    inside = is_inside(exact, test[of], middle[:, 0], middle[:, 1])
    return of[inside], low[inside], high[inside]


def _edge_crossings(exact: Exact, test: Ints, start: Floats, step: Floats) -> tuple[Ints, Floats]:
    """Find where the line of each stretch crosses its test's edges."""
    first = exact.first_edge
    of, edge = spread(first[test], first[test + 1] - first[test])
    (ax, ay), (dx, dy) = start[of].T, step[of].T
    x1, y1, x2, y2 = exact.edges[edge].T
    side1 = dx * (y1 - ay) - dy * (x1 - ax)
    side2 = dx * (y2 - ay) - dy * (x2 - ax)
    crosses = np.flatnonzero((side1 >= 0) != (side2 >= 0))
    of, ex, ey = of[crosses], (x2 - x1)[crosses], (y2 - y1)[crosses]
    across = step[of, 0] * ey - step[of, 1] * ex
    share = ((x1 - ax)[crosses] * ey - (y1 - ay)[crosses] * ex) / across
    return of, share


def _reach_crossings(
    exact: Exact, test: Ints, start: Floats, step: Floats
) -> list[tuple[Ints, Floats]]:
    """Find where the line of each stretch comes within reach: the two ends and the two sides."""
    first = exact.first_capsule
    of, capsule = spread(first[test], first[test + 1] - first[test])
    x1, y1, cx, cy, inverse, square_reach = exact.capsules[capsule].T
    (dx, dy), ax, ay = step[of].T, start[of, 0] - x1, start[of, 1] - y1
    square = dx * dx + dy * dy
    found = []
    for px, py in ((ax, ay), (ax - cx, ay - cy)):
        half = dx * px + dy * py
        under = half * half - square * (px * px + py * py - square_reach)
        hits = np.flatnonzero((under > 0) & (square > 0))
        root = np.sqrt(under[hits])
        found.append((of[hits], (-half[hits] - root) / square[hits]))
        found.append((of[hits], (-half[hits] + root) / square[hits]))
    across = cx * dy - cy * dx
    sides = np.flatnonzero((inverse > 0) & (across != 0))
    far = np.sqrt(square_reach[sides] / inverse[sides])
    away = (cx * ay - cy * ax)[sides]
    found.append((of[sides], (far - away) / across[sides]))
    found.append((of[sides], (-far - away) / across[sides]))
    return found


def _in_time(tracks: Tracks, index: PlaceIndex, lines: _Lines, clipped: _Clipped) -> Ints:
    """Turn shares of lines into moments within each piece's time: rows for ``stays``."""
    line, piece = clipped.line, clipped.piece
    begin_us = tracks.at_us(lines.begin)[line]
    took_us = tracks.at_us(lines.end)[line] - begin_us
    start = begin_us + np.floor(clipped.enters * took_us + 0.5).astype(np.int64)
    end = begin_us + np.floor(clipped.leaves * took_us + 0.5).astype(np.int64)
    opens, closes = index.opens_us[piece], index.closes_us[piece]
    counts = (start < closes) & ((end > opens) | (start == opens))
    rows = np.column_stack(
        [
            lines.track[line],
            index.piece_place[piece],
            np.maximum(start, opens),
            np.minimum(end, closes),
        ]
    )
    counting: Ints = rows[counts]
    return counting
