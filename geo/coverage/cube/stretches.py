"""Visits → stretches: the time each set of kinds was at a place.

The union of overlapping visits cannot be added up over kinds: where a foot patrol and a car met,
the sum counts twice.  Stretches can: each moment of a place lies in one stretch at most, and
somebody of the wanted kinds was there in those whose set has one of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.coverage.cells import Ints


class Stretches(NamedTuple):
    """Times at a place during which the set of kinds there did not change.

    Attributes
    ----------
    place
        Position among the places.
    start_us, end_us
        Half-open, never empty; those of a place do not overlap.
    kinds
        Bit k for kind k; never 0.
    """

    place: Ints
    start_us: Ints
    end_us: Ints
    kinds: Ints


def stretches_of(
    place: Ints, start_us: Ints, end_us: Ints, kind: Ints, *, kind_count: int, length_us: int
) -> Stretches:
    """Find the stretches of visits.

    Parameters
    ----------
    place, start_us, end_us, kind
        Visits in any order, overlapping or not, ``0 ≤ start_us ≤ end_us ≤ length_us``; those of
        zero length take no time.
    kind_count
        How many kinds there are, at most 62.
    length_us
        Of the period; places × kinds × `length_us` must stay below 2⁶².
    """
    some = start_us < end_us
    if not some.any():
        none = np.empty(0, dtype=np.int64)
        return Stretches(none, none, none, none)
    stride = length_us + 1
    lane = place[some] * kind_count + kind[some]
    start, end = lane * stride + start_us[some], lane * stride + end_us[some]
    order = np.argsort(start, kind="stable")
    start, reached = start[order], np.maximum.accumulate(end[order])
    # Per kind first: thereafter a kind begins and ends alternately at a place.
    new = np.ones(len(start), dtype=bool)
    new[1:] = start[1:] > reached[:-1]
    first = np.flatnonzero(new)
    start, end = start[first], reached[np.r_[first[1:], len(new)] - 1]
    lane = start // stride
    bit = np.int64(1) << (lane % kind_count)
    to_place = (lane // kind_count - lane) * stride
    at = np.concatenate([start + to_place, end + to_place])
    order = np.argsort(at, kind="stable")
    at, kinds = at[order], np.cumsum(np.concatenate([bit, -bit])[order])
    is_stretch = np.zeros(len(at), dtype=bool)
    is_stretch[:-1] = (at[1:] > at[:-1]) & (kinds[:-1] != 0)
    begins = np.flatnonzero(is_stretch)
    place = at[begins] // stride
    base = place * stride
    return Stretches(place, at[begins] - base, at[begins + 1] - base, kinds[begins])
