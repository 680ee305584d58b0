"""The sentences on tracks."""

from __future__ import annotations

from datetime import date

import pytest

from geo.maps.ground_tiles import GroundTiles, ground_tiles
from geo.maps.surroundings import fallback_outline
from geo.model.period import Period
from geo.model.visit import Fix, Track
from geo.services.ground import ground_of
from geo.services.tracks import tracks_in_records
from geo.wording import Wording
from tests.unit.viewmodels.world import SV, local
from ui.viewmodels.tracks import ground_told, unread_told


@pytest.fixture(scope="module")
def walked() -> GroundTiles:
    """Five thousandths of a degree through Kinna, in week 10."""
    fixes = tuple(Fix(local(f"2021-03-09T20:0{n}"), 12.69 + n / 1_000, 57.507) for n in (0, 5))
    walk = Track(track_id="t", name="t", kind="fotpatrull", fixes=fixes)
    found = ground_of(tracks_in_records([walk]), fallback_outline())
    assert found is not None
    return ground_tiles(found.squares, first_on=found.first_on)


# 5/1 000° is 299.6 m: a strip of 50 m and a circle of 25 m, 0.0169 km² of some 930.
COVERED = "0,02 km² (<0,1\xa0% av ytan) inom 25 m från ett spår."


@pytest.mark.parametrize(
    ("from_on", "to_on", "told"),
    [
        (date(2021, 3, 1), date(2021, 3, 8), "Vecka 9: inget spår."),
        (date(2021, 3, 8), date(2021, 3, 15), f"Vecka 10: {COVERED}"),
        # A piece of a week is the week's, since weeks are kept whole.
        (date(2021, 3, 8), date(2021, 3, 9), f"Vecka 10: {COVERED}"),
        (date(2021, 3, 1), date(2021, 3, 29), f"Hela perioden: {COVERED}"),
        # A Sunday and a Monday are two weeks.
        (date(2021, 3, 7), date(2021, 3, 9), f"Hela perioden: {COVERED}"),
        (date(2020, 3, 9), date(2020, 3, 16), "Vecka 11: inget spår."),
        (date(2021, 3, 22), date(2021, 4, 22), "Hela perioden: inget spår."),
    ],
)
def test_the_ground_covered_is_said_for_a_week_or_for_the_period(
    walked: GroundTiles, from_on: date, to_on: date, told: str
) -> None:
    assert ground_told(walked, Period(from_on, to_on), SV) == told


def test_no_tracks_are_no_ground() -> None:
    week = Period(date(2021, 3, 8), date(2021, 3, 15))
    assert ground_told(None, week, Wording("en")) == "Week 10: no track."


def test_files_that_could_not_be_read_are_said_by_number() -> None:
    assert unread_told(0, SV) == ""
    assert unread_told(1, SV) == "1 fil med GPS-punkter är skadad och visas inte."
    assert unread_told(2, SV) == "2 filer med GPS-punkter är skadade och visas inte."
