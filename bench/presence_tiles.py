"""A map tile of presence, a municipality and a street; beside numpy's histogram2d over all points.

Both draw with Pillow; the plain way keeps the points projected, and looks at all of them for each
tile.  All sums and the pictures are compared before any time is printed.  What putting the points
in order costs, once, stands in the results.
Run as ``python -m bench.presence_tiles`` from the repository's folder.
"""

from __future__ import annotations

import time
from datetime import date, timedelta

import numpy as np

from bench._engine import Size, as_json, figures, interleaved, size
from bench._table import Figure, report, tell
from geo.coverage.cells import Ints
from geo.maps.presence_tiles import (
    SQUARES,
    index_presence,
    presence_png,
    shades_of,
    tile_seconds,
)
from geo.maps.tile_picture import shade_png
from geo.model.period import Period
from geo.model.time import day_start_at, to_us

QUICK, FULL = Size(1_000_000, 20, 9), Size(10_000_000, 20, 9)
OVERVIEW_MS = 1_000.0
SPRING = Period(date(2021, 3, 1), date(2021, 6, 1))
TILES = {"municipality": (9, 274, 155), "street": (16, 35078, 19906)}
MARK = (12.65, 57.48)
_HALF_WORLD = 180.0


def main() -> None:
    """Compare, then time, then write."""
    wanted = size(QUICK, FULL)
    random = np.random.default_rng(2021)
    towns = random.normal(MARK, (0.12, 0.05), (wanted.places, 2))
    towns[0] = (12.69, 57.507)
    spots = towns[random.integers(0, len(towns), wanted.fixes)]
    spots += random.normal(0, (0.008, 0.004), spots.shape)
    lon, lat = np.rint(spots.T * 1e7).astype(np.int32)
    first = date(2021, 1, 1)
    borders = [to_us(day_start_at(first + timedelta(days=n))) for n in range(366)]
    at_us = random.integers(borders[0], borders[-1], wanted.fixes)
    seconds = random.integers(5, 31, wanted.fixes)

    begun = time.perf_counter()
    index = index_presence(lon, lat, seconds, at_us, borders_us=np.array(borders))
    index_s = time.perf_counter() - begun
    tell(f"{wanted.fixes} points put in order in {index_s:.2f} s")
    world_x = lon / 1e7 / (2 * _HALF_WORLD) + 0.5
    world_y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat / 1e7) / 2)) / (2 * np.pi)
    start_us, end_us = to_us(SPRING.start_at), to_us(SPRING.end_at)

    def usual(zoom: int, x: int, y: int) -> Ints:
        kept = (at_us >= start_us) & (at_us < end_us)
        sums, _, _ = np.histogram2d(
            world_y[kept] * 2**zoom,
            world_x[kept] * 2**zoom,
            bins=SQUARES,
            range=((y, y + 1), (x, x + 1)),
            weights=seconds[kept],
        )
        return sums.astype(np.int64)

    def usual_png(zoom: int, x: int, y: int) -> bytes:
        most_s = int(index.most_s[zoom + SQUARES.bit_length() - 1])
        return shade_png(shades_of(usual(zoom, x, y), most_s), theme="light")

    measured: list[Figure] = []
    times = {}
    for name, (zoom, x, y) in TILES.items():

        def ours(zoom: int = zoom, x: int = x, y: int = y) -> bytes:
            return presence_png(index, zoom=zoom, x=x, y=y, period=SPRING, theme="light")

        def peer(zoom: int = zoom, x: int = x, y: int = y) -> bytes:
            return usual_png(zoom, x, y)

        found = tile_seconds(index, zoom=zoom, x=x, y=y, period=SPRING)
        np.testing.assert_array_equal(found, usual(zoom, x, y))
        assert found.any()
        assert ours() == peer()
        tell(f"{name}: {int(found.sum())} seconds in {np.count_nonzero(found)} squares, the same")
        times[name] = interleaved(
            {"tile": ours, "histogram2d": peer},
            rounds=wanted.rounds,
            slow="histogram2d",
            slow_rounds=3,
        )
        work = f"{wanted.fixes:,} points, {name}".replace(",", " ")
        measured += figures(work, times[name], peer="histogram2d", at_least={})
    target = [Figure(f.name, f.ours, f.unit, OVERVIEW_MS, f.peer) for f in measured]
    report(
        "presence_tiles",
        target,
        more={
            "points": wanted.fixes,
            "index_s": round(index_s, 3),
            "times": {name: as_json(each) for name, each in times.items()},
        },
    )


if __name__ == "__main__":
    main()
