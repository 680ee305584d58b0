"""How the housing company's spaces stand: one sentence, and area by area.

A review counts in the period of the page; states are of the end of one day, which the page
names.  Nothing here says that a reviewed basement is a safe one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from geo.services.inspections import areas_standing
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark
from ui.viewmodels.pieces import length_told
from ui.viewmodels.plain import plain
from ui.viewmodels.space_states import (
    ATTIC,
    BASEMENT,
    Asked,
    Kept,
    known_deficiencies,
    standing,
)
from ui.viewmodels.table import Column, Table, names_told, shares, whole

_PARTS: Final[Mapping[str, str]] = {
    "basement": mark("Källare"),
    "attic": mark("Vind"),
    "others": mark("Övriga"),
}


@dataclass(frozen=True, slots=True, eq=False)
class Inspected:
    """What the page *Genomgångar* says first."""

    sentence: str
    """Markdown."""
    as_of: str
    areas: Table
    """Keys are housing areas."""


def inspected(
    snapshot: Snapshot, selection: Selection, wording: Wording, asked: Asked
) -> Inspected:
    """Say how it stands for the spaces of a view."""
    state = standing(snapshot, asked)
    return Inspected(
        sentence=_sentence(snapshot, state, selection, wording, asked),
        as_of=wording.plural(
            "Läget i slutet av {day}. Ett utrymme ska ses över igen efter {n} dag.",
            "Läget i slutet av {day}. Ett utrymme ska ses över igen efter {n} dagar.",
            asked.interval_days,
            day=wording.day(asked.on),
        ),
        areas=_areas(snapshot, state, selection, wording),
    )


def _sentence(
    snapshot: Snapshot, state: pd.DataFrame, selection: Selection, wording: Wording, asked: Asked
) -> str:
    if state.empty:
        return _nothing_to_say(snapshot, selection, wording)
    stock = areas_standing(snapshot, state, period=selection.period, by=()).iloc[0]
    said = [
        wording(
            "Under {length} har **{reviewed} av {stock}** {what} gåtts igenom ({share}).",
            length=length_told(selection.period, wording),
            reviewed=wording.number(stock["reviewed"]),
            stock=wording.number(stock["stock"]),
            what=_what(asked.kept, wording),
            share=wording.percent(float(stock["share"])),
        )
    ]
    if stock["is_overdue"]:
        said.append(
            wording.plural(
                "**{n}** är försenad.", "**{n}** är försenade.", int(stock["is_overdue"])
            )
        )
    said.append(_deficiencies_told(known_deficiencies(snapshot, asked), wording))
    untouched = state.groupby("area", sort=False)["is_reviewed"].any()
    areas = [f"**{plain(area)}**" for area in untouched.index[~untouched]]
    if areas:
        said.append(
            wording("I {names} är inget utrymme sett än.", names=names_told(areas, wording))
        )
    return " ".join(said)


def _deficiencies_told(found: pd.DataFrame, wording: Wording) -> str:
    late = int(found["is_overdue"].sum())
    if found.empty:
        return wording("Ingen känd brist är öppen.")
    if late == 0:
        return wording.plural(
            "**{n}** brist är inte åtgärdad.", "**{n}** brister är inte åtgärdade.", len(found)
        )
    return wording.plural(
        "**{n}** brist är inte åtgärdad, {late} efter utsatt dag.",
        "**{n}** brister är inte åtgärdade, {late} efter utsatt dag.",
        len(found),
        late=wording.number(late),
    )


def _nothing_to_say(snapshot: Snapshot, selection: Selection, wording: Wording) -> str:
    if snapshot.buildings:
        return wording("Inga sådana utrymmen finns i byggnaderna. Välj andra utrymmen.")
    if selection.areas:
        return wording("Inga byggnader passar filtren. Ta bort något filter ovanför.")
    return wording(
        "Det finns inga byggnader än. Importera byggnader och genomgångar på sidan Data."
    )


def _what(kept: Kept, wording: Wording) -> str:
    return {
        "all": wording("utrymmen"),
        "basement_attic": wording("källare och vindar"),
        "others": wording("övriga utrymmen"),
    }[kept]


def _shares_by_part(
    snapshot: Snapshot, state: pd.DataFrame, selection: Selection
) -> dict[str, pd.Series[float]]:
    """Give the share reviewed per area, for källare, vind and the others where there are any."""
    spaces = areas_standing(
        snapshot, state, period=selection.period, by=("area", "building_id", "space")
    )
    is_basement, is_attic = spaces["space"] == BASEMENT, spaces["space"] == ATTIC
    of_part = {"basement": is_basement, "attic": is_attic, "others": ~(is_basement | is_attic)}
    return {
        part: spaces[kept].groupby("area")["share"].mean()
        for part, kept in of_part.items()
        if kept.any()
    }


def _areas(
    snapshot: Snapshot, state: pd.DataFrame, selection: Selection, wording: Wording
) -> Table:
    rows = areas_standing(snapshot, state, period=selection.period)
    parts = _shares_by_part(snapshot, state, selection)
    rows = rows.assign(**{part: rows["area"].map(parts[part]) for part in parts})
    rows = rows.sort_values(
        ["open_deficiencies", "is_overdue", "share", "area"],
        ascending=[False, False, True, True],
        ignore_index=True,
    )
    number, share, none = whole(wording), shares(wording), wording("finns inte")
    reviewed = wording("Andel som gåtts igenom minst en gång i perioden.")
    columns = (
        Column(name="area", title=wording("Område"), is_pinned=True, width=150),
        Column(name="share", title=wording("Genomgånget"), shown=share, meaning=reviewed),
        *(
            Column(name=part, title=wording(_PARTS[part]), shown=share, missing=none)
            for part in parts
        ),
        Column(name="stock", title=wording("Utrymmen"), shown=number),
        Column(
            name="is_due",
            title=wording("Ska ses över"),
            shown=number,
            meaning=wording("Aldrig sedda, och de vars dag har kommit."),
        ),
        Column(
            name="is_overdue",
            title=wording("Försenade"),
            shown=number,
            meaning=wording("Utsatt dag har gått. Ett aldrig sett utrymme har ingen utsatt dag."),
        ),
        Column(name="open_deficiencies", title=wording("Öppna brister"), shown=number),
        Column(
            name="overdue_deficiencies",
            title=wording("Brister efter utsatt dag"),
            shown=number,
        ),
        Column(name="is_without_access", title=wording("Ej tillträde"), shown=number),
    )
    return Table(
        title=wording("Bostadsområden, de med brister först"),
        columns=columns,
        rows=rows,
        ids=tuple(rows["area"]),
    )
