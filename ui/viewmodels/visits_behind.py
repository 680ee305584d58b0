"""The visits behind a number: which they are, and what to know about each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.coverage.presence import Band, visit_band
from geo.model.period import Period
from geo.model.time import STOCKHOLM
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.table import Column, Table, whole
from ui.viewmodels.tackning import BAND_WORDS

MOST_SHOWN = 500
"""More rows than anybody reads; the rest are in the export."""

_HOURS_PER_WEEK = 7 * 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which number was chosen, and so which visits are behind it.

    ``hour`` is weekday (Monday 0) and hour of the day; ``band`` a length.  None keeps all.
    """

    period: Period
    location_id: str | None = None
    hour: tuple[int, int] | None = None
    band: Band | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """The visits behind a number, newest first, with a sentence above them."""

    title: str
    sentence: str
    visits: Table
    """Keys are ``visit_id``; a visit that counts for two places stands twice."""


def visits_behind(
    snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked
) -> Behind:
    """List the visits behind a chosen number.

    A visit is listed where any of its time, or its start, lies in the period asked for and
    in a time its place was designated; that is what minutes and visits are counted from.
    A length band counts visits by their start only.
    """
    del selection  # The snapshot is narrowed already; the period is the one asked for.
    rows = _rows(snapshot, asked)
    begun = int(rows["begins"].sum())
    said = [_counted(begun, len(rows) - begun, asked, wording)]
    if len(rows) > MOST_SHOWN:
        said.append(
            wording("De {n} senaste visas; alla finns i exporten.", n=wording.number(MOST_SHOWN))
        )
        rows = rows.head(MOST_SHOWN)
    return Behind(
        title=_title(snapshot, asked, wording),
        sentence=" ".join(said),
        visits=_table(rows, asked, wording),
    )


def _rows(snapshot: Snapshot, asked: Asked) -> pd.DataFrame:
    """Keep the rows of presence that were asked for, newest first, with what they count as."""
    presence = snapshot.presence
    if asked.location_id is not None:
        presence = presence[presence["location_id"] == asked.location_id]
    start, end = pd.Timestamp(asked.period.start_at), pd.Timestamp(asked.period.end_at)
    touches = (presence["start_at"] < end) & (
        (presence["end_at"] > start) | (presence["start_at"] >= start)
    )
    pieces = snapshot.designations.rename(columns={"start_at": "opens", "end_at": "closes"})
    rows = presence[touches].merge(pieces, on="location_id", how="inner", sort=False)
    opens = rows["opens"].where(rows["opens"] > start, start)
    closes = rows["closes"].where(rows["closes"] < end, end)
    begins = (rows["start_at"] >= opens) & (rows["start_at"] < closes)
    overlaps = (rows["start_at"] < closes) & (rows["end_at"] > opens)
    whole_min = (rows["end_at"] - rows["start_at"]).dt.total_seconds() / 60
    has_target = rows["visits_per_week"].fillna(0.0) > 0
    is_long_enough = whole_min >= rows["minutes_per_visit"].fillna(0.0)
    rows = rows.assign(
        begins=begins,
        minutes=whole_min,
        inside_from=rows["start_at"].where(rows["start_at"] > opens, opens),
        inside_to=rows["end_at"].where(rows["end_at"] < closes, closes),
        is_measured=has_target & begins,
        counts=has_target & begins & is_long_enough,
    )[begins | overlaps]
    # A visit over the border between two designations is one visit: the piece it begins in.
    rows = rows.sort_values("begins", ascending=False, kind="stable")
    rows = rows.drop_duplicates(["location_id", "visit_id"])
    if asked.hour is not None:
        rows = rows[_touches_hour(rows, *asked.hour)]
    if asked.band is not None:
        rows = rows[rows["begins"] & (visit_band(rows) == asked.band)]
    rows = rows.merge(snapshot.visits[["visit_id", "kind"]], on="visit_id", how="left", sort=False)
    return rows.sort_values(["start_at", "location_id"], ascending=[False, True], ignore_index=True)


