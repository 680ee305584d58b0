"""Fixes → visits in one pass, compiled.

Codes first, logic after: for a block of fixes all codes are looked up, then the block is cut into
runs of equal codes without a long silence between them.  Most runs lie in no place and fall
through; a run wholly in a place touches that place's state once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.coverage.cells import Ints
from geo.coverage.engine.compiled import compiled, inlined
from geo.coverage.engine.degrees import Units
from geo.coverage.engine.index import ANY
from geo.coverage.engine.kernel_table import Arrays, is_fix_inside, look_up, write_row
from geo.coverage.engine.table import Codes
from geo.coverage.engine.tracks import Ticks

Flags = NDArray[np.uint8]

BLOCK: Final = 1024
"""How many fixes are looked up at a time."""


@compiled
def visits_of_tracks(
    ground: Arrays,
    lon: Units,
    lat: Units,
    at: Ticks,
    first: Ints,
    begin: int,
    end: int,
    max_gap: int,
    codes: Codes,
    starts: Codes,
    stops: Codes,
    breaks: Flags,
    state: Ints,
    seen: Ints,
    out: Ints,
) -> int:
    """Find the visits of the tracks from `begin` to `end`.

    Parameters
    ----------
    ground
        The index.
    lon, lat, at, first
        The fixes; see ``Tracks``.
    begin, end
        Which tracks.
    max_gap
        The longest time between two fixes inside that are one visit, in ticks.
    codes, starts, stops, breaks, state, seen
        Room to work in: ``BLOCK`` codes, starts, stops and flags, and one more of each; for each
        place ``(places, 3)`` zeros, and a number.
    out
        ``(room, 5)``: gets track, place, first fix, last fix and count of each visit.

    Returns
    -------
    int
        How many visits there are; more than there was room for means that some were not written.
    """
    # State: first fix, last fix and count of the visit under way in each place; 0 if none is.
    found = 0
    for track in range(begin, end):
        of_track = found
        seen_count = 0
        for block in range(first[track], first[track + 1], BLOCK):
            stop_at = min(block + BLOCK, first[track + 1])
            block_codes = codes[: stop_at - block]
            look_up(
                ground, ground.directory, ground.codes, lon[block:stop_at], lat[block:stop_at],
                starts, stops, block_codes,
            )  # fmt: skip
            run_count = _runs(block_codes, at[block:stop_at], max_gap, breaks, starts, stops)
            for run in range(run_count):
                code = codes[starts[run]]
                start, stop = block + starts[run], block + stops[run]
                if code > 0:
                    piece = code - 1
                    place = ground.piece_place[piece]
                    if place < 0:
                        continue  # A zone, and nothing else.
                    if not ground.piece_always[piece]:
                        start, stop = _within(
                            at, start, stop, ground.opens[piece], ground.closes[piece]
                        )
                    if start < stop:
                        seen_count, found = _touch(
                            state, seen, seen_count, place, start, stop, at, max_gap,
                            track, out, found,
                        )  # fmt: skip
                    continue
                listed = -code - 1
                entry_begin, entry_end = ground.first_entry[listed], ground.first_entry[listed + 1]
                kind = ground.list_kind[listed]
                if kind != ANY:
                    for entry in range(entry_begin, entry_end):
                        place = ground.piece_place[ground.entry_piece[entry]]
                        test = ground.entry_test[entry]
                        # Fixes inside one after the other are added at once.
                        inside_from = start
                        for fix in range(start, stop + 1):
                            if test < 0:
                                fix = stop  # noqa: PLW2901  # whole: all at once
                            elif fix < stop and is_fix_inside(ground, test, lon[fix], lat[fix]):
                                continue
                            if inside_from < fix:
                                seen_count, found = _touch(
                                    state, seen, seen_count, place, inside_from, fix, at, max_gap,
                                    track, out, found,
                                )  # fmt: skip
                            inside_from = fix + 1
                            if test < 0:
                                break
                    continue
                for fix in range(start, stop):
                    for entry in range(entry_begin, entry_end):
                        piece = ground.entry_piece[entry]
                        place = ground.piece_place[piece]
                        if not ground.opens[piece] <= at[fix] < ground.closes[piece]:
                            continue
                        test = ground.entry_test[entry]
                        if test >= 0 and not is_fix_inside(ground, test, lon[fix], lat[fix]):
                            continue
                        if place < 0:
                            break  # Zones come first: nothing counts here.
                        if state[place, 2] > 0 and state[place, 1] == fix:
                            continue  # Another piece of the same place has counted it.
                        seen_count, found = _touch(
                            state, seen, seen_count, place, fix, fix + 1, at, max_gap,
                            track, out, found,
                        )  # fmt: skip
        for number in range(seen_count):
            place = seen[number]
            found = write_row(out, found, track, place, state)
            state[place, 2] = 0
        if found <= len(out):
            _sort(out, of_track, found, at)
    return found


@inlined
def _runs(codes: Codes, at: Ticks, max_gap: int, breaks: Flags, starts: Codes, stops: Codes) -> int:
    """Find the runs of equal codes, not 0, without a long silence; nothing in it branches."""
    size = len(codes)
    for i in range(1, size):
        silence = np.int64(at[i]) - np.int64(at[i - 1]) > max_gap
        breaks[i] = (codes[i] != codes[i - 1]) | silence
    count = 0
    for i in range(1, size):
        stops[count] = i
        count += breaks[i]
    starts[0] = 0
    begun, ended = int(codes[0] != 0), 0
    for number in range(count):
        i = stops[number]  # No more runs have ended than breaks are read.
        stops[ended] = i
        ended += codes[i - 1] != 0
        starts[begun] = i
        begun += codes[i] != 0
    stops[ended] = size
    return begun


@inlined
def _within(at: Ticks, start: int, stop: int, opens: int, closes: int) -> tuple[int, int]:
    """Narrow a run to the time a piece is designated."""
    while start < stop and at[start] < opens:
        start += 1
    while start < stop and at[stop - 1] >= closes:
        stop -= 1
    return start, stop


@inlined
def _touch(
    state: Ints,
    seen: Ints,
    seen_count: int,
    place: int,
    start: int,
    stop: int,
    at: Ticks,
    max_gap: int,
    track: int,
    out: Ints,
    found: int,
) -> tuple[int, int]:
    """Add a run of fixes to a place's visit under way, or end that and begin another."""
    if state[place, 2] > 0:
        if np.int64(at[start]) - np.int64(at[state[place, 1]]) <= max_gap:
            state[place, 1] = stop - 1
            state[place, 2] += stop - start
            return seen_count, found
        found = write_row(out, found, track, place, state)
    else:
        seen[seen_count] = place
        seen_count += 1
    state[place, 0] = start
    state[place, 1] = stop - 1
    state[place, 2] = stop - start
    return seen_count, found


@inlined
def _sort(out: Ints, begin: int, end: int, at: Ticks) -> None:
    """Put a track's visits in order of start, then place; they nearly are."""
    for i in range(begin + 1, end):
        place, start, last, count = out[i, 1], out[i, 2], out[i, 3], out[i, 4]
        j = i
        while j > begin and (
            at[out[j - 1, 2]] > at[start]
            or (at[out[j - 1, 2]] == at[start] and out[j - 1, 1] > place)
        ):
            for column in range(1, 5):
                out[j, column] = out[j - 1, column]
            j -= 1
        out[j, 1], out[j, 2], out[j, 3], out[j, 4] = place, start, last, count
