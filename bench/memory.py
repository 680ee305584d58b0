"""Memory of one tab over 100 filter changes at 10 000 visits, after the garbage is collected.

The quick size makes 16 of them, after five.

Growth is the JavaScript heap of page and map together (one heap, being one site), from after the
first ten changes to after a hundred more.  What the renderer's and the server's processes hold is
printed beside it: the server keeps answers, up to a limit.

Run as ``python -m bench.memory`` from the repository's folder.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import psutil
from playwright.sync_api import CDPSession

from bench._browser import Tab, chromium, profile
from bench._data import SEED, Data, make_data
from bench._servers import OURS, Server, running
from bench._sizes import sized
from bench._table import Figure, report
from bench._walk import OUR_PILLS, Step, our_address

VISITS = 10_000
WARM_UP, CHANGES = sized(quick=(5, 16), full=(10, 100))
TARGET_MB = 20.0


@dataclass(frozen=True, slots=True)
class Held:
    """What is held at one moment, in MB, and how many nodes and listeners the tab has."""

    heap_mb: float
    renderer_mb: float
    server_mb: float
    nodes: int
    listeners: int


def main() -> None:
    """Change the filter, again and again."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        data = make_data(folder, visits=VISITS)
        with running(OURS, folder / "ours.log", TRYGG_DB=data.db) as server:
            context = profile(browser)
            tab = Tab(context)
            cdp = context.new_cdp_session(tab.page)
            tab.open(our_address(server.url, data))
            tab.show_filter(OUR_PILLS)
            steps = _random_walk(data)
            _change(tab, islice(steps, WARM_UP))
            held = [_held(cdp, server)]
            for _ in range(4):
                _change(tab, islice(steps, CHANGES // 4))
                held.append(_held(cdp, server))
            assert not tab.complaints, tab.complaints
    first, last = held[0], held[-1]
    figures = [
        Figure(
            f"growth of the tab's heap over {CHANGES} filter changes",
            last.heap_mb - first.heap_mb,
            "MB",
            target=TARGET_MB,
        ),
        Figure("   the renderer's process", last.renderer_mb - first.renderer_mb, "MB"),
        Figure("   the server's process", last.server_mb - first.server_mb, "MB"),
    ]
    more = {name: [getattr(at, name) for at in held] for name in Held.__slots__}
    print({name: [round(value) for value in values] for name, values in more.items()})
    report("memory", figures, more=more)


def _change(tab: Tab, steps: Iterator[Step]) -> None:
    for kind, count in steps:
        tab.click_kind(kind, expected=count)
        tab.settle(20)


def _random_walk(data: Data) -> Iterator[Step]:
    """Click any kind but the last one kept: without a filter all visits come back at once."""
    dice = random.Random(SEED)
    kept = set(data.kinds)
    while True:
        kind = dice.choice(data.kinds)
        if kept != {kind}:
            kept ^= {kind}
            yield kind, data.count(tuple(kept))


def _held(cdp: CDPSession, server: Server) -> Held:
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    counters = cdp.send("Memory.getDOMCounters")
    return Held(
        heap_mb=cdp.send("Runtime.getHeapUsage")["usedSize"] / 1e6,
        renderer_mb=_renderer_mb(),
        server_mb=server.rss_mb,
        nodes=counters["nodes"],
        listeners=counters["jsEventListeners"],
    )


def _renderer_mb() -> float:
    """Give what the largest renderer below this process holds: the one with our tab."""
    held = [0.0]
    for process in psutil.Process().children(recursive=True):
        try:
            if "--type=renderer" in process.cmdline():
                held.append(process.memory_info().rss / 1e6)
        except psutil.Error:
            continue  # It ended while we looked.
    return max(held)


if __name__ == "__main__":
    main()
