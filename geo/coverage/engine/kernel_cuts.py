"""Stretches of lines in one cell → time inside its candidates, compiled; see ``clips``."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.compiled import inlined
from geo.coverage.engine.degrees import Units
from geo.coverage.engine.kernel_table import Arrays, in_metres, is_inside, write_row
from geo.coverage.engine.records import (
    CAPSULE_COUNT,
    CAPSULE_SIZE,
    EDGE_COUNT,
    EDGE_SIZE,
    EDGES,
    REFERENCE,
)

SEEN: Final = 0
FOUND: Final = 1
TRACK: Final = 2
METRES_FROM: Final = 3
METRES_TO: Final = 4
NUMBERS: Final = 5


class Work(NamedTuple):
    """Where a kernel of lines keeps what it knows.

    Attributes
    ----------
    places
        How many; zones have this number as their place.
    join_us
        The longest absence that is bridged at once.
    state
        ``(places + 1, 2)``: start and end of what is under way in each place; the end comes
        first if nothing is.
    seen
        ``(places + 1)``: places with something under way.
    cuts
        Room for the crossings of a line with bounds in one cell.
    ends
        ``(4)``: both ends of a line in metres.
    numbers
        ``(NUMBERS)``: how many of `seen` count, rows found, the track, and whose metres the first
        and the second pair of `ends` are.
    out
        Gets track, place, start and end.
    """

    places: int
    join_us: int
    state: Ints
    seen: Ints
    cuts: Floats
    ends: Floats
    numbers: Ints
    out: Ints


@inlined
def project_ends(ground: Arrays, work: Work, lon: Units, lat: Units, fix: int, to: int) -> None:
    """Put the metres of a line's ends into `ends`, unless they are there."""
    ends, numbers = work.ends, work.numbers
    if numbers[METRES_FROM] != fix:
        if numbers[METRES_TO] == fix:
            ends[0], ends[1] = ends[2], ends[3]
        else:
            ends[0], ends[1] = in_metres(ground, lon[fix], lat[fix])
        numbers[METRES_FROM] = fix
    if numbers[METRES_TO] != to:
        ends[2], ends[3] = in_metres(ground, lon[to], lat[to])
        numbers[METRES_TO] = to


@inlined
def count_list(
    ground: Arrays,
    work: Work,
    listed: int,
    enters: float,
    leaves: float,
    start_us: int,
    took_us: int,
) -> None:
    """Count a stretch for the candidates of a cell, cut at their edges; `ends` is filled."""
    ends, cuts = work.ends, work.cuts
    dx, dy = ends[2] - ends[0], ends[3] - ends[1]
    for entry in range(ground.first_entry[listed], ground.first_entry[listed + 1]):
        piece, record = ground.entry_piece[entry], ground.entry_record[entry]
        cut_count = 0
        ax, ay = 0.0, 0.0
        if record >= 0:
            ax = ends[0] - ground.records[record + REFERENCE]
            ay = ends[1] - ground.records[record + REFERENCE + 1]
            cut_count = _crossings(ground, record, ax, ay, dx, dy, enters, leaves, cuts)
        low = enters
        for cut in range(cut_count + 1):
            high = cuts[cut] if cut < cut_count else leaves
            middle = (low + high) / 2
            if record < 0 or is_inside(ground, record, ax + middle * dx, ay + middle * dy):
                count_share(ground, work, piece, low, high, start_us, took_us)
            low = high


@inlined
def count_share(
    ground: Arrays,
    work: Work,
    piece: int,
    enters: float,
    leaves: float,
    start_us: int,
    took_us: int,
) -> None:
    """Count a share of a line for a piece."""
    count(
        ground, work, piece,
        start_us + math.floor(enters * took_us + 0.5),
        start_us + math.floor(leaves * took_us + 0.5),
    )  # fmt: skip


