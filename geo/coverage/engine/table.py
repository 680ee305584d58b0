"""The cell table: cell → nothing, wholly in one place, or a list of candidates.

Two look-ups find a cell's *code*: a directory of tiles gives a block, the block gives the code.

======  ========================================================================================
code    meaning
======  ========================================================================================
0       the cell lies in no piece
k > 0   the cell lies wholly in piece k − 1, and in no other
−k < 0  list k − 1: pieces it lies wholly in, and pieces that need the exact test there
======  ========================================================================================

The directory has a column and a row of empty tiles in the east and north.  Cells are counted
from the south-west corner in *unsigned* numbers, so whatever lies west or south of it becomes very
large and ends in the empty border like everything else outside: no branch is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.cuts import Cuts, Exact
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, Units, whole_units
from geo.coverage.engine.distances import Distances, distances_of
from geo.coverage.engine.fill import Crossings, Frame
from geo.coverage.engine.lists import Lists
from geo.coverage.engine.outlines import MARGIN_M, Outlines, outlines_of
from geo.coverage.engine.projection import Patches, fit_patches
from geo.coverage.engine.records import records_of
from geo.coverage.engine.shapes import Shapes
from geo.coverage.engine.sorting import among, distinct
from geo.coverage.engine.walk import spread, walk

Codes = NDArray[np.int32]

_TILE_BITS: Final = range(3, 10)
_MOST_CODES: Final = 2**28


@dataclass(frozen=True, eq=False)
class CellTable:
    """Cells → pieces.

    Attributes
    ----------
    frame
        Which cells there are.
    directory
        First code of each tile's block, ``(tile rows + 1) × (tile columns + 1)``, flat.
    codes
        Blocks of codes, row by row from the south-west.
    first_entry
        ``(lists + 1)``: which entries are whose.
    entry_piece
        The piece of each entry, in rising order within a list.
    entry_test
        Its exact test, −1 where the cell lies wholly inside.
    exact
        The tests.
    patches
        The projection, for all cells in or near a piece.
    """

    frame: Frame
    directory: Codes
    codes: Codes
    first_entry: Ints
    entry_piece: Ints
    entry_test: Ints
    exact: Exact
    patches: Patches

    @cached_property
    def records(self) -> tuple[Floats, Ints]:
        """The tests as one row of numbers, and where each entry's begins (−1: it has none)."""
        numbers, begin = records_of(self.exact)
        return numbers, np.append(begin, -1)[self.entry_test]

    @cached_property
    def distances(self) -> Distances:
        """How far it is to the nearest cell with a piece; made when lines are first asked for."""
        return distances_of(self.frame, self.directory, self.codes)

    def codes_at(self, lon: Units, lat: Units) -> Codes:
        """Look up the code of the cell each position lies in."""
        frame, bits = self.frame, self.frame.bits
        column = (lon >> CELL_LON_BITS) - frame.west
        row = (lat >> CELL_LAT_BITS) - frame.south
        # Seen as unsigned, west and south of the frame is far beyond it.
        column, row = column.astype(np.uint32), row.astype(np.uint32)
        tile_column = np.minimum(column >> np.uint32(bits), np.uint32(frame.tile_columns))
        tile_row = np.minimum(row >> np.uint32(bits), np.uint32(frame.tile_rows))
        block = self.directory[tile_row.astype(np.int64) * (frame.tile_columns + 1) + tile_column]
        mask = np.uint32((1 << bits) - 1)
        code: Codes = self.codes[block + ((row & mask) << np.uint32(bits)) + (column & mask)]
        return code

    def as_frame(self) -> pd.DataFrame:
        """Give the table as plain columns, for an equi-join in any engine.

        Returns
        -------
        DataFrame
            ``cell_x, cell_y, piece, is_cut``: ``cell_x = floor(lon · 1e7 / 2048)`` and
            ``cell_y = floor(lat · 1e7 / 1024)`` of a position rounded to 1e-7 degrees; where
            `is_cut` is false every such position is in the piece, else it must be tested.
        """
        frame = self.frame
        tile = np.flatnonzero(self.directory)
        tile_row, tile_column = tile // (frame.tile_columns + 1), tile % (frame.tile_columns + 1)
        cell = frame.cells_of(tile_row * frame.tile_columns + tile_column)
        block = self.directory[tile][:, None] + np.arange(1 << 2 * frame.bits)
        code = self.codes[block].ravel().astype(np.int64)
        cell = cell.ravel()
        whole, listed = code > 0, code < 0
        lists = -code[listed] - 1
        at, entry = spread(
            self.first_entry[lists], self.first_entry[lists + 1] - self.first_entry[lists]
        )
        cells = np.concatenate([cell[whole], cell[listed][at]])
        found = pd.DataFrame(
            {
                "cell_x": cells % frame.columns + frame.west,
                "cell_y": cells // frame.columns + frame.south,
                "piece": np.concatenate([code[whole] - 1, self.entry_piece[entry]]),
                "is_cut": np.concatenate(
                    [np.zeros(whole.sum(), dtype=bool), self.entry_test[entry] >= 0]
                ),
            }
        )
        return found.sort_values(["cell_y", "cell_x", "piece"], ignore_index=True)


