"""What the benches of the engine share: sizes, the usual way with geopandas, a fair clock.

``make bench`` runs quick sizes, ``make bench-full`` (``BENCH_FULL=1``) those of the targets; one
script alone also takes ``--fixes N --places N --rounds N``.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from bench._patrols import Patrols, make_patrols
from bench._sizes import sized
from bench._table import Figure, report, tell
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.visits import Rules, Visits, visits_of

MAX_GAP_S = 300


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything."""

    fixes: int
    places: int
    rounds: int


def size(quick: Size, full: Size) -> Size:
    """Read the size from the environment and the command line."""
    default = sized(quick=quick, full=full)
    parser = argparse.ArgumentParser(description=__doc__)
    for name in Size.__slots__:
        parser.add_argument(f"--{name}", type=int, default=getattr(default, name))
    return Size(**vars(parser.parse_args()))


@dataclass(frozen=True, slots=True)
class Times:
    """Every single time of one way, in seconds: on the wall, and of all cores together."""

    wall_s: tuple[float, ...]
    cpu_s: tuple[float, ...]

    @property
    def median_s(self) -> float:
        """The median on the wall."""
        return statistics.median(self.wall_s)


def interleaved(
    ways: Mapping[str, Callable[[], object]], *, rounds: int, slow: str, slow_rounds: int
) -> dict[str, Times]:
    """Time some ways in turn, so that what else the machine does falls on all of them.

    Parameters
    ----------
    ways
        What to time, by name; all have run once before.
    rounds
        How often each.
    slow, slow_rounds
        One of them, and how often that one: between the first rounds of the others.
    """
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, work in ways.items():
            if name == slow and number >= slow_rounds:
                continue
            begun, cpu_begun = time.perf_counter(), time.process_time()
            work()
            wall[name].append(time.perf_counter() - begun)
            cpu[name].append(time.process_time() - cpu_begun)
        tell(f"round {number + 1}: " + ", ".join(f"{n} {t[-1]:.4f} s" for n, t in wall.items()))
    return {name: Times(tuple(wall[name]), tuple(cpu[name])) for name in ways}


def geopandas_visits(patrols: Patrols) -> pd.DataFrame:
    """Find visits the usual way: points, projection, spatial join, groupby."""
    tracks = patrols.tracks
    fixes = pd.DataFrame(
        {"track": np.repeat(np.arange(len(tracks.first) - 1), np.diff(tracks.first)),
         "at": tracks.at}
    )  # fmt: skip
    points = gpd.GeoDataFrame(
        fixes, geometry=gpd.points_from_xy(patrols.lon_deg, patrols.lat_deg), crs="EPSG:4326"
    ).to_crs("EPSG:3006")
    areas = patrols.places[["geometry"]].to_crs("EPSG:3006")
    inside = gpd.sjoin(points, areas, predicate="intersects").rename(
        columns={"index_right": "place"}
    )
    inside = inside[["track", "place", "at"]].sort_values(["track", "place", "at"])
    visit = (
        (inside["track"] != inside["track"].shift())
        | (inside["place"] != inside["place"].shift())
        | (inside["at"].diff() > MAX_GAP_S)
    ).cumsum()
    found = inside.groupby(visit).agg(
        track=("track", "first"), place=("place", "first"), start=("at", "min"),
        end=("at", "max"), fixes=("at", "size"),
    )  # fmt: skip
    return found.sort_values(["track", "start", "place"], ignore_index=True)


def prepared(patrols: Patrols) -> Callable[[int], tuple[Visits, PlaceIndex]]:
    """Build the index of places, and give what finds the visits on so many threads."""
    index = index_places(patrols.places)

    def ours(threads: int) -> tuple[Visits, PlaceIndex]:
        found = visits_of(
            patrols.tracks, index, rules=Rules(max_gap_s=MAX_GAP_S), threads=threads,
            form="compiled",
        )  # fmt: skip
        return found, index

    return ours


def sessions_sql(inside: str, max_gap_s: int) -> str:
    """Give the SQL that joins pairs to visits, as any engine with window functions takes it.

    Parameters
    ----------
    inside
        A query for ``track, place, at`` (whole seconds) of each fix in each place.
    max_gap_s
        The longest time between two fixes of a visit, inclusive.
    """
    return f"""
        WITH inside AS ({inside}),
        stepped AS (
            SELECT track, place, at,
                   at - lag(at) OVER (PARTITION BY track, place ORDER BY at) AS step
            FROM inside
        ),
        numbered AS (
            SELECT track, place, at,
                   sum(CASE WHEN step IS NULL OR step > {max_gap_s} THEN 1 ELSE 0 END)
                       OVER (PARTITION BY track, place ORDER BY at
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS visit
            FROM stepped
        )
        SELECT track, place, min(at) AS start, max(at) AS "end", count(*) AS fixes
        FROM numbered
        GROUP BY track, place, visit
        ORDER BY track, start, place
    """  # noqa: S608  # our own words


