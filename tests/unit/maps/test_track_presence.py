"""Time in tracks: each fix stands for the time until the next one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from geo.coverage.engine.tracks import Tracks, tracks_of
from geo.maps.presence_tiles import tile_seconds
from geo.maps.track_presence import MAX_GAP_S, track_presence
from geo.model.period import Period

BEGUN = datetime(2021, 5, 26, 18, tzinfo=UTC)
WORLD = {"zoom": 0, "x": 0, "y": 0}
YEAR = Period(date(2021, 1, 1), date(2022, 1, 1))


def walked(*tracks: list[int]) -> Tracks:
    """Tracks in Kinna, as seconds since one evening."""
    rows = [(n, BEGUN + timedelta(seconds=at)) for n, track in enumerate(tracks) for at in track]
    frame = pd.DataFrame(rows, columns=["track_id", "at"]).assign(lon=12.69, lat=57.507)
    frame["at"] = pd.to_datetime(frame["at"], utc=True).dt.as_unit("us")
    return tracks_of(frame)[0]


def seconds(*parts: Tracks, period: Period = YEAR) -> int:
    return int(tile_seconds(track_presence(parts), period=period, **WORLD).sum())


@settings(deadline=None)
@given(some.lists(some.lists(some.lists(some.integers(0, 2_000), min_size=1), min_size=1)))
def test_each_fix_counts_until_the_next_of_its_track_or_a_second(
    parts: list[list[list[int]]],
) -> None:
    expected = 0
    for track in (track for part in parts for track in part):
        for at, after in zip(sorted(track), [*sorted(track)[1:], None], strict=True):
            gap = MAX_GAP_S + 1 if after is None else after - at
            expected += max(gap, 1) if gap <= MAX_GAP_S else 1
    assert seconds(*(walked(*part) for part in parts)) == expected


def test_a_pause_is_not_presence() -> None:
    assert seconds(walked([0, MAX_GAP_S])) == MAX_GAP_S + 1
    assert seconds(walked([0, MAX_GAP_S + 1])) == 2


def test_a_fix_is_on_its_local_day() -> None:
    late = walked([4 * 3600 - 1, 4 * 3600])  # 23:59:59 and midnight in Sweden
    wednesday = Period(date(2021, 5, 26), date(2021, 5, 27))
    thursday = Period(date(2021, 5, 27), date(2021, 5, 28))
    assert (seconds(late, period=wednesday), seconds(late, period=thursday)) == (1, 1)


@pytest.mark.parametrize("parts", [[], [walked()]])
def test_no_fixes_are_an_empty_map(parts: list[Tracks]) -> None:
    index = track_presence(parts)
    assert index.points == 0
    assert not np.any(tile_seconds(index, period=YEAR, **WORLD))
