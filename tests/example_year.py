"""The example year, as the tests of pages and of stories meet it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from geo.services.opening import add_examples
from geo.store.open import open_store

NOW = "2022-01-03T09:00:00+01:00"
"""The Monday after the example year: everything in it has happened, and logging is today."""


def write_example_year(path: Path) -> Path:
    """Make a database with the example year; tests work on copies of it."""
    store = open_store(f"sqlite:///{path}")
    add_examples(store, seed=2021, now=datetime.fromisoformat(NOW))
    store.close()
    return path
