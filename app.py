"""The application: ``streamlit run app.py``."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from geo.errors import GeoError
from web.edge import lifespan, middleware, routes

# Without this the first visitor's deep link runs a file of ui/pages alone, without ui/main.py:
# Streamlit takes a folder of that name for its older kind of many pages until it is told.
PagesManager.uses_pages_directory = False

_LARGE = (
    "geo.maps.render",
    "ui.components.answers",
    "ui.components.chrome",
    "ui.components.panel",
)
"""What takes long to read in.

Not ui.components.map_view: streamlit-folium makes itself known to Streamlit as it is read in, and
that counts only while a page is run.
"""


def _get_ready() -> None:
    """Do beside the server's start what the first visitor would wait for."""
    for name in _LARGE:
        import_module(name)
    from ui import deps

    try:
        deps.snapshot()
        deps.ground()
    except GeoError:
        return  # The page says it, in a sentence.
    # Streamlit collects garbage after every run of a page, with the program at a standstill.
    # What was read in until now stays for good and need not be looked through each time.
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _started(app_: object) -> AsyncIterator[None]:
    async with lifespan(app_):
        Thread(target=_get_ready, name="get-ready", daemon=True).start()
        yield


app = st.App("ui/main.py", routes=routes(), middleware=middleware(), lifespan=_started)
