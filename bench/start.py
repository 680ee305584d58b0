"""How long a person waits: for the server, for the first map ever, and for the next one.

Server up: from starting the process to its first healthy answer.  First map: from the start of the
navigation to the painted map.  Cold: a fresh browser profile, and a server nobody has asked
anything yet.  Warm: the same profile again, its files cached.  The data are the example year.

Run as ``python -m bench.start`` from the repository's folder.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from bench._browser import Painted, Tab, chromium, profile
from bench._data import make_examples
from bench._servers import OURS, running
from bench._sizes import sized
from bench._table import Figure, report

ROUNDS = sized(quick=1, full=5)


def main() -> None:
    """Start, open and open again, some times over."""
    up_s: list[float] = []
    first: list[Painted] = []
    fresh: list[Painted] = []
    cached: list[Painted] = []
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        db = make_examples(Path(folder))
        for _ in range(ROUNDS):
            with running(OURS, Path(folder) / "server.log", TRYGG_DB=db) as server:
                up_s.append(server.up_s)
                for kept in (first, fresh):
                    context = profile(browser)
                    kept.append(_open(Tab(context), server.url))
                    if kept is fresh:
                        cached.append(_open(Tab(context), server.url))
                    context.close()
    counts = {opened.count for opened in (*first, *fresh, *cached)}
    assert len(counts) == 1, f"the same view showed {sorted(counts)} visits"
    figures = [
        Figure("server up", median(up_s), "s", target=1.5),
        Figure("first map, cold", median(o.seconds for o in first), "s", target=3.0),
        Figure("   a new visitor, server in use", median(o.seconds for o in fresh), "s"),
        Figure("first map, warm", median(o.seconds for o in cached), "s", target=1.5),
    ]
    report(
        "start",
        figures,
        more={
            "visits_painted": counts.pop(),
            "up_s": up_s,
            "cold_s": [opened.seconds for opened in first],
            "new_visitor_s": [opened.seconds for opened in fresh],
            "warm_s": [opened.seconds for opened in cached],
            "cold_stages_ms": [opened.stages for opened in first],
            "warm_stages_ms": [opened.stages for opened in cached],
        },
    )


def _open(tab: Tab, url: str) -> Painted:
    opened = tab.open(url)
    tab.settle()
    assert not tab.complaints, tab.complaints
    tab.close()
    return opened


if __name__ == "__main__":
    main()
