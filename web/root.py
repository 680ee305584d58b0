"""Tell the browser where the application's root is, so that a deep link finds it.

Streamlit's page otherwise guesses from its own address: at ``/tackning`` it first asks
``/tackning/_stcore/health``, and whoever answers there is taken for the root.  The page
is served with one script more, which says it outright.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SCRIPT_PATH: Final = "/assets/root.js"
# Relative, like Streamlit's own files, so that it holds under a base path too.
SCRIPT_TAG: Final = b'<script src=".' + SCRIPT_PATH.encode() + b'"></script>'

_SCRIPT: Final = """\
(() => {
  const root = new URL("..", document.currentScript.src).href;
  window.__streamlit = { BACKEND_BASE_URL: root, MAIN_PAGE_BASE_URL: root };
})();
"""


def serve_script(_request: Request) -> Response:
    """Serve the script."""
    return Response(_SCRIPT, media_type="text/javascript", headers={"cache-control": "no-cache"})


ROOT_ROUTE = Route(SCRIPT_PATH, serve_script, methods=["GET"])
