"""What a shared server adds to the contract: many programs, and a network between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, text

from checks import postgis
from geo.errors import StorageError
from geo.model.visit import Visit
from geo.store.open import open_store
from geo.store.sql import SqlStore
from geo.store.store import Put
from geo.store.trouble import said

AT = datetime(2021, 5, 1, 12, tzinfo=UTC)
NewDatabase = Callable[..., str]


def a_visit(visit_id: str) -> Visit:
    return Visit(
        visit_id=visit_id, location_id="p1", start_at=AT, end_at=AT + timedelta(minutes=15)
    )


@pytest.fixture
def url(new_database: NewDatabase) -> str:
    return new_database()


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    opened = open_store(url)
    yield opened
    opened.close()


def test_an_empty_database_becomes_ours(new_database: NewDatabase) -> None:
    store = open_store(new_database(empty=True))
    assert store.write([Put(a_visit("b1"))], origin="account:a", at=AT) == 1
    store.close()


def test_the_tables_are_those_its_code_speaks_of(store: SqlStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from geo.store.tables import metadata

    def is_ours(thing: object, name: str | None, kind: str, *_: object) -> bool:
        return name != "spatial_ref_sys" and not (kind == "index" and "geometry" in str(name))

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, metadata) == []


def test_geometry_has_an_index_other_programs_can_use(store: SqlStore) -> None:
    with store.engine.connect() as connection:
        found = connection.scalars(
            text("SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%USING gist (geometry)%'")
        ).all()
    assert set(found) == {"boundaries", "buildings", "locations"}


def test_an_address_without_a_driver_takes_ours(url: str) -> None:
    store = open_store(url.replace("postgresql+psycopg", "postgresql"))
    assert store.engine.dialect.driver == "psycopg"
    store.close()


def test_programs_that_start_at_once_make_the_tables_once(new_database: NewDatabase) -> None:
    url = new_database(empty=True)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(open_store, [url] * 4))
    assert [store.revision() for store in opened] == [0] * 4
    for store in opened:
        store.close()


def test_a_revision_is_never_seen_before_an_earlier_one(url: str) -> None:
    # max(revision) keys every cache: whoever has seen n must have seen all up to n.
    stores = [open_store(url) for _ in range(4)]

    def write(number: int) -> None:
        for turn in range(15):
            visit = a_visit(f"b{number}-{turn}")
            stores[number].write([Put(visit)], origin="account:a", at=AT)

    seen = []
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(write, number) for number in range(4)]
        while not all(job.done() for job in jobs):
            with stores[0].at_one_revision() as still:
                seen.append((still.revision(), len(still.standing(Visit))))
    for job in jobs:
        job.result()
    assert stores[0].revision() == 60
    assert [count for _, count in seen] == [revision for revision, _ in seen]
    assert len({revision for revision, _ in seen}) > 2, "read only before or after all writing"
    for store in stores:
        store.close()


def test_a_server_that_comes_back_is_used_again(server: postgis.Server, store: SqlStore) -> None:
    store.write([Put(a_visit("b1"))], origin="account:a", at=AT)
    server.stop("immediate")
    try:
        with pytest.raises(StorageError, match="svarar inte"):
            store.standing(Visit)
        with pytest.raises(StorageError, match="svarar inte"):
            store.write([Put(a_visit("b2"))], origin="account:a", at=AT)
    finally:
        server.start()

    assert [s.record.visit_id for s in store.standing(Visit)] == ["b1"]
    # Numbers may be left out, never given twice.
    assert store.write([Put(a_visit("b2"))], origin="account:a", at=AT) > 1
    assert len(store.standing(Visit)) == 2


def test_who_waits_too_long_for_others_is_told_so(store: SqlStore, url: str) -> None:
    other = create_engine(url)
    with other.begin() as connection:
        connection.execute(text("LOCK TABLE visits IN ACCESS EXCLUSIVE MODE"))
        with store.engine.connect() as impatient:
            impatient.execute(text("SET lock_timeout = 200"))
            with pytest.raises(StorageError, match="Någon annan skriver"), said():
                impatient.execute(text("SELECT * FROM visits"))
    other.dispose()


class TestADatabaseThatCannotBeOpened:
    def test_is_named_without_its_password(self, server: postgis.Server) -> None:
        with pytest.raises(StorageError, match="går inte att öppna") as caught:
            open_store(f"postgresql://nobody:hemligt@/postgres?host={server.folder}")
        assert "nobody" in str(caught.value)
        assert "hemligt" not in str(caught.value)

    def test_no_such_database(self, server: postgis.Server) -> None:
        with pytest.raises(StorageError, match=r"nosuch.*är servern igång"):
            open_store(server.url("nosuch"))

    def test_nobody_at_the_address(self) -> None:
        with pytest.raises(StorageError, match="är servern igång"):
            open_store("postgresql://127.0.0.1:9/trygg")

    def test_without_postgis_and_without_the_right_to_add_it(
        self, server: postgis.Server, new_database: NewDatabase
    ) -> None:
        url = new_database(empty=True)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DROP ROLE IF EXISTS plain"))
            connection.execute(text("CREATE ROLE plain LOGIN"))
        engine.dispose()
        with pytest.raises(StorageError, match="CREATE EXTENSION postgis"):
            open_store(url.replace("trygg@", "plain@"))

    def test_of_a_newer_version(self, url: str) -> None:
        store = open_store(url)
        with store.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        store.close()
        with pytest.raises(StorageError, match="nyare version"):
            open_store(url)

    def test_with_tables_of_somebody_else(self, new_database: NewDatabase) -> None:
        url = new_database(empty=True)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE visits (id int)"))
        engine.dispose()
        with pytest.raises(StorageError, match="inte gjord av programmet"):
            open_store(url)

    def test_only_to_be_read(self, url: str) -> None:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            name = connection.scalar(text("SELECT current_database()"))
            connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            )
        engine.dispose()
        store = open_store(url)
        with pytest.raises(StorageError, match="får bara läsas"):
            store.write([Put(a_visit("b1"))], origin="account:a", at=AT)
        store.close()
