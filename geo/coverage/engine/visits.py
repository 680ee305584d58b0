"""The front of the engine: fixes and places in, visits and counts out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.coverage.cells import Bools, Ints
from geo.coverage.engine.compiling import Form, engine
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.projection import fit_patches
from geo.coverage.engine.shapes import Fault
from geo.coverage.engine.tracks import Counts, Tracks, tracks_of
from geo.model.time import SECOND_US

By = Literal["fixes", "lines"]

MAX_GAP_S: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When presence is a visit.

    Attributes
    ----------
    max_gap_s
        The longest time between two fixes that still belong together, inclusive.  By fixes: two
        fixes inside.  By lines: two fixes that a line bridges.
    max_away_s
        By lines only: the longest absence within a visit, inclusive.
    min_dwell_s
        The shortest visit to keep, inclusive; 0 keeps also a moment.
    silence_s
        A visit with a longer silence between two fixes of its track is flagged.
    max_speed_m_s
        A visit with a faster step between two fixes of its track, or into or out of it, is
        flagged.  None flags nothing, and saves projecting all fixes.
    """

    max_gap_s: float = MAX_GAP_S
    max_away_s: float = MAX_GAP_S
    min_dwell_s: float = 0.0
    silence_s: float | None = None
    max_speed_m_s: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the engine found.

    Attributes
    ----------
    visits
        ``track_id, location_id, start_at, end_at, fix_count, is_silent, is_too_fast`` in order of
        track (first appearance), start, place.  `fix_count` are the fixes inside; by lines those
        between start and end, 0 for a drive through between two fixes.
    counts
        What became of the fixes.
    faults
        Places and zones left out or repaired.
    """

    visits: pd.DataFrame
    counts: Counts
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Visits as arrays: positions of track and place, microseconds, counts, flags."""

    track: Ints
    place: Ints
    start_us: Ints
    end_us: Ints
    fix_count: Ints
    is_silent: Bools
    is_too_fast: Bools


def find_visits(
    fixes: pd.DataFrame,
    places: gpd.GeoDataFrame,
    *,
    zones: gpd.GeoDataFrame | None = None,
    by: By = "fixes",
    rules: Rules | None = None,
    threads: int = 1,
    form: Form = "auto",
) -> Found:
    """Find when each track was in each place.

    Parameters
    ----------
    fixes
        ``track_id, at, lon, lat`` in any order.
    places
        As for ``index_places``; presence counts while the place is designated.
    zones
        Where presence is no patrol.
    by
        *fixes*: from first to last fix inside.  *lines*: from where the line between fixes enters
        to where it leaves; finds who drives through between two fixes.
    rules
        When presence is a visit.
    threads
        How many tracks are worked on at a time; the result does not depend on it.
    form
        Which form of the engine.
    """
    index = index_places(places, zones=zones)
    tracks, track_ids, counts = tracks_of(fixes)
    found = visits_of(tracks, index, by=by, rules=rules or Rules(), threads=threads, form=form)
    visits = pd.DataFrame(
        {
            "track_id": track_ids.take(found.track),
            "location_id": index.place_ids.take(found.place),
            "start_at": pd.to_datetime(found.start_us, unit="us", utc=True).as_unit("us"),
            "end_at": pd.to_datetime(found.end_us, unit="us", utc=True).as_unit("us"),
            "fix_count": found.fix_count,
            "is_silent": found.is_silent,
            "is_too_fast": found.is_too_fast,
        }
    )
    return Found(visits, counts, index.faults)


def visits_of(
    tracks: Tracks,
    index: PlaceIndex,
    *,
    by: By = "fixes",
    rules: Rules,
    threads: int = 1,
    form: Form = "auto",
) -> Visits:
    """Do the same on columns."""
    if by == "fixes":
        return _by_fixes(tracks, index, rules, threads, form)
    return _by_lines(_without_doubles(tracks), index, rules, threads, form)


