"""What the map page shows for a period and its filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlencode

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.completeness import completeness
from geo.coverage.inspections import spaces_state
from geo.coverage.matrix import matrix_of
from geo.maps.cells import hexagon_sums
from geo.maps.layers import (
    Building,
    HousingArea,
    MapView,
    Place,
    PlaceState,
    SpaceState,
    Tiles,
    VisitCells,
    VisitPoints,
    Weeks,
    label_point,
)
from geo.maps.texts import map_texts
from geo.maps.visit_spots import drawn_visits, visit_spots
from geo.model.period import Period
from geo.services.coverage import coverage
from geo.services.inspections import space_states_of
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Language, Wording
from ui.viewmodels.link import View, write
from ui.viewmodels.period import AsOf
from ui.viewmodels.rows import PlaceRow, place_rows, place_state
from ui.viewmodels.sentence import map_sentence

MOST_IN_HEXAGONS = 20_000
"""More visits than this are drawn as tiles from the start."""

BASEMENT, ATTIC = "källare", "vind"
_PICTURE = "{z}/{x}/{y}.png"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number and what it is."""

    value: str
    label: str


Moments: TypeAlias = "pd.Series[pd.Timestamp]"


@dataclass(frozen=True, slots=True)
class Karta:
    """The map page before anything is chosen.

    Attributes
    ----------
    scene
        Everything on the map but what is chosen and drawn.
    rows
        Every place on the map, worst first: the table twin.
    sentence
        The same in a sentence or two, markdown.
    figures
        Three numbers of the whole view.
    """

    scene: MapView
    rows: tuple[PlaceRow, ...]
    sentence: str
    figures: tuple[Figure, ...]


def karta(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    *,
    buildings: Sequence[Building],
    reported_at: Moments,
    tracks: str | None = None,
) -> Karta:
    """Give the map of a period.

    Parameters
    ----------
    snapshot
        Narrowed to the filters.
    selection
        Those filters, and the period.
    wording
        The reader's language.
    buildings
        Those the filters keep, from `building_symbols`.
    reported_at
        When every reported visit began, of all kinds and places: a week in which a
        filter leaves nothing is not a week in which nothing was reported.
    tracks
        Names the tracks there are, as `deps.tracks_state` does; None where there are none of the
        kinds kept, and so nothing to show of them.
    """
    period = selection.period
    rows = place_rows(snapshot, period)
    is_internal = snapshot.audience == "intern"
    begun = drawn_visits(snapshot, selection)
    begun = begun[_is_in(begun["start_at"], period)]
    scene = MapView(
        texts=map_texts(wording)
        if is_internal
        else {**map_texts(wording), "state_unmeasured": wording("utpekad plats")},
        places=[_symbol(row) for row in rows],
        buildings=buildings,
        areas=area_symbols(buildings),
        cells=_cells(snapshot, begun),
        weeks=_weeks(snapshot, period, rows, reported_at, wording),
        presence=_presence(snapshot.revision, selection, visits=len(begun) if is_internal else 0),
        ground=_tracks("ground", tracks, selection, wording),
        fixes=_tracks("fixes", tracks, selection, wording),
        locale=wording.language,
    )
    return Karta(
        scene,
        rows,
        map_sentence(rows, selection, wording, is_internal=is_internal),
        _figures(rows, buildings, wording)[0 if is_internal else _WITHOUT_TARGETS :],
    )


_WITHOUT_TARGETS = 1
"""Which of the figures needs no targets, and all after it."""


def _figures(
    rows: Sequence[PlaceRow], buildings: Sequence[Building], wording: Wording
) -> tuple[Figure, ...]:
    measured = [row for row in rows if row.state != "unmeasured"]
    met = sum(row.state == "met" for row in measured)
    visits = sum(row.visits for row in rows)
    deficient = sum("deficiency" in (b.basement, b.attic) for b in buildings)
    return (
        Figure(
            wording("{met} av {n}", met=wording.number(met), n=wording.number(len(measured))),
            wording.plural("mätbar plats når målet", "mätbara platser når målet", len(measured)),
        ),
        Figure(
            wording.number(visits),
            wording.plural("besök på platserna", "besök på platserna", visits),
        ),
        Figure(wording.number(deficient), wording("hus med brist i källare eller vind")),
    )


