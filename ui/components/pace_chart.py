"""The pace line of a promise item."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from geo.wording import Wording
from ui.components.charts import axis, palette, text_px
from ui.viewmodels.promise_lines import PaceLine


def pace_chart(line: PaceLine, wording: Wording) -> Any:
    """Draw what an even pace expects (dashed) against the steps of what was done (solid)."""
    colours = palette()
    first, last = pd.Timestamp(line.first_on), pd.Timestamp(line.last_on)
    x = alt.X(
        "day:T",
        scale=alt.Scale(domain=[_milliseconds(first), _milliseconds(last)]),
        axis=axis(format="%b", tickCount="month", labelOverlap="greedy", labelFlush=True),
    )
    most = max(line.target, float(line.steps["number"].max())) * 1.08
    y = alt.Y(
        "number:Q",
        scale=alt.Scale(domain=[0, most]),
        axis=axis(
            grid=True,
            gridColor=colours.edge,
            gridOpacity=0.5,
            tickCount=4,
            tickMinStep=1,
            format=",.0f",
        ),
    )
    expected = (
        alt.Chart(line.expected)
        .mark_line(strokeDash=[6, 4], strokeWidth=2, color=colours.soft, aria=False)
        .encode(x=x, y=y)
    )
    done = (
        alt.Chart(line.steps)
        .mark_line(interpolate="step-after", strokeWidth=3, color=colours.accent, aria=False)
        .encode(x=x, y=y)
    )
    points = (
        alt.Chart(line.steps)
        .mark_point(size=90, opacity=0)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("note:N", title=wording("Gjort"))])
    )
    ends = pd.DataFrame(
        {
            "day": [line.expected["day"].iloc[-1], line.steps["day"].iloc[-1]],
            "number": [line.target, line.steps["number"].iloc[-1]],
            "text": [line.expected_words, line.done_words],
            "ink": [colours.soft, colours.accent],
        }
    )
    return alt.layer(
        expected,
        done,
        points,
        _words(ends.iloc[:1], x, y, is_beyond=False),
        # Beside the end of the steps there is room until late in the period.
        _words(ends.iloc[1:], x, y, is_beyond=_is_early(line)),
    ).properties(height=150)


def _words(ends: pd.DataFrame, x: Any, y: Any, *, is_beyond: bool) -> Any:
    """Name a line at its end: beyond it, or else above it."""
    place: dict[str, Any] = (
        {"align": "left", "dx": 8, "dy": 1} if is_beyond else {"align": "right", "dx": -4, "dy": -9}
    )
    return (
        alt.Chart(ends)
        .mark_text(**place, fontSize=text_px(13), fontWeight=600, aria=False)
        .encode(x=x, y=y, text="text:N", color=alt.Color("ink:N", scale=None, legend=None))
    )


def _is_early(line: PaceLine) -> bool:
    return (line.on - line.first_on).days < 0.75 * (line.last_on - line.first_on).days


def _milliseconds(day: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day)
