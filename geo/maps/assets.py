"""The files a browser needs for the map, and the local addresses they are served at.

They are npm packages, pinned in ``package-lock.json``, put in ``node_modules`` by ``make setup``
and never fetched from another host. Constant code of our own lies in ``geo/maps/js``.

An address is ``assets/<name>@<version>/<path>``; the version of our own code is a hash of it, so
every address may be cached for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geo.wording import Message, say

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds ``package.json``."""

NODE_MODULES = ROOT / "node_modules"
OWN_CODE = Path(__file__).resolve().parent / "js"

FROM_COMPONENT = "../../assets/"
"""From the map's frame, ``/component/…/index.html``, to the assets; also under a base path."""

OWN = "trygg"
"""The package name our own code is served under."""

OWN_SCRIPTS = (
    "store.js",
    "symbols.js",
    "layout.js",
    "ground.js",
    "things.js",
    "tiles.js",
    "controls.js",
    "drawing.js",
    "strip.js",
    "map.js",
)
"""Our scripts in the order they must run; served joined as one ``map.js``."""

PLUGIN_SCRIPTS = (
    ("leaflet-draw", "dist/leaflet.draw.js"),
    ("leaflet.locatecontrol", "dist/L.Control.Locate.min.js"),
    ("leaflet.polylinemeasure", "Leaflet.PolylineMeasure.js"),
)
PLUGIN_STYLES = (
    ("leaflet-draw", "dist/leaflet.draw.css"),
    ("leaflet.locatecontrol", "dist/L.Control.Locate.min.css"),
    ("leaflet.polylinemeasure", "Leaflet.PolylineMeasure.css"),
)
"""Joined before our own: streamlit-folium waits for one script before it asks for the next."""

SCRIPTS: Mapping[str, tuple[str, str]] = {
    "leaflet": ("leaflet", "dist/leaflet.js"),
    "trygg": (OWN, "map.js"),
}
STYLES: Mapping[str, tuple[str, str]] = {
    "leaflet_css": ("leaflet", "dist/leaflet.css"),
    "trygg_css": (OWN, "map.css"),
}
VECTOR_SCRIPT = ("protomaps-leaflet", "dist/protomaps-leaflet.js")
"""Only where the background is vector tiles."""

_FOLIUM_SCRIPTS: Mapping[str, tuple[str, str]] = {
    "leaflet@": SCRIPTS["leaflet"],
    "leaflet.draw.js": PLUGIN_SCRIPTS[0],
    "Control.Locate.min.js": PLUGIN_SCRIPTS[1],
}
_FOLIUM_STYLES: Mapping[str, tuple[str, str]] = {
    "leaflet@": STYLES["leaflet_css"],
    "leaflet.draw.css": PLUGIN_STYLES[0],
    "Control.Locate.min.css": PLUGIN_STYLES[1],
}
_SERVED_SUFFIXES = frozenset({".js", ".css", ".png", ".svg"})


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    body: bytes
    media_type: str


@cache
def versions() -> Mapping[str, str]:
    """Package → exact version from ``package.json``; our own code → a hash of its bytes."""
    pinned: dict[str, str] = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    return {**pinned, OWN: hashlib.sha256(_own_script() + _own_style()).hexdigest()[:12]}


@cache
def _own_script() -> bytes:
    plugins = [_installed(*file) for file in PLUGIN_SCRIPTS]
    own = [(OWN_CODE / name).read_bytes() for name in OWN_SCRIPTS]
    # Each ends its last statement and its last comment.
    return b"\n;\n".join((*plugins, *own))


@cache
def _own_style() -> bytes:
    plugins = [_installed(*file) for file in PLUGIN_STYLES]
    return b"\n".join((*plugins, (OWN_CODE / "map.css").read_bytes()))


def _installed(package: str, path: str) -> bytes:
    """Read a package's file; nothing where it is not installed (`missing_packages` tells)."""
    file = NODE_MODULES / package / path
    return file.read_bytes() if file.is_file() else b""


def missing_packages() -> tuple[str, ...]:
    """Packages whose files are not installed; empty when the map can be drawn."""
    return tuple(
        name for name in sorted(versions()) if name != OWN and not (NODE_MODULES / name).is_dir()
    )


def missing_assets_message() -> Message | None:
    """One sentence saying what is missing and what to do, or None."""
    missing = missing_packages()
    if not missing:
        return None
    return say(
        "Kartans webbläsarfiler saknas ({packages}): kör make setup, eller npm ci --ignore-scripts "
        "i programmets mapp, och starta om.",
        packages=", ".join(missing),
    )


def asset_path(package: str, path: str) -> str:
    """Where a file is served, relative to the application's root: ``leaflet@1.9.4/dist/…``."""
    return f"{package}@{versions()[package]}/{path}"


def asset_url(package: str, path: str) -> str:
    """The file's address as seen from the map's frame."""
    return FROM_COMPONENT + asset_path(package, path)


def local_script(url: str) -> str:
    """A folium script's address → ours; an unknown one becomes a name a test can find."""
    return _localised(url, _FOLIUM_SCRIPTS)


def local_style(url: str) -> str:
    """A folium style sheet's address → ours; an unknown one becomes a name a test can find."""
    return _localised(url, _FOLIUM_STYLES)


def _localised(url: str, known: Mapping[str, tuple[str, str]]) -> str:
    if url.startswith(FROM_COMPONENT):
        return url
    for part, file in known.items():
        # "leaflet@" must be the package itself, not "esri-leaflet@" and the like.
        if f"/{part}" in url or url.rsplit("/", 1)[-1] == part:
            return asset_url(*file)
    return f"{FROM_COMPONENT}unknown/{url.rsplit('/', 1)[-1]}"


def read_asset(path: str) -> Asset | None:
    """Read what lies at an address under ``assets/``; None where nothing may be served.

    Parameters
    ----------
    path
        ``<package>@<version>/<path in the package>``. Only pinned packages, their present
        version, and scripts, styles and pictures; nothing outside the package's folder.
    """
    name, _, inner = path.partition("/")
    package, _, version = name.rpartition("@")
    if not inner or versions().get(package) != version:
        return None
    suffix = Path(inner).suffix
    if suffix not in _SERVED_SUFFIXES:
        return None
    if package == OWN:
        own = {"map.js": _own_script, "map.css": _own_style}.get(inner)
        return Asset(own(), _media_type(suffix)) if own else None
    folder = (NODE_MODULES / package).resolve()
    file = (folder / inner).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        return None
    return Asset(file.read_bytes(), _media_type(suffix))


def _media_type(suffix: str) -> str:
    return {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".png": "image/png",
        ".svg": "image/svg+xml",
    }[suffix]
