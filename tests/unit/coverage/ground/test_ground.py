"""Ground covered, against the distance of every single square, and against known areas."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.engine.compiling import Form
from geo.coverage.engine.tracks import Tracks, tracks_of
from geo.coverage.ground.covered import Ground, ground_covered, ground_share, street_share
from geo.coverage.ground.raster import raster_over
from geo.crs import METRIC, STORED, project, reproject, unproject

EAST, NORTH = 360_000.0, 6_372_000.0
"""A corner in Mark, metres."""

FORMS: tuple[Form, ...] = ("numpy", "compiled")

WEEK_US = 7 * 86_400_000_000
MONDAY_US = int(pd.Timestamp("2021-01-04", tz="UTC").value // 1000)


def borders(weeks: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return MONDAY_US + WEEK_US * np.arange(weeks + 1)


def square(side_m: float) -> shapely.Geometry:
    box = shapely.box(EAST, NORTH, EAST + side_m, NORTH + side_m)
    return reproject(box, source=METRIC, target=STORED)


def walked(*tracks: list[tuple[float, float, float]]) -> Tracks:
    """Fixes as metres from the corner and seconds since the first Monday."""
    rows = [(name, *fix) for name, track in enumerate(tracks) for fix in track]
    east, north, seconds = (np.array([row[i] for row in rows], dtype=float) for i in (1, 2, 3))
    lon, lat = unproject(EAST + east, NORTH + north)
    at = pd.to_datetime(MONDAY_US + (seconds * 1e6).astype(np.int64), unit="us", utc=True)
    frame = pd.DataFrame(
        {"track_id": [row[0] for row in rows], "at": at.as_unit("us"), "lon": lon, "lat": lat}
    )
    return tracks_of(frame)[0]


def laid(tracks: Tracks, side_m: float = 1_000, *, weeks: int = 1, **more: float) -> Ground:
    raster = raster_over(square(side_m))
    return ground_covered(tracks, raster, week_borders_us=borders(weeks), **more)


def test_a_straight_kilometre_with_a_swath_of_half_a_kilometre() -> None:
    # 0.5 km² of strip and a circle of 250 m in halves at the ends.
    ground = laid(walked([(500, 1_000, 0), (1_500, 1_000, 60)]), 2_000, reach_m=250)
    covered_km2 = float(ground.covered().sum()) * 25 / 1e6
    assert covered_km2 == pytest.approx(0.5 + math.pi * 0.25**2, abs=0.001)
    assert ground_share(ground) == pytest.approx(0.69635 / 4, abs=0.0003)


def test_standing_still_covers_its_ground() -> None:
    ground = laid(walked([(500, 500, s) for s in range(0, 3_600, 30)]), reach_m=100)
    assert float(ground.covered().sum()) * 25 == pytest.approx(math.pi * 100**2, rel=0.01)


def test_each_week_has_its_own_bit_and_a_period_is_any_of_its_weeks() -> None:
    day = 86_400
    tracks = walked([(200, 500, 0)], [(800, 500, 70 * 7 * day)], [(800, 500, 90 * 7 * day)])
    ground = laid(tracks, weeks=80)  # two planes of bits
    one = laid(walked([(200, 500, 0)])).covered()
    assert (ground.covered(0, 1) == one).all()
    assert not ground.covered(1, 70).any()
    assert ground.covered(70, 71).sum() == one.sum()
    assert ground.covered().sum() == 2 * one.sum()
    assert ground_share(ground, 0, 1) == pytest.approx(ground_share(ground) / 2)
    assert ground.fixes_outside == 1


def test_a_line_over_midnight_of_a_sunday_counts_in_both_weeks() -> None:
    end_of_week = 7 * 86_400
    tracks = walked([(300, 500, end_of_week - 30), (700, 500, end_of_week + 30)])
    ground = laid(tracks, weeks=2)
    assert (ground.covered(0, 1) == ground.covered(1, 2)).all()
    assert float(ground.covered().sum()) * 25 == pytest.approx(400 * 50 + math.pi * 625, rel=0.01)


def test_a_gap_is_not_walked() -> None:
    far_apart = walked([(300, 500, 0), (700, 500, 301)])
    two_circles = 2 * math.pi * 25**2
    assert float(laid(far_apart).covered().sum()) * 25 == pytest.approx(two_circles, rel=0.02)
    assert laid(far_apart, max_gap_s=301).covered().sum() > 2 * laid(far_apart).covered().sum()


def test_streets_by_their_length() -> None:
    lines = shapely.MultiLineString(
        [[(EAST + 100, NORTH + 500), (EAST + 900, NORTH + 500)],
         [(EAST + 100, NORTH + 900), (EAST + 300, NORTH + 900)],
         [(EAST - 500, NORTH + 500), (EAST - 100, NORTH + 500)]]
    )  # fmt: skip
    streets = reproject(lines, source=METRIC, target=STORED)
    ground = laid(walked([(100, 500, 0), (500, 500, 60)]))
    # 400 m and the reach of 25 m beyond, of the 1 000 m that lie in the area.
    assert street_share(ground, streets) == pytest.approx(0.425, abs=0.003)
    assert math.isnan(street_share(ground, reproject(lines.geoms[2], source=METRIC, target=STORED)))


def test_an_area_with_a_hole_counts_only_what_is_in_it() -> None:
    outer = shapely.box(EAST, NORTH, EAST + 100, NORTH + 100)
    holed = outer - shapely.box(EAST + 20, NORTH + 20, EAST + 80, NORTH + 80)
    raster = raster_over(reproject(holed, source=METRIC, target=STORED))
    assert raster.area_km2 == pytest.approx(0.0064, rel=1e-3)
    ground = ground_covered(walked([(50, 50, 0)]), raster, week_borders_us=borders(1), reach_m=20)
    assert ground_share(ground) == 0.0


def test_no_tracks_and_no_area() -> None:
    none = tracks_of(
        pd.DataFrame({"track_id": [], "at": pd.DatetimeIndex([], tz="UTC"), "lon": [], "lat": []})
    )[0]
    assert ground_share(laid(none)) == 0.0
    with pytest.raises(ValueError, match="empty"):
        raster_over(shapely.Polygon())


fixes = st.lists(
    st.tuples(st.floats(-60, 260), st.floats(-60, 260), st.integers(0, 4).map(lambda n: n * 100)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(tracks=st.lists(fixes, min_size=1, max_size=3), reach_m=st.sampled_from([1.0, 12.5, 40.0]))
def test_every_square_within_reach_of_a_line_and_no_other(
    tracks: list[list[tuple[float, float, int]]], reach_m: float
) -> None:
    raster = raster_over(square(200))
    found = walked(*[sorted(track, key=lambda fix: fix[2]) for track in tracks])

    rows, columns = raster.inside.shape
    east = raster.west_m + (np.arange(columns) + 0.5) * raster.cell_m
    north = raster.south_m + (np.arange(rows) + 0.5) * raster.cell_m
    middles = shapely.points(*np.meshgrid(east, north))
    distance = np.full(middles.shape, np.inf)
    x, y = project(found.lon / 1e7, found.lat / 1e7)
    for track in range(len(found.first) - 1):
        each = range(int(found.first[track]), int(found.first[track + 1]))
        for fix in each:
            line = [(x[fix], y[fix])] * 2
            if fix + 1 in each and found.at[fix + 1] - found.at[fix] <= 300e6:
                line[1] = (x[fix + 1], y[fix + 1])
            distance = np.minimum(distance, shapely.distance(middles, shapely.LineString(line)))
    # The projection of the engine differs from the exact one by less than a tenth of a millimetre.
    clear = np.abs(distance - reach_m) > 1e-4
    for form in FORMS:
        ground = ground_covered(
            found, raster, week_borders_us=borders(1), reach_m=reach_m, form=form
        )
        assert (ground.covered() == (distance <= reach_m))[clear].all()
