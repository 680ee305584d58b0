"""The panel beside the map: what is known about the one thing chosen, and what to do next."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import PurePath

import streamlit as st

from geo.maps.layers import Building
from geo.maps.texts import map_texts
from geo.wording import Wording, cut
from ui import deps, state
from ui.components import figures
from ui.components.say import plain
from ui.viewmodels import link
from ui.viewmodels.building_panel import STATE_WORDS, AreaPanel, BuildingPanel, HistoryLine
from ui.viewmodels.karta import Karta
from ui.viewmodels.place_panel import PlacePanel
from ui.viewmodels.rows import PlaceRow, per_week

_LOG, _COVERAGE = "pages/logga.py", "pages/tackning.py"


def _head(name: str, facts: Sequence[str], wording: Wording, *, is_example: bool) -> None:
    with st.container(key="panel_head", horizontal=True, gap="small"):
        st.subheader(plain(name), anchor=False, width="stretch")
        st.button(
            wording("Stäng"),
            icon=":material/close:",
            key="panel_close",
            type="tertiary",
            on_click=state.clear_choice,
        )
    said = [plain(fact) for fact in facts]
    if is_example:
        said.append(f"*{wording('exempel')}*")
    st.caption(" · ".join(said))


def place(panel: PlacePanel, wording: Wording) -> None:
    """Tell of a place."""
    _head(panel.name, panel.facts, wording, is_example=panel.is_example)
    if panel.state is None:
        st.info(plain(panel.not_designated), icon=":material/event_busy:")
        return
    if panel.badge:
        figures.badge(panel.badge, state=panel.state)
    figures.figures(panel.figures)
    if panel.weeks:
        figures.week_bars(panel.weeks, title=panel.weeks_title, target=panel.target_per_week)
    if panel.too_short:
        st.caption(panel.too_short)
    if panel.hours is not None:
        figures.hour_matrix(panel.hours, title=panel.hours_title)
    if panel.near:
        _near(panel.near, wording)
    with st.container(key="panel_next", horizontal=True, gap="small"):
        if "visits" in deps.rights().forms:
            _link(wording("Logga besök"), _LOG, key="panel_log")
        if panel.visits:
            _link(
                wording.plural("Visa {n} besök", "Visa alla {n} besök", panel.visits),
                _COVERAGE,
                key="panel_rows",
            )


def _link(label: str, page: str, *, key: str) -> None:
    if PurePath(page).stem not in deps.rights().pages:
        return
    with st.container(key=key, width="content"):
        st.page_link(page, label=label, query_params=link.write(deps.view()))


def _near(buildings: Sequence[Building], wording: Wording) -> None:
    st.caption(wording("Inom 150 m"))
    _buildings(buildings, wording, key="near")


def _buildings(buildings: Sequence[Building], wording: Wording, *, key: str) -> None:
    with st.container(key=key, horizontal=True, gap="small"):
        for building in buildings:
            with st.container(
                horizontal=True,
                vertical_alignment="center",
                gap="xxsmall",
                width="content",
                key=f"{key}_{building.building_id}",
            ):
                _twin(building, wording)
                st.button(
                    plain(building.name),
                    key=f"{key}_choose_{building.building_id}",
                    type="tertiary",
                    on_click=_choose,
                    args=("building", building.building_id),
                )


def _choose(kind: str, thing_id: str) -> None:
    state.choose(kind, thing_id)
    state.fly_to_chosen()


def _twin(building: Building, wording: Wording) -> None:
    """Draw the twin symbol: basement and attic, each with its state and its letter."""
    texts = map_texts(wording)
    halves = (("basement", building.basement), ("attic", building.attic))
    body = "".join(
        f'<i data-state="{html.escape(state)}">{html.escape(texts[f"{half}_letter"])}</i>'
        for half, state in halves
        if state != "none"
    )
    spoken = ", ".join(
        wording("{space}: {state}", space=texts[half], state=wording(STATE_WORDS[state]))
        for half, state in halves
        if state != "none"
    )
    if body:
        label = html.escape(spoken)
        st.html(
            f'<span class="tk-twin" role="img" aria-label="{label}" title="{label}">{body}</span>'
        )


def building(panel: BuildingPanel, wording: Wording) -> None:
    """Tell of a building."""
    _head(panel.name, panel.facts, wording, is_example=panel.is_example)
    figures.badge(panel.badge, state=panel.state)
    head = "".join(
        f'<th scope="col">{html.escape(word)}</th>'
        for word in (
            wording("Utrymme"),
            wording("Läge"),
            wording("Senast sedd"),
            wording("Klart senast"),
        )
    )
    rows = "".join(
        f'<tr><th scope="row">{html.escape(line.space)}</th>'
        f'<td><span class="tk-dot" data-state="{line.state}"></span>'
        f"{html.escape(line.state_text)}</td>"
        f"<td>{html.escape(line.last)}</td><td>{html.escape(line.due)}</td></tr>"
        for line in panel.spaces
    )
    st.html(f'<table class="tk-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')
    if panel.history:
        _history(panel.history, wording)
    else:
        st.caption(wording("Byggnaden har inte gåtts igenom än."))
    with st.container(key="panel_next", horizontal=True, gap="small"):
        if "inspections" in deps.rights().forms:
            _link(wording("Logga genomgång"), _LOG, key="panel_log")
        if panel.inspections:
            _link(
                wording.plural(
                    "Visa {n} genomgång", "Visa alla {n} genomgångar", panel.inspections
                ),
                "pages/genomgangar.py",
                key="panel_rows",
            )


def _history(history: Sequence[HistoryLine], wording: Wording) -> None:
    st.caption(wording("Historik"))
    items = "".join(
        f"<li><b>{html.escape(line.when)}</b> {html.escape(line.space)}: "
        f"{html.escape(' · '.join(p for p in (line.outcome, line.finding, line.follow_up) if p))}"
        "</li>"
        for line in history
    )
    st.html(f'<ul class="tk-history">{items}</ul>')


def area(panel: AreaPanel, wording: Wording) -> None:
    """Tell of a housing area."""
    _head(panel.area, panel.facts, wording, is_example=False)
    figures.figures(panel.figures)
    _buildings(panel.buildings, wording, key="area")


def worst(karta: Karta, symbols: dict[str, str], wording: Wording, *, most: int = 5) -> None:
    """Name the places furthest from their target, when nothing is chosen."""
    rows = karta.rows
    listed = [row for row in rows if row.state in {"far", "behind"}][:most]
    if not rows:
        st.subheader(wording("Inga platser än"), anchor=False)
        st.write(
            wording(
                "Rita en plats på kartan med dess verktyg, eller importera en fil på sidan Data."
            )
        )
        return
    figures.figures(karta.figures)
    if deps.seen().audience != "intern":
        st.caption(wording("Välj en plats, en byggnad eller ett område på kartan för att se mer."))
        return
    if not listed:
        st.subheader(wording("Alla mätbara platser når sitt mål"), anchor=False)
        st.caption(wording("Välj en plats på kartan för att se dess historik."))
        return
    st.subheader(wording("Längst från målet"), anchor=False)
    for row in listed:
        with st.container(key=f"worst_{row.place_id}", horizontal=True, gap="small"):
            st.html(symbols.get(row.state, ""), width="content")
            with st.container(gap=None):
                st.button(
                    plain(row.name),
                    key=f"worst_choose_{row.place_id}",
                    type="tertiary",
                    on_click=_choose,
                    args=("place", row.place_id),
                )
                st.caption(_worst_line(row, wording))
    st.caption(wording("Välj en plats, en byggnad eller ett område på kartan för att se mer."))


def _worst_line(row: PlaceRow, wording: Wording) -> str:
    if row.days_since_last is None:
        return wording("{amount} · aldrig besökt", amount=per_week(row, wording))
    return wording.plural(
        "{amount} · {n} dag sedan senaste besök",
        "{amount} · {n} dagar sedan senaste besök",
        int(cut(row.days_since_last)),
        amount=per_week(row, wording),
    )


def unknown(name: str | None, wording: Wording) -> None:
    """Say that what a link or a search points at is not there, or only not seen.

    Parameters
    ----------
    name
        What it is called where the filters hide it; None where it does not exist.
    wording
        The reader's language.
    """
    if name is None:
        st.info(wording("Det valda finns inte."), icon=":material/search_off:")
    else:
        said = wording("{name} döljs av filtren.", name=plain(name))
        st.info(said, icon=":material/filter_alt:")
        st.button(wording("Ta bort filtren"), key="panel_unfilter", on_click=state.clear_filters)
    st.button(wording("Visa allt"), key="panel_clear", on_click=state.clear_choice)
