"""The cell table in another engine: which fix is in which place, as an equi-join in DuckDB.

``CellTable.as_frame`` gives the table as plain columns.  A fix's cell is two divisions of whole
numbers, so any SQL engine can join on it; only fixes in cells that an edge cuts have to be tested.
Here shapely does that, in EPSG:3006.  The pairs are compared with the engine's own.

Run as ``python -m examples.duckdb_join`` from the repository's folder.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.coverage.engine.degrees import CELL_LAT_BITS, CELL_LON_BITS
from geo.coverage.engine.index import index_places
from geo.coverage.engine.lookup import pieces_at
from geo.coverage.engine.table import CellTable
from geo.coverage.engine.tracks import Tracks
from geo.crs import project, unproject
from geo.importers.door import read_import
from geo.model.location import Location
from geo.services.frames import places_of
from geo.store.fixes import read_fixes, write_fixes

PLACES = Path(__file__).parents[1] / "data" / "locations.geojson"
FIXES = 50_000

JOIN = """
SELECT fixes.fix, cells.piece, cells.is_cut, fixes.lon, fixes.lat
FROM (SELECT file_row_number AS fix, lon, lat FROM read_parquet($partition, file_row_number = true))
     AS fixes
JOIN cells
  ON cells.cell_x = CAST(floor(fixes.lon / $wide) AS BIGINT)
 AND cells.cell_y = CAST(floor(fixes.lat / $high) AS BIGINT)
ORDER BY fixes.fix, cells.piece
"""


def pairs_by_duckdb(partition: Path, table: CellTable, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find the pairs with SQL, and test those in cut cells.

    Parameters
    ----------
    partition
        A file of fixes, as ``write_fixes`` makes it.
    table
        The cell table of `places`.
    places
        As for ``index_places``.

    Returns
    -------
    DataFrame
        ``fix, piece`` in that order: row of the file, row of `places`.
    """
    with duckdb.connect() as connection:
        connection.register("cells", table.as_frame())
        found = connection.execute(
            JOIN,
            {
                "partition": str(partition),
                "wide": float(2**CELL_LON_BITS),
                "high": float(2**CELL_LAT_BITS),
            },
        ).df()
    cut = found[found["is_cut"]]
    x_m, y_m = project(cut["lon"].to_numpy() / 1e7, cut["lat"].to_numpy() / 1e7)
    shapes = places.geometry.to_crs("EPSG:3006").to_numpy()[cut["piece"]]
    reach_m = places["radius_m"].fillna(0).to_numpy()[cut["piece"]]
    # By distance: a place may be a point or a line with a reach.  On the edge is inside.
    is_inside = shapely.dwithin(shapes, shapely.points(x_m, y_m), reach_m)
    outside = cut.index[~is_inside]
    return found.drop(index=outside)[["fix", "piece"]].reset_index(drop=True)


def main() -> None:
    """Make fixes near the example places, join them in both engines, and compare."""
    read = read_import("locations", PLACES, now=datetime.now(UTC))
    places = places_of([cast(Location, parsed.record) for parsed in read.parsed])
    table = index_places(places).table
    with tempfile.TemporaryDirectory() as folder:
        partition = Path(folder) / "fixes.parquet"
        write_fixes(partition, fixes_near(places), pd.Index(["pass 1"]))
        joined = pairs_by_duckdb(partition, table, places)
        tracks, _ = read_fixes(partition)
    fix, piece = pieces_at(table, tracks.lon, tracks.lat)
    assert joined["fix"].tolist() == fix.tolist()
    assert joined["piece"].tolist() == piece.tolist()
    print(f"{len(tracks)} fixes, {len(places)} places: {len(fix)} pairs, the same in both engines")


def fixes_near(places: gpd.GeoDataFrame) -> Tracks:
    """Make up one track that jumps about near the places."""
    rng = np.random.default_rng(2021)
    middle = places.geometry.to_crs("EPSG:3006").centroid
    near = middle.iloc[rng.integers(0, len(middle), FIXES)]
    lon, lat = unproject(
        near.x.to_numpy() + rng.normal(0, 100, FIXES), near.y.to_numpy() + rng.normal(0, 100, FIXES)
    )
    units = (np.rint(each * 1e7).astype(np.int32) for each in (lon, lat))
    return Tracks(*units, np.arange(FIXES, dtype=np.int32), np.array([0, FIXES]))


if __name__ == "__main__":
    main()
