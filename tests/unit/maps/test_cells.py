"""Hexagon sums against the slow obvious way: the nearest centre."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import project
from geo.maps.cells import hexagon_sums

NEAR_MARK = st.lists(
    st.tuples(st.floats(12.55, 12.75), st.floats(57.45, 57.55)), min_size=1, max_size=60
)


@given(points=NEAR_MARK, size_m=st.floats(50, 2_000))
def test_every_point_is_counted_in_the_hexagon_nearest_to_it(
    points: list[tuple[float, float]], size_m: float
) -> None:
    lon, lat = np.array(points).T
    cells = hexagon_sums(lon, lat, size_m=size_m)
    assert cells.count.sum() == len(points)
    assert (cells.count > 0).all()
    east, north = project(lon, lat)
    cell_east, cell_north = project(cells.lon, cells.lat)
    away = np.hypot(east[:, None] - cell_east, north[:, None] - cell_north)
    # Hexagons tile the plane as the nearest-centre regions of their lattice, so no point is
    # further from its centre than a corner is: size_m (and a hair for rounding).
    assert away.min(axis=1).max() <= size_m * (1 + 1e-9) + 1e-3
    nearest = np.bincount(away.argmin(axis=1), minlength=len(cells.count))
    ties = np.sort(away, axis=1)
    clear = np.ones(len(points), dtype=bool)
    if away.shape[1] > 1:
        clear = ties[:, 1] - ties[:, 0] > 1e-3
    if clear.all():
        assert (nearest == cells.count).all()


def test_order_does_not_matter_and_nothing_is_nothing() -> None:
    random = np.random.default_rng(1)
    lon, lat = random.uniform(12.5, 12.8, 300), random.uniform(57.4, 57.6, 300)
    shuffled = random.permutation(300)
    one, other = hexagon_sums(lon, lat), hexagon_sums(lon[shuffled], lat[shuffled])
    assert (one.count == other.count).all()
    assert one.lon == pytest.approx(other.lon)
    empty = hexagon_sums([], [])
    assert len(empty.count) == 0


def test_points_without_a_position_are_left_out() -> None:
    cells = hexagon_sums([12.6, np.nan, np.inf], [57.5, 57.5, 57.5])
    assert cells.count.tolist() == [1]


@pytest.mark.parametrize("size_m", [0, -5])
def test_a_hexagon_has_a_size(size_m: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        hexagon_sums([12.6], [57.5], size_m=size_m)
