"""Fixes → visits: both forms of the engine, any number of threads, and the slow oracle agree."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.engine.index import index_places
from geo.coverage.engine.tracks import Counts, Tracks
from geo.coverage.engine.visits import Rules, Visits, find_visits, visits_of
from geo.crs import unproject
from tests.oracle.visits_oracle import by_fixes, by_lines, pieces_of, union
from tests.unit.coverage.engine.ground import EAST, KINDS, NORTH, places, stored

ORIGIN_US = 1_622_830_000_000_000
"""4 June 2021, 18:06:40 UTC."""

CIRCLE = (stored(shapely.Point(0, 0)), 75.0)
NO_HUGE = sorted(set(KINDS) - {"huge"})


def walks(
    rng: np.random.Generator, *, tracks: int, fixes: int, whole_seconds: bool = True
) -> Tracks:
    """Patrols on foot and by car, with pauses, silences and jumps."""
    lons, lats, ats, first = [], [], [], [0]
    for _ in range(tracks):
        count = int(rng.integers(0, fixes + 1))
        pace = rng.choice([0.0, 2.0, 15.0, 120.0], count, p=[0.2, 0.4, 0.3, 0.1])
        step = rng.normal(0, 1, (count, 2)) * pace[:, None]
        if rng.random() < 0.1 and count:
            step[rng.integers(count)] += rng.normal(0, 3_000, 2)
        metres = rng.normal(0, 150, 2) + np.cumsum(step, axis=0)
        lon, lat = unproject(EAST + metres[:, 0], NORTH + metres[:, 1])
        wait = rng.choice([1, 5, 30, 299, 300, 301, 2_000], count, p=[0.3, 0.3, 0.3] + [0.025] * 4)
        lons.append(np.rint(lon * 1e7))
        lats.append(np.rint(lat * 1e7))
        ats.append(np.cumsum(wait) + rng.integers(0, 1_000))
        first.append(first[-1] + count)
    at = np.concatenate(ats)
    return Tracks(
        np.concatenate(lons).astype(np.int32),
        np.concatenate(lats).astype(np.int32),
        at.astype(np.int32) if whole_seconds else at.astype(np.int64) * 1_000_000,
        np.array(first, dtype=np.int64),
        origin_us=ORIGIN_US,
        tick_us=1_000_000 if whole_seconds else 1,
    )


def drawn(rng: np.random.Generator, kinds: list[str]) -> gpd.GeoDataFrame:
    """Places of some kinds; every third one only in force for a while, some in two pieces."""
    rows = [KINDS[kind](rng) for kind in kinds]
    frame = places(
        *[(stored(shape), reach) for shape, reach in rows],
        ids=[f"p{number - (number % 4 == 3)}" for number in range(len(rows))],
    )
    for row in range(0, len(frame), 3):
        opens = ORIGIN_US + int(rng.integers(0, 1_500)) * 1_000_000
        frame.loc[row, "start_at"] = pd.Timestamp(opens, unit="us", tz="UTC")
        frame.loc[row, "end_at"] = pd.Timestamp(opens + 600_000_000, unit="us", tz="UTC")
    return frame


def rows_of(visits: Visits, index, *, with_fixes: bool = True):
    columns = [visits.track, visits.start_us, visits.end_us, index.place_ids[visits.place]]
    if with_fixes:
        columns.append(visits.fix_count)
    return [tuple(row) for row in zip(*(list(column) for column in columns), strict=True)]


def fixes_of(tracks: Tracks, track: int) -> list[tuple[int, int, int]]:
    fix = np.arange(tracks.first[track], tracks.first[track + 1])
    columns = (tracks.at_us(fix), tracks.lon[fix], tracks.lat[fix])
    return list(zip(*(column.tolist() for column in columns), strict=True))


cases = given(
    seed=st.integers(0, 2**32 - 1),
    kinds=st.lists(st.sampled_from(NO_HUGE), min_size=1, max_size=8),
    zone_kinds=st.lists(st.sampled_from(["circle", "polygon", "corridor"]), max_size=2),
)


@pytest.mark.parametrize("form", ["numpy", "compiled"])
@settings(max_examples=30, deadline=None)
@cases
def test_by_fixes_equals_the_oracle(form, seed, kinds, zone_kinds):
    rng = np.random.default_rng(seed)
    frame, zones = drawn(rng, kinds), drawn(rng, zone_kinds)
    zones[["start_at", "end_at"]] = pd.NaT
    tracks = walks(rng, tracks=4, fixes=60)
    index = index_places(frame, zones=zones)
    found = visits_of(tracks, index, rules=Rules(), form=form, threads=2)
    expected = [
        (track, start, end, place, count)
        for track in range(4)
        for start, end, place, count in by_fixes(
            fixes_of(tracks, track), pieces_of(frame), pieces_of(zones), max_gap_us=300_000_000
        )
    ]
    assert sorted(rows_of(found, index)) == sorted(expected)
    in_order = list(zip(found.track, found.start_us, found.place, strict=True))
    assert in_order == sorted(in_order)


@pytest.mark.parametrize("form", ["numpy", "compiled"])
@pytest.mark.parametrize("away_s", [0, 300])
@settings(max_examples=30, deadline=None)
@cases
def test_by_lines_equals_the_oracle(form, away_s, seed, kinds, zone_kinds):
    rng = np.random.default_rng(seed)
    frame, zones = drawn(rng, kinds), drawn(rng, zone_kinds)
    zones[["start_at", "end_at"]] = pd.NaT
    tracks = walks(rng, tracks=3, fixes=40)
    index = index_places(frame, zones=zones)
    found = visits_of(
        tracks, index, by="lines", rules=Rules(max_away_s=away_s), form=form, threads=2
    )
    for track in range(3):
        expected = by_lines(
            fixes_of(tracks, track),
            pieces_of(frame),
            pieces_of(zones),
            max_gap_us=300_000_000,
            max_away_us=away_s * 1_000_000,
        )
        for place, stays in expected.items():
            mine = (found.track == track) & (index.place_ids[found.place] == place)
            ours = list(zip(found.start_us[mine], found.end_us[mine], strict=True))
            assert_same_time(ours, stays, {fix[0] for fix in fixes_of(tracks, track)})


def assert_same_time(ours, stays, fixes_at: set[int]) -> None:
    """Compare stays up to 2 ms, 0.1 mm at the pace of a walk; shorter ones only at fixes."""
    slack = 2_000.0
    ours, stays = (
        [
            stay
            for stay in union(side, slack)
            if stay[1] - stay[0] > slack or (stay[0] == stay[1] and stay[0] in fixes_at)
        ]
        for side in (ours, stays)
    )
    assert np.allclose(ours, stays, rtol=0, atol=slack), (ours, stays)


@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    kinds=st.lists(st.sampled_from(sorted(KINDS)), max_size=12),
    by=st.sampled_from(["fixes", "lines"]),
    whole_seconds=st.booleans(),
)
def test_both_forms_and_any_number_of_threads_give_the_same_bits(seed, kinds, by, whole_seconds):
    rng = np.random.default_rng(seed)
    tracks = walks(rng, tracks=30, fixes=200, whole_seconds=whole_seconds)
    index = index_places(drawn(rng, kinds), zones=drawn(rng, ["circle"]))
    rules = Rules(silence_s=200, max_speed_m_s=30, max_away_s=60, min_dwell_s=10)
    results = [
        visits_of(tracks, index, by=by, rules=rules, form=form, threads=threads)
        for form, threads in (("numpy", 1), ("compiled", 1), ("compiled", 2), ("compiled", 7))
    ]
    for name in Visits.__slots__:
        for other in results[1:]:
            np.testing.assert_array_equal(getattr(results[0], name), getattr(other, name), name)


def frame_of(*rows: tuple[str | None, float | None, tuple[float, float]]) -> pd.DataFrame:
    """Rows of (track, seconds after the origin, metres)."""
    lon, lat = unproject([EAST + xy[0] for *_, xy in rows], [NORTH + xy[1] for *_, xy in rows])
    at = [None if s is None else ORIGIN_US + round(s * 1e6) for _, s, _ in rows]
    return pd.DataFrame(
        {
            "track_id": [track for track, *_ in rows],
            "at": pd.to_datetime(pd.Series(at, dtype="Int64"), unit="us", utc=True).astype(
                "datetime64[us, UTC]"
            ),
            "lon": lon,
            "lat": lat,
        }
    )


def seconds(visits: pd.DataFrame) -> list[tuple[float, float, int]]:
    zero = pd.Timestamp(ORIGIN_US, unit="us", tz="UTC")
    return [
        (
            round((row.start_at - zero).total_seconds(), 3),
            round((row.end_at - zero).total_seconds(), 3),
            row.fix_count,
        )
        for row in visits.itertuples()
    ]


both_forms = pytest.mark.parametrize("form", ["numpy", "compiled"])


@both_forms
def test_a_drive_through_between_two_fixes_is_found_by_lines_only(form):
    # 400 m in 40 s at an even 10 m/s; the circle of 75 m is entered after 125 m, left after 275 m.
    fixes = frame_of(("t", 0, (-200, 0)), ("t", 40, (200, 0)))
    frame = places(CIRCLE)
    assert find_visits(fixes, frame, form=form).visits.empty
    found = find_visits(fixes, frame, by="lines", form=form).visits
    assert seconds(found) == [(12.5, 27.5, 0)]
    kept = find_visits(fixes, frame, by="lines", form=form, rules=Rules(min_dwell_s=15)).visits
    assert len(kept) == 1
    assert find_visits(
        fixes, frame, by="lines", form=form, rules=Rules(min_dwell_s=15.001)
    ).visits.empty


@both_forms
def test_a_line_does_not_bridge_a_long_silence_but_a_lone_fix_inside_counts(form):
    fixes = frame_of(("t", 0, (-200, 0)), ("t", 301, (200, 0)), ("t", 700, (0, 0)))
    found = find_visits(fixes, places(CIRCLE), by="lines", form=form).visits
    assert seconds(found) == [(700, 700, 1)]


@both_forms
def test_a_long_line_bends_on_the_grid_but_not_in_metres(form):
    # 20 km east at 100 m/s, past a 2 cm wide strip just north of the line and one on it; in degrees
    # the straight line between the ends runs 12 m north of it (L²·tan φ / 8R).
    north = places(
        (stored(shapely.box(9_000, 0.02, 11_000, 3.0)), 0.0),
        (stored(shapely.box(9_000, -0.02, 11_000, 0.02)), 0.0),
    )
    fixes = frame_of(("t", 0, (0, 0)), ("t", 200, (20_000, 0)))
    found = find_visits(fixes, north, by="lines", form=form).visits
    # Rounded to 1e-7 degrees the ends are up to 6 mm aside.
    assert found["location_id"].tolist() == ["p1"]
    np.testing.assert_allclose([each[:2] for each in seconds(found)], [(90, 110)], atol=2e-3)


@both_forms
@pytest.mark.parametrize("by", ["fixes", "lines"])
def test_the_police_station_is_no_patrol(form, by):
    # Along the middle of the circle at 1 m/s, a fix a second; the station is its eastern half.
    fixes = frame_of(*[("t", s, (s - 100.0, 0.0)) for s in range(201)])
    station = places((stored(shapely.box(0.25, -100, 100, 100)), 0.0))
    found = find_visits(fixes, places(CIRCLE), zones=station, by=by, form=form).visits
    end, count = (100, 76) if by == "fixes" else (100.25, 76)
    start, got_end, fix_count = seconds(found)[0]
    assert (round(start), round(got_end, 2), fix_count) == (25, end, count)
    assert len(found) == 1


@both_forms
def test_silences_and_impossible_steps_are_flagged(form):
    frame = places(CIRCLE)
    fixes = frame_of(
        *[("still", s, (0, 0)) for s in (0, 60, 120)],
        *[("silent", s, (0, 0)) for s in (0, 200)],
        ("jump", 0, (0, 0)), ("jump", 10, (5_000, 0)), ("jump", 20, (0, 0)),
        ("thrown in", 0, (5_000, 0)), ("thrown in", 10, (0, 0)),
        *[("car", 10 * n, (-500 + 200 * n, 0)) for n in range(6)],
    )  # fmt: skip
    rules = Rules(silence_s=100, max_speed_m_s=60)
    found = find_visits(fixes, frame, rules=rules, form=form).visits
    flags = found[["track_id", "is_silent", "is_too_fast"]].itertuples(index=False, name=None)
    assert list(flags) == [
        ("still", False, False),
        ("silent", True, False),
        ("jump", False, True),
        ("thrown in", False, True),
    ]
    by_lines_ = find_visits(fixes, frame, rules=rules, form=form, by="lines").visits
    flags = by_lines_[["track_id", "is_silent", "is_too_fast"]].itertuples(index=False, name=None)
    assert list(flags) == [
        ("still", False, False),
        ("silent", True, False),
        ("jump", False, True),
        ("thrown in", False, True),
        ("car", False, False),
    ]


@both_forms
@pytest.mark.parametrize("by", ["fixes", "lines"])
def test_everything_left_out_is_counted_and_order_does_not_matter(form, by):
    fixes = frame_of(
        ("t", 60, (0, 0)),
        ("t", 0, (0, 0)),  # time goes backwards
        ("t", 60, (0, 0)),  # a double
        (None, 10, (0, 0)),
        ("t", None, (0, 0)),
        ("t", 70, (0, 0)),  # NaN below
        ("t", 80, (0, 0)),  # inf below
        ("t", 90, (0, 0)),  # beyond the world and an int32 below
        ("lone", 5, (0, 0)),
        ("nothing", None, (0, 0)),
    )
    fixes.loc[5, "lon"] = np.nan
    fixes.loc[6, "lat"] = np.inf
    fixes.loc[7, "lon"] = 1e12
    found = find_visits(fixes, places(CIRCLE), by=by, form=form)
    assert found.counts == Counts(
        fixes=10, used=4, without_track=1, without_time=2, without_position=2, outside_world=1,
        out_of_order=1, same_moment=1, tracks=2, one_fix_tracks=1,
    )  # fmt: skip
    assert seconds(found.visits) == [(0, 60, 3 if by == "fixes" else 2), (5, 5, 1)]


@both_forms
@pytest.mark.parametrize("by", ["fixes", "lines"])
def test_nothing_in_gives_nothing_out(form, by):
    some = frame_of(("t", 0, (0, 0)), ("t", 10, (1, 0)))
    for fixes, frame in ((some.iloc[:0], places(CIRCLE)), (some, places()), (some[:0], places())):
        found = find_visits(fixes, frame, by=by, form=form).visits
        assert found.empty
        assert found["start_at"].dtype == "datetime64[us, UTC]"


def test_faults_of_places_and_zones_come_with_the_result():
    flat = (shapely.LineString([(12.6, 57.5), (12.6, 57.5)]), 20.0)
    fixes = frame_of(("t", 0, (0, 0)))
    found = find_visits(
        fixes, places(flat, CIRCLE, ids=["flat", "torget"]), zones=places(flat, ids=["zone"])
    )
    named = [(fault.location_id, fault.reason) for fault in found.faults]
    assert named == [("zone", "zero_length"), ("flat", "zero_length")]
    assert found.visits["location_id"].tolist() == ["torget"]


def test_moments_keep_their_microseconds():
    fixes = frame_of(("t", 0.000001, (0, 0)), ("t", 1.5, (0, 0)))
    found = find_visits(fixes, places(CIRCLE)).visits
    start = datetime.fromtimestamp(ORIGIN_US // 10**6, tz=UTC).replace(microsecond=1)
    assert found["start_at"][0] == start


def test_the_seam_does_not_load_numba():
    """What a page imports must start fast; numba takes a second."""
    code = "import sys, geo.coverage.fixes; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_code_kept_on_disk_belongs_to_all_sources_of_the_engine():
    """Else a change in one file would leave stale code of another in use."""
    from geo.coverage.engine.compiled import SOURCES
    from geo.coverage.engine.kernel_fixes import visits_of_tracks

    with open(visits_of_tracks._cache._cache_file._index_path, "rb") as kept:  # noqa: PTH123
        assert SOURCES.encode() in kept.read()
