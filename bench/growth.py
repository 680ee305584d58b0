"""Time per fix and memory while the number of fixes grows: both should stay where they are.

Fixes in int32 columns → visits at 200 places, by one thread.  The sizes take turns, so that what
else the machine does falls on all of them.  Memory is the most the process held above what it held
before, beside the columns' own bytes: measured by a process of its own, for the largest size.
Run as ``python -m bench.growth`` from the repository's folder.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
import psutil

from bench._engine import MAX_GAP_S
from bench._patrols import ORIGIN_US, make_patrols
from bench._sizes import sized
from bench._table import Figure, report, tell
from geo.coverage.engine.index import PlaceIndex, index_places
from geo.coverage.engine.tracks import Tracks
from geo.coverage.engine.visits import Rules, Visits, visits_of

PLACES = 200
BASE = 100_000
QUICK, FULL = 10_000_000, 100_000_000
WITHIN = 1.25
MOST_MEMORY = 2.5
RULES = Rules(max_gap_s=MAX_GAP_S)


def main() -> None:
    """Time sizes from 10⁵ on, and measure the memory of the largest."""
    parser = argparse.ArgumentParser(description=__doc__)
    largest = sized(quick=QUICK, full=FULL)
    parser.add_argument("--fixes", type=int, default=largest)
    parser.add_argument("--memory", action="store_true", help="only print bytes per column byte")
    asked = parser.parse_args()
    if asked.memory:
        print(memory_ratio(asked.fixes))
        return
    sizes = [BASE * 10**power for power in range(10) if BASE * 10**power <= asked.fixes]
    # First: a process is told the most of the one it was made from, where that was more.
    command = [sys.executable, "-m", "bench.growth", "--memory", "--fixes", str(sizes[-1])]
    ratio = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    index, base = _base()
    whole = repeated(base, sizes[-1] // len(base))
    once = visits_of(base, index, rules=RULES, form="compiled")
    _assert_repeats(visits_of(whole, index, rules=RULES, form="compiled"), once, base)
    parts = {fixes: part_of(whole, fixes) for fixes in sizes}
    ns: dict[int, list[float]] = {fixes: [] for fixes in sizes}
    for _ in range(5):
        for fixes, tracks in parts.items():
            # Small ones often enough that the clock is fine enough for them.
            times = max(1, min(20, 1_000_000 // fixes))
            begun = time.perf_counter()
            for _ in range(times):
                visits_of(tracks, index, rules=RULES, form="compiled")
            ns[fixes].append((time.perf_counter() - begun) / times / len(tracks) * 1e9)
        tell(", ".join(f"{fixes}: {each[-1]:.1f} ns" for fixes, each in ns.items()))
    medians = {fixes: statistics.median(each) for fixes, each in ns.items()}
    first = medians[sizes[0]]
    figures = [
        Figure(
            f"ns a fix, {fixes:,} fixes".replace(",", " "),
            value,
            "ns",
            target=round(first * WITHIN, 2) if fixes != sizes[0] else None,
        )
        for fixes, value in medians.items()
    ]
    figures.append(Figure("most memory, times the columns", ratio, "×", target=MOST_MEMORY))
    report("growth", figures, more={"places": PLACES, "ns_a_fix": ns, "memory_ratio": ratio})


def memory_ratio(fixes: int) -> float:
    """Tell how much the process held at most, columns included, in bytes per byte of columns."""
    index, base = _base()
    visits_of(base, index, rules=RULES, form="compiled")
    before = psutil.Process().memory_info().rss
    whole = repeated(base, fixes // len(base))
    visits_of(whole, index, rules=RULES, form="compiled")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024
    return (most - before) / sum(each.nbytes for each in (whole.lon, whole.lat, whole.at))


def _base() -> tuple[PlaceIndex, Tracks]:
    patrols = make_patrols(fixes=BASE, places=PLACES)
    return index_places(patrols.places), patrols.tracks


def repeated(base: Tracks, times: int) -> Tracks:
    """Give the same tracks again and again: every size has the same share of everything."""
    first = np.r_[0, (np.arange(times)[:, None] * len(base) + base.first[1:]).ravel()]
    columns = (np.tile(each, times) for each in (base.lon, base.lat, base.at))
    return Tracks(*columns, first, ORIGIN_US, base.tick_us)


def part_of(whole: Tracks, fixes: int) -> Tracks:
    """Give the first tracks, up to so many fixes."""
    tracks = int(np.searchsorted(whole.first, fixes, side="right")) - 1
    end = whole.first[tracks]
    columns = (each[:end] for each in (whole.lon, whole.lat, whole.at))
    return Tracks(*columns, whole.first[: tracks + 1], whole.origin_us, whole.tick_us)


def _assert_repeats(all_: Visits, once: Visits, base: Tracks) -> None:
    """Hold the visits of all repeats to those of one."""
    times = len(all_.track) // len(once.track)
    tracks = len(base.first) - 1
    expected = (np.arange(times)[:, None] * tracks + once.track).ravel()
    np.testing.assert_array_equal(all_.track, expected)
    for name in ("place", "start_us", "end_us", "fix_count"):
        np.testing.assert_array_equal(getattr(all_, name), np.tile(getattr(once, name), times))
    tell(f"{len(all_.track)} visits, {times} times the same {len(once.track)}")


if __name__ == "__main__":
    main()
