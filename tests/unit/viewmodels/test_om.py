"""The worked examples on the page *Om*, counted again with the program's own functions."""

from datetime import date

import pytest

from geo.coverage.evenness import gini
from geo.coverage.pace import expected, pace
from geo.coverage.presence import KOPER
from geo.coverage.table import coverage_table
from geo.model.period import Period
from geo.model.shape import DEFAULT_RADIUS_M
from geo.services.recording import FAR_OUTSIDE_M
from geo.services.snapshot import read_snapshot
from geo.store.memory import MemoryStore
from geo.wording import Wording
from tests.unit.coverage.frames import designations, place, presence, visit
from ui.viewmodels import om

SV = Wording("sv")


def section(title: str) -> om.Section:
    found = [
        one
        for part in om.parts(SV, inspection_interval_days=365)
        for one in part.sections
        if one.title == title
    ]
    assert len(found) == 1, title
    return found[0]


def test_officer_and_patrol_minutes() -> None:
    rows = coverage_table(
        designations(place()),
        presence(
            visit("2021-03-05 20:00", "2021-03-05 20:15"),
            visit("2021-03-05 20:10", "2021-03-05 20:20"),
        ),
        period=Period(date(2021, 3, 1), date(2021, 4, 1)),
        by="all",
    )
    told = section("Tjänsteminuter och patrullminuter").example
    assert f"{rows['officer_min'][0]:.0f} tjänsteminuter" in told
    assert f"{rows['patrol_min'][0]:.0f} patrullminuter" in told


@pytest.mark.parametrize(
    ("days", "longest", "waiting"), [((11, 21), 10, 5), ((), 30, 15)], ids=["two", "none"]
)
def test_gaps(days: tuple[int, ...], longest: int, waiting: int) -> None:
    # Day 10 and 20 are the ends of those days: the first moments of the 11th and 21st.
    rows = coverage_table(
        designations(place()),
        presence(*(visit(f"2021-06-{d:02} 00:00", f"2021-06-{d:02} 00:00") for d in days)),
        period=Period(date(2021, 6, 1), date(2021, 7, 1)),
        by="all",
    )
    assert rows["longest_gap_days"][0] == pytest.approx(longest)
    assert rows["avg_idleness_days"][0] == pytest.approx(waiting)
    assert section("Längsta uppehåll och väntan i snitt").example.endswith(
        "längsta uppehåll 10 dagar, väntan i snitt 5 dagar. Utan besök: 30 och 15."
    )


def test_shares_are_written_as_it_says() -> None:
    told = section("Procent och avrundning")
    for share, written in ((0.996, "99 %"), (0.004, "<1 %")):
        assert SV.percent(share).replace("\xa0", " ") == written
        assert written in told.example
    assert "rundas alltid nedåt" in told.text
    assert (SV.elapsed(6.96, digits=1), SV.elapsed(6.96)) == ("6,9", "6")
    assert "6,96 dagar skrivs 6,9 eller 6." in told.example


def test_length_bands_are_those_that_are_used() -> None:
    text = section("Besökets längd").text
    assert f"Under {KOPER.short_from_min:.0f} minuter" in text
    assert f"{KOPER.recommended_from_min:.0f}–{KOPER.recommended_to_min:.0f} minuter" in text
    assert "tumregel" in text


def test_evenness() -> None:
    told = section("Jämnhet").example
    assert gini([5, 5, 5, 5]) == pytest.approx(0)
    assert f"{gini([10, 8, 2, *[0] * 7]):.2f}".replace(".", ",") in told


def test_target() -> None:
    rows = coverage_table(
        designations(place(per_week=3)),
        presence(*(visit(f"2021-02-{d:02} 12:00", f"2021-02-{d:02} 12:10") for d in range(1, 10))),
        # Four weeks without a change of clocks.
        period=Period(date(2021, 2, 1), date(2021, 3, 1)),
        by="all",
    )
    assert SV.percent(rows["target_share"][0]).replace("\xa0", " ") in section(
        "Mål per plats"
    ).example.replace("\xa0", " ")


def test_hit_in_time() -> None:
    rows = coverage_table(
        designations(place(unsafe="Sa 20:00-24:00")),
        presence(
            visit("2021-03-06 21:00", "2021-03-06 21:30"),  # a Saturday
            visit("2021-03-09 10:00", "2021-03-09 10:30"),  # a Tuesday
        ),
        period=Period(date(2021, 3, 1), date(2021, 4, 1)),
        by="all",
    )
    assert rows["hit_in_time_share"][0] == pytest.approx(0.5)
    assert section("Otrygga timmar").example.endswith("50 %.")


def test_radius_distance_and_interval_are_those_that_are_used() -> None:
    text = section("Platsens område").text
    assert f"{DEFAULT_RADIUS_M:.0f} meters radie" in text
    assert f"mer än {FAR_OUTSIDE_M:.0f} meter" in text
    (due,) = (
        one
        for part in om.parts(SV, inspection_interval_days=90)
        for one in part.sections
        if one.title == "Ska ses över och försenad"
    )
    assert "90 dagar efter" in due.text


def test_pace() -> None:
    year, on = Period(date(2021, 1, 1), date(2022, 1, 1)), date(2021, 6, 30)
    told = section("I fas").example
    assert f"{expected(4, year, on=on):.2f}".replace(".", ",") in told
    assert pace(2, 4, year, on=on).status == "on_pace"


def test_the_data_sheet_of_an_empty_store_says_so() -> None:
    facts = om.data_sheet(read_snapshot(MemoryStore()), SV, version="1", basemap="simple")
    by_name = {fact.name: fact.value for fact in facts}
    assert by_name["Besök"] == "0"
    assert by_name["Senaste besök"] == "inga än"


def test_no_section_claims_an_effect() -> None:
    assert "säger inte om det gav mer trygghet" in section("Ingen effekt").text
