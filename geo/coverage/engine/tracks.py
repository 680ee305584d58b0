"""Fixes as columns, in order of track and time; what is left out is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.coverage.cells import NAT_US, Bools, Ints, microseconds
from geo.coverage.engine.degrees import Units, quantised

Ticks = NDArray[np.int64] | NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """Fixes, whole tracks one after the other, each in order of time.

    Attributes
    ----------
    lon, lat
        In units of 1e-7 degrees.
    at
        Moments, `tick_us` microseconds each, since `origin_us`: whole seconds fit in an int32.
    first
        ``(tracks + 1)``: which fixes are whose.
    origin_us, tick_us
        What `at` is counted from, and in.
    """

    lon: Units
    lat: Units
    at: Ticks
    first: Ints
    origin_us: int = 0
    tick_us: int = 1

    def __len__(self) -> int:
        """Count the fixes."""
        return len(self.at)

    def at_us(self, fix: Ints) -> Ints:
        """Give the moments of some fixes, in microseconds since 1970 UTC."""
        return self.ticks_us(self.at[fix].astype(np.int64))

    def ticks_us(self, ticks: Ints) -> Ints:
        """Give moments in ticks in microseconds since 1970 UTC."""
        return self.origin_us + ticks * self.tick_us

    def ticks(self, moments_us: Ints) -> Ints:
        """Give the first tick not before each moment."""
        return -((self.origin_us - moments_us) // self.tick_us)

    def track_of(self, fix: Ints) -> Ints:
        """Give the track of each fix."""
        return np.searchsorted(self.first, fix, side="right") - 1

    def only(self, kept: Bools) -> Tracks:
        """Keep some tracks whole; one truth value per track."""
        lengths = np.diff(self.first)
        fixes = np.repeat(kept, lengths)
        return replace(
            self,
            lon=self.lon[fixes],
            lat=self.lat[fixes],
            at=self.at[fixes],
            first=np.r_[0, np.cumsum(lengths[kept])],
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the fixes; every one is in `used` or in exactly one of the *without* ones.

    Attributes
    ----------
    fixes
        All rows given.
    used
        Those that took part.
    without_track, without_time, without_position, outside_world
        Left out: no track, no moment, NaN or infinite coordinates, beyond ±180° or ±90°.
    out_of_order
        Used, and put in order: earlier than the fix before them in their track.
    same_moment
        Used, at the moment of another fix of their track (doubles are among them).
    tracks, one_fix_tracks
        Tracks with a used fix, and those with just one.
    """

    fixes: int
    used: int
    without_track: int = 0
    without_time: int = 0
    without_position: int = 0
    outside_world: int = 0
    out_of_order: int = 0
    same_moment: int = 0
    tracks: int = 0
    one_fix_tracks: int = 0


def tracks_of(fixes: pd.DataFrame) -> tuple[Tracks, pd.Index, Counts]:
    """Put a frame of fixes in order.

    Parameters
    ----------
    fixes
        ``track_id, at, lon, lat`` in any order; fixes without one of them are left out.

    Returns
    -------
    tuple
        The fixes in order, the id of each track in order of first appearance, the counts.
    """
    at = microseconds(fixes["at"])
    lon, lat, missing, outside = quantised(
        fixes["lon"].to_numpy(dtype=np.float64, na_value=np.nan),
        fixes["lat"].to_numpy(dtype=np.float64, na_value=np.nan),
    )
    track, ids = pd.factorize(fixes["track_id"])
    no_track = track < 0
    no_time = ~no_track & (at == NAT_US)
    missing &= ~(no_track | no_time)
    outside &= ~(no_track | no_time)
    used = np.flatnonzero(~(no_track | no_time | missing | outside))
    if len(used) < len(at):
        track, at, lon, lat = track[used], at[used], lon[used], lat[used]
    tracks, backwards, same_moment = in_order(track, at, lon, lat, track_count=len(ids))
    lengths = np.diff(tracks.first)
    counts = Counts(
        fixes=len(fixes),
        used=len(used),
        without_track=int(no_track.sum()),
        without_time=int(no_time.sum()),
        without_position=int(missing.sum()),
        outside_world=int(outside.sum()),
        out_of_order=backwards,
        same_moment=same_moment,
        tracks=int((lengths > 0).sum()),
        one_fix_tracks=int((lengths == 1).sum()),
    )
    return tracks, pd.Index(ids), counts


def in_order(
    track: Ints, at: Ints, lon: Units, lat: Units, *, track_count: int
) -> tuple[Tracks, int, int]:
    """Put columns of fixes in order of track and time; the order of the same moments is kept.

    Parameters
    ----------
    track
        The track of each fix, below `track_count`.
    at, lon, lat
        As in ``Tracks``.
    track_count
        How many tracks there are, those without a fix among them.

    Returns
    -------
    tuple
        The fixes; how many were earlier than the fix before them in their track; how many are
        at the moment of the fix before them.
    """
    if (track[1:] < track[:-1]).any():
        by_track = np.argsort(track, kind="stable")
        track, at, lon, lat = track[by_track], at[by_track], lon[by_track], lat[by_track]
    same_track = track[1:] == track[:-1]
    backwards = int((same_track & (at[1:] < at[:-1])).sum())
    if backwards:
        by_time = np.lexsort((at, track))
        at, lon, lat = at[by_time], lon[by_time], lat[by_time]
    same_moment = int((same_track & (at[1:] == at[:-1])).sum())
    lengths = np.bincount(track, minlength=track_count)
    return Tracks(lon, lat, at, np.r_[0, np.cumsum(lengths)]), backwards, same_moment
