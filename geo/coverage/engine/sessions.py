"""(fix, piece) pairs → visits, with numpy: what the compiled kernel does in one pass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.engine.index import ZONE, PlaceIndex
from geo.coverage.engine.lookup import pieces_at
from geo.coverage.engine.tracks import Tracks


@dataclass(frozen=True, slots=True, eq=False)
class FixVisits:
    """Visits found from fixes, in order of track, start, place.

    Attributes
    ----------
    track, place
        Whose and where: position among the tracks, among the index's places.
    first, last
        First and last fix inside: position among the fixes.
    count
        Fixes inside.
    start, end
        The moments of the first and the last, in ticks.
    """

    track: Ints
    place: Ints
    first: Ints
    last: Ints
    count: Ints
    start: Ints
    end: Ints


def visits_by_fixes(tracks: Tracks, index: PlaceIndex, *, max_gap_ticks: int) -> FixVisits:
    """Join each track's fixes in a place to visits.

    Parameters
    ----------
    tracks
        The fixes.
    index
        The places.
    max_gap_ticks
        The longest time between two fixes inside that are one visit, inclusive.
    """
    fix, place = _counting(tracks, index)
    at, track = tracks.at[fix].astype(np.int64), tracks.track_of(fix)
    ends = np.ones(len(fix), dtype=bool)
    ends[:-1] = (
        (place[1:] != place[:-1]) | (track[1:] != track[:-1]) | (at[1:] - at[:-1] > max_gap_ticks)
    )
    last = np.flatnonzero(ends)
    first = np.r_[0, last[:-1] + 1][: len(last)]
    order = np.lexsort((place[first], at[first], track[first]))
    first, last = first[order], last[order]
    count = last - first + 1
    return FixVisits(track[first], place[first], fix[first], fix[last], count, at[first], at[last])


def _counting(tracks: Tracks, index: PlaceIndex) -> tuple[Ints, Ints]:
    """List each fix and place it counts for once, in order of place, then fix."""
    fix, piece = pieces_at(index.table, tracks.lon, tracks.lat)
    place = index.piece_place[piece]
    in_zone = place == ZONE
    at = tracks.at[fix].astype(np.int64)
    counts = (tracks.ticks(index.opens_us)[piece] <= at) & (
        at < tracks.ticks(index.closes_us)[piece]
    )
    counts &= ~np.isin(fix, fix[in_zone]) if in_zone.any() else True
    size = max(len(tracks), 1)
    pairs = np.unique(place[counts] * size + fix[counts])
    return pairs % size, pairs // size
