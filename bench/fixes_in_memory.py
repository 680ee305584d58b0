"""Fixes in int32 columns → visits, 200 places; beside geopandas (to_crs, sjoin, groupby).

The index of places is built before, as in a running program.  The same fixes and places in one
interleaved run; all visits are compared before any time is printed.
Run as ``python -m bench.fixes_in_memory`` from the repository's folder.
"""

from __future__ import annotations

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
from geo.coverage.engine.index import index_places
from geo.coverage.engine.visits import Rules, Visits, visits_of

QUICK, FULL = Size(500_000, 200, 7), Size(10_000_000, 200, 9)
AT_LEAST = {"1 thread": 500.0, "2 threads": 900.0}


def measure(name: str, wanted: Size, at_least: dict[str, float]) -> None:
    """Compare, then time, then write.

    Parameters
    ----------
    name
        Of the bench.
    wanted
        How much.
    at_least
        The ratios to reach.
    """
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    tell(f"{len(patrols.tracks)} fixes, {wanted.places} places")
    index = index_places(patrols.places)

    def ours(threads: int) -> Visits:
        return visits_of(
            patrols.tracks, index, rules=Rules(max_gap_s=MAX_GAP_S), threads=threads,
            form="compiled",
        )  # fmt: skip

    usual = geopandas_visits(patrols)
    assert_same_visits(ours(1), index, patrols, usual)
    assert_same_visits(ours(2), index, patrols, usual)
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
        name,
        figures(work, times, peer="geopandas", at_least=at_least),
        more={"fixes": len(patrols.tracks), "places": wanted.places, "times": as_json(times)},
    )


if __name__ == "__main__":
    measure("fixes_in_memory", size(QUICK, FULL), AT_LEAST)
