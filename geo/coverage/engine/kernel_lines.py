"""Lines between fixes → time inside places in one pass, compiled; see ``clips`` for the method.

Most lines run through nothing but empty cells, and the distances at both ends tell: those are
sifted out a block at a time.  What is left is followed in order of time, so that the pieces of
one visit come one after the other.
"""

from __future__ import annotations

import math
from typing import Final

from geo.coverage.cells import Ints
from geo.coverage.engine.clips import LONGEST_CELLS, OVERLAP_CELLS
from geo.coverage.engine.compiled import compiled, inlined
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, Units
from geo.coverage.engine.distances import Near
from geo.coverage.engine.kernel_course import (
    LAT_SCALE,
    LON_SCALE,
    bend_cells,
    code_of,
    code_of_all,
    is_clear,
    on_line,
)
from geo.coverage.engine.kernel_cuts import (
    FOUND,
    TRACK,
    Work,
    count,
    count_list,
    count_share,
    end_track,
    project_ends,
)
from geo.coverage.engine.kernel_fixes import BLOCK
from geo.coverage.engine.kernel_table import Arrays, look_up
from geo.coverage.engine.table import Codes
from geo.coverage.engine.tracks import Ticks

_SLACK: Final = 3
"""Cells: a cell on a line may be one farther from each end than its part of the line is long, and
a line bends, by far less than one."""


@compiled
def fragments_of_tracks(
    ground: Arrays,
    directory: Codes,
    distances: Near,
    lon: Units,
    lat: Units,
    at: Ticks,
    first: Ints,
    begin: int,
    end: int,
    tick_us: int,
    max_gap: int,
    tiles: Codes,
    within: Codes,
    near: Codes,
    work: Work,
) -> int:
    """Find the time inside pieces of the tracks from `begin` to `end`.

    Parameters
    ----------
    ground
        The index with its times in microseconds from the tracks' origin.
    directory, distances
        How far the next cell that is not empty is; see ``Distances``.
    lon, lat, at, first
        The fixes; see ``Tracks``.
    begin, end
        Which tracks.
    tick_us
        What `at` is counted in.
    max_gap
        The longest time that a line bridges, in ticks.
    tiles, within, near
        Room to work in: ``BLOCK + 1`` of each.
    work
        More room, with nothing under way, and the rows found.

    Returns
    -------
    int
        How many rows there are; more than there was room for means that some were not written.
    """
    work.numbers[:] = -1
    work.numbers[:TRACK] = 0
    for track in range(begin, end):
        work.numbers[TRACK] = track
        last = first[track + 1] - 1
        for block in range(first[track], last + 1, BLOCK):
            size = min(BLOCK, last + 1 - block)
            upto = min(block + size, last) + 1
            some = slice(block, upto)
            look_up(ground, directory, distances, lon[some], lat[some], tiles, within, near)
            # `tiles` is free again, and gets the fixes whose lines must be followed.
            kept = _sift(lon[some], lat[some], at[some], near, max_gap, tiles)
            if upto == block + size:  # The last fix has no line to another.
                tiles[kept] = size - 1
                kept += 1
            for number in range(kept):
                fix = block + tiles[number]
                to = fix + 1
                if fix == last or _silence(at, to) > max_gap:
                    if fix > first[track] and _silence(at, fix) <= max_gap:
                        continue
                    to = fix
                _follow_line(ground, directory, distances, work, lon, lat, at, tick_us, fix, to)
        end_track(work)
    return int(work.numbers[FOUND])


@inlined
def _silence(at: Ticks, fix: int) -> int:
    """Measure the time before a fix."""
    return int(at[fix]) - int(at[fix - 1])


@inlined
def _sift(lon: Units, lat: Units, at: Ticks, near: Codes, max_gap: int, kept: Codes) -> int:
    """Find the lines that may meet more than empty cells, or are none; nothing in it branches.

    A cell on a line from one fix to the next is at most as far from both together as these are
    from each other, but for ``_SLACK``.
    """
    found = 0
    for i in range(len(lon) - 1):
        columns = abs((lon[i + 1] >> CELL_LON_BITS) - (lon[i] >> CELL_LON_BITS))
        rows = abs((lat[i + 1] >> CELL_LAT_BITS) - (lat[i] >> CELL_LAT_BITS))
        is_near = near[i] + near[i + 1] <= max(columns, rows) + _SLACK
        kept[found] = i
        found += is_near | (_silence(at, i + 1) > max_gap)
    return found


