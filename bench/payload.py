"""Bytes over the WebSocket per filter change at 10 000 visits, counted by Chromium itself.

Uncompressed, as the page gets them.  The worst change counts, not the median.  The plain app does
the same changes, fewer of them, and none at the quick size: ten seconds each.

Run as ``python -m bench.payload`` from the repository's folder.
"""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket

from bench._browser import Tab, chromium, profile
from bench._data import Data, make_data
from bench._servers import OURS, PLAIN, running
from bench._sizes import sized
from bench._table import Figure, report
from bench._walk import OUR_PILLS, new_answers, our_address

VISITS = 10_000
TARGET_KB = 250.0
CHANGES, PLAIN_CHANGES = sized(quick=(4, 0), full=(12, 3))
_QUIET_MS = 500


def main() -> None:
    """Click, count, write."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        data = make_data(folder, visits=VISITS)
        with running(OURS, folder / "ours.log", TRYGG_DB=data.db) as server:
            address = our_address(server.url, data)
            ours = _changes(browser, data, address, popover=OUR_PILLS, changes=CHANGES)
        plain: list[int] = []
        if PLAIN_CHANGES:
            with running(PLAIN, folder / "plain.log", PLAIN_VISITS=str(data.plain)) as server:
                plain = _changes(browser, data, server.url, popover=None, changes=PLAIN_CHANGES)
    figure = Figure(
        "WebSocket payload per filter change, 10 000 visits, worst",
        max(ours) / 1e3,
        "kB",
        target=TARGET_KB,
        peer=max(plain) / 1e3 if plain else None,
    )
    report("payload", [figure], more={"ours_bytes": ours, "plain_bytes": plain})


def _changes(
    browser: Browser, data: Data, url: str, *, popover: str | None, changes: int
) -> list[int]:
    context = profile(browser)
    tab = Tab(context)
    received = _count(tab.page)
    tab.open(url)
    tab.settle(_QUIET_MS)
    tab.show_filter(popover)
    each = []
    for kind, count in islice(new_answers(data), changes):
        before = sum(received)
        tab.click_kind(kind, expected=count)
        tab.settle(_QUIET_MS)  # Whatever comes after the map belongs to the change too.
        each.append(sum(received) - before)
    context.close()
    return each


def _count(page: Page) -> list[int]:
    received: list[int] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: received.append(len(payload)))

    page.on("websocket", opened)
    return received


if __name__ == "__main__":
    main()
