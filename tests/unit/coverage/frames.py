"""Small builders, so that a test reads as a story: places, visits, local times."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from geo.model.hours import UnsafeHours

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local(text: str, *, fold: int = 0) -> datetime:
    """A moment from Swedish wall clock: ``"2021-03-05 20:15"``; fold 1 is the later one."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM, fold=fold)


def _moments(values: list[datetime | None]) -> pd.Series:
    utc = [None if value is None else value.astimezone(ZoneInfo("UTC")) for value in values]
    return pd.Series(utc, dtype="datetime64[us, UTC]")


def place(
    location_id: str = "torget",
    *,
    name: str | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    per_week: float | None = None,
    minutes: float | None = None,
    unsafe: str | None = None,
) -> dict[str, object]:
    return {
        "location_id": location_id,
        "name": name or location_id.title(),
        "start_at": start,
        "end_at": end,
        "visits_per_week": per_week,
        "minutes_per_visit": minutes,
        "unsafe_hours": UnsafeHours.parse(unsafe) if unsafe else None,
    }


def designations(*places: dict[str, object]) -> pd.DataFrame:
    columns = list(place())
    frame = pd.DataFrame(list(places), columns=columns, dtype=object)
    for column in ("start_at", "end_at"):
        frame[column] = _moments(list(frame[column]))
    for column in ("visits_per_week", "minutes_per_visit"):
        frame[column] = pd.to_numeric(frame[column]).astype("float64")
    for column in ("location_id", "name"):
        frame[column] = frame[column].astype("str")
    return frame


def visit(
    start: datetime | str,
    end: datetime | str | None = None,
    *,
    at: str = "torget",
    officers: int = 1,
) -> dict[str, object]:
    start_at = local(start) if isinstance(start, str) else start
    end_at = start_at if end is None else local(end) if isinstance(end, str) else end
    return {"location_id": at, "start_at": start_at, "end_at": end_at, "officers": officers}


def presence(*visits: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "location_id": pd.Series([v["location_id"] for v in visits], dtype="str"),
            "visit_id": pd.Series([f"b{i}" for i in range(len(visits))], dtype="str"),
            "start_at": _moments([v["start_at"] for v in visits]),
            "end_at": _moments([v["end_at"] for v in visits]),
            "officers": pd.Series([v["officers"] for v in visits], dtype="int64"),
        }
    )