def exact_points(snapshot: Snapshot, period: Period, place_id: str) -> VisitPoints:
    """Give the positions of one place's visits in the period, of those that have one."""
    begun = snapshot.presence
    begun = begun[(begun["location_id"] == place_id) & _is_in(begun["start_at"], period)]
    visits = snapshot.visits
    found = visits[visits["visit_id"].isin(begun["visit_id"]) & visits["lon"].notna()]
    return VisitPoints(found["lon"].to_numpy(float), found["lat"].to_numpy(float))


def building_symbols(snapshot: Snapshot, *, as_of: AsOf) -> tuple[Building, ...]:
    """Give the buildings with the states of their basement and attic at the end of a day.

    The period of a selection plays no part, so that most clicks share the answer.
    """
    spaces = snapshot.spaces[snapshot.spaces["space"].isin((BASEMENT, ATTIC))]
    inspections = snapshot.inspections
    inspections = inspections[inspections["space"].isin((BASEMENT, ATTIC))]
    states = space_states(spaces, inspections, as_of=as_of)
    symbols = []
    for building in snapshot.buildings:
        lon, lat = label_point(building.geometry)
        symbols.append(
            Building(
                building_id=building.building_id,
                lon=lon,
                lat=lat,
                area=building.area,
                basement=states.get((building.building_id, BASEMENT), "none"),
                attic=states.get((building.building_id, ATTIC), "none"),
                name=building.address,
            )
        )
    return tuple(symbols)


def space_states(
    spaces: pd.DataFrame, inspections: pd.DataFrame, *, as_of: AsOf
) -> dict[tuple[str, str], SpaceState]:
    """Name how each space stands (``geo.services.inspections.space_states_of``)."""
    if spaces.empty:
        return {}
    table = spaces_state(spaces, inspections, on=as_of.on, interval_days=as_of.interval_days)
    keys = zip(table["building_id"], table["space"], strict=True)
    return dict(zip(keys, space_states_of(table), strict=True))


def area_symbols(buildings: Sequence[Building]) -> tuple[HousingArea, ...]:
    """Gather the buildings of each housing area in one symbol in their middle."""
    gathered: dict[str, list[Building]] = {}
    for building in buildings:
        gathered.setdefault(building.area, []).append(building)
    return tuple(_area_symbol(area, its) for area, its in sorted(gathered.items()))


def _area_symbol(area: str, buildings: Sequence[Building]) -> HousingArea:
    states = [state for b in buildings for state in (b.basement, b.attic) if state != "none"]
    return HousingArea(
        area=area,
        lon=float(np.mean([b.lon for b in buildings])),
        lat=float(np.mean([b.lat for b in buildings])),
        share=states.count("clear") / len(states) if states else None,
        has_deficiency="deficiency" in states,
    )


def _symbol(row: PlaceRow) -> Place:
    piece = row.piece
    return Place(
        place_id=row.place_id,
        geometry=piece.geometry,
        state=row.state,
        name=row.name,
        radius_m=piece.reach_m or None,
        priority=piece.priority or 2,
    )


def _is_in(moments: Moments, period: Period) -> pd.Series[bool]:
    return (moments >= period.start_at) & (moments < period.end_at)


def _cells(snapshot: Snapshot, begun: pd.DataFrame) -> VisitCells | None:
    """Sum the visits where they were."""
    return None if begun.empty else hexagon_sums(*visit_spots(snapshot, begun))


def _presence(revision: int, selection: Selection, *, visits: int) -> Tiles | None:
    """Say where the pictures of the visits' presence are; a period without visits has none."""
    if not visits:
        return None
    return Tiles(
        url=_address("presence", str(revision), _PICTURE, selection),
        whole=_days(selection.period),
        weeks=[_days(piece) for piece in selection.period.pieces("week")],
        instead=visits > MOST_IN_HEXAGONS,
    )


