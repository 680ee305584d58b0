"""An area as small squares, measured in EPSG:3006."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coverage.cells import Bools, Floats, Ints
from geo.crs import to_metric

CELL_M: Final = 5.0
_MOST_CELLS: Final = 400_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """Squares over an area, rows from south, columns from west, in EPSG:3006.

    Attributes
    ----------
    west_m, south_m
        The outer corner of the first square, a whole number of squares from the origin, so that
        rasters of neighbouring areas fit together.
    cell_m
        The side of a square.
    inside
        ``(rows, columns)``: whether the middle of the square lies in the area.
    """

    west_m: float
    south_m: float
    cell_m: float
    inside: Bools

    @property
    def area_km2(self) -> float:
        """Measure the squares inside."""
        return float(self.inside.sum()) * self.cell_m**2 / 1e6

    def squares_of(self, east_m: Floats, north_m: Floats) -> tuple[Ints, Ints, Bools]:
        """Find row and column of positions, and whether they are on the raster at all."""
        column = np.floor((east_m - self.west_m) / self.cell_m).astype(np.int64)
        row = np.floor((north_m - self.south_m) / self.cell_m).astype(np.int64)
        rows, columns = self.inside.shape
        on_it = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return row, column, on_it


def raster_over(area: BaseGeometry, *, cell_m: float = CELL_M) -> Raster:
    """Lay squares over an area.

    Parameters
    ----------
    area
        Polygon or multipolygon, EPSG:4326; its edges are straight in EPSG:3006.
    cell_m
        The side of a square.

    Raises
    ------
    ValueError
        Where the area is empty, or has too many squares.
    """
    metric = to_metric(area)
    if metric.is_empty:
        raise ValueError("an empty area has no ground")
    bounds = np.array(metric.bounds) / cell_m
    west, south = np.floor(bounds[:2])
    columns, rows = (np.ceil(bounds[2:]) - (west, south)).astype(int)
    if rows * columns > _MOST_CELLS:
        raise ValueError(f"{rows} × {columns} squares are too many at once")
    east = (west + np.arange(columns) + 0.5) * cell_m
    north = (south + np.arange(rows) + 0.5) * cell_m
    shapely.prepare(metric)
    inside = np.stack([shapely.contains_xy(metric, east, y) for y in north])
    return Raster(float(west * cell_m), float(south * cell_m), cell_m, inside)
