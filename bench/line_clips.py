"""When the line between fixes is inside 20 places; beside movingpandas' clip.

Each pair of fixes is joined by a straight line in EPSG:3006; enter and leave are interpolated.  All
intervals are compared before any time is printed.  movingpandas takes moments nearer than 10 ms for
the same, and so moves an end that near to a fix onto it; the comparison does that to ours too.
Run as ``python -m bench.line_clips`` from the repository's folder.
"""

from __future__ import annotations

import warnings

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from bench._engine import Size, patrols_of, size, time_beside
from bench._patrols import Patrols
from bench._table import tell
from geo.coverage.engine.index import index_places
from geo.coverage.engine.visits import Rules, Visits, visits_of

QUICK, FULL = Size(4_000, 20, 9), Size(100_000, 20, 9)
AT_LEAST = {"2 threads": 25_000.0}
_SAME_US = 10_000

Interval = tuple[int, int, int, int]
"""Track, place, start and end in microseconds."""

Moments = npt.NDArray[np.int64]


def movingpandas_clips(patrols: Patrols) -> list[Interval]:
    """Clip each track by each place."""
    with warnings.catch_warnings():
        # It says which optional packages it does without.
        warnings.simplefilter("ignore")
        import movingpandas as mpd

        tracks = patrols.tracks
        areas = patrols.places.geometry.to_crs("EPSG:3006")
        fix = np.arange(len(tracks))
        points = gpd.GeoDataFrame(
            {"track": tracks.track_of(fix)},
            geometry=gpd.points_from_xy(patrols.lon_deg, patrols.lat_deg),
            crs="EPSG:4326",
            index=pd.to_datetime(tracks.at_us(fix), unit="us"),
        ).to_crs("EPSG:3006")
        found = []
        for track, mine in points.groupby("track"):
            trajectory = mpd.Trajectory(mine, track)
            for place, area in enumerate(areas):
                for clip in trajectory.clip(area):
                    start, end = (moment.value // 1_000 for moment in (
                        pd.Timestamp(clip.get_start_time()).as_unit("ns"),
                        pd.Timestamp(clip.get_end_time()).as_unit("ns"),
                    ))  # fmt: skip
                    found.append((int(track), place, start, end))
    return found


def assert_same_intervals(ours: Visits, peer: list[Interval], fixes_us: Moments) -> None:
    """Compare all intervals longer than what movingpandas takes for a moment."""
    ends = (_onto_fixes(moments, fixes_us) for moments in (ours.start_us, ours.end_us))
    columns = (ours.track, ours.place, *ends)
    mine = list(zip(*(column.tolist() for column in columns), strict=True))
    one, other = (np.array(_dissolved(side)) for side in (mine, peer))
    assert len(one) == len(other), (len(one), len(other))
    np.testing.assert_array_equal(one[:, :2], other[:, :2])
    assert np.abs(one[:, 2:] - other[:, 2:]).max() <= _SAME_US
    tell(f"{len(one)} intervals, all the same")


def _onto_fixes(moments_us: Moments, fixes_us: Moments) -> Moments:
    after = np.searchsorted(fixes_us, moments_us)
    near = fixes_us[np.clip(np.stack([after - 1, after]), 0, len(fixes_us) - 1)]
    away = np.abs(near - moments_us)
    nearest = np.where(away[0] <= away[1], near[0], near[1])
    return np.where(away.min(axis=0) < _SAME_US, nearest, moments_us)


def _dissolved(intervals: list[Interval]) -> list[Interval]:
    joined: list[Interval] = []
    for track, place, start, end in sorted(intervals):
        if joined and joined[-1][:2] == (track, place) and start - joined[-1][3] < _SAME_US:
            joined[-1] = (track, place, joined[-1][2], max(end, joined[-1][3]))
        else:
            joined.append((track, place, start, end))
    return [each for each in joined if each[3] - each[2] >= _SAME_US]


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    patrols = patrols_of(wanted)
    index = index_places(patrols.places)
    rules = Rules(max_gap_s=1e9, max_away_s=0)

    def ours(threads: int) -> Visits:
        return visits_of(
            patrols.tracks, index, by="lines", rules=rules, threads=threads, form="compiled"
        )

    peer = movingpandas_clips(patrols)
    fixes_us = np.sort(patrols.tracks.at_us(np.arange(len(patrols.tracks))))
    assert_same_intervals(ours(1), peer, fixes_us)
    assert_same_intervals(ours(2), peer, fixes_us)
    time_beside(
        "line_clips", wanted, AT_LEAST, patrols=patrols, ours=ours,
        peer=("movingpandas", lambda: movingpandas_clips(patrols)), peer_rounds=1,
    )  # fmt: skip


if __name__ == "__main__":
    main()
