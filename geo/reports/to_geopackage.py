"""Rows as a GeoPackage, for QGIS and other map programs."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo.crs import STORED
from geo.errors import FileError
from geo.reports.cells import Cell, attributes, geometries
from geo.reports.stamp import ReportStamp, shows_examples, stamp_notes
from geo.wording import Wording, say

_UNUSED_KEY = "gpkg_rownumber"
"""Name of the row number GeoPackage must have, which no column of ours has."""


def to_geopackage(rows: pd.DataFrame, *, kind: str, stamp: ReportStamp, wording: Wording) -> bytes:
    """Write exactly the rows given as one layer named by their kind.

    Days are dates, moments are date-times in UTC.  Rows without geometry become a
    table.  The stamp is metadata of the file and its description.

    Raises
    ------
    CrsError
        Where the rows are not in WGS 84.
    FileError
        Where the file cannot be written.
    """
    table, shapes = attributes(rows), geometries(rows)
    columns = {
        name: _column([row[index] for row in table.rows])
        for index, name in enumerate(table.columns)
    }
    frame = pd.DataFrame(columns, index=range(len(table.rows)))
    if shapes is not None:
        frame = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(list(shapes), crs=STORED))
    notes = stamp_notes(stamp, has_examples=shows_examples(rows, stamp), wording=wording)
    about = "; ".join(f"{head}: {text}" for head, text in notes)
    # GDAL writes to files, not to streams, and SQLite wants one it can lock.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.gpkg"
        try:
            pyogrio.write_dataframe(
                frame,
                path,
                layer=kind,
                driver="GPKG",
                use_arrow=True,
                geometry_type=_geometry_type(frame),
                layer_options={"FID": _UNUSED_KEY, "IDENTIFIER": stamp.title, "DESCRIPTION": about},
                dataset_metadata={"TITLE": stamp.title, "ABSTRACT": about},
            )
        except (DataLayerError, DataSourceError, OSError) as exc:
            raise FileError(
                say("GeoPackage-filen gick inte att skriva: {why}.", why=str(exc))
            ) from exc
        return path.read_bytes()


def _geometry_type(frame: pd.DataFrame) -> str | None:
    """Name the one type a layer's shapes have; several types make a layer of any."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return None
    types = set(frame.geometry.geom_type.dropna())
    return str(types.pop()) if len(types) == 1 else "Unknown"


def _column(cells: Sequence[Cell]) -> pd.Series:
    """Give the cells the type their column has in the file; mixed kinds become text."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds == {bool}:
        return pd.Series(cells, dtype="boolean")
    if kinds == {int}:
        return pd.Series(cells, dtype="Int64")
    if kinds and kinds <= {int, float}:
        return pd.Series(cells, dtype="float64")
    if kinds == {datetime}:
        moments = [pd.Timestamp(cell) if isinstance(cell, datetime) else pd.NaT for cell in cells]
        return pd.Series(pd.to_datetime(pd.Series(moments), utc=True)).dt.as_unit("us")
    if kinds == {date}:
        return pd.Series(cells, dtype="object")
    texts = [None if cell is None else str(cell) for cell in cells]
    return pd.Series(texts, dtype="str")
