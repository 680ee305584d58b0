"""Fixes → (fix, place) pairs → visits, 200 places; beside PostGIS, its GiST index ready.

A PostgreSQL server is made in a folder of its own for the run, with no network, and removed.
Both have the fixes stored as they like them best: ours int32 columns and the index of places,
theirs points in EPSG:3006 with a GiST index, analysed.  All visits are compared before any time is
printed.  Where PostgreSQL or PostGIS is not installed, the bench says so and measures nothing.
Run as ``python -m bench.fixes_postgis`` from the repository's folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench._engine import MAX_GAP_S, Size, measure_beside, sessions_sql, size
from bench._patrols import Patrols, make_patrols
from bench._table import tell
from geo.crs import project

QUICK, FULL = Size(200_000, 200, 5), Size(10_000_000, 200, 7)
AT_LEAST = {"1 thread": 200.0, "2 threads": 350.0}
INSIDE = "SELECT f.track, p.place, f.at FROM places p JOIN fixes f ON ST_Intersects(p.geom, f.geom)"
ACCOUNT = "postgres"
"""Whom the server runs as where this runs as root, which PostgreSQL refuses."""


def server_folder() -> Path | None:
    """Find where PostgreSQL's programs lie."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in places if (folder / "pg_ctl").exists()), None)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Run a server of our own; gives how to connect to it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        as_account: Mapping[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT)
            as_account = {"user": ACCOUNT, "cwd": folder}

        def run(program: str, *words: str) -> None:
            command = [str(programs / program), "-D", str(folder / "data"), *words]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **as_account)

        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        options += " -c fsync=off -c shared_buffers=1GB -c work_mem=256MB -c jit=off"
        run("initdb", "-U", "bench", "-A", "trust", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"host={folder} user=bench dbname=postgres"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


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
    programs = server_folder()
    if programs is None or os.name == "nt":
        print("PostgreSQL is not installed here: nothing is measured.")
        return
    patrols = make_patrols(fixes=wanted.fixes, places=wanted.places)
    tell(f"{len(patrols.tracks)} fixes, {wanted.places} places")
    with server(programs) as address, psycopg.connect(address, autocommit=True) as connection:
        try:
            prepare(connection, patrols)
        except psycopg.errors.FeatureNotSupported:
            print("PostGIS is not installed here: nothing is measured.")
            return
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
