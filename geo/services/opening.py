"""Open the records this installation works on."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from geo.config import Settings
from geo.services.demo import example_records
from geo.store.open import open_store
from geo.store.sql import SqlStore
from geo.store.store import Put, Store

DEMO_SEED = 2021
"""Seed of the example data an empty installation starts with."""


def open_records(settings: Settings, *, now: datetime) -> SqlStore:
    """Open the database of the settings; an absent default one is made with example data.

    A database somebody named never gets examples by itself.
    """
    is_new = settings.is_default_db and not Path(str(make_url(settings.db).database)).exists()
    store = open_store(settings.db)
    if is_new:
        add_examples(store, seed=DEMO_SEED, now=now)
    return store


def add_examples(store: Store, *, seed: int, now: datetime) -> int:
    """Add the example records of which nothing stands yet; says how many were added.

    What somebody has changed stays as it is; what was taken back is laid out again.
    """
    records = example_records(seed=seed)
    fresh = []
    for record_type in dict.fromkeys(type(record) for record in records):
        taken = {stored.record.record_id for stored in store.standing(record_type)}
        fresh += [Put(r) for r in records if type(r) is record_type and r.record_id not in taken]
    store.write(fresh, origin=f"demo:{seed}", at=now)
    return len(fresh)
