"""Visits as columns, and those of one place merged and parted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from geo.coverage.cells import Ints

Change = Callable[[Ints, Ints], tuple[Ints, list[int]]]
"""Rows of a place and others → the rows it then has, and which of the others were missing."""


class Attendance(NamedTuple):
    """Visits as columns, in any order: one row per visit and place it counts for.

    Attributes
    ----------
    place, kind
        Positions among the cube's places and kinds.
    start_us, end_us
        Microseconds since 1970 UTC, half-open; a visit may have no length.
    officers
        How many were there.
    """

    place: Ints
    kind: Ints
    start_us: Ints
    end_us: Ints
    officers: Ints


def merged(there: Ints, more: Ints) -> tuple[Ints, list[int]]:
    """Put visits among those of their place, in rising order; none is missing."""
    both = np.concatenate([there, more])
    return both[np.lexsort(both.T[::-1])], []


def without(there: Ints, gone: Ints) -> tuple[Ints, list[int]]:
    """Take visits out of those of their place; one of some equal ones each time."""
    positions = defaultdict(list)
    for position, visit in enumerate(map(tuple, there.tolist())):
        positions[visit].append(position)
    keep = np.ones(len(there), dtype=bool)
    missing = []
    for number, visit in enumerate(map(tuple, gone.tolist())):
        if positions[visit]:
            keep[positions[visit].pop()] = False
        else:
            missing.append(number)
    return there[keep], missing
