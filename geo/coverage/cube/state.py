"""The arrays a cube consists of, empty and with more room."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Ints
from geo.coverage.cube.hours import HOURS_PER_DAY, hour_borders_us
from geo.model.period import Period

WEEK: Final = 7 * HOURS_PER_DAY
"""How many totals stand between an hour and the same hour of the next week."""

MAX_KINDS: Final = 62
"""A set of kinds is the bits of an int64."""

START, END, KIND, OFFICERS = 0, 1, 2, 3
"""Columns of ``State.visits``."""


class State(NamedTuple):
    """Visits and their totals; moments are microseconds since the period's start.

    Totals have a row per place and kind (place · kinds + kind) and a column per hour: a week of
    zeros, then the hours of the period, filled up to whole weeks.  Each holds the sum over its
    own hour and the same hour of all weeks before.

    Attributes
    ----------
    hour_us
        When each hour begins, and where the last one ends.
    started
        Visits begun.
    officer_us
        Time of every officer.
    last
        The latest end of a visit begun, plus one; 0 for none.  The running maximum.
    patrol_us
        Time per set of kinds.  The first rows are those of single kinds, as above; then come the
        sets of several, as they turn up.
    blend_kinds, blend_place
        Which set each row of `patrol_us` is of, and whose.
    blend_next, blend_first
        The sets of several kinds of each place, as a linked list; −1 ends it.
    blend_count
        How many rows of `patrol_us` are in use, and how many more were asked for in vain.
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
    started: NDArray[np.int32]
    officer_us: Ints
    last: Ints
    patrol_us: Ints
    blend_kinds: Ints
    blend_place: Ints
    blend_next: Ints
    blend_first: Ints
    blend_count: Ints
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
    lanes = place_count * kind_count
    if kind_count > MAX_KINDS:
        raise ValueError(f"{kind_count} kinds are more than {MAX_KINDS}")
    if lanes * (int(hour_us[-1]) + 1) > 2**62:
        raise ValueError(f"{lanes} places × kinds are too many for {period.days} days at once")
    width = (1 + -(-period.days // 7)) * WEEK
    lane = np.arange(lanes)
    return State(
        hour_us=hour_us,
        started=np.zeros((lanes, width), dtype=np.int32),
        officer_us=np.zeros((lanes, width), dtype=np.int64),
        last=np.zeros((lanes, width), dtype=np.int64),
        patrol_us=np.zeros((lanes, width), dtype=np.int64),
        blend_kinds=np.int64(1) << (lane % max(kind_count, 1)),
        blend_place=lane // max(kind_count, 1),
        blend_next=np.full(lanes, -1),
        blend_first=np.full(place_count, -1),
        blend_count=np.array([lanes, 0]),
        visits=np.empty((0, 4), dtype=np.int64),
        visit_first=np.zeros(place_count, dtype=np.int64),
        visit_count=np.zeros(place_count, dtype=np.int64),
        visit_room=np.zeros(place_count, dtype=np.int64),
        longest_us=np.zeros(place_count, dtype=np.int64),
        near=np.empty(0, dtype=np.int64),
    )


def with_blends(state: State, more: int) -> State:
    """Give room for more sets of several kinds; half as many again at the least."""
    more = max(more, len(state.blend_kinds) // 2)
    rows = np.zeros((more, state.patrol_us.shape[1]), dtype=np.int64)
    none = np.full(more, -1)
    return state._replace(
        patrol_us=np.concatenate([state.patrol_us, rows]),
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