def assert_same_visits(
    ours: Visits, index: PlaceIndex, patrols: Patrols, peer: pd.DataFrame
) -> None:
    """Compare all visits: track, place, start, end and how many fixes."""
    tracks = patrols.tracks
    assert index.place_ids.tolist() == patrols.places["location_id"].tolist()
    pairs = {
        "track": ours.track,
        "place": ours.place,
        "start": (ours.start_us - tracks.origin_us) // tracks.tick_us,
        "end": (ours.end_us - tracks.origin_us) // tracks.tick_us,
        "fixes": ours.fix_count,
    }
    assert len(ours.track) == len(peer), (len(ours.track), len(peer))
    for name, column in pairs.items():
        np.testing.assert_array_equal(column, peer[name].to_numpy(), err_msg=name)
    tell(f"{len(peer)} visits, all the same")


def figures(
    name: str, times: Mapping[str, Times], *, peer: str, at_least: Mapping[str, float]
) -> list[Figure]:
    """Make a figure of each of our ways beside the peer's."""
    return [
        Figure(
            f"{name}, {way}",
            times[way].median_s * 1e3,
            "ms",
            peer=times[peer].median_s * 1e3,
            at_least=at_least.get(way),
        )
        for way in times
        if way != peer
    ]


def beside_geopandas(
    name: str,
    wanted: Size,
    at_least: Mapping[str, float],
    *,
    patrols: Patrols,
    ours: Callable[[int], tuple[Visits, PlaceIndex]],
) -> None:
    """Compare visits found with one and two threads with geopandas' own, then time, then write.

    Parameters
    ----------
    name
        Of the bench.
    wanted
        How much.
    at_least
        The ratios to reach, by way.
    patrols
        The fixes and places.
    ours
        Finds visits with so many threads.
    """
    usual = geopandas_visits(patrols)
    for threads in (1, 2):
        assert_same_visits(*ours(threads), patrols, usual)
    del usual
    time_beside(
        name, wanted, at_least, patrols=patrols, ours=ours,
        peer=("geopandas", lambda: geopandas_visits(patrols)),
    )  # fmt: skip


def time_beside(
    name: str,
    wanted: Size,
    at_least: Mapping[str, float],
    *,
    patrols: Patrols,
    ours: Callable[[int], object],
    peer: tuple[str, Callable[[], object]],
    peer_rounds: int = 2,
    what: str = "",
    more: Mapping[str, object] | None = None,
) -> None:
    """Time work already compared, with one and two threads and a peer in turn, and write.

    Parameters
    ----------
    name, wanted, at_least, patrols
        As for `beside_geopandas`.
    ours
        Does the work with so many threads.
    peer, peer_rounds
        Who, how, and how often.
    what
        Of the fixes and places, where it is not visits.
    more
        What else belongs in the results.
    """
    theirs, work = peer
    times = interleaved(
        {"1 thread": lambda: ours(1), "2 threads": lambda: ours(2), theirs: work},
        rounds=wanted.rounds,
        slow=theirs,
        slow_rounds=peer_rounds,
    )
    size_ = f"{what}{wanted.fixes:,} fixes × {wanted.places} places".replace(",", " ")
    report(
        name,
        figures(size_, times, peer=theirs, at_least=at_least),
        more={
            "fixes": len(patrols.tracks),
            "places": wanted.places,
            "times": as_json(times),
            **(more or {}),
        },
    )


def patrols_of(wanted: Size) -> Patrols:
    """Make the fixes and places of a size, and say so."""
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    tell(f"{len(patrols.tracks)} fixes, {wanted.places} places")
    return patrols


def measure_beside(
    bench: str,
    patrols: Patrols,
    theirs: Callable[[], pd.DataFrame],
    *,
    peer: str,
    wanted: Size,
    at_least: Mapping[str, float],
) -> None:
    """Compare with a peer that has all it needs in place, then time, then write.

    Parameters
    ----------
    bench
        Its name.
    patrols
        Fixes and places.
    theirs
        Finds the peer's visits.
    peer
        What to call it.
    wanted
        How much was asked for.
    at_least
        The ratios to reach.
    """
    ours = prepared(patrols)
    found = theirs()
    for threads in (1, 2):
        assert_same_visits(*ours(threads), patrols, found)
    del found
    time_beside(
        bench, wanted, at_least, patrols=patrols, ours=ours, peer=(peer, theirs), peer_rounds=3
    )


def as_json(times: Mapping[str, Times]) -> dict[str, dict[str, list[float]]]:
    """Give every single time, for the results beside the table."""
    return {
        name: {"wall_s": [round(t, 6) for t in each.wall_s],
               "cpu_s": [round(t, 6) for t in each.cpu_s]}
        for name, each in times.items()
    }  # fmt: skip
