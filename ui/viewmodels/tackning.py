"""How far each place is from its target: one sentence, one table, and those to name.

Nothing here says anything about effect: presence is counted, safety is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from geo.coverage.presence import BANDS, Band, length_bands
from geo.coverage.target import target_table
from geo.maps.layers import PlaceState
from geo.model.period import Period
from geo.services.coverage import coverage, visits_elsewhere
from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording, mark, parts_of_a_whole
from ui.viewmodels.rows import STATE_WORDS, place_state
from ui.viewmodels.rows import place_rows as map_rows
from ui.viewmodels.sentence import map_sentence
from ui.viewmodels.table import (
    Column,
    Table,
    days_gone,
    names_told,
    shares,
    tenths,
    whole,
)

SYMBOLS: Mapping[str, str] = {"met": "✓", "behind": "◐", "far": "!", "unmeasured": "◌"}

BAND_WORDS: Mapping[Band, str] = {
    "drive_through": mark("genomfart, under 3 min"),
    "short": mark("kort, 3 till 10 min"),
    "recommended": mark("rekommenderat, 10–16 min"),
    "long": mark("långt, över 16 min"),
}

RULE_OF_THUMB = mark(
    "Tumregel (Koper 1995): 10–16 minuter rekommenderas. Den är inte bekräftad i andra studier."
)


@dataclass(frozen=True, slots=True)
class Named:
    """Places that must not be forgotten, by name, and why they are named."""

    why: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many visits had one length."""

    band: Band
    words: str
    visits: int
    share: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """What the page *Täckning* says first."""

    sentence: str
    notes: tuple[str, ...]
    """What the figures cannot say: weeks without reports, days after the newest data."""
    places: Table
    named: tuple[Named, ...]


def overview(
    snapshot: Snapshot,
    selection: Selection,
    wording: Wording,
    silent: tuple[date, ...],
    reported_until: date | None,
) -> Overview:
    """Say how it stands for the places of a view.

    Parameters
    ----------
    snapshot
        Narrowed to the filters of `selection`.
    selection
        Its period is what is counted.
    wording
        The language.
    silent
        Mondays of the weeks in which nothing was reported (``pieces.silent_weeks``).
    reported_until
        Day of the newest visit of all, unfiltered.
    """
    rows = place_rows(snapshot, selection.period)
    return Overview(
        sentence=sentence(rows, snapshot, selection, wording),
        notes=(
            *_notes(selection.period, wording, silent, reported_until),
            *_elsewhere(snapshot, selection, wording),
        ),
        places=_table(rows, selection.period, wording),
        named=tuple(_named(rows, selection, wording)),
    )


def place_rows(snapshot: Snapshot, period: Period) -> pd.DataFrame:
    """Give the coverage row of every place, worst first, with what the target is made of.

    Returns
    -------
    DataFrame
        The columns of the coverage table, ``counting_visits, expected_visits`` (NaN without a
        target) and ``state``.  Order: lowest target share first, places without a target
        last; then the longest unvisited, then by name.
    """
    rows = coverage(snapshot, period)
    targets = target_table(snapshot.designations, snapshot.presence, period=period)
    has_target = targets["expected_visits"] > 0
    rows = rows.assign(
        counting_visits=targets["counting_visits"].where(has_target),
        expected_visits=targets["expected_visits"].where(has_target),
        state=states_of(rows["target_share"]),
    )
    waited = rows["days_since_last"].fillna(np.inf)
    return (
        rows.assign(_waited=waited)
        .sort_values(
            ["target_share", "_waited", "name"],
            ascending=[True, False, True],
            na_position="last",
            ignore_index=True,
        )
        .drop(columns="_waited")
    )


def states_of(target_shares: pd.Series[float]) -> pd.Series[str]:
    """Name how far from the target each share is; missing is *ej mätbart*."""
    named = [place_state(share) for share in target_shares]
    return pd.Series(named, index=target_shares.index, dtype=object)


def state_told(state: PlaceState, wording: Wording) -> str:
    """Write a state with its symbol: ``! långt efter``."""
    return f"{SYMBOLS[state]} {wording(STATE_WORDS[state])}"


