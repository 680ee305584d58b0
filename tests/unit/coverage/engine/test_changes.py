"""A changed place is searched alone, and the whole is what searching all anew gives."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.engine.changes import visits_after_change
from geo.coverage.engine.index import index_places
from geo.coverage.engine.visits import Rules, Visits, visits_of
from tests.unit.coverage.engine.ground import places, stored
from tests.unit.coverage.engine.test_visits import NO_HUGE, drawn, walks

RULES = Rules(silence_s=200, max_speed_m_s=30, max_away_s=60)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    before=st.lists(st.sampled_from(NO_HUGE), max_size=7),
    more=st.lists(st.sampled_from(NO_HUGE), max_size=3),
    by=st.sampled_from(["fixes", "lines"]),
    form=st.sampled_from(["numpy", "compiled"]),
    data=st.data(),
)
def test_after_any_change_it_is_as_if_all_were_searched(*, seed, before, more, by, form, data):
    rng = np.random.default_rng(seed)
    zones = drawn(rng, ["circle"])
    zones[["start_at", "end_at"]] = pd.NaT
    old = drawn(rng, before)
    tracks = walks(rng, tracks=6, fixes=120)
    ids = old["location_id"].unique().tolist()
    changed = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    gone = data.draw(st.lists(st.sampled_from(ids), unique=True, max_size=2)) if ids else []
    # A changed place has another's shape and time; new ones come last, in another order of ids.
    new = drawn(rng, before)
    rows = [new if place in changed else old for place in old["location_id"]]
    frames = [frame.iloc[[row]] for row, frame in enumerate(rows)]
    extra = drawn(rng, more)
    extra["location_id"] = [f"n{place}" for place in extra["location_id"]]
    after = pd.concat([*frames, extra], ignore_index=True) if frames else extra
    after = after[~after["location_id"].isin(gone)].sample(frac=1, random_state=seed % 1_000)
    after = gpd.GeoDataFrame(after, geometry="geometry", crs=old.crs)

    index = index_places(old, zones=zones)
    found = visits_of(tracks, index, by=by, rules=RULES, form=form)
    renewed = visits_after_change(
        found, index.place_ids, tracks, after,
        changed=changed, zones=zones, by=by, rules=RULES, form=form,
    )  # fmt: skip
    whole = index_places(after, zones=zones)
    expected = visits_of(tracks, whole, by=by, rules=RULES, form=form)
    assert renewed.place_ids.tolist() == whole.place_ids.tolist()
    assert set(renewed.searched) == (set(changed) - set(gone)) | set(extra["location_id"])
    for name in Visits.__slots__:
        np.testing.assert_array_equal(getattr(renewed.visits, name), getattr(expected, name), name)


def test_a_place_that_never_was_cannot_change():
    frame = places((stored(shapely.Point(0, 0)), 75.0))
    tracks = walks(np.random.default_rng(1), tracks=1, fixes=5)
    index = index_places(frame)
    found = visits_of(tracks, index, rules=RULES, form="numpy")
    with pytest.raises(ValueError, match="no place 'bron'"):
        visits_after_change(found, index.place_ids, tracks, frame, changed=["bron"], rules=RULES)
