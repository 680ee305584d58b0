"""Places, and zones that never count, ready to be asked about fixes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage.cells import NAT_US, Bools, Ints, microseconds
from geo.coverage.engine.shapes import Fault, shapes_of
from geo.coverage.engine.table import CellTable, cell_table
from geo.crs import STORED

ZONE: Final = -1
"""The place of a piece that is no place: nobody is on patrol there."""

_ALWAYS_US: Final = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class PlaceIndex:
    """The cell table of places, and when and for which place each piece counts.

    Attributes
    ----------
    place_ids
        Each ``location_id`` once, in order of first appearance.
    piece_place
        Position in `place_ids` of each piece; ``ZONE`` for zones, which come first.
    opens_us, closes_us
        When each piece is designated, half-open.
    faults
        Places and zones left out or repaired, each named; rows of zones come first.
    """

    table: CellTable
    place_ids: pd.Index[str]
    piece_place: Ints
    opens_us: Ints
    closes_us: Ints
    faults: tuple[Fault, ...]

    def zones(self) -> Bools:
        """Tell which pieces are zones."""
        found: Bools = self.piece_place == ZONE
        return found

    def has_windows(self) -> Bools:
        """Tell which pieces count only part of the time."""
        found: Bools = (self.opens_us > -_ALWAYS_US) | (self.closes_us < _ALWAYS_US)
        return found


def index_places(places: gpd.GeoDataFrame, *, zones: gpd.GeoDataFrame | None = None) -> PlaceIndex:
    """Build the index.

    Parameters
    ----------
    places
        One row per piece of a place's history, EPSG:4326: ``location_id, start_at, end_at``
        (missing = open), ``radius_m`` (missing = 0), ``geometry``.
    zones
        Where presence is no patrol, a police station for instance: ``location_id, radius_m,
        geometry``.  A fix in one counts for no place.
    """
    codes, ids = pd.factorize(places["location_id"], use_na_sentinel=False)
    columns = ["location_id", "radius_m", "geometry"]
    frames = [_stored(places[columns])]
    zone_count = 0
    if zones is not None and len(zones):
        frames.insert(0, _stored(zones[columns]))
        zone_count = len(zones)
    pieces = pd.concat(frames, ignore_index=True) if zone_count else frames[0]
    shapes = shapes_of(gpd.GeoDataFrame(pieces, geometry="geometry", crs=STORED))
    return PlaceIndex(
        table=cell_table(shapes),
        place_ids=cast("pd.Index[str]", pd.Index(ids)),
        piece_place=np.concatenate([np.full(zone_count, ZONE), codes]).astype(np.int64),
        opens_us=_moments(places["start_at"], zone_count, missing=-_ALWAYS_US),
        closes_us=_moments(places["end_at"], zone_count, missing=_ALWAYS_US),
        faults=shapes.faults,
    )


def _stored(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame if frame.crs is None or frame.crs == STORED else frame.to_crs(STORED)


def _moments(moments: pd.Series, zone_count: int, *, missing: int) -> Ints:
    us = microseconds(moments)
    known = np.where(us == NAT_US, missing, us)
    return np.concatenate([np.full(zone_count, missing), known]).astype(np.int64)
