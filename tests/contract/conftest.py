"""Databases to hold to the contract."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from checks import postgis
from geo.model.visit import Visit
from geo.services.backup import back_up
from geo.store.open import open_store
from geo.store.store import Put, Withdraw
from tests.every_kind import AT, EVERY_KIND, a_visit


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
    """Give a way to make databases, with our tables or empty; each has an address of its own.

    The template ``with_postgis`` is empty too, and quicker than to switch PostGIS on.
    """
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")

    def run(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def make(*, empty: bool = False, template: str = "made") -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        run(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {template}"))
        return server.url(name)

    run("CREATE DATABASE with_postgis TEMPLATE template0")
    with closing(psycopg.connect(server.url("with_postgis").replace("+psycopg", ""))) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.commit()
    run("CREATE DATABASE made TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'sv-SE' LOCALE 'C'")
    open_store(server.url("made")).close()
    return make


@pytest.fixture
def place_for(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., str]:
    """Give a way to name a new place: a file that is not there, or a database without records.

    With `empty` the database has no tables either.
    """

    def address(kind: str, *, empty: bool = False) -> str:
        if kind == "postgresql":
            template = "with_postgis" if empty else "made"
            return str(request.getfixturevalue("new_database")(template=template))
        return f"sqlite:///{tmp_path / f'{uuid.uuid4().hex[:8]}_test.db'}"

    return address


@pytest.fixture
def filled_place(place_for: Callable[[str], str]) -> Callable[[str], str]:
    """Give a way to make a database with every kind of record, changes and one taken back."""

    def filled(kind: str) -> str:
        url = place_for(kind)
        with closing(open_store(url)) as store:
            store.write([Put(record) for record in EVERY_KIND], origin="demo:1", at=AT)
            store.write([Put(a_visit(officers=4), expects=1)], origin="account:a", at=AT)
            store.write([Withdraw(Visit, "b2", expects=1)], origin="account:b", at=AT)
        return url

    return filled


@pytest.fixture
def saved(filled_place: Callable[[str], str], tmp_path: Path) -> Path:
    """A backup of a SQLite database."""
    file = tmp_path / "saved.zip"
    back_up(filled_place("sqlite"), file, now=AT)
    return file


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An empty folder to save in."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    return folder


@pytest.fixture
def busy_writer(tmp_path: Path) -> Callable[[str], AbstractContextManager[Path]]:
    """Give a way to let another process write visits all the time; it notes each one it did."""

    @contextmanager
    def writing(url: str) -> Iterator[Path]:
        noted = tmp_path / "noted"
        noted.touch()
        command = [sys.executable, "-c", _WRITER, url, str(noted)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
            try:
                while len(noted.read_text().splitlines()) < 3:
                    assert process.poll() is None, "the writer died"
                yield noted
            finally:
                process.kill()

    return writing


_WRITER = """
import sys
from itertools import count
from geo.store.open import open_store
from geo.store.store import Put
from tests.every_kind import AT, a_visit

store = open_store(sys.argv[1])
with open(sys.argv[2], "a") as noted:
    for number in count():
        store.write([Put(a_visit(f"busy{number:06}"))], origin="account:busy", at=AT)
        print(number, file=noted, flush=True)
"""
