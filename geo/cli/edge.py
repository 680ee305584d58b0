"""Where the command line meets the machine: settings, the clock, the store, what is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as ProgressBar
from rich.table import Table

from geo.config import Settings, read_settings

_err = Console(stderr=True)
_WIDE = 140
"""Columns of a table that nobody watches: wide enough that no name is cut."""

Db = Annotated[str | None, typer.Option("--db", help="Databasens adress; annars TRYGG_DB.")]
AsJson = Annotated[bool, typer.Option("--json", help="Skriv kvittot som JSON.")]


def settings_with(db: str | None) -> Settings:
    """Read the settings; ``--db`` goes before ``TRYGG_DB``."""
    settings = read_settings()
    return settings if db is None else settings.model_copy(update={"db": db})


def now_of(settings: Settings) -> datetime:
    """Give the moment a setting stopped the clock at, or the present."""
    return settings.now or datetime.now(tz=UTC)


@contextmanager
def opened_store(db: str | None) -> Iterator[tuple[Any, Settings]]:
    """Open the database, empty if it is new; the command line never adds examples by itself."""
    from geo.store.open import open_store

    settings = settings_with(db)
    store = open_store(settings.db)
    try:
        yield store, settings
    finally:
        store.close()


@contextmanager
def progress_bar() -> Iterator[Any]:
    """Show a bar on standard error while something takes time; silent where nobody watches."""
    with ProgressBar(console=_err, transient=True, disable=not _err.is_terminal) as bar:
        task = bar.add_task("Läser", total=None)

        def advance(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance


def note(text: str) -> None:
    """Say something on standard error."""
    typer.echo(text, err=True)


def print_json(value: Any) -> None:
    """Write one value as JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def print_table(table: Table) -> None:
    """Write a table as wide as the terminal, or as wide as it needs where there is none."""
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
