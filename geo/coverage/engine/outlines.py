"""Outlines of areas and capsules as straight edges on the grid of cells.

Everything that is straight or round in EPSG:3006 is slightly bent in degrees.  An edge is cut so
short that its bend is below 1 cm there, and a round end gets so many corners that none of them
cuts off more than 2 cm; together well below the margin of 5 cm that ``walk`` adds.  Outlines only
decide which cells need the exact test, never what it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, UNITS_PER_DEGREE
from geo.coverage.engine.shapes import Shapes, area_edges
from geo.crs import unproject

MARGIN_M: Final = 0.05
"""Cells nearer an edge than this are tested exactly."""

_LONGEST_M: Final = 400.0
_CHORD_M: Final = 0.02
_CELLS_PER_DEGREE: Final = np.array(
    [UNITS_PER_DEGREE / 2**CELL_LON_BITS, UNITS_PER_DEGREE / 2**CELL_LAT_BITS]
)


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Closed outlines, edge by edge.

    Attributes
    ----------
    part
        Which part each edge goes round: areas first, then capsules.
    grid
        ``u1 v1 u2 v2`` of each edge, in cells east and north of 0° 0°.
    metres
        ``x1 y1 x2 y2`` of the same edge in EPSG:3006.
    part_piece, part_is_area
        What each part belongs to and is.
    """

    part: Ints
    grid: Floats
    metres: Floats
    part_piece: Ints
    part_is_area: Bools


def outlines_of(shapes: Shapes) -> Outlines:
    """Draw the outlines of all parts."""
    area, edges = area_edges(shapes.areas)
    capsule, arcs = _capsule_edges(shapes.capsules)
    part = np.concatenate([area, capsule + len(shapes.areas)])
    metres, origin = _shortened(np.concatenate([edges, arcs]))
    return Outlines(
        part=part[origin],
        grid=on_grid(metres),
        metres=metres,
        part_piece=np.concatenate([shapes.area_piece, shapes.capsule_piece]),
        part_is_area=np.arange(len(shapes.areas) + len(shapes.capsules)) < len(shapes.areas),
    )


def on_grid(edges_m: Floats) -> Floats:
    """Move edges ``x1 y1 x2 y2`` from EPSG:3006 to the grid of cells."""
    # Most ends are the next edge's beginning, and unprojecting is what costs.
    beginnings = np.column_stack(unproject(edges_m[:, 0], edges_m[:, 1]))
    follows = np.zeros(len(edges_m), dtype=bool)
    follows[:-1] = (edges_m[:-1, 2:] == edges_m[1:, :2]).all(axis=1)
    ends = np.empty_like(beginnings)
    ends[:-1] = beginnings[1:]
    alone = np.flatnonzero(~follows)
    ends[alone] = np.column_stack(unproject(edges_m[alone, 2], edges_m[alone, 3]))
    return np.hstack([beginnings * _CELLS_PER_DEGREE, ends * _CELLS_PER_DEGREE])


def _capsule_edges(capsules: Floats) -> tuple[Ints, Floats]:
    """Draw each capsule: half a circle round each end, and the two sides that join them."""
    reach = capsules[:, 4]
    # A chord over the angle a is r·(1 − cos(a/2)) inside its arc.
    half_angle = np.arccos(np.maximum(1.0 - _CHORD_M / np.maximum(reach, _CHORD_M), 0.0))
    corners = np.maximum(np.ceil(np.pi / (2.0 * half_angle)).astype(np.int64), 2) + 1
    count = 2 * corners
    owner = np.repeat(np.arange(len(capsules)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    at_end = number < corners[owner]
    along = np.where(at_end, number, number - corners[owner]) / (corners[owner] - 1)
    dx, dy = (capsules[:, 2] - capsules[:, 0])[owner], (capsules[:, 3] - capsules[:, 1])[owner]
    turn = np.arctan2(dy, dx) + np.where(at_end, -0.5, 0.5) * np.pi + along * np.pi
    x = np.where(at_end, capsules[owner, 2], capsules[owner, 0]) + reach[owner] * np.cos(turn)
    y = np.where(at_end, capsules[owner, 3], capsules[owner, 1]) + reach[owner] * np.sin(turn)
    last = np.cumsum(count) - 1
    after = np.arange(1, len(owner) + 1)
    after[last] = last + 1 - count
    return owner, np.column_stack([x, y, x[after], y[after]])


def _shortened(edges_m: Floats) -> tuple[Floats, Ints]:
    """Cut long edges into equal pieces; give the pieces and the edge each comes from."""
    length = np.hypot(edges_m[:, 2] - edges_m[:, 0], edges_m[:, 3] - edges_m[:, 1])
    pieces = np.maximum(np.ceil(length / _LONGEST_M), 1).astype(np.int64)
    if (pieces == 1).all():
        return edges_m, np.arange(len(edges_m))
    origin = np.repeat(np.arange(len(edges_m)), pieces)
    number = np.arange(len(origin)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    start, step = edges_m[origin, :2], edges_m[origin, 2:] - edges_m[origin, :2]
    of = pieces[origin]
    from_share, to_share = (number / of)[:, None], ((number + 1) / of)[:, None]
    ends = np.where(to_share == 1.0, edges_m[origin, 2:], start + to_share * step)
    return np.hstack([start + from_share * step, ends]), origin
