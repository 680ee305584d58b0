"""Lines between fixes → time inside places in one pass, compiled; see ``clips`` for the method."""

from __future__ import annotations

import math
from typing import Final

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.clips import LONGEST_CELLS, OVERLAP_CELLS
from geo.coverage.engine.compiled import compiled, inlined
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, UNITS_PER_DEGREE, Units
from geo.coverage.engine.kernel_fixes import BLOCK
from geo.coverage.engine.kernel_table import (
    Arrays,
    in_metres,
    is_inside,
    look_up,
    transverse_mercator,
)
from geo.coverage.engine.table import Codes
from geo.coverage.engine.tracks import Ticks

_LON_SCALE: Final = 2.0**-CELL_LON_BITS
_LAT_SCALE: Final = 2.0**-CELL_LAT_BITS
_LAT_DEGREES: Final = 2.0**CELL_LAT_BITS / UNITS_PER_DEGREE
_DEGREE_M: Final = 111_300.0


@compiled
def fragments_of_tracks(
    ground: Arrays,
    places: int,
    lon: Units,
    lat: Units,
    at: Ticks,
    first: Ints,
    begin: int,
    end: int,
    tick_us: int,
    max_gap_us: int,
    join_us: int,
    tiles: Codes,
    within: Codes,
    codes: Codes,
    state: Ints,
    seen: Ints,
    cuts: Floats,
    ends: Floats,
    out: Ints,
) -> int:
    """Find the time inside pieces of the tracks from `begin` to `end`.

    Parameters
    ----------
    ground, places
        The index with its times in microseconds from the tracks' origin, and how many places.
    lon, lat, at, first
        The fixes; see ``Tracks``.
    begin, end
        Which tracks.
    tick_us
        What `at` is counted in.
    max_gap_us
        The longest time that a line bridges.
    join_us
        The longest absence that is bridged at once; what is farther apart may still come apart
        though it belongs together, since the cells of a line are not gone through in order.
    tiles, within, codes, state, seen, cuts, ends
        Room to work in: ``BLOCK + 1`` of the first three; for each place and zones a row ``1, 0``
        and a number; the most crossings that bounds in one cell may give; four numbers.
    out
        ``(room, 4)``: gets track, place, start and end; zones have the place `places`.

    Returns
    -------
    int
        How many rows there are; more than there was room for means that some were not written.
    """
    # State: start and end of what is under way in each place; the end comes first if nothing is.
    found = 0
    for track in range(begin, end):
        seen_count = 0
        last = first[track + 1] - 1
        was_joined = False
        projected = -1  # The fix whose metres are the second pair of `ends`.
        for block in range(first[track], last + 1, BLOCK):
            size = min(BLOCK, last + 1 - block)
            upto = min(block + size, last) + 1
            look_up(ground, lon[block:upto], lat[block:upto], tiles, within, codes)
            for fix in range(block, block + size):
                start_us = int(at[fix]) * tick_us
                took_us = 0
                to = fix
                if fix < last:
                    took_us = int(at[fix + 1]) * tick_us - start_us
                    if took_us <= max_gap_us:
                        to = fix + 1
                if to == fix:
                    if was_joined:
                        was_joined = False
                        continue
                    took_us = 0
                was_joined = to > fix
                code = codes[fix - block]
                west = int(lon[fix]) - ground.west
                south = int(lat[fix]) - ground.south
                east = int(lon[to]) - ground.west
                north = int(lat[to]) - ground.south
                column, row = west >> CELL_LON_BITS, south >> CELL_LAT_BITS
                to_column, to_row = east >> CELL_LON_BITS, north >> CELL_LAT_BITS
                is_one_cell = column == to_column and row == to_row
                if not is_one_cell:
                    code = _code_of_all(ground, column, row, to_column, to_row)
                if code == 0:
                    continue
                if code > 0:
                    seen_count, found = _count(
                        ground, places, state, seen, seen_count, code - 1,
                        start_us, start_us + took_us, join_us, track, out, found,
                    )  # fmt: skip
                    continue
                if projected == fix:
                    ends[0], ends[1] = ends[2], ends[3]
                else:
                    ends[0], ends[1] = in_metres(ground, lon[fix], lat[fix])
                ends[2], ends[3] = in_metres(ground, lon[to], lat[to])
                projected = to
                if is_one_cell:
                    seen_count, found = _in_list(
                        ground, places, state, seen, seen_count, -code - 1, ends, 0.0, 1.0,
                        start_us, took_us, join_us, track, cuts, out, found,
                    )  # fmt: skip
                    continue
                u1, v1 = west * _LON_SCALE, south * _LAT_SCALE
                u2, v2 = east * _LON_SCALE, north * _LAT_SCALE
                parts = max(math.ceil(max(abs(u2 - u1), abs(v2 - v1)) / LONGEST_CELLS), 1)
                part_u, part_v = u1, v1
                for part in range(parts):
                    if part == parts - 1:
                        next_u, next_v = float(u2), float(v2)
                    else:
                        next_u, next_v = _on_line(ground, u1, v1, u2, v2, ends, (part + 1) / parts)
                    seen_count, found = _follow(
                        ground, places, state, seen, seen_count, part_u, part_v, next_u, next_v,
                        part, parts, ends, start_us, took_us, join_us, track, cuts, out, found,
                    )  # fmt: skip
                    part_u, part_v = next_u, next_v
        for number in range(seen_count):
            found = _write(out, found, track, seen[number], state)
            state[seen[number], 0] = 1
            state[seen[number], 1] = 0
    return found


