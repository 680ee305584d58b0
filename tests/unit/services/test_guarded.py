"""A store writes what its account may write, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from shapely import Point

from geo.access import Account
from geo.errors import PermissionDeniedError
from geo.model.building import Inspection
from geo.model.location import Location
from geo.model.record import Record
from geo.model.visit import Visit
from geo.services.guarded import GuardedStore
from geo.store.memory import MemoryStore
from geo.store.store import Change, Put, Withdraw

AT = datetime(2021, 5, 1, 12, tzinfo=UTC)
TODAY = date(2021, 5, 1)
OFFICER = Account("polis-1", "polisen", "officer")
COLLEAGUE = Account("polis-2", "polisen", "officer")
CHIEF = Account("chef-1", "polisen", "police_coordinator")
CARETAKER = Account("mbab-1", "mbab", "caretaker")
MANAGER = Account("mbab-2", "mbab", "housing_manager")
VIEWER = Account("skärm", "polisen", "viewer")

VISIT = Visit(visit_id="b1", location_id="p1", start_at=AT, end_at=AT + timedelta(minutes=9))
PLACE = Location(location_id="p1", name="Torget", kind="torg", geometry=Point(12.7, 57.5))
LOOKED = Inspection(
    inspection_id="g1", building_id="h1", space="vind", inspected_at=AT, outcome="utan_anmarkning"
)


def write(behind: MemoryStore, account: Account, change: Change, origin: str | None = None) -> int:
    store = GuardedStore(behind, account, today=TODAY)
    return store.write([change], origin=origin or f"account:{account.account_id}", at=AT)


@pytest.mark.parametrize(
    ("account", "record"),
    [(OFFICER, VISIT), (CHIEF, VISIT), (CHIEF, PLACE), (CARETAKER, LOOKED), (MANAGER, LOOKED)],
)
def test_what_a_role_may_add(account: Account, record: Record) -> None:
    behind = MemoryStore()
    assert write(behind, account, Put(record)) == 1


@pytest.mark.parametrize(
    ("account", "record"),
    [
        (OFFICER, PLACE),
        (OFFICER, LOOKED),
        (CARETAKER, VISIT),
        (MANAGER, VISIT),
        (MANAGER, PLACE),
        (CHIEF, LOOKED),
        (VIEWER, VISIT),
    ],
)
def test_what_a_role_may_not_add(account: Account, record: Record) -> None:
    behind = MemoryStore()
    with pytest.raises(PermissionDeniedError, match="Din roll får inte"):
        write(behind, account, Put(record))
    assert behind.revision() == 0


def test_one_forbidden_change_stops_all_of_a_write() -> None:
    behind = MemoryStore()
    with pytest.raises(PermissionDeniedError):
        GuardedStore(behind, OFFICER, today=TODAY).write(
            [Put(VISIT), Put(PLACE)], origin="account:polis-1", at=AT
        )
    assert behind.revision() == 0


def test_an_officer_changes_his_own_visit_and_nobody_elses() -> None:
    behind = MemoryStore()
    write(behind, OFFICER, Put(VISIT))
    changed = VISIT.model_copy(update={"officers": 2})
    with pytest.raises(PermissionDeniedError, match="själv har loggat"):
        write(behind, COLLEAGUE, Put(changed, expects=1))
    with pytest.raises(PermissionDeniedError, match="själv har loggat"):
        write(behind, COLLEAGUE, Withdraw(Visit, "b1", expects=1))

    assert write(behind, OFFICER, Put(changed, expects=1)) == 2
    assert write(behind, CHIEF, Put(VISIT, expects=2)) == 3
    # The chief's correction does not take the visit from who logged it.
    assert write(behind, OFFICER, Withdraw(Visit, "b1", expects=3)) == 4
    with pytest.raises(PermissionDeniedError, match="själv har loggat"):
        write(behind, COLLEAGUE, Put(VISIT))  # put back under the same key
    assert write(behind, OFFICER, Put(VISIT)) == 5


def test_an_import_asks_for_the_right_to_import() -> None:
    behind = MemoryStore()
    with pytest.raises(PermissionDeniedError, match="läsa in"):
        write(behind, OFFICER, Put(VISIT), origin="import:1")
    with pytest.raises(PermissionDeniedError, match="läsa in"):
        write(behind, MANAGER, Put(VISIT), origin="import:1")
    assert write(behind, CHIEF, Put(VISIT), origin="import:1") == 1
    with pytest.raises(PermissionDeniedError, match="läsa in"):
        write(behind, OFFICER, Withdraw(Visit, "b1", expects=1), origin="undo:1")
