"""The legend: exactly what is on the map, no more. Symbols as constant SVG, words as words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from geo.maps.layers import PLACE_STATES, MapView, SpaceState
from geo.wording import Wording

_MET, _BEHIND, _BEHIND_LINE, _FAR = "#1f7a6d", "#f2b134", "#8a5a00", "#b3261e"
_GREY, _CHOSEN = "#667280", "#0b3d91"
_DARK = {_MET: "#35a692", _FAR: "#ef6a5f", _GREY: "#a9b6c2", _CHOSEN: "#8ab8ff"}
"""The same meanings on a dark page; the colours of ``js/store.js``."""


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One line: a drawing (constant SVG, safe to insert) and what it means (text)."""

    code: str
    svg: str
    text: str


def _svg(width: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 20" width="{width}" '
        f'height="20" font-family="system-ui,sans-serif" aria-hidden="true" focusable="false">'
        f"{body}</svg>"
    )


_HATCH = "".join(
    f'<path d="M{x} 19 L{x + 18} 1" stroke="{_BEHIND_LINE}" stroke-width="1.2"/>'
    for x in range(-12, 18, 4)
)
_PLACE_SYMBOLS = {
    "met": _svg(
        20,
        f'<circle cx="10" cy="10" r="8" fill="{_MET}"/><path d="M6.4 10.2 9.2 13 13.8 7.2" '
        'fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/>',
    ),
    "behind": _svg(
        20,
        '<clipPath id="trygg-legend-disc"><circle cx="10" cy="10" r="8"/></clipPath>'
        f'<circle cx="10" cy="10" r="8" fill="{_BEHIND}"/>'
        f'<g clip-path="url(#trygg-legend-disc)">{_HATCH}</g>'
        f'<circle cx="10" cy="10" r="8" fill="none" stroke="{_BEHIND_LINE}" stroke-width="1.6"/>',
    ),
    "far": _svg(
        20,
        f'<path d="M10 1.5 19 17.5H1z" fill="{_FAR}" stroke="{_FAR}" stroke-linejoin="round"/>'
        '<path d="M10 7v5" stroke="#fff" stroke-width="2" stroke-linecap="round"/>'
        '<circle cx="10" cy="15" r="1.2" fill="#fff"/>',
    ),
    "unmeasured": _svg(
        20,
        f'<circle cx="10" cy="10" r="8" fill="none" stroke="{_GREY}" stroke-width="1.8" '
        'stroke-dasharray="3.6 2.6"/>',
    ),
    "absent": _svg(20, f'<circle cx="10" cy="10" r="4" fill="none" stroke="{_GREY}"/>'),
}
_SPACE_LOOKS: dict[SpaceState, tuple[str, str, str]] = {
    # fill, outline (with dashes), letter
    "clear": (_MET, "none", "#fff"),
    "due": (_BEHIND, "none", "#3d2800"),
    "deficiency": (_FAR, "none", "#fff"),
    "unseen": ("#fff", f'{_GREY}" stroke-dasharray="2.5 2', "#1b2530"),
    "none": ("#fff", "#c9d1d9", "#c9d1d9"),
}


def _space_symbol(state: SpaceState, letter: str) -> str:
    fill, stroke, ink = _SPACE_LOOKS[state]
    extra = ""
    if state == "due":
        extra = f'<path d="M3 11 11 3M5 17 17 5M11 17l6-6" stroke="{_BEHIND_LINE}" opacity=".5"/>'
    if state == "deficiency":
        extra = '<path d="M11 2.5h6.5V9z" fill="#fff"/>'
    return _svg(
        20,
        f'<rect x="2.5" y="2.5" width="15" height="15" fill="{fill}" stroke="{stroke}"/>{extra}'
        f'<text x="10" y="14" text-anchor="middle" font-size="10.5" font-weight="700" '
        f'fill="{ink}">{letter}</text>',
    )


_AREA_SHARE = 0.64
"""What the drawing of a housing area shows, as an example."""


def _area_symbol(wording: Wording) -> str:
    return _svg(
        30,
        f'<rect x="1" y="2" width="28" height="16" rx="3" fill="#fff" stroke="{_GREY}"/>'
        f'<rect x="2" y="14" width="18" height="3" fill="{_MET}"/>'
        '<text x="15" y="12" text-anchor="middle" font-size="9" font-weight="600" '
        f'fill="#1b2530">{wording.percent(_AREA_SHARE)}</text>',
    )


_CELL_SYMBOL = _svg(
    20, f'<path d="M10 1 17.8 5.5v9L10 19l-7.8-4.5v-9z" fill="{_CHOSEN}" opacity=".28"/>'
)
_CHOSEN_SYMBOL = _svg(
    20, f'<circle cx="10" cy="10" r="8" fill="none" stroke="{_CHOSEN}" stroke-width="2.6"/>'
)


def legend_items(view: MapView, wording: Wording) -> tuple[LegendItem, ...]:
    """What this view draws, in the order of the map: places, buildings, visits, the chosen."""
    items = (*_places(view, wording), *_stock(view, wording), *_rest(view, wording))
    if view.theme == "light":
        return items
    return tuple(replace(item, svg=_for_dark(item.svg)) for item in items)


def _for_dark(svg: str) -> str:
    for light, dark in _DARK.items():
        svg = svg.replace(light, dark)
    return svg


def _places(view: MapView, wording: Wording) -> Iterator[LegendItem]:
    _ = wording
    texts = {
        "met": _("når målet"),
        "behind": _("efter målet"),
        "far": _("långt efter målet"),
        "unmeasured": view.texts.get("state_unmeasured") or _("ej mätbart"),
        "absent": _("inte utpekad denna vecka"),
    }
    used = {place.state for place in view.places}
    if view.weeks is not None:
        shown = {place.place_id for place in view.places}
        used |= {s for key, row in view.weeks.states.items() if key in shown for s in row}
    for state in PLACE_STATES:
        if state in used:
            yield LegendItem(state, _PLACE_SYMBOLS[state], texts[state])


def _stock(view: MapView, wording: Wording) -> Iterator[LegendItem]:
    _ = wording
    if view.areas:
        meaning = _("bostadsområde: andel källare och vindar klara")
        yield LegendItem("area", _area_symbol(wording), meaning)
    letter = _("K")
    texts: dict[SpaceState, str] = {
        "clear": _("källare (K) eller vind (V) klar"),
        "due": _("ska ses över"),
        "deficiency": _("brist"),
        "unseen": _("aldrig sedd"),
    }
    used = {b.basement for b in view.buildings} | {b.attic for b in view.buildings}
    for state, text in texts.items():
        if state in used:
            yield LegendItem(state, _space_symbol(state, letter), text)


def _rest(view: MapView, wording: Wording) -> Iterator[LegendItem]:
    _ = wording
    is_drawn = view.presence is None or not view.presence.instead
    if view.cells is not None and len(view.cells.count) and is_drawn:
        yield LegendItem(
            "visits", _CELL_SYMBOL, _("besök, även utanför platserna; mörkare där de är fler")
        )
    if view.chosen is not None:
        yield LegendItem("chosen", _CHOSEN_SYMBOL, _("vald"))
