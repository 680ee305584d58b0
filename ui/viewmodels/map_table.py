"""The map as a table: every place on it, for those who cannot see or point at a map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from geo.wording import Wording
from ui.viewmodels.kinds import kind_told
from ui.viewmodels.rows import STATE_WORDS, PlaceRow
from ui.viewmodels.table import Column, Table, days_gone, shares, tenths, whole

_OF_PLANS = frozenset({"state", "visits_per_week", "target_share", "hit_in_time_share"})
"""Columns that are made of targets and hours."""


def map_table(rows: Sequence[PlaceRow], wording: Wording, *, is_internal: bool = True) -> Table:
    """Give one row per place, in the order given: worst first.

    Readers who are not shown targets have no columns made of them.
    """
    columns = [c for c in _columns(wording) if is_internal or c.name not in _OF_PLANS]
    return Table(
        title=wording("Platserna på kartan, längst från målet först"),
        columns=tuple(columns),
        rows=pd.DataFrame(
            {
                "name": [row.name for row in rows],
                "kind": [kind_told(row.kind, wording) for row in rows],
                "state": [wording(STATE_WORDS[row.state]) for row in rows],
                "code": [row.state for row in rows],
                "visits": [row.visits for row in rows],
                "visits_per_week": _numbers(row.visits_per_week for row in rows),
                "target_share": _numbers(row.target_share for row in rows),
                "days_since_last": _numbers(row.days_since_last for row in rows),
                "longest_gap_days": _numbers(row.longest_gap_days for row in rows),
                "hit_in_time_share": _numbers(row.hit_in_time_share for row in rows),
            }
        ),
        ids=tuple(row.place_id for row in rows),
        empty=wording("Inga utpekade platser under perioden."),
    )


def _numbers(values: Iterable[float | None]) -> pd.Series[float]:
    return pd.Series(list(values), dtype="float64")


def _columns(wording: Wording) -> tuple[Column, ...]:
    none, share, days = wording("ej mätbart"), shares(wording), days_gone(wording)
    return (
        Column(name="name", title=wording("Plats"), is_pinned=True, width="medium"),
        Column(name="kind", title=wording("Typ")),
        Column(name="state", title=wording("Läge"), codes="code"),
        Column(name="visits", title=wording("Besök"), shown=whole(wording)),
        Column(
            name="visits_per_week",
            title=wording("Mål per vecka"),
            shown=tenths(wording),
            missing=wording("inget mål"),
        ),
        Column(
            name="target_share",
            title=wording("Andel av målet"),
            shown=share,
            missing=none,
        ),
        Column(
            name="days_since_last",
            title=wording("Dagar sedan besök"),
            shown=days,
            missing=wording("aldrig besökt"),
        ),
        Column(name="longest_gap_days", title=wording("Längsta uppehåll"), shown=days),
        Column(
            name="hit_in_time_share",
            title=wording("I otrygga timmar"),
            shown=share,
            missing=none,
        ),
    )
