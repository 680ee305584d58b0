"""What the map and its panel ask, with what each answer depends on; answers are kept in `deps`."""

from __future__ import annotations

from collections.abc import Mapping

from geo.maps.layers import Building
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui import deps
from ui.viewmodels import building_panel, place_panel
from ui.viewmodels import karta as shown
from ui.viewmodels.karta import Karta
from ui.viewmodels.period import AsOf, asked_on
from ui.viewmodels.search import find_options


def as_of() -> AsOf:
    """Give the day the buildings' states are of: the last of the period, or today."""
    on = asked_on(deps.selection(), deps.snapshot(), now=deps.now())
    return AsOf(on, deps.settings().inspection_interval_days)


def findable() -> Mapping[str, str]:
    """Give everything that can be searched for, also what the filters hide."""
    return deps.answered(find_options, asked=Selection(period=deps.selection().period))


def karta() -> Karta:
    """Give the map of this session's period and filters."""
    return deps.answered(_karta, as_of())


def place(place_id: str) -> place_panel.PlacePanel | None:
    """Give what is known about a place."""
    return deps.answered(_place, place_id, as_of())


def building(building_id: str) -> building_panel.BuildingPanel | None:
    """Give what is known about a building."""
    return deps.answered(_building, building_id, as_of())


def area(name: str) -> building_panel.AreaPanel | None:
    """Give what is known about a housing area."""
    return deps.answered(_area, name, as_of())


def _karta(snapshot: Snapshot, selection: Selection, wording: Wording, day: AsOf) -> Karta:
    # Buildings know nothing of visits, so that most clicks share their states.
    of_areas = Selection(period=deps.one_day(day.on), areas=selection.areas)
    return shown.karta(
        snapshot,
        selection,
        wording,
        buildings=deps.answered(_buildings, day, asked=of_areas),
        reported_at=deps.snapshot().visits["start_at"],
        tracks=deps.tracks_state(selection.visit_kinds),
    )


def _buildings(
    snapshot: Snapshot, selection: Selection, wording: Wording, day: AsOf
) -> tuple[Building, ...]:
    del selection, wording
    return shown.building_symbols(snapshot, as_of=day)


def _place(
    snapshot: Snapshot, selection: Selection, wording: Wording, place_id: str, day: AsOf
) -> place_panel.PlacePanel | None:
    reported_at = deps.snapshot().visits["start_at"]
    return place_panel.place_panel(
        snapshot, selection, wording, place_id, reported_at=reported_at, as_of=day
    )


def _building(
    snapshot: Snapshot, selection: Selection, wording: Wording, building_id: str, day: AsOf
) -> building_panel.BuildingPanel | None:
    del selection
    return building_panel.building_panel(snapshot, wording, building_id, as_of=day)


def _area(
    snapshot: Snapshot, selection: Selection, wording: Wording, name: str, day: AsOf
) -> building_panel.AreaPanel | None:
    return building_panel.area_panel(snapshot, selection.period, wording, name, as_of=day)
