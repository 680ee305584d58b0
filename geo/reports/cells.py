"""A frame's values as the few kinds of value a file can hold."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from geo.crs import STORED
from geo.errors import CrsError
from geo.model.time import STOCKHOLM
from geo.wording import say

Cell = None | bool | int | float | str | date | datetime
"""Nothing, a flag, a number (always finite), a text, a day, or an aware Swedish moment."""

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows without geometry, in the order they came."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def as_cell(value: object) -> Cell:
    """Turn a value of a frame into one a file can hold.

    Missing and infinite numbers are nothing; several texts become one with ``;``
    between; moments turn to Swedish local time; anything unknown is its text.
    Control characters and broken surrogates, which no format can carry, become U+FFFD.

    Raises
    ------
    ValueError
        Where a moment has no time zone.
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"a moment without time zone: {value!r}")
        moment = value.to_pydatetime(warn=False) if isinstance(value, pd.Timestamp) else value
        return moment.astimezone(STOCKHOLM)
    if isinstance(value, date):
        return value
    if isinstance(value, tuple | list):
        return _writable(";".join(str(part) for part in value)) or None
    return _writable(str(value))


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def attributes(rows: pd.DataFrame) -> Table:
    """Take everything but the geometry out of a frame."""
    shape = _geometry_name(rows)
    # Column by column, so that whole numbers stay whole beside others that are not.
    kept = [(str(name), values) for name, values in rows.items() if name != shape]
    columns = [[as_cell(value) for value in values.tolist()] for _, values in kept]
    return Table(
        columns=tuple(_writable(name) for name, _ in kept),
        rows=tuple(zip(*columns, strict=True)) if columns else ((),) * len(rows),
    )


def geometries(rows: pd.DataFrame) -> Sequence[shapely.Geometry | None] | None:
    """Give the rows' geometries; ``None`` where the frame has none.

    Raises
    ------
    CrsError
        Where they are not in WGS 84.
    """
    name = _geometry_name(rows)
    if name is None:
        return None
    crs = getattr(rows, "crs", None)
    if crs is None or not CRS.from_user_input(crs).equals(CRS(STORED), ignore_axis_order=True):
        raise CrsError(say("Rader som ska exporteras ska vara i WGS 84, inte {crs}.", crs=str(crs)))
    found: list[shapely.Geometry | None] = rows[name].tolist()
    return found


def with_positions(rows: pd.DataFrame) -> Table:
    """Take the whole frame as a table, its geometry last.

    Points become columns ``lon`` and ``lat``; where any is no point there is one
    column ``geometry`` with well-known text.  Both round-trip exactly.
    """
    table, shapes = attributes(rows), geometries(rows)
    if shapes is None:
        return table
    if all(shape is None or shape.geom_type == "Point" for shape in shapes):
        lonlat = [
            (None, None) if shape is None or shape.is_empty else (float(shape.x), float(shape.y))
            for shape in shapes
        ]
        # A record that already says where it is does not say so twice.
        kept = [i for i, name in enumerate(table.columns) if name not in {"lon", "lat"}]
        return Table(
            columns=(*(table.columns[i] for i in kept), "lon", "lat"),
            rows=tuple(
                (*(row[i] for i in kept), *position)
                for row, position in zip(table.rows, lonlat, strict=True)
            ),
        )
    texts = [None if shape is None else _wkt(shape) for shape in shapes]
    return Table(
        columns=(*table.columns, "geometry"),
        rows=tuple((*row, text) for row, text in zip(table.rows, texts, strict=True)),
    )


def _wkt(shape: shapely.Geometry) -> str:
    return str(shapely.to_wkt(shape, rounding_precision=-1, trim=True))


def _geometry_name(rows: pd.DataFrame) -> str | None:
    return str(rows.geometry.name) if isinstance(rows, gpd.GeoDataFrame) else None
