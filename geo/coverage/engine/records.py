"""The exact tests as one row of numbers.

A kernel asks about one fix in one cell at a time, and each cell's numbers come from memory anew:
side by side they come at once.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.cuts import Exact

IS_INSIDE: Final = 6
EDGE_COUNT: Final = 7
CAPSULE_COUNT: Final = 8
REFERENCE: Final = 9
EDGES: Final = 11
"""Where in a record what is; the affine map comes first, the capsules after the edges."""

EDGE_SIZE: Final = 4
CAPSULE_SIZE: Final = 6


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
