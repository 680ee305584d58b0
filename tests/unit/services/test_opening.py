"""A new installation starts with examples; a database somebody named never does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo.config import Settings, read_settings
from geo.errors import DataError, SettingError
from geo.model.location import Location
from geo.model.visit import Visit
from geo.services.demo import shipped_locations
from geo.services.opening import add_examples, open_records
from geo.services.snapshot import read_snapshot
from geo.store.memory import MemoryStore
from geo.store.store import Put

NOW = datetime(2022, 1, 10, 8, tzinfo=UTC)


@pytest.fixture
def untouched(tmp_path: Path) -> Settings:
    """Settings in which nobody named a database."""
    url = f"sqlite:///{tmp_path / 'var' / 'opening_test.db'}"
    return Settings.model_construct(_fields_set=set(), db=url)


def test_the_first_start_shows_something_and_says_it_is_invented(untouched: Settings) -> None:
    store = open_records(untouched, now=NOW)
    snapshot = read_snapshot(store)
    store.close()
    assert len(snapshot.locations) > 20
    assert snapshot.has_examples


def test_the_second_start_keeps_what_there_is(untouched: Settings) -> None:
    first = open_records(untouched, now=NOW)
    place = first.standing(Location)[0]
    mended = place.record.model_copy(update={"name": "Nytt namn"})
    first.write([Put(mended, expects=place.version)], origin="account:lokal", at=NOW)
    revision = first.revision()
    first.close()

    second = open_records(untouched, now=NOW)
    assert second.revision() == revision
    assert second.standing(Location)[0].record.name == "Nytt namn"
    second.close()


def test_a_named_database_starts_empty(tmp_path: Path) -> None:
    store = open_records(Settings(db=f"sqlite:///{tmp_path / 'named_test.db'}"), now=NOW)
    assert store.revision() == 0
    store.close()


def test_a_first_start_that_is_interrupted_leaves_nothing_behind(
    untouched: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.services import opening

    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(opening, "add_examples", interrupted)
        with pytest.raises(KeyboardInterrupt):
            open_records(untouched, now=NOW)
    store = open_records(untouched, now=NOW)
    assert len(read_snapshot(store).locations) > 20
    store.close()


def test_the_default_database_named_is_a_named_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TRYGG_DB", f"sqlite:///{tmp_path / 'a_test.db'}")
    assert not read_settings().is_default_db
    monkeypatch.setenv("TRYGG_DB", "")
    assert read_settings().is_default_db


def test_two_seeds_do_not_mix() -> None:
    store = MemoryStore()
    add_examples(store, seed=2021, now=NOW)
    with pytest.raises(DataError, match="annat frö"):
        add_examples(store, seed=5, now=NOW)


def test_a_place_somebody_made_stays_theirs() -> None:
    store = MemoryStore()
    example = next(r for r in shipped_locations() if r.designated_from is not None)
    mine = example.model_copy(update={"designated_from": None, "name": "Vår egen"})
    store.write([Put(mine)], origin="account:lokal", at=NOW)
    add_examples(store, seed=2021, now=NOW)
    pieces = [p for p in read_snapshot(store).locations if p.location_id == mine.location_id]
    assert [piece.name for piece in pieces] == ["Vår egen"]


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
