"""What one listener gets, and when the stream ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from starlette.types import Message

from geo.errors import StorageError
from geo.model.activity import Activity
from geo.store.memory import MemoryStore
from geo.store.news import News
from geo.store.store import Put
from web.news import NewsStream
from web.stopping import Stopping

AT = datetime(2021, 5, 1, 12, tzinfo=UTC)
PATIENCE_S = 20.0


def write(store: MemoryStore, activity_id: str) -> None:
    one = Activity(activity_id=activity_id, kind="x", from_on=AT.date(), to_on=AT.date())
    store.write([Put(one)], origin="account:a", at=AT)


class Listener:
    """A client of the stream, in the loop it runs in."""

    def __init__(self, stream: NewsStream) -> None:
        self.started: Message = {}
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._left = asyncio.Event()
        self._asked = False
        scope = {"type": "http", "method": "GET", "path": "/nyheter", "headers": []}
        self.answer = asyncio.ensure_future(stream(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = message
        else:
            await self._sent.put(message)

    async def next(self) -> str:
        message = await asyncio.wait_for(self._sent.get(), PATIENCE_S)
        body: bytes = message["body"]
        return body.decode()

    async def leave(self) -> None:
        self._left.set()
        await self.ended()

    async def ended(self) -> None:
        await asyncio.wait_for(self.answer, PATIENCE_S)


def run(story: Callable[[], Awaitable[Any]]) -> None:
    async def whole() -> None:
        await story()

    # In a thread of its own: Playwright keeps a loop running in the main one all session long.
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        elsewhere.submit(asyncio.run, whole()).result()


def test_a_listener_hears_what_stands_and_what_comes() -> None:
    async def story() -> None:
        store = MemoryStore()
        write(store, "a1")
        news = News(store)
        listener = Listener(NewsStream(lambda: news, Stopping()))
        assert await listener.next() == "retry: 2000\n\n"
        assert await listener.next() == "data: 1\n\n"
        await asyncio.to_thread(write, store, "a2")
        assert await listener.next() == "data: 2\n\n"
        headers = dict(listener.started["headers"])
        assert headers[b"content-type"].startswith(b"text/event-stream")
        assert headers[b"cache-control"] == b"no-store"
        assert headers[b"x-accel-buffering"] == b"no"
        await listener.leave()
        assert not news._listeners

    run(story)


def test_silence_is_broken_by_a_heartbeat_that_is_no_event() -> None:
    async def story() -> None:
        news = News(MemoryStore())
        listener = Listener(NewsStream(lambda: news, Stopping(), heartbeat_s=0.02))
        heard = [await listener.next() for _ in range(4)]
        assert heard == ["retry: 2000\n\n", "data: 0\n\n", ":\n\n", ":\n\n"]
        await listener.leave()

    run(story)


def test_a_stream_ends_when_the_server_stops_and_none_begins_after() -> None:
    async def story() -> None:
        stopping, news = Stopping(), News(MemoryStore())
        stream = NewsStream(lambda: news, stopping)
        listener = Listener(stream)
        await listener.next()
        stopping.tell()
        await listener.ended()
        late = Listener(stream)
        await late.ended()
        assert late.started["status"] == 503

    run(story)


def test_only_so_many_listen_at_a_time() -> None:
    async def story() -> None:
        news = News(MemoryStore())
        stream = NewsStream(lambda: news, Stopping(), most=2)
        first, second = Listener(stream), Listener(stream)
        await first.next()
        await second.next()
        third = Listener(stream)
        await third.ended()
        assert third.started["status"] == 503
        await first.leave()
        fourth = Listener(stream)
        assert await fourth.next() == "retry: 2000\n\n"
        await fourth.leave()
        await second.leave()

    run(story)


def test_without_records_there_is_no_news() -> None:
    async def story() -> None:
        def nothing() -> News:
            raise StorageError("Databasen svarar inte.")

        listener = Listener(NewsStream(nothing, Stopping()))
        await listener.ended()
        assert listener.started["status"] == 503

    run(story)
