"""How long patrols were where their receivers say, as points of presence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from geo.coverage.cells import Ints
from geo.coverage.engine.tracks import Tracks
from geo.maps.presence_tiles import PresenceIndex, day_borders, index_presence
from geo.model.time import SECOND_US

MAX_GAP_S: Final = 300
"""Fixes further apart in time say nothing of where the patrol was between them."""


def track_presence(parts: Sequence[Tracks]) -> PresenceIndex:
    """Put the fixes of all time in the order map tiles ask for them.

    A fix counts with the seconds until the next one of its track, or one second where that is
    more than ``MAX_GAP_S`` away or there is none.  This is time in tracks, not in visits: a logged
    visit of the same patrol is not among it.
    """
    lon, lat = (
        np.concatenate([np.zeros(0, np.int32), *(getattr(part, name) for part in parts)])
        for name in ("lon", "lat")
    )
    at_us = [part.at_us(np.arange(len(part))) for part in parts]
    seconds = [_seconds(part, at) for part, at in zip(parts, at_us, strict=True)]
    whole_us = np.concatenate([np.zeros(0, np.int64), *at_us])
    return index_presence(
        lon,
        lat,
        np.concatenate([np.zeros(0, np.int64), *seconds]),
        whole_us,
        borders_us=day_borders(whole_us),
    )


def _seconds(tracks: Tracks, at_us: Ints) -> Ints:
    """Give the seconds each fix stands for; 0 where the next is far off or another track's."""
    until = np.zeros(len(at_us), dtype=np.int64)
    until[:-1] = np.diff(at_us) // SECOND_US
    ends = tracks.first[1:] - 1
    until[ends[np.diff(tracks.first) > 0]] = 0
    until[until > MAX_GAP_S] = 0
    return until
