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

ANY, SIMPLE, WHOLE = 0, 1, 2
"""Kinds of lists: *simple* ones have neither zones nor pieces that count only part of the time, nor
two of one place; in *whole* ones the cell, besides, lies wholly in all pieces."""

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
    list_kind
        Of each list of the table: ``ANY``, ``SIMPLE`` or ``WHOLE``.
    faults
        Places and zones left out or repaired, each named; rows of zones come first.
    """

    table: CellTable
    place_ids: pd.Index[str]
    piece_place: Ints
    opens_us: Ints
    closes_us: Ints
    list_kind: Ints
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
    table = cell_table(shapes)
    place = np.concatenate([np.full(zone_count, ZONE), codes]).astype(np.int64)
    opens_us = _moments(places["start_at"], zone_count, missing=-_ALWAYS_US)
    closes_us = _moments(places["end_at"], zone_count, missing=_ALWAYS_US)
    return PlaceIndex(
        table=table,
        place_ids=cast("pd.Index[str]", pd.Index(ids)),
        piece_place=place,
        opens_us=opens_us,
        closes_us=closes_us,
        list_kind=_list_kinds(table, place, (opens_us > -_ALWAYS_US) | (closes_us < _ALWAYS_US)),
        faults=shapes.faults,
    )


def _list_kinds(table: CellTable, place: Ints, has_window: Bools) -> Ints:
    """Find out which lists need no looking at each fix, or at none."""
    lists = len(table.first_entry) - 1
    of = np.repeat(np.arange(lists), np.diff(table.first_entry))
    entry_place = place[table.entry_piece]
    special = (entry_place == ZONE) | has_window[table.entry_piece]
    by_place = np.lexsort((entry_place, of))
    twice = np.zeros(len(of), dtype=bool)
    twice[1:] = (np.diff(of[by_place]) == 0) & (np.diff(entry_place[by_place]) == 0)
    kind = np.full(lists, WHOLE, dtype=np.int64)
    kind[of[table.entry_test >= 0]] = SIMPLE
    kind[of[special]] = ANY
    kind[of[by_place][twice]] = ANY
    return kind


def _stored(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame if frame.crs is None or frame.crs == STORED else frame.to_crs(STORED)


def _moments(moments: pd.Series, zone_count: int, *, missing: int) -> Ints:
    us = microseconds(moments)
    known = np.where(us == NAT_US, missing, us)
    return np.concatenate([np.full(zone_count, missing), known]).astype(np.int64)
