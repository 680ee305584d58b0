"""A small scene: five places, one of them named by somebody hostile, and two housing areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from shapely.geometry import LineString, Point, Polygon

from geo.maps.cells import hexagon_sums
from geo.maps.ground_tiles import GroundTiles
from geo.maps.layers import Building, HousingArea, MapView, Place, Tiles, VisitPoints, Weeks
from geo.maps.presence_tiles import PresenceIndex, index_presence
from geo.maps.texts import map_texts
from geo.model.period import Period
from geo.model.time import day_start_at, to_us
from geo.wording import Wording

HOSTILE = (
    "{{ 7*7 }} {% raise %} ${document.title='hacked'} `} </script>"
    "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">"
)

PLACES = (
    Place("horred", Point(12.47, 57.36), "far", "Horred, stationen", 150),
    Place("satila", Point(12.44, 57.54), "behind", "Sätila, skolan", 100),
    Place("hostile", Point(12.54, 57.43), "met", HOSTILE, 100),
    Place(
        "torestorp",
        Polygon([(12.67, 57.385), (12.69, 57.385), (12.69, 57.395), (12.67, 57.395)]),
        "unmeasured",
        "Torestorp, parken",
    ),
    Place(
        "fritsla", LineString([(12.78, 57.558), (12.80, 57.562)]), "met", "Fritsla, å-stråket", 30
    ),
)
AREAS = (HousingArea("Hedbo", 12.69, 57.51, 0.72, True), HousingArea("Assberg", 12.60, 57.49, 1.0))
BUILDINGS = tuple(
    Building(f"b{i}", 12.69 + i * 0.0006, 57.51, "Hedbo", basement, attic, f"Hedbovägen {i + 1}")
    for i, (basement, attic) in enumerate(
        [("clear", "due"), ("deficiency", "unseen"), ("none", "clear"), ("due", "deficiency")]
    )
)
WEEKS = Weeks(
    labels=("vecka 20", "vecka 21", "vecka 22"),
    notes=(
        "vecka 20, 2021: 4 besök",
        "vecka 21, 2021: 9 besök",
        "vecka 22, 2021: inget rapporterat",
    ),
    bars=(0.4, 1.0, None),
    states={"horred": ("met", "behind", "far"), "satila": ("absent", "met", "met")},
)

PRESENCE = Tiles(
    url="../../tiles/presence/1/{part}/{z}/{x}/{y}.png",
    whole="20210517-20210607",
    weeks=("20210517-20210524", "20210524-20210531", "20210531-20210607"),
)


def ground(query: Mapping[str, Sequence[str]]) -> tuple[str, GroundTiles | None]:
    """No tracks: the layer is not offered."""
    return "1", None


def ground_said(query: Mapping[str, Sequence[str]], period: Period) -> tuple[str, str]:
    """Never asked for."""
    return "1", ""


def view(*, visits: int = 500, seed: int = 0, **changes: Any) -> MapView:
    """Build the scene; `seed` stands for a filter, `changes` for anything else."""
    random = np.random.default_rng(seed)
    values: dict[str, Any] = {
        "places": PLACES,
        "areas": AREAS,
        "buildings": BUILDINGS,
        "weeks": WEEKS,
        "cells": hexagon_sums(
            random.normal(12.6, 0.08, visits), random.normal(57.47, 0.04, visits)
        ),
        "presence": PRESENCE,
        "points": VisitPoints(np.array([12.471]), np.array([57.361])),
    }
    return MapView(map_texts(Wording("sv")), **{**values, **changes})


def presence(query: Mapping[str, Sequence[str]]) -> tuple[str, PresenceIndex]:
    """Presence in weeks 20 to 22, a town a week: Kinna, Skene, Fritsla."""
    first = date(2021, 5, 17)
    borders = np.array([to_us(day_start_at(first + timedelta(days=n))) for n in range(22)])
    towns = np.repeat([(12.69, 57.51), (12.64, 57.49), (12.79, 57.56)], 500, axis=0)
    spots = towns + np.random.default_rng(1).normal(0, (0.008, 0.004), towns.shape)
    lon, lat = np.rint(spots.T * 1e7).astype(np.int32)
    at_us = np.repeat(borders[[1, 8, 15]], 500)
    return "1", index_presence(lon, lat, np.full(len(lon), 600), at_us, borders_us=borders)


fixes, fixes_said = presence, ground_said
