"""What the public is told of presence: visits per area and week, small numbers left out.

An area is what lies nearest to a town or village; a week is told when it is over.  Fewer than
`LEAST` is one answer, so that nobody can tell a few visits from none, and there are no totals from
which the missing number could be worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geo.coverage.completeness import completeness
from geo.crs import project, to_metric
from geo.model.period import Period
from geo.services.snapshot import Snapshot

LEAST: Final = 5
"""Counts below this are withheld, as in official statistics with small groups."""


class Area(NamedTuple):
    """A town or village, by its middle in EPSG:4326."""

    name: str
    lon: float
    lat: float


def public_weeks(
    snapshot: Snapshot, areas: Sequence[Area], *, weeks: int, today: date
) -> pd.DataFrame:
    """Count visits at designated places per area, for the last whole weeks.

    Parameters
    ----------
    snapshot
        Everything; what is given back holds none of it but these numbers.
    areas
        Each place belongs to the nearest, measured in EPSG:3006.
    weeks
        How many weeks, of those that are over before `today`.
    today
        The Swedish day.

    Returns
    -------
    DataFrame
        A row per area that has places and week, the newest week first: ``area, week_on`` (its
        Monday), ``visits`` (missing where withheld or where nothing at all was reported),
        ``is_reported``.
    """
    monday = today - timedelta(days=today.weekday())
    period = Period(monday - timedelta(weeks=weeks), monday)
    nearest = _nearest(snapshot, areas)
    presence = snapshot.presence
    presence = presence[
        (presence["start_at"] >= period.start_at) & (presence["start_at"] < period.end_at)
    ]
    area = presence["location_id"].astype(object).map(nearest)
    week_on = presence["start_at"].dt.tz_convert("Europe/Stockholm").dt.tz_localize(None)
    week_on = (week_on.dt.normalize() - pd.to_timedelta(week_on.dt.day_of_week, unit="D")).dt.date
    counted = (
        pd.DataFrame({"area": area, "week_on": week_on, "visit_id": presence["visit_id"]})
        .dropna()
        .drop_duplicates()
        .groupby(["area", "week_on"])
        .size()
    )
    reported = completeness(snapshot.visits["start_at"], period=period)
    is_reported = dict(zip(reported["period_start"], reported["is_reported"], strict=True))
    rows = []
    for piece in reversed(period.pieces("week")):
        for name in sorted(set(nearest.values())):
            n = int(counted.get((name, piece.from_on), 0))
            is_told = bool(is_reported[piece.from_on.isoformat()])
            rows.append((name, piece.from_on, n if is_told and n >= LEAST else None, is_told))
    told = pd.DataFrame(rows, columns=["area", "week_on", "visits", "is_reported"])
    return told.astype({"visits": "Int64", "is_reported": bool})


def _nearest(snapshot: Snapshot, areas: Sequence[Area]) -> dict[str, str]:
    if not areas or not snapshot.locations:
        return {}
    east, north = project(
        np.array([one.lon for one in areas]), np.array([one.lat for one in areas])
    )
    middles = shapely.points(east, north)
    return {
        piece.location_id: areas[
            int(np.argmin(shapely.distance(middles, to_metric(piece.geometry))))
        ].name
        for piece in snapshot.locations
    }
