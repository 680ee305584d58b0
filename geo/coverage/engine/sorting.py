"""Sets of whole numbers by sorting: for these sizes several times as fast as numpy's own."""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Bools, Ints


def distinct(numbers: Ints) -> Ints:
    """Give each number once, in rising order."""
    ordered = np.sort(numbers)
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    return ordered[new]


def among(numbers: Ints, ordered: Ints) -> Bools:
    """Tell which numbers are among others, which are in rising order."""
    if not len(ordered):
        return np.zeros(len(numbers), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, numbers), len(ordered) - 1)
    found: Bools = ordered[at] == numbers
    return found
