"""Which visits the map draws, and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.cells import microseconds
from geo.coverage.engine.degrees import quantised
from geo.maps.layers import label_point
from geo.maps.presence_tiles import PresenceIndex, day_borders, index_presence
from geo.model.time import SECOND_US
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot


def drawn_visits(snapshot: Snapshot, selection: Selection) -> pd.DataFrame:
    """Give the done visits of all time; those at no place too, unless places are filtered.

    They are drawn where they were; what is counted is at the places (``visit_total``).

    Parameters
    ----------
    snapshot
        Narrowed to the filters.
    selection
        Those filters; its period plays no part.
    """
    visits = snapshot.visits
    drawn = visits[visits["done"]]
    if selection.location_kinds or selection.priorities:
        drawn = drawn[drawn["visit_id"].isin(snapshot.presence["visit_id"])]
    return drawn


def visit_spots(
    snapshot: Snapshot, visits: pd.DataFrame
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give longitude and latitude of visits; one without a position was at its place.

    NaN where there is neither.
    """
    spots = {p.location_id: label_point(p.geometry) for p in snapshot.locations}
    middles = np.array([*spots.values(), (np.nan, np.nan)])  # The last, -1, of no place.
    first = snapshot.presence.drop_duplicates("visit_id")
    visit = _codes(first["visit_id"], visits["visit_id"])
    place = np.append(_codes(list(spots), first["location_id"]), -1)[visit]
    lon, lat = visits["lon"].to_numpy(float), visits["lat"].to_numpy(float)
    return (
        np.where(np.isnan(lon), middles[place, 0], lon),
        np.where(np.isnan(lat), middles[place, 1], lat),
    )


def visit_presence(snapshot: Snapshot, selection: Selection) -> PresenceIndex:
    """Put the drawn visits of all time in the order map tiles ask for them.

    A visit counts with its officer minutes, on the local day it began, as in the hexagons.

    Parameters
    ----------
    snapshot
        Narrowed to the filters.
    selection
        Those filters; its period plays no part.
    """
    visits = drawn_visits(snapshot, selection)
    lon, lat, missing, outside = quantised(*visit_spots(snapshot, visits))
    known = ~(missing | outside)
    start_us, end_us = microseconds(visits["start_at"]), microseconds(visits["end_at"])
    seconds = (end_us - start_us) // SECOND_US * visits["officers"].to_numpy(np.int64)
    return index_presence(
        lon[known],
        lat[known],
        seconds[known],
        start_us[known],
        borders_us=day_borders(start_us),
    )


def _codes(known: Sequence[str] | pd.Series[str], asked: pd.Series[str]) -> NDArray[np.intp]:
    """Number what is asked by its place among what is known; -1 where it is not there.

    As objects: pandas compares its own strings one by one, many times as slowly.
    """
    ids = pd.Index(np.asarray(known, dtype=object))
    codes: NDArray[np.intp] = ids.get_indexer(np.asarray(asked, dtype=object))
    return codes
