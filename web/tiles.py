"""``/tiles/…``: the background map from the installation's own file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from geo.maps.base_layer import BaseLayer

_A_DAY = "public, max-age=86400"
_DEEPEST_ZOOM = 24

_SIGNATURES = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8", "image/jpeg"),
    (b"RIFF", "image/webp"),
)
_GZIP = b"\x1f\x8b"


def tile_routes(base: BaseLayer) -> Sequence[BaseRoute]:
    """Routes for the background file; none where there is no file."""
    if base.file is None:
        return []
    file = base.file
    if file.suffix.lower() == ".pmtiles":

        def serve_archive(_request: Request) -> Response:
            # FileResponse answers Range, If-Range and HEAD.
            return FileResponse(
                file,
                media_type="application/octet-stream",
                headers={"cache-control": "no-cache"},
            )

        return [Route("/tiles/basemap.pmtiles", serve_archive, methods=["GET", "HEAD"])]

    def serve_tile(request: Request) -> Response:
        zoom, x, y = (int(request.path_params[part]) for part in ("z", "x", "y"))
        body = read_tile(file, zoom=zoom, x=x, y=y)
        if body is None:
            # An empty answer, not an error: the edge of the map is no fault.
            return Response(status_code=204, headers={"cache-control": _A_DAY})
        media_type = next(
            (kind for start, kind in _SIGNATURES if body.startswith(start)),
            "application/vnd.mapbox-vector-tile",
        )
        headers = {"cache-control": _A_DAY}
        if body.startswith(_GZIP):
            headers["content-encoding"] = "gzip"
        return Response(body, media_type=media_type, headers=headers)

    return [Route("/tiles/{z:int}/{x:int}/{y:int}", serve_tile, methods=["GET"])]


def read_tile(file: Path, *, zoom: int, x: int, y: int) -> bytes | None:
    """Read one tile of an MBTiles file, counted from the north as the web does.

    MBTiles counts rows from the south (TMS): row = 2^zoom - 1 - y.
    """
    if zoom > _DEEPEST_ZOOM or not (0 <= x < 2**zoom and 0 <= y < 2**zoom):
        return None
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as tiles:
        row = tiles.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (zoom, x, 2**zoom - 1 - y),
        ).fetchone()
    return None if row is None else bytes(row[0])


def not_found(_request: Request) -> Response:
    """Answer for addresses under ``/tiles`` that exist in no file."""
    return PlainTextResponse("not found", status_code=404)
