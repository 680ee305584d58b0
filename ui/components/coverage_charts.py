"""The charts of the page *Täckning*."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import altair as alt

from geo.services.selection import Selection
from geo.services.snapshot import Snapshot
from geo.wording import Wording
from ui.components.charts import (
    PALETTES,
    Drawn,
    Palette,
    Theme,
    as_high_as,
    axis,
    drawn,
    label_limit_px,
    px,
    text_px,
)
from ui.viewmodels.coverage_compare import COMPARED_WORDS
from ui.viewmodels.coverage_heat import Heat, heat
from ui.viewmodels.coverage_hours import Hours, hours
from ui.viewmodels.coverage_trend import Trend, trend
from ui.viewmodels.pieces import Cut

CELL: Final = "cell"
"""The selection parameter of every chart here."""

TrendFigure = Literal["visits", "patrol_min"]

_WIDE_PX: Final = 46
_WIDE_ON_PROJECTOR_PX: Final = 68
_NARROW_PX: Final = 14
_MOST_HATCHED: Final = 1_500
"""Beyond this many silent cells each gets one stroke instead of three."""


@dataclass(frozen=True, slots=True)
class HeatLook:
    """Which heat matrix to draw, and in which theme."""

    cut: Cut
    theme: Theme


def drawn_heat(snapshot: Snapshot, selection: Selection, wording: Wording, look: HeatLook) -> Drawn:
    """Draw places × time: colour, and a sign or a number in each cell."""
    found = heat(snapshot, selection, wording, look.cut)
    chart = _heat_chart(found, wording, PALETTES[look.theme])
    cells = found.cells[found.cells["state"] != "absent"]
    silent = cells[cells["state"] == "silent"]
    return drawn(chart, wording, {"cells": cells, "silent": silent[["label", "name"]]})


def _heat_chart(heat: Heat, wording: Wording, colours: Palette) -> Any:
    x, y = _time_axis(heat, colours), _place_axis(heat, colours)
    chosen = alt.selection_point(
        name=CELL, fields=["location_id", "piece"], clear="dblclick", empty=False
    )
    fills = _fills(colours)
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y)
    rects = base.mark_rect(cornerRadius=2, cursor="pointer", strokeDash=[3, 3]).encode(
        color=alt.Color(
            "state:N",
            scale=alt.Scale(domain=list(fills), range=list(fills.values())),
            legend=None,
        ),
        stroke=alt.condition(
            alt.datum.state == "unmeasured", alt.value(colours.soft), alt.value(None)
        ),
        tooltip=[
            alt.Tooltip("name:N", title=wording("Plats")),
            alt.Tooltip("label:O", title=wording("Tid")),
            alt.Tooltip("note:N", title=wording("Läge")),
        ],
    )
    inks = {
        "met": colours.on_met,
        "behind": colours.on_behind,
        "far": colours.on_far,
        "unmeasured": colours.soft,
        "silent": colours.soft,
    }
    ink = alt.Color(
        "state:N", scale=alt.Scale(domain=list(inks), range=list(inks.values())), legend=None
    )
    written = base.mark_text(fontSize=text_px(12), aria=False).encode(
        color=ink, tooltip=alt.value(None)
    )
    fits = f"bandwidth('x') >= ({px(_WIDE_PX, projector=_WIDE_ON_PROJECTOR_PX)})"
    wide = written.encode(text="wide:N", opacity=_when(fits))
    narrow = written.encode(
        text="symbol:N", opacity=_when(f"!({fits}) && bandwidth('x') >= {_NARROW_PX}")
    )
    # A ring of its own, since the dashes of the unmeasured are in the way.
    ring = base.mark_rect(filled=False, cornerRadius=2, aria=False).encode(
        tooltip=alt.value(None), **_ringed(chosen, colours)
    )
    layers = [rects.add_params(chosen), *_hatching(heat, colours), wide, narrow, ring]
    return (
        alt.layer(*layers)
        .resolve_scale(color="independent", stroke="independent")
        .properties(**as_high_as(len(heat.places)))
    )


@dataclass(frozen=True, slots=True)
class HoursLook:
    """Whose hours to draw, and in which theme."""

    location_id: str | None
    theme: Theme


def drawn_hours(
    snapshot: Snapshot, selection: Selection, wording: Wording, look: HoursLook
) -> Drawn:
    """Draw weekdays × hours: patrol minutes as shade, unsafe hours with a frame."""
    found = hours(snapshot, selection, wording, look.location_id)
    chart = _hours_chart(found, wording, PALETTES[look.theme])
    return drawn(chart, wording, {"cells": found.cells})


def _hours_chart(hours: Hours, wording: Wording, colours: Palette) -> Any:
    chosen = alt.selection_point(
        name=CELL, fields=["weekday", "hour"], clear="dblclick", empty=False
    )
    most = max(float(hours.cells["minutes"].max()), 1.0)
    x = alt.X(
        "hour:O",
        axis=axis(
            colours,
            orient="top",
            labelExpr="pad(datum.value, 2, '0', 'left')",
            labelOverlap="parity",
        ),
        scale=alt.Scale(paddingInner=0.1, paddingOuter=0.05),
    )
    y = alt.Y(
        "day:N",
        sort=list(hours.days),
        axis=axis(colours, labelColor=colours.ink),
        scale=alt.Scale(paddingInner=0.14, paddingOuter=0.08),
    )
    base = alt.Chart(alt.NamedData("cells")).encode(x=x, y=y)
    rects = base.mark_rect(cornerRadius=2, cursor="pointer").encode(
        color=alt.Color(
            "minutes:Q",
            scale=alt.Scale(domain=[0, most], range=list(colours.ramp)),
            legend=None,
        ),
        **_ringed(chosen, colours),
        tooltip=[
            alt.Tooltip("when:N", title=wording("Tid")),
            alt.Tooltip("note:N", title=wording("Närvaro")),
        ],
    )
    frames = (
        base.transform_filter(alt.datum.is_unsafe)
        .mark_rect(filled=False, stroke=colours.far, strokeWidth=2.5, cornerRadius=2)
        .encode(tooltip=alt.value(None), fill=alt.value(None))
    )
    numbers = base.mark_text(fontSize=text_px(12), aria=False).encode(
        text=alt.Text("minutes:Q", format=",.0f"),
        color=alt.condition(
            alt.datum.minutes >= most * colours.much_from,
            alt.value(colours.on_much),
            alt.value(colours.on_little),
        ),
        opacity=_when("bandwidth('x') >= 34 && datum.minutes >= 0.5"),
        tooltip=alt.value(None),
    )
    return alt.layer(rects.add_params(chosen), frames, numbers).properties(
        **as_high_as(len(hours.days), row_px=32)
    )


@dataclass(frozen=True, slots=True)
class TrendLook:
    """Which figure to draw over time, for whom, and in which theme."""

    cut: Cut
    location_id: str | None
    figure: TrendFigure
    theme: Theme


def drawn_trend(
    snapshot: Snapshot, selection: Selection, wording: Wording, look: TrendLook
) -> Drawn:
    """Draw one figure over time as bars; where nothing was reported, a dashed gap."""
    found = trend(snapshot, selection, wording, look.cut, look.location_id)
    chart = _trend_chart(found, wording, look.figure, PALETTES[look.theme])
    most = max(float(found.bars[look.figure].fillna(0).max()), 1.0)
    return drawn(chart, wording, {"bars": found.bars.assign(full=most)})


def _trend_chart(trend: Trend, wording: Wording, figure: TrendFigure, colours: Palette) -> Any:
    title = wording(COMPARED_WORDS[figure])
    chosen = _choice("piece")
    labels = [piece.label for piece in trend.pieces]
    x = alt.X(
        "label:O",
        sort=labels,
        axis=axis(colours, labelOverlap="greedy"),
        scale=alt.Scale(paddingInner=0.18, paddingOuter=0.05, domain=labels),
    )
    base = alt.Chart(alt.NamedData("bars")).encode(x=x)
    tooltip = [
        alt.Tooltip("days:N", title=wording("Tid")),
        alt.Tooltip("note:N", title=wording("Närvaro")),
    ]
    y_axis = axis(
        colours,
        grid=True,
        gridColor=colours.edge,
        gridOpacity=0.5,
        tickCount=4,
        title=title,
        minExtent=44,
    )
    drawn = base.mark_bar(color=colours.bar, cornerRadiusEnd=2, cursor="pointer").encode(
        y=alt.Y(f"{figure}:Q", axis=y_axis, scale=alt.Scale(domainMin=0, nice=True)),
        **_ringed(chosen, colours),
        tooltip=tooltip,
    )
    layers = [drawn.add_params(chosen)]
    if trend.bars["is_silent"].any():
        silent = base.transform_filter(alt.datum.is_silent)
        full = alt.Y("full:Q", axis=y_axis)
        gap = silent.mark_bar(
            color=colours.quiet, stroke=colours.soft, strokeDash=[3, 3], strokeWidth=1
        )
        asked = silent.mark_text(
            text="?", color=colours.soft, fontSize=text_px(14), baseline="top", dy=6, aria=False
        )
        layers = [gap.encode(y=full, tooltip=tooltip), *layers]
        layers.append(asked.encode(y=full, tooltip=alt.value(None)))
    return alt.layer(*layers).properties(height=170)


def _choice(*fields: str) -> Any:
    return alt.selection_point(name=CELL, fields=list(fields), clear="dblclick", empty=False)


def _ringed(chosen: Any, colours: Palette) -> dict[str, Any]:
    """Draw a ring around what is chosen; everything else keeps its colour and can be read."""
    return {
        "stroke": alt.condition(chosen, alt.value(colours.ring), alt.value(None)),
        "strokeWidth": alt.condition(chosen, alt.value(3.5), alt.value(0)),
    }


def _labels(heat: Heat) -> list[str]:
    return [piece.label for piece in heat.pieces]


def _fills(colours: Palette) -> dict[str, str]:
    return {
        "met": colours.met,
        "behind": colours.behind,
        "far": colours.far,
        "unmeasured": colours.paper,
        "silent": colours.quiet,
    }


def _when(expression: str) -> Any:
    return alt.value(alt.ExprRef(f"({expression}) ? 1 : 0"))


def _time_axis(heat: Heat, colours: Palette, **more: Any) -> alt.X:
    return alt.X(
        "label:O",
        sort=_labels(heat),
        axis=axis(colours, orient="top", labelOverlap="greedy"),
        scale=alt.Scale(paddingInner=0.06, paddingOuter=0, domain=_labels(heat)),
        **more,
    )


def _place_axis(heat: Heat, colours: Palette, **more: Any) -> alt.Y:
    return alt.Y(
        "name:N",
        sort=list(heat.places),
        axis=axis(colours, labelLimit=label_limit_px(), labelColor=colours.ink),
        scale=alt.Scale(paddingInner=0.12, paddingOuter=0, domain=list(heat.places)),
        **more,
    )


def _hatching(heat: Heat, colours: Palette) -> list[Any]:
    """Draw strokes over the cells nobody reported anything in."""
    count = int((heat.cells["state"] == "silent").sum())
    if count == 0:
        return []
    spans = [(0.0, 0.5), (0.0, 1.0), (0.5, 1.0)] if count <= _MOST_HATCHED else [(0.0, 1.0)]
    # Each stroke goes from the lower left to the upper right of a part of the cell.
    corners = {(0.0, 0.5): (0.5, 0.0), (0.0, 1.0): (1.0, 0.0), (0.5, 1.0): (1.0, 0.5)}
    return [
        alt.Chart(alt.NamedData("silent"))
        .mark_rule(color=colours.soft, strokeWidth=1, opacity=0.75, aria=False)
        .encode(
            x=_time_axis(heat, colours, bandPosition=left),
            x2=alt.X2("label:O", bandPosition=right),
            y=_place_axis(heat, colours, bandPosition=corners[left, right][0]),
            y2=alt.Y2("name:N", bandPosition=corners[left, right][1]),
            tooltip=alt.value(None),
        )
        for left, right in spans
    ]
