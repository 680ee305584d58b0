"""The trace says who did what, and shows when anybody has changed it, or the records behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access import Account
from geo.errors import ConflictError
from geo.model.visit import Visit
from geo.services.guarded import GuardedStore
from geo.store.chain import START
from geo.store.open import open_store
from geo.store.sql import SqlStore
from geo.store.store import Put, Withdraw
from geo.store.trace import Asked, Trace, trace_of
from tests.every_kind import EVERY_KIND

AT = datetime(2021, 5, 1, 12, tzinfo=UTC)


def a_visit(visit_id: str = "b1", **content: object) -> Visit:
    values = {"visit_id": visit_id, "location_id": "p1", "start_at": AT, "end_at": AT, **content}
    return Visit.model_validate(values)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    url = (
        f"sqlite:///{tmp_path / 'trace_test.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("new_database")()
    )
    opened = open_store(url)
    yield opened
    opened.close()


@pytest.fixture
def trace(store: SqlStore) -> Trace:
    found = trace_of(store)
    assert found is not None
    return found


@pytest.fixture
def lived_in(store: SqlStore) -> SqlStore:
    """Everything there is, a correction, a withdrawal, and something that is no change."""
    store.write([Put(r) for r in EVERY_KIND], origin="demo:1", at=AT)
    known = store.standing(Visit)[0]
    changed = known.record.model_copy(update={"officers": 5})
    store.write([Put(changed, expects=1)], origin="account:polis-1", at=AT + timedelta(hours=1))
    store.write([Withdraw(Visit, changed.visit_id, expects=2)], origin="account:chef-1", at=AT)
    Trace(store.engine).note(
        "export", account="chef-1", about={"kind": "visits", "format": "csv"}, at=AT
    )
    return store


def run(store: SqlStore, statement: str) -> None:
    with store.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount


def test_an_empty_store_has_an_empty_trace(trace: Trace) -> None:
    assert trace.entries() == []
    verdict = trace.verify()
    assert (verdict.entries, verdict.seal, verdict.fault) == (0, START, None)


def test_every_write_is_one_entry_with_its_account(lived_in: SqlStore, trace: Trace) -> None:
    told = [(e.seq, e.account, e.action) for e in reversed(trace.entries())]
    assert told == [
        (1, "kommandorad", "example"),
        (2, "polis-1", "change"),
        (3, "chef-1", "change"),
        (4, "chef-1", "export"),
    ]
    assert json.loads(trace.entries()[2].about) == {
        "origin": "account:polis-1",
        "revision": 2,
        "versions": {"visits": 1},
    }


def test_what_was_lived_in_is_whole(lived_in: SqlStore, trace: Trace) -> None:
    verdict = trace.verify()
    assert (verdict.entries, verdict.fault) == (4, None)
    assert trace.verify(against=(4, verdict.seal)).fault is None


def test_an_import_is_its_importers(store: SqlStore, trace: Trace) -> None:
    chief = Account("chef-1", "polisen", "police_coordinator")
    guarded = GuardedStore(store, chief, today=AT.date())
    guarded.write([Put(a_visit())], origin="import:i1", at=AT)
    (entry,) = trace.entries()
    assert (entry.account, entry.action) == ("chef-1", "import")


def test_what_did_not_happen_is_not_traced(store: SqlStore, trace: Trace) -> None:
    store.write([Put(a_visit())], origin="account:a", at=AT)
    with pytest.raises(ConflictError):
        store.write([Put(a_visit(officers=2))], origin="account:b", at=AT)
    assert [entry.account for entry in trace.entries()] == ["a"]
    assert trace.verify().fault is None


def test_no_free_text_is_in_the_trace(lived_in: SqlStore, trace: Trace) -> None:
    texts = [value for r in EVERY_KIND for name, value in r if name in {"note", "name", "source"}]
    told = "\n".join(entry.about for entry in trace.entries())
    for free in (t for t in texts if isinstance(t, str) and len(t) > 3):
        assert free not in told


def test_the_trace_is_searched(lived_in: SqlStore, trace: Trace) -> None:
    def found(**asked: object) -> list[int]:
        return [entry.seq for entry in trace.entries(Asked(**asked))]  # type: ignore[arg-type]

    assert found(account="chef-1") == [4, 3]
    assert found(action="export") == [4]
    assert found(from_at=AT + timedelta(minutes=1)) == [2]
    assert found(to_at=AT) == []
    assert found(kind="visits") == [3, 2, 1]
    assert found(kind="visits", record_id="b1") == [3, 2, 1]
    assert found(kind="visits", record_id="b2") == [1]
    assert found(record_id="nosuch") == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE trace SET account = 'polis-9' WHERE seq = 2", "Rad 2 i spåret är ändrad"),
        ("UPDATE trace SET about = '{}' WHERE seq = 4", "Rad 4 i spåret är ändrad"),
        ("UPDATE trace SET hash = previous WHERE seq = 3", "Rad 3 i spåret är ändrad"),
        (
            "UPDATE trace_details SET digest = 'x' WHERE seq = 2",
            "Det som rad 2 i spåret skrev är inte det som står där",
        ),
        (
            "DELETE FROM trace_details WHERE seq = 3",
            "Det som rad 3 i spåret skrev är inte det som står där",
        ),
        ("UPDATE visits SET officers = 9 WHERE version = 2", "visits b1 är ändrad utanför"),
        ("UPDATE visits SET note = 'x' WHERE record_id = 'b2'", "visits b2 är ändrad utanför"),
        ("UPDATE activities SET to_on = '2021-03-09'", "activities a1 är ändrad utanför"),
        ("UPDATE locations SET radius_m = 1 WHERE name = 'Torget'", "är ändrad utanför"),
        ("UPDATE buildings SET address = 'Annan gata'", "buildings h1 är ändrad utanför"),
        ("DELETE FROM visits WHERE version = 3", "En version av visits är borttagen utanför"),
        (
            "INSERT INTO promises SELECT 'p9', version, revision, withdrawn, standing, promise_id,"
            " title, from_on, to_on, source, example FROM promises",
            "promises p9 är skriven utanför",
        ),
    ],
)
def test_whatever_is_changed_past_the_program_is_found(
    lived_in: SqlStore, trace: Trace, tampering: str, found: str
) -> None:
    run(lived_in, tampering)
    assert found in str(trace.verify().fault)


def test_a_row_that_is_taken_out_is_missed(lived_in: SqlStore, trace: Trace) -> None:
    run(lived_in, "DELETE FROM trace_details WHERE seq = 2")
    run(lived_in, "DELETE FROM trace WHERE seq = 2")
    assert "Före rad 3 i spåret saknas en rad" in str(trace.verify().fault)


def test_an_end_that_is_cut_off_is_missed_by_whoever_kept_the_seal(
    lived_in: SqlStore, trace: Trace
) -> None:
    kept = (4, trace.verify().seal)
    run(lived_in, "DELETE FROM trace WHERE seq = 4")
    assert trace.verify().fault is None  # nothing inside can tell
    assert "slutar före rad 4" in str(trace.verify(against=kept).fault)


def test_an_end_that_is_made_anew_is_seen_by_whoever_kept_the_seal(
    lived_in: SqlStore, trace: Trace
) -> None:
    kept = (4, trace.verify().seal)
    run(lived_in, "DELETE FROM trace WHERE seq = 4")
    trace.note("export", account="someone-else", about={}, at=AT)
    assert trace.verify().fault is None
    assert "Rad 4 har inte det sigill" in str(trace.verify(against=kept).fault)


def test_disposal_empties_what_was_written_and_the_chain_holds(
    lived_in: SqlStore, trace: Trace
) -> None:
    seal = trace.verify().seal
    run(lived_in, "DELETE FROM visits WHERE record_id = 'b1'")
    run(lived_in, "UPDATE trace_details SET salt = NULL WHERE record_id = 'b1' AND kind = 'visits'")
    verdict = trace.verify()
    assert (verdict.fault, verdict.seal) == (None, seal)


def test_the_same_content_is_another_digest_each_time(store: SqlStore) -> None:
    for name in ("b1", "b2"):
        store.write([Put(a_visit(name, note="samma"))], origin="account:a", at=AT)
    with store.engine.connect() as connection:
        digests = connection.scalars(text("SELECT digest FROM trace_details")).all()
    assert len(set(digests)) == 2


def test_a_database_from_before_the_trace_begins_it_where_it_stands(
    request: pytest.FixtureRequest, store: SqlStore, lived_in: SqlStore
) -> None:
    # As the third step of the schema left it: records, and no trace.
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE trace_details"))
        connection.execute(text("DROP TABLE trace"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    again = open_store(store.engine.url.render_as_string(hide_password=False))
    trace = Trace(again.engine)
    assert [(e.action, json.loads(e.about)) for e in trace.entries()] == [
        ("begin", {"from_revision": 3})
    ]
    again.write([Put(a_visit("b9"))], origin="account:a", at=AT)
    assert trace.verify().fault is None
    run(again, "UPDATE visits SET officers = 9 WHERE record_id = 'b9'")
    assert "visits b9 är ändrad" in str(trace.verify().fault)
    again.close()


def test_everything_of_the_trace_comes_along_to_another_database(
    lived_in: SqlStore, trace: Trace, tmp_path: Path
) -> None:
    from geo.services.copying import copy_database

    target = f"sqlite:///{tmp_path / 'copy_test.db'}"
    copy_database(lived_in.engine.url.render_as_string(hide_password=False), target)
    copied = open_store(target)
    assert Trace(copied.engine).verify() == trace.verify()
    copied.close()
