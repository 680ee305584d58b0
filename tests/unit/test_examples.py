"""Examples run, and say what they say they do."""

import numpy as np
import pandas as pd
import pytest
import shapely

from examples import duckdb_join
from geo.coverage.engine.index import index_places
from geo.coverage.engine.tracks import Tracks
from geo.crs import unproject
from geo.store.fixes import write_fixes
from tests.unit.coverage.engine.ground import EAST, NORTH, places, stored


def test_duckdb_gives_the_same_pairs_as_the_engine(capsys):
    duckdb_join.main()
    assert "the same in both engines" in capsys.readouterr().out


@pytest.mark.parametrize(("distance_m", "is_inside"), [(0.0, True), (49.9, True), (50.1, False)])
def test_its_join_tests_fixes_near_an_edge(tmp_path, distance_m, is_inside):
    circle = places((stored(shapely.Point(0, 0)), 50.0))
    units = [
        np.array([round(one * 1e7)], dtype=np.int32) for one in unproject(EAST + distance_m, NORTH)
    ]
    track = Tracks(*units, np.zeros(1, dtype=np.int32), np.array([0, 1]))
    write_fixes(tmp_path / "a.parquet", track, pd.Index(["a"]))

    found = duckdb_join.pairs_by_duckdb(tmp_path / "a.parquet", index_places(circle).table, circle)

    assert found.to_numpy().tolist() == ([[0, 0]] if is_inside else [])
