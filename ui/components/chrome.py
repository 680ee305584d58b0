"""What frames every page: the bar on top, the row of filters, the banner and the foot."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from geo.access import LOCAL, audience_of
from geo.services.audience import AUDIENCE_NAMES, withheld_told
from geo.wording import LANGUAGES, Language, Wording, mark
from ui import deps, state
from ui.components import browser, filters
from ui.components.say import plain
from ui.viewmodels import link
from ui.viewmodels.period import data_age, filter_sentences

TITLES: Mapping[str, str] = {
    "karta": mark("Karta"),
    "oversikt": mark("Översikt"),
    "tackning": mark("Täckning"),
    "genomgangar": mark("Genomgångar"),
    "loften": mark("Löften"),
    "logga": mark("Logga"),
    "data": mark("Data"),
    "om": mark("Om"),
}

LANGUAGE_NAMES: Mapping[Language, str] = {"sv": "Svenska", "en": "English"}

Pages = Mapping[str, st.Page]


def pages(names: Sequence[str]) -> Pages:
    """Name the page files, the first one where the bare address leads."""
    wording = deps.wording()
    return {
        name: st.Page(
            f"pages/{name}.py",
            title=wording(TITLES[name]),
            url_path=name,
            default=place == 0,
        )
        for place, name in enumerate(names)
    }


def title(current: str) -> str:
    """Name a page as the browser's tab does."""
    wording = deps.wording()
    return f"{wording(TITLES[current])} · {wording('Trygg karta · Mark')}"


def follow_search(pages: Pages, *, current: str) -> None:
    """Go to the map when something was searched for on another page."""
    if filters.was_searched() and current != "karta":
        st.switch_page(pages["karta"], query_params=_query())


def head(pages: Pages, *, current: str) -> None:
    """Draw what stands above every page."""
    wording = deps.wording()
    is_public = deps.seen().audience == "offentlig"
    browser.document(
        wording,
        current=wording(TITLES[current]),
        revision=None if is_public else deps.revision(),
    )
    with st.container(key="top", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="brand", width="content"):
            st.markdown(f"**{wording('Trygg karta · Mark')}**", width="content")
        _nav(pages, current=current, wording=wording)
        with st.container(key="age", horizontal=True, vertical_alignment="center", width="content"):
            st.html(_signs(wording), width="content")
            if deps.seen().audience != "offentlig":
                st.caption(data_age(deps.snapshot(), wording), width="content")
        _language_switch(wording)
    if current not in {"om", "oversikt"}:
        filters.row(wording, page=current)
    _print_head(wording, title=wording(TITLES[current]))
    if deps.has_examples():
        with st.container(key="examples"):
            st.caption(wording("Exempeldata: platser, besök och fynd är påhittade."))
    withheld = withheld_told(deps.snapshot().audience, wording)
    if withheld:
        with st.container(key="withheld"):
            st.caption(withheld)


def _signs(wording: Wording) -> str:
    """Say for whom this is shown, and as whom; the way out is a page of its own."""
    account = deps.who()
    audience = html.escape(wording(AUDIENCE_NAMES[audience_of(account)]))
    chip = f'<span class="tk-chip">{audience}</span>'
    if account == LOCAL:
        return chip
    out = html.escape(wording("Logga ut"))
    name = html.escape(account.account_id)
    return f'{chip} <a class="tk-account" href="logga-ut">{name} · {out}</a>'


def _nav(pages: Pages, *, current: str, wording: Wording) -> None:
    at = st.container(key=f"at_{current}", width="content")
    # The look marks the page one is on by its place, which differs between readers.
    place = list(pages).index(current) + 1 if current in pages else 0
    here = at.container(key=f"here_{place}", width="content")
    with here, st.container(key="nav", horizontal=True, gap=None, width="content"):
        for name, page in pages.items():
            st.page_link(page, label=wording(TITLES[name]), query_params=_query())


def _print_head(wording: Wording, *, title: str) -> None:
    """Say on paper what the bars say on screen: what, which days, which filters, how old."""
    asked, snapshot = deps.selection(), deps.snapshot()
    lines = [
        wording.days(asked.period.from_on, asked.period.last_on),
        *filter_sentences(asked, wording),
        withheld_told(snapshot.audience, wording),
        wording("Utskriven {moment}", moment=wording.moment(deps.now())),
        data_age(snapshot, wording),
    ]
    with st.container(key="print_head"):
        st.markdown(f"**{wording('Trygg karta · Mark')} – {title}**")
        st.caption(" · ".join(plain(line) for line in lines if line))


def foot(pages: Pages, *, current: str) -> None:
    """Draw what stands below every page; on a phone, the way to log a visit."""
    wording = deps.wording()
    with st.container(key="foot"):
        told = wording("Trygg karta · Mark visar närvaro och genomgångar, inte personer.")
        if "om" in pages:
            told += " " + wording("Hur allt räknas står under Om.")
        st.caption(told)
    if current != "logga" and "visits" in deps.rights().forms:
        with st.container(key="thumb"):
            st.page_link(
                pages["logga"],
                label=wording("Logga besök"),
                icon=":material/add:",
                query_params=_query(),
                width="stretch",
            )


def keep_address() -> None:
    """Let the address say what is shown, without a rerun."""
    wanted = state.depart()
    if wanted is None:
        return
    others = {
        name: st.query_params.get_all(name) for name in st.query_params if name not in link.NAMES
    }
    st.query_params.from_dict({**others, **wanted})


def _query() -> dict[str, list[str]]:
    """Give the parameters that take the view along to another page."""
    return link.write(deps.view())


def _language_switch(wording: Wording) -> None:
    other = next(language for language in LANGUAGES if language != wording.language)
    st.button(
        LANGUAGE_NAMES[other],
        key="language",
        type="tertiary",
        on_click=_speak,
        args=(other,),
    )


def _speak(language: Language) -> None:
    chosen = None if language == deps.settings().language else language
    state.keep(replace(state.view(), language=chosen))
