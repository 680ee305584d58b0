"""One period beside another: what differs, in which direction, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import numpy as np
import pandas as pd

from geo.coverage.compare import BEFORE, compare
from geo.model.period import Period
from geo.services.coverage import coverage
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, cut, mark, rounded, whole_percent
from ui.viewmodels.pieces import length_told, visits_counted
from ui.viewmodels.table import Column, Table, days_gone, shares, whole

Compared = Literal[
    "visits",
    "patrol_min",
    "target_share",
    "days_since_last",
    "longest_gap_days",
    "hit_in_time_share",
]
COMPARED: tuple[Compared, ...] = get_args(Compared)

COMPARED_WORDS: Mapping[Compared, str] = {
    "visits": mark("Besök"),
    "patrol_min": mark("Patrullminuter"),
    "target_share": mark("Andel av målet"),
    "days_since_last": mark("Dagar sedan besök"),
    "longest_gap_days": mark("Längsta uppehåll"),
    "hit_in_time_share": mark("I otrygga timmar"),
}

_DIRECTIONS: Mapping[Compared, tuple[str, str]] = {
    "visits": (mark("{amount} fler"), mark("{amount} färre")),
    "patrol_min": (mark("{amount} min mer"), mark("{amount} min mindre")),
    "target_share": (mark("{amount}, närmare målet"), mark("{amount}, längre från målet")),
    "days_since_last": (mark("{amount} dagar fler"), mark("{amount} dagar färre")),
    "longest_gap_days": (mark("{amount} dagar längre"), mark("{amount} dagar kortare")),
    "hit_in_time_share": (mark("{amount}, större andel"), mark("{amount}, mindre andel")),
}

_SHARES: frozenset[Compared] = frozenset({"target_share", "hit_in_time_share"})
_WHOLE: frozenset[Compared] = frozenset({"visits", "patrol_min"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What to compare with: another period, in one figure.

    The silent weeks of both periods are named by their Mondays.
    """

    other: Period
    figure: Compared = "visits"
    silent_now: tuple[date, ...] = ()
    silent_before: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """Two periods beside each other."""

    sentence: str
    notes: tuple[str, ...]
    table: Table
    """Columns ``name, now, before, difference``."""


def contrast(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    against: Against,
) -> Contrast:
    """Put one figure of the selected period beside that of another, place by place."""
    other, figure = against.other, against.figure
    rows = compare(coverage(snapshot, selection.period), coverage(snapshot, other))
    now = rows[figure].to_numpy(dtype=np.float64, na_value=np.nan)
    before = rows[figure + BEFORE].to_numpy(dtype=np.float64, na_value=np.nan)
    differences = [
        difference_written(one, other, figure) for one, other in zip(now, before, strict=True)
    ]
    table = rows[["location_id", "name"]].assign(now=now, before=before, difference=differences)
    # What moved most stands first, whichever way it went.
    table = table.assign(_moved=-np.abs(now - before))
    table = table.sort_values(["_moved", "name"], na_position="last", ignore_index=True)
    return Contrast(
        sentence=_sentence(rows, selection.period, other, wording),
        notes=tuple(_notes(selection.period, against, wording)),
        table=_table(table, figure, selection.period, other, wording),
    )


def difference_written(now: float, before: float, figure: Compared) -> float:
    """Give the difference between two figures as they are written, so that a row adds up.

    Shares differ by whole percentage points; two that are written alike but differ keep
    their difference, which is less than one.

    Examples
    --------
    >>> round(difference_written(0.236, 0.209, "target_share"), 9)  # 23 % and 20 %
    0.03
    >>> difference_written(4.96, 3.0, "longest_gap_days")  # 4,9 and 3,0
    1.9
    """
    if math.isnan(now) or math.isnan(before):
        return math.nan
    if figure in _SHARES:
        points = whole_percent(now) - whole_percent(before)
        return points / 100 if points else now - before
    if figure in _WHOLE:
        return rounded(now) - rounded(before)
    return rounded(cut(now, 1) - cut(before, 1), 1)


