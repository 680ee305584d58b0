"""What the pictures over the map are of: presence, and the ground that tracks came near.

Asked for by the map's frame and not by a page, so that no page waits for them.  Caches as in
`deps`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st
from shapely.geometry.base import BaseGeometry

from geo.maps.ground_tiles import GroundTiles, ground_tiles
from geo.maps.presence_tiles import PresenceIndex
from geo.maps.visit_spots import visit_presence
from geo.model.period import FIRST_YEAR, LAST_YEAR, Period
from geo.model.visit import Track
from geo.services.ground import ground_of
from geo.services.selection import Selection
from geo.store.store import Stored
from geo.wording import Wording
from ui import deps
from ui.viewmodels import link
from ui.viewmodels.ground import ground_told
from ui.viewmodels.period import selection_of

_KEPT = 4
_ALL_TIME = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1))


def presence(query: link.Query) -> tuple[int, PresenceIndex]:
    """Give the revision that stands, and the presence of all time that a link's filters keep."""
    at = deps.revision()
    chosen = _without_period(query)
    return at, _presence(deps.settings().db, at, repr(chosen), chosen)


def ground(query: link.Query) -> tuple[int, GroundTiles | None]:
    """Give the revision that stands, and the ground covered by the tracks a link's filters keep.

    None where there are no such tracks.
    """
    at = deps.revision()
    return at, _covered_by(_without_period(query).visit_kinds)


def ground_said(query: link.Query, period: Period) -> tuple[int, str]:
    """Give the revision that stands, and how much of the ground was covered, in a sentence."""
    at, covered = ground(query)
    wording = Wording(link.read(query).language or deps.settings().language)
    return at, ground_told(covered, period, wording)


def _without_period(query: link.Query) -> Selection:
    asked = replace(link.read(query), period=_ALL_TIME, areas=())
    return selection_of(asked, deps.snapshot(), deps.known(), now=deps.now())


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _presence(db: str, revision: int, asked: str, _selection: Selection) -> PresenceIndex:
    del db, revision, asked  # The key.
    return visit_presence(deps.selected(_selection), _selection)


@st.cache_resource(show_spinner=False, max_entries=2)
def _tracks(db: str, revision: int) -> list[Stored[Track]]:
    del db, revision  # The key.
    return deps.store().standing(Track)


def _covered_by(kinds: tuple[str, ...]) -> GroundTiles | None:
    stored = _tracks(deps.settings().db, deps.revision())
    kept = [one for one in stored if not kinds or one.record.kind in kinds]
    area = deps.ground().outline
    known_by = tuple((one.record.track_id, one.version) for one in kept)
    return _covered(known_by, area.wkb_hex, [one.record for one in kept], area)


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _covered(
    tracks: tuple[tuple[str, int], ...], area: str, _tracks: list[Track], _area: BaseGeometry
) -> GroundTiles | None:
    del tracks, area  # The key: a visit that is logged changes no ground.
    found = ground_of(_tracks, _area)
    return None if found is None else ground_tiles(found[0], first_on=found[1])