def _by_fixes(tracks: Tracks, index: PlaceIndex, rules: Rules, threads: int, form: Form) -> Visits:
    found = engine(form).visits_by_fixes(
        tracks,
        index,
        max_gap_ticks=int(rules.max_gap_s * SECOND_US // tracks.tick_us),
        threads=threads,
    )
    start_us, end_us = tracks.ticks_us(found.start), tracks.ticks_us(found.end)
    silent = _silent(tracks, rules, found.first + 1, found.last)
    fast = _too_fast(tracks, rules, found.first, found.last + 1)
    visits = Visits(found.track, found.place, start_us, end_us, found.count, silent, fast)
    return _long_enough(visits, rules)


def _by_lines(tracks: Tracks, index: PlaceIndex, rules: Rules, threads: int, form: Form) -> Visits:
    chosen = engine(form)
    found = chosen.visits_by_lines(
        tracks,
        index,
        max_gap_us=int(rules.max_gap_s * SECOND_US),
        max_away_us=int(rules.max_away_s * SECOND_US),
        threads=threads,
    )
    first, after = chosen.fixes_within(tracks, found.track, found.start_us, found.end_us)
    silent = _silent(tracks, rules, first, after)
    fast = _too_fast(tracks, rules, first, after)
    visits = Visits(
        found.track, found.place, found.start_us, found.end_us, after - first, silent, fast
    )
    return _long_enough(visits, rules)


def _long_enough(visits: Visits, rules: Rules) -> Visits:
    keep = visits.end_us - visits.start_us >= rules.min_dwell_s * SECOND_US
    if keep.all():
        return visits
    return Visits(*(getattr(visits, name)[keep] for name in Visits.__slots__))


def _without_doubles(tracks: Tracks) -> Tracks:
    """Keep the first fix of each moment of a track: a line cannot be in two places at once."""
    double = np.zeros(len(tracks), dtype=bool)
    double[1:] = tracks.at[1:] == tracks.at[:-1]
    starts = tracks.first[:-1]
    double[starts[starts < len(tracks)]] = False
    if not double.any():
        return tracks
    kept = ~double
    first = np.r_[0, np.cumsum(kept)][tracks.first]
    return replace(
        tracks, lon=tracks.lon[kept], lat=tracks.lat[kept], at=tracks.at[kept], first=first
    )


def _silent(tracks: Tracks, rules: Rules, from_step: Ints, to_step: Ints) -> Bools:
    """Tell which visits have a long silence; step n leads to fix n from the one before it."""
    if rules.silence_s is None:
        return np.zeros(len(from_step), dtype=bool)
    took_us = np.diff(tracks.at.astype(np.int64)) * tracks.tick_us
    return _any_step(tracks, took_us > int(rules.silence_s * SECOND_US), from_step, to_step)


def _too_fast(tracks: Tracks, rules: Rules, from_step: Ints, to_step: Ints) -> Bools:
    """Tell which visits have an impossible step in, into or out of them."""
    if rules.max_speed_m_s is None:
        return np.zeros(len(from_step), dtype=bool)
    east_m, north_m = fit_patches(tracks.lon, tracks.lat).project(tracks.lon, tracks.lat)
    length_m = np.hypot(np.diff(east_m), np.diff(north_m))
    took_s = np.diff(tracks.at.astype(np.int64)) * (tracks.tick_us / SECOND_US)
    return _any_step(tracks, length_m > rules.max_speed_m_s * took_s, from_step, to_step)


def _any_step(tracks: Tracks, flagged: Bools, from_step: Ints, to_step: Ints) -> Bools:
    """Tell for which ranges of steps, both ends included, any step is flagged."""
    within = np.ones(len(tracks) + 1, dtype=bool)
    within[tracks.first] = False  # No step leads to the first fix of a track.
    before = np.zeros(len(tracks) + 2, dtype=np.int64)
    before[2:-1] = np.cumsum(flagged & within[1:-1])
    before[-1] = before[-2]
    found: Bools = before[np.minimum(to_step, len(tracks)) + 1] > before[from_step]
    return found
