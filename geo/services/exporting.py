"""The rows behind a view, in the canonical columns: what is exported can be imported again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, get_args

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import STORED
from geo.model.activity import Activity
from geo.model.building import Building
from geo.model.hours import UnsafeHours
from geo.model.location import Location
from geo.model.period import Period
from geo.model.time import STOCKHOLM
from geo.services.coverage import coverage
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot

ExportKind = Literal["locations", "buildings", "inspections", "visits", "activities", "coverage"]
EXPORT_KINDS: tuple[ExportKind, ...] = get_args(ExportKind)


def export_rows(
    snapshot: Snapshot, kind: ExportKind, selection: Selection | None
) -> pd.DataFrame | gpd.GeoDataFrame:
    """Give the rows of one kind that a view shows.

    Parameters
    ----------
    snapshot
        Already narrowed to the filters of the view.
    kind
        What the rows are.
    selection
        Its period keeps what happened in it: visits begun, inspections made,
        activities begun, places designated for any part of it.  ``None`` keeps
        everything; coverage needs one.

    Returns
    -------
    DataFrame or GeoDataFrame
        Canonical columns; a GeoDataFrame in EPSG:4326 where the rows have a place.
        Moments are in Swedish local time with their offset.
    """
    period = None if selection is None else selection.period
    return _ROWS[kind](snapshot, period)


def _locations(snapshot: Snapshot, period: Period | None) -> gpd.GeoDataFrame:
    pieces = [p for p in snapshot.locations if period is None or _is_in_force(p, period)]
    return _spatial(pieces, Location, geometry=lambda piece: piece.geometry)


def _is_in_force(piece: Location, period: Period) -> bool:
    begins_in_time = piece.designated_from is None or piece.designated_from < period.to_on
    return begins_in_time and (piece.designated_to is None or piece.designated_to > period.from_on)


def _buildings(snapshot: Snapshot, period: Period | None) -> gpd.GeoDataFrame:
    del period  # A building stands there the whole time.
    return _spatial(snapshot.buildings, Building, geometry=lambda building: building.geometry)


def _activities(snapshot: Snapshot, period: Period | None) -> pd.DataFrame:
    kept = [
        activity
        for activity in snapshot.activities
        if period is None or period.from_on <= activity.from_on < period.to_on
    ]
    rows = _plain(kept, Activity)
    return rows.rename(columns={"from_on": "from", "to_on": "to"})


def _visits(snapshot: Snapshot, period: Period | None) -> gpd.GeoDataFrame:
    rows = _begun(snapshot.visits, "start_at", period)
    rows = rows.assign(
        start_at=_local(rows["start_at"]),
        end_at=_local(rows["end_at"]),
        flags=pd.Series([_cell(flags) for flags in rows["flags"]], dtype=object),
    )
    return gpd.GeoDataFrame(
        rows,
        geometry=[
            None if pd.isna(lon) else shapely.Point(lon, lat)
            for lon, lat in zip(rows["lon"], rows["lat"], strict=True)
        ],
        crs=STORED,
    )


def _inspections(snapshot: Snapshot, period: Period | None) -> pd.DataFrame:
    rows = _begun(snapshot.inspections, "inspected_at", period)
    return rows.assign(inspected_at=_local(rows["inspected_at"]))


def _coverage(snapshot: Snapshot, period: Period | None) -> gpd.GeoDataFrame:
    if period is None:
        raise ValueError("coverage is always about a period")
    rows = coverage(snapshot, period)
    # The pieces of a place's history are in order of time: its shape is the newest of the period's.
    shapes = {
        piece.location_id: piece.geometry
        for piece in snapshot.locations
        if _is_in_force(piece, period)
    }
    return gpd.GeoDataFrame(rows, geometry=rows["location_id"].map(shapes).tolist(), crs=STORED)


_ROWS: Mapping[ExportKind, Callable[[Snapshot, Period | None], pd.DataFrame]] = {
    "locations": _locations,
    "buildings": _buildings,
    "inspections": _inspections,
    "visits": _visits,
    "activities": _activities,
    "coverage": _coverage,
}


def _begun(frame: pd.DataFrame, column: str, period: Period | None) -> pd.DataFrame:
    if period is None:
        return frame
    begun = (frame[column] >= period.start_at) & (frame[column] < period.end_at)
    return frame[begun].reset_index(drop=True)


def _local(moments: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    return moments.dt.tz_convert(STOCKHOLM)


def _plain(records: Sequence[Any], record_type: type[Any]) -> pd.DataFrame:
    names = [name for name in record_type.model_fields if name != "geometry"]
    return pd.DataFrame(
        {
            name: pd.Series([_cell(getattr(record, name)) for record in records], dtype=object)
            for name in names
        }
    )


def _cell(value: object) -> object:
    """Write several values of one field as the importer reads them."""
    if isinstance(value, tuple):
        return ";".join(str(part) for part in value)
    return str(value) if isinstance(value, UnsafeHours) else value


def _spatial(
    records: Sequence[Any], record_type: type[Any], *, geometry: Callable[[Any], Any]
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        _plain(records, record_type), geometry=[geometry(r) for r in records], crs=STORED
    )
