"""The look of every page: one style sheet, there before Streamlit has drawn anything.

It stands last in the page's body, since Streamlit makes its own styles in the head as it draws,
and of two rules that weigh the same the later one holds.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from web.assets import FOR_EVER

SHEET_PATH: Final = "/assets/page.css"
_SHEET: Final = Path(__file__).with_name("page.css")


@cache
def link_tag() -> bytes:
    """Give the tag that loads the sheet; its address holds the version, relative to the page."""
    version = hashlib.sha256(_SHEET.read_bytes()).hexdigest()[:12]
    return f'<link rel="stylesheet" href=".{SHEET_PATH}?v={version}">'.encode()


def serve_sheet(_request: Request) -> Response:
    """Serve the sheet."""
    return Response(_SHEET.read_bytes(), media_type="text/css", headers={"cache-control": FOR_EVER})


LOOK_ROUTE = Route(SHEET_PATH, serve_sheet, methods=["GET"])
