"""Rows as a file gives them, before anybody asks what they mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from geo.importers.coordinates import System
from geo.importers.result import Flag, Rejected

MAX_ROWS = 200_000
"""Rows one file may have: years of visits, and still small enough to hold in memory."""

MAX_COLUMNS = 200
"""Columns one file may have."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file and its cells, in the order of the table's headers."""

    line: int
    cells: tuple[object, ...]
    geometry: BaseGeometry | None = None
    feature_id: str | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows.

    ``system`` is the coordinate system the file itself names, ``None`` where it
    names none.  ``geometry_field`` is what the file calls its geometry.
    ``truncated_headers`` says that names may be cut at ten characters (shapefiles).
    ``columns_vary`` says that a row may lack columns others have (GeoJSON).
    """

    headers: tuple[str, ...]
    rows: list[Row]
    rejected: list[Rejected] = field(default_factory=list)
    encoding: str | None = None
    system: System | None = None
    geometry_field: str = "geometry"
    truncated_headers: bool = False
    columns_vary: bool = False
