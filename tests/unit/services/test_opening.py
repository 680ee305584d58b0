"""A new installation starts with examples; a database somebody named never does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo import config
from geo.config import Settings, read_settings
from geo.errors import SettingError
from geo.model.location import Location
from geo.model.visit import Visit
from geo.services.opening import add_examples, open_records
from geo.services.snapshot import read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put

NOW = datetime(2022, 1, 10, 8, tzinfo=UTC)


@pytest.fixture
def default_db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'var' / 'opening_test.db'}"
    monkeypatch.setattr(config, "DEFAULT_DB", url)
    return url


def test_the_first_start_shows_something_and_says_it_is_invented(default_db: str) -> None:
    store = open_records(Settings(db=default_db), now=NOW)
    snapshot = read_snapshot(store)
    store.close()
    assert len(snapshot.locations) > 20
    assert snapshot.has_examples


def test_the_second_start_keeps_what_there_is(default_db: str) -> None:
    first = open_records(Settings(db=default_db), now=NOW)
    place = first.standing(Location)[0]
    mended = place.record.model_copy(update={"name": "Nytt namn"})
    first.write([Put(mended, expects=place.version)], origin="account:lokal", at=NOW)
    revision = first.revision()
    first.close()

    second = open_records(Settings(db=default_db), now=NOW)
    assert second.revision() == revision
    assert second.standing(Location)[0].record.name == "Nytt namn"
    second.close()


def test_a_named_database_starts_empty(tmp_path: Path, default_db: str) -> None:
    store = open_records(Settings(db=f"sqlite:///{tmp_path / 'named_test.db'}"), now=NOW)
    assert store.revision() == 0
    store.close()


def test_examples_added_again_change_nothing() -> None:
    store = MemoryStore()
    assert add_examples(store, seed=2021, now=NOW) > 2_000
    before = store.revision()
    assert add_examples(store, seed=2021, now=NOW) == 0
    assert store.revision() == before
    assert all(stored.record.example for stored in store.standing(Visit))


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRYGG_LANGUAGE", "fi")
    with pytest.raises(SettingError, match="TRYGG_LANGUAGE har värdet ”fi”"):
        read_settings()
