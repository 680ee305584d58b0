"""What is typed in the forms becomes records, or is told field by field."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from geo.errors import SchemaError
from geo.model.activity import Activity
from geo.model.building import Building, Inspection
from geo.model.location import Location
from geo.model.visit import Visit
from geo.services.recording import hints, save, take_back
from geo.services.snapshot import Snapshot, read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put
from geo.wording import Wording
from ui.viewmodels import entries, log_choices, logged
from ui.viewmodels.entries import (
    ActivityEntry,
    InspectionEntry,
    SpaceEntry,
    VisitEntry,
    activity_of,
    inspections_of,
    visit_of,
    visit_preview,
)

SV = Wording("sv")
# A Monday evening, 23:52 in Sweden.
NOW = datetime(2022, 1, 3, 22, 52, 17, tzinfo=UTC)
TODAY = date(2022, 1, 3)


def a_visit_entry(**content: object) -> VisitEntry:
    values = {
        "visit_id": "v1",
        "location_id": "torget",
        "minutes": 10,
        "on": TODAY,
        "start": "",
        "end": "",
        "start_is_second": False,
        "end_is_second": False,
        "kind": "fotpatrull",
        "officers": "2",
        "is_done": True,
        "reason": None,
        "note": "",
        **content,
    }
    return VisitEntry(**values)  # type: ignore[arg-type]  # a test builder


def fields(caught: pytest.ExceptionInfo[SchemaError]) -> dict[str, str]:
    return {field: str(reason) for field, reason in caught.value.faults}


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    point = Point(12.69, 57.507)
    records = (
        Location(
            location_id="torget",
            name="Torget",
            kind="torg",
            geometry=point,
            designated_from=date(2021, 1, 1),
        ),
        Location(
            location_id="badet",
            name="Badet",
            kind="bad",
            geometry=point,
            designated_from=date(2021, 1, 1),
            designated_to=date(2021, 9, 1),
        ),
        Building(
            building_id="h11",
            address="Gatan 11",
            area="Hedbo",
            spaces=("källare",),
            geometry=point,
        ),
        Building(
            building_id="h4",
            address="Gatan 4",
            area="Assberg",
            spaces=("källare", "vind"),
            geometry=point,
        ),
    )
    store.write([Put(record) for record in records], origin="account:lokal", at=NOW)
    return store


@pytest.fixture
def snapshot(store: MemoryStore) -> Snapshot:
    return read_snapshot(store)


# ------------------------------------------------------------------ visit


def test_a_quick_visit_ends_now_to_the_minute() -> None:
    visit = visit_of(a_visit_entry(minutes=15), now=NOW)
    assert visit.end_at == datetime(2022, 1, 3, 22, 52, tzinfo=UTC)
    assert visit.end_at - visit.start_at == timedelta(minutes=15)
    assert (visit.officers, visit.kind, visit.done, visit.note) == (2, "fotpatrull", True, None)


def test_own_times_may_run_past_midnight() -> None:
    entry = a_visit_entry(minutes=None, on=date(2022, 1, 2), start="23.50", end="0010")
    visit = visit_of(entry, now=NOW)
    # 23:50 Swedish winter time is 22:50 UTC.
    assert visit.start_at == datetime(2022, 1, 2, 22, 50, tzinfo=UTC)
    assert visit.end_at - visit.start_at == timedelta(minutes=20)
    assert visit_preview(entry, now=NOW, wording=SV) == (
        "i går 23:50–00:10 (slutar dagen efter) · 20 min · 2 poliser"
    )


def test_everything_wrong_is_told_at_once_each_at_its_field() -> None:
    entry = a_visit_entry(
        location_id=None,
        minutes=None,
        start="25",
        end="",
        kind=" ",
        officers="2,5",
        is_done=False,
    )
    with pytest.raises(SchemaError) as caught:
        visit_of(entry, now=NOW)
    found = fields(caught)
    assert set(found) == {
        "location_id",
        "start_at",
        "end_at",
        "kind",
        "officers",
        "not_done_reason",
    }
    assert found["officers"] == "”2,5” är inte ett heltal."
    assert found["location_id"] == "Välj plats."


@pytest.mark.parametrize(
    ("start", "end", "field", "told"),
    [
        ("23:55", "23:59", "start_at", "i framtiden"),
        # 23:50 today to 22:00 is 22:00 tomorrow: the end is wrong, not the start.
        ("23:50", "22:00", "end_at", "inte slutat än"),
    ],
)
def test_what_has_not_been_yet_is_not_logged(start: str, end: str, field: str, told: str) -> None:
    with pytest.raises(SchemaError) as caught:
        visit_of(a_visit_entry(minutes=None, start=start, end=end), now=NOW)
    assert told in fields(caught)[field]


def test_the_skipped_hour_is_told_at_the_time() -> None:
    entry = a_visit_entry(minutes=None, on=date(2021, 3, 28), start="02:30", end="03:10")
    with pytest.raises(SchemaError) as caught:
        visit_of(entry, now=NOW)
    assert "klockan ställdes fram" in fields(caught)["start_at"]


@pytest.mark.parametrize("officers", ["0", "501", "-1", ""])
def test_an_impossible_number_of_officers_is_told_at_its_field(officers: str) -> None:
    with pytest.raises(SchemaError) as caught:
        visit_of(a_visit_entry(officers=officers), now=NOW)
    assert set(fields(caught)) == {"officers"}


def test_a_visit_that_did_not_happen_keeps_its_reason_and_drops_it_when_it_did() -> None:
    missed = visit_of(a_visit_entry(is_done=False, reason="Hann inte"), now=NOW)
    assert (missed.done, missed.not_done_reason) == (False, "Hann inte")
    done = visit_of(a_visit_entry(reason="Hann inte"), now=NOW)
    assert (done.done, done.not_done_reason) == (True, None)


def test_a_correction_keeps_what_the_form_does_not_ask_for() -> None:
    earlier = Visit(
        visit_id="v1",
        lon=12.69,
        lat=57.5,
        start_at=NOW - timedelta(minutes=5),
        end_at=NOW,
        source="radio",
        flags=("något",),
        example=True,
    )
    entry = a_visit_entry(location_id=None, officers="3")
    visit = visit_of(entry, now=NOW, earlier=earlier)
    assert (visit.officers, visit.lon, visit.source, visit.flags, visit.example) == (
        3,
        12.69,
        "radio",
        ("något",),
        True,
    )


@given(minutes=st.sampled_from(entries.QUICK_MINUTES), seconds=st.integers(0, 400 * 86_400))
def test_a_quick_visit_is_never_in_the_future_and_has_its_length(
    minutes: int, seconds: int
) -> None:
    now = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    visit = visit_of(a_visit_entry(minutes=minutes), now=now)
    assert now - timedelta(minutes=1) < visit.end_at <= now
    assert visit.end_at - visit.start_at == timedelta(minutes=minutes)


# ------------------------------------------------------------------ inspection


def an_inspection_entry(*spaces: SpaceEntry, **content: object) -> InspectionEntry:
    values = {
        "building_id": "h4",
        "on": TODAY,
        "clock": "14:30",
        "is_second": False,
        "spaces": spaces,
        **content,
    }
    return InspectionEntry(**values)  # type: ignore[arg-type]  # a test builder


def test_several_spaces_in_one_go() -> None:
    made = inspections_of(
        an_inspection_entry(
            SpaceEntry("i-1", "källare", "utan_anmarkning"),
            SpaceEntry("i-2", "vind", "brist", "Trasigt lås", due_on=date(2022, 2, 2)),
        ),
        now=NOW,
    )
    assert [(i.space, i.outcome, i.deficiencies, i.due_on) for i in made] == [
        ("källare", "utan_anmarkning", None, None),
        ("vind", "brist", "Trasigt lås", date(2022, 2, 2)),
    ]
    assert {i.inspected_at for i in made} == {datetime(2022, 1, 3, 13, 30, tzinfo=UTC)}


def test_each_space_is_told_what_it_lacks() -> None:
    with pytest.raises(SchemaError) as caught:
        inspections_of(
            an_inspection_entry(
                SpaceEntry("i-1", "källare", None),
                SpaceEntry("i-2", "vind", "brist", "  "),
                SpaceEntry("i-3", "förråd", "ej_tilltrade"),
            ),
            now=NOW,
        )
    assert set(fields(caught)) == {"källare.outcome", "vind.deficiencies", "förråd.due_on"}


def test_a_day_before_the_inspection_is_told_at_the_day() -> None:
    with pytest.raises(SchemaError) as caught:
        inspections_of(
            an_inspection_entry(SpaceEntry("i-1", "vind", "brist", "Lås", due_on=date(2022, 1, 2))),
            now=NOW,
        )
    assert "2022-01-02 är före genomgången" in fields(caught)["vind.due_on"]


def test_neither_building_nor_space_nor_future_time() -> None:
    with pytest.raises(SchemaError) as caught:
        inspections_of(an_inspection_entry(building_id=None, clock="23:59"), now=NOW)
    assert set(fields(caught)) == {"building_id", "inspected_at"}
    with pytest.raises(SchemaError) as caught:
        inspections_of(an_inspection_entry(), now=NOW)
    assert fields(caught) == {"spaces": "Välj minst ett utrymme."}


def test_open_deficiencies_come_most_overdue_first(store: MemoryStore) -> None:
    def found(key: str, *, due_on: date | None, fixed_on: date | None = None) -> Inspection:
        return Inspection(
            inspection_id=key,
            building_id="h4",
            space="vind",
            inspected_at=datetime(2021, 11, 1, 12, tzinfo=UTC),
            outcome="brist",
            deficiencies=f"Brist {key}",
            due_on=due_on,
            fixed_on=fixed_on,
        )

    records = [
        found("sen", due_on=date(2022, 2, 1)),
        found("utan dag", due_on=None),
        found("klar", due_on=date(2021, 12, 1), fixed_on=date(2021, 12, 24)),
        found("försenad", due_on=date(2022, 1, 1)),
    ]
    store.write([Put(record) for record in records], origin="account:lokal", at=NOW)
    snapshot = read_snapshot(store)
    rows = log_choices.open_deficiencies(snapshot, building_id="h4", today=TODAY, wording=SV)
    assert [row.inspection_id for row in rows] == ["försenad", "sen", "utan dag"]
    assert rows[0].title == "Gatan 4, vind"
    # 1 January to 3 January: two days late.
    assert rows[0].detail == "Brist försenad · upptäckt 1 november 2021 · 2 dagar för sent"
    assert log_choices.open_deficiencies(snapshot, building_id="h11", today=TODAY, wording=SV) == ()


# ------------------------------------------------------------------ activity


def an_activity_entry(**content: object) -> ActivityEntry:
    values = {
        "activity_id": "a1",
        "kind": "skolarbete",
        "from_on": TODAY,
        "to_on": None,
        "location_id": None,
        "place_text": "Kinnaskolan",
        "note": "",
        **content,
    }
    return ActivityEntry(**values)  # type: ignore[arg-type]  # a test builder


def test_an_activity_without_a_last_day_took_one() -> None:
    activity = activity_of(an_activity_entry())
    assert (activity.from_on, activity.to_on, activity.place_text) == (
        TODAY,
        TODAY,
        "Kinnaskolan",
    )


def test_an_activity_that_ends_before_it_begins_is_told_at_its_last_day() -> None:
    with pytest.raises(SchemaError) as caught:
        activity_of(an_activity_entry(kind=None, to_on=TODAY - timedelta(days=1)))
    assert set(fields(caught)) == {"kind", "to_on"}


# ------------------------------------------------------------------ what is offered and told


def test_places_designated_now_come_first_and_others_say_so(snapshot: Snapshot) -> None:
    choices = log_choices.place_choices(snapshot, on=TODAY, wording=SV)
    assert [choice.label for choice in choices] == ["Torget", "Badet (inte utpekad nu)"]


def test_buildings_are_in_the_order_of_their_house_numbers(snapshot: Snapshot) -> None:
    labels = [choice.label for choice in log_choices.building_choices(snapshot)]
    assert labels == ["Gatan 4 · Assberg", "Gatan 11 · Hedbo"]


def test_feedback_says_how_long_the_place_had_waited(store: MemoryStore) -> None:
    first = visit_of(a_visit_entry(), now=NOW - timedelta(days=6))
    save(store, first, account="lokal", now=NOW)
    second = visit_of(a_visit_entry(visit_id="v2"), now=NOW)
    save(store, second, account="lokal", now=NOW)
    snapshot = read_snapshot(store)
    told = entries.since_last_told(snapshot, second, SV)
    assert told == "Det var 6 dagar sedan förra besöket där."
    assert "första besöket" in entries.since_last_told(snapshot, first, SV)


def test_a_warning_names_what_was_found_and_never_reads_the_program_s_own_keys() -> None:
    visit = visit_of(
        # A key that reads like a number plate, as one random key of a hundred does.
        a_visit_entry(visit_id="abc123", note="Ring 070-123 45 67 eller a@b.se"),
        now=NOW,
    )
    found = hints(visit)
    assert found == ("telefonnummer", "e-postadress")
    told = entries.hints_told(found, SV)
    assert "telefonnummer och e-postadress" in told
    assert "spara ändå" in told


def test_a_history_tells_each_change_by_field(store: MemoryStore) -> None:
    visit = visit_of(a_visit_entry(), now=NOW)
    save(store, visit, account="lokal", now=NOW)
    changed = visit.model_copy(update={"officers": 3, "note": "Lugnt"})
    save(store, changed, expects=1, account="anna", now=NOW)
    take_back(store, Visit, "v1", expects=2, account="lokal", now=NOW)
    rows = logged.history_told(
        store.history(Visit, "v1"), names=logged.names_of(read_snapshot(store)), wording=SV
    )
    assert [row.what for row in rows] == [
        "Borttagen",
        "antal poliser: 2 → 3; anteckning: (tomt) → ”Lugnt”",
        "Skapad",
    ]
    assert rows[1].who == "konto anna"


def test_a_conflict_is_one_sentence_with_what_changed() -> None:
    names = logged.Names({}, {})
    seen = visit_of(a_visit_entry(), now=NOW)
    standing = seen.model_copy(update={"officers": 4})
    told = logged.conflict_told(seen, standing, names=names, wording=SV)
    assert told == (
        "Någon annan hann ändra (antal poliser: 2 → 4). Det du skrev står kvar; "
        "spara igen för att ersätta."
    )
    assert "ta bort" in logged.conflict_told(seen, None, names=names, wording=SV)


def test_records_are_told_in_two_lines() -> None:
    names = logged.Names({"torget": "Torget"}, {"h4": "Gatan 4"})
    visit = visit_of(a_visit_entry(note="Lugnt"), now=NOW)
    assert logged.told(visit, names=names, today=TODAY, wording=SV) == logged.Told(
        "Torget", "i dag 23:42–23:52 · 10 min · 2 poliser · fotpatrull · Lugnt"
    )
    (inspection,) = inspections_of(
        an_inspection_entry(SpaceEntry("i-1", "vind", "ej_tilltrade", due_on=date(2022, 1, 17))),
        now=NOW,
    )
    assert logged.told(inspection, names=names, today=TODAY, wording=SV) == logged.Told(
        "Gatan 4, vind", "i dag 14:30 · ej tillträde · nytt försök 17 januari 2022"
    )
    activity = Activity(activity_id="a", kind="skolarbete", from_on=date(2022, 1, 1), to_on=TODAY)
    assert logged.told(activity, names=names, today=TODAY, wording=SV) == logged.Told(
        "Skolarbete", "1 januari – 3 januari 2022"
    )
