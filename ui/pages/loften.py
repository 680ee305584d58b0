"""*Löften*: each item of the citizen promise, what is counted, and whether the pace holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from geo.model.promise import Promise
from geo.model.time import local_day
from geo.wording import Wording
from ui import deps
from ui.components import charts, linked, pace_chart, rows
from ui.components.say import plain
from ui.viewmodels import loften as vm
from ui.viewmodels.period import asked_on, filter_sentences


def page() -> None:
    """Draw the page: which promise, on which day, and its items one by one."""
    wording = deps.wording()
    if not deps.snapshot().promises:
        st.markdown(wording("Det finns inget löfte än. Löften läggs in som data."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        on = _ask_day(wording)
        begun = vm.promises_begun(deps.snapshot(), on=on)
        promise_id = _ask_promise(begun, wording) if begun else None
    if promise_id is None:
        first = min(promise.from_on for promise in deps.snapshot().promises)
        st.markdown(
            wording(
                "Inget löfte hade börjat {day}. Det första börjar {first}: "
                "välj en senare period ovanför.",
                day=wording.day(on),
                first=wording.day(first),
            )
        )
        return
    found = deps.answered(vm.promise_page, promise_id, on)
    st.markdown(found.sentence)
    st.caption(plain(f"{found.about} {_why_this_day(on, wording)}"))
    _filtered(wording)
    look = pace_chart.PaceLook(promise_id, on, charts.theme())
    lines = deps.answered(pace_chart.drawn_paces, look)
    for card in found.cards:
        _card(card, lines.get(card.item_id), wording)


def _ask_day(wording: Wording) -> date:
    default = asked_on(deps.selection(), deps.snapshot(), now=deps.now())
    return linked.day(
        wording("Läget i slutet av"), default, name="den", latest=local_day(deps.now())
    )


def _why_this_day(on: date, wording: Wording) -> str:
    period = deps.selection().period
    if on == period.last_on:
        return wording("Dagen är periodens sista.")
    if on == local_day(deps.now()) and on < period.last_on:
        return wording("Dagen är i dag, eftersom perioden inte är slut.")
    if on == asked_on(deps.selection(), deps.snapshot(), now=deps.now()):
        return wording("Dagen är den senaste det finns uppgifter om.")
    return wording(
        "Dagen är vald här; perioden ovanför slutar {day}.", day=wording.day(period.last_on)
    )


def _ask_promise(begun: Sequence[Promise], wording: Wording) -> str:
    if len(begun) == 1:
        return begun[0].promise_id
    titles = {promise.promise_id: promise.title for promise in begun}
    return linked.choice(
        wording("Löfte"),
        list(titles),
        name="lofte",
        shown=lambda promise_id: titles[promise_id],
        width=360,
    )


def _filtered(wording: Wording) -> None:
    """Say that the filters of the page narrow the counts too."""
    said = filter_sentences(deps.selection(), wording)
    if said:
        told = wording(
            "Bara det som filtren släpper igenom räknas. {filters}", filters=" · ".join(said)
        )
        st.caption(f":material/filter_alt: {plain(told)}")


def _card(card: vm.ItemCard, line: charts.Drawn | None, wording: Wording) -> None:
    with st.container(border=True, key=f"item_{card.item_id}"):
        left, right = st.columns([2, 3], gap="large")
        with left, st.container(gap="xsmall"):
            st.caption(plain(card.owner))
            st.markdown(f"##### {plain(card.text)}")
            with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
                charts.badge(card.status_told, vm.STATUS_COLOURS[card.status])
                st.markdown(f"### {plain(card.count)}", width="content")
            if card.pace:
                st.markdown(plain(card.pace))
            if card.note:
                st.caption(plain(card.note))
        with right:
            if card.line is not None and line is not None:
                charts.show(
                    line,
                    key=f"pace_{card.item_id}",
                    description=card.line.description,
                )
            _behind(card, wording)


def _behind(card: vm.ItemCard, wording: Wording) -> None:
    key = f"behind_{card.item_id}"
    label = wording.plural(
        "Visa det som räknas ({n} rad)", "Visa det som räknas ({n} rader)", len(card.records)
    )
    # Without a chart there is room for the list at once.
    with st.expander(label, expanded=card.line is None, key=key, on_change="rerun") as opened:
        if opened.open:
            rows.table(card.records, key=f"{key}_rows", most_rows=8)
    if card.missing is not None and len(card.missing):
        label = wording.plural(
            "Visa det som återstår ({n} rad)",
            "Visa det som återstår ({n} rader)",
            len(card.missing),
        )
        with st.expander(label, key=f"{key}_left", on_change="rerun") as opened:
            if opened.open:
                rows.table(card.missing, key=f"{key}_left_rows", most_rows=8)


page()
