"""Where invented things stand, in whole millionths of a degree.

Positions are made up to look right on the map and nothing is measured here, so
whole numbers and a rough metre serve, and come out the same on every machine.
"""

from __future__ import annotations

from math import isqrt
from typing import NamedTuple

import shapely

from geo.model.location import Location

_MICRO = 1_000_000
_EAST_PER_M = 17
_NORTH_PER_M = 9
"""Millionths of a degree to a metre at 57.5° N (16.7 and 9.0), rounded."""


class Spot(NamedTuple):
    """A position in millionths of a degree, longitude first."""

    lon_micro: int
    lat_micro: int

    @property
    def lon(self) -> float:
        """Longitude in degrees."""
        return self.lon_micro / _MICRO

    @property
    def lat(self) -> float:
        """Latitude in degrees."""
        return self.lat_micro / _MICRO

    def moved(self, *, east_m: int, north_m: int) -> Spot:
        """Give the spot about so many metres away."""
        return Spot(self.lon_micro + east_m * _EAST_PER_M, self.lat_micro + north_m * _NORTH_PER_M)

    def about_m_to(self, other: Spot) -> int:
        """Give roughly how far another spot is: enough to choose between foot and car."""
        east_m = (other.lon_micro - self.lon_micro) // _EAST_PER_M
        north_m = (other.lat_micro - self.lat_micro) // _NORTH_PER_M
        return isqrt(east_m * east_m + north_m * north_m)

    def towards(self, other: Spot, *, step: int, of: int) -> Spot:
        """Give the spot `step` parts of `of` along the way to another."""
        return Spot(
            self.lon_micro + (other.lon_micro - self.lon_micro) * step // of,
            self.lat_micro + (other.lat_micro - self.lat_micro) * step // of,
        )


def spot_in(place: Location) -> Spot:
    """Give a spot inside a place: a line's middle corner, else the middle of the corners.

    That is inside the plain shapes that ship; another shape may have it beside.
    """
    corners = shapely.get_coordinates(place.geometry).tolist()
    if "Line" in place.geometry.geom_type:
        corners = [corners[len(corners) // 2]]
    elif "Polygon" in place.geometry.geom_type:
        corners = corners[1:]  # a ring repeats its first corner last
    lons = sum(round(lon * _MICRO) for lon, _ in corners)
    lats = sum(round(lat * _MICRO) for _, lat in corners)
    return Spot(lons // len(corners), lats // len(corners))