@inlined
def count(ground: Arrays, work: Work, piece: int, start_us: int, end_us: int) -> None:
    """Add time in a piece to what is under way in its place, or end that and begin anew."""
    if not ground.piece_always[piece]:
        opens, closes = ground.opens[piece], ground.closes[piece]
        if not (start_us < closes and (end_us > opens or start_us == opens)):
            return
        start_us, end_us = max(start_us, opens), min(end_us, closes)
    place = ground.piece_place[piece]
    if place < 0:
        place = work.places
    state, numbers = work.state, work.numbers
    if state[place, 1] >= state[place, 0]:
        if start_us <= state[place, 1] + work.join_us and end_us + work.join_us >= state[place, 0]:
            state[place, 0] = min(state[place, 0], start_us)
            state[place, 1] = max(state[place, 1], end_us)
            return
        numbers[FOUND] = write_row(work.out, numbers[FOUND], numbers[TRACK], place, state)
    else:
        work.seen[numbers[SEEN]] = place
        numbers[SEEN] += 1
    state[place, 0], state[place, 1] = start_us, end_us


@inlined
def end_track(work: Work) -> None:
    """Write what is under way, and forget it."""
    state, numbers = work.state, work.numbers
    for number in range(numbers[SEEN]):
        place = work.seen[number]
        numbers[FOUND] = write_row(work.out, numbers[FOUND], numbers[TRACK], place, state)
        state[place, 0], state[place, 1] = 1, 0
    numbers[SEEN] = 0


@inlined
def _crossings(
    ground: Arrays,
    record: int,
    ax: float,
    ay: float,
    dx: float,
    dy: float,
    enters: float,
    leaves: float,
    cuts: Floats,
) -> int:
    """Find where a line crosses what bounds a piece in a cell, in order; give how often."""
    count = 0
    records = ground.records
    edge = record + EDGES
    for _ in range(int(records[record + EDGE_COUNT])):
        x1, y1 = records[edge] - ax, records[edge + 1] - ay
        x2, y2 = records[edge + 2] - ax, records[edge + 3] - ay
        if (dx * y1 - dy * x1 >= 0) != (dx * y2 - dy * x2 >= 0):
            ex, ey = records[edge + 2] - records[edge], records[edge + 3] - records[edge + 1]
            count = _insert(cuts, count, (x1 * ey - y1 * ex) / (dx * ey - dy * ex), enters, leaves)
        edge += EDGE_SIZE
    square = dx * dx + dy * dy
    capsule = edge
    for _ in range(int(records[record + CAPSULE_COUNT])):
        cx, cy = records[capsule + 2], records[capsule + 3]
        inverse, square_reach = records[capsule + 4], records[capsule + 5]
        px, py = ax - records[capsule], ay - records[capsule + 1]
        capsule += CAPSULE_SIZE
        for end in range(2 if inverse > 0 else 1):
            qx, qy = px - end * cx, py - end * cy
            half = dx * qx + dy * qy
            under = half * half - square * (qx * qx + qy * qy - square_reach)
            if under > 0 and square > 0:
                root = math.sqrt(under)
                count = _insert(cuts, count, (-half - root) / square, enters, leaves)
                count = _insert(cuts, count, (-half + root) / square, enters, leaves)
        across = cx * dy - cy * dx
        if inverse > 0 and across != 0:
            far, away = math.sqrt(square_reach / inverse), cx * py - cy * px
            count = _insert(cuts, count, (far - away) / across, enters, leaves)
            count = _insert(cuts, count, (-far - away) / across, enters, leaves)
    return count


@inlined
def _insert(cuts: Floats, count: int, share: float, enters: float, leaves: float) -> int:
    """Put a crossing in its place among those found, if it lies within the stretch."""
    if not enters < share < leaves:
        return count
    at = count
    while at > 0 and cuts[at - 1] > share:
        cuts[at] = cuts[at - 1]
        at -= 1
    cuts[at] = share
    return count + 1
