"""The housing company's buildings, and a year of going through their spaces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import shapely

from geo.model.building import SPACES, Building, Inspection, Space
from geo.services.demo.dice import Dice
from geo.services.demo.ground import Spot
from geo.services.demo.year import LAST_ON, Year, local

_BUILDINGS_TOPIC = 3
_INSPECTIONS_TOPIC = 4


@dataclass(frozen=True, slots=True)
class _Area:
    """A housing area: about where it is, how it is built, and how far its review came in 2021."""

    name: str
    key: str
    middle: Spot
    street: str
    buildings: int
    in_a_row: int
    slant_m: int
    reviewed_percent: int
    starts_on: date


# Hedbo, Assberg, Snickaren and Muraren are named in the promise of 2018.  Which houses stand
# there, their addresses and what was found in them is invented.
_AREAS = (
    _Area("Hedbo", "hedbo", Spot(12_655_200, 57_492_900), "Exempelgatan", 32, 6, 9, 96,
          date(2021, 1, 18)),
    _Area("Assberg", "assberg", Spot(12_634_600, 57_494_900), "Exempelvägen", 28, 6, -7, 86,
          date(2021, 3, 1)),
    _Area("Snickaren", "snickaren", Spot(12_687_900, 57_512_200), "Exempelstigen", 20, 5, 12, 92,
          date(2021, 4, 26)),
    _Area("Muraren", "muraren", Spot(12_691_900, 57_514_600), "Exempelgränd", 16, 4, 5, 75,
          date(2021, 5, 24)),
    _Area("Kinna centrum", "kinna", Spot(12_695_900, 57_508_600), "Exempeltorget", 14, 5, -10, 64,
          date(2021, 8, 30)),
    _Area("Skene centrum", "skene", Spot(12_646_900, 57_490_300), "Exempelallén", 22, 6, 8, 59,
          date(2021, 9, 20)),
    _Area("Örby", "orby", Spot(12_709_800, 57_478_000), "Exempelbacken", 18, 5, -12, 50,
          date(2021, 10, 4)),
    _Area("Fritsla", "fritsla", Spot(12_784_300, 57_556_700), "Exempelängen", 16, 4, 10, 44,
          date(2021, 10, 18)),
    _Area("Horred", "horred", Spot(12_474_400, 57_357_900), "Exempelliden", 8, 4, 6, 38,
          date(2021, 11, 8)),
    _Area("Sätila", "satila", Spot(12_436_800, 57_542_100), "Exempelkroken", 8, 3, -6, 38,
          date(2021, 6, 7)),
    _Area("Rydal", "rydal", Spot(12_693_600, 57_556_400), "Exempelslingan", 6, 3, 8, 34,
          date(2021, 11, 15)),
    _Area("Hyssna", "hyssna", Spot(12_546_200, 57_563_600), "Exempelrundan", 4, 2, 4, 25,
          date(2021, 11, 22)),
    _Area("Björketorp", "bjorketorp", Spot(12_529_900, 57_431_600), "Exempelplan", 4, 2, -5, 25,
          date(2021, 9, 6)),
    _Area("Torestorp", "torestorp", Spot(12_680_100, 57_387_500), "Exempelhöjden", 4, 2, 7, 0,
          date(2021, 12, 6)),
)  # fmt: skip

# How often, in per cent, a building has each space, and how often one is gone through
# beside the basements and attics that were promised.
_HAS_PERCENT: dict[Space, int] = {
    "källare": 88, "vind": 62, "förråd": 45, "tvättstuga": 55,
    "trapphus": 90, "cykelrum": 30, "miljörum": 25,
}  # fmt: skip
_PROMISED: frozenset[Space] = frozenset({"källare", "vind"})
_ALSO_PERCENT = 22

_OUTCOMES = ("utan_anmarkning", "anmarkning", "brist", "ej_tilltrade")
_OUTCOME_WEIGHTS = (66, 12, 15, 7)
_REMARKS = ("Skräp i gången", "Klotter på väggen", "Lampa trasig", "Möbler ställda i gången")
_DEFICIENCIES = (
    "Trasigt lås på dörren",
    "Belysningen ur funktion",
    "Tecken på tillhåll: madrass och skräp",
    "Dörrstängaren fungerar inte",
    "Uppbrutet förråd",
    "Krossat fönster mot gården",
    "Galler saknas vid fönstret",
    "Brandfarligt upplag i gången",
)


def example_buildings(*, seed: int) -> tuple[Building, ...]:
    """Invent the buildings, area by area; every address says that it is an example."""
    dice = Dice(seed=seed, topic=_BUILDINGS_TOPIC)
    return tuple(
        _building(area, number=number, dice=dice)
        for area in _AREAS
        for number in range(1, area.buildings + 1)
    )


def _building(area: _Area, *, number: int, dice: Dice) -> Building:
    row, column = divmod(number - 1, area.in_a_row)
    rows = -(-area.buildings // area.in_a_row)
    # Rows of houses 46 m apart and 38 m within, slanting a little, none quite in line.
    spot = area.middle.moved(
        east_m=38 * column - 19 * (area.in_a_row - 1) + area.slant_m * row + dice.roll(-5, 5),
        north_m=46 * row - 23 * (rows - 1) - area.slant_m * column + dice.roll(-5, 5),
    )
    spaces = tuple(space for space in SPACES if dice.chance(_HAS_PERCENT[space]))
    return Building(
        building_id=f"exempel-{area.key}-{number:02d}",
        address=f"{area.street} {number}",
        area=area.name,
        spaces=spaces or ("källare",),
        geometry=shapely.Point(spot.lon, spot.lat),
        example=True,
    )


def example_inspections(
    buildings: Sequence[Building], *, year: Year, seed: int
) -> tuple[Inspection, ...]:
    """Invent what was gone through in 2021 and what was found, in the order it was done.

    Deficiencies end up put right, open, or overdue at the end of the year; where
    nobody could get in there is a new date, mostly kept.
    """
    dice = Dice(seed=seed, topic=_INSPECTIONS_TOPIC)
    areas = {area.name: area for area in _AREAS}
    drafts: list[dict[str, Any]] = []
    for building in buildings:
        area = areas[building.area]
        day = area.starts_on + timedelta(days=dice.roll(0, 25))
        for space in building.spaces:
            percent = area.reviewed_percent if space in _PROMISED else _ALSO_PERCENT
            percent = percent if area.reviewed_percent else 0
            if dice.chance(percent):
                drafts += _story(building.building_id, space, day=day, year=year, dice=dice)
    drafts.sort(key=lambda draft: draft["inspected_at"])  # stable
    return tuple(
        Inspection(inspection_id=f"exempel-genomgang-{number:04d}", example=True, **draft)
        for number, draft in enumerate(drafts, start=1)
    )


def _story(
    building_id: str, space: Space, *, day: date, year: Year, dice: Dice
) -> list[dict[str, Any]]:
    """Go through one space, and come back for what that leads to while the year lasts."""
    told: list[dict[str, Any]] = []
    coming: date | None = day
    calm = False
    while coming is not None:
        on = year.open_weekday(coming)
        if on is None:
            break
        outcome = "utan_anmarkning" if calm else _OUTCOMES[dice.weighed(_OUTCOME_WEIGHTS)]
        draft: dict[str, Any] = {
            "building_id": building_id,
            "space": space,
            "inspected_at": local(on, dice.roll(8 * 60, 15 * 60 + 30)),
            "outcome": outcome,
        }
        coming = None
        if outcome == "anmarkning":
            draft["deficiencies"] = dice.pick(_REMARKS)
        elif outcome == "brist":
            draft["deficiencies"] = dice.pick(_DEFICIENCIES)
            draft["due_on"] = on + timedelta(days=dice.pick((14, 30, 30, 60)))
            fixed_on = on + timedelta(days=dice.roll(1, 75))
            if dice.chance(70) and fixed_on <= LAST_ON:
                draft["fixed_on"] = fixed_on
                if dice.chance(35):
                    coming, calm = fixed_on + timedelta(days=dice.roll(1, 14)), True
        elif outcome == "ej_tilltrade":
            draft["due_on"] = on + timedelta(days=dice.roll(7, 28))
            if dice.chance(70):
                coming = draft["due_on"]
        told.append(draft)
    return told
