"""``/assets/…``: scripts, styles and pictures for the map, cached for ever by address."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geo.maps.assets import read_asset

FOR_EVER = "public, max-age=31536000, immutable"


def serve_asset(request: Request) -> Response:
    """Serve one file; the address holds its version, so it never changes."""
    asset = read_asset(request.path_params["path"])
    if asset is None:
        return PlainTextResponse("not found", status_code=404)
    return Response(asset.body, media_type=asset.media_type, headers={"cache-control": FOR_EVER})


ASSET_ROUTE = Route("/assets/{path:path}", serve_asset, methods=["GET"])
