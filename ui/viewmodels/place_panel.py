"""What the panel beside the map says of a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.coverage.completeness import completeness
from geo.coverage.hours import weekday_hour_minutes
from geo.crs import project, to_metric
from geo.maps.layers import Building as Symbol
from geo.maps.layers import PlaceState, label_point
from geo.model.building import Building
from geo.model.location import Location
from geo.model.period import Period
from geo.services.coverage import coverage
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, cut, mark
from ui.viewmodels.karta import Figure, Moments, building_symbols
from ui.viewmodels.kinds import kind_shown
from ui.viewmodels.period import AsOf
from ui.viewmodels.rows import PlaceRow, per_week, place_rows, place_state, whole_days

NEAR_M = 150.0
"""How far away a building still belongs to what is around a place."""


_MOST_NEAR = 6

_WITHOUT_TIMES = 2
"""How many of the figures need no clock times."""


BADGE_WORDS: dict[PlaceState, str] = {
    "met": mark("Når målet: {amount}"),
    "behind": mark("Efter målet: {amount}"),
    "far": mark("Långt efter målet: {amount}"),
    "unmeasured": mark("Ej mätbart: platsen har inget mål"),
}


@dataclass(frozen=True, slots=True)
class WeekBar:
    """Visits of one week, and how many of them were long enough to count for the target.

    Both are None where nothing at all was reported.
    """

    label: str
    note: str
    visits: int | None
    counted: int | None
    state: PlaceState


@dataclass(frozen=True, slots=True)
class HourMatrix:
    """Patrol minutes per weekday and hour, 7 rows of 24, and which hours are unsafe."""

    weekdays: tuple[str, ...]
    minutes: tuple[tuple[float, ...], ...]
    notes: tuple[tuple[str, ...], ...]
    unsafe: tuple[tuple[bool, ...], ...]
    summary: str


@dataclass(frozen=True, slots=True)
class PlacePanel:
    """Everything about one place in the period.

    ``state`` is None where the place was not designated in the period; then only
    ``name``, ``facts`` and ``not_designated`` are filled.
    """

    place_id: str
    name: str
    facts: tuple[str, ...]
    is_example: bool
    state: PlaceState | None
    badge: str = ""
    figures: tuple[Figure, ...] = ()
    too_short: str = ""
    target_per_week: float | None = None
    weeks_title: str = ""
    weeks: tuple[WeekBar, ...] = ()
    hours_title: str = ""
    hours: HourMatrix | None = None
    near: tuple[Symbol, ...] = ()
    visits: int = 0
    not_designated: str = ""


def place_panel(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    place_id: str,
    *,
    reported_at: Moments,
    as_of: AsOf,
) -> PlacePanel | None:
    """Tell of one place; None where there is no such place."""
    period = selection.period
    piece = snapshot.place(place_id, on=period.last_on)
    if piece is None:
        return None
    row = next((row for row in place_rows(snapshot, period) if row.place_id == place_id), None)
    facts = _place_facts(piece, wording)
    if row is None:
        return PlacePanel(
            place_id,
            piece.name,
            facts,
            piece.example,
            None,
            not_designated=wording(
                "Platsen var inte utpekad {days}.",
                days=wording.days(period.from_on, period.last_on),
            ),
        )
    target = row.visits_per_week
    is_internal = snapshot.audience == "intern"
    return PlacePanel(
        place_id=place_id,
        name=row.name,
        facts=facts,
        is_example=piece.example,
        state=row.state,
        badge=wording(BADGE_WORDS[row.state], amount=per_week(row, wording)) if is_internal else "",
        figures=_figures(row, wording)[: None if is_internal else _WITHOUT_TIMES],
        too_short=_too_short(piece, wording),
        target_per_week=target,
        weeks_title=wording("Besök per vecka")
        if target is None
        else wording("Besök per vecka mot målet {target}", target=_plain_number(target, wording)),
        weeks=_week_bars(snapshot, period, piece, reported_at, wording),
        hours_title=wording("Patrullminuter per veckodag och timme")
        if piece.unsafe_hours is None
        else wording("Patrullminuter per veckodag och timme (ram: otrygga timmar)"),
        hours=_hours(snapshot, period, piece, wording) if is_internal else None,
        near=_near(snapshot, piece, as_of=as_of),
        visits=row.visits,
    )


def _place_facts(piece: Location, wording: Wording) -> tuple[str, ...]:
    facts = [kind_shown(piece.kind, wording)]
    if piece.designated_from is not None:
        facts.append(wording("utpekad {day}", day=wording.day(piece.designated_from)))
    if piece.designated_to is not None:
        facts.append(wording("till {day}", day=wording.day(piece.designated_to)))
    if piece.review_on is not None:
        facts.append(wording("omprövas {day}", day=wording.day(piece.review_on)))
    return tuple(facts)


def _figures(row: PlaceRow, wording: Wording) -> tuple[Figure, ...]:
    since, gap = row.days_since_last, row.longest_gap_days
    return (
        Figure(
            whole_days(since, wording),
            wording("besökt")
            if since is None
            else wording.plural(
                "dag sedan senaste besök", "dagar sedan senaste besök", int(cut(since))
            ),
        ),
        Figure(
            whole_days(gap, wording),
            wording.plural("dag, längsta uppehåll", "dagar, längsta uppehåll", int(cut(gap))),
        ),
        Figure(
            "–" if row.hit_in_time_share is None else wording.percent(row.hit_in_time_share),
            wording("av närvaron i otrygga timmar"),
        ),
    )


def _too_short(piece: Location, wording: Wording) -> str:
    """Say which visits do not count, where the place asks for a length."""
    least = piece.minutes_per_visit
    if not least or not piece.visits_per_week:
        return ""
    return wording(
        "Mot målet räknas besök på minst {least} minuter.", least=_plain_number(least, wording)
    )


def _plain_number(number: float, wording: Wording) -> str:
    return wording.number(number, digits=0 if float(number).is_integer() else 1)


def _week_bars(
    snapshot: Snapshot, period: Period, piece: Location, reported_at: Moments, wording: Wording
) -> tuple[WeekBar, ...]:
    only = _only(snapshot, piece.location_id)
    # Visits of any length make the height, visits that count for the target the solid part.
    table: Iterable[Any] = coverage(only, period, by="week").itertuples(index=False)
    counting = coverage(_long_enough(only, piece), period, by="week")["visits"]
    is_reported = dict(
        completeness(reported_at, period=period)[["period_start", "is_reported"]].to_numpy()
    )
    bars = []
    for row, counted in zip(table, counting, strict=True):
        state = place_state(float(row.target_share))
        label = wording.week(date.fromisoformat(row.period_start))
        if not is_reported[row.period_start]:
            note = wording("{week}: inget rapporterat", week=label)
            bars.append(WeekBar(label, note, None, None, state))
            continue
        bars.append(
            WeekBar(
                label,
                _week_note(label, int(row.visits), int(counted), wording),
                int(row.visits),
                int(counted),
                state,
            )
        )
    return tuple(bars)


def _long_enough(only: Snapshot, piece: Location) -> Snapshot:
    least = pd.Timedelta(minutes=piece.minutes_per_visit or 0)
    presence = only.presence
    is_long = (presence["end_at"] - presence["start_at"]) >= least
    return replace(only, presence=presence[is_long])


def _week_note(week: str, visits: int, counted: int, wording: Wording) -> str:
    said = wording.plural("{n} besök", "{n} besök", visits)
    if counted == visits:
        return wording("{week}: {visits}", week=week, visits=said)
    return wording.plural(
        "{week}: {visits}, {n} långt nog",
        "{week}: {visits}, {n} långa nog",
        counted,
        week=week,
        visits=said,
    )


def _only(snapshot: Snapshot, place_id: str) -> Snapshot:
    designations, presence = snapshot.designations, snapshot.presence
    return replace(
        snapshot,
        designations=designations[designations["location_id"] == place_id].reset_index(drop=True),
        presence=presence[presence["location_id"] == place_id].reset_index(drop=True),
    )


def _hours(snapshot: Snapshot, period: Period, piece: Location, wording: Wording) -> HourMatrix:
    only = _only(snapshot, piece.location_id)
    minutes = weekday_hour_minutes(only.designations, only.presence, period=period)
    unsafe = np.zeros((7, 24)) if piece.unsafe_hours is None else piece.unsafe_hours.matrix()
    weekdays = tuple(wording.weekday(day) for day in range(7))
    return HourMatrix(
        weekdays=weekdays,
        minutes=tuple(tuple(row) for row in minutes.tolist()),
        notes=tuple(
            tuple(
                wording("{day} {hour}: {n} min", day=day, hour=f"{hour:02d}", n=wording.number(one))
                for hour, one in enumerate(row)
            )
            for day, row in zip(weekdays, minutes.tolist(), strict=True)
        ),
        unsafe=tuple(tuple(share > 0 for share in row) for row in unsafe.tolist()),
        summary=_hours_summary(minutes, unsafe, weekdays, wording),
    )


def _hours_summary(
    minutes: NDArray[np.float64],
    unsafe: NDArray[np.float64],
    weekdays: Sequence[str],
    wording: Wording,
) -> str:
    if not minutes.sum():
        return wording("Ingen närvaro under perioden.")
    day, hour = np.unravel_index(int(minutes.argmax()), minutes.shape)
    said = wording(
        "Mest närvaro {weekday} kl. {hour}.", weekday=weekdays[int(day)], hour=f"{int(hour):02d}"
    )
    is_unsafe = unsafe > 0
    empty = int((is_unsafe & (minutes == 0)).sum())
    if empty:
        said += " " + wording(
            "{empty} av {n} otrygga timmar i veckan utan närvaro.",
            empty=empty,
            n=int(is_unsafe.sum()),
        )
    return said


def _near(snapshot: Snapshot, piece: Location, *, as_of: AsOf) -> tuple[Symbol, ...]:
    """Give the buildings within ``NEAR_M`` of a place, nearest first."""
    if not snapshot.buildings:
        return ()
    spots = np.array([label_point(building.geometry) for building in snapshot.buildings])
    east, north = project(spots[:, 0], spots[:, 1])
    distance_m = shapely.distance(shapely.points(east, north), to_metric(piece.geometry))
    order = np.argsort(distance_m, kind="stable")
    nearest = [snapshot.buildings[i] for i in order if distance_m[i] <= NEAR_M][:_MOST_NEAR]
    return building_symbols(with_buildings(snapshot, nearest), as_of=as_of)


def with_buildings(snapshot: Snapshot, buildings: Sequence[Building]) -> Snapshot:
    """Keep some buildings and what belongs to them; everything else stays."""
    ids = {building.building_id for building in buildings}
    return replace(
        snapshot,
        buildings=tuple(buildings),
        spaces=snapshot.spaces[snapshot.spaces["building_id"].isin(ids)],
        inspections=snapshot.inspections[snapshot.inspections["building_id"].isin(ids)],
    )
