"""One period beside another: what differs, in which direction, in words."""

from __future__ import annotations

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
from geo.wording import Wording, mark
from ui.viewmodels.pieces import length_told
from ui.viewmodels.table import Column, Table, shares, tenths, whole

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
    "days_since_last": mark("Dagar sedan senaste"),
    "longest_gap_days": mark("Längsta uppehåll, dagar"),
    "hit_in_time_share": mark("Andel i rätt tid"),
}

_DIRECTIONS: Mapping[Compared, tuple[str, str]] = {
    "visits": (mark("fler"), mark("färre")),
    "patrol_min": (mark("mer tid"), mark("mindre tid")),
    "target_share": (mark("närmare målet"), mark("längre från målet")),
    "days_since_last": (mark("längre sedan"), mark("kortare sedan")),
    "longest_gap_days": (mark("längre"), mark("kortare")),
    "hit_in_time_share": (mark("större andel"), mark("mindre andel")),
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
    table = rows[["location_id", "name"]].assign(now=now, before=before, difference=now - before)
    # What moved most stands first, whichever way it went.
    table = table.assign(_moved=-np.abs(table["difference"]))
    table = table.sort_values(["_moved", "name"], na_position="last", ignore_index=True)
    return Contrast(
        sentence=_sentence(rows, selection.period, other, wording),
        notes=tuple(_notes(selection.period, against, wording)),
        table=_table(table, figure, selection.period, other, wording),
    )


def difference_told(value: float, figure: Compared, wording: Wording) -> str:
    """Write a difference with an arrow and a word: ``▲ 3 fler``.

    Examples
    --------
    >>> difference_told(-3, "visits", Wording())
    '▼ 3 färre'
    >>> difference_told(0.125, "target_share", Wording())
    '▲ 12,5 procentenheter, närmare målet'
    >>> difference_told(0.0, "visits", Wording())
    '= lika'
    """
    size = abs(value)
    if figure in _SHARES:
        amount = wording.number(size * 100, digits=1)
        written = wording("{amount} procentenheter,", amount=amount)
        is_same = round(size * 100, 1) == 0
    else:
        digits = 0 if figure in _WHOLE else 1
        written = wording.number(size, digits=digits)
        is_same = round(size, digits) == 0
    if is_same:
        return wording("= lika")
    arrow, word = ("▲", 0) if value > 0 else ("▼", 1)
    return f"{arrow} {written} {wording(_DIRECTIONS[figure][word])}"


def _table(
    rows: pd.DataFrame, figure: Compared, period: Period, other: Period, wording: Wording
) -> Table:
    write = shares(wording) if figure in _SHARES else tenths(wording)
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
    now = int(rows["visits"].fillna(0).sum())
    before = int(rows["visits" + BEFORE].fillna(0).sum())
    template = (
        mark("{now} besök under {length}, mot {before} under {other_length} dessförinnan.")
        if other.to_on == period.from_on
        else mark("{now} besök under {length}, mot {before} under {other_length}.")
    )
    said = wording(
        template,
        now=wording.number(now),
        before=wording.number(before),
        length=length_told(period, wording),
        other_length=length_told(other, wording),
    )
    share, share_before = rows["target_share"], rows["target_share" + BEFORE]
    closer, further = int((share > share_before).sum()), int((share < share_before).sum())
    moved = wording(
        "{closer} platser kom närmare sitt mål, {further} längre ifrån.",
        closer=wording.number(closer),
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
                wording(
                    "{days}: {silent} av {weeks} veckor är utan rapporter, "
                    "så skillnaden kan bero på det.",
                    days=wording.days(its.from_on, its.last_on),
                    silent=wording.number(len(silent)),
                    weeks=wording.number(len(its.pieces("week"))),
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
