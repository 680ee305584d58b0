"""Ground covered as map tiles: each pixel asks the square under it.

A pixel seen from afar is larger than a square, and is shaded if any square in it was covered; so
squares are joined beforehand, four by four, until they are about as large as a pixel of any tile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.ground.squares import Squares, squares_share, week_mask
from geo.coverage.ground.stamp import Bits
from geo.crs import project
from geo.maps.layers import Theme
from geo.maps.mercator import degrees_of
from geo.maps.tile_picture import TILE_PX, shade_png
from geo.model.period import Period

_SHADE: Final = 4
_LEVELS: Final = 8
_NODES: Final = 17
"""Points along a tile's side that are projected; between them a pixel is placed by lines, which at
zoom 8 is a metre off and a pixel 300 m."""
_ROW: Final = 1 << 32


@dataclass(frozen=True, slots=True, eq=False)
class GroundTiles:
    """Covered squares, joined to ever larger ones.

    Attributes
    ----------
    squares
        The finest.
    first_on
        The Monday the first week begins.
    key, bits
        Per level, each twice as wide as the one before: ``row · 2³² + column`` rising, and the
        weeks as in `Squares`.
    """

    squares: Squares
    first_on: date
    key: tuple[Ints, ...]
    bits: tuple[Bits, ...]

    def weeks_of(self, period: Period) -> tuple[int, int]:
        """Give the first week a period touches, and the one after the last; weeks are whole."""
        begin, end = (period.from_on - self.first_on).days, (period.to_on - self.first_on).days
        return begin // 7, -(-end // 7)

    def covered_km2(self, period: Period) -> float:
        """Measure what was covered in the weeks of a period."""
        return self.share(period) * self.squares.area_m2 / 1e6

    def share(self, period: Period) -> float:
        """Measure the share of the area covered in the weeks of a period."""
        return squares_share(self.squares, *self.weeks_of(period))


def ground_tiles(squares: Squares, *, first_on: date) -> GroundTiles:
    """Join squares to larger ones."""
    keys, bits = [squares.row * _ROW + squares.column], [squares.bits]
    for level in range(1, _LEVELS):
        key = (squares.row >> level) * _ROW + (squares.column >> level)
        order = np.argsort(key, kind="stable")
        found, first = np.unique(key[order], return_index=True)
        joined = squares.bits[:, order]
        keys.append(found)
        bits.append(np.bitwise_or.reduceat(joined, first, axis=1) if len(found) else joined)
    return GroundTiles(squares, first_on, tuple(keys), tuple(bits))


def tile_ground(tiles: GroundTiles, *, zoom: int, x: int, y: int, period: Period) -> Bools:
    """Tell which pixels of a tile were covered in any of the weeks of a period.

    Returns
    -------
    ndarray
        ``(256, 256)``, rows from the north.
    """
    mask = week_mask(tiles.squares.weeks, *tiles.weeks_of(period))
    nothing: Bools = np.zeros((TILE_PX, TILE_PX), dtype=bool)
    if not mask.any() or not len(tiles.key[0]):
        return nothing
    east_m, north_m = _middles(zoom, x, y)
    if not (np.isfinite(east_m).all() and np.isfinite(north_m).all()):
        return nothing
    pixel_m = float(np.hypot(east_m[0, 1] - east_m[0, 0], north_m[0, 1] - north_m[0, 0]))
    level = int(np.clip(np.rint(np.log2(pixel_m / tiles.squares.cell_m)), 0, _LEVELS - 1))
    side_m = tiles.squares.cell_m * 2**level
    row, column = (np.floor(m / side_m).astype(np.int64) for m in (north_m, east_m))
    wanted, known = row * _ROW + column, tiles.key[level]
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    is_covered = np.asarray((tiles.bits[level] & mask[:, None]).any(axis=0))
    found: Bools = (known[place] == wanted) & is_covered[place]
    return found


def ground_png(
    tiles: GroundTiles, *, zoom: int, x: int, y: int, period: Period, theme: Theme
) -> bytes:
    """Draw a tile of some weeks: `tile_ground` in one shade."""
    covered = tile_ground(tiles, zoom=zoom, x=x, y=y, period=period)
    return shade_png(covered.astype(np.uint8) * np.uint8(_SHADE), theme=theme)


def _middles(zoom: int, x: int, y: int) -> tuple[Floats, Floats]:
    """Give easting and northing of the middle of every pixel."""
    node = np.linspace(0.0, 1.0, _NODES)
    column, row = np.meshgrid(x + node, y + node)
    east_m, north_m = project(*degrees_of(column, row, depth=zoom))
    pixel = (np.arange(TILE_PX) + 0.5) / TILE_PX * (_NODES - 1)
    return _between(east_m, pixel), _between(north_m, pixel)


def _between(nodes: Floats, at: Floats) -> Floats:
    """Interpolate along both sides of a square."""
    low = np.minimum(at.astype(np.int64), len(nodes) - 2)
    share = at - low
    rows = nodes[low] * (1 - share)[:, None] + nodes[low + 1] * share[:, None]
    found: Floats = rows[:, low] * (1 - share) + rows[:, low + 1] * share
    return found
