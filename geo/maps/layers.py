"""What the map shows, as plain values: no folium, no HTML, no colour.

A page builds one `MapView` from what its services answered and hands it to
`ui.components.map_view.map_view` (on screen) or `geo.maps.standalone.standalone_html` (a file).

Notes
-----
Coordinates are EPSG:4326 as lon, lat. Lengths are metres. Texts are already translated and may
hold anything a person can type: they travel in a channel that no template, script or HTML parser
reads, and are shown with ``textContent`` (see `geo.maps.render`). States are *codes*; the renderer
owns shape and colour, so a state never depends on a theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

PlaceState = Literal["met", "behind", "far", "unmeasured", "absent"]
"""How far a place is from its target.

``met`` target_share = 1 · ``behind`` ≥ 0.5 · ``far`` < 0.5 (so also never visited) ·
``unmeasured`` no target · ``absent`` not designated in this week (drawn faint; only in `Weeks`).
"""
PLACE_STATES: tuple[PlaceState, ...] = get_args(PlaceState)

SpaceState = Literal["clear", "due", "deficiency", "unseen", "none"]
"""How a building's källare or vind stands.

``clear`` inspected, nothing open, not due · ``due`` inspected but due again ·
``deficiency`` an open deficiency · ``unseen`` never inspected · ``none`` has no such space.
"""
SPACE_STATES: tuple[SpaceState, ...] = get_args(SpaceState)

ThingKind = Literal["place", "building", "area"]
"""What can be chosen on the map."""
THING_KINDS: tuple[ThingKind, ...] = get_args(ThingKind)

Theme = Literal["light", "dark"]
DrawKind = Literal["point", "polygon", "line"]
DRAW_KINDS: tuple[DrawKind, ...] = get_args(DrawKind)


@dataclass(frozen=True, slots=True)
class Place:
    """One designated place.

    Attributes
    ----------
    place_id
        The ``location_id``; comes back unchanged when the symbol is clicked.
    geometry
        Point, LineString/MultiLineString or Polygon/MultiPolygon, EPSG:4326.
    state
        For the whole period the page shows.
    name
        Shown beside the symbol when there is room, and on hover.
    radius_m
        Radius of a point, half the width of a line's corridor; None or 0 for a bare geometry.
    label_lon, label_lat
        Where the symbol stands. Left out: `label_point` of the geometry.
    priority
        1 is the most important: drawn on top and moved aside last. 1–3.
    """

    place_id: str
    geometry: BaseGeometry
    state: PlaceState
    name: str = ""
    radius_m: float | None = None
    label_lon: float | None = None
    label_lat: float | None = None
    priority: int = 2


@dataclass(frozen=True, slots=True)
class Building:
    """One building with its basement (K) and attic (V), each with its own state."""

    building_id: str
    lon: float
    lat: float
    area: str
    basement: SpaceState = "none"
    attic: SpaceState = "none"
    name: str = ""


@dataclass(frozen=True, slots=True)
class HousingArea:
    """The buildings of one housing area gathered in one symbol for the overview.

    Attributes
    ----------
    area
        Its name; also the id that comes back on a click.
    share
        Share of its spaces that are ``clear``, 0–1; None where it has no space to inspect.
    has_deficiency
        Whether any open deficiency exists (marks the symbol).
    """

    area: str
    lon: float
    lat: float
    share: float | None
    has_deficiency: bool = False


@dataclass(frozen=True, slots=True)
class VisitCells:
    """Visits summed into hexagons (see `geo.maps.cells.hexagon_sums`).

    Attributes
    ----------
    lon, lat
        Centres, float64[n].
    count
        Visits in each, int64[n], all > 0.
    size_m
        Distance from centre to corner.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    count: NDArray[np.int64]
    size_m: float


@dataclass(frozen=True, slots=True)
class VisitPoints:
    """Exact visits; only ever those of the chosen place. float64[n] each, EPSG:4326."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Pictures the server draws, whole and week by week; left out of a map that is a file.

    Attributes
    ----------
    url
        Leaflet's address as seen from the map's frame, with ``{part}`` where `whole` or one of
        `weeks` goes.
    whole, weeks
        What the address says for the whole period and for each of its weeks.
    said_at
        Where the sentence is read that comes before the map's own words when it is shown, with
        ``{part}`` as in `url`; empty for none.
    instead
        Whether it takes the place of the hexagons, because the visits are very many.
    """

    url: str
    whole: str
    weeks: Sequence[str] = ()
    said_at: str = ""
    instead: bool = False