def _touches_hour(rows: pd.DataFrame, weekday: int, hour: int) -> pd.Series[bool]:
    """Tell which rows hold some time of one hour of the week, by local wall clock."""
    wanted = weekday * 24 + hour
    first = rows["inside_from"].dt.tz_convert(STOCKHOLM)
    # The end is not in the visit, so a visit until 21:00 does not touch the hour from 21.
    last = (rows["inside_to"] - pd.Timedelta(microseconds=1)).dt.tz_convert(STOCKHOLM)
    first_hour = first.dt.day_of_week * 24 + first.dt.hour
    last_hour = last.dt.day_of_week * 24 + last.dt.hour
    long = (last_hour - first_hour) % _HOURS_PER_WEEK
    within = (wanted - first_hour) % _HOURS_PER_WEEK <= long
    touches: pd.Series[bool] = within & (rows["inside_to"] > rows["inside_from"])
    return touches


def _counted(begun: int, carried: int, asked: Asked, wording: Wording) -> str:
    days = wording.days(asked.period.from_on, asked.period.last_on)
    if asked.hour is not None:
        return wording.plural(
            "{n} besök har tid i den timmen ({days}).",
            "{n} besök har tid i den timmen ({days}).",
            begun + carried,
            days=days,
        )
    said = wording.plural(
        "{n} besök började {days}.", "{n} besök började {days}.", begun, days=days
    )
    if carried == 0:
        return said
    more = wording.plural(
        "{n} hade börjat tidigare.",
        "{n} hade börjat tidigare.",
        carried,
    )
    return f"{said} {more}"


def _title(snapshot: Snapshot, asked: Asked, wording: Wording) -> str:
    parts = [
        wording("Alla platser")
        if asked.location_id is None
        else place_name(snapshot, asked.location_id)
    ]
    if asked.hour is not None:
        parts.append(hour_told(*asked.hour, wording))
    if asked.band is not None:
        parts.append(wording(BAND_WORDS[asked.band]))
    return " · ".join(parts)


def place_name(snapshot: Snapshot, location_id: str) -> str:
    """Name a place as its last designation does; its key where it is not there."""
    names = [p.name for p in snapshot.locations if p.location_id == location_id]
    return names[-1] if names else location_id


def hour_told(weekday: int, hour: int, wording: Wording) -> str:
    """Write an hour of the week: ``fredag 20–21``."""
    name: str = wording.locale.days["format"]["wide"][weekday]
    return f"{name} {hour:02d}–{(hour + 1) % 24:02d}"


def _table(rows: pd.DataFrame, asked: Asked, wording: Wording) -> Table:
    number = whole(wording)
    verdicts = [
        wording("ej mätbart")
        if not measured
        else wording("ja")
        if counts
        else wording("nej, för kort")
        for measured, counts in zip(rows["is_measured"], rows["counts"], strict=True)
    ]
    shown = rows.assign(
        counts_told=np.where(rows["begins"], verdicts, wording("började tidigare"))
        if len(rows)
        else pd.Series(dtype=object)
    )
    columns = [
        Column(
            name="start_at",
            title=wording("Började"),
            shown=lambda at: _moment_told(at, wording),
            width=190,
        ),
        Column(name="minutes", title=wording("Minuter"), shown=number),
        Column(name="kind", title=wording("Typ"), shown=lambda kind: kind_told(kind, wording)),
        Column(name="officers", title=wording("Poliser"), shown=number),
        Column(
            name="counts_told",
            title=wording("Räknas mot målet"),
            meaning=wording("Ett besök räknas om det är minst så långt som platsens mål säger."),
        ),
    ]
    if asked.location_id is None:
        columns.insert(0, Column(name="name", title=wording("Plats"), is_pinned=True, width=210))
    return Table(
        title=wording("Besöken bakom siffran"),
        columns=tuple(columns),
        rows=shown,
        ids=tuple(rows["visit_id"]),
        empty=wording("Inga besök."),
    )


def _moment_told(at: pd.Timestamp, wording: Wording) -> str:
    local = at.tz_convert(STOCKHOLM)
    return f"{wording.weekday(local.weekday())} {wording.moment(at.to_pydatetime())}"