def cell_table(shapes: Shapes) -> CellTable:
    """Build the table of some pieces."""
    outlines = outlines_of(shapes)
    edge, column, row = walk(outlines.grid, margin_m=MARGIN_M)
    frame, near = _frame(column, row)
    part = outlines.part[edge]
    pieces = max(shapes.piece_count, 1)
    whole, tiles = _whole(frame, outlines, part, near, pieces)
    keys = near * pieces + outlines.part_piece[part]
    # Where one part of a piece has an edge, another may hold the whole cell.
    undecided = np.flatnonzero(~among(keys, whole))
    tests = distinct(keys[undecided])
    test = np.searchsorted(tests, keys[undecided])
    cell = np.concatenate([whole // pieces, tests // pieces])
    piece = np.concatenate([whole % pieces, tests % pieces])
    which = np.concatenate([np.full(len(whole), -1), np.arange(len(tests))])
    order = np.argsort(cell * pieces + piece)
    lists = Lists()
    cells, cell_code = lists.add(cell[order], piece[order], which[order])
    tile, tile_code = lists.add(tiles // pieces, tiles % pieces, np.full(len(tiles), -1))
    directory, codes = _blocks(frame, cells, cell_code, tile, tile_code)
    patches = _patches(frame, np.concatenate([distinct(frame.tile_of(cells)), tile]))
    exact = Cuts(shapes, outlines, frame, patches, tests // pieces, tests % pieces).exact(
        test, edge[undecided]
    )
    return CellTable(frame, directory, codes, *lists.finished(), exact, patches)


def _frame(column: Ints, row: Ints) -> tuple[Frame, Ints]:
    """Choose the rectangle and the tile size that need the least memory; number the cells."""
    if not len(column):
        return Frame(0, 0, 1, 1, _TILE_BITS[0]), np.zeros(0, dtype=np.int64)
    west, south = int(column.min()), int(row.min())
    columns, rows = int(column.max()) - west + 1, int(row.max()) - south + 1
    cell = (row - south) * columns + (column - west)
    best, frame = _MOST_CODES, None
    tile_row, tile_column = (row - south), (column - west)
    for bits in _TILE_BITS:
        tried = Frame(west, south, columns, rows, bits)
        shift = bits if bits == _TILE_BITS[0] else 1
        stride = columns >> bits
        tile = distinct((tile_row >> shift) * (stride + 1) + (tile_column >> shift))
        tile_row, tile_column = tile // (stride + 1), tile % (stride + 1)
        size = (tried.tile_columns + 1) * (tried.tile_rows + 1) + (len(tile) << 2 * bits)
        if size < best:
            best, frame = size, tried
    if frame is None:
        raise ValueError(f"{len(tile)} tiles over {columns} × {rows} cells are too many")
    return frame, cell


def _whole(
    frame: Frame, outlines: Outlines, part: Ints, cell: Ints, pieces: int
) -> tuple[Ints, Ints]:
    """Find where pieces lie wholly.

    Returns
    -------
    tuple of ndarray
        ``cell * pieces + piece`` for the cells of tiles that any outline passes, and
        ``tile * pieces + piece`` for the other tiles; both sorted, each once.
    """
    tiles = frame.tile_rows * frame.tile_columns
    crossings = Crossings(frame, outlines.part, outlines.grid)
    cut = distinct(part * tiles + frame.tile_of(cell))
    cut_part, cut_tile = cut // tiles, cut % tiles
    inside = crossings.inside(cut_part, cut_tile).reshape(len(cut), 1 << 2 * frame.bits)
    inside_cell = frame.cells_of(cut_tile)
    inside &= inside_cell >= 0
    of = np.nonzero(inside)[0]
    area = frame.rows * frame.columns
    keys = cut_part[of] * area + inside_cell[inside]
    keys = keys[~among(keys, distinct(part * area + cell))]
    whole_part, whole_cell = keys // area, keys % area

    full_part, full_tile = crossings.full_tiles(cut)
    has_block = among(full_tile, distinct(cut_tile))
    block_cells = frame.cells_of(full_tile[has_block])
    kept = block_cells >= 0
    block_part = np.repeat(full_part[has_block], kept.sum(axis=1))
    whole_part = np.concatenate([whole_part, block_part])
    whole_cell = np.concatenate([whole_cell, block_cells[kept]])
    return (
        distinct(whole_cell * pieces + outlines.part_piece[whole_part]),
        distinct(full_tile[~has_block] * pieces + outlines.part_piece[full_part[~has_block]]),
    )


def _blocks(
    frame: Frame, cell: Ints, cell_code: Ints, tile: Ints, tile_code: Ints
) -> tuple[Codes, Codes]:
    """Lay out the codes: an empty block, one for each tile of mixed cells, one for each code."""
    size = 1 << 2 * frame.bits
    tile_of_cell = frame.tile_of(cell)
    mixed = distinct(tile_of_cell)
    block = np.searchsorted(mixed, tile_of_cell)
    alike, kind = np.unique(tile_code, return_inverse=True)
    codes = np.zeros((1 + len(mixed) + len(alike), size), dtype=np.int32)
    mask = (1 << frame.bits) - 1
    row, column = cell // frame.columns, cell % frame.columns
    codes[1 + block, ((row & mask) << frame.bits) + (column & mask)] = cell_code
    codes[1 + len(mixed) :] = alike[:, None]
    directory = np.zeros((frame.tile_rows + 1, frame.tile_columns + 1), dtype=np.int32)
    directory[mixed // frame.tile_columns, mixed % frame.tile_columns] = (
        np.arange(1, 1 + len(mixed)) * size
    )
    directory[tile // frame.tile_columns, tile % frame.tile_columns] = (
        1 + len(mixed) + kind
    ) * size
    return directory.ravel(), codes.ravel()


def _patches(frame: Frame, tile: Ints) -> Patches:
    """Fit the projection for every tile that is not empty."""
    size = 1 << frame.bits
    column = ((tile % frame.tile_columns) << frame.bits) + frame.west
    row = ((tile // frame.tile_columns) << frame.bits) + frame.south
    corners = np.array([0, size - 1])
    lon = (column[:, None] + corners).repeat(2, axis=1).ravel() << CELL_LON_BITS
    lat = np.tile(row[:, None] + corners, 2).ravel() << CELL_LAT_BITS
    return fit_patches(whole_units(lon), whole_units(lat))
