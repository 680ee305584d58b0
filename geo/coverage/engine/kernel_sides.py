"""On which side of the edges the smaller cells lie: most need no exact test, compiled.

A cell that an edge passes is cut into 8 × 8 smaller ones.  One farther from all edges than its own
size, and 5 cm more, lies wholly on one side: all exact tests of its cell give one answer there.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.engine.compiled import compiled, inlined
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, Units
from geo.coverage.engine.kernel_table import Arrays, find_cells, in_cell, is_fix_inside, is_inside
from geo.coverage.engine.outlines import MARGIN_M
from geo.coverage.engine.records import (
    CAPSULE_COUNT,
    CAPSULE_SIZE,
    EDGE_COUNT,
    EDGE_SIZE,
    EDGES,
)
from geo.coverage.engine.table import Codes

Sides = Ints
"""``(lists, 4)``: bits of the smaller cells to be tested, bits of those in the one piece and in no
other, the code of that piece, and one more than its record where it is all there is, else 0."""

_BITS: Final = 3
_SIDE: Final = 1 << _BITS
_LON_SHIFT: Final = CELL_LON_BITS - _BITS
_LAT_SHIFT: Final = CELL_LAT_BITS - _BITS
_HALF_WIDE: Final = float(1 << (_LON_SHIFT - 1))
_HALF_HIGH: Final = float(1 << (_LAT_SHIFT - 1))
_ALL: Final = -1
"""All 64 bits."""


@compiled
def find_sides(ground: Arrays, out: Sides) -> None:
    """Find the sides of all lists.

    Parameters
    ----------
    ground
        The index.
    out
        Gets a row for each list.  Lists without an exact test, and those of cells that lie wholly
        in two pieces or more, are left to be looked at for every fix.
    """
    for listed in range(len(out)):
        begin, end = ground.first_entry[listed], ground.first_entry[listed + 1]
        wholes, one = 0, begin
        for entry in range(begin, end):
            if ground.entry_record[entry] < 0:
                wholes += 1
                one = entry
        out[listed, 0], out[listed, 1] = _ALL, 0
        out[listed, 2] = ground.entry_piece[one] + 1
        out[listed, 3] = ground.entry_record[one] + 1 if end - begin == 1 else 0
        if wholes > 1 or wholes == end - begin:
            continue
        # Bits of the smaller cells that are near an edge, in any piece, in two or more, in the one.
        near, once, twice = 0, _ALL if wholes else 0, 0
        in_one = once
        for entry in range(begin, end):
            record = ground.entry_record[entry]
            if record < 0:
                continue
            near_this, in_this = _bits(ground, record)
            near |= near_this
            twice |= once & in_this
            once |= in_this
            if entry == one:
                in_one = in_this
        tested = near | twice | (once & ~in_one)
        out[listed, 0], out[listed, 1] = tested, once & ~tested


@inlined
def _bits(ground: Arrays, record: int) -> tuple[int, int]:
    """Give the bits of the smaller cells too near an edge, and of those inside."""
    records = ground.records
    reach = MARGIN_M + math.sqrt(
        (abs(records[record]) * _HALF_WIDE + abs(records[record + 1]) * _HALF_HIGH) ** 2
        + (abs(records[record + 3]) * _HALF_WIDE + abs(records[record + 4]) * _HALF_HIGH) ** 2
    )
    near, inside = 0, 0
    edge = record + EDGES
    for _ in range(int(records[record + EDGE_COUNT])):
        x1, y1 = records[edge], records[edge + 1]
        dx, dy = records[edge + 2] - x1, records[edge + 3] - y1
        square = dx * dx + dy * dy
        near |= _bits_near(ground, record, x1, y1, dx, dy, square, 0.0, reach)
        edge += EDGE_SIZE
    capsule = edge
    for _ in range(int(records[record + CAPSULE_COUNT])):
        x1, y1 = records[capsule], records[capsule + 1]
        dx, dy = records[capsule + 2], records[capsule + 3]
        far = math.sqrt(records[capsule + 5])
        near |= _bits_near(ground, record, x1, y1, dx, dy, dx * dx + dy * dy, far, reach)
        capsule += CAPSULE_SIZE
    for small in range(_SIDE * _SIDE):
        if not (near >> small) & 1:
            x, y = _middle(ground, record, small)
            inside |= int(is_inside(ground, record, x, y)) << small
    return near, inside


@inlined
def _bits_near(
    ground: Arrays,
    record: int,
    x1: float,
    y1: float,
    dx: float,
    dy: float,
    square: float,
    far: float,
    reach: float,
) -> int:
    """Give the bits of the smaller cells within reach of what is `far` from a line."""
    near = 0
    inverse = 1.0 / square if square > 0 else 0.0
    low, high = max(far - reach, 0.0) ** 2, (far + reach) ** 2
    for small in range(_SIDE * _SIDE):
        x, y = _middle(ground, record, small)
        px, py = x - x1, y - y1
        share = min(max((px * dx + py * dy) * inverse, 0.0), 1.0)
        away = (px - share * dx) ** 2 + (py - share * dy) ** 2
        near |= int((away >= low) & (away <= high)) << small
    return near


@inlined
def _middle(ground: Arrays, record: int, small: int) -> tuple[float, float]:
    """Give the middle of a smaller cell, in metres from the test's reference."""
    u = (small & (_SIDE - 1)) * (2.0 * _HALF_WIDE) + _HALF_WIDE
    v = (small >> _BITS) * (2.0 * _HALF_HIGH) + _HALF_HIGH
    return in_cell(ground, record, u, v)


@inlined
def look_up_sides(
    ground: Arrays, sides: Sides, lon: Units, lat: Units, tiles: Codes, within: Codes, codes: Codes
) -> None:
    """Write the codes of some fixes; a list is left only where more than one piece is at stake.

    Parameters
    ----------
    ground
        The index.
    sides
        Of all its lists.
    lon, lat
        The fixes.
    tiles, within
        Room to work in, one for each fix and one more.
    codes
        Gets the codes.
    """
    find_cells(ground, lon, lat, tiles, within)
    found = tiles  # Nothing is written there before it has been read.
    listed = 0
    for fix in range(len(codes)):
        block = np.uint32(ground.directory[np.uint32(tiles[fix])])
        code = ground.codes[np.uint32(block + np.uint32(within[fix]))]
        codes[fix] = code
        found[listed] = fix
        listed += code < 0
    tested = 0
    for number in range(listed):
        fix = found[number]
        row = -codes[fix] - 1
        column = (lon[fix] >> _LON_SHIFT) & (_SIDE - 1)
        small = (((lat[fix] >> _LAT_SHIFT) & (_SIDE - 1)) << _BITS) | column
        is_tested, is_alone = (sides[row, 0] >> small) & 1, (sides[row, 1] >> small) & 1
        codes[fix] = codes[fix] if is_tested else is_alone * sides[row, 2]
        found[tested] = fix  # No more of them are tested than have been looked at.
        tested += is_tested
    for number in range(tested):
        fix = found[number]
        row = -codes[fix] - 1
        if sides[row, 3] > 0:
            is_in = is_fix_inside(ground, sides[row, 3] - 1, lon[fix], lat[fix])
            codes[fix] = sides[row, 2] if is_in else 0