def difference_told(value: float, figure: Compared, wording: Wording) -> str:
    """Write a difference with an arrow and a word: ``▲ 3 fler``.

    Examples
    --------
    >>> difference_told(-3, "visits", Wording())
    '▼ 3 färre'
    >>> difference_told(0.12, "target_share", Wording())
    '▲ 12 procentenheter, närmare målet'
    >>> difference_told(0.0, "visits", Wording())
    '= lika'
    """
    if value == 0:
        return wording("= lika")
    size = abs(value)
    if figure not in _SHARES:
        amount = wording.number(size, digits=0 if figure in _WHOLE else 1)
    elif size < 0.01 - 1e-9:
        amount = wording("mindre än 1 procentenhet")
    else:
        amount = wording.plural("{n} procentenhet", "{n} procentenheter", whole_percent(size))
    arrow, word = ("▲", 0) if value > 0 else ("▼", 1)
    return f"{arrow} {wording(_DIRECTIONS[figure][word], amount=amount)}"


def _table(
    rows: pd.DataFrame, figure: Compared, period: Period, other: Period, wording: Wording
) -> Table:
    write = shares(wording) if figure in _SHARES else days_gone(wording)
    if figure in _WHOLE:
        write = whole(wording)
    unknown = "–"
    meaning = wording("–: inte utpekad då, aldrig besökt eller utan mål, så inget att jämföra.")
    return Table(
        title=wording("Skillnader mellan perioderna, störst först"),
        columns=(
            Column(name="name", title=wording("Plats"), is_pinned=True, width=210),
            Column(
                name="now",
                title=wording.days(period.from_on, period.last_on),
                shown=write,
                missing=unknown,
            ),
            Column(
                name="before",
                title=wording.days(other.from_on, other.last_on),
                shown=write,
                missing=unknown,
            ),
            Column(
                name="difference",
                title=wording("Skillnad"),
                shown=lambda value: difference_told(value, figure, wording),
                missing=unknown,
                meaning=meaning,
                width=250,
            ),
        ),
        rows=rows,
        ids=tuple(rows["location_id"]),
    )


def _sentence(rows: pd.DataFrame, period: Period, other: Period, wording: Wording) -> str:
    if rows.empty:
        return wording("Ingen plats var utpekad i någon av perioderna.")
    template = (
        mark("{visits} under {length}, mot {before} under {other_length} dessförinnan.")
        if other.to_on == period.from_on
        else mark("{visits} under {length}, mot {before} under {other_length}.")
    )
    said = wording(
        template,
        visits=visits_counted(rows["visits"].fillna(0).sum(), wording),
        before=wording.number(rows["visits" + BEFORE].fillna(0).sum()),
        length=length_told(period, wording),
        other_length=length_told(other, wording),
    )
    share, share_before = rows["target_share"], rows["target_share" + BEFORE]
    closer, further = int((share > share_before).sum()), int((share < share_before).sum())
    moved = wording.plural(
        "{n} plats kom närmare sitt mål, {further} kom längre ifrån.",
        "{n} platser kom närmare sitt mål, {further} kom längre ifrån.",
        closer,
        further=wording.number(further),
    )
    return f"{said} {moved}"


def _notes(
    period: Period,
    against: Against,
    wording: Wording,
) -> list[str]:
    notes = []
    other = against.other
    for its, silent in ((period, against.silent_now), (other, against.silent_before)):
        if silent:
            notes.append(
                wording.plural(
                    "{days}: {silent} av {n} vecka är utan rapporter, "
                    "så skillnaden kan bero på det.",
                    "{days}: {silent} av {n} veckor är utan rapporter, "
                    "så skillnaden kan bero på det.",
                    len(its.pieces("week")),
                    days=wording.days(its.from_on, its.last_on),
                    silent=wording.number(len(silent)),
                )
            )
    if period.days != other.days:
        notes.append(
            wording("Perioderna är olika långa, så antal och minuter går inte att jämföra rakt av.")
        )
    notes.append(
        wording("Siffrorna säger hur mycket polisen var på platserna, inte om tryggheten ändrades.")
    )
    return notes
