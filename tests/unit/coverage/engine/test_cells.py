"""The cell table gives exactly the pairs of shapely, but for fixes on an edge."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.engine.compiling import engine
from geo.coverage.engine.degrees import quantised
from geo.coverage.engine.lookup import pieces_at
from geo.coverage.engine.projection import MOST_ERROR_M, fit_patches
from geo.coverage.engine.shapes import shapes_of
from geo.coverage.engine.table import cell_table
from geo.crs import project
from tests.oracle.places_oracle import pairs as slow_pairs
from tests.unit.coverage.engine.ground import (
    KINDS,
    fixes_around,
    on_the_grid,
    places,
    stored,
)


def found_pairs(frame: gpd.GeoDataFrame, lon: np.ndarray, lat: np.ndarray) -> set[tuple[int, int]]:
    fix, piece = pieces_at(cell_table(shapes_of(frame)), lon, lat)
    both = list(zip(fix.tolist(), piece.tolist(), strict=True))
    assert both == sorted(set(both))
    return set(both)


def assert_same_pairs(frame: gpd.GeoDataFrame, rng: np.random.Generator, *, count: int) -> None:
    lon, lat = fixes_around(frame, rng, count=count)
    found = found_pairs(frame, lon, lat)
    inside, doubtful = slow_pairs(frame, lon, lat)
    assert found - doubtful == inside - doubtful


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_one_place_of_each_kind(kind, seed):
    rng = np.random.default_rng(seed)
    shape, reach = KINDS[kind](rng)
    assert_same_pairs(places((stored(shape), reach)), rng, count=300)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), kinds=st.lists(st.sampled_from(sorted(KINDS)), max_size=9))
def test_many_places_on_top_of_each_other(seed, kinds):
    rng = np.random.default_rng(seed)
    drawn = [KINDS[kind](rng) for kind in kinds]
    frame = places(*[(stored(shape), reach) for shape, reach in drawn])
    assert_same_pairs(frame, rng, count=100)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_edges_along_the_edges_of_cells(seed):
    rng = np.random.default_rng(seed)
    assert_same_pairs(places(on_the_grid(rng), on_the_grid(rng)), rng, count=300)


def test_places_far_apart_and_all_over_sweden():
    rng = np.random.default_rng(1)
    far = [(shapely.Point(*at).buffer(0.01), 0.0) for at in [(11.2, 58.9), (24.1, 65.8)]]
    assert_same_pairs(places(*far, (shapely.Point(18.06, 59.33), 500.0)), rng, count=2_000)


def test_no_places_and_no_fixes():
    none = np.zeros(0, np.int32)
    rng = np.random.default_rng(1)
    one = places((stored(shapely.Point(0, 0)), 75.0))
    lon, lat = fixes_around(one, rng, count=10)
    assert found_pairs(places(), lon, lat) == set()
    assert found_pairs(one, none, none) == set()


@pytest.mark.parametrize("lon", [-(2**31), -1_800_000_000, 0, 1_800_000_000, 2**31 - 1])
@pytest.mark.parametrize("lat", [-(2**31), -900_000_000, 0, 900_000_000, 2**31 - 1])
def test_the_ends_of_the_world_lie_in_no_place(lon, lat):
    one = places((stored(shapely.Point(0, 0)), 75.0))
    assert found_pairs(one, np.array([lon], np.int32), np.array([lat], np.int32)) == set()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1,
                                                      max_size=5))  # fmt: skip
def test_the_plain_table_says_the_same_to_an_equi_join(seed, kinds):
    rng = np.random.default_rng(seed)
    drawn = [KINDS[kind](rng) for kind in kinds if kind != "huge"]
    frame = places(*[(stored(shape), reach) for shape, reach in drawn])
    table = cell_table(shapes_of(frame))
    lon, lat = fixes_around(frame, rng, count=50)
    fixes = pd.DataFrame({"cell_x": lon // 2048, "cell_y": lat // 1024, "fix": np.arange(len(lon))})
    joined = fixes.merge(table.as_frame(), on=["cell_x", "cell_y"])
    sure = set(joined.loc[~joined["is_cut"], ["fix", "piece"]].itertuples(index=False, name=None))
    maybe = set(joined.loc[joined["is_cut"], ["fix", "piece"]].itertuples(index=False, name=None))
    inside, doubtful = slow_pairs(frame, lon, lat)
    assert not sure & maybe
    assert sure <= inside
    assert inside <= sure | maybe | doubtful


def test_most_of_a_place_needs_no_exact_test():
    # A circle of 200 m has 125 664 m²: 900 cells of 139 m², of which those on its rim of
    # 1 257 m, some 8 every 50 m, are cut.
    table = cell_table(shapes_of(places((stored(shapely.Point(0, 0)), 200.0)))).as_frame()
    assert 1.0 < len(table) * 139.2 / 125_664 < 1.3
    assert table["is_cut"].mean() < 0.25


def test_the_projection_is_right_to_a_hundredth_of_a_millimetre():
    rng = np.random.default_rng(7)
    lon, lat = rng.uniform(10, 25, 20_000), rng.uniform(55, 70, 20_000)
    lon_units, lat_units, _, _ = quantised(lon, lat)
    patches = fit_patches(lon_units, lat_units)
    east, north = patches.project(lon_units, lat_units)
    exact_east, exact_north = project(lon_units / 1e7, lat_units / 1e7)
    error = np.hypot(east - exact_east, north - exact_north).max()
    assert (patches.slot >= 0).sum() == len(patches.coefficients)
    assert error < 2 * patches.worst_m < MOST_ERROR_M


def test_what_was_wrong_with_a_place_is_named_and_the_rest_computed():
    line = shapely.LineString([(12.6, 57.5), (12.6, 57.5)])
    good = (stored(shapely.Point(0, 0)), 75.0)
    bow_tie = stored(shapely.Polygon([(0, 0), (100, 80), (100, 0), (0, 80)]))
    frame = places(
        (line, 20.0),
        (shapely.box(-179, 50, 179, 51), 0.0),
        (shapely.Point(np.nan, 57.5), 20.0),
        (shapely.Point(12.6, np.inf), 20.0),
        (shapely.Polygon(), 0.0),
        (shapely.Point(12.6, 157.5), 20.0),
        (shapely.Point(12.6, 57.5), 0.0),
        (shapely.LineString([(12.6, 57.5), (12.61, 57.5)]), np.nan),
        (shapely.Point(12.6, 57.5), -3.0),
        (shapely.Point(12.6, 57.5), np.inf),
        (shapely.Point(-160, 60), 20.0),
        (bow_tie, 0.0),
        good,
    )
    frame.loc[4, "geometry"] = None
    shapes = shapes_of(frame)
    assert [(fault.location_id, fault.reason) for fault in shapes.faults] == [
        ("p0", "zero_length"),
        ("p1", "antimeridian"),
        ("p2", "not_finite"),
        ("p3", "not_finite"),
        ("p4", "no_geometry"),
        ("p5", "outside_world"),
        ("p6", "no_area"),
        ("p7", "no_area"),
        ("p8", "bad_radius"),
        ("p9", "bad_radius"),
        ("p10", "outside_projection"),
        ("p11", "repaired"),
    ]
    rng = np.random.default_rng(3)
    lon, lat = fixes_around(places((bow_tie, 0.0), good), rng, count=200)
    found = {(fix, row - 11) for fix, row in found_pairs(frame, lon, lat)}
    inside, doubtful = slow_pairs(places((bow_tie, 0.0), good), lon, lat)
    assert found - doubtful == inside - doubtful


@pytest.mark.parametrize("form", ["numpy", "compiled"])
def test_positions_that_are_none_are_told_from_those_outside_the_world(form):
    lon = np.array([12.6, np.nan, 12.6, np.inf, 180.1, -215.0, 180.0])
    lat = np.array([57.5, 57.5, np.nan, 57.5, 57.5, 57.5, -90.0])
    lon_units, lat_units, missing, outside = engine(form).quantised(lon, lat, threads=2)
    assert missing.tolist() == [False, True, True, True, False, False, False]
    assert outside.tolist() == [False, False, False, False, True, True, False]
    assert lon_units.tolist() == [126_000_000, 0, 0, 0, 0, 0, 1_800_000_000]
    assert lat_units.tolist() == [575_000_000, 0, 0, 0, 0, 0, -900_000_000]


def test_a_place_within_another_and_a_hole_around_it():
    ring = shapely.Point(0, 0).buffer(200).difference(shapely.Point(0, 0).buffer(100))
    frame = places(
        (stored(ring), 0.0), (stored(shapely.Point(0, 0)), 100.0), (stored(shapely.Point(0, 0)), 5)
    )
    rng = np.random.default_rng(11)
    assert_same_pairs(frame, rng, count=2_000)
