"""How it has gone over time, and how evenly the visits are spread."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from geo.coverage.evenness import generalised_gini, gini, per_target
from geo.services.coverage import coverage
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.viewmodels.pieces import Cut, Piece, minutes_counted, pieces_of, visits_counted
from ui.viewmodels.table import Column, Table, whole
from ui.viewmodels.tackning import place_rows


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """Visits and patrol minutes per piece, as a frame for the charts and as a table."""

    bars: pd.DataFrame
    """``piece, label, visits, patrol_min, is_silent, note``."""
    pieces: tuple[Piece, ...]
    table: Table
    sentence: str


@dataclass(frozen=True, slots=True)
class Evenness:
    """How evenly the visits are spread over the places, with what the numbers mean."""

    gini: float | None
    generalised: float | None
    by_plan: float | None
    sentences: tuple[str, ...]


def trend(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    cut: Cut,
    location_id: str | None,
) -> Trend:
    """Add up visits and patrol minutes per day, week or month, for one place or for all."""
    pieces = pieces_of(selection.period, wording, cut)
    rows = coverage(snapshot, selection.period, by=cut.grain)
    if location_id is not None:
        rows = rows[rows["location_id"] == location_id]
    sums = rows.groupby("period_start")[["visits", "patrol_min"]].sum()
    sums = sums.reindex([piece.key for piece in pieces], fill_value=0)
    bars = pd.DataFrame(
        {
            "piece": [piece.key for piece in pieces],
            "label": [piece.label for piece in pieces],
            "visits": sums["visits"].to_numpy(dtype=np.float64),
            "patrol_min": sums["patrol_min"].to_numpy(dtype=np.float64),
            "is_silent": [piece.is_silent for piece in pieces],
        }
    )
    # Where nothing was reported the number is not known, and so not zero.
    bars.loc[bars["is_silent"], ["visits", "patrol_min"]] = np.nan
    bars["days"] = [wording.days(piece.period.from_on, piece.period.last_on) for piece in pieces]
    bars["note"] = [
        _note(piece, visits, minutes, wording)
        for piece, visits, minutes in zip(pieces, bars["visits"], bars["patrol_min"], strict=True)
    ]
    return Trend(bars, pieces, _table(bars, wording), _sentence(bars, pieces, wording))


def evenness(snapshot: Snapshot, selection: Selection, wording: Wording) -> Evenness:
    """Measure how evenly the visits of the period are spread, and say it plainly."""
    rows = place_rows(snapshot, selection.period)
    visits = rows["visits"].to_numpy(dtype=np.float64)
    plan = per_target(rows["counting_visits"].fillna(0), rows["expected_visits"].fillna(0))
    found = Evenness(
        gini=_or_none(gini(visits)),
        generalised=_or_none(generalised_gini(visits)),
        by_plan=_or_none(gini(plan)) if len(plan) else None,
        sentences=(),
    )
    return Evenness(
        found.gini, found.generalised, found.by_plan, tuple(_explained(found, visits, wording))
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _explained(found: Evenness, visits: np.ndarray, wording: Wording) -> list[str]:
    if found.gini is None or found.generalised is None:
        return [wording("Utan besök går jämnheten inte att mäta.")]
    half = np.cumsum(np.sort(visits)[::-1]) * 2 >= visits.sum()
    said = [
        wording.plural(
            "Hälften av besöken gjordes på {n} av {all} platser.",
            "Hälften av besöken gjordes på {n} av {all} platser.",
            int(np.argmax(half)) + 1,
            all=wording.number(len(visits)),
        ),
        wording(
            "Gini {gini}: 0 är helt jämnt, nära 1 betyder att få platser får nästan allt.",
            gini=wording.number(found.gini, digits=2),
        ),
    ]
    if visits.sum() < len(visits):
        said.append(
            wording(
                "Besöken är färre än platserna. Gini för få besök (G′) är {gini}: "
                "0 om besöken är så jämnt spridda som de kan vara.",
                gini=wording.number(found.generalised, digits=2),
            )
        )
    if found.by_plan is not None:
        said.append(
            wording(
                "Mätt mot varje plats eget mål är Gini {gini}: 0 betyder att alla platser "
                "får lika stor del av sitt mål.",
                gini=wording.number(found.by_plan, digits=2),
            )
        )
    said.append(wording("Ojämnt är inte fel i sig: platser med högre mål ska ha fler besök."))
    return said


def _note(piece: Piece, visits: float, minutes: float, wording: Wording) -> str:
    if piece.is_silent:
        return wording("Inget rapporterat alls: okänt")
    said = f"{visits_counted(visits, wording)}, {minutes_counted(minutes, wording)}"
    if piece.is_cut:
        return wording("{said} (bara en del ligger i perioden)", said=said)
    return said


def _table(bars: pd.DataFrame, wording: Wording) -> Table:
    unknown = wording("inget rapporterat")
    return Table(
        title=wording("Besök och patrullminuter över tid"),
        columns=(
            Column(name="label", title=wording("Tid"), is_pinned=True),
            Column(name="days", title=wording("Dagar"), width="medium"),
            Column(name="visits", title=wording("Besök"), shown=whole(wording), missing=unknown),
            Column(
                name="patrol_min",
                title=wording("Patrullminuter"),
                shown=whole(wording),
                missing=unknown,
            ),
        ),
        rows=bars,
        ids=tuple(bars["piece"]),
    )


def _sentence(bars: pd.DataFrame, pieces: tuple[Piece, ...], wording: Wording) -> str:
    known = bars[~bars["is_silent"]]
    if known.empty:
        return wording("Inget är rapporterat i perioden.")
    total = wording(
        "{visits} och {minutes}.",
        visits=visits_counted(known["visits"].sum(), wording),
        minutes=minutes_counted(known["patrol_min"].sum(), wording),
    )
    # A week cut short by the period would always look like the quietest.
    cut = {piece.key for piece in pieces if piece.is_cut}
    whole_ones = known[~known["piece"].isin(cut)]
    if len(whole_ones) < 2 or whole_ones["visits"].max() == whole_ones["visits"].min():
        return total
    most = whole_ones.iloc[int(whole_ones["visits"].argmax())]
    least = whole_ones.iloc[int(whole_ones["visits"].argmin())]
    extremes = wording(
        "Flest besök {most} ({most_n}), färst {least} ({least_n}).",
        most=most["label"],
        most_n=wording.number(most["visits"]),
        least=least["label"],
        least_n=wording.number(least["visits"]),
    )
    return f"{total} {extremes}"
