"""Work without visits: operations, school work, meetings, campaigns, walks, views received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from geo.model.activity import Activity
from geo.model.location import Location
from geo.services.demo.dice import Dice
from geo.services.demo.year import FIRST_ON, LAST_ON, Year

_TOPIC = 5

# Four were promised.  One each quarter, late in it: the pace line is crossed again and again,
# so the item is on pace right after an operation and behind before the next.
_OPERATIONS = (
    (date(2021, 3, 12), "Kinna"),
    (date(2021, 6, 11), "Skene"),
    (date(2021, 9, 17), "Kinna och Skene"),
    (date(2021, 12, 3), "Fritsla"),
)

# Publicly announced, 18:00 and one hour; that is all that is known about them.
_WALKS = (
    (date(2021, 11, 4), "Hedbo", "hedbo-kvarterslokalen"),
    (date(2021, 11, 25), "Snickaren", "snickaren-innergarden"),
    (date(2021, 12, 2), "Assberg", "assberg-planen"),
)

_SCHOOL_WORK = ("Lektion om narkotika", "Rastvandring", "Temadag om näthat", "Samtal i klass")
_TOWNS = ("Kinna", "Skene", "Örby", "Fritsla", "Sätila", "Horred", "Björketorp", "Hyssna")
_CAMPAIGNS = (
    (date(2021, 4, 26), date(2021, 4, 30), "Utskick till vårdnadshavare inför valborg"),
    (date(2021, 10, 11), date(2021, 10, 22), "Information om narkotika och ungas nätvanor"),
)
_VIEWS = (
    "Mörkt, lampan är trasig",
    "Känns otryggt sent på kvällen",
    "Häcken behöver klippas",
    "Mycket skräp och glas",
    "Högljutt på helgkvällar",
    "Bra att polisen syns här",
)


def example_activities(
    places: Sequence[Location], *, year: Year, seed: int
) -> tuple[Activity, ...]:
    """Invent the activities of 2021, in the order they began."""
    dice = Dice(seed=seed, topic=_TOPIC)
    known = {place.location_id for place in places}
    drafts = [
        *_operations(dice=dice),
        *_walks(known),
        *_school_work(dice=dice),
        *_guardian_work(dice=dice),
        *_views(places, dice=dice),
    ]
    drafts = [draft for draft in drafts if year.is_open(draft["from_on"])]
    drafts.sort(key=lambda draft: draft["from_on"])  # stable
    return tuple(
        Activity(
            activity_id=f"exempel-aktivitet-{number:03d}",
            example=True,
            **{"to_on": draft["from_on"]} | draft,
        )
        for number, draft in enumerate(drafts, start=1)
    )


def _operations(*, dice: Dice) -> list[dict[str, Any]]:
    drafts = []
    for day, town in _OPERATIONS:
        begins = day + timedelta(days=dice.roll(-3, 3))
        drafts.append(
            {
                "kind": "riktad insats narkotika",
                "from_on": begins,
                "to_on": begins + timedelta(days=dice.roll(0, 1)),
                "place_text": town,
            }
        )
    return drafts


def _walks(known: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "kind": "trygghetsvandring",
            "from_on": day,
            "location_id": location_id if location_id in known else None,
            "place_text": area,
            "note": "Offentligt utlyst kl. 18.00, en timme. Hur den gick är inte känt.",
        }
        for day, area, location_id in _WALKS
    ]


def _weekday(month: int, *, dice: Dice) -> date:
    day = date(2021, month, dice.roll(1, 28))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _school_work(*, dice: Dice) -> list[dict[str, Any]]:
    """Schools have their terms: nothing in June's end, July and August's beginning."""
    months = (2, 2, 2, 3, 3, 4, 5, 5, 9, 9, 10, 10, 11, 11, 12)
    return [
        {
            "kind": "skolarbete",
            "from_on": _weekday(month, dice=dice),
            "place_text": f"En skola i {dice.pick(_TOWNS)}",
            "note": dice.pick(_SCHOOL_WORK),
        }
        for month in months
    ]


def _guardian_work(*, dice: Dice) -> list[dict[str, Any]]:
    meetings: list[dict[str, Any]] = [
        {
            "kind": "föräldramöte",
            "from_on": _weekday(month, dice=dice),
            "place_text": f"En skola i {dice.pick(_TOWNS)}",
            "note": "Enligt Öckerömetoden." if dice.chance(60) else None,
        }
        for month in (2, 3, 4, 9, 9, 10, 10, 11)
    ]
    campaigns = [
        {"kind": "informationsinsats", "from_on": begins, "to_on": ends, "note": note}
        for begins, ends, note in _CAMPAIGNS
    ]
    return meetings + campaigns


def _views(places: Sequence[Location], *, dice: Dice) -> list[dict[str, Any]]:
    """Views and tips from residents, about a place and never about a person."""
    drafts: list[dict[str, Any]] = []
    days = (LAST_ON - FIRST_ON).days
    for _ in range(18):
        day = FIRST_ON + timedelta(days=dice.roll(0, days))
        designated = [place for place in places if place.is_designated(day)]
        if designated:
            drafts.append(
                {
                    "kind": "synpunkt",
                    "from_on": day,
                    "location_id": dice.pick(designated).location_id,
                    "note": dice.pick(_VIEWS),
                }
            )
    return drafts
