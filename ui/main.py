"""Every page starts here: the language, the bars, the filters, then the page itself."""

from __future__ import annotations

import logging

import streamlit as st

from geo.errors import GeoError
from ui import deps, state
from ui.components import chrome
from ui.components.say import said
from ui.viewmodels.rights import ALL_PAGES

_log = logging.getLogger("trygg")


def main() -> None:
    """Draw the page that was asked for."""
    offered = deps.rights().pages
    # All are known, so that a link to one that is not for this reader says so.
    every = chrome.pages((*offered, *(name for name in ALL_PAGES if name not in offered)))
    page = st.navigation(list(every.values()), position="hidden")
    pages = {name: every[name] for name in offered}
    current = page.url_path or offered[0]
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    state.arrive(query, page=current)
    chrome.follow_search(pages, current=current)
    st.set_page_config(
        page_title=chrome.title(current),
        page_icon="🗺️",
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    above, here = st.container(key="above", gap=None), st.container(key=f"page_{current}")
    # What a person asked for goes first over the wire: the page, and then what frames it.
    with here:
        if current in offered:
            _run(page)
        else:
            st.info(deps.wording()("Den här sidan är inte för ditt konto."), icon=":material/lock:")
    with above:
        chrome.head(pages, current=current)
    chrome.foot(pages, current=current)
    chrome.keep_address()


def _run(page: st.Page) -> None:
    """Run a page; whatever goes wrong in it, the bars stand and one sentence says so."""
    try:
        page.run()
    except GeoError as error:
        said(error)
    except Exception:
        _log.exception("the page %s failed", page.url_path)
        if st.get_option("client.showErrorDetails") == "full":
            raise
        wording = deps.wording()
        st.error(
            wording(
                "Något gick fel i programmet, och det är antecknat. "
                "Ladda om sidan; inget som var sparat är borta."
            ),
            icon=":material/error:",
        )


with deps.one_run():
    try:
        deps.who()
    except GeoError as error:
        said(error)
    else:
        main()
