"""What can be chosen on the page *Logga*: places, buildings, spaces, kinds, open deficiencies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geo.model.activity import SUGGESTED_KINDS as ACTIVITY_KINDS
from geo.model.building import Space
from geo.model.time import local_day
from geo.model.visit import SUGGESTED_KINDS as VISIT_KINDS
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.logged import day_told


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose, by its key."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class OpenDeficiency:
    """A deficiency nobody has put right yet."""

    inspection_id: str
    title: str
    detail: str


def place_choices(snapshot: Snapshot, *, on: date, wording: Wording) -> tuple[Choice, ...]:
    """List the places, those designated on a day first, by name."""
    latest = {piece.location_id: piece for piece in snapshot.locations}
    designated = {p.location_id: p for p in snapshot.locations if p.is_designated(on)}
    now = sorted((p.name.casefold(), p.name, key) for key, p in designated.items())
    others = sorted(
        (p.name.casefold(), p.name, key) for key, p in latest.items() if key not in designated
    )
    return (
        *(Choice(key, name) for _, name, key in now),
        *(Choice(key, wording("{name} (inte utpekad nu)", name=name)) for _, name, key in others),
    )


def building_choices(snapshot: Snapshot) -> tuple[Choice, ...]:
    """List the buildings by address, each with its housing area, so that both can be searched."""
    ordered = sorted(snapshot.buildings, key=lambda b: _natural(b.address))
    return tuple(Choice(b.building_id, f"{b.address} · {b.area}") for b in ordered)


def _natural(address: str) -> tuple[tuple[int, int | str], ...]:
    """Sort house number 4 before 11."""
    parts = address.casefold().split()
    return tuple((0, int(p)) if p.isdigit() else (1, p) for p in parts)


def spaces_in(snapshot: Snapshot, building_id: str | None) -> tuple[Space, ...]:
    """List the spaces of a building in the order its record has them."""
    for building in snapshot.buildings:
        if building.building_id == building_id:
            return building.spaces
    return ()


def visit_kinds(snapshot: Snapshot) -> tuple[str, ...]:
    """List kinds of patrol to offer: those in use, most used first, and the usual ones."""
    used = snapshot.visits["kind"].value_counts().index.tolist()
    return tuple(dict.fromkeys([*used, *VISIT_KINDS]))


def activity_kinds(snapshot: Snapshot) -> tuple[str, ...]:
    """List kinds of activity to offer: the usual ones, then others in use."""
    return tuple(dict.fromkeys([*ACTIVITY_KINDS, *(a.kind for a in snapshot.activities)]))


def open_deficiencies(
    snapshot: Snapshot, *, building_id: str | None, today: date, wording: Wording
) -> tuple[OpenDeficiency, ...]:
    """List deficiencies not put right, in one building or all, the most overdue first."""
    rows = snapshot.inspections
    rows = rows[(rows["outcome"] == "brist") & rows["fixed_on"].isna()]
    if building_id is not None:
        rows = rows[rows["building_id"] == building_id]
    addresses = {b.building_id: b.address for b in snapshot.buildings}
    rows = rows[rows["building_id"].isin(addresses.keys())]
    ordered = sorted(
        rows.to_dict(orient="records"),
        key=lambda row: (_day_or_last(row["due_on"]), row["inspection_id"]),
    )
    return tuple(
        OpenDeficiency(
            inspection_id=row["inspection_id"],
            title=f"{addresses[row['building_id']]}, {wording(row['space'])}",
            detail=_deficiency_told(row, today=today, wording=wording),
        )
        for row in ordered
    )


def _day_or_last(due_on: date | None) -> date:
    return date.max if due_on is None else due_on


def _deficiency_told(row: Mapping[Any, Any], *, today: date, wording: Wording) -> str:
    seen_on = local_day(row["inspected_at"].to_pydatetime())
    parts = [
        row["deficiencies"] or wording("Brist"),
        wording("upptäckt {day}", day=day_told(seen_on, today=today, wording=wording)),
    ]
    if row["due_on"] is not None:
        late = (today - row["due_on"]).days
        parts.append(
            wording.plural("{n} dag för sent", "{n} dagar för sent", late)
            if late > 0
            else wording("klart senast {day}", day=wording.day(row["due_on"]))
        )
    return " · ".join(parts)
