"""Which ground tracks came near, in whole ISO weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from geo.coverage.engine.tracks import Tracks
from geo.coverage.ground.squares import Squares, covered_squares, joined_squares
from geo.model.time import day_start_at, from_us, local_day, to_us

_FEW_FIXES: Final = 50_000
"""So few are laid before the engine would be compiled."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Covered squares, and the Monday their first week begins."""

    squares: Squares
    first_on: date


def ground_of(tracks: Tracks, area: BaseGeometry) -> Ground | None:
    """Lay tracks on squares.

    Parameters
    ----------
    tracks
        In order of track and time.
    area
        Polygon or multipolygon, EPSG:4326.

    Returns
    -------
    Ground or None
        None without fixes.
    """
    if not len(tracks):
        return None
    at_us = tracks.at_us(np.arange(len(tracks)))
    first, last = (local_day(from_us(int(us))) for us in (at_us.min(), at_us.max()))
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    mondays = (monday + timedelta(weeks=week) for week in range(weeks + 1))
    squares = covered_squares(
        tracks,
        area,
        week_borders_us=np.array([to_us(day_start_at(on)) for on in mondays]),
        form="numpy" if len(tracks) <= _FEW_FIXES else "auto",
    )
    return Ground(squares, monday)


def joined_ground(parts: Iterable[Ground | None]) -> Ground | None:
    """Join the ground of several lots of tracks in one area; None where all of them are."""
    known = [part for part in parts if part is not None]
    if not known:
        return None
    first_on = min(part.first_on for part in known)
    squares = joined_squares(
        [(part.squares, (part.first_on - first_on).days // 7) for part in known]
    )
    return Ground(squares, first_on)
