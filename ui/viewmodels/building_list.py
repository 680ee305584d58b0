"""The buildings, worst first, each with its källare and vind side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from geo.services.inspections import SPACE_STATES, SpaceState
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.space_states import (
    ATTIC,
    BASEMENT,
    COLOURS,
    STATE_SYMBOLS,
    STATE_WORDS,
    Asked,
    listed,
    natural,
    standing,
    state_told,
)
from ui.viewmodels.table import Column, Table, whole

_NAMES: Final = [
    "building_id",
    "address",
    "area",
    "basement",
    "attic",
    "basement_code",
    "attic_code",
    "others",
    "open_deficiencies",
    "overdue",
    "unseen",
    "due_on",
]


def building_list(
    snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked
) -> Table:
    """List the buildings that have a space in one of the states asked for; keys are their ids.

    A building is shown with all its spaces of the kinds asked for, also those in other states.
    """
    del selection  # States are of one day, and the filters are in the snapshot.
    wanted = set(listed(snapshot, asked)["building_id"])
    by_building: dict[str, list[Mapping[Any, Any]]] = {}
    for row in standing(snapshot, asked).to_dict(orient="records"):
        if row["building_id"] in wanted:
            by_building.setdefault(row["building_id"], []).append(row)
    records = [_building(spaces, wording) for spaces in by_building.values()]
    records.sort(key=_worst_first)
    number = whole(wording)
    others = Column(name="others", title=wording("Övriga utrymmen"), width=240)
    return Table(
        title=wording("Byggnader, sämst först"),
        columns=(
            Column(name="address", title=wording("Adress"), is_pinned=True, width=170),
            Column(name="area", title=wording("Område"), width=130),
            Column(name="basement", title=wording("K · Källare"), codes="basement_code", width=140),
            Column(name="attic", title=wording("V · Vind"), codes="attic_code", width=140),
            *([] if asked.kept == "basement_attic" else [others]),
            Column(name="open_deficiencies", title=wording("Öppna brister"), shown=number),
            Column(name="overdue", title=wording("Försenade"), shown=number),
            Column(
                name="due_on",
                title=wording("Nästa dag"),
                shown=wording.day,
                missing="–",
                meaning=wording("Den tidigaste dag då något i byggnaden ska ses över."),
                width=150,
            ),
        ),
        rows=pd.DataFrame(records, columns=_NAMES),
        ids=tuple(str(record["building_id"]) for record in records),
        empty=wording("Ingen byggnad har det valda läget."),
    )


def in_area(shown: Table, area: str) -> Table:
    """Keep the buildings of one area."""
    kept = (shown.rows["area"] == area).to_numpy(dtype=bool)
    return replace(
        shown,
        rows=shown.rows[kept].reset_index(drop=True),
        ids=tuple(key for key, is_kept in zip(shown.ids, kept, strict=True) if is_kept),
    )


def _building(spaces: list[Mapping[Any, Any]], wording: Wording) -> dict[str, Any]:
    first = spaces[0]
    states: dict[str, SpaceState] = {row["space"]: row["state"] for row in spaces}
    others = Counter(state for space, state in states.items() if space not in (BASEMENT, ATTIC))
    return {
        "building_id": first["building_id"],
        "address": first["address"],
        "area": first["area"],
        "basement": _cell(states.get(BASEMENT), wording),
        "attic": _cell(states.get(ATTIC), wording),
        "basement_code": _colour(states.get(BASEMENT)),
        "attic_code": _colour(states.get(ATTIC)),
        "others": _others(others, wording),
        "open_deficiencies": sum(row["open_deficiencies"] for row in spaces),
        "overdue": sum(row["is_overdue"] for row in spaces),
        "unseen": sum(not row["is_reviewed"] for row in spaces),
        "due_on": min((row["due_on"] for row in spaces if row["due_on"]), default=None),
    }


def _worst_first(record: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        -record["open_deficiencies"],
        -record["overdue"],
        -record["unseen"],
        record["area"],
        natural(record["address"]),
    )


def _colour(state: SpaceState | None) -> str:
    return "" if state is None else COLOURS[state]


def _cell(state: SpaceState | None, wording: Wording) -> str:
    return "–" if state is None else state_told(state, wording)


def _others(counts: Counter[SpaceState], wording: Wording) -> str:
    told = [
        f"{STATE_SYMBOLS[state]} {wording.number(counts[state])} {wording(STATE_WORDS[state])}"
        for state in SPACE_STATES
        if counts[state]
    ]
    return " · ".join(told) or "–"
