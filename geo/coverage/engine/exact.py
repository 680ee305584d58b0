"""Inside or not, for fixes in cells that an edge passes: in metres, with numpy.

Each test knows a point of its cell and whether that is inside the area.  Going from there to the
fix, every edge crossed changes inside to outside or back; no edge beyond the cell can be in the
way.  A corner is counted on the same side for both of its edges, so none is crossed twice or
missed.  Then the capsules: is the fix within their reach?
"""

from __future__ import annotations

import numpy as np

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.cuts import Exact
from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS, Units
from geo.coverage.engine.walk import spread


def are_fixes_inside(exact: Exact, test: Ints, lon: Units, lat: Units) -> Bools:
    """Tell which fixes, all in the cell of their test, are inside its piece."""
    a, b, c, d, e, f = exact.affine[test].T
    u, v = lon & (2**CELL_LON_BITS - 1), lat & (2**CELL_LAT_BITS - 1)
    return is_inside(exact, test, a * u + b * v + c, d * u + e * v + f)


def is_inside(exact: Exact, test: Ints, x: Floats, y: Floats) -> Bools:
    """Tell which points are inside the piece of their test.

    Parameters
    ----------
    exact
        The tests.
    test
        Which test each point is put to.
    x, y
        The points, in metres from the test's reference.
    """
    inside = exact.is_inside[test] ^ _odd_crossings(exact, test, x, y)
    return inside | _within_reach(exact, test, x, y)


def _odd_crossings(exact: Exact, test: Ints, x: Floats, y: Floats) -> Bools:
    first = exact.first_edge
    fix, edge = spread(first[test], first[test + 1] - first[test])
    x1, y1, x2, y2 = exact.edges[edge].T
    px, py = x[fix], y[fix]
    straddles = (px * y1 - py * x1 >= 0) != (px * y2 - py * x2 >= 0)
    beyond = ((x2 - x1) * (py - y1) - (y2 - y1) * (px - x1) >= 0) != (x1 * y2 - y1 * x2 >= 0)
    odd: Bools = (np.bincount(fix[straddles & beyond], minlength=len(test)) & 1).astype(bool)
    return odd


def _within_reach(exact: Exact, test: Ints, x: Floats, y: Floats) -> Bools:
    first = exact.first_capsule
    fix, capsule = spread(first[test], first[test + 1] - first[test])
    x1, y1, dx, dy, inverse, square_reach = exact.capsules[capsule].T
    px, py = x[fix] - x1, y[fix] - y1
    share = np.clip((px * dx + py * dy) * inverse, 0.0, 1.0)
    near = (px - share * dx) ** 2 + (py - share * dy) ** 2 <= square_reach
    within: Bools = np.bincount(fix[near], minlength=len(test)) > 0
    return within
