"""``/tiles/presence/…`` and ``/tiles/ground/…``: where somebody was in a period, over the map.

The address holds all that a picture depends on: the revision of the records, the days, the
filters and the theme.  So it never changes, and a browser may keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geo.errors import GeoError
from geo.model.period import Period
from web.tiles import not_found

if TYPE_CHECKING:
    from geo.maps.ground_tiles import GroundTiles
    from geo.maps.layers import Theme
    from geo.maps.presence_tiles import PresenceIndex

Query: TypeAlias = Mapping[str, Sequence[str]]
"""The filters, as the link of a page has them."""

ReadPresence: TypeAlias = Callable[[Query], "tuple[int, PresenceIndex]"]
"""Filters → the revision that stands, and the presence in it that this reader may see."""

ReadGround: TypeAlias = Callable[[Query], "tuple[int, GroundTiles | None]"]
"""Filters → the revision that stands, and the ground its tracks covered, if it has any."""

# What one reader may see another may not, once there are accounts: nothing between the server
# and the browser may keep it.
KEPT: Final = "private, max-age=31536000, immutable"
_NOT_KEPT: Final = "no-store"
_MOST_DIGITS: Final = 15
_DAY_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; `period` as ``YYYYMMDD-YYYYMMDD``, the last day not in it."""

    revision: int
    period: Period
    zoom: int
    x: int
    y: int
    theme: Theme
    query: Query


def presence_route(read: ReadPresence) -> Route:
    """Give the route that draws presence.

    Parameters
    ----------
    read
        Called in a thread of its own, for every picture: it must remember.
    """

    def draw(asked: Asked) -> tuple[int, bytes]:
        # Late: the server answers before it has read in what draws.
        from geo.maps.presence_tiles import presence_png

        revision, index = read(asked.query)
        return revision, presence_png(
            index, zoom=asked.zoom, x=asked.x, y=asked.y, period=asked.period, theme=asked.theme
        )

    return _route("presence", draw)


def ground_route(read: ReadGround) -> Route:
    """Give the route that draws ground covered in the weeks of a period.

    Parameters
    ----------
    read
        As for `presence_route`.
    """

    def draw(asked: Asked) -> tuple[int, bytes]:
        from geo.maps.ground_tiles import ground_png
        from geo.maps.tile_picture import empty_png

        revision, tiles = read(asked.query)
        if tiles is None:
            return revision, empty_png()
        return revision, ground_png(
            tiles, zoom=asked.zoom, x=asked.x, y=asked.y, period=asked.period, theme=asked.theme
        )

    return _route("ground", draw)


def _route(name: str, draw: Callable[[Asked], tuple[int, bytes]]) -> Route:
    def serve(request: Request) -> Response:
        asked = _asked(request)
        if asked is None:
            return not_found(request)
        try:
            revision, body = draw(asked)
        except GeoError:
            return PlainTextResponse("the records cannot be read", status_code=503)
        if asked.revision > revision:
            return not_found(request)
        # A page from before the last write sees what stands now, but not under its old address.
        kept = KEPT if asked.revision == revision else _NOT_KEPT
        return Response(body, media_type="image/png", headers={"cache-control": kept})

    path = f"/tiles/{name}/{{revision}}/{{from_on}}-{{to_on}}/{{z}}/{{x}}/{{y}}.png"
    return Route(path, serve, methods=["GET"])


def _asked(request: Request) -> Asked | None:
    """Read an address; None where anything in it is not exactly what it should be."""
    from geo.maps.presence_tiles import DEEPEST_ZOOM

    path = request.path_params
    period = _period(path["from_on"], path["to_on"])
    revision, zoom, x, y = (_number(path[name]) for name in ("revision", "z", "x", "y"))
    if period is None or revision is None or zoom is None or x is None or y is None:
        return None
    if zoom > DEEPEST_ZOOM or x >= 1 << zoom or y >= 1 << zoom:
        return None
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    theme: Theme = "dark" if query.pop("theme", None) == ["dark"] else "light"
    return Asked(revision, period, zoom, x, y, theme, query)


def _number(text: str) -> int | None:
    """Read a whole number written in the one way it should be, without sign or leading zero."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_one and text == str(int(text)) else None


def _period(from_on: str, to_on: str) -> Period | None:
    if not all(d.isascii() and d.isdecimal() and len(d) == _DAY_DIGITS for d in (from_on, to_on)):
        return None
    try:
        return Period(date.fromisoformat(from_on), date.fromisoformat(to_on))
    except (ValueError, GeoError):
        return None
