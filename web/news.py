"""``/nyheter``: server-sent events that say which revision stands, and each new one.

A page that hears of another than its own asks for one run more (``ui/components/news.js``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

import anyio
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from geo.access import audience_of
from geo.errors import GeoError
from web.gate import ACCOUNT, NEWS
from web.stopping import Stopping

MOST_LISTENERS: Final = 400
"""Each keeps a connection open, and many systems let a process have 1024 of those in all."""
HEARTBEAT_S: Final = 15.0
"""Proxies close what is silent for longer, often after 30 or 60 s."""

_RETRY_MS: Final = 2_000
_HEADERS: Final = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # nginx otherwise collects an answer before it sends it on.
    (b"x-accel-buffering", b"no"),
)


class News(Protocol):
    """What is listened to: see ``geo.store.news``."""

    @property
    def revision(self) -> int | None:
        """The revision that stands, if it is known."""

    def subscribe(self, heard: Callable[[int], None]) -> Callable[[], None]:
        """Call `heard` with each new one, in any thread; gives the way to stop that."""


class NewsStream:
    """Answers with a stream that ends when the listener leaves or the server stops.

    Parameters
    ----------
    news
        Gives what is listened to; asked at each request, in a thread of its own.
    stopping
        Ends all streams.
    most, heartbeat_s
        How many may listen at a time, and how long a stream is silent at most.
    """

    def __init__(
        self,
        news: Callable[[], News],
        stopping: Stopping,
        *,
        most: int = MOST_LISTENERS,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._news = news
        self._stopping = stopping
        self._most = most
        self._heartbeat_s = heartbeat_s
        self._listeners = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one listener, for as long as it listens."""
        account = scope.get(ACCOUNT)
        if account is not None and audience_of(account) == "offentlig":
            # That somebody logs something just now is not for everybody. 204: do not come back.
            await Response(status_code=204)(scope, receive, send)
            return
        if self._listeners >= self._most or self._stopping.is_told:
            await _no_news(scope, receive, send)
            return
        self._listeners += 1
        try:
            try:
                news = await anyio.to_thread.run_sync(self._news)
            except GeoError:
                await _no_news(scope, receive, send)
                return
            await self._stream(news, receive, send)
        finally:
            self._listeners -= 1

    async def _stream(self, news: News, receive: Receive, send: Send) -> None:
        async def sent(text: str, *, more: bool = True) -> None:
            body = {"type": "http.response.body", "body": text.encode(), "more_body": more}
            await send(body)

        await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS]})
        await sent(f"retry: {_RETRY_MS}\n\n")
        told: int | None = None
        async with _heard(news) as heard, self._ended(receive) as ended:
            while not ended.done():
                if news.revision not in {None, told}:
                    told = news.revision
                    await sent(f"data: {told}\n\n")
                heard.clear()
                if news.revision != told:
                    continue  # It came while the last one was on its way.
                changed = asyncio.ensure_future(_until_set(heard))
                done, _ = await asyncio.wait(
                    {changed, ended},
                    timeout=self._heartbeat_s,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                changed.cancel()
                if not done:
                    await sent(":\n\n")
        await sent("", more=False)

    @asynccontextmanager
    async def _ended(self, receive: Receive) -> AsyncIterator[asyncio.Future[None]]:
        """Give what is done once the listener has left, or the server is told to stop."""

        async def left() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        async def either() -> None:
            gone = asyncio.ensure_future(left())
            stopped = asyncio.ensure_future(self._stopping.wait())
            try:
                await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                gone.cancel()
                stopped.cancel()

        ended = asyncio.ensure_future(either())
        try:
            yield ended
        finally:
            ended.cancel()


@asynccontextmanager
async def _heard(news: News) -> AsyncIterator[asyncio.Event]:
    """Give what is set by each new revision: several in a row are one piece of news, the last."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def heard(_revision: int) -> None:
        with suppress(RuntimeError):  # The loop may have ended a moment ago.
            loop.call_soon_threadsafe(event.set)

    unsubscribe = news.subscribe(heard)
    try:
        yield event
    finally:
        unsubscribe()


async def _until_set(event: asyncio.Event) -> None:
    await event.wait()


async def _no_news(scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse(
        "no news now", status_code=503, headers={"cache-control": "no-store", "retry-after": "30"}
    )
    await answer(scope, receive, send)


def news_route(stream: NewsStream) -> Route:
    """Give the route of a stream."""
    route = Route(NEWS, stream)
    route.methods = {"GET"}  # Without HEAD, which would have to end.
    return route
