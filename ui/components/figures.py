"""Small figures drawn as HTML: quick, sharp in print, in the page's own colours.

Every text is escaped here; numbers only ever reach a style as numbers.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from ui.viewmodels.karta import Figure
from ui.viewmodels.place_panel import HourMatrix, WeekBar

_LEAST_BAR = 0.06
"""Share of the height a single visit still gets, so that it can be seen."""


def figures(its: Sequence[Figure]) -> None:
    """Show a few numbers side by side."""
    cells = "".join(
        f"<div><dd>{html.escape(one.value)}</dd><dt>{html.escape(one.label)}</dt></div>"
        for one in its
    )
    st.html(f'<dl class="tk-figures">{cells}</dl>')


def badge(text: str, *, state: str) -> None:
    """Show a state in words, with its colour and its sign."""
    st.html(f'<p class="tk-badge" data-state="{html.escape(state)}">{html.escape(text)}</p>')


def week_bars(weeks: Sequence[WeekBar], *, title: str, target: float | None) -> None:
    """Show visits per week as bars, with the target as a line."""
    highest = max((week.visits or 0 for week in weeks), default=0)
    top = max(highest, target or 0, 1)
    bars = "".join(
        f'<i data-state="{html.escape(week.state)}" title="{html.escape(week.note)}" '
        f'style="height:{_height(week, top):.1%};--long:{_long(week):.1%}"></i>'
        if week.visits is not None
        else f'<i class="tk-gap" title="{html.escape(week.note)}"></i>'
        for week in weeks
    )
    line = "" if not target else f'<b style="bottom:{min(target / top, 1):.1%}"></b>'
    spoken = html.escape("; ".join(week.note for week in weeks))
    ends = f"<span>{html.escape(weeks[0].label)}</span><span>{html.escape(weeks[-1].label)}</span>"
    st.html(
        f'<figure class="tk-weeks"><figcaption>{html.escape(title)}</figcaption>'
        f'<div role="img" aria-label="{spoken}">{bars}{line}</div>'
        f"<footer>{ends if len(weeks) > 1 else ''}</footer></figure>"
    )


def _height(week: WeekBar, top: float) -> float:
    return max((week.visits or 0) / top, _LEAST_BAR if week.visits else 0.0)


def _long(week: WeekBar) -> float:
    """Give the part of the bar that counts for the target."""
    return (week.counted or 0) / week.visits if week.visits else 0.0


def hour_matrix(hours: HourMatrix, *, title: str) -> None:
    """Show minutes per weekday and hour, darker for more, the unsafe hours outlined."""
    most = max((max(row) for row in hours.minutes), default=0) or 1
    rows = "".join(
        f"<span>{html.escape(day)}</span>"
        + "".join(
            f'<i style="--share:{minutes / most:.3f}"{" data-unsafe" if is_unsafe else ""} '
            f'title="{html.escape(note)}"></i>'
            for minutes, note, is_unsafe in zip(its, notes, unsafe, strict=True)
        )
        for day, its, notes, unsafe in zip(
            hours.weekdays, hours.minutes, hours.notes, hours.unsafe, strict=True
        )
    )
    clock = "<span></span>" + "".join(f"<em>{hour:02d}</em>" for hour in range(0, 24, 6))
    st.html(
        f'<figure class="tk-hours"><figcaption>{html.escape(title)}</figcaption>'
        f'<div role="img" aria-label="{html.escape(hours.summary)}">{rows}{clock}</div>'
        f"<p>{html.escape(hours.summary)}</p></figure>"
    )
