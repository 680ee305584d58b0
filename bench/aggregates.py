"""Place × day × hour of a million visits: a filter, one more visit or track; beside recompute.

Recomputing is what a program without the cube does for each change: the coverage table of all
visits for a filter, and all totals or all fixes anew for an addition.  Results are compared before
any time is printed; an addition is compared with a cube of all visits laid anew.
Run as ``python -m bench.aggregates`` from the repository's folder; ``--visits N --places N``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from bench._engine import MAX_GAP_S
from bench._patrols import Patrols, make_patrols
from bench._sizes import sized
from bench._table import Figure, report, tell
from geo.coverage.cells import Ints
from geo.coverage.cube.attendance import Attendance
from geo.coverage.cube.cube import ALWAYS, Cube
from geo.coverage.engine.changes import visits_after_change
from geo.coverage.engine.index import index_places
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.visits import Rules, Visits, visits_of
from geo.coverage.table import coverage_table
from geo.model.period import Period
from geo.model.time import MINUTE_US, to_us

YEAR = Period(date(2021, 1, 1), date(2022, 1, 1))
AUTUMN = Period(date(2021, 10, 1), date(2021, 12, 1))
CHUNK = 1_000
KINDS = ("fot", "bil", "cykel")
FIXES = sized(quick=200_000, full=1_000_000)


def made_up(visits: int, places: int, seed: int = 2021) -> Attendance:
    """Make visits of some minutes, more by night and at some places; nothing in them is real.

    Parameters
    ----------
    visits, places
        How many.
    seed
        For chance.
    """
    rng = np.random.default_rng(seed)
    length_us = to_us(YEAR.end_at) - to_us(YEAR.start_at)
    minutes = rng.exponential(10, visits) * (rng.random(visits) > 0.02)
    start = rng.integers(0, length_us - 600 * MINUTE_US, visits)
    end = start + np.minimum(minutes * MINUTE_US, 590 * MINUTE_US).astype(np.int64)
    weight = 1 / np.arange(1, places + 1) ** 0.3
    return Attendance(
        rng.choice(places, visits, p=weight / weight.sum()),
        rng.choice(len(KINDS), visits, p=[0.3, 0.6, 0.1]),
        start + to_us(YEAR.start_at),
        end + to_us(YEAR.start_at),
        rng.integers(1, 4, visits),
    )


def only(visits: Attendance, which: Ints | slice) -> Attendance:
    """Keep some visits."""
    return Attendance(*(column[which] for column in visits))


def frames(visits: Attendance, places: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put visits and places as the coverage table wants them."""
    never = pd.Series([pd.NaT] * len(places), dtype="datetime64[us, UTC]")
    designations = pd.DataFrame(
        {"location_id": pd.Series(places, dtype="str"), "name": pd.Series(places, dtype="str"),
         "start_at": never, "end_at": never, "visits_per_week": np.nan,
         "minutes_per_visit": np.nan, "unsafe_hours": None}
    )  # fmt: skip
    presence = pd.DataFrame(
        {"location_id": pd.Categorical.from_codes(visits.place, places),
         "start_at": pd.to_datetime(visits.start_us, unit="us", utc=True).as_unit("us"),
         "end_at": pd.to_datetime(visits.end_us, unit="us", utc=True).as_unit("us"),
         "officers": visits.officers}
    )  # fmt: skip
    return designations, presence


