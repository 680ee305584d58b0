"""Lines between fixes are inside just when movingpandas' clip says so.

movingpandas comes with the packages of the benches, since it brings a plotting library along.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from bench._patrols import make_patrols
from bench.line_clips import assert_same_intervals, movingpandas_clips
from geo.coverage.engine.index import index_places
from geo.coverage.engine.visits import Rules, visits_of


@pytest.mark.skipif(
    find_spec("movingpandas") is None, reason="movingpandas is not installed: make bench does"
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_intervals_as_movingpandas(seed):
    patrols = make_patrols(fixes=600, places=8, seed=seed)
    theirs = movingpandas_clips(patrols)
    assert len(theirs) > 5
    index = index_places(patrols.places)
    # One straight line from first to last fix, whatever the silences, as movingpandas has it.
    rules = Rules(max_gap_s=1e9, max_away_s=0)
    for form in ("numpy", "compiled"):
        assert_same_intervals(
            visits_of(patrols.tracks, index, by="lines", rules=rules, form=form), theirs
        )
