"""What the panel beside the map says of a building or a housing area."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo.coverage.inspections import share_reviewed, spaces_state
from geo.maps.layers import Building as Symbol
from geo.maps.layers import SpaceState
from geo.model.building import OUTCOME_WORDS
from geo.model.period import Period
from geo.model.time import local_day
from geo.services.inspections import space_states_of
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark
from ui.viewmodels.karta import Figure, Moments, building_symbols
from ui.viewmodels.period import AsOf
from ui.viewmodels.place_panel import with_buildings
from ui.viewmodels.space_states import STATE_WORDS as SPACE_STATE_WORDS

_MOST_HISTORY = 8


STATE_WORDS: dict[SpaceState, str] = {
    **dict[SpaceState, str](SPACE_STATE_WORDS.items()),
    "none": mark("finns inte"),
}


@dataclass(frozen=True, slots=True)
class SpaceLine:
    """One space of a building; texts are ready, ``finding`` is what somebody typed."""

    space: str
    state: SpaceState
    state_text: str
    last: str
    due: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One inspection: when and of what, how it went, and what somebody wrote."""

    when: str
    space: str
    outcome: str
    finding: str
    follow_up: str


@dataclass(frozen=True, slots=True)
class BuildingPanel:
    """Everything about one building at the end of a day."""

    building_id: str
    name: str
    facts: tuple[str, ...]
    is_example: bool
    state: SpaceState
    badge: str
    spaces: tuple[SpaceLine, ...]
    history: tuple[HistoryLine, ...]
    inspections: int


@dataclass(frozen=True, slots=True)
class AreaPanel:
    """A housing area: how much of its stock was gone through, and its buildings, worst first."""

    area: str
    facts: tuple[str, ...]
    figures: tuple[Figure, ...]
    buildings: tuple[Symbol, ...]


Severity = Literal[0, 1, 2, 3, 4]


_SEVERITY: dict[SpaceState, Severity] = {
    "deficiency": 0,
    "due": 1,
    "unseen": 2,
    "clear": 3,
    "none": 4,
}


def building_panel(
    snapshot: Snapshot, wording: Wording, building_id: str, *, as_of: AsOf
) -> BuildingPanel | None:
    """Tell of one building as it stands at the end of a day; None where there is none."""
    building = next((b for b in snapshot.buildings if b.building_id == building_id), None)
    if building is None:
        return None
    only = with_buildings(snapshot, [building])
    table = spaces_state(
        only.spaces, only.inspections, on=as_of.on, interval_days=as_of.interval_days
    )
    lines = tuple(
        _space_line(row, state, wording)
        for row, state in zip(table.itertuples(index=False), space_states_of(table), strict=True)
    )
    worst = min((line.state for line in lines), key=_SEVERITY.__getitem__)
    bad = [line.space for line in lines if line.state == worst]
    events = only.inspections[_known_on(only.inspections["inspected_at"], as_of.on)]
    events = events.sort_values("inspected_at", ascending=False)
    return BuildingPanel(
        building_id=building_id,
        name=building.address,
        facts=(
            building.area,
            wording.plural("{n} utrymme", "{n} utrymmen", len(building.spaces)),
            wording("läget {day}", day=wording.day(as_of.on)),
        ),
        is_example=building.example,
        state=worst,
        badge=_building_badge(worst, bad, wording),
        spaces=tuple(sorted(lines, key=lambda line: _SEVERITY[line.state])),
        history=tuple(
            _history_line(row, wording) for row in events.head(_MOST_HISTORY).itertuples()
        ),
        inspections=len(events),
    )


def _known_on(moments: Moments, on: date) -> NDArray[np.bool_]:
    # An array, since an empty list would choose among the columns.
    known = [local_day(moment.to_pydatetime()) <= on for moment in moments]
    return np.array(known, dtype=bool)


def _building_badge(worst: SpaceState, spaces: Sequence[str], wording: Wording) -> str:
    listed = ", ".join(wording(space) for space in spaces)
    match worst:
        case "deficiency":
            return wording("Brist: {spaces}", spaces=listed)
        case "due":
            return wording("Ska ses över: {spaces}", spaces=listed)
        case "unseen":
            return wording("Aldrig sedd: {spaces}", spaces=listed)
        case _:
            return wording("Allt genomgånget, inget öppet")


def _space_line(row: Any, state: SpaceState, wording: Wording) -> SpaceLine:
    last = "–"
    if row.is_reviewed:
        seen_on = local_day(row.last_inspected_at.to_pydatetime())
        last = wording.day(seen_on)
    due_on = row.deficiency_due_on if state == "deficiency" else row.due_on
    text = wording(STATE_WORDS[state])
    if row.is_without_access:
        text = wording("{state}, ej tillträde", state=text)
    return SpaceLine(
        space=wording(row.space),
        state=state,
        state_text=text,
        last=last,
        due=wording.day(due_on) if isinstance(due_on, date) else "–",
    )


def _history_line(row: Any, wording: Wording) -> HistoryLine:
    finding = row.deficiencies
    follow_up = ""
    for name, template in (
        ("fixed_on", mark("åtgärdad {day}")),
        ("due_on", mark("klart senast {day}")),
    ):
        day = getattr(row, name)
        if isinstance(day, date) and not follow_up:
            follow_up = wording(template, day=wording.day(day))
    return HistoryLine(
        when=wording.day(local_day(row.inspected_at.to_pydatetime())),
        space=wording(row.space),
        outcome=wording(OUTCOME_WORDS[row.outcome]),
        finding=finding if isinstance(finding, str) else "",
        follow_up=follow_up,
    )


def area_panel(
    snapshot: Snapshot, period: Period, wording: Wording, area: str, *, as_of: AsOf
) -> AreaPanel | None:
    """Tell of one housing area; None where no building is in it."""
    its_own = [building for building in snapshot.buildings if building.area == area]
    if not its_own:
        return None
    only = with_buildings(snapshot, its_own)
    symbols = building_symbols(only, as_of=as_of)
    reviewed = share_reviewed(only.spaces, only.inspections, period=period, by=())
    states = [state for s in symbols for state in (s.basement, s.attic) if state != "none"]
    share = float(reviewed["share"].iloc[0])
    return AreaPanel(
        area=area,
        facts=(
            wording("Bostadsområde"),
            wording.plural("{n} byggnad", "{n} byggnader", len(its_own)),
            wording("läget {day}", day=wording.day(as_of.on)),
        ),
        figures=(
            Figure(
                "–" if math.isnan(share) else wording.percent(share),
                wording("av utrymmena genomgångna i perioden"),
            ),
            Figure(
                wording.number(states.count("clear")),
                wording("av {n} källare och vindar klara", n=wording.number(len(states))),
            ),
            Figure(wording.number(states.count("deficiency")), wording("med öppen brist")),
        ),
        buildings=tuple(
            sorted(symbols, key=lambda s: min(_SEVERITY[s.basement], _SEVERITY[s.attic]))
        ),
    )
