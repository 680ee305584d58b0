"""Rows as GeoJSON."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pandas as pd
import shapely
import shapely.geometry

from geo.reports.cells import Cell, attributes, geometries
from geo.reports.stamp import ReportStamp, shows_examples, stamp_members
from geo.wording import Wording


def to_geojson(rows: pd.DataFrame, *, stamp: ReportStamp, wording: Wording) -> bytes:
    """Write exactly the rows given as a feature collection (RFC 7946).

    Longitude before latitude with all digits, outer rings anticlockwise.  A row
    without geometry is a feature whose geometry is ``null``.  Moments carry their
    offset.  The stamp is a foreign member ``stamp`` of the collection (§6.1).

    Raises
    ------
    CrsError
        Where the rows are not in WGS 84.
    """
    table, shapes = attributes(rows), geometries(rows)
    features = [
        {
            "type": "Feature",
            "properties": {
                name: _json(cell) for name, cell in zip(table.columns, row, strict=True)
            },
            "geometry": _geometry(shape),
        }
        for row, shape in zip(table.rows, shapes or [None] * len(table.rows), strict=True)
    ]
    members = stamp_members(stamp, has_examples=shows_examples(rows, stamp), wording=wording)
    # One feature a line: small, and still readable in an editor.
    lines = ",\n".join(_dumped(feature) for feature in features)
    head = f'{{"type": "FeatureCollection",\n"stamp": {_dumped(members)},\n"features": ['
    text = f"{head}\n{lines}\n]}}\n"
    return text.encode("utf-8")


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _geometry(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    if shape is None or shape.is_empty:
        return None
    mapped: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(shape))
    return mapped


def _json(cell: Cell) -> bool | int | float | str | None:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return cell
