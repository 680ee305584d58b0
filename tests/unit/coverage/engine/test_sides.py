"""Smaller cells of a cut cell: what they say without an exact test is what the exact test says."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.kernel_run import sides_of
from geo.coverage.engine.kernel_table import arrays_of
from geo.coverage.engine.lookup import pieces_at
from tests.unit.coverage.engine.ground import KINDS, fixes_around, places, stored


def sides_at(index: PlaceIndex, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give of each fix in a cut cell whether it needs a test, and else its only piece or −1."""
    table = index.table
    sides = sides_of(table, arrays_of(index, opens=index.opens_us, closes=index.closes_us))
    row = -table.codes_at(lon, lat).astype(np.int64) - 1
    small = ((lat & 1023) >> 7) * 8 + ((lon & 2047) >> 8)
    is_tested = (sides[row, 0] >> small) & 1 == 1
    is_alone = (sides[row, 1] >> small) & 1 == 1
    return is_tested, np.where(is_alone, sides[row, 2] - 1, -1)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6),
)
def test_what_needs_no_test_is_in_that_piece_and_in_no_other(seed, kinds):
    rng = np.random.default_rng(seed)
    shapes = [KINDS[kind](rng) for kind in kinds]
    frame = places(*[(stored(shape), reach) for shape, reach in shapes])
    index = index_places(frame)
    lon, lat = fixes_around(frame, rng, count=300)
    cut = index.table.codes_at(lon, lat) < 0
    lon, lat = lon[cut], lat[cut]
    is_tested, only = sides_at(index, lon, lat)
    fix, piece = pieces_at(index.table, lon, lat)
    found = np.bincount(fix, minlength=len(lon))
    assert (found[~is_tested] == (only[~is_tested] >= 0)).all()
    one = np.full(len(lon), -1)
    one[fix] = piece
    assert (one[~is_tested] == only[~is_tested]).all()


def test_three_of_four_fixes_in_cut_cells_need_no_test():
    # An edge comes nearer than 1.08 m to a strip 2.16 m wide; a cell is 12 × 11 m.
    rng = np.random.default_rng(3)
    frame = places((stored(shapely.box(-300, -200, 300, 200)), 0.0))
    index = index_places(frame)
    west, south, east, north = (frame.total_bounds * 1e7).astype(np.int64)
    lon = rng.integers(west, east, 200_000).astype(np.int32)
    lat = rng.integers(south, north, 200_000).astype(np.int32)
    cut = index.table.codes_at(lon, lat) < 0
    assert cut.sum() > 5_000
    is_tested, _ = sides_at(index, lon[cut], lat[cut])
    assert is_tested.mean() < 0.25


def test_a_cell_wholly_in_two_places_is_left_for_every_fix():
    frame = places(*[(stored(shapely.Point(0, 0)), reach) for reach in (200.0, 100.0, 100.0)])
    index = index_places(frame)
    rng = np.random.default_rng(3)
    lon, lat = fixes_around(frame, rng, count=2_000)
    fix, _ = pieces_at(index.table, lon, lat)
    in_all = np.flatnonzero(np.bincount(fix, minlength=len(lon)) == 3)
    in_all = in_all[index.table.codes_at(lon, lat)[in_all] < 0]
    assert len(in_all)
    is_tested, _ = sides_at(index, lon[in_all], lat[in_all])
    assert is_tested.all()
