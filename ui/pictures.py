"""What the pictures over the map are of: presence, and the tracks of patrols.

Asked for by the map's frame and not by a page, so that no page waits for them.  Caches as in
`deps`; a partition of fixes is laid once, however many others come and go beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st
from shapely.geometry.base import BaseGeometry

from geo.coverage.engine.tracks import Tracks
from geo.errors import FileError
from geo.maps.ground_tiles import GroundTiles, ground_tiles
from geo.maps.presence_tiles import PresenceIndex
from geo.maps.track_presence import track_presence
from geo.maps.visit_spots import visit_presence
from geo.model.period import FIRST_YEAR, LAST_YEAR, Period
from geo.model.visit import Track
from geo.services.ground import Ground, ground_of, joined_ground
from geo.services.guarded import refusal
from geo.services.selection import Selection
from geo.services.tracks import tracks_in, tracks_in_records
from geo.store.store import Stored
from geo.wording import Wording
from ui import deps
from ui.viewmodels import link
from ui.viewmodels.period import selection_of
from ui.viewmodels.tracks import ground_told, unread_told

_KEPT = 4
_PARTITIONS_KEPT = 1024
_ALL_TIME = Period(date(FIRST_YEAR, 1, 1), date(LAST_YEAR + 1, 1, 1))
_NO_TRACKS = ""

Files = tuple[tuple[Path, str], ...]
Versions = tuple[tuple[str, int], ...]


def presence(query: link.Query) -> tuple[str, PresenceIndex]:
    """Give what stands, and the presence of all time that a link's filters keep."""
    at = deps.revision()
    chosen = _without_period(query)
    return str(at), _presence(deps.settings().db, at, repr(chosen), chosen)


def ground(query: link.Query) -> tuple[str, GroundTiles | None]:
    """Give what stands, and the ground covered by the tracks that a link's filters keep.

    None where there are no such tracks.
    """
    kinds = _without_period(query).visit_kinds
    return _state(kinds), _ground(kinds)[0]


def ground_said(query: link.Query, period: Period) -> tuple[str, str]:
    """Give what stands, and how much of the ground was covered, in a sentence."""
    kinds, wording = _without_period(query).visit_kinds, _wording(query)
    covered, unread = _ground(kinds)
    told = ground_told(covered, period, wording)
    return _state(kinds), f"{told} {unread_told(unread, wording)}".rstrip()


def fixes(query: link.Query) -> tuple[str, PresenceIndex]:
    """Give what stands, and the time in the tracks that a link's filters keep."""
    kinds = _without_period(query).visit_kinds
    records, files = _records(kinds), deps.partitions()
    return _state(kinds), _fixes(_versions(records), files, kinds, _plain(records))[0]


def fixes_said(query: link.Query, period: Period) -> tuple[str, str]:
    """Give what stands, and what of the tracks could not be shown, in a sentence or none."""
    del period  # The same for all.
    kinds = _without_period(query).visit_kinds
    records, files = _records(kinds), deps.partitions()
    unread = _fixes(_versions(records), files, kinds, _plain(records))[1]
    return _state(kinds), unread_told(unread, _wording(query))


def _state(kinds: tuple[str, ...]) -> str:
    return deps.tracks_state(kinds) or _NO_TRACKS


def _wording(query: link.Query) -> Wording:
    return Wording(link.read(query).language or deps.settings().language)


def _without_period(query: link.Query) -> Selection:
    if deps.seen().audience != "intern":
        # Where patrols have been, to the minute and the metre, is for the police alone.
        raise refusal("view")
    asked = replace(link.read(query), period=_ALL_TIME, areas=())
    return selection_of(asked, deps.snapshot(), deps.known(), now=deps.now())


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _presence(db: str, revision: int, asked: str, _selection: Selection) -> PresenceIndex:
    del db, revision, asked  # The key.
    return visit_presence(deps.selected(_selection), _selection)


@st.cache_resource(show_spinner=False, max_entries=2)
def _stored(db: str, revision: int) -> list[Stored[Track]]:
    del db, revision  # The key.
    return deps.unguarded().standing(Track)


def _records(kinds: tuple[str, ...]) -> list[Stored[Track]]:
    stored = _stored(deps.settings().db, deps.revision())
    return [one for one in stored if not kinds or one.record.kind in kinds]


def _versions(stored: Sequence[Stored[Track]]) -> Versions:
    """Give what tells these records from others: a visit that is logged changes no track."""
    return tuple((one.record.track_id, one.version) for one in stored)


def _plain(stored: Sequence[Stored[Track]]) -> list[Track]:
    return [one.record for one in stored]


def _ground(kinds: tuple[str, ...]) -> tuple[GroundTiles | None, int]:
    records, files = _records(kinds), deps.partitions()
    area = deps.ground().outline
    return _covered(_versions(records), files, kinds, area.wkb_hex, _plain(records), area)


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _covered(
    versions: Versions,
    files: Files,
    kinds: tuple[str, ...],
    area: str,
    _tracks: list[Track],
    _area: BaseGeometry,
) -> tuple[GroundTiles | None, int]:
    """Lay all tracks; with how many files could not be read."""
    del versions  # The key, with the rest.
    parts: list[Ground | None] = [ground_of(tracks_in_records(_tracks), _area)]
    unread = 0
    for path, state in files:
        try:
            parts.append(_covered_by_partition(path, state, kinds, area, _area))
        except FileError:
            unread += 1
    found = joined_ground(parts)
    tiles = None if found is None else ground_tiles(found.squares, first_on=found.first_on)
    return tiles, unread


@st.cache_resource(show_spinner=False, max_entries=_PARTITIONS_KEPT)
def _covered_by_partition(
    path: Path, state: str, kinds: tuple[str, ...], area: str, _area: BaseGeometry
) -> Ground | None:
    del state, area  # The key, with the rest.
    return ground_of(tracks_in(path, kinds), _area)


@st.cache_resource(show_spinner=False, max_entries=2)
def _fixes(
    versions: Versions, files: Files, kinds: tuple[str, ...], _tracks: list[Track]
) -> tuple[PresenceIndex, int]:
    """Put all fixes in order for their pictures; with how many files could not be read."""
    del versions  # The key, with the rest.
    parts: list[Tracks] = [tracks_in_records(_tracks)]
    unread = 0
    for path, _ in files:
        try:
            parts.append(tracks_in(path, kinds))
        except FileError:
            unread += 1
    return track_presence(parts), unread
