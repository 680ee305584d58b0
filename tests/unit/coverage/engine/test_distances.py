"""How far each cell is from the nearest that is not empty, against all pairs of cells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.engine.distances import EXACT_CELLS, distances_of
from geo.coverage.engine.fill import Frame
from geo.coverage.engine.index import index_places
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.visits import Rules, Visits, visits_of
from geo.crs import unproject
from tests.unit.coverage.engine.ground import EAST, NORTH, places, stored


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), bits=st.sampled_from([3, 4]), share=st.floats(0, 0.2))
def test_distances_are_never_too_long_and_exact_near_by(seed: int, bits: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    size = 1 << bits
    frame = Frame(0, 0, int(rng.integers(1, 12 * size)), int(rng.integers(1, 12 * size)), bits)
    shape = (frame.tile_rows + 1, frame.tile_columns + 1)
    directory = np.zeros(shape, dtype=np.int32)
    filled = rng.random((frame.tile_rows, frame.tile_columns)) < share
    directory[:-1, :-1][filled] = np.arange(1, 1 + filled.sum()) * size**2
    codes = np.zeros((1 + filled.sum(), size**2), dtype=np.int32)
    codes[1:] = rng.choice([0, 0, 0, 7, -1], codes[1:].shape)

    found = distances_of(frame, directory.ravel(), codes.ravel())

    def spread_out(blocks: np.ndarray, of: np.ndarray) -> np.ndarray:
        tiles = of.reshape(-1, size, size)[blocks.reshape(shape)[:-1, :-1] // size**2]
        return tiles.transpose(0, 2, 1, 3).reshape(frame.tile_rows * size, -1)

    measured = spread_out(found.directory, found.cells).astype(int)
    taken = np.argwhere(spread_out(directory, codes))
    cells = np.indices(measured.shape)
    true = np.full(measured.shape, 10**6)
    for row, column in taken:
        true = np.minimum(true, np.maximum(abs(cells[0] - row), abs(cells[1] - column)))
    assert (measured <= true).all()
    near_by = true <= EXACT_CELLS
    assert (measured == true)[near_by].all()
    assert (measured > EXACT_CELLS)[~near_by].all()
    outside = found.directory.reshape(shape)
    assert (found.cells[np.r_[outside[-1], outside[:, -1]]] == 1).all()


@pytest.mark.parametrize("step_m", [80.0, 400.0, 5_000.0])
def test_lines_past_scattered_places_are_not_lost(step_m: float) -> None:
    # Some meet nothing, some cross a corner of a place only halfway along.
    rng = np.random.default_rng(7)
    centres = rng.normal(0, 4_000, (40, 2))
    index = index_places(places(*[(stored(shapely.Point(*each)), 150.0) for each in centres]))
    metres = np.cumsum(rng.normal(0, step_m, (40, 60, 2)), axis=1) % 16_000 - 8_000
    lon, lat = unproject(EAST + metres[..., 0].ravel(), NORTH + metres[..., 1].ravel())
    at = np.tile(np.arange(60, dtype=np.int32) * 60, 40)
    lon_units, lat_units = (np.rint(each * 1e7).astype(np.int32) for each in (lon, lat))
    tracks = Tracks(lon_units, lat_units, at, np.arange(41) * 60, tick_us=1_000_000)
    rules = Rules(max_away_s=0)
    one, other = (
        visits_of(tracks, index, by="lines", rules=rules, form=form)
        for form in ("numpy", "compiled")
    )
    assert len(one.track) > 100
    for name in Visits.__slots__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    # No fix in many: they were driven through.
    assert (one.fix_count == 0).mean() > (0.1 if step_m < 100 else 0.5)
