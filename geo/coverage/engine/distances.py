"""How many cells it is from every cell to the nearest that is not empty.

Lines are followed from cell to cell, and most of them through nothing but empty cells.  Whoever
knows how far off the nearest other cell is, from both ends of a line, need not follow it at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Bools, Ints
from geo.coverage.engine.fill import Frame

Near = NDArray[np.uint8]

EXACT_CELLS: Final = 8
"""So far, no tile being smaller, distances are exact; farther off they may be too short."""

_RINGS: Final = 3
"""How many rings of tiles round each that is not empty are told from what lies farther off."""

_MOST: Final = 255
_CODES_AT_ONCE: Final = 1 << 18


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """Distances as a chess king walks; laid out as the codes of ``CellTable`` are.

    Attributes
    ----------
    directory
        First distance of each tile's block.
    cells
        Blocks of distances: 0 where the cell is not empty; never more than the true distance.
    """

    directory: NDArray[np.int32]
    cells: Near


def distances_of(frame: Frame, directory: NDArray[np.int32], codes: NDArray[np.int32]) -> Distances:
    """Measure the distances of a table.

    Parameters
    ----------
    frame, directory, codes
        Of the table; see ``CellTable``.

    Returns
    -------
    Distances
        Outside the frame it is 1: the empty border stands for all sides at once.
    """
    size = 1 << frame.bits
    shape = (frame.tile_rows + 1, frame.tile_columns + 1)
    block = directory.astype(np.int64).reshape(shape) // size**2
    rings = _to_nearest(np.pad(block != 0, _RINGS)[None], _RINGS)[0].astype(np.int64)
    uniform = np.minimum(np.arange(_RINGS + 1) * size + 1, _MOST)
    # Block n is all alike for ring n + 1, and the first of them serves outside.
    number = np.maximum(rings - 1, 0)
    number[-1, :] = number[:, -1] = 0
    near = np.flatnonzero((rings <= 1)[:-1, :-1])
    row, column = np.divmod(near, frame.tile_columns)
    number[row, column] = len(uniform) + np.arange(len(near))
    cells = np.empty((len(uniform) + len(near), size, size), dtype=np.uint8)
    cells[: len(uniform)] = uniform[:, None, None]
    occupied = codes.reshape(-1, size, size) != 0
    around = np.pad(block, 1)
    step = max(_CODES_AT_ONCE // (size + 2 * EXACT_CELLS) ** 2, 1)
    for begin in range(0, len(near), step):
        some = slice(begin, begin + step)
        window = _window(occupied, around, row[some], column[some])
        cells[len(uniform) :][some] = _to_nearest(window, EXACT_CELLS)
    return Distances((number * size**2).astype(np.int32).ravel(), cells.ravel())


def _window(occupied: Bools, around: Ints, row: Ints, column: Ints) -> Bools:
    """Lay out tiles, each with the cells within ``EXACT_CELLS`` of it."""
    size, margin = occupied.shape[1], EXACT_CELLS
    window = np.empty((len(row), size + 2 * margin, size + 2 * margin), dtype=bool)
    spans = (
        (slice(0, margin), slice(size - margin, size)),
        (slice(margin, margin + size), slice(0, size)),
        (slice(margin + size, None), slice(0, margin)),
    )
    for up, (to_rows, from_rows) in enumerate(spans):
        for right, (to_columns, from_columns) in enumerate(spans):
            block = around[row + up, column + right]
            window[:, to_rows, to_columns] = occupied[block, from_rows, from_columns]
    return window


def _to_nearest(window: Bools, margin: int) -> Near:
    """Measure how far each but those in the margin is from the nearest that is true.

    One more than the margin is wide where none is within it.
    """
    rows, columns = (side - 2 * margin for side in window.shape[1:])
    distance = np.zeros((len(window), rows, columns), dtype=np.uint8)
    for left in range(margin, -1, -1):
        distance += ~window[:, left : left + rows, left : left + columns]
        if left:
            window = _grown(window)
    return distance


def _grown(cells: Bools) -> Bools:
    """Add the eight neighbours of every cell; the outermost ring is lost."""
    wide = cells[:, :, :-2] | cells[:, :, 1:-1] | cells[:, :, 2:]
    grown: Bools = wide[:, :-2] | wide[:, 1:-1] | wide[:, 2:]
    return grown
