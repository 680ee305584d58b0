"""Covered squares of a large area are those a raster over all of it has."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some

from geo.coverage.ground.covered import ground_covered, ground_share
from geo.coverage.ground.raster import raster_over
from geo.coverage.ground.squares import covered_squares, joined_squares, squares_share, week_mask
from tests.unit.coverage.ground.test_ground import EAST, NORTH, borders, square, walked

SIDE_M = 1_500.0
# A block is 1 280 m and begins at a whole number of them: borders cross the area.
metres = some.floats(-200, SIDE_M + 200)
WEEK_S = 7 * 86_400
tracks_of_fixes = some.lists(
    some.lists(
        some.tuples(metres, metres, some.integers(0, 70 * WEEK_S)), min_size=1, max_size=4
    ).map(lambda fixes: [(e, n, fixes[0][2] + 60.0 * i) for i, (e, n, _) in enumerate(fixes)]),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20, deadline=None)
@given(tracks_of_fixes, some.integers(0, 70), some.integers(1, 71))
def test_squares_are_those_of_the_raster(
    tracks: list[list[tuple[float, float, float]]], first: int, stop: int
) -> None:
    weeks, reach_m = 71, 60.0
    fixes, area = walked(*tracks), square(SIDE_M)
    dense = ground_covered(
        fixes, raster_over(area), week_borders_us=borders(weeks), reach_m=reach_m, form="numpy"
    )
    sparse = covered_squares(
        fixes, area, week_borders_us=borders(weeks), reach_m=reach_m, form="numpy"
    )
    raster = dense.raster
    found = np.zeros_like(dense.bits)
    row = sparse.row - round(raster.south_m / raster.cell_m)
    column = sparse.column - round(raster.west_m / raster.cell_m)
    found[:, row, column] = sparse.bits
    assert np.array_equal(found, dense.bits * raster.inside)
    assert (np.lexsort((sparse.column, sparse.row)) == np.arange(len(sparse.row))).all()
    share = ground_share(dense, first, stop)
    assert squares_share(sparse, first, stop) == pytest.approx(share, rel=0.01)
    assert sparse.fixes_outside == dense.fixes_outside


@settings(max_examples=30, deadline=None)
@given(tracks_of_fixes, some.data())
def test_lots_of_tracks_joined_are_laid_together(
    tracks: list[list[tuple[float, float, float]]], data: some.DataObject
) -> None:
    weeks, area = 71, square(SIDE_M)
    whole = covered_squares(
        walked(*tracks), area, week_borders_us=borders(weeks), reach_m=60.0, form="numpy"
    )
    parts = []
    for track in tracks:
        # Its own weeks begin with or before its first fix's, and end with or after its last's.
        first = data.draw(some.integers(0, int(track[0][2] // WEEK_S)))
        last = data.draw(some.integers(min(int(track[-1][2] // WEEK_S) + 1, weeks), weeks))
        own = borders(weeks)[first : last + 1]
        laid = covered_squares(walked(track), area, week_borders_us=own, reach_m=60.0, form="numpy")
        parts.append((laid, first))
    parts.append((covered_squares(walked(), area, week_borders_us=borders(weeks)), 0))
    joined = joined_squares(parts)
    for name in ("row", "column", "bits"):
        assert np.array_equal(getattr(joined, name), getattr(whole, name)), name
    assert (joined.weeks, joined.area_m2) == (whole.weeks, whole.area_m2)
    assert joined.fixes_outside == whole.fixes_outside


def test_no_track_near_is_no_square_and_a_share_of_nothing() -> None:
    far = walked([(50_000, 50_000, 0), (50_100, 50_000, 30)])
    found = covered_squares(far, square(SIDE_M), week_borders_us=borders(2), form="numpy")
    assert found.row.shape == (0,)
    assert found.bits.shape == (1, 0)
    assert squares_share(found) == 0.0


def test_a_leap_across_the_country_looks_only_at_the_area() -> None:
    leap = walked([(-400_000, 300, 0), (400_000, 900, 200)])
    found = covered_squares(leap, square(SIDE_M), week_borders_us=borders(1), form="numpy")
    metric = shapely.box(EAST, NORTH, EAST + SIDE_M, NORTH + SIDE_M)
    # 600 m up over 800 km across: through all of the area, 50 m wide.
    assert squares_share(found) == pytest.approx(50 * SIDE_M / metric.area, rel=0.02)


def test_a_mask_has_the_weeks_from_first_to_before_stop() -> None:
    assert week_mask(3).tolist() == [0b111]
    assert week_mask(3, 1, 2).tolist() == [0b010]
    assert week_mask(3, -5, 99).tolist() == [0b111]
    assert week_mask(3, 2, 2).tolist() == [0]
    assert week_mask(66, 63, 65).tolist() == [1 << 63, 1]