@inlined
def _code_of(ground: Arrays, column: int, row: int) -> int:
    """Look up the code of one cell."""
    bits = ground.bits
    tile_column, tile_row = column >> bits, row >> bits
    if not (0 <= tile_column < ground.tile_columns and 0 <= tile_row < ground.tile_rows):
        return 0
    mask = (1 << bits) - 1
    block = ground.directory[tile_row * (ground.tile_columns + 1) + tile_column]
    return int(ground.codes[block + ((row & mask) << bits) + (column & mask)])


@inlined
def _code_of_all(ground: Arrays, column: int, row: int, to_column: int, to_row: int) -> int:
    """Look up the code of all cells of the rectangle round two, −1 where that is not soon told."""
    low, high = min(column, to_column), max(column, to_column)
    bottom, top = min(row, to_row), max(row, to_row)
    bits, columns, rows = ground.bits, ground.tile_columns, ground.tile_rows
    if high < 0 or top < 0 or (low >> bits) >= columns or (bottom >> bits) >= rows:
        return 0
    if (high - low + 1) * (top - bottom + 1) <= 9:
        code = _code_of(ground, low, bottom)
        for y in range(bottom, top + 1):
            for x in range(low, high + 1):
                if _code_of(ground, x, y) != code:
                    return -1
        return max(code, -1)
    # A long line: whole tiles at a time, and not at all if these are many.
    low, high = max(low >> bits, 0), min(high >> bits, columns)
    bottom, top = max(bottom >> bits, 0), min(top >> bits, rows)
    if (high - low + 1) * (top - bottom + 1) > 64:
        return -1
    for y in range(bottom, top + 1):
        for x in range(low, high + 1):
            if ground.directory[y * (columns + 1) + x] != 0:
                return -1
    return 0


@inlined
def _on_line(
    ground: Arrays, u1: float, v1: float, u2: float, v2: float, ends: Floats, share: float
) -> tuple[float, float]:
    """Find a point of a line that is straight in metres, on the grid; right to a centimetre.

    The straight point on the grid is projected and moved by what it is off, turned by the
    convergence of the meridians.
    """
    u, v = u1 + share * (u2 - u1), v1 + share * (v2 - v1)
    for _ in range(2):
        lon_deg = (u / _LON_SCALE + ground.west) / UNITS_PER_DEGREE
        lat_deg = (v / _LAT_SCALE + ground.south) / UNITS_PER_DEGREE
        east_m, north_m = transverse_mercator(lon_deg, lat_deg)
        off_east = ends[0] + share * (ends[2] - ends[0]) - east_m
        off_north = ends[1] + share * (ends[3] - ends[1]) - north_m
        latitude = math.radians(lat_deg)
        turn = math.atan(math.tan(math.radians(lon_deg - 15.0)) * math.sin(latitude))
        sine, cosine = math.sin(turn), math.cos(turn)
        # A meridian leans by `turn` from grid north.
        along = off_east * sine + off_north * cosine
        across = off_east * cosine - off_north * sine
        v += along / _DEGREE_M / _LAT_DEGREES
        u += across / (_DEGREE_M * math.cos(latitude)) * UNITS_PER_DEGREE * _LON_SCALE
    return u, v


