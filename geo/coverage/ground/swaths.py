"""Fixes joined to lines, which a patrol's reach makes swaths of, each with its week."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geo.coverage.cells import Floats, Ints
from geo.coverage.engine.projection import fit_patches
from geo.coverage.engine.tracks import Tracks
from geo.coverage.ground.raster import Raster
from geo.model.time import SECOND_US


class Swaths(NamedTuple):
    """Lines between fixes, metres east and north of the raster's corner, from south to north.

    A fix with no line to the next or from the one before is a line of no length.
    """

    start_east_m: Floats
    start_north_m: Floats
    end_east_m: Floats
    end_north_m: Floats
    week: Ints

    def only(self, which: Ints) -> Swaths:
        """Keep some."""
        return Swaths(
            self.start_east_m[which],
            self.start_north_m[which],
            self.end_east_m[which],
            self.end_north_m[which],
            self.week[which],
        )


def swaths_of(tracks: Tracks, raster: Raster, *, week_borders_us: Ints, max_gap_s: float) -> Swaths:
    """Join fixes to lines, each with the week it lies in."""
    east_m, north_m = fit_patches(tracks.lon, tracks.lat).project(tracks.lon, tracks.lat)
    east_m, north_m = east_m - raster.west_m, north_m - raster.south_m
    at_us = tracks.at_us(np.arange(len(tracks)))
    week = np.searchsorted(week_borders_us, at_us, side="right") - 1
    week[week == len(week_borders_us) - 1] = -1
    joined = np.zeros(len(tracks), dtype=bool)
    joined[:-1] = at_us[1:] - at_us[:-1] <= max_gap_s * SECOND_US
    joined[tracks.first[1:] - 1] = False
    alone = ~joined
    alone[1:] &= ~joined[:-1]
    start, single = np.flatnonzero(joined), np.flatnonzero(alone)
    across = start[week[start] != week[start + 1]]
    begin = np.concatenate([start, across, single])
    end = np.concatenate([start + 1, across + 1, single])
    weeks = np.concatenate([week[start], week[across + 1], week[single]])
    known = np.flatnonzero((weeks >= 0) & np.isfinite(east_m[begin]) & np.isfinite(east_m[end]))
    begin, end, weeks = begin[known], end[known], weeks[known]
    down = north_m[begin] > north_m[end]
    begin, end = np.where(down, end, begin), np.where(down, begin, end)
    return Swaths(east_m[begin], north_m[begin], east_m[end], north_m[end], weeks)
