"""Which fixes of its track a stay holds, compiled."""

from __future__ import annotations

from geo.coverage.cells import Ints
from geo.coverage.engine.compiled import compiled, inlined
from geo.coverage.engine.tracks import Ticks


@compiled
def find_fixes(
    at: Ticks, first: Ints, track: Ints, opens: Ints, closes: Ints, begin: Ints, end: Ints
) -> None:
    """Find the first fix of each stay, and the one after its last.

    Parameters
    ----------
    at, first
        The fixes; see ``Tracks``.
    track, opens, closes
        Of each stay: its track, and its time in ticks, half-open.
    begin, end
        Get the fixes.
    """
    for stay in range(len(track)):
        low, high = first[track[stay]], first[track[stay] + 1]
        begin[stay] = _bisect(at, low, high, opens[stay])
        end[stay] = _bisect(at, begin[stay], high, closes[stay])


@inlined
def _bisect(at: Ticks, low: int, high: int, moment: int) -> int:
    """Find the first fix from `low` before `high` that is not before a moment."""
    while low < high:
        middle = (low + high) // 2
        if at[middle] < moment:
            low = middle + 1
        else:
            high = middle
    return low
