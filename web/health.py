"""``/halsa``: is the service alive and ready; ``/metrics``: what it does, for administrators.

A stranger learns one word.  Whoever administers learns versions too.
"""

from __future__ import annotations

import platform
import tomllib
from functools import cache
from importlib.metadata import version
from time import perf_counter
from typing import Final

import anyio
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geo.access import Account, may_at_all
from geo.config import ROOT
from geo.errors import GeoError
from geo.store.migrations import NEWEST
from web.door import Door
from web.gate import ACCOUNT, HEALTH, METRICS

_NOT_KEPT: Final = {"cache-control": "no-store"}

_answers = Counter(
    "trygg_answers", "HTTP answers, by what was asked for and how it went.", ["about", "status"]
)
_seconds = Histogram(
    "trygg_answer_seconds",
    "Time until an answer began.",
    ["about"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_open_pages = Gauge("trygg_open_pages", "Pages that are open (WebSockets).")

_ABOUT: Final = (
    ("/tiles/", "tile"),
    ("/media/", "file"),
    ("/assets/", "asset"),
    ("/static/", "asset"),
    ("/component/", "asset"),
    ("/_stcore/", "streamlit"),
    ("/logga-", "sign-in"),
)


def health_routes(door: Door) -> list[Route]:
    """Give the addresses."""

    async def health(request: Request) -> Response:
        try:
            revision = await anyio.to_thread.run_sync(door.revision)
        except GeoError:
            return JSONResponse({"status": "not ready"}, status_code=503, headers=_NOT_KEPT)
        told: dict[str, object] = {"status": "ready"}
        if _administers(request):
            told |= {
                "program": _program(),
                "schema": NEWEST,
                "python": platform.python_version(),
                "streamlit": version("streamlit"),
                "revision": revision,
            }
        return JSONResponse(told, headers=_NOT_KEPT)

    async def metrics(request: Request) -> Response:
        if not _administers(request):
            return PlainTextResponse("not found", status_code=404, headers=_NOT_KEPT)
        body = generate_latest()
        return Response(body, media_type=CONTENT_TYPE_LATEST, headers=_NOT_KEPT)

    return [
        Route(HEALTH, health, methods=["GET"]),
        Route(METRICS, metrics, methods=["GET"]),
    ]


class Measured:
    """Counts and times answers.  No address, account or query is kept, only what kind it was."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and count."""
        if scope["type"] == "websocket":
            with _open_pages.track_inprogress():
                await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, about = perf_counter(), _about(scope["path"])

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                _answers.labels(about, f"{message['status'] // 100}xx").inc()
                _seconds.labels(about).observe(perf_counter() - begun)
            await send(message)

        await self._app(scope, receive, counted)


def _about(path: str) -> str:
    return next((about for start, about in _ABOUT if path.startswith(start)), "page")


def _administers(request: Request) -> bool:
    account: Account | None = request.scope.get(ACCOUNT)
    return account is not None and may_at_all(account, "administer")


@cache
def _program() -> str:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(written["project"]["version"])