def median_s(work: Callable[[], object], rounds: int) -> float:
    """Time something some rounds."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def per_visit_s(work: Callable[[Attendance], object], parts: list[Attendance]) -> float:
    """Time some parts of `CHUNK` visits, in one call each."""
    times = []
    for part in parts:
        begun = time.perf_counter()
        work(part)
        times.append((time.perf_counter() - begun) / CHUNK)
    return statistics.median(times)


def assert_same(one: Cube, other: Cube) -> None:
    """Compare the two for each month and some filters."""
    night = np.zeros((7, 24), dtype=bool)
    night[4:6, 20:] = True
    for month in YEAR.pieces("month"):
        for hours, kinds in ((ALWAYS, None), (night, ["fot", "bil"]), (ALWAYS, ["bil"])):
            for ours, theirs in zip(
                one.by_place(month, weekday_hours=hours, kinds=kinds, form="compiled"),
                other.by_place(month, weekday_hours=hours, kinds=kinds, form="numpy"),
                strict=True,
            ):
                for name in ours.__slots__:
                    np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def main() -> None:
    """Compare, then time, then write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=1_000_000)
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=sized(quick=11, full=51))
    asked = parser.parse_args()
    patrols = make_patrols(fixes=FIXES, places=asked.places)
    places = patrols.places["location_id"].tolist()
    visits = made_up(asked.visits, asked.places)
    more = 20_000
    old, new = only(visits, slice(None, -more)), only(visits, slice(-more, None))

    def laid(some: Attendance) -> Cube:
        cube = Cube(YEAR, places=places, kinds=KINDS)
        cube.add(some, form="numpy")
        return cube

    begun = time.perf_counter()
    anew = laid(visits)
    recompute_s = time.perf_counter() - begun
    cube = laid(old)
    tell(f"{len(anew)} visits laid in {recompute_s:.2f} s, {anew.nbytes / 1e6:.0f} MB")
    parts = [only(new, slice(first, first + CHUNK)) for first in range(0, more, CHUNK)]
    add_s = per_visit_s(lambda part: cube.add(part, form="compiled"), parts)
    assert_same(cube, anew)
    designations, presence = frames(visits, places)
    for month in (YEAR, AUTUMN, *YEAR.pieces("month")):
        table = coverage_table(designations, presence, period=month)
        tally, _ = cube.by_place(month, form="compiled")
        assert tally.visits.tolist() == table["visits"].tolist()
        assert (tally.officer_us / MINUTE_US).tolist() == table["officer_min"].tolist()
        assert (tally.patrol_us / MINUTE_US).tolist() == table["patrol_min"].tolist()
    tell("the same as laid anew, and as the coverage table")

    late_s, remove_s, one_s = late_visits(cube, new)
    assert_same(cube, anew)

    night = np.zeros((7, 24), dtype=bool)
    night[4:6, 20:] = True
    filters = {
        "a year": lambda: cube.by_place(YEAR, form="compiled"),
        "two months and the two before": lambda: cube.by_place(AUTUMN, form="compiled"),
        "the same, weekend nights, two kinds": lambda: cube.by_place(
            AUTUMN, weekday_hours=night, kinds=["fot", "bil"], form="compiled"
        ),
        "the same, one kind": lambda: cube.by_place(AUTUMN, kinds=["bil"], form="compiled"),
    }
    by_numpy_s = median_s(lambda: cube.by_place(AUTUMN, form="numpy"), 5)
    filter_s: dict[str, list[float]] = {name: [] for name in filters}
    table_s = []
    for number in range(asked.rounds):
        for name, work in filters.items():
            filter_s[name].append(median_s(work, 1))
        if number < 3:
            table_s.append(
                median_s(lambda: coverage_table(designations, presence, period=AUTUMN), 1)
            )

    track_s, whole_s, track_visits = one_more_track(cube, patrols, asked.rounds)
    place_s, places_s = one_more_place(patrols, 5)
    again_us = recompute_s * 1e6
    peer_ms = statistics.median(table_s) * 1e3
    report(
        "aggregates",
        [
            *(Figure(f"filter: {name}", statistics.median(times) * 1e3, "ms", 1.0, peer_ms)
              for name, times in filter_s.items()),
            Figure("filter: two months, with numpy", by_numpy_s * 1e3, "ms", peer=peer_ms),
            Figure("one visit, of the last ten weeks", late_s * 1e6, "µs", 1.0, again_us),
            Figure("one visit, anywhere in the year", add_s * 1e6, "µs", 1.0, again_us),
            Figure("one visit taken out, of the last half year", remove_s * 1e6, "µs", 1.0,
                   again_us),
            Figure("one visit, a call of its own", one_s * 1e6, "µs", 1.0, again_us),
            Figure(f"one track, {track_visits} visits", track_s * 1e3, "ms", 0.3, whole_s * 1e3),
            Figure(f"one changed place among {asked.places}", place_s * 1e3, "ms",
                   peer=places_s * 1e3),
        ],
        more={"visits": asked.visits, "places": asked.places, "kinds": len(KINDS), "fixes": FIXES,
              "bytes": cube.nbytes, "filter_s": filter_s, "peer_s": table_s},
    )  # fmt: skip


