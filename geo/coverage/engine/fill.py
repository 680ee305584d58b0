"""Which cells and tiles lie wholly inside a part: where its outline does not pass, parity decides.

Along the middle line of each row of cells, a part's outline is crossed again and again, from
outside to inside and back.  A cell the outline does not pass is inside when an odd number of
crossings lies west of its middle.  Only tiles the outline passes are looked at cell by cell, so a
part as large as a country costs no more than its border.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.sorting import among
from geo.coverage.engine.walk import spread


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The rectangle of cells that holds everything, and its tiles of 2^`bits` × 2^`bits` cells."""

    west: int
    south: int
    columns: int
    rows: int
    bits: int

    @property
    def tile_columns(self) -> int:
        """Tiles from west to east."""
        return (self.columns >> self.bits) + 1

    @property
    def tile_rows(self) -> int:
        """Tiles from south to north."""
        return (self.rows >> self.bits) + 1

    def tile_of(self, cell: Ints) -> Ints:
        """Give the tile of each cell; cells are numbered ``row * columns + column``."""
        row, column = cell // self.columns, cell % self.columns
        return (row >> self.bits) * self.tile_columns + (column >> self.bits)

    def cells_of(self, tile: Ints) -> Ints:
        """List the cells of each tile, ``(tiles, 4^bits)``; those beyond the frame are −1."""
        size = 1 << self.bits
        row = ((tile // self.tile_columns) << self.bits)[:, None, None] + np.arange(size)[:, None]
        column = ((tile % self.tile_columns) << self.bits)[:, None, None] + np.arange(size)
        cells = np.where(
            (row < self.rows) & (column < self.columns), row * self.columns + column, -1
        )
        return cells.reshape(len(tile), size * size)


class Crossings:
    """Where outlines cross the middle lines of rows, in order of part, row, column."""

    def __init__(self, frame: Frame, part: Ints, grid: Floats) -> None:
        """Find the crossings.

        Parameters
        ----------
        frame
            The cells.
        part
            The part each edge goes round.
        grid
            ``u1 v1 u2 v2`` of each edge, in cells.
        """
        self.frame = frame
        v1, v2 = np.minimum(grid[:, 1], grid[:, 3]), np.maximum(grid[:, 1], grid[:, 3])
        # Half-open, so that a corner on a middle line is crossed once.
        first = np.ceil(v1 - 0.5).astype(np.int64)
        edge, row = spread(first, np.ceil(v2 - 0.5).astype(np.int64) - first)
        share = (row + 0.5 - grid[edge, 1]) / (grid[edge, 3] - grid[edge, 1])
        u = grid[edge, 0] + share * (grid[edge, 2] - grid[edge, 0])
        # The first column whose middle lies east of the crossing.
        column = np.clip(np.ceil(u - 0.5).astype(np.int64) - frame.west, 0, frame.columns)
        self.keys = np.sort(self._key(part[edge], row - frame.south, column))

    def _key(self, part: Ints, row: Ints, column: Ints | int) -> Ints:
        return (part * self.frame.rows + row) * (self.frame.columns + 1) + column

    def inside(self, part: Ints, tile: Ints) -> Bools:
        """Tell which middles of a tile's cells are inside a part, ``(pairs, size, size)``."""
        frame, size = self.frame, 1 << self.frame.bits
        row = ((tile // frame.tile_columns) << frame.bits)[:, None] + np.arange(size)
        west = ((tile % frame.tile_columns) << frame.bits)[:, None]
        part_ = part[:, None]
        begins = np.searchsorted(self.keys, self._key(part_, row, 0))
        enters = np.searchsorted(self.keys, self._key(part_, row, west), side="right")
        east = np.minimum(west + size, frame.columns + 1)
        leaves = np.searchsorted(self.keys, self._key(part_, row, east - 1), side="right")
        # Each crossing within the tile changes all columns from its own on.
        toggles = np.zeros((len(tile), size, size), dtype=np.int64)
        toggles[:, :, 0] = enters - begins
        within, at = spread(enters.ravel(), (leaves - enters).ravel())
        column = self.keys[at] % (frame.columns + 1) - np.repeat(west.ravel(), size)[within]
        np.add.at(toggles.reshape(-1, size), (within, column), 1)
        odd: Bools = (np.cumsum(toggles, axis=2) & 1).astype(bool)
        return odd

    def full_tiles(self, cut: Ints) -> tuple[Ints, Ints]:
        """List the tiles wholly inside a part.

        Parameters
        ----------
        cut
            ``part * tiles + tile`` of the tiles a part's outline passes, sorted.

        Returns
        -------
        tuple of ndarray
            Part and tile.
        """
        frame = self.frame
        stride = frame.columns + 1
        row = self.keys // stride % frame.rows
        # A tile without an outline in it is all alike: its first row tells.
        keys = self.keys[row & ((1 << frame.bits) - 1) == 0]
        enters, leaves = keys[::2], keys[1::2]
        line = enters // stride
        part, tile_row = line // frame.rows, (line % frame.rows) >> frame.bits
        # The tiles whose first column lies in [enters, leaves).
        size = 1 << frame.bits
        first = (enters % stride + size - 1) >> frame.bits
        last = (leaves % stride + size - 1) >> frame.bits
        run, tile_column = spread(first, last - first)
        tile = tile_row[run] * frame.tile_columns + tile_column
        keyed = part[run] * (frame.tile_rows * frame.tile_columns) + tile
        alone = ~among(keyed, cut)
        return part[run][alone], tile[alone]
