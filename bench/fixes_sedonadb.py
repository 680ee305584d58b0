"""Fixes → (fix, place) pairs → visits, 200 places; beside sedonadb (SQL, projection included).

Both have their columns in memory: ours int32 and the index of places, as in a running program;
theirs degrees and shapes in EPSG:3006, to which each fix is projected on the way.  All visits are
compared before any time is printed.
Run as ``python -m bench.fixes_sedonadb`` from the repository's folder.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bench._engine import MAX_GAP_S, Size, measure_beside, sessions_sql, size
from bench._patrols import Patrols, make_patrols
from bench._table import tell

QUICK, FULL = Size(500_000, 200, 5), Size(10_000_000, 200, 7)
AT_LEAST = {"1 thread": 70.0, "2 threads": 130.0}

INSIDE = """
SELECT f.track, p.place, f.at
FROM (SELECT track, at, ST_Transform(ST_SetSRID(ST_Point(lon, lat), 4326), 'EPSG:3006') AS point
      FROM fixes) AS f
JOIN places AS p ON ST_Intersects(p.geometry, f.point)
"""


def prepare(connection: Any, patrols: Patrols) -> None:
    """Make fixes and places known to SQL."""
    tracks = patrols.tracks
    fixes = pd.DataFrame(
        {
            "track": np.repeat(np.arange(len(tracks.first) - 1), np.diff(tracks.first)),
            "at": tracks.at,
            "lon": patrols.lon_deg,
            "lat": patrols.lat_deg,
        }
    )
    areas = patrols.places[["geometry"]].to_crs("EPSG:3006")
    areas["place"] = np.arange(len(areas))
    connection.create_data_frame(fixes).to_view("fixes", overwrite=True)
    connection.create_data_frame(areas).to_view("places", overwrite=True)


def sedona_visits(connection: Any) -> pd.DataFrame:
    """Find the visits with SQL."""
    # Over Arrow: its own way to pandas wants one more package, for geometry, and there is none.
    return pa.table(connection.sql(sessions_sql(INSIDE, MAX_GAP_S))).to_pandas()


def main() -> None:
    """Compare, then time, then write."""
    import sedonadb

    wanted = size(QUICK, FULL)
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    tell(f"{len(patrols.tracks)} fixes, {wanted.places} places")
    connection = sedonadb.connect()
    prepare(connection, patrols)
    measure_beside(
        "fixes_sedonadb",
        patrols,
        lambda: sedona_visits(connection),
        peer="sedonadb",
        wanted=wanted,
        at_least=AT_LEAST,
    )


if __name__ == "__main__":
    main()
