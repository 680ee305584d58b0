"""Presence as map tiles: millions of visits or fixes, shaded by the time somebody was there.

Everything is put in order once: by *bucket* of time (a day), and within it by Morton code.  What a
tile needs then lies together in each bucket, and another period is other buckets; nothing is put
in order again.  For tiles that show more than a street, neighbours are summed beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from geo.coverage.cells import Bools, Ints
from geo.coverage.engine.degrees import Units
from geo.maps.layers import Theme
from geo.maps.mercator import DEEPEST, cells_of, codes_of
from geo.maps.tile_picture import SHADES, Shades, shade_png
from geo.model.period import Period
from geo.model.time import MINUTE_US, SECOND_US, day_start_at, from_us, local_day, to_us

_SQUARE_BITS: Final = 4
SQUARES: Final = 1 << _SQUARE_BITS
"""Squares along the side of a tile; each is 16 × 16 pixels."""

DEEPEST_ZOOM: Final = DEEPEST - _SQUARE_BITS
_DEPTHS: Final = (DEEPEST, 19, 15)
"""How finely presence is kept: for a street, a town, the municipality."""

_MINUTE_S: Final = MINUTE_US // SECOND_US


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Presence summed per bucket and Mercator cell.

    Attributes
    ----------
    depth
        The cells are those of a world of 2^depth × 2^depth.
    code, seconds
        Morton code and presence, in order of bucket, then code; each code once per bucket.
    first
        ``(buckets + 1)``: which are whose.
    """

    depth: int
    code: Ints
    seconds: Ints
    first: Ints


@dataclass(frozen=True, slots=True, eq=False)
class PresenceIndex:
    """Presence in the order tiles ask for it.

    Attributes
    ----------
    levels
        The finest first.
    borders_us
        Where each bucket begins and the last one ends, microseconds since 1970 UTC.
    most_s
        The most presence in one cell over all time, for each depth: what is darkest.
    points, outside_time, outside_world
        How many were given, and how many of them were left out because they lie before the first
        border or after the last, or where the map has no tiles.
    """

    levels: tuple[Level, ...]
    borders_us: Ints
    most_s: Ints
    points: int
    outside_time: int
    outside_world: int


def index_presence(
    lon: Units, lat: Units, seconds: Ints, at_us: Ints, *, borders_us: Ints
) -> PresenceIndex:
    """Put points of presence in the order tiles ask for them.

    Parameters
    ----------
    lon, lat
        Units of 1e-7 degrees, EPSG:4326.
    seconds
        Presence at each point; one without any (a visit that was only begun) is given a second,
        so that it is seen.
    at_us
        When, microseconds since 1970 UTC.
    borders_us
        Rising, at least two; a bucket is ``[border, next border)``.
    """
    bucket = np.searchsorted(borders_us, at_us, side="right") - 1
    in_time = (bucket >= 0) & (bucket < len(borders_us) - 1)
    column, row, in_world = cells_of(lon, lat)
    kept = in_time & in_world
    code, bucket = codes_of(column[kept], row[kept]), bucket[kept]
    seconds = np.maximum(seconds[kept].astype(np.int64), 1)
    by_code = np.argsort(code)
    code, seconds, bucket = code[by_code], seconds[by_code], bucket[by_code]
    most_s = _most(code, seconds)
    # Stable, so that the order of codes is kept; of small whole numbers, so that it is fast.
    small = np.uint16 if len(borders_us) <= np.iinfo(np.uint16).max else np.int64
    by_bucket = np.argsort(bucket.astype(small), kind="stable")
    first = np.r_[0, np.cumsum(np.bincount(bucket, minlength=len(borders_us) - 1))]
    levels = [_summed(Level(DEEPEST, code[by_bucket], seconds[by_bucket], first), depth=DEEPEST)]
    for depth in _DEPTHS[1:]:
        levels.append(_summed(levels[-1], depth=depth))
    return PresenceIndex(
        tuple(levels),
        borders_us,
        most_s,
        points=len(lon),
        outside_time=int((~in_time).sum()),
        outside_world=int((in_time & ~in_world).sum()),
    )


def day_borders(moments_us: Ints) -> Ints:
    """Give where local days begin, from the first moment's to the day after the last one's.

    Microseconds since 1970 UTC, as `index_presence` takes them.
    """
    if not len(moments_us):
        return np.array([0, 1], dtype=np.int64)
    ends_us = (int(moments_us.min()), int(moments_us.max()))
    first, last = (local_day(from_us(us)) for us in ends_us)
    days = (first + timedelta(days=n) for n in range((last - first).days + 2))
    return np.array([to_us(day_start_at(day)) for day in days], dtype=np.int64)


