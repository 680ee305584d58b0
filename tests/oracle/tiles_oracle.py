"""Which square of which tile a point lies in, the slow and obvious way: one point at a time.

After the definition of Web Mercator tiles with asinh(tan φ); shares no code with ``geo.maps``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

Point = tuple[int, int, int, int]
"""Longitude and latitude in 1e-7 degrees, seconds, microseconds since 1970."""


def square_of(lon: int, lat: int, *, zoom: int, squares: int) -> tuple[int, int, int, int]:
    """Give a point's tile (x, y) and the row and column of its square in that tile."""
    side = 2**zoom * squares
    column = (lon + 1_800_000_000) * side // 3_600_000_000
    row = math.floor((1 - math.asinh(math.tan(math.radians(lat / 1e7))) / math.pi) / 2 * side)
    return column // squares, row // squares, row % squares, column % squares


def seconds_in_tile(
    points: Iterable[Point], *, zoom: int, x: int, y: int, squares: int, start_us: int, end_us: int
) -> Counter[tuple[int, int]]:
    """Add up each point's seconds, at least one, in its square (row, column) of one tile."""
    found: Counter[tuple[int, int]] = Counter()
    for lon, lat, seconds, at_us in points:
        tile_x, tile_y, row, column = square_of(lon, lat, zoom=zoom, squares=squares)
        if (tile_x, tile_y) == (x, y) and start_us <= at_us < end_us:
            found[row, column] += max(seconds, 1)
    return found
