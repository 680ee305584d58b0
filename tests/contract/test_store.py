"""One contract, every store."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from shapely import Point

from geo.errors import ConflictError, StorageError
from geo.model.location import Location
from geo.model.record import Record
from geo.model.visit import Visit
from geo.store.memory import MemoryStore
from geo.store.open import open_store
from geo.store.store import Put, Store, Withdraw
from tests.every_kind import AT, EVERY_KIND, a_visit


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store
    match request.param:
        case "memory":
            opened = MemoryStore()
        case "sqlite":
            opened = open_store(f"sqlite:///{tmp_path / 'contract_test.db'}")
        case _:
            opened = open_store(request.getfixturevalue("new_database")())
    yield opened
    opened.close()


def a_place(start: date | None = None, end: date | None = None) -> Location:
    return Location(
        location_id="p9",
        name="Parken",
        kind="park",
        geometry=Point(12.7, 57.5),
        designated_from=start,
        designated_to=end,
    )


def test_an_empty_store_says_so(store: Store) -> None:
    assert store.revision() == 0
    assert store.standing(Visit) == []
    assert store.history(Visit, "b1") == []
    frame = store.frame(Visit, ["visit_id", "start_at"])
    assert len(frame) == 0
    assert str(frame["start_at"].dtype) == "datetime64[us, UTC]"


@pytest.mark.parametrize("record", EVERY_KIND, ids=lambda r: f"{type(r).__name__}-{r.record_id}")
def test_every_record_comes_back_as_it_was(store: Store, record: Record) -> None:
    store.write([Put(record)], origin="account:local", at=AT)

    (stored,) = store.standing(type(record))

    assert stored.record == record
    assert type(record).model_validate(dict(stored.record)) == record
    assert (stored.version, stored.origin, stored.recorded_at) == (1, "account:local", AT)


def test_all_kinds_go_in_one_write(store: Store) -> None:
    revision = store.write([Put(r) for r in EVERY_KIND], origin="demo:1", at=AT)

    assert revision == store.revision() == 1
    assert sum(len(store.standing(t)) for t in {type(r) for r in EVERY_KIND}) == len(EVERY_KIND)


def test_a_correction_keeps_what_was_before(store: Store) -> None:
    store.write([Put(a_visit(officers=1))], origin="account:a", at=AT)
    store.write(
        [Put(a_visit(officers=2), expects=1)], origin="account:b", at=AT + timedelta(hours=1)
    )

    assert [(s.version, s.record.officers, s.origin) for s in store.history(Visit, "b1")] == [
        (1, 1, "account:a"),
        (2, 2, "account:b"),
    ]
    assert [s.record.officers for s in store.standing(Visit)] == [2]


def test_taking_back_hides_but_keeps(store: Store) -> None:
    store.write([Put(a_visit())], origin="account:a", at=AT)
    store.write([Withdraw(Visit, "b1", expects=1)], origin="account:a", at=AT)

    assert store.standing(Visit) == []
    assert len(store.frame(Visit, ["visit_id"])) == 0
    assert [s.withdrawn for s in store.history(Visit, "b1")] == [False, True]
    assert store.history(Visit, "b1")[1].record == a_visit()


def test_what_was_taken_back_can_be_written_again(store: Store) -> None:
    store.write([Put(a_visit())], origin="account:a", at=AT)
    store.write([Withdraw(Visit, "b1", expects=1)], origin="account:a", at=AT)
    store.write([Put(a_visit(officers=3))], origin="account:a", at=AT)

    assert [(s.version, s.record.officers) for s in store.standing(Visit)] == [(3, 3)]


@pytest.mark.parametrize(
    "late",
    [
        Put(a_visit(officers=9), expects=0),
        Put(a_visit(officers=9), expects=1),
        Put(a_visit(officers=9), expects=3),
        Withdraw(Visit, "b1", expects=1),
        Withdraw(Visit, "b9", expects=1),
    ],
)
def test_who_has_not_seen_the_last_version_is_told_so(store: Store, late: Put | Withdraw) -> None:
    store.write([Put(a_visit())], origin="account:a", at=AT)
    store.write([Put(a_visit(officers=2), expects=1)], origin="account:a", at=AT)

    with pytest.raises(ConflictError, match="ändrats av någon annan"):
        store.write([Put(a_visit("new")), late], origin="account:b", at=AT)

    assert [(s.record.visit_id, s.record.officers) for s in store.standing(Visit)] == [("b1", 2)]
    assert store.revision() == 2


def test_one_write_says_one_thing_about_a_record(store: Store) -> None:
    with pytest.raises(ConflictError):
        store.write([Put(a_visit()), Put(a_visit(officers=2))], origin="account:a", at=AT)
    assert store.standing(Visit) == []


def test_no_place_is_designated_twice_at_once(store: Store) -> None:
    # Two writers can each be right alone: each saw a store without the other's piece.
    store.write([Put(a_place(date(2021, 1, 1)))], origin="account:a", at=AT)
    with pytest.raises(ConflictError, match="två gånger"):
        store.write([Put(a_place(date(2021, 6, 1)))], origin="account:b", at=AT)
    assert [s.record.designated_from for s in store.standing(Location)] == [date(2021, 1, 1)]

    ended = a_place(date(2021, 1, 1), date(2021, 6, 1))
    both = [Put(ended, expects=1), Put(a_place(date(2021, 6, 1)))]
    store.write(both, origin="account:b", at=AT)
    assert len(store.standing(Location)) == 2


def test_nothing_to_write_is_no_write(store: Store) -> None:
    assert store.write([], origin="account:a", at=AT) == 0


def test_an_origin_finds_its_own(store: Store) -> None:
    store.write([Put(a_visit("b1")), Put(a_visit("b2"))], origin="import:x", at=AT)
    store.write([Put(a_visit("b1", officers=2), expects=1)], origin="account:a", at=AT)

    written = store.written_by(Visit, "import:x")

    assert [(s.record.visit_id, s.version, s.record.officers) for s in written] == [
        ("b1", 1, 1),
        ("b2", 1, 1),
    ]


def test_ids_narrow_what_is_read(store: Store) -> None:
    ids = [f"b{n:04}" for n in range(1200)]
    store.write([Put(a_visit(i)) for i in ids], origin="demo:1", at=AT)

    assert [s.record.visit_id for s in store.standing(Visit, [*ids[700:], "nobody"])] == ids[700:]
    assert store.standing(Visit, []) == []


def test_a_frame_has_the_records_in_the_order_of_standing(store: Store) -> None:
    store.write(
        [Put(a_visit("b2")), Put(a_visit("b1", location_id=None, lon=1, lat=2))],
        origin="demo:1",
        at=AT,
    )

    frame = store.frame(Visit, ["visit_id", "location_id", "start_at", "officers"])

    assert list(frame["visit_id"]) == ["b1", "b2"]
    assert list(frame["location_id"]) == [None, "p1"]
    assert list(frame["start_at"]) == [pd.Timestamp(AT), pd.Timestamp(AT)]
    assert str(frame["start_at"].dtype) == "datetime64[us, UTC]"


def test_keys_are_in_the_order_of_their_code_points(store: Store) -> None:
    ids = ["Z", "a", "_", "å", "b-1", "B", "ä", "b_1", "\U0001f600", "\uff5e"]
    store.write([Put(a_visit(i)) for i in ids], origin="demo:1", at=AT)

    assert [s.record.visit_id for s in store.standing(Visit)] == sorted(ids)
    assert list(store.frame(Visit, ["visit_id"])["visit_id"]) == sorted(ids)


def test_what_stands_still_does_not_move_while_others_write(store: Store) -> None:
    store.write([Put(a_visit())], origin="account:a", at=AT)

    with store.at_one_revision() as still:
        before = (still.revision(), len(still.standing(Visit)))
        store.write(
            [Put(a_visit("b2")), Withdraw(Visit, "b1", expects=1)], origin="account:b", at=AT
        )
        after = (
            still.revision(),
            len(still.standing(Visit)),
            list(still.frame(Visit, ["visit_id"])["visit_id"]),
            len(still.history(Visit, "b1")),
        )

    assert before == (1, 1)
    assert after == (1, 1, ["b1"], 1)
    assert [s.record.visit_id for s in store.standing(Visit)] == ["b2"]


class TestADatabaseFile:
    def test_is_safe_against_a_power_cut(self, tmp_path: Path) -> None:
        store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
        with store.engine.connect() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        store.close()
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,  # FULL
            "foreign_keys": 1,
            "busy_timeout": 10_000,
        }

    def test_keeps_its_records_when_opened_again(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'new' / 'folder' / 'a.db'}"
        first = open_store(url)
        first.write([Put(r) for r in EVERY_KIND], origin="demo:1", at=AT)
        first.close()

        again = open_store(url)

        assert again.revision() == 1
        assert {s.record for s in again.standing(Visit)} == {
            r for r in EVERY_KIND if isinstance(r, Visit)
        }
        again.close()

    def test_two_processes_worth_of_writers_do_not_overwrite(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'a.db'}"
        one, two = open_store(url), open_store(url)
        one.write([Put(a_visit())], origin="account:a", at=AT)
        with pytest.raises(ConflictError):
            two.write([Put(a_visit(officers=5))], origin="account:b", at=AT)
        assert [s.record.officers for s in two.standing(Visit)] == [1]
        one.close()
        two.close()

    def test_is_opened_and_read_while_somebody_writes(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'a.db'}"
        first = open_store(url)
        first.write([Put(a_visit())], origin="account:a", at=AT)
        with first.engine.connect().execution_options(writes=True) as writing, writing.begin():
            second = open_store(url)
            assert len(second.standing(Visit)) == 1
            second.close()
        first.close()

    def test_has_the_tables_its_code_speaks_of(self, tmp_path: Path) -> None:
        from alembic.autogenerate import compare_metadata
        from alembic.runtime.migration import MigrationContext

        from geo.store.tables import metadata

        store = open_store(f"sqlite:///{tmp_path / 'a.db'}")
        with store.engine.connect() as connection:
            difference = compare_metadata(MigrationContext.configure(connection), metadata)
        store.close()
        assert difference == []

    def test_names_its_newest_migration(self) -> None:
        from alembic.script import ScriptDirectory

        from geo.store.migrate import MIGRATIONS
        from geo.store.migrations import NEWEST

        assert ScriptDirectory(MIGRATIONS).get_current_head() == NEWEST


class TestADatabaseThatCannotBeOpened:
    def test_no_database_address(self) -> None:
        with pytest.raises(StorageError, match="ingen databasadress"):
            open_store("besök.csv")

    def test_another_kind_of_database(self) -> None:
        with pytest.raises(StorageError, match="ingen databasadress"):
            open_store("mysql://u:hemligt@h/d")

    def test_a_password_is_never_repeated(self) -> None:
        with pytest.raises(StorageError) as caught:
            open_store("mysql://u:hemligt@h/d")
        assert "hemligt" not in str(caught.value)

    def test_a_driver_that_is_not_installed(self) -> None:
        with pytest.raises(StorageError, match=r"Drivrutinen .* inte installerad"):
            open_store("postgresql+asyncpg://u:hemligt@h/d")

    def test_a_port_that_is_no_number(self) -> None:
        with pytest.raises(StorageError, match="ingen databasadress") as caught:
            open_store("postgresql://u:hemligt@h:port/d")
        assert "hemligt" not in str(caught.value)

    def test_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "a.db").write_text("hej" * 1000)
        with pytest.raises(StorageError, match="går inte att öppna"):
            open_store(f"sqlite:///{tmp_path / 'a.db'}")

    def test_a_folder_under_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(StorageError, match="går inte att öppna"):
            open_store(f"sqlite:///{tmp_path / 'file' / 'a.db'}")

    def test_a_database_that_may_only_be_read_says_so_when_written_to(self, tmp_path: Path) -> None:
        file = tmp_path / "a.db"
        open_store(f"sqlite:///{file}").close()
        store = open_store(f"sqlite:///file:{file}?mode=ro&uri=true")
        assert store.revision() == 0
        with pytest.raises(StorageError, match="får bara läsas: ingenting sparades"):
            store.write([Put(a_visit())], origin="account:a", at=AT)
        store.close()

    def test_a_database_of_a_newer_version(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'a.db'}"
        store = open_store(url)
        with store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        store.close()
        with pytest.raises(StorageError, match="nyare version"):
            open_store(url)
