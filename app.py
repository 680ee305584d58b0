"""The application: ``streamlit run app.py``."""

import gc
import inspect
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pkgutil import iter_modules
from threading import Thread
from time import sleep

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from geo.errors import GeoError
from geo.wording import Wording
from web.edge import lifespan, middleware, reason_not_to_start, routes
from web.news import News
from web.presence import Pictures

# Without this the first visitor's deep link runs a file of ui/pages alone, without ui/main.py:
# Streamlit takes a folder of that name for its older kind of many pages until it is told.
PagesManager.uses_pages_directory = False

_MAP = ("answers", "chrome", "legend", "new_place", "panel", "rows")
"""What the first page needs of ui.components."""
_ONLY_IN_A_RUN = "map_view"
"""streamlit-folium makes itself known to Streamlit as it is read in, which only counts in a run."""

_REST_LATER_S = 5.0
"""How long the other pages wait: whoever opens the first one now has the processor alone."""


def _get_ready() -> None:
    """Do beside the server's start what the first visitor would wait for, the map first."""
    import streamlit.emojis  # noqa: F401 - read in, that is all

    import geo.maps.render  # noqa: F401 - likewise
    from ui import components, deps

    rest = [m.name for m in iter_modules(components.__path__) if m.name not in _MAP]
    for name in _MAP:
        import_module(f"ui.components.{name}")
    # Streamlit asks once who called it, and Python then looks up the file of every module it has
    # read in: half a second, remembered from then on.
    inspect.stack()
    try:
        deps.snapshot()
        deps.ground()
        wording = Wording(deps.settings().language)
        wording.day(deps.now().date())
        wording("Karta")
    except GeoError:
        return  # The page says it, in a sentence.
    sleep(_REST_LATER_S)
    for name in rest:
        if name != _ONLY_IN_A_RUN:
            import_module(f"ui.components.{name}")
    # Streamlit collects garbage after every run of a page, with the program at a standstill.
    # What was read in until now stays for good and need not be looked through each time.
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def _started(app_: object) -> AsyncIterator[None]:
    async with lifespan(app_):
        Thread(target=_get_ready, name="get-ready", daemon=True).start()
        yield


def _pictures() -> Pictures:
    from ui import pictures  # Late: the server answers before all of the pages is read in.

    return pictures


def _news() -> News:
    from ui import deps

    return deps.news()


_refused = reason_not_to_start(st.get_option("server.address"))
if _refused is not None:
    sys.exit(_refused)

app = st.App(
    "ui/main.py", routes=routes(_pictures, _news), middleware=middleware(), lifespan=_started
)
