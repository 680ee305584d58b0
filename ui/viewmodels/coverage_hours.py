"""When: patrol minutes by weekday and hour, against the hours said to be unsafe."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.hours import weekday_hour_minutes
from geo.model.hours import UnsafeHours
from geo.model.period import Period
from geo.services.coverage import coverage
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.pieces import minutes_counted
from ui.viewmodels.table import Column, Table
from ui.viewmodels.visits_behind import hour_told

MOST_OF_PLACES = 0.5
"""For all places at once an hour is outlined where at least this share of those with unsafe
hours has it; every evening is unsafe somewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """The matrix as a long frame for the chart, and as a table."""

    cells: pd.DataFrame
    """``weekday, hour, day, minutes, is_unsafe, note``: 168 rows, Monday 00 first."""
    days: tuple[str, ...]
    table: Table
    sentence: str
    outline: str
    """What the outline means here; empty where no hour is said to be unsafe."""


def hours(
    snapshot: Snapshot, selection: Selection, wording: Wording, location_id: str | None
) -> Hours:
    """Spread the patrol minutes of one place, or of all, over the hours of the week."""
    period = selection.period
    designations = _in_force(snapshot.designations, period)
    if location_id is not None:
        designations = designations[designations["location_id"] == location_id]
    minutes = weekday_hour_minutes(designations, snapshot.presence, period=period)
    unsafe, with_hours = _unsafe_places(designations)
    needed = 1 if location_id is not None else max(1.0, MOST_OF_PLACES * with_hours)
    is_unsafe = unsafe >= needed
    cells = _cells(minutes, unsafe, is_unsafe, with_hours, wording)
    return Hours(
        cells=cells,
        days=tuple(wording.weekday(day) for day in range(7)),
        table=_table(minutes, is_unsafe, wording),
        sentence=_sentence(snapshot, selection, location_id, float(minutes.sum()), wording),
        outline=_outline(with_hours, location_id, wording),
    )


def _in_force(designations: pd.DataFrame, period: Period) -> pd.DataFrame:
    begun = ~(designations["start_at"] >= pd.Timestamp(period.end_at))
    return designations[begun & ~(designations["end_at"] <= pd.Timestamp(period.start_at))]


def _unsafe_places(designations: pd.DataFrame) -> tuple[NDArray[np.int64], int]:
    """Count, per hour of the week, the places said to be unsafe for any part of it."""
    count = np.zeros((7, 24), dtype=np.int64)
    with_hours = 0
    for _, pieces in designations.groupby("location_id", sort=False):
        matrices = [h.matrix() > 0 for h in pieces["unsafe_hours"] if isinstance(h, UnsafeHours)]
        if matrices:
            with_hours += 1
            count += np.logical_or.reduce(matrices)
    return count, with_hours


def _cells(
    minutes: NDArray[np.float64],
    unsafe: NDArray[np.int64],
    is_unsafe: NDArray[np.bool_],
    with_hours: int,
    wording: Wording,
) -> pd.DataFrame:
    records = []
    for weekday in range(7):
        for hour in range(24):
            patrolled = minutes_counted(minutes[weekday, hour], wording)
            said = patrolled
            if with_hours == 1:
                if is_unsafe[weekday, hour]:
                    said = wording("{patrolled}, otrygg timme", patrolled=patrolled)
            elif with_hours:
                said = wording(
                    "{patrolled}, otrygg timme på {n} av {all} platser",
                    patrolled=patrolled,
                    n=wording.number(unsafe[weekday, hour]),
                    all=wording.number(with_hours),
                )
            records.append(
                {
                    "weekday": weekday,
                    "hour": hour,
                    "day": wording.weekday(weekday),
                    "minutes": float(minutes[weekday, hour]),
                    "is_unsafe": bool(is_unsafe[weekday, hour]),
                    "when": hour_told(weekday, hour, wording),
                    "note": said,
                }
            )
    return pd.DataFrame(records)


def _table(minutes: NDArray[np.float64], is_unsafe: NDArray[np.bool_], wording: Wording) -> Table:
    def told(weekday: int, hour: int) -> str:
        number = wording.number(minutes[weekday, hour])
        return f"[{number}]" if is_unsafe[weekday, hour] else number

    rows = pd.DataFrame(
        {
            "day": [wording.locale.days["format"]["wide"][day] for day in range(7)],
            **{str(hour): [told(day, hour) for day in range(7)] for hour in range(24)},
        }
    )
    columns = [Column(name="day", title=wording("Veckodag"), is_pinned=True, width=110)]
    columns += [Column(name=str(hour), title=f"{hour:02d}", width=58) for hour in range(24)]
    return Table(
        title=wording("Patrullminuter per veckodag och timme; otrygga timmar inom [ ]"),
        columns=tuple(columns),
        rows=rows,
        ids=tuple(str(day) for day in range(7)),
    )


def _sentence(
    snapshot: Snapshot,
    selection: Selection,
    location_id: str | None,
    total: float,
    wording: Wording,
) -> str:
    if total == 0:
        return wording("Inga patrullminuter i perioden.")
    rows = coverage(snapshot, selection.period)
    if location_id is not None:
        rows = rows[rows["location_id"] == location_id]
    timed = rows[rows["hit_in_time_share"].notna()]
    if timed.empty:
        return wording(
            "{patrolled}. Inga otrygga timmar är angivna, så det går inte att säga om tiden "
            "var rätt.",
            patrolled=minutes_counted(total, wording),
        )
    hit = float((timed["hit_in_time_share"] * timed["patrol_min"]).sum())
    share = wording.percent(hit / float(timed["patrol_min"].sum()))
    if location_id is not None:
        return wording(
            "{share} av {patrolled} föll i platsens otrygga timmar.",
            share=share,
            patrolled=minutes_counted(total, wording),
        )
    return wording(
        "På de platser som har otrygga timmar föll {share} av patrullminuterna "
        "i platsens egna otrygga timmar.",
        share=share,
    )


def _outline(with_hours: int, location_id: str | None, wording: Wording) -> str:
    if with_hours == 0:
        return ""
    if location_id is not None:
        return wording("Ram: timmar när platsen sägs vara otrygg.")
    return wording.plural(
        "Ram: timmar som är otrygga på den plats som har otrygga timmar.",
        "Ram: timmar som är otrygga på minst hälften av de {n} platser som har otrygga timmar.",
        with_hours,
    )
