"""*Täckning*: how far each place is from its target, when somebody was there, and how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal, get_args

import streamlit as st

from geo.coverage.presence import BANDS
from geo.errors import DataError
from geo.model.period import Grain, Period
from geo.model.time import local_day
from geo.wording import Wording, mark
from ui import deps, state
from ui.components import charts, coverage_charts, linked, rows
from ui.components.say import plain
from ui.viewmodels import coverage_compare, coverage_heat, coverage_hours, coverage_trend, pieces
from ui.viewmodels import tackning as vm
from ui.viewmodels.table import Table
from ui.viewmodels.visits_behind import Asked

Part = Literal["platser", "tid", "dygn", "utveckling", "jamfor"]
PARTS: tuple[Part, ...] = get_args(Part)
PART_WORDS: dict[Part, str] = {
    "platser": mark("Platser"),
    "tid": mark("Plats och tid"),
    "dygn": mark("Dygnet"),
    "utveckling": mark("Utveckling"),
    "jamfor": mark("Jämför"),
}

Against = Literal["fore", "aret-fore", "annan"]
AGAINST: tuple[Against, ...] = get_args(Against)
AGAINST_WORDS: dict[Against, str] = {
    "fore": mark("Perioden före"),
    "aret-fore": mark("Samma tid året före"),
    "annan": mark("Annan period"),
}

_EVERYWHERE: Final = ""
_TREND_KEYS: Final[Mapping[coverage_charts.TrendFigure, str]] = {
    "visits": "tackning_trend_visits",
    "patrol_min": "tackning_trend_minutes",
}
_AS_TABLE: Final = mark("Visa som tabell")


def page() -> None:
    """Draw the page: a sentence, what was asked for, and the visits behind what was chosen."""
    wording = deps.wording()
    found = deps.answered(vm.overview, _silent(), _reported_until())
    st.markdown(found.sentence)
    for note in found.notes:
        st.caption(f":material/info: {plain(note)}")
    if not len(found.places):
        return
    part = linked.segments(
        wording("Del av sidan"), PARTS, name="vy", shown=lambda p: wording(PART_WORDS[p])
    )
    match part:
        case "platser":
            _places(found, wording)
        case "tid":
            _heat(wording)
        case "dygn":
            _hours(wording)
        case "utveckling":
            _trend(wording)
        case "jamfor":
            _compare(wording)


def _silent(period: Period | None = None) -> tuple[date, ...]:
    return pieces.silent_weeks(deps.snapshot(), period or deps.selection().period)


def _reported_until() -> date | None:
    until = deps.snapshot().visits_until
    return None if until is None else local_day(until)


# ------------------------------------------------------------------ places


def _places(found: vm.Overview, wording: Wording) -> None:
    period = deps.selection().period
    place = _chosen_place(found.places)
    rows.table(
        found.places,
        key="tackning_places",
        is_choosing=True,
        chosen=place,
        on_choose=lambda: _choose(rows.chosen_row("tackning_places", found.places)),
    )
    left, right = st.columns([3, 2], gap="large")
    with right:
        st.markdown(f"##### {wording('Besökens längd')}")
        lengths = deps.answered(vm.bands_table, place)
        rows.table(lengths, key="tackning_bands", is_choosing=True)
        st.caption(plain(wording(vm.RULE_OF_THUMB)))
        for named in found.named:
            st.markdown(f"**{plain(named.why)}:** {plain(', '.join(named.names))}")
    with left:
        chosen_band = rows.chosen_row("tackning_bands", lengths)
        band = next((band for band in BANDS if band == chosen_band), None)
        if place is None and band is None:
            st.markdown(f"##### {wording('Besöken bakom siffrorna')}")
            st.caption(wording("Välj en rad i tabellen för att se besöken bakom dess siffror."))
        else:
            rows.behind(
                Asked(period=period, location_id=place, band=band), key="tackning_places_behind"
            )


def _chosen_place(among: Table) -> str | None:
    chosen = state.chosen()
    is_there = chosen is not None and chosen[0] == "place" and chosen[1] in among.ids
    return chosen[1] if chosen is not None and is_there else None


def _choose(location_id: str | None) -> None:
    if location_id is None:
        state.clear_choice()
    else:
        state.choose("place", location_id)


def _ask_place(wording: Wording) -> str | None:
    """Ask for one place or all; the place is the one chosen on every page."""
    found = deps.answered(vm.overview, _silent(), _reported_until()).places
    names = dict(zip(found.ids, found.rows["name"], strict=True))
    ids = sorted(names, key=lambda location_id: str(names[location_id]).casefold())
    key = "tackning_place"
    st.session_state[key] = _chosen_place(found) or _EVERYWHERE
    st.selectbox(
        wording("Plats"),
        [_EVERYWHERE, *ids],
        key=key,
        format_func=lambda one: str(names[one]) if one else wording("Alla platser"),
        on_change=lambda: _choose(st.session_state[key] or None),
        width=360,
    )
    return _chosen_place(found)


# ------------------------------------------------------------------ place by place over time


def _heat(wording: Wording) -> None:
    period = deps.selection().period
    with st.container(horizontal=True, vertical_alignment="bottom"):
        grain = _ask_grain(wording)
        as_table = st.toggle(wording(_AS_TABLE), key="tackning_heat_as_table")
    cut = pieces.Cut(grain, _silent())
    look = coverage_charts.HeatLook(cut, charts.theme())
    found = deps.answered(coverage_heat.heat, cut)
    st.caption(plain(found.sentence))
    by_key = {piece.key: piece.period for piece in found.pieces}
    asked: Asked | None = None
    if as_table:
        rows.table(found.table, key="tackning_heat_table", is_choosing=True)
        cell = rows.chosen_cell("tackning_heat_table", found.table)
        if cell is not None:
            asked = Asked(period=by_key.get(cell[1], period), location_id=cell[0])
    else:
        charts.show(
            deps.answered(coverage_charts.drawn_heat, look),
            key="tackning_heat",
            description=_described(found.table, found.sentence, wording),
            is_choosing=True,
        )
        charts.legend([(key, wording(coverage_heat.CELL_WORDS[key])) for key in found.states])
        point = charts.chosen("tackning_heat", parameter=coverage_charts.CELL)
        if point is not None and point.get("piece") in by_key:
            asked = Asked(period=by_key[point["piece"]], location_id=str(point.get("location_id")))
    _behind_or_hint(
        asked, "tackning_heat_behind", wording("Välj en ruta för att se besöken bakom den.")
    )


def _ask_grain(wording: Wording) -> Grain:
    offered: Sequence[Grain] = pieces.grains_for(deps.selection().period)
    ordered: list[Grain] = ["week", *(grain for grain in offered if grain != "week")]
    return linked.segments(
        wording("Visa per"),
        ordered,
        name="steg",
        shown=lambda grain: wording(pieces.GRAIN_WORDS[grain]),
    )


# ------------------------------------------------------------------ the hours of the week


def _hours(wording: Wording) -> None:
    period = deps.selection().period
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = _ask_place(wording)
        as_table = st.toggle(wording(_AS_TABLE), key="tackning_hours_as_table")
    found = deps.answered(coverage_hours.hours, place)
    st.markdown(plain(found.sentence))
    hour: tuple[int, int] | None = None
    if as_table:
        rows.table(found.table, key="tackning_hours_table", is_choosing=True)
        cell = rows.chosen_cell("tackning_hours_table", found.table)
        if cell is not None and cell[1].isdecimal():
            hour = int(cell[0]), int(cell[1])
    else:
        charts.show(
            deps.answered(
                coverage_charts.drawn_hours, coverage_charts.HoursLook(place, charts.theme())
            ),
            key="tackning_hours",
            description=_described(found.table, found.sentence, wording),
            is_choosing=True,
        )
        point = charts.chosen("tackning_hours", parameter=coverage_charts.CELL)
        if point is not None and {"weekday", "hour"} <= point.keys():
            hour = int(point["weekday"]), int(point["hour"])
    shade = wording("Färgen visar patrullminuter: ju mörkare, desto fler.")
    st.caption(plain(" ".join(part for part in (shade, found.outline) if part)))
    asked = None if hour is None else Asked(period=period, location_id=place, hour=hour)
    _behind_or_hint(
        asked, "tackning_hours_behind", wording("Välj en timme för att se besöken bakom den.")
    )


# ------------------------------------------------------------------ how it has gone


def _trend(wording: Wording) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = _ask_place(wording)
        grain = _ask_grain(wording)
        as_table = st.toggle(wording(_AS_TABLE), key="tackning_trend_as_table")
    cut = pieces.Cut(grain, _silent())
    found = deps.answered(coverage_trend.trend, cut, place)
    st.markdown(plain(found.sentence))
    by_key = {piece.key: piece.period for piece in found.pieces}
    piece: str | None = None
    if as_table:
        rows.table(found.table, key="tackning_trend_table", is_choosing=True)
        piece = rows.chosen_row("tackning_trend_table", found.table)
    else:
        for figure, key in _TREND_KEYS.items():
            look = coverage_charts.TrendLook(cut, place, figure, charts.theme())
            charts.show(
                deps.answered(coverage_charts.drawn_trend, look),
                key=key,
                description=_described(found.table, found.sentence, wording),
                is_choosing=True,
            )
        last = charts.latest(tuple(_TREND_KEYS.values()))
        point = last and charts.chosen(last, parameter=coverage_charts.CELL)
        piece = str(point.get("piece")) if point else None
    if any(one.is_silent for one in found.pieces):
        st.caption(wording("Streckad ruta med ?: inget rapporterat alls, så antalet är okänt."))
    asked = (
        Asked(period=by_key[piece], location_id=place)
        if piece is not None and piece in by_key
        else None
    )
    _behind_or_hint(
        asked, "tackning_trend_behind", wording("Välj en stapel för att se besöken bakom den.")
    )
    if place is None:
        st.markdown(f"##### {wording('Hur jämnt är besöken fördelade?')}")
        for said in deps.answered(coverage_trend.evenness).sentences:
            st.markdown(plain(said))


# ------------------------------------------------------------------ beside another period


def _compare(wording: Wording) -> None:
    period = deps.selection().period
    with st.container(horizontal=True, vertical_alignment="bottom"):
        other = _ask_other(period, wording)
        figure = linked.choice(
            wording("Vad ska jämföras?"),
            coverage_compare.COMPARED,
            name="siffra",
            shown=lambda one: wording(coverage_compare.COMPARED_WORDS[one]),
            width=260,
        )
    if other is None:
        return
    found = deps.answered(
        coverage_compare.contrast,
        coverage_compare.Against(
            other=other,
            figure=figure,
            silent_now=_silent(),
            silent_before=_silent(other),
        ),
    )
    st.markdown(plain(found.sentence))
    for note in found.notes:
        st.caption(f":material/info: {plain(note)}")
    rows.table(found.table, key="tackning_compare", is_choosing=True)
    cell = rows.chosen_cell("tackning_compare", found.table)
    asked = None
    if cell is not None:
        asked = Asked(period=other if cell[1] == "before" else period, location_id=cell[0])
    _behind_or_hint(
        asked,
        "tackning_compare_behind",
        wording("Välj en siffra i någon av periodernas kolumner för att se besöken bakom den."),
    )


def _ask_other(period: Period, wording: Wording) -> Period | None:
    against = linked.segments(
        wording("Jämför med"),
        AGAINST,
        name="mot",
        shown=lambda one: wording(AGAINST_WORDS[one]),
    )
    before = period.previous()
    if against == "fore":
        return before
    if against == "aret-fore":
        # 52 weeks and not a year, so that the same weekdays are compared.
        back = timedelta(weeks=52)
        return Period(period.from_on - back, period.to_on - back)
    first, last = linked.days(
        wording("Jämför med dagarna"),
        (before.from_on, before.last_on),
        names=("mot_fran", "mot_till"),
    )
    if first is None or last is None:
        st.caption(wording("Välj både första och sista dagen."))
        return None
    try:
        return Period(first, last + timedelta(days=1))
    except DataError as error:
        st.caption(plain(wording.message(error.message)))
        return None


# ------------------------------------------------------------------ shared


def _behind_or_hint(asked: Asked | None, key: str, hint: str) -> None:
    if asked is None:
        st.caption(plain(hint))
    else:
        rows.behind(asked, key=key)


def _described(table: Table, sentence: str, wording: Wording) -> str:
    return wording(
        "{title}. {sentence} Samma uppgifter finns i tabellen under {button}.",
        title=table.title,
        sentence=sentence,
        button=wording(_AS_TABLE),
    )


page()
