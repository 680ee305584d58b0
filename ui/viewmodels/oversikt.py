"""What the public page says: visits per area and week, and nothing finer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import pandas as pd

from geo.services.public import LEAST
from geo.wording import Wording


@dataclass(frozen=True, slots=True)
class Overview:
    """A sentence and a table of texts: a row per week, a column per area."""

    sentence: str
    areas: tuple[str, ...]
    weeks: tuple[tuple[str, tuple[str, ...]], ...]
    note: str


def overview(told: pd.DataFrame, wording: Wording) -> Overview:
    """Write the counts of ``geo.services.public.public_weeks``."""
    areas = tuple(dict.fromkeys(told["area"]))
    weeks = tuple(
        (
            wording.week(cast("date", monday)),
            tuple(_cell(row, wording) for row in rows.itertuples(index=False)),
        )
        for monday, rows in told.groupby("week_on", sort=False)
    )
    note = wording(
        "Färre än {least} besök skrivs ”<{least}”, och inga summor visas, så att enskilda "
        "besök inte går att räkna ut. Ett streck betyder att inget rapporterades den veckan.",
        least=LEAST,
    )
    if not weeks:
        return Overview(wording("Inga utpekade platser ännu."), (), (), note)
    return Overview(
        wording(
            "Besök på utpekade platser, per område, de senaste {n} hela veckorna.",
            n=len(weeks),
        ),
        areas,
        weeks,
        note,
    )


def _cell(row: object, wording: Wording) -> str:
    visits, is_reported = row.visits, row.is_reported  # type: ignore[attr-defined]  # a row
    if not is_reported:
        return "–"
    return f"<{LEAST}" if pd.isna(visits) else wording.number(visits)
