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
from geo.coverage.engine.kernel_sides import Sides, look_up_sides
from geo.coverage.engine.kernel_table import Arrays, is_fix_inside
from geo.coverage.engine.table import Codes
from geo.coverage.engine.tracks import Ticks

Flags = NDArray[np.uint8]

BLOCK: Final = 1024
"""How many fixes are looked up at a time."""


@compiled
def visits_of_tracks(
    ground: Arrays,
    sides: Sides,
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
    rows: Ints,
    lasts: Ints,
    out: Ints,
) -> int:
    """Find the visits of the tracks from `begin` to `end`.

    Parameters
    ----------
    ground
        The index.
    sides
        Of its lists.
    lon, lat, at, first
        The fixes; see ``Tracks``.
    begin, end
        Which tracks.
    max_gap
        The longest time between two fixes inside that are one visit, in ticks.
    codes, starts, stops, breaks
        Room to work in: ``BLOCK`` codes, and one more of the others.
    rows, lasts
        For each place, the row of its latest visit and its last fix inside; −1 and anything.
    out
        ``(7, room)``: gets track, place, first fix, last fix and count of each visit,
        and the moments of those two fixes.

    Returns
    -------
    int
        How many visits there are; more than there was room for means that some were not written.
    """
    found = 0
    for track in range(begin, end):
        of_track = found  # A place whose row comes before this has no visit under way.
        for block in range(first[track], first[track + 1], BLOCK):
            stop_at = min(block + BLOCK, first[track + 1])
            block_codes = codes[: stop_at - block]
            look_up_sides(
                ground, sides, lon[block:stop_at], lat[block:stop_at], starts, stops, block_codes
            )
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
                        found = _touch(
                            rows, lasts, of_track, place, start, stop, at, max_gap, track, out,
                            found,
                        )  # fmt: skip
                    continue
                listed = -code - 1
                entry_begin, entry_end = ground.first_entry[listed], ground.first_entry[listed + 1]
                if ground.list_kind[listed] != ANY:
                    for entry in range(entry_begin, entry_end):
                        place = ground.piece_place[ground.entry_piece[entry]]
                        record = ground.entry_record[entry]
                        if record < 0:
                            found = _touch(
                                rows, lasts, of_track, place, start, stop, at, max_gap, track, out,
                                found,
                            )  # fmt: skip
                        else:
                            found = _test(
                                ground, record, lon, lat, rows, lasts, of_track, place, start,
                                stop, at, max_gap, track, out, found,
                            )  # fmt: skip
                    continue
                for fix in range(start, stop):
                    for entry in range(entry_begin, entry_end):
                        piece = ground.entry_piece[entry]
                        place = ground.piece_place[piece]
                        if not ground.opens[piece] <= at[fix] < ground.closes[piece]:
                            continue
                        record = ground.entry_record[entry]
                        if record >= 0 and not is_fix_inside(ground, record, lon[fix], lat[fix]):
                            continue
                        if place < 0:
                            break  # Zones come first: nothing counts here.
                        if rows[place] >= of_track and lasts[place] == fix:
                            continue  # Another piece of the same place has counted it.
                        found = _touch(
                            rows, lasts, of_track, place, fix, fix + 1, at, max_gap, track, out,
                            found,
                        )  # fmt: skip
        if found <= out.shape[1]:
            _sort(out, of_track, found)
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
def _test(
    ground: Arrays,
    record: int,
    lon: Units,
    lat: Units,
    rows: Ints,
    lasts: Ints,
    of_track: int,
    place: int,
    start: int,
    stop: int,
    at: Ticks,
    max_gap: int,
    track: int,
    out: Ints,
    found: int,
) -> int:
    """Test each fix of a run; those inside one after the other are added at once."""
    inside_from = start
    for fix in range(start, stop + 1):
        if fix < stop and is_fix_inside(ground, record, lon[fix], lat[fix]):
            continue
        if inside_from < fix:
            found = _touch(
                rows, lasts, of_track, place, inside_from, fix, at, max_gap, track, out, found
            )
        inside_from = fix + 1
    return found


@inlined
def _touch(
    rows: Ints,
    lasts: Ints,
    of_track: int,
    place: int,
    start: int,
    stop: int,
    at: Ticks,
    max_gap: int,
    track: int,
    out: Ints,
    found: int,
) -> int:
    """Add a run of fixes to a place's visit under way, or begin another; give how many then."""
    row = rows[place]
    if row >= of_track and np.int64(at[start]) - np.int64(at[lasts[place]]) <= max_gap:
        if row < out.shape[1]:
            out[3, row] = stop - 1
            out[4, row] += stop - start
            out[6, row] = at[stop - 1]
    else:
        rows[place] = found
        if found < out.shape[1]:
            out[0, found], out[1, found] = track, place
            out[2, found], out[3, found], out[4, found] = start, stop - 1, stop - start
            out[5, found], out[6, found] = at[start], at[stop - 1]
        found += 1
    lasts[place] = stop - 1
    return found


@inlined
def _sort(out: Ints, begin: int, end: int) -> None:
    """Put a track's visits in order of start, then place; they nearly are.

    Only the places of one list, and fixes of the same moment, come out of order.
    """
    for i in range(begin + 1, end):
        j = i
        while j > begin and (
            out[5, j - 1] > out[5, j] or (out[5, j - 1] == out[5, j] and out[1, j - 1] > out[1, j])
        ):
            for column in range(1, len(out)):
                out[column, j - 1], out[column, j] = out[column, j], out[column, j - 1]
            j -= 1
