"""What is left of the records for partners and for the public."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pandas as pd
import pytest

from geo.access import ORGANISATIONS, Account, audience_of
from geo.model.activity import Activity
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.period import Period
from geo.model.promise import Promise
from geo.model.receipt import Receipt
from geo.model.record import Record
from geo.model.time import STOCKHOLM
from geo.model.visit import Track, Visit
from geo.services.audience import WITHHELD, seen, shown_to
from geo.services.coverage import coverage
from geo.services.demo import example_records
from geo.services.snapshot import Snapshot, read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put
from tests.example_year import NOW

TODAY = date(2021, 12, 31)
MBAB = Account("m", "mbab", "housing_manager")
KOMMUN = Account("k", "kommunen", "municipal_coordinator")
PUBLIC = Account("s", "allmänheten", "viewer")
POLICE = Account("p", "polisen", "officer")
YEAR = Period(date(2021, 1, 1), date(2022, 1, 1))


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    store = MemoryStore()
    records = [Put(record) for record in example_records(seed=2021)]
    store.write(records, origin="demo:2021", at=datetime.fromisoformat(NOW))
    return read_snapshot(store)


def test_police_are_shown_everything(snapshot: Snapshot) -> None:
    assert shown_to(snapshot, POLICE, today=TODAY) is snapshot


@pytest.mark.parametrize("account", [MBAB, KOMMUN], ids=lambda a: a.organisation)
class TestPartners:
    def test_are_shown_no_plans(self, snapshot: Snapshot, account: Account) -> None:
        shown = shown_to(snapshot, account, today=TODAY)
        for piece in shown.locations:
            assert (piece.priority, piece.visits_per_week, piece.minutes_per_visit) == (None,) * 3
            assert (piece.unsafe_hours, piece.review_on, piece.source) == (None,) * 3
            assert piece.designated_from is None or piece.designated_from <= TODAY
            assert piece.designated_to is None or piece.designated_to <= TODAY
        assert shown.designations[["visits_per_week", "minutes_per_visit"]].isna().all(axis=None)
        assert shown.designations["unsafe_hours"].isna().all()

    def test_are_shown_days_and_no_clock(self, snapshot: Snapshot, account: Account) -> None:
        shown = shown_to(snapshot, account, today=TODAY)
        for frame in (shown.visits, shown.presence):
            for column in ("start_at", "end_at"):
                local = frame[column].dt.tz_convert(STOCKHOLM)
                assert set(local.dt.strftime("%H:%M:%S.%f")) == {"12:00:00.000000"}
            assert set(frame["officers"]) == {1}
        assert shown.visits[["lon", "lat"]].isna().all(axis=None)
        assert shown.visits[["note", "source", "not_done_reason"]].isna().all(axis=None)
        assert shown.visits["done"].all()

    def test_are_given_ids_that_lead_nowhere(self, snapshot: Snapshot, account: Account) -> None:
        shown = shown_to(snapshot, account, today=TODAY)
        assert not set(shown.visits["visit_id"]) & set(snapshot.visits["visit_id"])
        assert set(shown.presence["visit_id"]) <= set(shown.visits["visit_id"])

    def test_count_the_same_visits_as_police(self, snapshot: Snapshot, account: Account) -> None:
        shown = shown_to(snapshot, account, today=TODAY)
        for by in ("all", "week"):
            ours, theirs = (coverage(each, YEAR, by=by) for each in (snapshot, shown))
            pd.testing.assert_frame_equal(
                ours[["location_id", "period_start", "visits"]],
                theirs[["location_id", "period_start", "visits"]],
            )

    def test_are_told_what_is_left_out(self, snapshot: Snapshot, account: Account) -> None:
        assert WITHHELD[shown_to(snapshot, account, today=TODAY).audience]


def test_free_text_is_for_whoever_wrote_it(snapshot: Snapshot) -> None:
    for_mbab, for_kommun = (shown_to(snapshot, a, today=TODAY) for a in (MBAB, KOMMUN))
    assert snapshot.inspections["deficiencies"].notna().any()
    assert for_mbab.inspections["deficiencies"].equals(snapshot.inspections["deficiencies"])
    assert for_kommun.inspections["deficiencies"].isna().all()
    assert for_kommun.activities == tuple(a for a in snapshot.activities if a.from_on <= TODAY)
    assert {(a.note, a.place_text, a.location_id) for a in for_mbab.activities} == {
        (None, None, None)
    }


def test_the_public_is_shown_no_record(snapshot: Snapshot) -> None:
    shown = shown_to(snapshot, PUBLIC, today=TODAY)
    assert (shown.locations, shown.buildings, shown.activities) == ((), (), ())
    for frame in (shown.visits, shown.presence, shown.designations, shown.spaces):
        assert frame.empty
    assert shown.inspections.empty
    assert shown.promises == snapshot.promises


def test_one_record_says_no_more_than_all_of_them(snapshot: Snapshot) -> None:
    # The two ways to read must agree: what the snapshot leaves out, a record must not tell.
    records = example_records(seed=2021)
    for account in (MBAB, KOMMUN, PUBLIC):
        shown = shown_to(snapshot, account, today=TODAY)
        by_type: dict[type[Record], set[object]] = {
            Location: set(shown.locations),
            Activity: set(shown.activities),
            Building: set(shown.buildings),
        }
        for record in records:
            told = seen(record, account, today=TODAY)
            if type(record) in by_type:
                assert told is None or told in by_type[type(record)]
            elif isinstance(record, (Visit, Track)):
                assert told is None
            elif isinstance(record, Inspection) and told is not None:
                frame = shown.inspections.set_index("inspection_id").loc[record.inspection_id]
                assert told.deficiencies == frame["deficiencies"]  # type: ignore[attr-defined]
                assert told.inspected_at == frame["inspected_at"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("organisation", ORGANISATIONS)
@pytest.mark.parametrize("kind", ["visits", "inspections", "activities", "boundary", "track"])
def test_a_receipt_is_for_whoever_may_import_the_like(organisation: str, kind: str) -> None:
    role = {
        "polisen": "police_coordinator",
        "kommunen": "municipal_coordinator",
        "mbab": "housing_manager",
        "allmänheten": "viewer",
    }[organisation]
    account = Account("x", organisation, role)  # type: ignore[arg-type]
    receipt = Receipt(import_id="i", kind=kind, file="f.csv", accepted=1)
    own = {
        "polisen": {"visits", "inspections", "activities", "boundary", "track"},
        "kommunen": {"activities", "boundary"},
        "mbab": {"inspections"},
        "allmänheten": set(),
    }[organisation]
    assert (seen(receipt, account, today=TODAY) is not None) == (kind in own)


def test_a_place_that_will_be_designated_is_a_plan(snapshot: Snapshot) -> None:
    later = snapshot.locations[0].model_copy(
        update={"designated_from": TODAY + timedelta(days=1), "designated_to": None}
    )
    for account in (MBAB, KOMMUN):
        assert seen(later, account, today=TODAY) is None
        assert seen(later, account, today=TODAY + timedelta(days=1)) is not None


def test_promises_are_public() -> None:
    promise = Promise(
        promise_id="l", title="2021", from_on=date(2021, 1, 1), to_on=date(2022, 1, 1)
    )
    for organisation, role in product(ORGANISATIONS, ("viewer",)):
        account = Account("x", organisation, role)
        assert seen(promise, account, today=TODAY) == promise
        assert audience_of(account) in WITHHELD