def _tracks(name: str, state: str | None, selection: Selection, wording: Wording) -> Tiles | None:
    """Say where the pictures of the tracks are, and the sentence on what they show."""
    if state is None:
        return None
    return Tiles(
        url=_address(name, state, _PICTURE, selection),
        whole=_days(selection.period),
        weeks=[_days(piece) for piece in selection.period.pieces("week")],
        said_at=_address(name, state, "said", selection, language=wording.language),
    )


def _address(
    name: str, state: str, what: str, selection: Selection, *, language: Language | None = None
) -> str:
    """Give an address under ``/tiles`` as the map's frame sees it, with the filters of a link."""
    filters = View(
        visit_kinds=selection.visit_kinds,
        location_kinds=selection.location_kinds,
        priorities=selection.priorities,
        language=language,
    )
    query = urlencode(write(filters), doseq=True)
    return f"../../tiles/{name}/{state}/{{part}}/{what}{query and '?'}{query}"


def _days(period: Period) -> str:
    return f"{period.from_on:%Y%m%d}-{period.to_on:%Y%m%d}"


def _weeks(
    snapshot: Snapshot,
    period: Period,
    rows: Sequence[PlaceRow],
    reported_at: Moments,
    wording: Wording,
) -> Weeks | None:
    """Give the strip under the map; a period within one week has none."""
    pieces = period.pieces("week")
    if len(pieces) < 2 or not rows:  # One bar would say what the map says.
        return None
    table = coverage(snapshot, period, by="week")
    places = pd.Index([row.place_id for row in rows])
    shares = matrix_of(table, places=places, period=period, by="week", figure="target_share")
    states = _week_states(shares.values.to_numpy(), shares.is_designated.to_numpy(), places)
    visits = matrix_of(table, places=places, period=period, by="week", figure="visits")
    counts = np.nansum(visits.values.to_numpy(), axis=0).astype(int)
    is_reported = completeness(reported_at, period=period)["is_reported"].to_numpy()
    highest = max(int(counts.max()), 1)
    return Weeks(
        labels=[wording("vecka {week}", week=_week(piece)) for piece in pieces],
        notes=_notes(pieces, counts.tolist(), is_reported.tolist(), states, wording),
        bars=[
            float(count / highest) if reported else None
            for count, reported in zip(counts, is_reported, strict=True)
        ],
        states=states,
    )


def _week(piece: Period) -> int:
    return piece.from_on.isocalendar().week


def _week_states(
    shares: NDArray[np.float64], is_designated: NDArray[np.bool_], places: Iterable[str]
) -> dict[str, list[PlaceState]]:
    return {
        place: [
            place_state(share) if designated else "absent"
            for share, designated in zip(its_shares, its_days, strict=True)
        ]
        for place, its_shares, its_days in zip(
            places, shares.tolist(), is_designated.tolist(), strict=True
        )
    }


def _notes(
    pieces: Sequence[Period],
    counts: Sequence[int],
    is_reported: Sequence[bool],
    states: Mapping[str, Sequence[PlaceState]],
    wording: Wording,
) -> list[str]:
    notes = []
    for place, piece in enumerate(pieces):
        year = piece.from_on.isocalendar().year
        if not is_reported[place]:
            said = wording("vecka {week}, {year}: inget rapporterat", week=_week(piece), year=year)
        else:
            measured = [its[place] for its in states.values()]
            measured = [state for state in measured if state in {"met", "behind", "far"}]
            said = wording.plural(
                "vecka {week}, {year}: {visits}, {met} av {n} mätbar plats når målet",
                "vecka {week}, {year}: {visits}, {met} av {n} mätbara platser når målet",
                len(measured),
                week=_week(piece),
                year=year,
                visits=wording.plural("{n} besök", "{n} besök", counts[place]),
                met=wording.number(measured.count("met")),
            )
        notes.append(said)
    return notes
