"""Fixes in float64 degrees → visits, the index of 200 places built on the way; beside geopandas.

Run as ``python -m bench.fixes_from_degrees`` from the repository's folder.
"""

from __future__ import annotations

from dataclasses import replace

from bench._engine import MAX_GAP_S, Size, beside_geopandas, patrols_of, size
from geo.coverage.engine.compiling import engine
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.visits import Rules, Visits, visits_of

QUICK, FULL = Size(500_000, 200, 7), Size(10_000_000, 200, 9)
AT_LEAST = {"2 threads": 150.0}


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    patrols = patrols_of(wanted)

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

    beside_geopandas("fixes_from_degrees", wanted, AT_LEAST, patrols=patrols, ours=ours)


if __name__ == "__main__":
    main()