def sentence(rows: pd.DataFrame, snapshot: Snapshot, selection: Selection, wording: Wording) -> str:
    """Say in one breath what the table says, or what is missing and what to do about it.

    Markdown, in the words of the map's own sentence.
    """
    if rows.empty:
        return _nothing_to_say(snapshot, selection, wording)
    if not rows["visits"].any():
        return _no_visits(snapshot, selection, wording)
    return map_sentence(map_rows(snapshot, selection.period), selection, wording)


def bands(
    snapshot: Snapshot, selection: Selection, wording: Wording, location_id: str | None
) -> tuple[BandCount, ...]:
    """Count the visits of one place, or of all, by their length."""
    counts = length_bands(snapshot.designations, snapshot.presence, period=selection.period)
    if location_id is not None:
        counts = counts[counts["location_id"] == location_id]
    visits = [int(counts[band].sum()) for band in BANDS]
    return tuple(
        BandCount(band, wording(BAND_WORDS[band]), of_it, share if any(visits) else None)
        for band, of_it, share in zip(BANDS, visits, parts_of_a_whole(visits), strict=True)
    )


def _no_visits(snapshot: Snapshot, selection: Selection, wording: Wording) -> str:
    days = wording.days(selection.period.from_on, selection.period.last_on)
    said = (
        wording("Inga besök av de typer som är valda {days}.", days=days)
        if selection.visit_kinds
        else wording("Inga besök {days}.", days=days)
    )
    presence = snapshot.presence
    before = presence["end_at"][presence["start_at"] < selection.period.start_at]
    if before.empty:
        remedy = wording("Logga ett besök, eller importera besök på sidan Data.")
    else:
        last = wording.moment(before.max().to_pydatetime())
        remedy = wording("Det senaste före perioden slutade {last}.", last=last)
    return f"{said} {remedy}"


def bands_table(
    snapshot: Snapshot, selection: Selection, wording: Wording, location_id: str | None
) -> Table:
    """Give the lengths of the visits as a table; its keys are the bands."""
    counted = bands(snapshot, selection, wording, location_id)
    rows = pd.DataFrame(
        {
            "words": [one.words for one in counted],
            "visits": [one.visits for one in counted],
            "share": [one.share for one in counted],
        }
    ).astype({"share": "float64"})
    return Table(
        title=wording("Besökens längd"),
        columns=(
            Column(name="words", title=wording("Längd"), width="medium"),
            Column(name="visits", title=wording("Besök"), shown=whole(wording)),
            Column(name="share", title=wording("Andel"), shown=shares(wording), missing="–"),
        ),
        rows=rows,
        ids=tuple(one.band for one in counted),
    )


def _nothing_to_say(snapshot: Snapshot, selection: Selection, wording: Wording) -> str:
    if not snapshot.locations:
        return (
            wording("Inga platser passar filtren. Ta bort något filter ovanför.")
            if selection.is_filtered
            else wording(
                "Det finns inga utpekade platser än. Importera platser på sidan Data, "
                "eller rita en på Karta."
            )
        )
    return wording(
        "Ingen plats var utpekad {days}. Välj en annan period ovanför.",
        days=wording.days(selection.period.from_on, selection.period.last_on),
    )


def _notes(
    period: Period, wording: Wording, silent: tuple[date, ...], reported_until: date | None
) -> list[str]:
    notes = []
    if reported_until is not None and period.last_on > reported_until:
        notes.append(
            wording(
                "Perioden går till {last}, men besöken är rapporterade till {until}. "
                "Dagarna därefter räknas som utan besök.",
                last=wording.day(period.last_on),
                until=wording.day(reported_until),
            )
        )
        silent = tuple(monday for monday in silent if monday <= reported_until)
    if silent:
        weeks = names_told([wording.week(monday) for monday in silent], wording, most=6)
        notes.append(
            wording(
                "Inget alls är rapporterat {weeks}. Vad som hände då är okänt, "
                "så siffrorna kan vara för låga.",
                weeks=weeks,
            )
        )
    return notes


