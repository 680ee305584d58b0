"""Hear that the server is told to stop, before it waits for its open answers to end.

uvicorn tells the application only once every answer is finished, and an answer that has no end
of its own would keep it waiting for ever.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Whether the server has been told to stop."""

    def __init__(self) -> None:
        self._told = asyncio.Event()

    @property
    def is_told(self) -> bool:
        """Whether it has been."""
        return self._told.is_set()

    async def wait(self) -> None:
        """Wait until it is."""
        await self._told.wait()

    def tell(self) -> None:
        """Let everybody know who waits; from the server's own loop."""
        self._told.set()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Hear the signals that stop the server, before the handlers it has for them itself.

        Signals come to the main thread only; a server in another one is stopped without them.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        loop = asyncio.get_running_loop()
        handlers = {number: signal.getsignal(number) for number in _SIGNALS}

        def before(handler: Callable[[int, FrameType | None], Any]) -> Any:
            def heard(number: int, frame: FrameType | None) -> None:
                loop.call_soon_threadsafe(self.tell)
                handler(number, frame)

            return heard

        for number, handler in handlers.items():
            if callable(handler):
                signal.signal(number, before(handler))
        try:
            yield
        finally:
            self.tell()
            for number, handler in handlers.items():
                if callable(handler):
                    signal.signal(number, handler)
