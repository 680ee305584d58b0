"""Charts in one look: Swedish numbers and dates, theme-aware colours, and a name for each.

Every chart has its words ready-made in its rows and its twin in a table; nothing in one
depends on colour alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Final, Literal

import altair as alt
import pandas as pd
import streamlit as st
from babel.dates import get_day_names, get_month_names

from geo.wording import Wording

_PROJECTOR_PX: Final = 1800
_PHONE_PX: Final = 640


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme; the same meanings, and the same names, in both.

    Every text stands at least 4.5:1 (4.4:1 amid the ramp) against what it is on, and every
    fill that carries a meaning by itself 3:1 against the page; amber does not, so it always
    carries a sign.
    """

    ink: str
    soft: str
    paper: str
    edge: str
    accent: str
    ring: str
    """Around what is chosen; stands out from every fill."""
    bar: str
    met: str
    behind: str
    far: str
    behind_ink: str
    """For text that says *behind*: the fill is too light to read."""
    on_met: str
    on_behind: str
    on_far: str
    quiet: str
    ramp: tuple[str, ...]
    """From nothing to most."""
    on_little: str
    on_much: str
    much_from: float
    """From this share of the most, text on the ramp is in the second ink."""


LIGHT: Final = Palette(
    ink="#0b1218",
    soft="#55616d",
    paper="#ffffff",
    edge="#c9d1d9",
    accent="#0b3d91",
    ring="#0b1218",
    bar="#5b7db8",
    met="#1f7a6d",
    behind="#f2b134",
    far="#b3261e",
    behind_ink="#8a5a00",
    on_met="#ffffff",
    on_behind="#3d2800",
    on_far="#ffffff",
    quiet="#eef1f4",
    ramp=("#f3f6fb", "#d3deef", "#a9c0e2", "#3f69b0", "#0b3d91"),
    on_little="#000000",
    on_much="#ffffff",
    much_from=0.715,
)
DARK: Final = Palette(
    ink="#f2f5f8",
    soft="#b9c5d0",
    paper="#161e26",
    edge="#3b4855",
    accent="#8ab8ff",
    ring="#ffffff",
    bar="#6f93cf",
    met="#35a692",
    behind="#f2b134",
    far="#ef6a5f",
    behind_ink="#f2b134",
    on_met="#0d1318",
    on_behind="#3d2800",
    on_far="#0d1318",
    quiet="#232d37",
    ramp=("#1f2933", "#2b4166", "#3f639c", "#5f8dd3", "#a9ccff"),
    on_little="#ffffff",
    on_much="#000000",
    much_from=0.615,
)


Theme = Literal["light", "dark"]
PALETTES: Final[Mapping[Theme, Palette]] = {"light": LIGHT, "dark": DARK}


def theme() -> Theme:
    """Name the theme this session is shown in."""
    return "dark" if st.context.theme.type == "dark" else "light"


def palette() -> Palette:
    """Give the colours of the theme this session is shown in."""
    return PALETTES[theme()]


def text_px(ordinary: int = 13, *, projector: int = 20) -> alt.ExprRef:
    """Give a size of text that grows where the page is on a projector."""
    return alt.ExprRef(px(ordinary, projector=projector))


def px(ordinary: int, *, projector: int) -> str:
    """Write a size in Vega's language: another one where the page is on a projector."""
    return f"windowSize()[0] >= {_PROJECTOR_PX} ? {projector} : {ordinary}"


def label_limit_px(*, phone: int = 104, ordinary: int = 250, projector: int = 380) -> alt.ExprRef:
    """Give how long a label may be before it is cut, in pixels."""
    return alt.ExprRef(
        f"windowSize()[0] >= {_PROJECTOR_PX} ? {projector} : "
        f"windowSize()[0] < {_PHONE_PX} ? {phone} : {ordinary}"
    )


def as_high_as(rows: int, *, row_px: int = 26) -> dict[str, Any]:
    """Give a matrix the height of its rows, each high enough for a finger; only the width fits."""
    return {"height": rows * row_px, "autosize": {"type": "fit-x", "contains": "padding"}}


