"""Filter click → painted map in Chromium, beside a plain app on the same data in the same run.

A click changes which kinds of visit are kept.  Both apps run side by side and are clicked in turn.
What is painted is compared with the data, and the two maps with each other, before any time is
taken; every timed click ends only when the map shows the expected number of visits (see
``_probe.js``).  Nobody has asked for any of the timed answers before.  The quick size is 1 000
visits: at 10 000 the plain app takes ten seconds a click.

Run as ``python -m bench.map_filter`` from the repository's folder.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from bench._browser import Painted, Tab, chromium, profile
from bench._data import Data, make_data
from bench._servers import OURS, PLAIN, running
from bench._sizes import sized
from bench._table import Figure, report, tell
from bench._walk import OUR_PILLS, back, new_answers, our_address
from geo.maps.cells import hexagon_sums

TARGETS_S = sized(quick={1_000: 0.30}, full={1_000: 0.30, 10_000: 0.40})
TIMES_FASTER = {10_000: 10.0}
CLICKS = 7
_AT_REST_MS = 800

OUR_CELLS = "(({lon, lat, n}) => lon.map((x, i) => [x, lat[i], n[i]]))(trygg.scene.cells)"
PLAIN_MARKS = (
    "Object.values(map._layers).filter((layer) => layer instanceof L.CircleMarker)"
    ".map((layer) => [layer.getLatLng().lng, layer.getLatLng().lat])"
)


def main() -> None:
    """Compare, then time, then write."""
    figures: list[Figure] = []
    more: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for visits, target_s in TARGETS_S.items():
            data = make_data(Path(folder) / str(visits), visits=visits)
            ours, plain, again = _run(browser, data)
            at = f"{visits:,}".replace(",", " ")
            figures += [
                Figure(
                    f"filter click → painted map, {at} visits",
                    median(click.seconds for click in ours),
                    "s",
                    target=target_s,
                    peer=median(click.seconds for click in plain),
                    at_least=TIMES_FASTER.get(visits),
                ),
                Figure(
                    "   the same answer a second time",
                    median(click.seconds for click in again),
                    "s",
                ),
            ]
            more[str(visits)] = {
                "ours_s": [click.seconds for click in ours],
                "plain_s": [click.seconds for click in plain],
                "again_s": [click.seconds for click in again],
                "visits_painted": [click.count for click in ours],
                "our_stages_ms": _stages(ours),
                "plain_stages_ms": _stages(plain),
            }
    for visits in more:
        print(f"where the time goes at {visits}, ms since the click:")
        print("  ours ", more[visits]["our_stages_ms"])  # type: ignore[index]
        print("  plain", more[visits]["plain_stages_ms"])  # type: ignore[index]
    report("map_filter", figures, more=more)


def _run(browser: Browser, data: Data) -> tuple[list[Painted], list[Painted], list[Painted]]:
    folder = data.plain.parent
    with (
        running(OURS, folder / "ours.log", TRYGG_DB=data.db) as our_server,
        running(PLAIN, folder / "plain.log", PLAIN_VISITS=str(data.plain)) as plain_server,
    ):
        ours, plain = Tab(profile(browser)), Tab(profile(browser))
        assert plain.open(plain_server.url).count == len(data.visits)
        assert ours.open(our_address(our_server.url, data)).count == len(data.visits)
        tell(f"{len(data.visits)} visits on both maps")
        ours.show_filter(OUR_PILLS)
        steps = list(islice(new_answers(data), CLICKS + 1))
        for tab in (ours, plain):
            _check(tab, *steps[0])
        _compare(ours, plain)
        tell("both show the same visits, and were at rest when they counted as painted")
        our_clicks, plain_clicks = [], []
        for kind, count in steps[1:]:
            for tab, clicks in ((ours, our_clicks), (plain, plain_clicks)):
                clicks.append(tab.click_kind(kind, expected=count))
                tab.settle()
            tell(f"ours {our_clicks[-1].seconds:.3f} s, plain {plain_clicks[-1].seconds:.3f} s")
        _compare(ours, plain)
        our_again = []
        for kind, count in back(steps, start=len(data.visits)):
            our_again.append(ours.click_kind(kind, expected=count))
            ours.settle()
        assert not ours.complaints, ours.complaints
        assert not plain.complaints, plain.complaints
        for tab in (ours, plain):
            tab.close()
    return our_clicks, plain_clicks, our_again


def _check(tab: Tab, kind: str, count: int) -> None:
    """Click once without a clock: what is there when it counts as painted must be all of it."""
    tab.settle()
    before = tab.picture()
    tab.click_kind(kind, expected=count)
    painted = tab.picture()
    tab.settle(_AT_REST_MS)
    assert painted == tab.picture(), "the map went on changing after it counted as painted"
    assert painted != before, "the click changed nothing one can see"


def _compare(ours: Tab, plain: Tab) -> None:
    """Sum the plain map's marks into our hexagons; both maps must show the same visits."""
    marks = plain.frame().evaluate(PLAIN_MARKS)
    sums = hexagon_sums([lon for lon, _ in marks], [lat for _, lat in marks])
    expected = Counter(
        {
            (round(lon * 1e5), round(lat * 1e5)): int(count)
            for lon, lat, count in zip(sums.lon, sums.lat, sums.count, strict=True)
        }
    )
    shown = Counter({(lon, lat): count for lon, lat, count in ours.frame().evaluate(OUR_CELLS)})
    assert shown == expected, "the two maps show different visits"


def _stages(clicks: list[Painted]) -> dict[str, float]:
    names = clicks[0].stages
    return {name: round(median(click.stages[name] for click in clicks), 1) for name in names}


if __name__ == "__main__":
    main()
