"""A few patrols as tracks: along the streets between places, and standing still in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from geo.model.location import Location
from geo.model.visit import Fix, Track
from geo.services.demo.dice import Dice
from geo.services.demo.ground import Spot, spot_in
from geo.services.demo.year import FIRST_ON, LAST_ON, Year, local

_TOPIC = 6
_TRACKS = 15
_MOVING_S = 20
_STANDING_S = 30
_M_PER_STEP = {"fotpatrull": 28, "bil": 190}
"""About 1.4 m/s on foot and 34 km/h by car, between fixes 20 s apart."""
_LONGEST_WALK_M = 900


def example_tracks(places: Sequence[Location], *, year: Year, seed: int) -> tuple[Track, ...]:
    """Invent tracks through two to four neighbouring places each, in time order.

    Neighbours are places that follow each other in the file; patrols walk between
    near ones and drive between others.  Fixes come every 20–30 s with a few metres
    of error and now and then a gap.
    """
    dice = Dice(seed=seed, topic=_TOPIC)
    chosen = []
    for _ in range(_TRACKS):
        day = FIRST_ON + timedelta(days=dice.roll(0, (LAST_ON - FIRST_ON).days - 1))
        starts_at = local(day, dice.roll(17 * 60, 22 * 60))
        there = [spot_in(place) for place in places if place.is_designated(day)]
        first, many = dice.roll(0, max(0, len(there) - 12)), dice.roll(2, 4)
        stops = there[first : first + many]
        if stops and year.is_open(day):
            chosen.append((starts_at, stops))
    chosen.sort(key=lambda track: track[0])
    return tuple(
        _track(number, starts_at=starts_at, stops=stops, dice=dice)
        for number, (starts_at, stops) in enumerate(chosen, start=1)
    )


def _track(number: int, *, starts_at: datetime, stops: Sequence[Spot], dice: Dice) -> Track:
    is_near = all(a.about_m_to(b) <= _LONGEST_WALK_M for a, b in pairwise(stops))
    kind = "fotpatrull" if is_near else "bil"
    at = starts_at
    fixes: list[Fix] = []
    here = stops[0].moved(east_m=dice.roll(-160, 160), north_m=dice.roll(120, 220))
    for stop in stops:
        steps = max(1, here.about_m_to(stop) // _M_PER_STEP[kind])
        for step in range(steps):
            if not dice.chance(3):  # the receiver loses its sky at times
                fixes.append(_fix(at, here.towards(stop, step=step, of=steps), dice=dice))
            at += timedelta(seconds=_MOVING_S)
        for _ in range(dice.roll(8, 30)):
            fixes.append(_fix(at, stop, dice=dice))
            at += timedelta(seconds=_STANDING_S)
        here = stop
    return Track(
        track_id=f"exempel-spar-{number:02d}",
        name=f"Exempelspår {number}",
        kind=kind,
        source="exempel",
        fixes=tuple(fixes),
        example=True,
    )


def _fix(at: datetime, spot: Spot, *, dice: Dice) -> Fix:
    seen = spot.moved(east_m=dice.roll(-4, 4), north_m=dice.roll(-4, 4))
    return Fix(at, seen.lon, seen.lat)