@inlined
def _follow_line(
    ground: Arrays,
    directory: Codes,
    distances: Near,
    work: Work,
    lon: Units,
    lat: Units,
    at: Ticks,
    tick_us: int,
    fix: int,
    to: int,
) -> None:
    """Count the line from a fix to the next, or the fix alone."""
    start_us = int(at[fix]) * tick_us
    took_us = int(at[to]) * tick_us - start_us
    west, south = int(lon[fix]) - ground.west, int(lat[fix]) - ground.south
    east, north = int(lon[to]) - ground.west, int(lat[to]) - ground.south
    column, row = west >> CELL_LON_BITS, south >> CELL_LAT_BITS
    to_column, to_row = east >> CELL_LON_BITS, north >> CELL_LAT_BITS
    if column == to_column and row == to_row:
        code = code_of(ground, column, row)
        if code > 0:
            count(ground, work, code - 1, start_us, start_us + took_us)
        elif code < 0:
            project_ends(ground, work, lon, lat, fix, to)
            count_list(ground, work, -code - 1, 0.0, 1.0, start_us, took_us)
        return
    code = code_of_all(ground, column, row, to_column, to_row)
    if code > 0:
        count(ground, work, code - 1, start_us, start_us + took_us)
    if code >= 0:
        return
    u1, v1 = west * LON_SCALE, south * LAT_SCALE
    u2, v2 = east * LON_SCALE, north * LAT_SCALE
    parts = max(math.ceil(max(abs(u2 - u1), abs(v2 - v1)) / LONGEST_CELLS), 1)
    bend = 0
    if parts > 1:
        project_ends(ground, work, lon, lat, fix, to)
        bend = bend_cells(work.ends, int(lat[fix]))
    known = 0  # The part whose first end is `part_u`, `part_v`.
    part_u, part_v = u1, v1
    for part in range(parts):
        if parts > 1 and is_clear(ground, directory, distances, u1, v1, u2, v2, part, parts, bend):
            continue
        if known < part:
            part_u, part_v = on_line(ground, u1, v1, u2, v2, work.ends, part / parts)
        next_u, next_v = u2, v2
        if part < parts - 1:
            next_u, next_v = on_line(ground, u1, v1, u2, v2, work.ends, (part + 1) / parts)
        _follow(
            ground, directory, distances, work, lon, lat, fix, to,
            part_u, part_v, next_u, next_v, part, parts, start_us, took_us,
        )  # fmt: skip
        known, part_u, part_v = part + 1, next_u, next_v


@inlined
def _follow(
    ground: Arrays,
    directory: Codes,
    distances: Near,
    work: Work,
    lon: Units,
    lat: Units,
    fix: int,
    to: int,
    u1: float,
    v1: float,
    u2: float,
    v2: float,
    part: int,
    parts: int,
    start_us: int,
    took_us: int,
) -> None:
    """Follow one straight part of a line from cell to cell, in order of time."""
    du, dv = u2 - u1, v2 - v1
    per_u, per_v = 1.0 / du, 1.0 / dv
    slope = du * per_v
    low_u, low_v, high_u = (u1, v1, u2) if dv >= 0.0 else (u2, v2, u1)
    bottom, top = math.floor(low_v), math.floor(max(v1, v2))
    bits, stride = ground.bits, ground.tile_columns + 1
    mask = (1 << bits) - 1
    last_column = (ground.tile_columns << bits) - 1
    last_row = (ground.tile_rows << bits) - 1
    # Where the line comes into a row, and where it goes out of it.
    one = u1
    # Cells nearer than this to the last one looked at are empty.
    seen_column, seen_row, clear = 0, 0, 0
    # A run of cells wholly in the same piece, and nothing else, counts at once.
    run_code, run_enters, run_leaves = 0, 0.0, 0.0
    for step in range(top - bottom + 2):
        # A row more ends the last run.
        row, west, east = -1, 0, 0
        if step <= top - bottom:
            if dv >= 0.0:
                row = bottom + step
                other = high_u if row == top else low_u + (row + 1 - low_v) * slope
            else:
                row = top - step
                other = low_u if row == bottom else low_u + (row - low_v) * slope
            west = max(math.floor(min(one, other)), 0)
            east = min(math.floor(max(one, other)), last_column)
            one = other
            if not 0 <= row <= last_row:
                continue
        tile_row, cell_row = (row >> bits) * stride, (row & mask) << bits
        for right in range(east - west + 1):
            code, enters, leaves = 0, 0.0, 0.0
            if row >= 0:
                column = west + right if du >= 0.0 else east - right
                if abs(column - seen_column) < clear and abs(row - seen_row) < clear:
                    continue
                tile, cell = tile_row + (column >> bits), cell_row + (column & mask)
                seen_column, seen_row, clear = column, row, distances[directory[tile] + cell]
                if clear > 0:
                    continue
                code = ground.codes[ground.directory[tile] + cell]
                enters, leaves = _between(u1, du, per_u, column, 0.0, 1.0)
                enters, leaves = _between(v1, dv, per_v, row, enters, leaves)
                leaves = max(enters, leaves)
                enters, leaves = (part + enters) / parts, (part + leaves) / parts
                if code == run_code and code > 0 and enters <= run_leaves:
                    run_leaves = max(run_leaves, leaves)
                    continue
            if run_code > 0:
                count_share(ground, work, run_code - 1, run_enters, run_leaves, start_us, took_us)
            run_code, run_enters, run_leaves = code, enters, leaves
            if code < 0:
                project_ends(ground, work, lon, lat, fix, to)
                count_list(ground, work, -code - 1, enters, leaves, start_us, took_us)


@inlined
def _between(
    start: float, step: float, per_step: float, border: int, enters: float, leaves: float
) -> tuple[float, float]:
    """Narrow a stretch to what lies between two borders of a cell."""
    if step == 0.0:
        return enters, leaves
    low = (border - OVERLAP_CELLS - start) * per_step
    high = (border + 1 + OVERLAP_CELLS - start) * per_step
    return max(enters, min(low, high)), min(leaves, max(low, high))
