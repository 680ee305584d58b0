"""Fixes → (fix, place) pairs → visits, 200 places; beside PostGIS, its GiST index ready.

A PostgreSQL server is made in a folder of its own for the run, with no network, and removed.
Both have the fixes stored as they like them best: ours int32 columns and the index of places,
theirs points in EPSG:3006 with a GiST index, analysed.  All visits are compared before any time is
printed.  Where PostgreSQL or PostGIS is not installed, the bench says so and measures nothing.
Run as ``python -m bench.fixes_postgis`` from the repository's folder.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bench._engine import MAX_GAP_S, Size, measure_beside, sessions_sql, size
from bench._patrols import Patrols, make_patrols
from bench._table import tell
from checks import postgis
from geo.crs import project

QUICK, FULL = Size(200_000, 200, 5), Size(10_000_000, 200, 7)
AT_LEAST = {"1 thread": 200.0, "2 threads": 350.0}
INSIDE = "SELECT f.track, p.place, f.at FROM places p JOIN fixes f ON ST_Intersects(p.geom, f.geom)"
SETTINGS = ("shared_buffers=1GB", "work_mem=256MB", "jit=off")


def prepare(connection: Any, patrols: Patrols) -> None:
    """Store fixes and places, with what makes their join fast."""
    tracks = patrols.tracks
    east, north = project(patrols.lon_deg, patrols.lat_deg)
    track = np.repeat(np.arange(len(tracks.first) - 1), np.diff(tracks.first))
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis")
        cursor.execute("CREATE UNLOGGED TABLE raw (track int, at int, x float8, y float8)")
        columns = (track.tolist(), tracks.at.tolist(), east.tolist(), north.tolist())
        with cursor.copy("COPY raw FROM STDIN") as copy:
            for row in zip(*columns, strict=True):
                copy.write_row(row)
        cursor.execute(
            "CREATE UNLOGGED TABLE fixes AS SELECT track, at, "
            "ST_SetSRID(ST_MakePoint(x, y), 3006) AS geom FROM raw"
        )
        cursor.execute("CREATE INDEX ON fixes USING gist (geom)")
        cursor.execute("CREATE TABLE places (place int, geom geometry)")
        shapes = patrols.places.geometry.to_crs("EPSG:3006").to_wkb(hex=True)
        cursor.executemany(
            "INSERT INTO places VALUES (%s, ST_SetSRID(%s::geometry, 3006))",
            list(enumerate(shapes.tolist())),
        )
        cursor.execute("ANALYZE fixes")
        cursor.execute("ANALYZE places")


def postgis_visits(connection: Any) -> pd.DataFrame:
    """Find the visits with SQL."""
    with connection.cursor() as cursor:
        cursor.execute(sessions_sql(INSIDE, MAX_GAP_S))
        return pd.DataFrame(cursor.fetchall(), columns=["track", "place", "start", "end", "fixes"])


def main() -> None:
    """Compare, then time, then write."""
    import psycopg

    wanted = size(QUICK, FULL)
    programs = postgis.programs()
    if programs is None:
        print("PostgreSQL with PostGIS is not installed here: nothing is measured.")
        return
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    tell(f"{len(patrols.tracks)} fixes, {wanted.places} places")
    with (
        postgis.running(programs, settings=SETTINGS) as server,
        psycopg.connect(f"host={server.folder} user={postgis.OWNER} dbname=postgres") as connection,
    ):
        connection.autocommit = True
        prepare(connection, patrols)
        measure_beside(
            "fixes_postgis",
            patrols,
            lambda: postgis_visits(connection),
            peer="PostGIS",
            wanted=wanted,
            at_least=AT_LEAST,
        )


if __name__ == "__main__":
    main()
