"""Lead a page that has lost its session to the sign-in page, instead of letting it wait.

Streamlit's page takes a WebSocket that is closed for a network that is down, and tries again for
ever.  One script more, before Streamlit's own, hears why it was closed.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.gate import SIGNED_OUT

SCRIPT_PATH: Final = "/assets/turned-away.js"
SCRIPT_TAG: Final = b'<script src=".' + SCRIPT_PATH.encode() + b'"></script>'

# A handshake that is refused says nothing of why: then the server is asked once.
_SCRIPT: Final = """\
(() => {
  const root = new URL("..", document.currentScript.src);
  const Socket = window.WebSocket;
  const ask = () =>
    fetch(new URL("_stcore/health", root), { cache: "no-store" })
      .then((answer) => { if (answer.status === 401) location.reload(); })
      .catch(() => {});
  window.WebSocket = class extends Socket {
    constructor(...about) {
      super(...about);
      this.addEventListener("close", ({ code }) => {
        if (code === SIGNED_OUT) location.reload();
        else if (code === 1006) ask();
      });
    }
  };
})();
"""


def serve_script(_request: Request) -> Response:
    """Serve the script."""
    script = _SCRIPT.replace("SIGNED_OUT", str(SIGNED_OUT))
    return Response(script, media_type="text/javascript", headers={"cache-control": "no-cache"})


TURNED_AWAY_ROUTE = Route(SCRIPT_PATH, serve_script, methods=["GET"])
