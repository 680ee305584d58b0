"""Which ground the stored tracks came near, in whole ISO weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from geo.coverage.engine.tracks import tracks_of
from geo.coverage.ground.squares import Squares, covered_squares
from geo.model.time import day_start_at, from_us, local_day, to_us
from geo.model.visit import Track

_FEW_FIXES: Final = 50_000
"""So few are laid before the engine would be compiled."""


def ground_of(tracks: Sequence[Track], area: BaseGeometry) -> tuple[Squares, date] | None:
    """Lay tracks on squares.

    Parameters
    ----------
    tracks
        What is stored; whose fixes come in any order.
    area
        Polygon or multipolygon, EPSG:4326.

    Returns
    -------
    tuple or None
        The squares and the Monday the first week begins; None without tracks.
    """
    if not tracks:
        return None
    fixes = [(t.track_id, fix.at, fix.lon, fix.lat) for t in tracks for fix in t.fixes]
    frame = pd.DataFrame(fixes, columns=["track_id", "at", "lon", "lat"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True).dt.as_unit("us")
    in_order, _, _ = tracks_of(frame)
    at_us = in_order.at_us(np.arange(len(in_order)))
    first, last = (local_day(from_us(int(us))) for us in (at_us.min(), at_us.max()))
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    mondays = (monday + timedelta(weeks=week) for week in range(weeks + 1))
    squares = covered_squares(
        in_order,
        area,
        week_borders_us=np.array([to_us(day_start_at(on)) for on in mondays]),
        form="numpy" if len(in_order) <= _FEW_FIXES else "auto",
    )
    return squares, monday
