"""The files named early are those that are asked for later."""

from __future__ import annotations

import re

from starlette.applications import Starlette

from geo.maps.assets import read_asset
from tests.unit.web.asking import ask
from web.early import CHUNKS, EARLY_ROUTE, chunk_paths


def test_the_installed_streamlit_has_every_file_that_is_named() -> None:
    found = {re.sub(r"\.[^.]{8}\.js$", "", path.rsplit("/", 1)[-1]) for path in chunk_paths()}
    assert found == set(CHUNKS)


def test_the_maps_own_files_are_asked_for_where_they_are_served() -> None:
    script = ask(Starlette(routes=[EARLY_ROUTE]), "/assets/early.js").body.decode()
    named = re.findall(r'"prefetch", "assets/([^"]+)"', script)
    assert {path.rsplit("/", 1)[-1] for path in named} == {
        "leaflet.js",
        "leaflet.css",
        "map.js",
        "map.css",
    }
    assert all(read_asset(path) is not None for path in named)
