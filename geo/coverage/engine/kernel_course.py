"""What is known of a line before it is followed, compiled: where it runs, and what it may meet."""

from __future__ import annotations

import math
from typing import Final

from geo.coverage.cells import Floats
from geo.coverage.engine.compiled import inlined
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, UNITS_PER_DEGREE
from geo.coverage.engine.distances import Near
from geo.coverage.engine.kernel_table import Arrays, transverse_mercator
from geo.coverage.engine.table import Codes

LON_SCALE: Final = 2.0**-CELL_LON_BITS
LAT_SCALE: Final = 2.0**-CELL_LAT_BITS
_LAT_DEGREES: Final = 2.0**CELL_LAT_BITS / UNITS_PER_DEGREE
_LON_DEGREES: Final = 2.0**CELL_LON_BITS / UNITS_PER_DEGREE
_DEGREE_M: Final = 111_300.0
_EARTH_M: Final = 6_371_000.0
_RECTANGLE: Final = 9
"""So many cells are looked at together before a line is followed."""


@inlined
def code_of(ground: Arrays, column: int, row: int) -> int:
    """Look up the code of one cell."""
    bits = ground.bits
    tile_column, tile_row = column >> bits, row >> bits
    if not (0 <= tile_column < ground.tile_columns and 0 <= tile_row < ground.tile_rows):
        return 0
    mask = (1 << bits) - 1
    block = ground.directory[tile_row * (ground.tile_columns + 1) + tile_column]
    return int(ground.codes[block + ((row & mask) << bits) + (column & mask)])


@inlined
def code_of_all(ground: Arrays, column: int, row: int, to_column: int, to_row: int) -> int:
    """Look up the code of all cells of the rectangle round two, −1 where that is not soon told."""
    low, high = min(column, to_column), max(column, to_column)
    bottom, top = min(row, to_row), max(row, to_row)
    if (high - low + 1) * (top - bottom + 1) > _RECTANGLE:
        return -1
    code = code_of(ground, low, bottom)
    for y in range(bottom, top + 1):
        for x in range(low, high + 1):
            if code_of(ground, x, y) != code:
                return -1
    return max(code, -1)


@inlined
def bend_cells(ends: Floats, lat: int) -> int:
    """Bound how far a line that is straight in metres strays from the straight one in degrees.

    Twice ``L² · (1 + tan φ) / 8R``, in the smaller side of a cell.
    """
    dx, dy = ends[2] - ends[0], ends[3] - ends[1]
    latitude = math.radians(lat / UNITS_PER_DEGREE)
    metres = (dx * dx + dy * dy) * (1.0 + abs(math.tan(latitude))) / (4.0 * _EARTH_M)
    width, height = _LON_DEGREES * math.cos(latitude), _LAT_DEGREES
    bend: int = math.ceil(min(metres / (_DEGREE_M * max(min(width, height), 1e-9)), 1e6))
    return bend


@inlined
def is_clear(
    ground: Arrays,
    directory: Codes,
    distances: Near,
    u1: float,
    v1: float,
    u2: float,
    v2: float,
    part: int,
    parts: int,
    bend: int,
) -> bool:
    """Tell whether a part of a line surely meets nothing but empty cells."""
    du, dv = u2 - u1, v2 - v1
    long = max(abs(du), abs(dv))
    at, until = long * part / parts, long * (part + 1) / parts
    while True:
        column, row = math.floor(u1 + du * (at / long)), math.floor(v1 + dv * (at / long))
        # So far on all cells are as near to this one as empty cells are.
        ahead = _distance(ground, directory, distances, column, row) - bend - 2
        if ahead < 1:
            return False
        at += ahead
        if at >= until:
            return True


@inlined
def _distance(ground: Arrays, directory: Codes, distances: Near, column: int, row: int) -> int:
    """Look up the distance of one cell; outside it is at least that to the frame."""
    bits = ground.bits
    columns, rows = ground.tile_columns << bits, ground.tile_rows << bits
    outside = max(-column, column - columns + 1, -row, row - rows + 1)
    if outside > 0:
        return outside
    mask = (1 << bits) - 1
    block = directory[(row >> bits) * (ground.tile_columns + 1) + (column >> bits)]
    return int(distances[block + ((row & mask) << bits) + (column & mask)])


@inlined
def on_line(
    ground: Arrays, u1: float, v1: float, u2: float, v2: float, ends: Floats, share: float
) -> tuple[float, float]:
    """Find a point of a line that is straight in metres, on the grid; right to a centimetre.

    The straight point on the grid is projected and moved by what it is off, turned by the
    convergence of the meridians.
    """
    u, v = u1 + share * (u2 - u1), v1 + share * (v2 - v1)
    for _ in range(2):
        lon_deg = (u / LON_SCALE + ground.west) / UNITS_PER_DEGREE
        lat_deg = (v / LAT_SCALE + ground.south) / UNITS_PER_DEGREE
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
        u += across / (_DEGREE_M * math.cos(latitude)) * UNITS_PER_DEGREE * LON_SCALE
    return u, v
