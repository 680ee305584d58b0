"""Fixes → (fix, piece) pairs by the cell table, with numpy."""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.engine.degrees import Units
from geo.coverage.engine.exact import are_fixes_inside
from geo.coverage.engine.table import CellTable
from geo.coverage.engine.walk import spread


def pieces_at(table: CellTable, lon: Units, lat: Units) -> tuple[Ints, Ints]:
    """Find the pieces each position lies in.

    Returns
    -------
    tuple of ndarray
        Position and piece, pairwise, in order of position, then piece.
    """
    code = table.codes_at(lon, lat)
    whole = np.flatnonzero(code > 0)
    listed = np.flatnonzero(code < 0)
    lists = -code[listed].astype(np.int64) - 1
    first = table.first_entry
    at, entry = spread(first[lists], first[lists + 1] - first[lists])
    fix, test = listed[at], table.entry_test[entry]
    kept = test < 0
    tested = np.flatnonzero(~kept)
    tested_lon, tested_lat = lon[fix[tested]], lat[fix[tested]]
    kept[tested] = are_fixes_inside(table.exact, test[tested], tested_lon, tested_lat)
    position = np.concatenate([whole, fix[kept]])
    piece = np.concatenate([code[whole].astype(np.int64) - 1, table.entry_piece[entry[kept]]])
    order = np.lexsort((piece, position))
    return position[order], piece[order]
