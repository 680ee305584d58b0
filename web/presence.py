"""``/tiles/presence``, ``/tiles/ground``, ``/tiles/fixes``: where somebody was in a period.

The address holds all that an answer depends on: the state of what is kept, the days, the
filters, the theme or the language.  So it never changes, and a browser may keep it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geo.errors import GeoError, PermissionDeniedError
from geo.model.period import Period
from web.tiles import not_found

if TYPE_CHECKING:
    from geo.maps.ground_tiles import GroundTiles
    from geo.maps.layers import Theme
    from geo.maps.presence_tiles import PresenceIndex

Query: TypeAlias = Mapping[str, Sequence[str]]
"""The filters, as the link of a page has them."""

ReadPresence: TypeAlias = Callable[[Query], "tuple[str, PresenceIndex]"]
ReadGround: TypeAlias = Callable[[Query], "tuple[str, GroundTiles | None]"]
Say: TypeAlias = Callable[[Query, Period], tuple[str, str]]


class Pictures(Protocol):
    """What the answers are made of; each comes with a name of what stands now.

    Only what this reader may see is ever given.
    """

    @property
    def presence(self) -> ReadPresence:
        """Filters → presence of all time."""

    @property
    def ground(self) -> ReadGround:
        """Filters → the ground that tracks covered, None where there are none."""

    @property
    def ground_said(self) -> Say:
        """Filters with a language, and a period → a sentence."""

    @property
    def fixes(self) -> ReadPresence:
        """Filters → time in tracks."""

    @property
    def fixes_said(self) -> Say:
        """Filters with a language, and a period → a sentence, or nothing to say."""


# What one reader may see another may not, once there are accounts: nothing between the server
# and the browser may keep it.
KEPT: Final = "private, max-age=31536000, immutable"
_NOT_KEPT: Final = "no-store"
_MOST_DIGITS: Final = 15
_DAY_DIGITS: Final = 8
_DAYS: Final = "{state}/{from_on}-{to_on}"
_STATE: Final = re.compile(r"(0|[1-9][0-9]{0,14})(-[0-9a-f]{8})?")
"""A revision of the records, and the name of what a folder of fixes holds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What every address asks for; `period` as ``YYYYMMDD-YYYYMMDD``, the last day not in it."""

    state: str
    period: Period
    query: Query


@dataclass(frozen=True, slots=True)
class AskedTile(Asked):
    """What the address of a picture asks for."""

    zoom: int
    x: int
    y: int
    theme: Theme


def presence_route(name: str, read: ReadPresence) -> Route:
    """Give the route that draws presence of some kind.

    Parameters
    ----------
    name
        The kind, as the address has it.
    read
        Called in a thread of its own, for every picture: it must remember.
    """

    def draw(asked: AskedTile) -> tuple[str, bytes]:
        # Late: the server answers before it has read in what draws.
        from geo.maps.presence_tiles import presence_png

        state, index = read(asked.query)
        return state, presence_png(
            index, zoom=asked.zoom, x=asked.x, y=asked.y, period=asked.period, theme=asked.theme
        )

    return _route(name, draw)


def ground_route(read: ReadGround) -> Route:
    """Give the route that draws ground covered in the weeks of a period.

    Parameters
    ----------
    read
        As for `presence_route`.
    """

    def draw(asked: AskedTile) -> tuple[str, bytes]:
        from geo.maps.ground_tiles import ground_png
        from geo.maps.tile_picture import empty_png

        state, tiles = read(asked.query)
        if tiles is None:
            return state, empty_png()
        return state, ground_png(
            tiles, zoom=asked.zoom, x=asked.x, y=asked.y, period=asked.period, theme=asked.theme
        )

    return _route("ground", draw)


def said_route(name: str, say: Say) -> Route:
    """Give the route that says something of what a layer shows in a period.

    Parameters
    ----------
    name
        The layer, as the address has it.
    say
        As for `presence_route`.
    """

    def serve(request: Request) -> Response:
        return _answer(
            request, _asked(request), lambda asked: say(asked.query, asked.period), "text/plain"
        )

    return Route(f"/tiles/{name}/{_DAYS}/said", serve, methods=["GET"])


def _route(name: str, draw: Callable[[AskedTile], tuple[str, bytes]]) -> Route:
    def serve(request: Request) -> Response:
        return _answer(request, _asked_tile(request), draw, "image/png")

    return Route(f"/tiles/{name}/{_DAYS}/{{z}}/{{x}}/{{y}}.png", serve, methods=["GET"])


A = TypeVar("A", bound=Asked)


def _answer(
    request: Request,
    asked: A | None,
    make: Callable[[A], tuple[str, bytes | str]],
    media_type: str,
) -> Response:
    if asked is None:
        return not_found(request)
    try:
        state, body = make(asked)
    except PermissionDeniedError:
        return not_found(request)
    except GeoError:
        return PlainTextResponse("the records cannot be read", status_code=503)
    # A page from before the last write sees what stands now, but not under its old address.
    kept = KEPT if asked.state == state else _NOT_KEPT
    # Who signs in after another at the same browser must not see the other's pictures.
    headers = {"cache-control": kept, "vary": "cookie"}
    return Response(body, media_type=media_type, headers=headers)


def _asked(request: Request) -> Asked | None:
    """Read an address; None where anything in it is not exactly what it should be."""
    path = request.path_params
    period = _period(path["from_on"], path["to_on"])
    state = path["state"]
    if period is None or not _STATE.fullmatch(state):
        return None
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    return Asked(state, period, query)


def _asked_tile(request: Request) -> AskedTile | None:
    from geo.maps.presence_tiles import DEEPEST_ZOOM

    asked = _asked(request)
    zoom, x, y = (_number(request.path_params[name]) for name in ("z", "x", "y"))
    if asked is None or zoom is None or x is None or y is None:
        return None
    if zoom > DEEPEST_ZOOM or x >= 1 << zoom or y >= 1 << zoom:
        return None
    query = {name: values for name, values in asked.query.items() if name != "theme"}
    theme: Theme = "dark" if asked.query.get("theme") == ["dark"] else "light"
    return AskedTile(asked.state, asked.period, query, zoom, x, y, theme)


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
