"""Records laid out as the frames of ``geo.schema``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.crs import STORED
from geo.model.building import Building
from geo.model.location import Location
from geo.model.time import day_start_at
from geo.model.visit import Visit


def designations_of(locations: Sequence[Location]) -> pd.DataFrame:
    """Lay the pieces of the places' histories in a DESIGNATIONS frame."""
    return pd.DataFrame(
        {
            "location_id": _texts(piece.location_id for piece in locations),
            "name": _texts(piece.name for piece in locations),
            "start_at": _days(piece.designated_from for piece in locations),
            "end_at": _days(piece.designated_to for piece in locations),
            "visits_per_week": _numbers(piece.visits_per_week for piece in locations),
            "minutes_per_visit": _numbers(piece.minutes_per_visit for piece in locations),
            "unsafe_hours": _texts(piece.unsafe_hours for piece in locations),
        }
    )


def places_of(locations: Sequence[Location]) -> gpd.GeoDataFrame:
    """Lay the shapes of the pieces in a PLACES frame, EPSG:4326."""
    return gpd.GeoDataFrame(
        {
            "location_id": _texts(piece.location_id for piece in locations),
            "start_at": _days(piece.designated_from for piece in locations),
            "end_at": _days(piece.designated_to for piece in locations),
            "radius_m": _numbers(piece.reach_m for piece in locations),
        },
        geometry=[piece.geometry for piece in locations],
        crs=STORED,
    )


def spaces_of(buildings: Sequence[Building]) -> pd.DataFrame:
    """Lay the spaces of the buildings in a SPACES frame."""
    rows = [(b.building_id, b.area, space) for b in buildings for space in b.spaces]
    return pd.DataFrame(rows, columns=["building_id", "area", "space"], dtype=object)


def visits_of(visits: Sequence[Visit]) -> pd.DataFrame:
    """Lay visits in a VISITS frame."""
    return pd.DataFrame(
        {
            "visit_id": _texts(visit.visit_id for visit in visits),
            "location_id": _texts(visit.location_id for visit in visits),
            "lon": _numbers(visit.lon for visit in visits),
            "lat": _numbers(visit.lat for visit in visits),
            "start_at": _moments(visit.start_at for visit in visits),
            "end_at": _moments(visit.end_at for visit in visits),
            "kind": _texts(visit.kind for visit in visits),
            "officers": np.array([visit.officers for visit in visits], dtype="int64"),
            "done": np.array([visit.done for visit in visits], dtype=bool),
            "not_done_reason": _texts(visit.not_done_reason for visit in visits),
            "source": _texts(visit.source for visit in visits),
            "flags": _texts(visit.flags for visit in visits),
            "note": _texts(visit.note for visit in visits),
            "example": np.array([visit.example for visit in visits], dtype=bool),
        }
    )


def _texts(values: Iterable[object]) -> pd.Series:
    return pd.Series(list(values), dtype=object)


def _numbers(values: Iterable[float | None]) -> pd.Series[float]:
    return pd.Series([np.nan if value is None else value for value in values], dtype="float64")


def _days(days: Iterable[date | None]) -> pd.Series[pd.Timestamp]:
    return _moments(None if day is None else day_start_at(day) for day in days)


def _moments(moments: Iterable[datetime | None]) -> pd.Series[pd.Timestamp]:
    return pd.Series(pd.DatetimeIndex(list(moments), tz="UTC").as_unit("us"))
