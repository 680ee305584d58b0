"""Log, correct, take back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from shapely import Point

from geo.errors import ConflictError, DataError, NotFoundError, SchemaError
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.period import Period
from geo.model.visit import Visit
from geo.services.coverage import coverage
from geo.services.recording import (
    FLAG_FAR_OUTSIDE,
    hints,
    latest_by,
    make,
    put_back,
    save,
    take_back,
)
from geo.services.snapshot import read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Store

NOW = datetime(2021, 5, 10, 20, tzinfo=UTC)


def a_place(**content: object) -> Location:
    values = {
        "location_id": "torget",
        "name": "Torget",
        "kind": "torg",
        "geometry": Point(12.694, 57.507),
        "radius_m": 50,
        "visits_per_week": 1,
        **content,
    }
    return Location.model_validate(values)


def a_visit(**content: object) -> Visit:
    values = {
        "visit_id": "b1",
        "location_id": "torget",
        "start_at": NOW - timedelta(minutes=15),
        "end_at": NOW,
        **content,
    }
    return Visit.model_validate(values)


@pytest.fixture
def store() -> Store:
    store = MemoryStore()
    save(store, a_place(), account="lokal", now=NOW)
    building = Building(
        building_id="h1",
        address="Gatan 1",
        area="Hedbo",
        spaces=("källare",),
        geometry=Point(12.69, 57.5),
    )
    save(store, building, account="lokal", now=NOW)
    return store


def test_a_logged_visit_ends_the_wait_of_its_place(store: Store) -> None:
    period = Period(date(2021, 5, 1), date(2021, 5, 11))
    before = coverage(read_snapshot(store), period).iloc[0]
    save(store, a_visit(), account="lokal", now=NOW)
    after = coverage(read_snapshot(store), period).iloc[0]

    assert before["days_since_last"] != before["days_since_last"]  # NaN: never visited
    # NOW is 22:00 in Sweden, two hours before the period ends.
    assert after["days_since_last"] == pytest.approx(2 / 24)
    assert (before["visits"], after["visits"]) == (0, 1)


def test_sending_a_form_twice_is_one_visit(store: Store) -> None:
    save(store, a_visit(), account="lokal", now=NOW)
    save(store, a_visit(), account="lokal", now=NOW)
    assert len(store.history(Visit, "b1")) == 1


def test_the_same_key_for_something_else_is_a_conflict(store: Store) -> None:
    save(store, a_visit(), account="lokal", now=NOW)
    with pytest.raises(ConflictError):
        save(store, a_visit(officers=3), account="lokal", now=NOW)


def test_a_correction_of_a_version_somebody_else_changed_is_a_conflict(store: Store) -> None:
    save(store, a_visit(), account="lokal", now=NOW)
    save(store, a_visit(officers=2), expects=1, account="annan", now=NOW)
    with pytest.raises(ConflictError, match="ändrats av någon annan"):
        save(store, a_visit(officers=3), expects=1, account="lokal", now=NOW)


def test_taken_back_and_put_back(store: Store) -> None:
    save(store, a_visit(), account="lokal", now=NOW)
    take_back(store, Visit, "b1", expects=1, account="lokal", now=NOW)
    assert read_snapshot(store).visits.empty
    put_back(store, Visit, "b1", account="lokal", now=NOW)
    assert list(read_snapshot(store).visits["visit_id"]) == ["b1"]
    with pytest.raises(NotFoundError):
        put_back(store, Visit, "b1", account="lokal", now=NOW)


def test_what_an_account_logged_last_comes_first(store: Store) -> None:
    for name in ("b1", "b3", "b2"):
        save(store, a_visit(visit_id=name), account="lokal", now=NOW)
    save(store, a_visit(visit_id="b9"), account="annan", now=NOW)
    found = latest_by(store, Visit, account="lokal", most=2)
    assert [stored.record.visit_id for stored in found] == ["b2", "b3"]


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (a_visit(location_id="nowhere"), "Platsen nowhere finns inte"),
        (a_visit(end_at=NOW + timedelta(hours=2), start_at=NOW + timedelta(hours=1)), "framtiden"),
        (
            Inspection(
                inspection_id="g1",
                building_id="h1",
                space="vind",
                inspected_at=NOW,
                outcome="brist",
            ),
            "Utrymmet vind finns inte",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    store: Store, record: Visit | Inspection, sentence: str
) -> None:
    with pytest.raises(DataError, match=sentence):
        save(store, record, account="lokal", now=NOW)


def test_a_visit_far_from_its_place_is_kept_and_flagged(store: Store) -> None:
    save(store, a_visit(lon=12.694, lat=57.51), account="lokal", now=NOW)
    (stored,) = store.standing(Visit)
    assert stored.record.flags == (FLAG_FAR_OUTSIDE,)
    # Moved to where it belongs, it loses its flag.
    save(
        store,
        stored.record.model_copy(update={"lat": 57.507}),
        expects=1,
        account="lokal",
        now=NOW,
    )
    assert store.standing(Visit)[0].record.flags == ()


def test_a_new_target_begins_a_new_piece_of_the_history(store: Store) -> None:
    changed = a_place(visits_per_week=7, designated_from=date(2021, 5, 3))
    save(store, changed, account="lokal", now=NOW)
    pieces = read_snapshot(store).locations
    assert [(p.designated_from, p.designated_to, p.visits_per_week) for p in pieces] == [
        (None, date(2021, 5, 3), 1),
        (date(2021, 5, 3), None, 7),
    ]


def test_make_names_everything_that_is_wrong() -> None:
    with pytest.raises(SchemaError) as caught:
        make(Visit, {"visit_id": "b1", "start_at": "i går", "end_at": NOW, "officers": 0})
    assert {field for field, _ in caught.value.faults} == {"start_at", "officers"}


def test_free_text_that_points_at_a_person_is_named() -> None:
    visit = a_visit(note="Pratade med 19900101-1234, tel 070-123 45 67, bil ABC 12D, a.b@c.se")
    assert hints(visit) == ("personnummer", "telefonnummer", "registreringsnummer", "e-postadress")
    assert hints(a_visit(note="Trasig lampa vid port 12, 3 cyklar")) == ()
