"""What both kernels share: look-up, projection and exact test, compiled.

The same table and the same arithmetic as ``table``, ``projection`` and ``exact``.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.compiled import inlined
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, Units
from geo.coverage.engine.distances import Near
from geo.coverage.engine.index import PlaceIndex
from geo.coverage.engine.projection import PATCH_BITS
from geo.coverage.engine.records import (
    CAPSULE_COUNT,
    CAPSULE_SIZE,
    EDGE_COUNT,
    EDGE_SIZE,
    EDGES,
    IS_INSIDE,
)
from geo.coverage.engine.table import Codes

_UNSIGNED = 2**32 - 1
_LON_MASK, _LAT_MASK = 2**CELL_LON_BITS - 1, 2**CELL_LAT_BITS - 1
_PATCH_MASK = 2**PATCH_BITS - 1
_PATCH_HALF = float(2 ** (PATCH_BITS - 1))


class Arrays(NamedTuple):
    """An index as flat arrays and numbers, for kernels; see ``CellTable`` and ``PlaceIndex``."""

    west: int
    south: int
    bits: int
    tile_columns: int
    tile_rows: int
    directory: Codes
    codes: Codes
    first_entry: Ints
    entry_piece: Ints
    entry_record: Ints
    list_kind: Ints
    piece_place: Ints
    piece_always: Bools
    opens: Ints
    closes: Ints
    records: Floats
    patch_west: int
    patch_south: int
    patch_slot: NDArray[np.int32]
    coefficients: Floats


def arrays_of(index: PlaceIndex, *, opens: Ints, closes: Ints) -> Arrays:
    """Lay out an index; `opens` and `closes` of its pieces are in the kernel's own time."""
    table, frame = index.table, index.table.frame
    records, entry_record = table.records
    return Arrays(
        west=frame.west << CELL_LON_BITS,
        south=frame.south << CELL_LAT_BITS,
        bits=frame.bits,
        tile_columns=frame.tile_columns,
        tile_rows=frame.tile_rows,
        directory=table.directory,
        codes=table.codes,
        first_entry=table.first_entry,
        entry_piece=table.entry_piece,
        entry_record=entry_record,
        list_kind=index.list_kind,
        piece_place=index.piece_place,
        piece_always=~index.has_windows(),
        opens=opens,
        closes=closes,
        records=records,
        patch_west=table.patches.west,
        patch_south=table.patches.south,
        patch_slot=table.patches.slot,
        coefficients=table.patches.coefficients,
    )


@inlined
def find_cells(ground: Arrays, lon: Units, lat: Units, tiles: Codes, within: Codes) -> None:
    """Find the tile of each fix, and the number of its cell there; nothing in it branches.

    Where to look comes first, several fixes at a time in the processor's wide registers, and then
    the looking.
    """
    west, south, bits = ground.west, ground.south, ground.bits
    mask = (1 << bits) - 1
    last_column, last_row = ground.tile_columns, ground.tile_rows
    stride = ground.tile_columns + 1
    for fix in range(len(lon)):
        column = ((lon[fix] - west) & _UNSIGNED) >> CELL_LON_BITS
        row = ((lat[fix] - south) & _UNSIGNED) >> CELL_LAT_BITS
        tiles[fix] = min(row >> bits, last_row) * stride + min(column >> bits, last_column)
        within[fix] = ((row & mask) << bits) | (column & mask)


@inlined
def look_up(
    ground: Arrays,
    directory: Codes,
    codes: Codes | Near,
    lon: Units,
    lat: Units,
    tiles: Codes,
    within: Codes,
    out: Codes,
) -> None:
    """Write the codes of some fixes, or their distances, to `out`; nothing in it branches.

    `tiles` and `within` are room to work in.
    """
    find_cells(ground, lon, lat, tiles, within)
    for fix in range(len(lon)):
        block = np.uint32(directory[np.uint32(tiles[fix])])
        out[fix] = codes[np.uint32(block + np.uint32(within[fix]))]


@inlined
def in_metres(ground: Arrays, lon: int, lat: int) -> tuple[float, float]:
    """Project one position to EPSG:3006."""
    column = (lon >> PATCH_BITS) - ground.patch_west
    row = (lat >> PATCH_BITS) - ground.patch_south
    rows, columns = ground.patch_slot.shape
    if 0 <= column < columns and 0 <= row < rows:
        slot = ground.patch_slot[row, column]
        if slot >= 0:
            x = (lon & _PATCH_MASK) / _PATCH_HALF - 1.0
            y = (lat & _PATCH_MASK) / _PATCH_HALF - 1.0
            return (
                _cubic(ground.coefficients[slot, 0], x, y),
                _cubic(ground.coefficients[slot, 1], x, y),
            )
    return transverse_mercator(lon * 1e-7, lat * 1e-7)


