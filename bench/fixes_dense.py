"""Fixes in int32 columns → visits, 2 000 places on top of each other; beside geopandas.

Dense: 2 000 clustered places that overlap in the middle, the town spread so that they lie as close
as 200 do in ``fixes_in_memory``; about a sixth of the fixes are in a place.
Run as ``python -m bench.fixes_dense`` from the repository's folder.
"""

from __future__ import annotations

from bench._engine import Size, size
from bench.fixes_in_memory import measure

QUICK, FULL = Size(200_000, 2_000, 7), Size(1_000_000, 2_000, 9)
AT_LEAST = {"1 thread": 250.0, "2 threads": 450.0}

if __name__ == "__main__":
    measure("fixes_dense", size(QUICK, FULL), AT_LEAST)
