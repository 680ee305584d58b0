"""*Översikt*: what anybody may see of presence."""

from __future__ import annotations

import html

import streamlit as st

from ui import deps
from ui.components.say import plain
from ui.viewmodels.oversikt import overview


def page() -> None:
    """Draw the table."""
    wording = deps.wording()
    shown = overview(deps.public_weeks_told(), wording)
    st.markdown(f"#### {wording('Närvaro per område och vecka')}")
    st.markdown(plain(shown.sentence))
    if shown.weeks:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in shown.areas)
        rows = "".join(
            f'<tr><th scope="row">{html.escape(week)}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
            + "</tr>"
            for week, cells in shown.weeks
        )
        st.html(
            f'<table class="tk-table"><thead><tr><th scope="col">{html.escape(wording("Vecka"))}'
            f"</th>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )
    st.caption(plain(shown.note))


page()