@dataclass(frozen=True, slots=True)
class Weeks:
    """The time strip: one bar per ISO week, and every place's state that week.

    Attributes
    ----------
    labels
        What is said about each week, translated: ``"vecka 21"``.
    notes
        A longer line per week for hover and screen readers:
        ``"vecka 21, 2021: 38 besök, 12 av 18 mätbara platser når målet"``.
    bars
        Height of each bar, 0–1 of the highest; None for a week in which nothing at all was
        reported, which is drawn as a gap and not as a zero.
    states
        ``place_id`` → one state per week, same length as `labels`. A place left out keeps its
        state for the whole period.
    """

    labels: Sequence[str]
    notes: Sequence[str]
    bars: Sequence[float | None]
    states: Mapping[str, Sequence[PlaceState]]

    def __post_init__(self) -> None:
        weeks = len(self.labels)
        if len(self.bars) != weeks or len(self.notes) != weeks:
            raise ValueError("labels, notes and bars must have one entry per week")
        for place_id, states in self.states.items():
            if len(states) != weeks:
                raise ValueError(f"{place_id}: {len(states)} states for {weeks} weeks")


@dataclass(frozen=True, slots=True)
class Locality:
    """A town or village whose name helps to find one's way."""

    name: str
    lon: float
    lat: float
    rank: int = 2
    """1 main town · 2 locality · 3 neighbouring municipality (name only)."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What always lies underneath, so that the map is never blank.

    `geo.maps.surroundings.surroundings` makes it; the same object every time, because it is part
    of the base map, and a changed base map reloads the whole map in the browser.
    """

    outline: BaseGeometry
    neighbours: Sequence[BaseGeometry] = ()
    localities: Sequence[Locality] = ()
    is_simplified: bool = True
    """The outline is the coarse fallback and is labelled *förenklad gräns*."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The one thing whose panel is open."""

    kind: ThingKind
    id: str


@dataclass(frozen=True, slots=True)
class MapView:
    """Everything on the map that a filter, a click or a setting can change.

    Attributes
    ----------
    texts
        The map's own words, from `geo.maps.texts.map_texts`.
    presence, ground, fixes
        Where somebody was, by the time of logged visits; which ground tracks came near; and where
        receivers were, by time.
    chosen
        Gets the blue ring.
    fly_to
        A thing to move the view to, and a running number; the view moves once for each new
        number (search, a link, *show on the map*), never because of a plain rerun.
    week
        Index into `weeks` to stand on when the map opens; None is the whole period. The reader
        moves on from there in the browser without a rerun.
    draft
        A geometry not yet saved (being drawn or edited), drawn dashed.
    draw
        Which tools to offer for drawing a new place; empty for none.
    wants_position
        Whether a click on nothing is an event too (``kind="map"``), for forms that ask where.
    """

    texts: Mapping[str, str]
    places: Sequence[Place] = ()
    buildings: Sequence[Building] = ()
    areas: Sequence[HousingArea] = ()
    cells: VisitCells | None = None
    points: VisitPoints | None = None
    weeks: Weeks | None = None
    presence: Tiles | None = None
    ground: Tiles | None = None
    fixes: Tiles | None = None
    chosen: Chosen | None = None
    fly_to: tuple[int, Chosen] | None = None
    week: int | None = None
    draft: BaseGeometry | None = None
    draw: Sequence[DrawKind] = ()
    wants_position: bool = False
    theme: Theme = "light"
    locale: str = "sv"


def label_point(geometry: BaseGeometry) -> tuple[float, float]:
    """Where a place's symbol stands: inside a polygon, midway along a line, on a point."""
    if geometry.geom_type == "Point":
        return float(geometry.x), float(geometry.y)
    if geometry.geom_type == "LineString":
        middle = geometry.interpolate(0.5, normalized=True)
        return float(middle.x), float(middle.y)
    inside = geometry.representative_point()
    return float(inside.x), float(inside.y)
