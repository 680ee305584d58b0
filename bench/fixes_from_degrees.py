"""Fixes in float64 degrees → visits, the index of 200 places built on the way; beside geopandas.

Run as ``python -m bench.fixes_from_degrees`` from the repository's folder.
"""

from __future__ import annotations

from dataclasses import replace

from bench._engine import (
    MAX_GAP_S,
    Size,
    as_json,
    assert_same_visits,
    figures,
    geopandas_visits,
    interleaved,
    size,
)
from bench._patrols import make_patrols
from bench._table import report, tell
from geo.coverage.engine.compiling import engine
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.visits import Rules, Visits, visits_of

QUICK, FULL = Size(500_000, 200, 7), Size(10_000_000, 200, 9)
AT_LEAST = {"2 threads": 150.0}


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    tell(f"{len(patrols.tracks)} fixes, {wanted.places} places")

    def ours(threads: int) -> tuple[Visits, PlaceIndex]:
        index = index_places(patrols.places)
        lon, lat, missing, outside = engine("compiled").quantised(
            patrols.lon_deg, patrols.lat_deg, threads=threads
        )
        assert not missing.any()
        assert not outside.any()
        tracks = replace(patrols.tracks, lon=lon, lat=lat)
        rules = Rules(max_gap_s=MAX_GAP_S)
        return visits_of(tracks, index, rules=rules, threads=threads, form="compiled"), index

    usual = geopandas_visits(patrols)
    for threads in (1, 2):
        assert_same_visits(*ours(threads), patrols, usual)
    del usual
    times = interleaved(
        {
            "1 thread": lambda: ours(1),
            "2 threads": lambda: ours(2),
            "geopandas": lambda: geopandas_visits(patrols),
        },
        rounds=wanted.rounds,
        slow="geopandas",
        slow_rounds=2,
    )
    work = f"{wanted.fixes:,} fixes × {wanted.places} places".replace(",", " ")
    report(
        "fixes_from_degrees",
        figures(work, times, peer="geopandas", at_least=AT_LEAST),
        more={"fixes": len(patrols.tracks), "places": wanted.places, "times": as_json(times)},
    )


if __name__ == "__main__":
    main()
