"""Shapes and fixes to try the engine with: ordinary, degenerate, tiny, huge, overlapping."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import to_stored, unproject
from tests.oracle.places_oracle import metric_shapes

EAST, NORTH = 351_000.0, 6_376_000.0
"""Somewhere in Kinna; shapes are drawn in metres from here."""

Rng = np.random.Generator


def stored(geometry: shapely.Geometry) -> shapely.Geometry:
    """Move a shape drawn in metres from Kinna to lon, lat."""
    return to_stored(shapely.transform(geometry, lambda xy: np.add(xy, (EAST, NORTH))))


def places(*rows: tuple[shapely.Geometry, float], ids: list[str] | None = None) -> gpd.GeoDataFrame:
    """Make a frame of places from stored shapes and reaches."""
    never = pd.Series([pd.NaT] * len(rows), dtype="datetime64[us, UTC]")
    return gpd.GeoDataFrame(
        {
            "location_id": ids or [f"p{number}" for number in range(len(rows))],
            "start_at": never,
            "end_at": never,
            "radius_m": np.array([reach for _, reach in rows], dtype=np.float64),
        },
        geometry=[geometry for geometry, _ in rows],
        crs="EPSG:4326",
    )


def star(rng: Rng, *, size: float, corners: int) -> shapely.Polygon:
    """A polygon round the origin, its corners at random distances."""
    turn = np.sort(rng.uniform(0, 2 * np.pi, corners))
    far = size * rng.uniform(0.1, 1.0, corners)
    return shapely.Polygon(np.column_stack([far * np.cos(turn), far * np.sin(turn)]))


def somewhere(rng: Rng) -> np.ndarray:
    return rng.normal(0, 150, 2)


def moved(geometry: shapely.Geometry, by: np.ndarray) -> shapely.Geometry:
    return shapely.transform(geometry, lambda xy: xy + by)


def _circle(rng: Rng) -> tuple[shapely.Geometry, float]:
    return shapely.Point(somewhere(rng)), float(rng.choice([0.3, 7.0, 75.0, 200.0]))


def _polygon(rng: Rng) -> tuple[shapely.Geometry, float]:
    size = float(rng.choice([5.0, 60.0, 300.0]))
    return moved(star(rng, size=size, corners=int(rng.integers(3, 40))), somewhere(rng)), 0.0


def _holed(rng: Rng) -> tuple[shapely.Geometry, float]:
    outer = shapely.Point(0, 0).buffer(120, quad_segs=int(rng.integers(1, 9)))
    holes = shapely.union_all([shapely.Point(rng.normal(0, 60, 2)).buffer(20) for _ in range(3)])
    return moved(outer.difference(holes), somewhere(rng)), 0.0


def _corridor(rng: Rng) -> tuple[shapely.Geometry, float]:
    line = np.cumsum(rng.normal(0, 60, (int(rng.integers(2, 12)), 2)), axis=0)
    return moved(shapely.LineString(line), somewhere(rng)), float(rng.uniform(0.5, 40))


def _widened(rng: Rng) -> tuple[shapely.Geometry, float]:
    shape, _ = _polygon(rng) if rng.random() < 0.5 else _holed(rng)
    return shape, float(rng.uniform(0.1, 50))


def _several(rng: Rng) -> tuple[shapely.Geometry, float]:
    boxes = [shapely.box(60 * i, 0, 60 * i + 50, 40 + 20 * i) for i in range(3)]
    many = [
        shapely.MultiPolygon(boxes),
        shapely.MultiPoint(rng.normal(0, 80, (5, 2))),
        shapely.MultiLineString([rng.normal(0, 80, (3, 2)) for _ in range(3)]),
        shapely.GeometryCollection([boxes[0], moved(boxes[0], np.array([25.0, 10.0])),
                                    shapely.Point(-50, 0)]),
    ]  # fmt: skip
    chosen = int(rng.integers(len(many)))
    reach = 0.0 if chosen in (0, 3) and rng.random() < 0.6 else float(rng.uniform(5, 30))
    return moved(many[chosen], somewhere(rng)), reach


def _tiny(rng: Rng) -> tuple[shapely.Geometry, float]:
    """Smaller than a cell, or thinner than the step between two whole positions."""
    kinds = [
        (shapely.box(0, 0, 0.05, 0.05), 0.0),
        (shapely.box(0, 0, 300, 0.02), 0.0),
        (shapely.Polygon([(0, 0), (200, 0.001), (400, 0), (200, 0.03)]), 0.0),
        (shapely.Point(0, 0), 0.02),
        (shapely.LineString([(0, 0), (0.01, 0)]), 0.05),
    ]
    shape, reach = kinds[int(rng.integers(len(kinds)))]
    return moved(shape, somewhere(rng)), reach


def _huge(rng: Rng) -> tuple[shapely.Geometry, float]:
    if rng.random() < 0.3:
        return shapely.Point(somewhere(rng)), float(rng.uniform(2_000, 20_000))
    return star(rng, size=40_000, corners=int(rng.integers(3, 30))), 0.0


def _degenerate(rng: Rng) -> tuple[shapely.Geometry, float]:
    """Repeated corners, a spike, a bow-tie, parts on top of each other."""
    kinds = [
        shapely.Polygon([(0, 0), (0, 0), (90, 0), (90, 0), (90, 70), (0, 70), (0, 0)]),
        shapely.Polygon([(0, 0), (80, 0), (80, 40), (200, 40.0001), (80, 40.0002), (0, 80)]),
        shapely.Polygon([(0, 0), (100, 80), (100, 0), (0, 80)]),
        shapely.MultiPolygon([shapely.box(0, 0, 60, 60), shapely.box(30, 30, 100, 100)]),
    ]
    reach = 0.0 if rng.random() < 0.7 else 12.0
    return moved(kinds[int(rng.integers(len(kinds)))], somewhere(rng)), reach


KINDS: dict[str, Callable[[Rng], tuple[shapely.Geometry, float]]] = {
    "circle": _circle,
    "polygon": _polygon,
    "holed": _holed,
    "corridor": _corridor,
    "widened": _widened,
    "several": _several,
    "tiny": _tiny,
    "huge": _huge,
    "degenerate": _degenerate,
}


def on_the_grid(rng: Rng) -> tuple[shapely.Geometry, float]:
    """A box whose edges and corners are those of cells, in lon, lat."""
    west, south = 61_700 + rng.integers(0, 9), 561_900 + rng.integers(0, 9)
    wide, high = rng.integers(1, 20, 2)
    return (
        shapely.box(
            west * 2048 / 1e7,
            south * 1024 / 1e7,
            (west + wide) * 2048 / 1e7,
            (south + high) * 1024 / 1e7,
        ),
        0.0,
    )


def fixes_around(frame: gpd.GeoDataFrame, rng: Rng, *, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Whole positions: some anywhere near, most within centimetres or metres of an edge."""
    xy = []
    for shape, reach in metric_shapes(frame):
        edge = shape.buffer(reach).boundary if reach else shape.boundary
        if edge.is_empty or not edge.length:
            continue
        on_it = shapely.line_interpolate_point(edge, rng.uniform(0, edge.length, count))
        off = rng.normal(0, 1, (count, 2)) * rng.choice([0.003, 0.05, 2.0, 20.0], (count, 1))
        xy.append(shapely.get_coordinates(on_it) + off)
        corners = shapely.get_coordinates(shape)
        xy.append(corners[rng.integers(0, len(corners), count // 4)])
        low, high = np.array(shape.bounds[:2]), np.array(shape.bounds[2:])
        xy.append(rng.uniform(low - reach - 30, high + reach + 30, (count, 2)))
    if not xy:
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    metres = np.concatenate(xy)
    lon, lat = unproject(metres[:, 0], metres[:, 1])
    return np.rint(lon * 1e7).astype(np.int32), np.rint(lat * 1e7).astype(np.int32)