def _elsewhere(snapshot: Snapshot, selection: Selection, wording: Wording) -> list[str]:
    """Say how many visits are in no figure, where no filter on places has left them out."""
    if selection.location_kinds or selection.priorities:
        return []
    n = visits_elsewhere(snapshot, selection.period)
    if n == 0:
        return []
    return [
        wording.plural(
            "{n} besök till gjordes där ingen plats var utpekad. Det räknas inte här.",
            "{n} besök till gjordes där ingen plats var utpekad. De räknas inte här.",
            n,
        )
    ]


def _named(rows: pd.DataFrame, selection: Selection, wording: Wording) -> list[Named]:
    never = rows["days_since_last"].isna()
    quiet = (rows["visits"] == 0) & ~never
    groups = (
        (
            wording("Aldrig besökta av de typer som är valda")
            if selection.visit_kinds
            else wording("Aldrig besökta"),
            never,
        ),
        (wording("Inte besökta i perioden"), quiet),
        (wording("Ej mätbara: platsen har inget mål"), rows["state"] == "unmeasured"),
    )
    return [Named(why, tuple(rows.loc[kept, "name"])) for why, kept in groups if kept.any()]


def _table(rows: pd.DataFrame, period: Period, wording: Wording) -> Table:
    unknown = wording("ej mätbart")
    shown = rows.assign(
        told=[state_told(state, wording) for state in rows["state"]],
    )
    number, decimal, share = whole(wording), tenths(wording), shares(wording)
    days = days_gone(wording)
    columns = (
        Column(name="name", title=wording("Plats"), is_pinned=True, width=210),
        Column(
            name="told",
            title=wording("Läge"),
            codes="state",
            width=150,
            meaning=wording(
                "✓ når målet · ◐ minst halva målet · ! under halva målet · ◌ platsen har inget mål"
            ),
        ),
        Column(
            name="target_share",
            title=wording("Andel av målet"),
            shown=share,
            missing=unknown,
            meaning=wording(
                "Besök som räknas, delat med väntade besök. Högst 100 %, avrundat nedåt."
            ),
        ),
        Column(name="visits", title=wording("Besök"), shown=number),
        Column(
            name="counting_visits",
            title=wording("Räknas"),
            shown=number,
            missing=unknown,
            meaning=wording("Besök som är minst så långa som platsens mål säger."),
        ),
        Column(
            name="expected_visits",
            title=wording("Väntat"),
            shown=decimal,
            missing=unknown,
            meaning=wording("Målet per vecka, gånger den tid platsen var utpekad i perioden."),
        ),
        Column(
            name="patrol_min",
            title=wording("Patrullmin"),
            shown=number,
            meaning=wording("Patrullminuter: tid då minst en patrull var på platsen."),
        ),
        Column(
            name="officer_min",
            title=wording("Tjänstemin"),
            shown=number,
            meaning=wording("Tjänsteminuter: tiden gånger antalet poliser."),
        ),
        Column(
            name="days_since_last",
            title=wording("Dagar sedan besök"),
            shown=days,
            missing=wording("aldrig"),
            meaning=wording(
                "Dagar från det senaste besökets slut till periodens slut ({day}).",
                day=wording.day(period.last_on),
            ),
        ),
        Column(
            name="longest_gap_days",
            title=wording("Längsta uppehåll"),
            shown=days,
            meaning=wording("Längsta tiden i perioden utan besök, i dagar."),
        ),
        Column(
            name="avg_idleness_days",
            title=wording("Väntan i snitt"),
            shown=days,
            meaning=wording(
                "Hur länge sedan det i genomsnitt var någon var där, i dagar: "
                "uppehållen i kvadrat, delade med två gånger perioden."
            ),
        ),
        Column(
            name="hit_in_time_share",
            title=wording("I otrygga timmar"),
            shown=share,
            missing=unknown,
            meaning=wording("Andel av patrullminuterna som föll i platsens otrygga timmar."),
        ),
    )
    return Table(
        title=wording("Platser, sämst täckta först"),
        columns=columns,
        rows=shown,
        ids=tuple(rows["location_id"]),
    )
