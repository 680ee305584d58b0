"""A year of patrol visits: uneven between places, denser at night and at weekends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from geo.model.location import Location
from geo.model.visit import Visit
from geo.services.demo.dice import Dice
from geo.services.demo.ground import spot_in
from geo.services.demo.year import MONDAYS, Year, local

_TOPIC = 2

# Per cent of its target a place is given, from the most important to the least:
# some reach it, some fall behind, some far behind, and the last is never visited.
_DILIGENCE = (
    *(140, 150, 128, 96, 126, 62, 142, 88, 132, 72, 135, 54),
    *(84, 112, 42, 66, 130, 32, 58, 24, 48, 20, 13, 0),
)
_VISITS_PER_WEEK_WITHOUT_TARGET = 0.9

# How much is done in each hour, Monday–Thursday, Friday, Saturday and Sunday.
_MON_THU = (3, 2, 1, 1, 0, 0, 1, 2, 3, 3, 3, 3, 3, 4, 5, 6, 6, 6, 8, 9, 10, 10, 8, 5)
_FRIDAY = (3, 2, 1, 1, 0, 0, 1, 2, 3, 3, 3, 3, 3, 4, 5, 6, 7, 8, 11, 14, 17, 19, 20, 18)
_SATURDAY = (15, 11, 7, 3, 1, 0, 0, 1, 1, 2, 3, 4, 5, 6, 6, 6, 7, 8, 11, 14, 17, 19, 20, 18)
_SUNDAY = (15, 11, 7, 3, 1, 0, 0, 1, 1, 2, 3, 3, 4, 5, 5, 5, 6, 6, 7, 7, 7, 6, 5, 4)
_RHYTHM = (*_MON_THU * 4, *_FRIDAY, *_SATURDAY, *_SUNDAY)

_KINDS = ("fotpatrull", "bil", "patrull", "områdespolis")
_KIND_WEIGHTS = (35, 30, 20, 15)
_OFFICER_WEIGHTS = (12, 72, 11, 5)
_ALONE_WEIGHTS = (75, 25, 0, 0)
_REASONS = (
    "Prioriterat larm",
    "Passet avbröts",
    "Snöoväder",
    "Vägen var avstängd",
    "Evenemang på platsen",
)
_NOTES = (
    "Belysningen ur funktion.",
    "Lugnt på platsen.",
    "Klotter på väggen, anmält till fastighetsägaren.",
    "Glaskross, renhållningen meddelad.",
    "Häcken skymmer sikten.",
    "Många ute, god stämning.",
)


def example_visits(places: Sequence[Location], *, year: Year, seed: int) -> tuple[Visit, ...]:
    """Invent the visits of 2021, in the order they began.

    Parameters
    ----------
    places
        Pieces of places, the most important first within a priority.
    year
        Nothing is reported in its silent weeks.
    seed
        0 or more.

    Returns
    -------
    tuple of Visit
        Begun in 2021, while their place was designated; numbered by start.
    """
    dice = Dice(seed=seed, topic=_TOPIC)
    drafts: list[dict[str, Any]] = []
    percents = _percents(places)
    for place in places:
        bend = dice.roll(-40, 40)
        hours = _hours_of_week(place, eagerness=dice.roll(0, 5))
        for week, monday in enumerate(MONDAYS):
            # Some places are seen to better in spring, others in autumn, no two weeks are alike.
            season = 100 + bend * (week - 26) // 26
            wanted = place.visits_per_week
            if wanted is None:
                wanted = _VISITS_PER_WEEK_WITHOUT_TARGET
            thousandths = round(wanted * 1_000) * percents[place.location_id] * season // 10_000
            for _ in range(dice.rounded(thousandths * dice.roll(50, 150) // 100)):
                hour_of_week = dice.weighed(hours)
                day = monday + timedelta(days=hour_of_week // 24)
                minute = hour_of_week % 24 * 60 + dice.roll(0, 59)
                draft = _visit(place, dice=dice)
                draft["start_at"] = local(day, minute)
                if year.is_open(day) and place.is_designated(day):
                    drafts.append(draft)
    return _numbered(drafts)


def _percents(places: Sequence[Location]) -> dict[str, int]:
    """Share the diligence out by importance; a place without target is looked at now and then."""
    importance: dict[str, tuple[int, int]] = {}
    for order, place in enumerate(places):
        weight = (place.priority or 3, order)
        importance[place.location_id] = min(importance.get(place.location_id, weight), weight)
    measured = {place.location_id for place in places if place.visits_per_week}
    ranked = sorted(measured, key=importance.__getitem__)
    last = max(1, len(ranked) - 1)
    percents = dict.fromkeys(importance, 100)
    for rank, location_id in enumerate(ranked):
        percents[location_id] = _DILIGENCE[rank * (len(_DILIGENCE) - 1) // last]
    return percents


def _hours_of_week(place: Location, *, eagerness: int) -> list[int]:
    """Weigh the hours of the week for a place: the more eager, the more in its unsafe hours."""
    if place.unsafe_hours is None:
        return list(_RHYTHM)
    unsafe = (place.unsafe_hours.matrix() > 0).ravel().tolist()
    return [
        weight * (1 + eagerness * is_unsafe)
        for weight, is_unsafe in zip(_RHYTHM, unsafe, strict=True)
    ]


def _visit(place: Location, *, dice: Dice) -> dict[str, Any]:
    """Invent everything about a visit except when it begins."""
    kind = _KINDS[dice.weighed(_KIND_WEIGHTS)]
    weights = _ALONE_WEIGHTS if kind == "områdespolis" else _OFFICER_WEIGHTS
    draft: dict[str, Any] = {
        "location_id": place.location_id,
        "kind": kind,
        "officers": 1 + dice.weighed(weights),
        "minutes": _minutes(place, dice=dice),
        "note": dice.pick(_NOTES) if dice.chance(4) else None,
    }
    if dice.chance(2):
        draft |= {"done": False, "not_done_reason": dice.pick(_REASONS), "note": None}
    elif dice.chance(4):
        draft |= _position(place, dice=dice)
    return draft


def _minutes(place: Location, *, dice: Dice) -> int:
    if place.minutes_per_visit is None:
        return dice.roll(2, 22)
    enough = round(place.minutes_per_visit)
    luck = dice.roll(1, 100)
    if luck <= 12:  # too short to count, at times only driven through
        return dice.roll(1, max(1, enough - 1))
    if luck <= 94:
        return enough + dice.roll(0, 9)
    return enough + dice.roll(20, 60)


def _position(place: Location, *, dice: Dice) -> dict[str, Any]:
    """Give a visit a position: mostly in its place, which it then need not name."""
    middle = spot_in(place)
    luck = dice.roll(1, 10)
    if luck <= 7:
        spot = middle.moved(east_m=dice.roll(-5, 5), north_m=dice.roll(-5, 5))
        return {"location_id": None, "lon": spot.lon, "lat": spot.lat}
    if luck <= 9:  # by the place that is named, or some way off
        north_m = dice.pick((-220, -8, 6, 10))
        spot = middle.moved(east_m=dice.roll(-8, 8), north_m=north_m)
        return {"lon": spot.lon, "lat": spot.lat}
    spot = middle.moved(east_m=dice.roll(350, 700), north_m=dice.roll(-500, 500))
    return {"location_id": None, "lon": spot.lon, "lat": spot.lat}


def _numbered(drafts: list[dict[str, Any]]) -> tuple[Visit, ...]:
    drafts.sort(key=lambda draft: draft["start_at"])  # stable: equal starts keep their order
    visits = []
    for number, draft in enumerate(drafts, start=1):
        minutes = draft.pop("minutes")
        visits.append(
            Visit(
                visit_id=f"exempel-besok-{number:05d}",
                end_at=draft["start_at"] + timedelta(minutes=minutes),
                source="exempel",
                example=True,
                **draft,
            )
        )
    return tuple(visits)
