"""The arrays a cube consists of, empty and with more room."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.cube.hours import HOURS_PER_DAY, hour_borders_us
from geo.model.period import Period

WEEK: Final = 7 * HOURS_PER_DAY
"""How many totals stand between an hour and the same hour of the next week."""

MAX_KINDS: Final = 62
"""A set of kinds is the bits of an int64."""

START, END, KIND, OFFICERS = 0, 1, 2, 3
"""Columns of ``State.visits``."""

VISITS, OFFICER_US, PATROL_US, LAST = 0, 1, 2, 3
"""What is kept in ``State.lanes``; together, so that one look into memory finds them all."""


class State(NamedTuple):
    """Visits and their totals; moments are microseconds since the period's start.

    A lane is a place and kind, or a place and any kind: place · (kinds + 1) + kind, the last of a
    place for any.  Totals have a column per hour: a week of zeros, then the hours of the period,
    filled up to whole weeks.  Each holds the sum over its own hour and the same hour of all weeks
    before.

    Attributes
    ----------
    hour_us
        When each hour begins, and where the last one ends.
    lanes
        ``(lanes, columns, 4)``: visits begun; time of every officer; time somebody was there, of
        that kind *alone* (in the lane of any kind: of any); the latest end of a visit begun plus
        one, 0 for none, of which the running maximum and not the sum is kept.
    blends
        ``(blends, columns)``: time that a set of several kinds was there, and no other.
    blend_kinds, blend_place
        Which set, as bits, and whose.
    blend_next, blend_first
        The sets of each place as a linked list; −1 ends it.
    wants
        How many blends are in use; how many more there must be room for, before a kernel goes on;
        for how many more visits.
    visits
        ``start, end, kind, officers``; those of a place stand together, in rising order.
    visit_first, visit_count, visit_room
        Where those of each place begin, how many there are and may be.
    longest_us
        No visit of the place is longer.
    near
        Room for the visits that one visit overlaps.
    """

    hour_us: Ints
    lanes: Ints
    blends: Ints
    blend_kinds: Ints
    blend_place: Ints
    blend_next: Ints
    blend_first: Ints
    wants: Ints
    visits: Ints
    visit_first: Ints
    visit_count: Ints
    visit_room: Ints
    longest_us: Ints
    near: Ints


def empty_state(period: Period, *, place_count: int, kind_count: int) -> State:
    """Make the arrays for no visits.

    Raises
    ------
    ValueError
        Where there are more kinds than fit in a set, or places × kinds × period do not fit on one
        time line (146 000 for a year).
    """
    hour_us = hour_borders_us(period)
    hour_us -= hour_us[0]
    lanes = place_count * (kind_count + 1)
    if kind_count > MAX_KINDS:
        raise ValueError(f"{kind_count} kinds are more than {MAX_KINDS}")
    if lanes * (int(hour_us[-1]) + 1) > 2**62:
        raise ValueError(f"{lanes} lanes are too many for {period.days} days at once")
    width = (1 + -(-period.days // 7)) * WEEK
    none = np.empty(0, dtype=np.int64)
    return State(
        hour_us=hour_us,
        lanes=np.zeros((lanes, width, 4), dtype=np.int64),
        blends=np.zeros((0, width), dtype=np.int64),
        blend_kinds=none,
        blend_place=none,
        blend_next=none,
        blend_first=np.full(place_count, -1),
        wants=np.zeros(3, dtype=np.int64),
        visits=np.empty((0, 4), dtype=np.int64),
        visit_first=np.zeros(place_count, dtype=np.int64),
        visit_count=np.zeros(place_count, dtype=np.int64),
        visit_room=np.zeros(place_count, dtype=np.int64),
        longest_us=np.zeros(place_count, dtype=np.int64),
        near=none,
    )


def with_blends(state: State, more: int) -> State:
    """Give room for more sets of several kinds; half as many again at the least."""
    more = max(more, len(state.blends) // 2)
    rows = np.zeros((more, state.blends.shape[1]), dtype=np.int64)
    none = np.full(more, -1)
    return state._replace(
        blends=np.concatenate([state.blends, rows]),
        blend_kinds=np.concatenate([state.blend_kinds, none]),
        blend_place=np.concatenate([state.blend_place, none]),
        blend_next=np.concatenate([state.blend_next, none]),
    )


def with_visits(state: State, more: Ints) -> State:
    """Give room for so many more visits at each place, and half as many again as there are."""
    need = state.visit_count + more
    if (need <= state.visit_room).all():
        return state
    room = np.where(need > state.visit_room, need + need // 2, state.visit_room)
    first = np.cumsum(room) - room
    visits = np.empty((int(room.sum()), 4), dtype=np.int64)
    for place in np.flatnonzero(state.visit_count):
        visits[first[place] :][: state.visit_count[place]] = visits_at(state, int(place))
    near = np.empty(int(room.max()), dtype=np.int64)
    return state._replace(visits=visits, visit_first=first, visit_room=room, near=near)


def visits_at(state: State, place: int) -> Ints:
    """Give the visits of a place, as they stand in the state."""
    first = state.visit_first[place]
    return state.visits[first : first + state.visit_count[place]]
