"""What decides in the cells an edge passes: edges and capsules in or near each, seen from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, whole_units
from geo.coverage.engine.fill import Frame
from geo.coverage.engine.outlines import Outlines
from geo.coverage.engine.projection import Patches
from geo.coverage.engine.shapes import Shapes
from geo.coverage.engine.sorting import distinct

_WIDE: Final = 2**CELL_LON_BITS
_HIGH: Final = 2**CELL_LAT_BITS
_CLEAR_OF_EDGES_M: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """What decides in the cells an edge passes, one *test* per such cell and piece.

    Attributes
    ----------
    reference
        ``(tests, 2)``: a point of the cell, E and N in metres.
    affine
        ``(tests, 6)``: a b c d e f, so that a·u + b·v + c and d·u + e·v + f are the metres east
        and north of the reference, for u and v units east and north of the cell's corner.
    is_inside
        Whether that point is in the piece's area.
    edges
        ``x1 y1 x2 y2`` of the area's edges in or near the cell, from the reference.
    first_edge
        ``(tests + 1)``: which edges are whose.
    capsules
        ``x1 y1 dx dy 1/length² reach²`` of the capsules that end in or near the cell, from the
        reference; a point has no length and 0 there.
    first_capsule
        As `first_edge`.
    """

    reference: Floats
    affine: Floats
    is_inside: Bools
    edges: Floats
    first_edge: Ints
    capsules: Floats
    first_capsule: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Cuts:
    """Cells and pieces that need exact tests, one for each `cell` and `piece`."""

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
        return np.column_stack(self.patches.project(whole_units(lon), whole_units(lat)))

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
