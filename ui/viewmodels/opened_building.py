"""One building opened: its spaces as they stand, and everything that happened in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from geo.model.time import STOCKHOLM
from geo.services.inspections import inspections_of, spaces_standing
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.space_states import COLOURS, Asked, outcome_told, state_told
from ui.viewmodels.table import Column, Table, names_told


@dataclass(frozen=True, slots=True, eq=False)
class OpenedBuilding:
    """One building: its spaces as they stand, and everything that happened in them."""

    building_id: str
    title: str
    """Plain text."""
    next_due: str
    spaces: Table
    history: Table
    """Keys are ``inspection_id``."""


def opened_building(
    snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked, building_id: str
) -> OpenedBuilding | None:
    """Open one building; None where the view does not have it."""
    del selection  # What happened in a building is told whole, whatever the period.
    building = next((b for b in snapshot.buildings if b.building_id == building_id), None)
    if building is None:
        return None
    # All its spaces, whatever the page is narrowed to.
    state = spaces_standing(snapshot, on=asked.on, interval_days=asked.interval_days)
    state = state[state["building_id"] == building_id].reset_index(drop=True)
    return OpenedBuilding(
        building_id=building_id,
        title=wording("{address}, {area}", address=building.address, area=building.area),
        next_due=_next_due(state, asked, wording),
        spaces=_spaces(state, wording),
        history=_history(inspections_of(snapshot, building_id, until=asked.on), wording),
    )


def _next_due(state: pd.DataFrame, asked: Asked, wording: Wording) -> str:
    unseen = state.loc[~state["is_reviewed"] & state["due_on"].isna(), "space"]
    if len(unseen):
        named = [wording(space) for space in unseen]
        return wording("Aldrig sedd: {spaces}.", spaces=names_told(named, wording, most=7))
    days = [day for day in state["due_on"] if day is not None]
    first = min(days)
    spaces = [
        wording(space)
        for space, day in zip(state["space"], state["due_on"], strict=True)
        if day == first
    ]
    told = names_told(spaces, wording, most=7)
    if first < asked.on:
        return wording(
            "Försenat: {spaces} skulle ha setts över senast {day}.",
            spaces=told,
            day=wording.day(first),
        )
    return wording("Nästa: {spaces} senast {day}.", spaces=told, day=wording.day(first))


def _spaces(state: pd.DataFrame, wording: Wording) -> Table:
    rows = state.assign(
        told=[state_told(one, wording) for one in state["state"]],
        code=[COLOURS[one] for one in state["state"]],
        outcome=[outcome_told(outcome, wording) for outcome in state["last_outcome"]],
    )
    return Table(
        title=wording("Utrymmen i byggnaden"),
        columns=(
            Column(
                name="space", title=wording("Utrymme"), shown=wording, is_pinned=True, width=110
            ),
            Column(name="told", title=wording("Läge"), codes="code", width=130),
            Column(
                name="last_inspected_at",
                title=wording("Senast sedd"),
                shown=lambda at: wording.day(at.tz_convert(STOCKHOLM).date()),
                missing=wording("aldrig"),
                width=140,
            ),
            Column(name="outcome", title=wording("Utfall då"), missing="–", width=130),
            Column(
                name="due_on",
                title=wording("Nästa gång"),
                shown=wording.day,
                missing="–",
                width=140,
            ),
            Column(
                name="deficiency_due_on",
                title=wording("Brist klar senast"),
                shown=wording.day,
                missing="–",
                width=140,
            ),
        ),
        rows=rows,
        ids=tuple(rows["space"]),
    )


def _history(events: pd.DataFrame, wording: Wording) -> Table:
    rows = events.assign(
        outcome=[outcome_told(outcome, wording) for outcome in events["outcome"]],
        follow_up=[_follow_up(row, wording) for row in events.to_dict(orient="records")],
    )
    return Table(
        title=wording("Vad som har hänt i byggnaden, senast först"),
        columns=(
            Column(
                name="inspected_at",
                title=wording("När"),
                shown=lambda at: wording.moment(at.to_pydatetime()),
                width=160,
            ),
            Column(name="space", title=wording("Utrymme"), shown=wording, width=100),
            Column(name="outcome", title=wording("Utfall"), width=130),
            Column(name="deficiencies", title=wording("Anteckning"), missing="–", width=240),
            Column(name="follow_up", title=wording("Uppföljning"), width=220),
        ),
        rows=rows,
        ids=tuple(rows["inspection_id"]),
        empty=wording("Ingen genomgång är gjord här. Logga den första på sidan Logga."),
    )


def _follow_up(row: Mapping[Any, Any], wording: Wording) -> str:
    if not pd.isna(row["fixed_on"]):
        return wording("åtgärdad {day}", day=wording.day(row["fixed_on"]))
    if not pd.isna(row["due_on"]):
        if row["outcome"] == "ej_tilltrade":
            return wording("nytt försök {day}", day=wording.day(row["due_on"]))
        return wording("klart senast {day}", day=wording.day(row["due_on"]))
    return wording("inte åtgärdad") if row["outcome"] == "brist" else "–"
