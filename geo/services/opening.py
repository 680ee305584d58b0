"""Open the records this installation works on."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import make_url

from geo.config import Settings
from geo.errors import DataError
from geo.model.location import Location
from geo.model.record import Record
from geo.services.demo import example_records
from geo.store.open import open_store
from geo.store.sql import SqlStore
from geo.store.store import Put, Store
from geo.wording import say

DEMO_SEED = 2021
"""Seed of the example data an empty installation starts with."""


def open_records(settings: Settings, *, now: datetime) -> SqlStore:
    """Open the database of the settings; an absent default one is made with example data.

    A database somebody named never gets examples by itself.
    """
    if settings.is_default_db:
        path = Path(str(make_url(settings.db).database))
        if not path.exists():
            _make_with_examples(path, now=now)
    return open_store(settings.db)


def _make_with_examples(path: Path, *, now: datetime) -> None:
    """Make a database beside its place and move it there whole.

    A start that is interrupted leaves no half-filled database behind, and of two
    that start at once the first one's stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=path.parent, prefix="new-") as folder:
        made = Path(folder) / path.name
        store = open_store(f"sqlite:///{made}")
        add_examples(store, seed=DEMO_SEED, now=now)
        store.close()
        with suppress(FileExistsError):
            path.hardlink_to(made)


def add_examples(store: Store, *, seed: int, now: datetime) -> int:
    """Add the example records of which nothing stands yet; says how many were added.

    What somebody has changed stays as it is; what was taken back is laid out again.

    Raises
    ------
    DataError
        Where the examples of another seed are there: two invented years would mix.
    """
    records = example_records(seed=seed)
    origin = f"demo:{seed}"
    fresh: list[Record] = []
    for record_type in dict.fromkeys(type(record) for record in records):
        standing = store.standing(record_type)
        if any(s.origin.startswith("demo:") and s.origin != origin for s in standing):
            raise DataError(
                say("Här finns redan exempeldata med ett annat frö; använd en tom databas.")
            )
        taken = {stored.record.record_id for stored in standing}
        places = {s.record.location_id for s in standing if isinstance(s.record, Location)}
        fresh += [
            record
            for record in records
            if type(record) is record_type
            and record.record_id not in taken
            # A place somebody made is theirs, whatever days it is designated.
            and not (isinstance(record, Location) and record.location_id in places)
        ]
    store.write([Put(record) for record in fresh], origin=origin, at=now)
    return len(fresh)
