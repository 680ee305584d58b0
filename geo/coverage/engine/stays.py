"""Pieces of time inside places → visits: zones taken out, short absences bridged."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.engine.index import ZONE
from geo.coverage.engine.tracks import Tracks


@dataclass(frozen=True, slots=True, eq=False)
class LineVisits:
    """Visits found from lines, in order of track, start, place.

    Attributes
    ----------
    track, place
        Whose and where: position among the tracks, among the index's places.
    start_us, end_us
        When the line entered and left, interpolated; microseconds since 1970 UTC.
    """

    track: Ints
    place: Ints
    start_us: Ints
    end_us: Ints


def visits_of_fragments(fragments: Ints, *, max_away_us: int) -> LineVisits:
    """Join fragments to visits.

    Parameters
    ----------
    fragments
        ``track, place, start_us, end_us`` of pieces of time inside, in any order, overlapping
        or not; `place` is ``ZONE`` where nobody is on patrol.
    max_away_us
        The longest absence within a visit, inclusive; 0 joins only what touches.
    """
    in_zone = fragments[:, 1] == ZONE
    stays = fragments
    if in_zone.any():
        stays = _without(_joined(fragments[~in_zone], 0), _joined(fragments[in_zone], 0))
    visits = _joined(stays, max_away_us)
    order = np.lexsort((visits[:, 1], visits[:, 2], visits[:, 0]))
    return LineVisits(*(np.ascontiguousarray(column) for column in visits[order].T))


def _joined(fragments: Ints, max_away_us: int) -> Ints:
    """Join the fragments of a track and place that are at most so far apart."""
    order = np.lexsort((fragments[:, 2], fragments[:, 1], fragments[:, 0]))
    track, place, start, end = fragments[order].T
    if not len(order):
        return fragments
    new = np.ones(len(order), dtype=bool)
    new[1:] = (track[1:] != track[:-1]) | (place[1:] != place[:-1])
    # The latest end so far within each track and place: groups are lifted above each other.
    group = np.cumsum(new) - 1
    rank = np.empty(len(order), dtype=np.int64)
    by_end = np.argsort(end, kind="stable")
    rank[by_end] = np.arange(len(order))
    latest = np.maximum.accumulate(group * len(order) + rank) - group * len(order)
    reached = end[by_end[latest]]
    new[1:] |= start[1:] - reached[:-1] > max_away_us
    first = np.flatnonzero(new)
    last = np.r_[first[1:], len(order)] - 1
    return np.column_stack([track[first], place[first], start[first], reached[last]])


def _without(stays: Ints, zones: Ints) -> Ints:
    """Take the time in zones out of stays; both without overlaps."""
    left = []
    zone_tracks = zones[:, 0]
    begins = np.searchsorted(zone_tracks, stays[:, 0])
    ends = np.searchsorted(zone_tracks, stays[:, 0], side="right")
    touched = begins < ends
    left.append(stays[~touched])
    for stay, begin, end in zip(stays[touched], begins[touched], ends[touched], strict=True):
        track, place, at, until = stay.tolist()
        was_moment = at == until
        for zone_start, zone_end in zones[begin:end, 2:].tolist():
            if zone_end < at or zone_start > until:
                continue
            if at < zone_start:
                left.append(np.array([[track, place, at, zone_start]]))
            at = zone_end
            if at >= until:
                break
        else:
            if at < until or (was_moment and at == stay[2]):
                left.append(np.array([[track, place, at, until]]))
    return np.concatenate(left)


def fixes_within(tracks: Tracks, track: Ints, start_us: Ints, end_us: Ints) -> tuple[Ints, Ints]:
    """Find the first fix of a track not before `start_us`, and the first after `end_us`.

    Parameters
    ----------
    tracks
        The fixes.
    track, start_us, end_us
        As in ``LineVisits``.
    """
    begin, end = tracks.first[track], tracks.first[track + 1]
    return _bisect(tracks, begin, end, start_us), _bisect(tracks, begin, end, end_us + 1)


def _bisect(tracks: Tracks, low: Ints, high: Ints, moment_us: Ints) -> Ints:
    """Find the first fix from `low` before `high` that is not before a moment."""
    low, high = low.copy(), high.copy()
    while (open_ := low < high).any():
        middle = (low + high) // 2
        late = np.zeros(len(low), dtype=bool)
        late[open_] = tracks.at_us(middle[open_]) >= moment_us[open_]
        high = np.where(open_ & late, middle, high)
        low = np.where(open_ & ~late, middle + 1, low)
    return low
