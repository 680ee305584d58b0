"""How the promise stands: domain.md's own figures, and published outcomes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from shapely import Point

from geo.model.activity import Activity
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.promise import CountRule, Promise, PromiseItem
from geo.model.record import Record
from geo.model.visit import Visit
from geo.services.promises import Standing, promise_records, promise_standing
from geo.services.snapshot import read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put

AT = datetime(2022, 1, 1, tzinfo=UTC)


def standing_of(item_id: str, *records: Record, on: date) -> Standing:
    store = MemoryStore()
    store.write([Put(record) for record in records], origin="account:local", at=AT)
    found = promise_standing(read_snapshot(store), on=on)
    return next(one for one in found if one.item.item_id == item_id)


def operations(*days: date) -> list[Activity]:
    return [
        Activity(activity_id=f"a{n}", kind="Riktad insats narkotika", from_on=day, to_on=day)
        for n, day in enumerate(days)
    ]


NARCOTICS = "medborgarlofte-2021-narkotika"


def test_half_a_year_into_four_operations() -> None:
    # 181 of 365 days gone at the end of 30 June: 4 · 181/365 = 1.98.
    two = operations(date(2021, 2, 1), date(2021, 6, 30))
    one = standing_of(NARCOTICS, *two, on=date(2021, 6, 30))
    assert one.pace.expected == pytest.approx(1.98, abs=0.005)
    assert (one.pace.actual, one.pace.target, one.pace.status) == (2, 4, "on_pace")
    assert one.record_ids == ("a0", "a1")


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ((date(2021, 2, 1),), "behind"),
        # Another year's operation, and one after the day asked for, do not count.
        ((date(2021, 2, 1), date(2020, 12, 31), date(2021, 7, 1)), "behind"),
        (tuple(date(2021, m, 1) for m in range(1, 5)), "met"),
    ],
)
def test_only_what_is_done_by_then_counts(days: tuple[date, ...], status: str) -> None:
    assert standing_of(NARCOTICS, *operations(*days), on=date(2021, 6, 30)).pace.status == status


@pytest.mark.parametrize(
    ("target", "done"),
    # Göteborg Centrum 2018: at least 6 → 11, at least 4 → 4.  Kungälv 2020–21: 2 → 2, 20 → 40.
    [(6, 11), (4, 4), (2, 2), (20, 40)],
)
def test_published_outcomes_are_met(target: int, done: int) -> None:
    promise = Promise(
        promise_id="l", title="Löfte", from_on=date(2018, 1, 1), to_on=date(2019, 1, 1)
    )
    item = PromiseItem(
        item_id="l1",
        promise_id="l",
        order=1,
        owner="polisen",
        text="Insatser",
        target=target,
        rule=CountRule(counts="activities", kinds=("insats",)),
    )
    acts = [
        Activity(activity_id=f"a{n}", kind="insats", from_on=day, to_on=day)
        for n in range(done)
        for day in [date(2018, 1, 1) + timedelta(days=n)]
    ]
    assert standing_of("l1", promise, item, *acts, on=date(2018, 12, 31)).pace.status == "met"


def test_an_item_without_a_number_is_counted_and_not_measured() -> None:
    one = standing_of(
        "medborgarlofte-2021-skolor",
        Activity(
            activity_id="s",
            kind="skolarbete",
            from_on=date(2021, 3, 1),
            to_on=date(2021, 3, 1),
        ),
        on=date(2021, 6, 30),
    )
    assert (one.pace.actual, one.pace.status) == (1, "not_measurable")


def test_places_are_on_target_or_not_at_any_time_of_the_year() -> None:
    def place(name: str, per_week: float | None) -> Location:
        return Location(
            location_id=name,
            name=name,
            kind="torg",
            geometry=Point(12.69, 57.5),
            visits_per_week=per_week,
            designated_from=date(2021, 1, 1),
        )

    weekly = [
        Visit(visit_id=f"b{n}", location_id="often", start_at=at, end_at=at + timedelta(minutes=5))
        for n in range(4)
        for at in [datetime(2021, 1, 2, 12, tzinfo=UTC) + timedelta(weeks=n)]
    ]
    one = standing_of(
        "medborgarlofte-2021-narvaro",
        place("often", 1),
        place("never", 1),
        place("no target", None),
        *weekly,
        on=date(2021, 1, 28),  # four weeks
    )
    assert (one.pace.actual, one.pace.target, one.pace.status) == (1, 2, "behind")
    assert (one.record_ids, one.missing_ids) == (("often",), ("never",))


def test_spaces_gone_through_of_the_whole_stock() -> None:
    building = Building(
        building_id="h1",
        address="Gatan 1",
        area="Hedbo",
        spaces=("källare", "vind", "tvättstuga"),
        geometry=Point(12.69, 57.5),
    )

    def look(name: str, space: str, outcome: str, year: int = 2021) -> Inspection:
        return Inspection.model_validate(
            {
                "inspection_id": name,
                "building_id": "h1",
                "space": space,
                "inspected_at": datetime(year, 3, 1, 9, tzinfo=UTC),
                "outcome": outcome,
            }
        )

    one = standing_of(
        "medborgarlofte-2021-kallare-vindar",
        building,
        look("g1", "källare", "utan_anmarkning"),
        look("g2", "källare", "brist"),  # the same space twice is one space
        look("g3", "vind", "ej_tilltrade"),  # nobody got in
        look("g4", "vind", "utan_anmarkning", year=2020),  # another year
        look("g5", "tvättstuga", "utan_anmarkning"),  # not promised
        on=date(2021, 12, 31),
    )
    assert (one.pace.actual, one.pace.target, one.pace.status) == (1, 2, "behind")
    assert one.missing_ids == ("h1/vind",)


def test_a_promise_not_begun_is_not_listed() -> None:
    found = promise_standing(read_snapshot(MemoryStore()), on=date(2020, 12, 31))
    assert found == []


def test_records_are_plain_values() -> None:
    found = promise_records(promise_standing(read_snapshot(MemoryStore()), on=date(2021, 6, 30)))
    narcotics = next(record for record in found if record["item_id"] == NARCOTICS)
    assert narcotics["expected"] == pytest.approx(1.983561643835616)
    assert (narcotics["actual"], narcotics["status"]) == (0, "behind")
