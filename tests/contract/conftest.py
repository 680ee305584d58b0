"""Databases to hold to the contract."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import create_engine, text

from checks import postgis
from geo.store.open import open_store


@pytest.fixture(scope="session")
def server() -> Iterator[postgis.Server]:
    found = postgis.programs()
    if found is None:
        pytest.skip("PostgreSQL with PostGIS is not installed")
    # Swedish rules of order in the server, to be noticed wherever we do not say which are ours.
    with postgis.running(found) as running:
        yield running


@pytest.fixture(scope="session")
def new_database(server: postgis.Server) -> Callable[..., str]:
    """Give a way to make databases, with our tables or empty; each has an address of its own."""
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def make(*, empty: bool = False) -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        run(f"CREATE DATABASE {name}" + ("" if empty else " TEMPLATE made"))
        return server.url(name)

    run("CREATE DATABASE made TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE' LOCALE 'C'")
    open_store(server.url("made")).close()
    return make
