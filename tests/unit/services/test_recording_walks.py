"""The inspections of one walk are stored together, and what an account wrote last is found."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.errors import ConflictError, DataError
from geo.model.building import Building, Inspection
from geo.services.recording import hints, latest_by, save_inspections
from geo.store.memory import MemoryStore
from geo.store.store import Put, Withdraw

NOW = datetime(2021, 5, 10, 20, tzinfo=UTC)


def a_store() -> MemoryStore:
    store = MemoryStore()
    building = Building(
        building_id="h1",
        address="Gatan 1",
        area="Hedbo",
        spaces=("källare", "vind"),
        geometry=Point(12.69, 57.5),
    )
    store.write([Put(building)], origin="account:lokal", at=NOW)
    return store


def an_inspection(key: str, space: str = "källare", **content: object) -> Inspection:
    values = {
        "inspection_id": key,
        "building_id": "h1",
        "space": space,
        "inspected_at": NOW - timedelta(hours=1),
        "outcome": "utan_anmarkning",
        **content,
    }
    return Inspection.model_validate(values)


def test_a_walk_is_stored_whole_or_not_at_all() -> None:
    store = a_store()
    walk = [an_inspection("1"), an_inspection("2", "tvättstuga")]
    with pytest.raises(DataError, match="Utrymmet tvättstuga finns inte"):
        save_inspections(store, walk, account="lokal", now=NOW)
    assert store.standing(Inspection) == []
    save_inspections(
        store, [an_inspection("1"), an_inspection("2", "vind")], account="lokal", now=NOW
    )
    assert len({s.revision for s in store.standing(Inspection)}) == 1


def test_the_same_walk_again_does_no_harm_and_another_one_is_a_conflict() -> None:
    store = a_store()
    walk = [an_inspection("1"), an_inspection("2", "vind")]
    save_inspections(store, walk, account="lokal", now=NOW)
    save_inspections(store, walk, account="lokal", now=NOW)
    assert [s.version for s in store.standing(Inspection)] == [1, 1]
    other = [walk[0], an_inspection("2", "vind", outcome="brist")]
    with pytest.raises(ConflictError):
        save_inspections(store, other, account="lokal", now=NOW)


def test_keys_are_no_text_about_persons() -> None:
    # "abc123" reads like a number plate; as a key it is the program's own.
    assert hints(an_inspection("abc123")) == ()
    assert hints(an_inspection("1", outcome="brist", deficiencies="Bil abc123")) == (
        "registreringsnummer",
    )


@given(
    writes=st.lists(
        st.tuples(st.integers(0, 6), st.sampled_from(("lokal", "anna")), st.booleans()),
        max_size=25,
    ),
    most=st.integers(1, 5),
)
def test_the_latest_are_those_a_look_at_everything_finds(
    writes: list[tuple[int, str, bool]], most: int
) -> None:
    store = a_store()
    for step, (key, account, is_withdrawal) in enumerate(writes):
        standing = store.standing(Inspection, [str(key)])
        expects = standing[0].version if standing else 0
        if is_withdrawal and standing:
            change: Put | Withdraw = Withdraw(Inspection, str(key), expects)
        else:
            record = an_inspection(str(key), inspected_at=NOW - timedelta(minutes=step + 1))
            change = Put(record, expects=expects)
        store.write([change], origin=f"account:{account}", at=NOW)
    every = [s for s in store.standing(Inspection) if s.origin == "account:lokal"]
    slow = sorted(every, key=lambda stored: stored.revision, reverse=True)[:most]
    assert latest_by(store, Inspection, account="lokal", most=most) == slow
