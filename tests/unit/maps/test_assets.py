"""Nothing folium asks for leaves the machine, and nothing else than assets is served."""

from __future__ import annotations

import json
import re

import pytest
from folium.elements import JSCSSMixin

from geo.maps import assets
from geo.maps.base_layer import SIMPLE
from geo.maps.render import base_map, use_local_files
from geo.maps.surroundings import surroundings

NEEDS_FILES = pytest.mark.skipif(
    bool(assets.missing_packages()), reason="browser files are not installed (make setup)"
)


def every_class(root: type[JSCSSMixin] = JSCSSMixin) -> list[type[JSCSSMixin]]:
    return [root, *(c for child in root.__subclasses__() for c in every_class(child))]


def test_no_folium_class_names_another_host() -> None:
    links = [url for c in every_class() for _, url in (*c.default_js, *c.default_css)]
    assert len(links) > 40
    assert [url for url in links if not url.startswith("../../assets/")] == []


def test_the_base_map_asks_for_nothing_unknown() -> None:
    page = base_map(surroundings(), SIMPLE).get_root().render()
    assert "../../assets/leaflet@" in page
    assert "unknown/" not in page
    assert re.findall(r"https?://[^\"' ]+", page) == []


def test_rewriting_twice_changes_nothing() -> None:
    before = [(c.default_js, c.default_css) for c in every_class()]
    use_local_files()
    assert before == [(c.default_js, c.default_css) for c in every_class()]


def test_an_unknown_address_gets_a_name() -> None:
    assert assets.local_script("https://cdn.example/esri-leaflet@3/dist/esri.js").endswith(
        "unknown/esri.js"
    )


@NEEDS_FILES
@pytest.mark.parametrize(
    "file", [*assets.SCRIPTS.values(), *assets.STYLES.values(), assets.VECTOR_SCRIPT]
)
def test_every_asset_is_there(file: tuple[str, str]) -> None:
    asset = assets.read_asset(assets.asset_path(*file))
    assert asset is not None
    assert len(asset.body) > 500


@NEEDS_FILES
@pytest.mark.parametrize(
    "path",
    [
        "leaflet@1.9.4/../../package.json",
        "leaflet@1.9.4/../leaflet-draw/dist/leaflet.draw.js",
        "leaflet@0.0.1/dist/leaflet.js",
        "leaflet@1.9.4/package.json",
        "leaflet@1.9.4/dist/images",
        "leaflet@1.9.4//etc/passwd",
        "unheard-of@1.0.0/x.js",
        "trygg@0/map.js",
        "..@x/y.js",
        "",
    ],
)
def test_nothing_else_is_served(path: str) -> None:
    assert assets.read_asset(path) is None


def test_the_lock_file_pins_and_names_no_address() -> None:
    text = (assets.ROOT / "package-lock.json").read_text("utf-8")
    lock = json.loads(text)
    assert "resolved" not in text
    assert not re.search(r"https?://", text)
    wanted = json.loads((assets.ROOT / "package.json").read_text("utf-8"))["dependencies"]
    assert wanted
    for name, version in wanted.items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == version
        assert lock["packages"][f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_our_code_uses_no_html() -> None:
    # textContent only; innerHTML is read in one place, to escape words for plugins that want HTML.
    code = {path.name: path.read_text("utf-8") for path in assets.OWN_CODE.glob("*.js")}
    assert set(code) == set(assets.OWN_SCRIPTS)
    joined = "\n".join(code.values())
    assert re.findall(r"[^\n]*innerHTML[^\n]*", joined) == [
        '  trygg.escaped = (text) => trygg.element("i", "", text).innerHTML;'
    ]
    assert not re.search(r"outerHTML|insertAdjacentHTML|document\.write|\beval\(|bindPopup", joined)
