"""Days and periods as they are written on the command line."""

from __future__ import annotations

from datetime import date, timedelta

import typer

from geo.errors import DataError
from geo.model.period import Period


def day_of(text: str, option: str) -> date:
    """Read a day.

    Raises
    ------
    typer.BadParameter
        Naming the option, where it is none.
    """
    try:
        day = date.fromisoformat(text)
        Period(day, day + timedelta(days=1))
        return day
    except (ValueError, OverflowError, DataError) as exc:
        raise typer.BadParameter(f"{option}: ”{text}” är inte ett datum (ÅÅÅÅ-MM-DD).") from exc


def needed_period(first: str, after: str) -> Period:
    """Read ``--from`` and ``--to``, the day after the last."""
    try:
        return Period(day_of(first, "--from"), day_of(after, "--to"))
    except DataError as exc:
        raise typer.BadParameter(str(exc)) from exc


def period_of(first: str | None, after: str | None, *, needed: bool) -> Period | None:
    """Read ``--from`` and ``--to`` where both are given; one alone is wrong usage."""
    if first is not None and after is not None:
        return needed_period(first, after)
    if needed:
        raise typer.BadParameter("Ange både --from och --to.")
    return None
