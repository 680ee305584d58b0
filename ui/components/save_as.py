"""The menu *Spara vyn som …*: files of exactly what is seen, the link to it, and printing."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from geo.services.exporting import ExportKind
from geo.wording import Wording, mark
from ui import deps
from ui.components import browser
from ui.viewmodels import link

_KIND: Final = "save_as_kind"
_OPEN: Final = "save_as_open"

KIND_WORDS: dict[ExportKind, str] = {
    "coverage": mark("Täckning per plats"),
    "visits": mark("Besök"),
    "locations": mark("Platser"),
    "buildings": mark("Byggnader"),
    "inspections": mark("Genomgångar"),
    "activities": mark("Aktiviteter"),
}

_FIRST: dict[str, ExportKind] = {"genomgangar": "inspections", "loften": "activities"}
"""What a page is mostly about; coverage where nothing is said."""


def menu(wording: Wording, *, page: str) -> None:
    """Offer the view as a file, a link or a print; made only when the menu is opened."""
    opened = st.popover(
        wording("Spara vyn som …"),
        icon=":material/download:",
        width="content",
        key=_OPEN,
        on_change="rerun",
    )
    if not opened.open:
        return
    from ui.components import exports  # Late: the first map does not wait for what writes files.

    with opened:
        browser.print_button(wording("Skriv ut"))
        offered = deps.rights().exports
        if offered:
            exports.map_button(wording, key="save_as")
            first = _FIRST.get(page, "coverage")
            kind: ExportKind = st.selectbox(
                wording("Vad ska sparas?"),
                sorted(offered, key=lambda kind: (kind != first, [*KIND_WORDS].index(kind))),
                format_func=lambda kind: wording(KIND_WORDS[kind]),
                key=f"{_KIND}_{page}",
            )
            exports.file_buttons(kind, wording, key="save_as")
        st.caption(wording("Länk till vyn"))
        st.code(_address(), language=None, wrap_lines=True)


def _address() -> str:
    """Write the whole link: the view, also what a bare address leaves out, and the page's own."""
    whole = link.write(replace(deps.view(), period=deps.selection().period))
    of_the_page = {
        name: st.query_params.get_all(name) for name in st.query_params if name not in link.NAMES
    }
    address = urlsplit(str(st.context.url or ""))
    query = urlencode({**whole, **of_the_page}, doseq=True)
    return urlunsplit(address._replace(path=address.path or "/", query=query))
