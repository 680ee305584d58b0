"""The kernels on several threads: whole tracks to each, one after the other in the result.

Tracks do not know each other, so the result is the same for any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Final
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage.cells import Bools, Floats, Ints
from geo.coverage.engine.cuts import Exact
from geo.coverage.engine.degrees import Units
from geo.coverage.engine.index import ZONE, PlaceIndex, index_places
from geo.coverage.engine.kernel_cuts import NUMBERS, Work
from geo.coverage.engine.kernel_degrees import quantise
from geo.coverage.engine.kernel_fixes import BLOCK, visits_of_tracks
from geo.coverage.engine.kernel_lines import fragments_of_tracks
from geo.coverage.engine.kernel_sides import Sides, find_sides
from geo.coverage.engine.kernel_stays import find_fixes
from geo.coverage.engine.kernel_table import Arrays, arrays_of
from geo.coverage.engine.sessions import FixVisits
from geo.coverage.engine.stays import LineVisits, visits_of_fragments
from geo.coverage.engine.table import CellTable
from geo.coverage.engine.tracks import Tracks
from geo.crs import STORED

_FIXES_PER_ROW: Final = 2
"""How many fixes a row takes at the least, as a first guess; unused room costs no memory."""

_SHARES_PER_THREAD: Final = 4

_SIDES: Final[WeakKeyDictionary[CellTable, Sides]] = WeakKeyDictionary()
"""What is found once for each table that stands."""


def quantised(
    lon_deg: Floats, lat_deg: Floats, *, threads: int = 1
) -> tuple[Units, Units, Bools, Bools]:
    """Do what ``degrees.quantised`` does, fast."""
    count = len(lon_deg)
    lon, lat = np.empty(count, np.int32), np.empty(count, np.int32)
    missing, outside = np.empty(count, np.bool_), np.empty(count, np.bool_)
    borders = np.linspace(0, count, threads * _SHARES_PER_THREAD + 1).astype(int).tolist()

    def part(share: tuple[int, int]) -> None:
        quantise(lon_deg, lat_deg, lon, lat, missing, outside, *share)

    list(_pool(threads).map(part, pairwise(borders)))
    return lon, lat, missing, outside


def visits_by_fixes(
    tracks: Tracks, index: PlaceIndex, *, max_gap_ticks: int, threads: int = 1
) -> FixVisits:
    """Do what ``sessions.visits_by_fixes`` does, fast."""
    ground = arrays_of(
        index, opens=tracks.ticks(index.opens_us), closes=tracks.ticks(index.closes_us)
    )
    sides = sides_of(index.table, ground)
    places = len(index.place_ids)

    def part(begin: int, end: int, out: Ints) -> int:
        return visits_of_tracks(
            ground, sides, tracks.lon, tracks.lat, tracks.at, tracks.first, begin, end,
            max_gap_ticks,
            np.empty(BLOCK, np.int32), np.empty(BLOCK + 1, np.int32),
            np.empty(BLOCK + 1, np.int32), np.empty(BLOCK + 1, np.uint8),
            np.full(places, -1), np.empty(places, np.int64), out,
        )  # fmt: skip

    found = run(part, tracks, columns=7, threads=threads)
    return FixVisits(*found)


def visits_by_lines(
    tracks: Tracks, index: PlaceIndex, *, max_gap_us: int, max_away_us: int, threads: int = 1
) -> LineVisits:
    """Do what ``clips.visits_by_lines`` does, fast."""
    origin_us = tracks.origin_us
    ground = arrays_of(index, opens=index.opens_us - origin_us, closes=index.closes_us - origin_us)
    places = len(index.place_ids)
    # Time in zones is taken out first, and only then are absences bridged.
    join_us = 0 if index.zones().any() else max_away_us
    crowd = _most_crossings(index.table.exact)
    distances = index.table.distances

    def part(begin: int, end: int, out: Ints) -> int:
        work = Work(
            places, join_us, np.tile(np.array([1, 0]), (places + 1, 1)),
            np.empty(places + 1, np.int64), np.empty(crowd), np.empty(4),
            np.empty(NUMBERS, np.int64), out,
        )  # fmt: skip
        return fragments_of_tracks(
            ground, distances.directory, distances.cells, tracks.lon, tracks.lat, tracks.at,
            tracks.first, begin, end, tracks.tick_us, max_gap_us // tracks.tick_us,
            np.empty(BLOCK + 1, np.int32), np.empty(BLOCK + 1, np.int32),
            np.empty(BLOCK + 1, np.int32), work,
        )  # fmt: skip

    fragments = run(part, tracks, columns=4, threads=threads)
    fragments[1, fragments[1] == places] = ZONE
    fragments[2:] += origin_us
    return visits_of_fragments(fragments.T, max_away_us=max_away_us)


def fixes_within(tracks: Tracks, track: Ints, start_us: Ints, end_us: Ints) -> tuple[Ints, Ints]:
    """Do what ``stays.fixes_within`` does, fast."""
    first, after = np.empty(len(track), np.int64), np.empty(len(track), np.int64)
    find_fixes(
        tracks.at, tracks.first, track, tracks.ticks(start_us), tracks.ticks(end_us + 1),
        first, after,
    )  # fmt: skip
    return first, after


def sides_of(table: CellTable, ground: Arrays) -> Sides:
    """Find on which side of the edges the smaller cells of a table lie, once for each table."""
    found = _SIDES.get(table)
    if found is None:
        found = np.empty((len(table.first_entry) - 1, 4), np.int64)
        find_sides(ground, found)
        _SIDES[table] = found
    return found


def _most_crossings(exact: Exact) -> int:
    """Count how often a line can cross what bounds one piece in one cell."""
    edges, capsules = np.diff(exact.first_edge), np.diff(exact.first_capsule)
    return int((edges + 6 * capsules).max(initial=0)) + 1


def warm_up() -> None:
    """Have all kernels compiled, or read from disk, for both kinds of moments."""
    index = index_places(_nowhere())
    none = np.zeros(1, dtype=np.int32)
    quantised(np.zeros(1), np.zeros(1))
    for at in (none, none.astype(np.int64)):
        tracks = Tracks(none, none, at, np.array([0, 1]))
        visits_by_fixes(tracks, index, max_gap_ticks=1)
        found = visits_by_lines(tracks, index, max_gap_us=1, max_away_us=1)
        fixes_within(tracks, found.track, found.start_us, found.end_us)


def _nowhere() -> gpd.GeoDataFrame:
    never = pd.Series([pd.NaT], dtype="datetime64[us, UTC]")
    return gpd.GeoDataFrame(
        {"location_id": ["x"], "start_at": never, "end_at": never, "radius_m": [10.0]},
        geometry=[shapely.Point(15.0, 60.0)],
        crs=STORED,
    )


def run(
    part: Callable[[int, int, Ints], int], tracks: Tracks, *, columns: int, threads: int
) -> Ints:
    """Run a kernel over shares of the tracks.

    Parameters
    ----------
    part
        Gets first and last track and ``(columns, room)`` to write to; gives how many rows there
        are, and is called again with more room where they did not fit.
    tracks
        The tracks.
    columns
        How many numbers a row has; the result is ``(columns, rows)``.
    threads
        How many shares are worked on at a time.
    """
    shares = _shares(tracks, 1 if threads == 1 else threads * _SHARES_PER_THREAD)

    def whole(share: tuple[int, int]) -> Ints:
        begin, end = share
        room = int(tracks.first[end] - tracks.first[begin]) // _FIXES_PER_ROW + 1_024
        while True:
            out = np.empty((columns, room), dtype=np.int64)
            count = part(begin, end, out)
            if count <= room:
                return out[:, :count]
            room = count

    if len(shares) == 1:
        return whole(shares[0])
    return np.concatenate(list(_pool(threads).map(whole, shares)), axis=1)


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    """Keep threads: to start them takes as long as a hundred thousand fixes."""
    return ThreadPoolExecutor(threads, thread_name_prefix="engine")


def _shares(tracks: Tracks, count: int) -> list[tuple[int, int]]:
    """Cut the tracks into shares of about as many fixes each, never through a track."""
    borders = np.searchsorted(tracks.first, np.linspace(0, len(tracks), count + 1))
    borders[0], borders[-1] = 0, len(tracks.first) - 1
    ends = np.unique(borders).tolist()
    return list(pairwise(ends)) or [(0, len(tracks.first) - 1)]