@inlined
def _follow(
    ground: Arrays,
    places: int,
    state: Ints,
    seen: Ints,
    seen_count: int,
    u1: float,
    v1: float,
    u2: float,
    v2: float,
    part: int,
    parts: int,
    ends: Floats,
    start_us: int,
    took_us: int,
    join_us: int,
    track: int,
    cuts: Floats,
    out: Ints,
    found: int,
) -> tuple[int, int]:
    """Follow one straight part of a line from cell to cell."""
    du, dv = u2 - u1, v2 - v1
    per_u, per_v = 1.0 / du, 1.0 / dv
    slope = du * per_v
    low_u, low_v, high_u = (u1, v1, u2) if dv >= 0.0 else (u2, v2, u1)
    bottom, top = math.floor(low_v), math.floor(max(v1, v2))
    last_column = (ground.tile_columns << ground.bits) - 1
    last_row = (ground.tile_rows << ground.bits) - 1
    one = low_u
    for row in range(bottom, top + 1):
        other = high_u if row == top else low_u + (row + 1 - low_v) * slope
        west = max(math.floor(min(one, other)), 0)
        east = min(math.floor(max(one, other)), last_column)
        one = other
        if not 0 <= row <= last_row:
            continue
        for column in range(west, east + 1):
            code = _code_of(ground, column, row)
            if code == 0:
                continue
            enters, leaves = _between(u1, du, per_u, column, 0.0, 1.0)
            enters, leaves = _between(v1, dv, per_v, row, enters, leaves)
            leaves = max(enters, leaves)
            enters, leaves = (part + enters) / parts, (part + leaves) / parts
            if code > 0:
                seen_count, found = _count(
                    ground, places, state, seen, seen_count, code - 1,
                    start_us + math.floor(enters * took_us + 0.5),
                    start_us + math.floor(leaves * took_us + 0.5),
                    join_us, track, out, found,
                )  # fmt: skip
            else:
                seen_count, found = _in_list(
                    ground, places, state, seen, seen_count, -code - 1, ends, enters, leaves,
                    start_us, took_us, join_us, track, cuts, out, found,
                )  # fmt: skip
    return seen_count, found


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


@inlined
def _in_list(
    ground: Arrays,
    places: int,
    state: Ints,
    seen: Ints,
    seen_count: int,
    listed: int,
    ends: Floats,
    enters: float,
    leaves: float,
    start_us: int,
    took_us: int,
    join_us: int,
    track: int,
    cuts: Floats,
    out: Ints,
    found: int,
) -> tuple[int, int]:
    """Count a stretch for the candidates of a cell, cut at their edges."""
    dx, dy = ends[2] - ends[0], ends[3] - ends[1]
    for entry in range(ground.first_entry[listed], ground.first_entry[listed + 1]):
        piece, test = ground.entry_piece[entry], ground.entry_test[entry]
        cut_count = 0
        ax, ay = 0.0, 0.0
        if test >= 0:
            ax = ends[0] - ground.reference[test, 0]
            ay = ends[1] - ground.reference[test, 1]
            cut_count = _crossings(ground, test, ax, ay, dx, dy, enters, leaves, cuts)
        low = enters
        for cut in range(cut_count + 1):
            high = cuts[cut] if cut < cut_count else leaves
            middle = (low + high) / 2
            if test < 0 or is_inside(ground, test, ax + middle * dx, ay + middle * dy):
                seen_count, found = _count(
                    ground, places, state, seen, seen_count, piece,
                    start_us + math.floor(low * took_us + 0.5),
                    start_us + math.floor(high * took_us + 0.5),
                    join_us, track, out, found,
                )  # fmt: skip
            low = high
    return seen_count, found


