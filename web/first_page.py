"""``/karta`` is the map: the first page, which Streamlit serves at the bare address only."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

PATH: Final = "/karta"


def lead_home(request: Request) -> RedirectResponse:
    """Send on to the bare address with the same query; relative, so also under a base path."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


FIRST_PAGE_ROUTE = Route(PATH, lead_home, methods=["GET"])
