"""How evenly something is spread over places: the Gini coefficient.

0 is even, towards 1 everything is in one place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from geo.coverage.cells import Floats


def gini(amounts: ArrayLike) -> float:
    """Measure unevenness: ``G = 2·Σ(i·x_i)/(n·S) − (n+1)/n``, x ascending, S = Σx.

    NaN where undefined: no places, or nothing to spread (S = 0).

    Raises
    ------
    ValueError
        Where an amount is negative or missing.

    Examples
    --------
    >>> round(gini([10, 8, 2, 0, 0, 0, 0, 0, 0, 0]), 2)
    0.78
    >>> gini([5, 5, 5, 5])
    0.0
    """
    x = _sound(amounts)
    count, total = len(x), x.sum()
    if count == 0 or total == 0:
        return float("nan")
    rank = np.arange(1, count + 1)
    return float(2 * (rank @ x) / (count * total) - (count + 1) / count)


def generalised_gini(amounts: ArrayLike) -> float:
    """Measure unevenness where there are fewer visits than places.

    ``G' = max(1, n/S)·(G − 1) + 1`` (Bernasco & Steenbeek 2017, Journal of Quantitative
    Criminology 33): with S visits over n > S places even the most even spread leaves
    places empty, and G' is 0 for it.  Amounts are counts.  NaN as for `gini`.
    """
    x = _sound(amounts)
    total = x.sum()
    if len(x) == 0 or total == 0:
        return float("nan")
    return float(max(1.0, len(x) / total) * (gini(x) - 1) + 1)


def per_target(amounts: ArrayLike, targets: ArrayLike) -> Floats:
    """Give ``x_i / target_i`` for the places that have a target: evenness by the plan.

    Places whose target is missing or 0 are left out; they are not measurable.
    """
    x, target = np.asarray(amounts, dtype=np.float64), np.asarray(targets, dtype=np.float64)
    has_target = target > 0
    relative: Floats = x[has_target] / target[has_target]
    return relative


def _sound(amounts: ArrayLike) -> Floats:
    x = np.sort(np.asarray(amounts, dtype=np.float64).ravel())
    if not (np.isfinite(x).all() and (x >= 0).all()):
        raise ValueError("amounts must be finite and not negative")
    return x
