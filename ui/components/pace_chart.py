"""The pace line of a promise item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import altair as alt
import pandas as pd

from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.components.charts import PALETTES, Drawn, Palette, Theme, axis, drawn, text_px
from ui.viewmodels.loften import promise_page
from ui.viewmodels.promise_lines import PaceLine


@dataclass(frozen=True, slots=True)
class PaceLook:
    """Which promise to draw, on which day, and in which theme."""

    promise_id: str
    on: date
    theme: Theme


Side = Literal["beyond", "over", "under"]
_SIDES: Final[Mapping[Side, Mapping[str, Any]]] = {
    "beyond": {"align": "left", "dx": 8, "dy": 1},
    "over": {"align": "right", "dx": -4, "dy": -9},
    "under": {"align": "right", "dx": -4, "dy": 14},
}
"""Where the name of a line stands, seen from its end."""


def drawn_paces(
    snapshot: Snapshot, selection: Selection, wording: Wording, look: PaceLook
) -> Mapping[str, Drawn]:
    """Draw, per item that can be measured, the even pace (dashed) against what was done."""
    page = promise_page(snapshot, selection, wording, look.promise_id, look.on)
    colours = PALETTES[look.theme]
    return {
        card.item_id: _drawn(card.line, wording, colours)
        for card in page.cards
        if card.line is not None
    }


def _drawn(line: PaceLine, wording: Wording, colours: Palette) -> Drawn:
    first, last = pd.Timestamp(line.first_on), pd.Timestamp(line.last_on)
    x = alt.X(
        "day:T",
        scale=alt.Scale(domain=[_milliseconds(first), _milliseconds(last)]),
        axis=axis(colours, format="%b", tickCount="month", labelOverlap="greedy", labelFlush=True),
    )
    most = max(line.target, float(line.steps["number"].max())) * 1.08
    y = alt.Y(
        "number:Q",
        scale=alt.Scale(domain=[0, most]),
        axis=axis(
            colours,
            grid=True,
            gridColor=colours.edge,
            gridOpacity=0.5,
            tickCount=4,
            tickMinStep=1,
            format=",.0f",
        ),
    )
    expected = (
        alt.Chart(alt.NamedData("expected"))
        .mark_line(strokeDash=[6, 4], strokeWidth=2, color=colours.soft, aria=False)
        .encode(x=x, y=y)
    )
    done = (
        alt.Chart(alt.NamedData("steps"))
        .mark_line(interpolate="step-after", strokeWidth=3, color=colours.accent, aria=False)
        .encode(x=x, y=y)
    )
    points = (
        alt.Chart(alt.NamedData("steps"))
        .mark_point(size=90, opacity=0)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("note:N", title=wording("Gjort"))])
    )
    due, reached = (float(ends["number"].iloc[-1]) for ends in (line.expected, line.steps))
    # Where the lines end at one height, one name stands under its line and one over it.
    is_close = abs(due - reached) < 0.15 * most
    chart = alt.layer(
        expected,
        done,
        points,
        _words("expected_end", x, y, "under" if is_close and due < reached else "over"),
        # Beside the end of the steps there is room until late in the period.
        _words(
            "done_end",
            x,
            y,
            "beyond" if _is_early(line) else "under" if is_close and due >= reached else "over",
        ),
    ).properties(height=150)
    frames = {"expected": line.expected, "steps": line.steps, **_ends(line, colours)}
    return drawn(chart, wording, frames)


def _ends(line: PaceLine, colours: Palette) -> dict[str, pd.DataFrame]:
    """Give each line's end, with its name."""
    expected, done = line.expected[["day", "number"]].tail(1), line.steps[["day", "number"]].tail(1)
    return {
        "expected_end": expected.assign(text=line.expected_words, ink=colours.soft),
        "done_end": done.assign(text=line.done_words, ink=colours.accent),
    }


def _words(name: str, x: Any, y: Any, side: Side) -> Any:
    """Name a line at its end."""
    return (
        alt.Chart(alt.NamedData(name))
        .mark_text(**_SIDES[side], fontSize=text_px(13), fontWeight=600, aria=False)
        .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None, legend=None))
    )


def _is_early(line: PaceLine) -> bool:
    return (line.on - line.first_on).days < 0.75 * (line.last_on - line.first_on).days


def _milliseconds(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)
