"""The HTTP edge of the application, put together from the settings."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from geo.config import Settings, read_settings
from geo.errors import GeoError
from geo.maps.assets import missing_assets_message
from geo.maps.base_layer import base_layer
from geo.wording import Wording
from web.assets import ASSET_ROUTE
from web.door import Door
from web.early import EARLY_ROUTE
from web.gate import OIDC, Gate
from web.headers import Headers
from web.health import Measured, health_routes
from web.logs import begin_logging
from web.look import LOOK_ROUTE
from web.news import News, NewsStream, news_route
from web.presence import (
    Pictures,
    ground_route,
    presence_route,
    said_route,
)
from web.root import ROOT_ROUTE
from web.sign_in import SignIn
from web.site import LOOPBACK, NOT_OPENED, ONLY_HERE, site_of
from web.stopping import Stopping
from web.tiles import tile_routes
from web.turned_away import TURNED_AWAY_ROUTE

_stopping = Stopping()


def routes(
    pictures: Callable[[], Pictures], news: Callable[[], News] | None = None
) -> Sequence[BaseRoute]:
    """Give our own addresses; they come before Streamlit's.

    Parameters
    ----------
    pictures
        Gives what the pages know, so that a picture and a figure are of the same records; asked
        at each request, since the server answers before all of the pages is read in.
    news
        Gives what tells of writes, likewise; nobody can listen where it is left out.
    """
    settings = read_settings()
    has_provider = settings.oidc_issuer is not None
    sign_in = SignIn(
        _door(),
        site_of(settings),
        language=settings.language,
        provider=f"{OIDC.lstrip('/')}/" if has_provider else None,
    )
    return [
        *sign_in.routes,
        *_provider_routes(settings, sign_in),
        *health_routes(_door()),
        ROOT_ROUTE,
        TURNED_AWAY_ROUTE,
        EARLY_ROUTE,
        LOOK_ROUTE,
        ASSET_ROUTE,
        presence_route("presence", lambda query: pictures().presence(query)),
        presence_route("fixes", lambda query: pictures().fixes(query)),
        said_route("fixes", lambda query, period: pictures().fixes_said(query, period)),
        ground_route(lambda query: pictures().ground(query)),
        said_route("ground", lambda query, period: pictures().ground_said(query, period)),
        *tile_routes(base_layer(str(settings.basemap))),
        *([news_route(NewsStream(news, _stopping))] if news is not None else []),
    ]


def middleware() -> Sequence[Middleware]:
    """What every request passes, outermost first."""
    settings = read_settings()
    return [
        Middleware(Measured),
        Middleware(
            Headers,
            tile_host=_tile_host,
            language=lambda: settings.language,
        ),
        Middleware(
            Gate,
            door=_door(),
            site=site_of(settings),
            proxy_header=settings.proxy_header,
            language=settings.language,
        ),
    ]


def reason_not_to_start(address: str | None) -> str | None:
    """Say why the server must not start on an address; None if it may.

    The database is opened here, so that a program that cannot work never looks as if it did.
    """
    try:
        settings = read_settings()
        stands_open = _door().stands_open()
    except GeoError as exc:
        return str(exc)
    refused = None
    if address not in LOOPBACK:
        if stands_open:
            refused = ONLY_HERE
        elif settings.url is None:
            refused = NOT_OPENED
    return refused and Wording(settings.language)(refused)


def _provider_routes(settings: Settings, sign_in: SignIn) -> Sequence[BaseRoute]:
    if settings.oidc_issuer is None:
        return []
    from web.oidc import oidc_routes  # Late: most do without, and what it needs takes a while.

    return oidc_routes(settings, _door(), sign_in)


def _tile_host() -> str | None:
    """Name whom the page may ask for tiles; the gate has asked for the accounts just before."""
    return base_layer(_settings().background(has_accounts=not _door().stood_open)).tile_host


@cache
def _settings() -> Settings:
    return read_settings()


@cache
def _door() -> Door:
    return Door(_settings())


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Say at start what is missing, as the page does too; end what has no end when it stops."""
    begin_logging()
    missing = missing_assets_message()
    if missing is not None:
        sys.stderr.write(f"{missing}\n")
    with _stopping.on_signals():
        yield
