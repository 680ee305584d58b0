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
import shapely
from numpy.typing import NDArray

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, Units
from geo.coverage.engine.distances import Distances, distances_of
from geo.coverage.engine.fill import Crossings, Frame
from geo.coverage.engine.outlines import MARGIN_M, Outlines, outlines_of
from geo.coverage.engine.projection import Patches, fit_patches
from geo.coverage.engine.records import Exact, records_of
from geo.coverage.engine.shapes import Shapes
from geo.coverage.engine.sorting import among, distinct
from geo.coverage.engine.walk import spread, walk

Codes = NDArray[np.int32]

_TILE_BITS: Final = range(3, 10)
_MOST_CODES: Final = 2**28
_WIDE: Final = 2**CELL_LON_BITS
_HIGH: Final = 2**CELL_LAT_BITS
_CLEAR_OF_EDGES_M: Final = 1e-3


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
    lists = _Lists()
    cells, cell_code = lists.add(cell[order], piece[order], which[order])
    tile, tile_code = lists.add(tiles // pieces, tiles % pieces, np.full(len(tiles), -1))
    directory, codes = _blocks(frame, cells, cell_code, tile, tile_code)
    patches = _patches(frame, np.concatenate([distinct(frame.tile_of(cells)), tile]))
    exact = _Tests(shapes, outlines, frame, patches, tests // pieces, tests % pieces).exact(
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


class _Lists:
    """Lists of candidates, each kept once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lengths: list[Ints] = []
        self.pieces: list[Ints] = []
        self._tests: list[Ints] = []
        self._count = 0

    def add(self, owner: Ints, piece: Ints, test: Ints) -> tuple[Ints, Ints]:
        """Turn entries, in order of owner and piece, into a code for each owner.

        Returns
        -------
        tuple of ndarray
            Each owner once, and its code.
        """
        if not len(owner):
            return owner, owner
        first = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        length = np.diff(np.r_[first, len(owner)])
        code = piece[first] + 1
        is_list = (length > 1) | (test[first] >= 0)
        listed = np.flatnonzero(is_list)
        representative, number = self._alike(first, length, piece, test, listed)
        at = spread(first[representative], length[representative])[1]
        self._lengths.append(length[representative])
        self.pieces.append(piece[at])
        self._tests.append(test[at])
        code[listed] = -(self._count + number) - 1
        self._count += len(representative)
        return owner[first], code

    @staticmethod
    def _alike(
        first: Ints, length: Ints, piece: Ints, test: Ints, listed: Ints
    ) -> tuple[Ints, Ints]:
        """Find lists that are the same: give one of each kind, and the kind of every list."""
        # A sum of mixed numbers tells lists apart but for one chance in 2⁶⁴, which is checked.
        mixed = _mixed(piece, test)
        total = np.add.reduceat(mixed, first)[listed] if len(listed) else mixed[:0]
        _, representative, number = np.unique(total, return_index=True, return_inverse=True)
        representative = listed[representative]
        like = representative[number]
        same_length = length[like] == length[listed]
        run, at = spread(first[listed], np.where(same_length, length[listed], 0))
        other = at + (first[like] - first[listed])[run]
        if not (
            same_length.all()
            and (piece[at] == piece[other]).all()
            and (test[at] == test[other]).all()
        ):
            raise RuntimeError("two different lists of candidates look the same")
        return representative, number

    def finished(self) -> tuple[Ints, Ints, Ints]:
        """Give all lists: first entry of each, then piece and test of the entries."""
        lengths = np.concatenate([np.zeros(1, dtype=np.int64), *self._lengths])
        none = np.zeros(0, dtype=np.int64)
        return (
            np.cumsum(lengths),
            np.concatenate([none, *self.pieces]),
            np.concatenate([none, *self._tests]),
        )


def _mixed(piece: Ints, test: Ints) -> NDArray[np.uint64]:
    """Scatter numbers over 64 bits (the finaliser of splitmix64)."""
    z = piece.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + test.astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return mixed


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
    return fit_patches(_units(lon), _units(lat))


def _units(number: Ints) -> Units:
    return np.clip(number, -(2**31), 2**31 - 1).astype(np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class _Tests:
    """Makes the exact tests, one for each `cell` and `piece`."""

    shapes: Shapes
    outlines: Outlines
    frame: Frame
    patches: Patches
    cell: Ints
    piece: Ints

    def exact(self, test: Ints, edge: Ints) -> Exact:
        """Collect what lies in or near the cell of each test.

        Parameters
        ----------
        test, edge
            Pairwise: an edge of an outline of the test's piece that passes its cell.
        """
        outlines, shapes = self.outlines, self.shapes
        count = len(self.piece)
        of_area = outlines.part_is_area[outlines.part[edge]]
        owner = test[of_area]
        order = np.argsort(owner, kind="stable")
        edges = outlines.metres[edge[of_area][order]]
        owner = owner[order]
        reference = self._references(owner, edges)
        is_inside = np.zeros(count, dtype=bool)
        area_of = np.full(max(shapes.piece_count, 1), -1)
        area_of[shapes.area_piece] = np.arange(len(shapes.areas))
        asked = distinct(owner)
        shapely.prepare(shapes.areas)
        is_inside[asked] = shapely.contains_xy(
            shapes.areas[area_of[self.piece[asked]]], reference[asked, 0], reference[asked, 1]
        )
        capsules = max(len(shapes.capsules), 1)
        capsule = outlines.part[edge[~of_area]] - len(shapes.areas)
        pairs = distinct(test[~of_area] * capsules + capsule)
        capsule_owner = pairs // capsules
        return Exact(
            reference=reference,
            affine=self._affine(reference),
            is_inside=is_inside,
            edges=edges - np.tile(reference[owner], 2),
            first_edge=np.searchsorted(owner, np.arange(count + 1)),
            capsules=_relative(shapes.capsules[pairs % capsules], reference[capsule_owner]),
            first_capsule=np.searchsorted(capsule_owner, np.arange(count + 1)),
        )

    def _affine(self, reference: Floats) -> Floats:
        """Find the affine map of each test's cell.

        Within a cell the projection bends by less than 0.01 mm: (6 m)² · tan φ / 2R.
        """
        west, east, south, north = (
            self._at(u, v) for u, v in ((0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0))
        )
        per_u, per_v = (east - west) / _WIDE, (north - south) / _HIGH
        middle = (west + east + south + north) / 4
        at_corner = middle - per_u * (_WIDE / 2) - per_v * (_HIGH / 2) - reference
        columns = (per_u[:, 0], per_v[:, 0], at_corner[:, 0])
        return np.column_stack([*columns, per_u[:, 1], per_v[:, 1], at_corner[:, 1]])

    def _at(self, right: float, up: float, which: Ints | slice = slice(None)) -> Floats:
        """Project a point of the cell of each test, given in shares of the cell."""
        cell, frame = self.cell[which], self.frame
        lon = ((cell % frame.columns + frame.west) << CELL_LON_BITS) + int(right * _WIDE)
        lat = ((cell // frame.columns + frame.south) << CELL_LAT_BITS) + int(up * _HIGH)
        return np.column_stack(self.patches.project(_units(lon), _units(lat)))

    def _references(self, owner: Ints, edges: Floats) -> Floats:
        """Choose a point in each test's cell that lies on none of its edges."""
        reference = np.zeros((len(self.piece), 2))
        todo = np.arange(len(self.piece))
        # The middle of the cell, and if an edge passes there, somewhere else.
        for right, up in _SPOTS:
            reference[todo] = self._at(right, up, todo)
            again = np.zeros(len(self.piece), dtype=bool)
            mine = np.isin(owner, todo) if len(todo) < len(self.piece) else slice(None)
            near = _distance_m(edges[mine], reference[owner[mine]]) < _CLEAR_OF_EDGES_M
            again[owner[mine][near]] = True
            todo = np.flatnonzero(again)
            if not len(todo):
                break
        return reference


_SPOTS: Final = tuple((0.5 + (i * 0.19) % 0.4, 0.5 - (i * 0.13) % 0.4) for i in range(24))


def _distance_m(edges: Floats, points: Floats) -> Floats:
    """Measure from points to edges, pairwise."""
    start = points - edges[:, :2]
    along = edges[:, 2:] - edges[:, :2]
    square = (along**2).sum(axis=1)
    share = np.divide(
        (start * along).sum(axis=1), square, out=np.zeros(len(edges)), where=square > 0
    )
    nearest = start - np.clip(share, 0.0, 1.0)[:, None] * along
    distance: Floats = np.hypot(nearest[:, 0], nearest[:, 1])
    return distance


def _relative(capsules: Floats, reference: Floats) -> Floats:
    """Give capsules as ``Exact`` keeps them."""
    start = capsules[:, :2] - reference
    along = capsules[:, 2:4] - capsules[:, :2]
    square = (along**2).sum(axis=1)
    inverse = np.divide(1.0, square, out=np.zeros(len(square)), where=square > 0)
    return np.column_stack([start, along, inverse, capsules[:, 4] ** 2])
