"""What *Löften* says of each item; numbers from domain.md §4."""

from datetime import date

import pytest

from geo.model.activity import Activity
from geo.model.period import Period
from geo.model.promise import CountRule, Promise, PromiseItem
from geo.model.record import Record
from geo.services.selection import Selection
from tests.unit.viewmodels.world import SV, building, inspection, place, visit, world
from ui.viewmodels.loften import ItemCard, promise_page, promises_begun

YEAR = Selection(Period(date(2021, 1, 1), date(2022, 1, 1)))
JUNE = date(2021, 6, 30)


def operation(n: int, on: date) -> Activity:
    return Activity(
        activity_id=f"a{n}",
        kind="riktad insats narkotika",
        from_on=on,
        to_on=on,
        place_text="Skene",
    )


def card(item: str, *records: Record, on: date = JUNE) -> ItemCard:
    page = promise_page(world(*records), YEAR, SV, "medborgarlofte-2021", on)
    return next(one for one in page.cards if one.item_id == f"medborgarlofte-2021-{item}")


def test_half_a_year_into_four_operations() -> None:
    found = card("narkotika", operation(1, date(2021, 2, 1)), operation(2, date(2021, 6, 30)))
    assert (found.status_told, found.count) == ("→ i fas", "2 av 4")
    # 4 · 181/365 = 1.98.
    assert found.pace == "Jämn takt ger 1,98 till den dagen. 2 återstår."
    assert found.records.texts()["När"].tolist() == ["30 juni 2021", "1 februari 2021"]
    assert found.line is not None
    drawn = found.line.steps
    assert list(zip(drawn["day"].dt.date, drawn["number"], strict=True)) == [
        (date(2021, 1, 1), 0),
        (date(2021, 2, 1), 1),
        (date(2021, 6, 30), 2),
        (date(2021, 7, 1), 2),
    ]
    assert found.line.expected["number"].tolist() == [0, 4]


def test_an_item_without_a_number_is_counted_and_not_judged() -> None:
    school = Activity(
        activity_id="s", kind="skolarbete", from_on=JUNE, to_on=JUNE, location_id="skolan"
    )
    found = card("skolor", school, place("skolan", name="Skolgården"))
    assert (found.status, found.count, found.line) == ("not_measurable", "1", None)
    assert found.pace == "Löftet anger inget antal, så det går bara att räkna."
    assert found.records.text(0, "where") == "Skolgården"


def test_places_are_listed_as_reached_and_not() -> None:
    # January alone: 31 days at one a week expect 4.4 visits.
    weekly = [visit(f"2021-01-{day:02} 20:00", at="nådd") for day in (4, 5, 6, 7, 8)]
    found = card(
        "narvaro",
        place("nådd", per_week=1),
        place("efter", per_week=1),
        place("utan"),
        *weekly,
        on=date(2021, 1, 31),
    )
    assert (found.count, found.status) == ("1 av 2", "behind")
    assert found.records.ids == ("nådd",)
    assert found.missing is not None
    assert found.missing.ids == ("efter",)
    assert found.line is not None
    assert found.line.expected["number"].tolist() == [2, 2]
    assert found.line.steps["number"].tolist() == [1]


def test_spaces_gone_through_and_left_in_the_order_to_walk() -> None:
    found = card(
        "kallare-vindar",
        building("b10", address="Vägen 10"),
        building("b2", "källare", "tvättstuga", address="Vägen 2"),
        inspection("b10", "vind", "2021-02-03"),
        inspection("b10", "vind", "2021-05-03"),
        inspection("b2", "tvättstuga", "2021-02-03"),
        inspection("b2", "källare", "2021-02-03", "ej_tilltrade"),
    )
    assert found.count == "1 av 3"
    # The first of the two is the day it was done.
    assert found.records.texts()["Först genomgånget"].tolist() == ["3 februari 2021"]
    assert found.missing is not None
    assert found.missing.texts()[["Adress", "Utrymme"]].to_numpy().tolist() == [
        ["Vägen 2", "källare"],
        ["Vägen 10", "källare"],
    ]


def test_visits_are_counted_once_each() -> None:
    promise = Promise(
        promise_id="p", title="Löfte", from_on=date(2021, 1, 1), to_on=date(2022, 1, 1)
    )
    item = PromiseItem(
        item_id="p-1",
        promise_id="p",
        order=1,
        owner="polisen",
        text="Minst två besök",
        target=2,
        rule=CountRule(counts="visits"),
    )
    snapshot = world(promise, item, place(), visit("2021-03-01 10:00"), visit("2021-03-02 10:00"))
    page = promise_page(snapshot, YEAR, SV, "p", JUNE)
    assert [one.status_told for one in page.cards] == ["✓ uppfyllt"]
    assert page.cards[0].pace == "Målet är nått."
    assert len(page.cards[0].records) == 2


def test_the_sentence_names_what_is_behind_and_the_day() -> None:
    page = promise_page(world(), YEAR, SV, "medborgarlofte-2021", date(2022, 6, 1))
    # After its end a promise is told as it stood on its last day.
    assert page.sentence.startswith(
        "Till och med 31 december 2021 har **0 av 1** mätbar punkt uppfyllts; "
        "**0** är i fas och **1** är efter."
    )
    assert "Efter: **Minst fyra riktade insatser mot narkotika**" in page.sentence
    assert page.about.endswith("till slutet av 31 december 2021.")


@pytest.mark.parametrize(("on", "count"), [(date(2020, 12, 31), 0), (date(2021, 1, 1), 1)])
def test_a_promise_is_there_from_its_first_day(on: date, count: int) -> None:
    assert len(promises_begun(world(), on=on)) == count


def test_no_item_claims_an_effect() -> None:
    page = promise_page(world(), YEAR, SV, "medborgarlofte-2021", JUNE)
    said = " ".join([page.sentence, *(f"{c.text} {c.pace}" for c in page.cards)])
    assert not any(word in said.casefold() for word in ("effekt", "minskat", "tryggare", "bevis"))
