"""Fixes in int32 columns → visits, 200 places; beside geopandas (to_crs, sjoin, groupby).

The index of places is built before, as in a running program.  The same fixes and places in one
interleaved run; all visits are compared before any time is printed.
Run as ``python -m bench.fixes_in_memory`` from the repository's folder.
"""

from __future__ import annotations

from bench._engine import MAX_GAP_S, Size, beside_geopandas, patrols_of, size
from geo.coverage.engine.index import PlaceIndex, index_places
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
    patrols = patrols_of(wanted)
    index = index_places(patrols.places)
    rules = Rules(max_gap_s=MAX_GAP_S)

    def ours(threads: int) -> tuple[Visits, PlaceIndex]:
        return visits_of(
            patrols.tracks, index, rules=rules, threads=threads, form="compiled"
        ), index

    beside_geopandas(name, wanted, at_least, patrols=patrols, ours=ours)


if __name__ == "__main__":
    measure("fixes_in_memory", size(QUICK, FULL), AT_LEAST)