def tile_seconds(index: PresenceIndex, *, zoom: int, x: int, y: int, period: Period) -> Ints:
    """Sum the presence in the squares of a tile.

    Parameters
    ----------
    index
        From `index_presence`.
    zoom, x, y
        A tile as the web counts them, rows from the north; `zoom` at most `DEEPEST_ZOOM`.
    period
        A bucket takes part, whole, where its beginning lies in it.

    Returns
    -------
    ndarray
        ``(SQUARES, SQUARES)``, rows from the north; zeros for a tile beyond the world.

    Raises
    ------
    ValueError
        Where `zoom` is negative or too deep.
    """
    if not 0 <= zoom <= DEEPEST_ZOOM:
        raise ValueError(f"zoom {zoom} is not in 0–{DEEPEST_ZOOM}")
    if not (0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        return np.zeros((SQUARES, SQUARES), dtype=np.int64)
    level = [level for level in index.levels if level.depth >= zoom + _SQUARE_BITS][-1]
    bits = 2 * (level.depth - zoom)
    tile = int(codes_of(np.array([x]), np.array([y]))[0])
    limits = np.array([tile, tile + 1], dtype=np.int64) << bits
    ends_us = [to_us(period.start_at), to_us(period.end_at)]
    start, stop = np.searchsorted(index.borders_us[:-1], ends_us).tolist()
    codes, seconds = [], []
    for begin, end in pairwise(level.first[start : stop + 1].tolist()):
        low, high = (begin + np.searchsorted(level.code[begin:end], limits)).tolist()
        if low < high:
            codes.append(level.code[low:high])
            seconds.append(level.seconds[low:high])
    if not codes:
        return np.zeros((SQUARES, SQUARES), dtype=np.int64)
    square = (np.concatenate(codes) - limits[0]) >> (bits - 2 * _SQUARE_BITS)
    # Sums of whole seconds are exact as float64 up to 2^53.
    sums = np.bincount(square, weights=np.concatenate(seconds), minlength=SQUARES**2)
    side = np.arange(SQUARES)
    found: Ints = sums.astype(np.int64)[codes_of(*np.meshgrid(side, side))]
    return found


def shades_of(seconds: Ints, most_s: int) -> Shades:
    """Shade presence by the logarithm of its minutes; the most there is anywhere is darkest.

    Parameters
    ----------
    seconds
        Presence in squares of one size.
    most_s
        The most in any square of that size, over all time and all the map: neighbouring tiles and
        other weeks are shaded alike.
    """
    share = np.log1p(seconds / _MINUTE_S) / np.log1p(max(most_s, 1) / _MINUTE_S)
    return np.where(seconds > 0, np.clip(np.ceil(share * SHADES), 1, SHADES), 0).astype(np.uint8)


def presence_png(
    index: PresenceIndex, *, zoom: int, x: int, y: int, period: Period, theme: Theme
) -> bytes:
    """Draw a tile of a period: `tile_seconds`, shaded."""
    seconds = tile_seconds(index, zoom=zoom, x=x, y=y, period=period)
    most_s = int(index.most_s[zoom + _SQUARE_BITS])
    return shade_png(shades_of(seconds, most_s), theme=theme)


def _most(code: Ints, seconds: Ints) -> Ints:
    """Find the most presence in one cell, for each depth; codes in order."""
    most_s = np.zeros(DEEPEST + 1, dtype=np.int64)
    if not len(code):
        return most_s
    for depth in range(DEEPEST, -1, -1):
        start = np.flatnonzero(_is_new(code))
        code, seconds = code[start], np.add.reduceat(seconds, start)
        most_s[depth] = seconds.max()
        code = code >> 2
    return most_s


def _summed(level: Level, *, depth: int) -> Level:
    """Sum what shares a bucket and a cell of a depth."""
    if not len(level.code):
        return Level(depth, level.code, level.seconds, level.first)
    code = level.code >> 2 * (level.depth - depth)
    is_new = _is_new(code)
    is_new[level.first[:-1][level.first[:-1] < len(code)]] = True
    start = np.flatnonzero(is_new)
    seconds = np.add.reduceat(level.seconds, start)
    return Level(depth, code[start], seconds, np.searchsorted(start, level.first))


def _is_new(code: Ints) -> Bools:
    """Tell where another code begins; there is at least one."""
    is_new: Bools = np.r_[True, code[1:] != code[:-1]]
    return is_new
