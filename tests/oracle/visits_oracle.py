"""Visits from fixes and from lines, the slow and obvious way: one track and place at a time.

Shares no code with ``geo.coverage``.  Moments are whole microseconds.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.oracle.places_oracle import TO_METRES, metric_shapes

Fix = tuple[int, int, int]
"""Moment, and lon and lat in whole 1e-7 degrees."""

Stay = tuple[float, float]


@dataclass(frozen=True)
class Piece:
    """A row of the places: its place, shape in metres, reach, and when it counts."""

    place: str
    shape: shapely.Geometry
    reach: float
    opens: float
    closes: float


def pieces_of(places: gpd.GeoDataFrame) -> list[Piece]:
    def moment(value, missing: float) -> float:
        return missing if pd.isna(value) else value.timestamp() * 1e6

    return [
        Piece(row.location_id, shape, reach, moment(row.start_at, -math.inf),
              moment(row.end_at, math.inf))
        for row, (shape, reach) in zip(places.itertuples(), metric_shapes(places), strict=True)
    ]  # fmt: skip


def in_metres(fix: Fix) -> shapely.Point:
    return shapely.Point(TO_METRES.transform(fix[1] / 1e7, fix[2] / 1e7))


def by_fixes(
    track: Sequence[Fix], places: list[Piece], zones: list[Piece], *, max_gap_us: int
) -> list[tuple[int, int, str, int]]:
    """List ``start, end, place, fixes``."""
    found = []
    for place in dict.fromkeys(piece.place for piece in places):
        visit: list[int] = []
        for fix in sorted(track, key=lambda fix: fix[0]):
            point = in_metres(fix)
            if any(zone.shape.distance(point) <= zone.reach for zone in zones):
                continue
            if not any(
                piece.opens <= fix[0] < piece.closes and piece.shape.distance(point) <= piece.reach
                for piece in places
                if piece.place == place
            ):
                continue
            if visit and fix[0] - visit[-1] > max_gap_us:
                found.append((visit[0], visit[-1], place, len(visit)))
                visit = []
            visit.append(fix[0])
        if visit:
            found.append((visit[0], visit[-1], place, len(visit)))
    return sorted(found)


def by_lines(
    track: Sequence[Fix],
    places: list[Piece],
    zones: list[Piece],
    *,
    max_gap_us: int,
    max_away_us: int,
) -> dict[str, list[Stay]]:
    """List the stays of a track, whose moments are all different, for each place."""
    track = sorted(track)
    found = {}
    in_zones = union([stay for zone in zones for stay in _time_inside(track, zone, max_gap_us)])
    for place in dict.fromkeys(piece.place for piece in places):
        stays = [
            stay
            for piece in places
            if piece.place == place
            for stay in _time_inside(track, piece, max_gap_us)
        ]
        found[place] = union(_minus(union(stays), in_zones), max_away_us)
    return found


def union(stays: list[Stay], away: float = 0.5) -> list[Stay]:
    joined: list[Stay] = []
    for start, end in sorted(stays):
        if joined and start - joined[-1][1] <= away:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _minus(stays: list[Stay], zones: list[Stay]) -> list[Stay]:
    for zone_start, zone_end in zones:
        cut: list[Stay] = []
        for start, end in stays:
            if zone_end < start or zone_start > end:
                cut.append((start, end))
                continue
            if start < zone_start:
                cut.append((start, zone_start))
            if zone_end < end:
                cut.append((zone_end, end))
        stays = cut
    return stays


def _time_inside(track: Sequence[Fix], piece: Piece, max_gap_us: int) -> list[Stay]:
    stays: list[Stay] = []
    linked = [b[0] - a[0] <= max_gap_us for a, b in itertools.pairwise(track)]
    for number, fix in enumerate(track):
        before = number > 0 and linked[number - 1]
        after = number < len(linked) and linked[number]
        if not before and not after and piece.shape.distance(in_metres(fix)) <= piece.reach:
            stays.append((fix[0], fix[0]))
        if after:
            other = track[number + 1]
            a, b = in_metres(fix), in_metres(other)
            for low, high in shares_inside((a.x, a.y), (b.x, b.y), piece.shape, piece.reach):
                stays.append((fix[0] + low * (other[0] - fix[0]),
                              fix[0] + high * (other[0] - fix[0])))  # fmt: skip
    clipped = []
    for start, end in stays:
        if start < piece.closes and (end > piece.opens or start == piece.opens):
            clipped.append((max(start, piece.opens), min(end, piece.closes)))
    return clipped


def shares_inside(
    a: tuple[float, float], b: tuple[float, float], shape: shapely.Geometry, reach: float
) -> list[Stay]:
    """Clip one straight line: its polygons by shapely, each reach as a box and two true circles."""
    if a == b:
        return [(0.0, 1.0)] if shape.distance(shapely.Point(a)) <= reach else []
    found = _by_shapely(a, b, shape)
    if reach:
        for part in _simple(shape):
            lines = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
            for line in lines:
                corners = [tuple(xy) for xy in shapely.get_coordinates(line)]
                for corner in corners:
                    found += _in_circle(a, b, corner, reach)
                for one, other in itertools.pairwise(corners):
                    if one != other:
                        found += _by_shapely(a, b, _box(one, other, reach))
    return union(found, 1e-12)


def _simple(shape: shapely.Geometry) -> list[shapely.Geometry]:
    if not hasattr(shape, "geoms"):
        return [shape]
    return [part for inner in shape.geoms for part in _simple(inner)]


def _by_shapely(a, b, shape: shapely.Geometry) -> list[Stay]:
    length = math.dist(a, b)
    found = []
    for polygon in (part for part in _simple(shape) if part.geom_type == "Polygon"):
        for piece in _simple(shapely.LineString([a, b]).intersection(polygon)):
            if piece.length:
                shares = [math.dist(a, xy) / length for xy in shapely.get_coordinates(piece)]
                found.append((min(shares), max(shares)))
    return found


def _in_circle(a, b, centre, radius: float) -> list[Stay]:
    step, start = np.subtract(b, a), np.subtract(a, centre)
    square, half = step @ step, step @ start
    under = half**2 - square * (start @ start - radius**2)
    if under <= 0:
        return []
    low, high = (-half - math.sqrt(under)) / square, (-half + math.sqrt(under)) / square
    low, high = max(low, 0.0), min(high, 1.0)
    return [(low, high)] if low <= high else []


def _box(one, other, reach: float) -> shapely.Polygon:
    step = np.subtract(other, one)
    aside = np.array([-step[1], step[0]]) / np.hypot(*step) * reach
    return shapely.Polygon([one + aside, other + aside, other - aside, one - aside])
