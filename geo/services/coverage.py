"""Answers about presence, from a snapshot: for a period, cut as the asker wants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from geo.coverage.presence import counted_visits
from geo.coverage.table import FIGURES, coverage_table
from geo.model.period import Grain, Period
from geo.services.snapshot import Snapshot

COVERAGE_COLUMNS = ("location_id", "name", "period_start", "period_end", *FIGURES)
"""The columns of a coverage row, in their order."""


def coverage(snapshot: Snapshot, period: Period, *, by: Grain = "all") -> pd.DataFrame:
    """Give the coverage rows of every place designated in the period (``geo.coverage.table``)."""
    return coverage_table(snapshot.designations, snapshot.presence, period=period, by=by)


def visit_total(rows: pd.DataFrame) -> int:
    """Add up the visits of coverage rows: the one number of visits, on every page.

    Which they are says ``geo.coverage.presence.counted_visits``.
    """
    return int(rows["visits"].sum())


def visits_elsewhere(snapshot: Snapshot, period: Period) -> int:
    """Count the done visits of a period that started at no place designated then."""
    visits = snapshot.visits
    begun = (visits["start_at"] >= period.start_at) & (visits["start_at"] < period.end_at)
    done = visits.loc[visits["done"] & begun, "visit_id"]
    counted = counted_visits(snapshot.designations, snapshot.presence, period=period)
    return len(set(done) - set(counted["visit_id"]))


def coverage_records(rows: pd.DataFrame) -> list[Mapping[str, Any]]:
    """Make coverage rows plain values: ISO dates, and ``None`` where nothing can be measured."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in rows.to_dict(orient="records")
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value