@inlined
def _cubic(c: Floats, x: float, y: float) -> float:
    constant = c[0] + y * (c[1] + y * (c[2] + y * c[3]))
    linear = c[4] + y * (c[5] + y * c[6])
    value: float = constant + x * (linear + x * (c[7] + y * c[8] + x * c[9]))
    return value


# GRS 80 and SWEREF 99 TM: Lantmäteriet, "Gauss Conformal Projection (Transverse Mercator),
# Krüger's Formulas"; the series to n⁴ there is right to less than a millimetre over Sweden, the
# two more terms here (Karney 2011, "Transverse Mercator with an accuracy of a few nanometers",
# J. Geodesy 85, eq. 35) to far less than that.
_FLATTENING = 1.0 / 298.257222101
_N = _FLATTENING / (2.0 - _FLATTENING)
_E = math.sqrt(_FLATTENING * (2.0 - _FLATTENING))
_SCALE = 0.9996 * 6378137.0 / (1.0 + _N) * (1.0 + _N**2 / 4.0 + _N**4 / 64.0 + _N**6 / 256.0)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288
    + 7891 * _N**6 / 37800,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630
    - 1983433 * _N**6 / 1935360,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880 + 167603 * _N**6 / 181440,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168 + 6601661 * _N**6 / 7257600,
    34729 * _N**5 / 80640 - 3418889 * _N**6 / 1995840,
    212378941 * _N**6 / 319334400,
)  # fmt: skip


@inlined
def transverse_mercator(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    """Project one position with the series, for the few that lie in no patch."""
    latitude = math.radians(lat_deg)
    longitude = math.radians(lon_deg - 15.0)
    sine = math.sin(latitude)
    conformal = math.sinh(math.atanh(sine) - _E * math.atanh(_E * sine))
    xi = math.atan2(conformal, math.cos(longitude))
    eta = math.asinh(math.sin(longitude) / math.hypot(conformal, math.cos(longitude)))
    north, east = xi, eta
    for j in range(len(_ALPHA)):
        k = 2.0 * (j + 1)
        north += _ALPHA[j] * math.sin(k * xi) * math.cosh(k * eta)
        east += _ALPHA[j] * math.cos(k * xi) * math.sinh(k * eta)
    return 500_000.0 + _SCALE * east, _SCALE * north


@inlined
def is_inside(ground: Arrays, record: int, x: float, y: float) -> bool:
    """Put one point, in metres from the test's reference, to the test; see ``exact``."""
    records = ground.records
    inside: bool = records[record + IS_INSIDE] > 0
    edge = record + EDGES
    for _ in range(int(records[record + EDGE_COUNT])):
        x1, y1, x2, y2 = records[edge], records[edge + 1], records[edge + 2], records[edge + 3]
        straddles = (x * y1 - y * x1 >= 0) != (x * y2 - y * x2 >= 0)
        side = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0
        inside ^= straddles & (side != (x1 * y2 - y1 * x2 >= 0))
        edge += EDGE_SIZE
    capsule = edge
    for _ in range(int(records[record + CAPSULE_COUNT])):
        px, py = x - records[capsule], y - records[capsule + 1]
        dx, dy = records[capsule + 2], records[capsule + 3]
        share = min(max((px * dx + py * dy) * records[capsule + 4], 0.0), 1.0)
        inside |= (px - share * dx) ** 2 + (py - share * dy) ** 2 <= records[capsule + 5]
        capsule += CAPSULE_SIZE
    return inside


@inlined
def in_cell(ground: Arrays, record: int, u: float, v: float) -> tuple[float, float]:
    """Give metres from a test's reference, of a point given in units from its cell's corner."""
    records = ground.records
    x = records[record] * u + records[record + 1] * v + records[record + 2]
    y = records[record + 3] * u + records[record + 4] * v + records[record + 5]
    return x, y


@inlined
def is_fix_inside(ground: Arrays, record: int, lon: int, lat: int) -> bool:
    """Put one fix to one exact test; see ``exact``."""
    x, y = in_cell(ground, record, lon & _LON_MASK, lat & _LAT_MASK)
    return is_inside(ground, record, x, y)


@inlined
def write_row(out: Ints, found: int, track: int, place: int, state: Ints) -> int:
    """Write a row of track, place and the place's state, if there is room; give how many then."""
    if found < out.shape[1]:
        out[0, found] = track
        out[1, found] = place
        for column in range(state.shape[1]):
            out[2 + column, found] = state[place, column]
    return found + 1
