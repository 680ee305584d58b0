"""Ground covered as tiles: each pixel is its square's, at every zoom."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from pyproj import Transformer
from shapely import LineString, Point

from geo.coverage.ground.covered import REACH_M
from geo.crs import project
from geo.maps.ground_tiles import GroundTiles, ground_png, ground_tiles, tile_ground
from geo.maps.surroundings import fallback_outline
from geo.maps.tile_picture import TILE_PX, empty_png
from geo.model.period import Period
from geo.model.visit import Fix, Track
from geo.services.ground import ground_of
from geo.services.tracks import tracks_in_records
from tests.oracle.tiles_oracle import square_of
from tests.unit.viewmodels.world import local

KINNA = (12.69, 57.507)
WALK = [(12.690, 57.507), (12.694, 57.508), (12.694, 57.510)]
WEEK_21 = Period(date(2021, 5, 24), date(2021, 5, 31))
WEEK_22 = Period(date(2021, 5, 31), date(2021, 6, 7))
METRES = Transformer.from_crs("EPSG:4326", "EPSG:3006", always_xy=True)


def track(day: str, spots: list[tuple[float, float]]) -> Track:
    fixes = tuple(
        Fix(local(f"{day}T20:{minute:02}"), lon, lat) for minute, (lon, lat) in enumerate(spots)
    )
    return Track(track_id=day, name=day, kind="fotpatrull", fixes=fixes)


@pytest.fixture(scope="module")
def walked() -> GroundTiles:
    found = ground_of(
        tracks_in_records([track("2021-06-02", WALK[:1]), track("2021-05-26", WALK)]),
        fallback_outline(),
    )
    assert found is not None
    assert found.first_on == date(2021, 5, 24)
    return ground_tiles(found.squares, first_on=found.first_on)


def tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    return square_of(round(lon * 1e7), round(lat * 1e7), zoom=zoom, squares=TILE_PX)[:2]


def degrees(zoom: int, x: float, y: float) -> tuple[float, float]:
    """The definition of Web Mercator, one point at a time."""
    side = 2**zoom
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / side))))
    return x / side * 360 - 180, lat


@pytest.mark.parametrize("zoom", [14, 16, 17, 19])
def test_each_pixel_near_the_track_is_shaded_and_no_other(walked: GroundTiles, zoom: int) -> None:
    x, y = tile_at(*WALK[1], zoom)
    found = tile_ground(walked, zoom=zoom, x=x, y=y, period=WEEK_21)
    line = LineString([METRES.transform(*spot) for spot in WALK])
    assert found.any()
    seen = 0
    for row in range(3, TILE_PX, 11):
        for column in range(5, TILE_PX, 11):
            lon, lat = degrees(zoom, x + (column + 0.5) / TILE_PX, y + (row + 0.5) / TILE_PX)
            away_m = line.distance(Point(METRES.transform(lon, lat)))
            # A square is shaded by its middle; from afar, by any of the squares in it.
            square_m = 5.0 * 2 if zoom == 14 else 5.0
            if abs(away_m - REACH_M) > square_m * math.sqrt(2):
                assert found[row, column] == (away_m < REACH_M), (row, column, away_m)
                seen += 1
    assert seen > 300


@pytest.mark.parametrize("zoom", [8, 9, 10, 11, 12, 13])
def test_from_afar_a_walk_is_never_lost(walked: GroundTiles, zoom: int) -> None:
    tiles = {tile_at(*spot, zoom) for spot in WALK}
    shaded = sum(
        int(tile_ground(walked, zoom=zoom, x=x, y=y, period=WEEK_21).sum()) for x, y in tiles
    )
    pixel_m = 40_075_016.686 * math.cos(math.radians(KINNA[1])) / 2**zoom / TILE_PX
    assert shaded >= 1
    # The walk is about 500 m and a swath of 50: pixels are at most the squares they touch.
    assert shaded <= (520 / pixel_m + 3) * (50 / pixel_m + 3) * 2


def test_weeks_are_whole_and_a_period_is_all_it_touches(walked: GroundTiles) -> None:
    zoom = 16
    x, y = tile_at(*WALK[0], zoom)

    def pixels(period: Period) -> int:
        return int(tile_ground(walked, zoom=zoom, x=x, y=y, period=period).sum())

    lone, walk = pixels(WEEK_22), pixels(WEEK_21)
    assert 0 < lone < walk
    assert pixels(Period(date(2021, 5, 30), date(2021, 5, 31))) == walk  # a Sunday of week 21
    assert pixels(Period(date(2021, 5, 30), date(2021, 6, 1))) == walk  # the lone fix is on it
    assert pixels(Period(date(2021, 5, 24), date(2021, 5, 25))) == walk  # its Monday alone
    assert pixels(Period(date(2021, 5, 1), date(2021, 5, 24))) == 0
    assert pixels(Period(date(2021, 6, 7), date(2021, 7, 1))) == 0
    assert walked.share(WEEK_22) * walked.squares.area_m2 == pytest.approx(
        math.pi * REACH_M**2, rel=0.05
    )
    assert walked.covered_km2(WEEK_22) == pytest.approx(math.pi * REACH_M**2 / 1e6, rel=0.05)


def test_elsewhere_is_empty_even_at_the_ends_of_the_world(walked: GroundTiles) -> None:
    for zoom, x, y in ((8, 0, 0), (8, 255, 255), (0, 0, 0), (16, 1, 1)):
        drawn = ground_png(walked, zoom=zoom, x=x, y=y, period=WEEK_21, theme="light")
        assert drawn == empty_png() or zoom == 0


def test_nothing_outside_mark_and_nothing_without_tracks() -> None:
    assert ground_of(tracks_in_records([]), fallback_outline()) is None
    far = tracks_in_records([track("2021-05-26", [(11.97, 57.7), (11.98, 57.7)])])
    found = ground_of(far, fallback_outline())
    assert found is not None
    tiles = ground_tiles(found.squares, first_on=found.first_on)
    assert tiles.share(WEEK_21) == 0
    x, y = tile_at(11.97, 57.7, 12)
    assert not tile_ground(tiles, zoom=12, x=x, y=y, period=WEEK_21).any()


def test_projected_by_nodes_is_projected(walked: GroundTiles) -> None:
    from geo.maps.ground_tiles import _middles

    for zoom in (8, 12, 18):
        x, y = tile_at(*KINNA, zoom)
        east_m, north_m = _middles(zoom, x, y)
        pixel_m = east_m[0, 1] - east_m[0, 0]
        for row, column in ((0, 0), (8, 248), (131, 77), (255, 255)):
            lon, lat = degrees(zoom, x + (column + 0.5) / TILE_PX, y + (row + 0.5) / TILE_PX)
            east, north = project(np.array([lon]), np.array([lat]))
            assert abs(east_m[row, column] - east[0]) < pixel_m / 50
            assert abs(north_m[row, column] - north[0]) < pixel_m / 50