def axis(colours: Palette, **more: Any) -> alt.Axis:
    """Make an axis without lines, in the text of the page."""
    settings: dict[str, Any] = {
        "title": None,
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelAngle": 0,
        "labelFlush": False,
        "labelColor": colours.soft,
        "labelFontSize": text_px(),
        "titleColor": colours.soft,
        "titleFontSize": text_px(),
        "titleFontWeight": "normal",
    }
    return alt.Axis(**{**settings, **more})


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A chart ready to be shown: what Vega-Lite is told, and the frames it speaks of."""

    spec: Mapping[str, Any]
    frames: Mapping[str, pd.DataFrame]


def drawn(chart: Any, wording: Wording, frames: Mapping[str, pd.DataFrame]) -> Drawn:
    """Finish a chart: the language of the page, a quiet frame.

    Parameters
    ----------
    chart
        An Altair chart on ``alt.NamedData``.
    wording
        The reader's language.
    frames
        The frames by their names.  They stay out of the chart, so that what is drawn can be
        kept and sent without being written and checked again each time.
    """
    finished = chart.configure(locale=locale(wording)).configure_view(strokeWidth=0)
    return Drawn(finished.to_dict(), frames)


@cache
def locale(wording: Wording) -> alt.Locale:
    """Give Vega the numbers and dates of a language, from the same source as all other text."""
    symbols = wording.locale.number_symbols["latn"]
    # Vega's weeks begin on Sunday, babel's on Monday.
    monday_first = range(7)
    sunday_first = [6, *list(monday_first)[:-1]]
    days = {width: get_day_names(width, locale=wording.locale) for width in ("wide", "abbreviated")}
    months = {
        width: get_month_names(width, locale=wording.locale) for width in ("wide", "abbreviated")
    }
    return alt.Locale(
        number=alt.NumberLocale(
            decimal=symbols["decimal"],
            thousands=symbols["group"],
            grouping=[3],
            currency=["", ""],
        ),
        time=alt.TimeLocale(
            dateTime="%-d %B %Y %H:%M",
            date="%-d %B %Y",
            time="%H:%M",
            periods=["", ""],
            days=[days["wide"][day] for day in sunday_first],
            shortDays=[days["abbreviated"][day] for day in sunday_first],
            months=[months["wide"][month] for month in range(1, 13)],
            shortMonths=[months["abbreviated"][month].rstrip(".") for month in range(1, 13)],
        ),
    )


def show(ready: Drawn, *, key: str, description: str, is_choosing: bool = False) -> None:
    """Show a chart with its name.

    Parameters
    ----------
    ready
        From ``drawn``; shared by all sessions, so it is copied before Streamlit gets it.
    key
        Names the chart.
    description
        What a screen reader says instead of the chart: its sentence, and where its table is.
    is_choosing
        Whether a click on a mark is a choice, read with ``chosen(key, ...)`` in the rerun.
    """
    st.vega_lite_chart(
        spec={**deepcopy(dict(ready.spec)), "datasets": dict(ready.frames)},
        key=key,
        alt=description,
        width="stretch",
        on_select="rerun" if is_choosing else "ignore",
    )


def chosen(key: str, *, parameter: str) -> Mapping[str, Any] | None:
    """Give the fields of the mark that was clicked in a chart, if one was."""
    state = st.session_state.get(key)
    if not isinstance(state, Mapping):
        return None
    selection = state.get("selection", {})
    points = selection.get(parameter) if isinstance(selection, Mapping) else None
    if not isinstance(points, list) or not points or not isinstance(points[0], Mapping):
        return None
    return points[0]


def latest(keys: Sequence[str]) -> str | None:
    """Give which of several charts was last clicked."""
    seen_key = "charts_seen_" + "_".join(keys)
    seen = st.session_state.get(seen_key, {})
    states = {key: json.dumps(st.session_state.get(key), default=str) for key in keys}
    changed = [key for key in keys if states[key] != seen.get(key)]
    last: str | None = changed[-1] if changed and seen else st.session_state.get(f"{seen_key}_last")
    st.session_state[seen_key] = states
    st.session_state[f"{seen_key}_last"] = last
    return last


def legend(entries: Sequence[tuple[str, str]]) -> None:
    """Explain the fills of a matrix: a small sign of each, and its words.

    Parameters
    ----------
    entries
        State code (constant, of this program) and words.
    """
    signs = "".join(
        f'<span class="trygg-key"><i class="trygg-swatch trygg-{escape(code)}" '
        f'aria-hidden="true">{_SIGNS.get(code, "")}</i>{escape(words)}</span>'
        for code, words in entries
    )
    colours = palette()
    style = (
        "<style>.trygg-keys{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;font-size:.9rem}"
        ".trygg-key{display:inline-flex;align-items:center;gap:.4rem}"
        ".trygg-swatch{width:1.5em;height:1.15em;border-radius:2px;font-style:normal;"
        "font-size:.8rem;display:inline-flex;align-items:center;justify-content:center}"
        f".trygg-met{{background:{colours.met};color:{colours.on_met}}}"
        f".trygg-behind{{background:{colours.behind};color:{colours.on_behind}}}"
        f".trygg-far{{background:{colours.far};color:{colours.on_far}}}"
        f".trygg-unmeasured{{border:1px dashed {colours.soft};color:{colours.soft}}}"
        f".trygg-silent{{background:repeating-linear-gradient(135deg,{colours.quiet} 0 4px,"
        f"{colours.soft} 4px 5px)}}"
        f".trygg-absent{{border:1px solid {colours.edge}}}</style>"
    )
    st.html(f'{style}<div class="trygg-keys">{signs}</div>')


def badge(text: str, code: str) -> None:
    """Show a state as a filled label: its sign, its word and its colour.

    Parameters
    ----------
    text
        Sign and word, of this program.
    code
        ``met``, ``behind``, ``far``, ``accent`` or ``unmeasured``.
    """
    colours = palette()
    looks = {
        "met": (colours.met, colours.on_met, colours.met),
        "behind": (colours.behind, colours.on_behind, colours.behind),
        "far": (colours.far, colours.on_far, colours.far),
        "accent": (colours.accent, colours.paper, colours.accent),
        "unmeasured": (colours.paper, colours.ink, colours.soft),
    }
    fill, ink, edge = looks[code]
    st.html(
        f'<span style="display:inline-block;padding:.1rem .65rem;border-radius:.4rem;'
        f"font-weight:600;background:{fill};color:{ink};border:1px "
        f'{"dashed" if code == "unmeasured" else "solid"} {edge}">{escape(text)}</span>',
        width="content",
    )


_SIGNS: Final = {"met": "✓", "behind": "◐", "far": "!", "unmeasured": "◌"}
