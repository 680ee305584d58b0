"""What *Genomgångar* says, lists and opens."""

from datetime import date

import pytest

from geo.model.period import Period
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from tests.unit.viewmodels.world import SV, building, inspection, world
from ui.viewmodels.building_list import building_list, in_area
from ui.viewmodels.genomgangar import inspected
from ui.viewmodels.inspection_tasks import deficiency_list, no_access_list, to_do
from ui.viewmodels.opened_building import opened_building
from ui.viewmodels.space_states import Asked, Kept

SPRING = Selection(Period(date(2021, 1, 4), date(2021, 4, 5)))
NBSP = "\N{NO-BREAK SPACE}"


def asked(**more: object) -> Asked:
    return Asked(**{"on": date(2021, 4, 4), "interval_days": 365, **more})  # type: ignore[arg-type]


@pytest.fixture
def stock() -> Snapshot:
    """Seven spaces in three buildings of two areas."""
    return world(
        building("h2", "källare", "vind", "tvättstuga", address="Hedbovägen 2"),
        building("h10", "källare", "vind", address="Hedbovägen 10"),
        building("a1", "källare", "förråd", address="Assbergsvägen 1", area="Assberg"),
        inspection("h2", "källare", "2021-02-01", "brist", due_on=date(2021, 3, 1), found="Lås"),
        inspection("h2", "vind", "2021-02-01", "ej_tilltrade", due_on=date(2021, 3, 15)),
        inspection("h10", "källare", "2021-03-01"),
        inspection("h10", "vind", "2020-03-01"),
    )


def test_the_sentence_counts_reviews_of_the_period_and_names_untouched_areas(
    stock: Snapshot,
) -> None:
    said = inspected(stock, SPRING, SV, asked()).sentence
    # Five källare and vindar; the attic of h10 was seen the year before, h2's was locked.
    assert f"**2 av 5** källare och vindar gåtts igenom (40{NBSP}%)" in said
    # The locked attic missed its new date, h10's attic its year.
    assert "**2** är försenade." in said
    assert "**1** brist är inte åtgärdad, 1 efter utsatt dag." in said
    assert "I **Assberg** är inget utrymme sett än." in said


def test_shares_per_area_and_kind_of_space(stock: Snapshot) -> None:
    areas = inspected(stock, SPRING, SV, asked(kept="all")).areas.texts().set_index("Område")
    assert areas.loc["Hedbo", ["Genomgånget", "Källare", "Vind", "Övriga"]].tolist() == [
        f"{share}{NBSP}%" for share in (40, 100, 0, 0)
    ]
    assert areas.loc["Assberg", ["Källare", "Vind", "Övriga", "Utrymmen"]].tolist() == [
        f"0{NBSP}%",
        "finns inte",
        f"0{NBSP}%",
        "2",
    ]
    # Without other spaces on the page there is no column for them.
    assert "Övriga" not in inspected(stock, SPRING, SV, asked()).areas.texts()


@pytest.mark.parametrize(("kept", "spaces"), [("basement_attic", 5), ("all", 7), ("others", 2)])
def test_which_spaces_are_looked_at(stock: Snapshot, kept: Kept, spaces: int) -> None:
    areas = inspected(stock, SPRING, SV, asked(kept=kept)).areas.rows
    assert areas["stock"].sum() == spaces


def test_buildings_worst_first_with_their_two_states(stock: Snapshot) -> None:
    found = building_list(stock, SPRING, SV, asked())
    assert found.ids == ("h2", "h10", "a1")
    told = found.texts().set_index("Adress")
    assert told.loc["Hedbovägen 2", ["K · Källare", "V · Vind"]].tolist() == [
        "! brist",
        "◌ aldrig sedd",
    ]
    assert told.loc["Hedbovägen 10", ["K · Källare", "V · Vind"]].tolist() == [
        "✓ klar",
        "◐ ska ses över",
    ]
    assert told.loc["Assbergsvägen 1", "V · Vind"] == "–"
    due = building_list(stock, SPRING, SV, asked(states=("due",)))
    assert due.ids == ("h10",)
    assert in_area(found, "Assberg").ids == ("a1",)


def test_what_to_do_stands_in_the_order_to_walk(stock: Snapshot) -> None:
    found = to_do(stock, SPRING, SV, asked(kept="all")).texts()
    assert found[["Adress", "Utrymme", "Vad", "Senast", "Läge"]].to_numpy().tolist() == [
        ["Assbergsvägen 1", "källare", "Se över: aldrig sedd", "–", ""],
        ["Assbergsvägen 1", "förråd", "Se över: aldrig sedd", "–", ""],
        # Number 2 before number 10.
        ["Hedbovägen 2", "källare", "Åtgärda: Lås", "1 mars 2021", "försenad"],
        ["Hedbovägen 2", "vind", "Nytt försök: ingen kom in senast", "15 mars 2021", "försenad"],
        ["Hedbovägen 2", "tvättstuga", "Se över: aldrig sedd", "–", ""],
        ["Hedbovägen 10", "vind", "Se över igen", "1 mars 2021", "försenad"],
    ]


def test_deficiencies_and_locked_doors_have_their_days(stock: Snapshot) -> None:
    assert deficiency_list(stock, SPRING, SV, asked()).texts()["Klart senast"].tolist() == [
        "1 mars 2021"
    ]
    assert no_access_list(stock, SPRING, SV, asked()).texts()["Nytt datum"].tolist() == [
        "15 mars 2021"
    ]


def test_an_opened_building_shows_all_its_spaces_and_its_past(stock: Snapshot) -> None:
    found = opened_building(stock, SPRING, SV, asked(), "h2")
    assert found is not None
    assert found.title == "Hedbovägen 2, Hedbo"
    # The laundry is there too, though the page looks at källare and vind.
    assert found.next_due == "Aldrig sedd: tvättstuga."
    assert found.spaces.texts()["Utrymme"].tolist() == ["källare", "vind", "tvättstuga"]
    assert found.history.texts()["Uppföljning"].tolist() == [
        "nytt försök 15 mars 2021",
        "klart senast 1 mars 2021",
    ]
    assert opened_building(stock, SPRING, SV, asked(), "finns-inte") is None


def test_what_is_due_next(stock: Snapshot) -> None:
    found = opened_building(stock, SPRING, SV, asked(), "h10")
    assert found is not None
    assert found.next_due == "Försenat: vind skulle ha setts över senast 1 mars 2021."
    earlier = opened_building(stock, SPRING, SV, asked(on=date(2021, 1, 1)), "h10")
    assert earlier is not None
    assert earlier.next_due == "Aldrig sedd: källare."


def test_each_kind_of_nothing_says_what_to_do() -> None:
    assert "Importera byggnader" in inspected(world(), SPRING, SV, asked()).sentence
    narrowed = Selection(SPRING.period, areas=("Rydal",))
    assert "Ta bort något filter" in inspected(world(), narrowed, SV, asked()).sentence
    only_laundry = world(building("a", "tvättstuga"))
    assert "Välj andra utrymmen" in inspected(only_laundry, SPRING, SV, asked()).sentence
    assert not len(to_do(world(), SPRING, SV, asked()))