def late_visits(cube: Cube, new: Attendance) -> tuple[float, float, float]:
    """Time late visits: added among those of the last ten weeks, taken out, one at a call.

    Parameters
    ----------
    cube
        Holds them all, and does so again afterwards.
    new
        Some of its visits, all year.
    """
    in_time = np.argsort(new.start_us)
    late = [
        only(new, in_time[first : first + CHUNK])
        for first in range(len(in_time) // 2, len(in_time), CHUNK)
    ]
    remove_s = per_visit_s(lambda part: cube.remove(part, form="compiled"), late)
    late_s = per_visit_s(lambda part: cube.add(part, form="compiled"), late[-4:])
    for part in late[:-4]:
        cube.add(part, form="compiled")
    singles = [only(late[-1], slice(number, number + 1)) for number in range(500)]
    cube.remove(only(late[-1], slice(500)), form="compiled")
    one_s = median_s(lambda: cube.add(singles.pop(), form="compiled"), 500)
    return late_s, remove_s, one_s


def one_more_place(patrols: Patrols, rounds: int) -> tuple[float, float]:
    """Time the visits of one changed place among the others', and of all places anew.

    Parameters
    ----------
    patrols
        Tracks and places.
    rounds
        How often.
    """
    rules = Rules(max_gap_s=MAX_GAP_S)
    index = index_places(patrols.places)
    old = visits_of(patrols.tracks, index, rules=rules, form="compiled")
    changed = patrols.places.copy()
    changed.loc[7, "geometry"] = changed.geometry[7].buffer(0.0003)

    def one() -> Visits:
        return visits_after_change(
            old, index.place_ids, patrols.tracks, changed,
            changed=[changed["location_id"][7]], rules=rules, form="compiled",
        ).visits  # fmt: skip

    def anew() -> Visits:
        return visits_of(patrols.tracks, index_places(changed), rules=rules, form="compiled")

    ours, theirs = one(), anew()
    for name in Visits.__slots__:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))
    return median_s(one, rounds), median_s(anew, rounds)


def one_more_track(cube: Cube, patrols: Patrols, rounds: int) -> tuple[float, float, int]:
    """Time one more track into the cube, and all tracks anew.

    Parameters
    ----------
    cube
        Holds visits of other tracks.
    patrols
        Tracks and places.
    rounds
        How often.
    """
    index = index_places(patrols.places)
    rules = Rules(max_gap_s=MAX_GAP_S)
    end = int(patrols.tracks.first[1])
    columns = {name: getattr(patrols.tracks, name)[:end] for name in ("lon", "lat", "at")}
    track = replace(patrols.tracks, first=np.array([0, end]), **columns)

    def found(tracks: Tracks) -> Attendance:
        visits = visits_of(tracks, index, rules=rules, form="compiled")
        zero = np.zeros(len(visits.place), dtype=np.int64)
        return Attendance(visits.place, zero, visits.start_us, visits.end_us, zero + 1)

    def one_more() -> None:
        cube.add(found(track), form="compiled")

    def anew() -> None:
        fresh = Cube(YEAR, places=list(cube.places), kinds=KINDS)
        fresh.add(found(patrols.tracks), form="numpy")

    mine, all_found = found(track), visits_of(patrols.tracks, index, rules=rules, form="compiled")
    first = all_found.track == 0
    np.testing.assert_array_equal(mine.place, all_found.place[first])
    np.testing.assert_array_equal(mine.start_us, all_found.start_us[first])
    np.testing.assert_array_equal(mine.end_us, all_found.end_us[first])
    times = []
    for _ in range(rounds):
        times.append(median_s(one_more, 1))
        cube.remove(mine, form="compiled")
    return statistics.median(times), median_s(anew, 1), len(mine.place)


if __name__ == "__main__":
    main()
