"""What decides in the cells an edge passes, and the same as one row of numbers.

A kernel asks about one fix in one cell at a time, and each cell's numbers come from memory anew:
side by side they come at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from geo.coverage.cells import Bools, Floats, Ints

IS_INSIDE: Final = 6
EDGE_COUNT: Final = 7
CAPSULE_COUNT: Final = 8
REFERENCE: Final = 9
EDGES: Final = 11
"""Where in a record what is; the affine map comes first, the capsules after the edges."""

EDGE_SIZE: Final = 4
CAPSULE_SIZE: Final = 6


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


def records_of(exact: Exact) -> tuple[Floats, Ints]:
    """Lay out tests in one row.

    Parameters
    ----------
    exact
        The tests.

    Returns
    -------
    tuple
        The numbers of all tests, one after the other: its affine map, whether its reference is
        inside (1 or 0), how many edges, how many capsules, the reference, the edges, the capsules;
        and ``(tests)`` where each begins.
    """
    test = np.arange(len(exact.is_inside))
    begin = (
        EDGES * test + EDGE_SIZE * exact.first_edge[:-1] + CAPSULE_SIZE * exact.first_capsule[:-1]
    )
    records = np.empty(EDGES * len(test) + exact.edges.size + exact.capsules.size, dtype=np.float64)
    edge_count, capsule_count = np.diff(exact.first_edge), np.diff(exact.first_capsule)
    head = np.column_stack(
        [exact.affine, exact.is_inside, edge_count, capsule_count, exact.reference]
    )
    records[begin[:, None] + np.arange(EDGES)] = head
    for rows, count, first, size, after in (
        (exact.edges, edge_count, exact.first_edge, EDGE_SIZE, begin + EDGES),
        (
            exact.capsules, capsule_count, exact.first_capsule, CAPSULE_SIZE,
            begin + EDGES + EDGE_SIZE * edge_count,
        ),
    ):  # fmt: skip
        at = np.repeat(after - size * first[:-1], count) + size * np.arange(len(rows))
        records[at[:, None] + np.arange(size)] = rows
    return records, begin
