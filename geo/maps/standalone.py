"""The same map as one HTML file: everything inlined, opens from ``file://`` without a network."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from geo.maps.assets import SCRIPTS, STYLES, asset_path, read_asset
from geo.maps.base_layer import SIMPLE
from geo.maps.layers import MapView, Surroundings
from geo.maps.legend import legend_items
from geo.maps.payload import Payload, ground_payload, scene_payload
from geo.wording import Wording

_PAGE_STYLE = """
body{margin:0;font:16px/1.45 system-ui,"Segoe UI",Roboto,Arial,sans-serif;color:#1b2530;
background:#fff}
html.trygg,html.trygg body{height:auto;overflow:auto}
header,main,footer{padding:10px 20px}
h1{font-size:22px;margin:0 0 2px}
header p,footer p{margin:2px 0}
#root{height:72vh;min-height:360px;padding:0}
.legend{display:flex;flex-wrap:wrap;gap:6px 20px;list-style:none;margin:10px 0;padding:0}
.legend li{display:flex;align-items:center;gap:7px}
table{border-collapse:collapse;margin:12px 0;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:4px 0}
th,td{border-bottom:1px solid #c9d1d9;padding:5px 14px 5px 0;text-align:left}
html.trygg-dark body{background:#161e26;color:#f2f5f8}
@media print{#root{height:60vh}}
"""

# Constant code: reads the escaped block, starts the map, says in text what is clicked.
_BOOT = """
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  trygg.scene = null;
  trygg.texts = data.scene.texts;
  trygg.remember = function () { return null; };
  const map = L.map("map_div", {zoomControl: false, minZoom: 8, maxZoom: 19, zoomSnap: 0.5,
    wheelPxPerZoomLevel: 90}).setView([57.465, 12.62], 10);
  trygg.startDrawing = function () {
    trygg.isDrawing = () => trygg.isMeasuring;
    trygg.paintDrawing = () => {};
  };
  trygg.start(map, data.base);
  trygg.pick = function (kind, id) {
    trygg.scene.chosen = {kind: kind, id: id};
    trygg.things.paint();
    const row = [...document.querySelectorAll("[data-thing]")].find(
      (node) => node.dataset.thing === kind + " " + id);
    document.querySelectorAll(".on-map").forEach((node) => node.classList.remove("on-map"));
    if (row) row.classList.add("on-map");
  };
  trygg.paint(data.scene);
})();
"""


def standalone_html(
    view: MapView,
    ground: Surroundings,
    *,
    title: str,
    wording: Wording,
    lines: Sequence[str] = (),
) -> str:
    """Write the map as one HTML file.

    Parameters
    ----------
    view
        What to draw; drawing tools and flights are left out.
    ground
        What lies underneath.
    title
        Heading and document title.
    wording
        The reader's language.
    lines
        Sentences under the heading, one paragraph each: period, filters, date, age of the data,
        the one-sentence summary.

    Notes
    -----
    What a person typed is in two places only: HTML-escaped in the heading, the lines and the
    table; and in a JSON block whose ``<``, ``>`` and ``&`` are escaped, read with ``JSON.parse``
    and shown with ``textContent``. A content policy in the file names the hash of each script
    and lets nothing out.
    """
    data: Payload = {"scene": scene_payload(_frozen(view)), "base": ground_payload(ground, SIMPLE)}
    scripts = [*(_script(name) for name in SCRIPTS), _BOOT]
    styles = [_style(name) for name in STYLES]
    hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = [
        f'<!doctype html>\n<html lang="{html.escape(view.locale)}">',
        '<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(title)}</title>",
        *(f"<style>{style}</style>" for style in (*styles, _PAGE_STYLE)),
        "</head>\n<body>\n<header>",
        f"<h1>{html.escape(title)}</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in lines),
        '</header>\n<div id="root"><div id="map_div"></div></div>\n<main>',
        _legend(view, wording),
        _table(view, wording),
        *_left_out(view, wording),
        "</main>",
        f'<script type="application/json" id="data">{_json_block(data)}</script>',
        *(f"<script>{script}</script>" for script in scripts),
        "</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _frozen(view: MapView) -> MapView:
    """Return the view without what only works with a server behind it."""
    return MapView(
        texts=view.texts,
        places=view.places,
        buildings=view.buildings,
        areas=view.areas,
        cells=view.cells,
        points=view.points,
        weeks=view.weeks,
        chosen=view.chosen,
        week=view.week,
        theme=view.theme,
        locale=view.locale,
    )


def _left_out(view: MapView, wording: Wording) -> Sequence[str]:
    """Say what the file cannot show, since a server draws it."""
    if view.presence is None and view.ground is None and view.fixes is None:
        return ()
    said = wording(
        "Lagren Närvaro, Täckt mark och GPS-spår finns bara i programmet, inte i den här filen."
    )
    return (f"<p>{html.escape(said)}</p>",)


def _legend(view: MapView, wording: Wording) -> str:
    items = "".join(
        f"<li>{item.svg}<span>{html.escape(item.text)}</span></li>"
        for item in legend_items(view, wording)
    )
    return f'<ul class="legend">{items}</ul>'


def _table(view: MapView, wording: Wording) -> str:
    """The twin of the map, for those who cannot see or point at it."""
    _ = wording
    states = {
        "met": _("når målet"),
        "behind": _("efter målet"),
        "far": _("långt efter målet"),
        "unmeasured": view.texts.get("state_unmeasured") or _("ej mätbart"),
        "absent": _("inte utpekad denna vecka"),
    }
    rows = "".join(
        f'<tr data-thing="{html.escape(f"place {place.place_id}")}">'
        f"<td>{html.escape(place.name)}</td><td>{html.escape(states[place.state])}</td></tr>"
        for place in view.places
    )
    return (
        f"<table><caption>{html.escape(_('Platserna på kartan'))}</caption>"
        f'<thead><tr><th scope="col">{html.escape(_("Plats"))}</th>'
        f'<th scope="col">{html.escape(_("Läge"))}</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _json_block(data: Payload) -> str:
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _script(name: str) -> str:
    package, path = SCRIPTS[name]
    # "</script" inside a string would end the element; "\/" is the same text to JavaScript.
    body = re.sub(r"</(?=script)", r"<\\/", _text(package, path), flags=re.IGNORECASE)
    return re.sub(r"^//# sourceMappingURL=.*$", "", body, flags=re.MULTILINE)


def _style(name: str) -> str:
    package, path = STYLES[name]
    folder = PurePosixPath(path).parent

    def inlined(match: re.Match[str]) -> str:
        target = match[1].strip("'\"")
        if target.startswith(("data:", "#")):
            return match[0]
        picture = read_asset(asset_path(package, str(folder / target)))
        if picture is None:
            return "none"
        encoded = base64.b64encode(picture.body).decode("ascii")
        return f"url(data:{picture.media_type};base64,{encoded})"

    body = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", _text(package, path))
    return re.sub(r"url\(((?:\"[^\"]*\")|(?:'[^']*')|[^)'\"]*)\)", inlined, body)


def _text(package: str, path: str) -> str:
    asset = read_asset(asset_path(package, path))
    if asset is None:
        raise FileNotFoundError(f"{package}/{path}")
    return asset.body.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