@inlined
def _crossings(
    ground: Arrays,
    test: int,
    ax: float,
    ay: float,
    dx: float,
    dy: float,
    enters: float,
    leaves: float,
    cuts: Floats,
) -> int:
    """Find where a line crosses what bounds a piece in a cell, in order; give how often."""
    count = 0
    edges, capsules = ground.edges, ground.capsules
    for e in range(ground.first_edge[test], ground.first_edge[test + 1]):
        x1, y1, x2, y2 = edges[e, 0] - ax, edges[e, 1] - ay, edges[e, 2] - ax, edges[e, 3] - ay
        if (dx * y1 - dy * x1 >= 0) != (dx * y2 - dy * x2 >= 0):
            ex, ey = edges[e, 2] - edges[e, 0], edges[e, 3] - edges[e, 1]
            count = _insert(cuts, count, (x1 * ey - y1 * ex) / (dx * ey - dy * ex), enters, leaves)
    square = dx * dx + dy * dy
    for c in range(ground.first_capsule[test], ground.first_capsule[test + 1]):
        cx, cy, inverse, square_reach = (
            capsules[c, 2], capsules[c, 3], capsules[c, 4], capsules[c, 5],
        )  # fmt: skip
        px, py = ax - capsules[c, 0], ay - capsules[c, 1]
        for end in range(2 if inverse > 0 else 1):
            qx, qy = px - end * cx, py - end * cy
            half = dx * qx + dy * qy
            under = half * half - square * (qx * qx + qy * qy - square_reach)
            if under > 0 and square > 0:
                root = math.sqrt(under)
                count = _insert(cuts, count, (-half - root) / square, enters, leaves)
                count = _insert(cuts, count, (-half + root) / square, enters, leaves)
        across = cx * dy - cy * dx
        if inverse > 0 and across != 0:
            far, away = math.sqrt(square_reach / inverse), cx * py - cy * px
            count = _insert(cuts, count, (far - away) / across, enters, leaves)
            count = _insert(cuts, count, (-far - away) / across, enters, leaves)
    return count


@inlined
def _insert(cuts: Floats, count: int, share: float, enters: float, leaves: float) -> int:
    """Put a crossing in its place among those found, if it lies within the stretch."""
    if not enters < share < leaves:
        return count
    at = count
    while at > 0 and cuts[at - 1] > share:
        cuts[at] = cuts[at - 1]
        at -= 1
    cuts[at] = share
    return count + 1


@inlined
def _count(
    ground: Arrays,
    places: int,
    state: Ints,
    seen: Ints,
    seen_count: int,
    piece: int,
    start_us: int,
    end_us: int,
    join_us: int,
    track: int,
    out: Ints,
    found: int,
) -> tuple[int, int]:
    """Add time in a piece to what is under way in its place, or end that and begin anew."""
    if not ground.piece_always[piece]:
        opens, closes = ground.opens[piece], ground.closes[piece]
        if not (start_us < closes and (end_us > opens or start_us == opens)):
            return seen_count, found
        start_us, end_us = max(start_us, opens), min(end_us, closes)
    place = ground.piece_place[piece]
    if place < 0:
        place = places
    if state[place, 1] >= state[place, 0]:
        if start_us <= state[place, 1] + join_us and end_us + join_us >= state[place, 0]:
            state[place, 0] = min(state[place, 0], start_us)
            state[place, 1] = max(state[place, 1], end_us)
            return seen_count, found
        found = _write(out, found, track, place, state)
    else:
        seen[seen_count] = place
        seen_count += 1
    state[place, 0], state[place, 1] = start_us, end_us
    return seen_count, found


@inlined
def _write(out: Ints, found: int, track: int, place: int, state: Ints) -> int:
    if found < len(out):
        out[found, 0] = track
        out[found, 1] = place
        out[found, 2] = state[place, 0]
        out[found, 3] = state[place, 1]
    return found + 1
