"""Chromium with nothing to talk to but this machine, and a page that knows when it is painted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

PROBE = Path(__file__).with_name("_probe.js")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WINDOW = {"width": 1440, "height": 900}
_TIMEOUT_MS = 90_000
_NEW_WINDOW_MS = 1_500


@dataclass(frozen=True, slots=True)
class Painted:
    """When a map was painted, and what happened on the way.

    Attributes
    ----------
    count
        Visits on the map.
    seconds
        From the click, or else from the start of the navigation.
    received_bytes
        Over the WebSocket since then, uncompressed.
    stages
        Where the time went, in ms: until the click was ``sent`` · until the ``answer`` of the
        server that led to the picture · until that reached the map's ``frame`` · until ``painted``.
    """

    count: int
    seconds: float
    received_bytes: int
    stages: dict[str, float]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without name resolution, and close it afterwards."""
    path = next((found for found in map(shutil.which, CHROMIUM) if found), None)
    if path is None:
        raise SystemExit("Chromium is not installed (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--no-sandbox",
                "--enable-precise-memory-info",
                "--js-flags=--expose-gc",
            ],
        )
        try:
            yield browser
        finally:
            browser.close()


def profile(browser: Browser) -> BrowserContext:
    """Make a fresh profile: nothing cached, nothing remembered."""
    context = browser.new_context(viewport=WINDOW, locale="sv-SE", timezone_id="Europe/Stockholm")
    context.set_default_timeout(_TIMEOUT_MS)
    context.add_init_script(path=PROBE)
    return context


class Tab:
    """One page with a map and pills that filter it by kind of visit."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        # A new window draws its own frame and buttons first; whoever opens a map has it open.
        self.page.wait_for_timeout(_NEW_WINDOW_MS)

    def open(self, url: str) -> Painted:
        """Go to an address and wait for the first map that shows any visit."""
        self.page.goto(url, wait_until="commit")
        return self._wait()

    def show_filter(self, popover: str | None) -> None:
        """Open what the pills lie in, if they lie in something."""
        if popover is not None:
            self.page.locator(f".st-key-{popover} button").first.click()
        self.page.locator(PILLS).first.wait_for()

    def click_kind(self, kind: str, *, expected: int) -> Painted:
        """Click a kind's pill, and wait until the map shows exactly so many visits."""
        pill = self.page.locator(PILLS).filter(has_text=re.compile(f"^{kind}$"))
        pill.wait_for()
        self.page.evaluate("expected => __bench.arm(expected)", expected)
        pill.click()
        return self._wait()

    def settle(self, ms: int = 300) -> None:
        """Let the page come to rest before the next click."""
        self.page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
        self.page.wait_for_timeout(ms)

    def frame(self) -> Frame:
        """Give the map's frame."""
        found = [frame for frame in self.page.frames if "st_folium" in frame.url]
        if len(found) != 1:
            raise RuntimeError(f"{len(found)} frames with a map")
        return found[0]

    def close(self) -> None:
        """Close the page."""
        self.page.close()

    def picture(self) -> bytes:
        """Give the map as it is seen now."""
        return self.page.locator("iframe[title='streamlit_folium.st_folium']").screenshot()

    def _wait(self) -> Painted:
        told: dict[str, Any] | None = self.page.evaluate(
            "ms => Promise.race([__bench.painted, new Promise((late) => setTimeout(late, ms))])",
            _TIMEOUT_MS,
        )
        if told is None:
            raise RuntimeError(f"the map never showed what it should; {self.complaints}")
        begun = told["clickAt"] or told["openedAt"]
        received = [(at - begun, size) for at, size in told["received"] if at >= begun]
        return Painted(
            count=told["count"],
            seconds=(told["at"] - begun) / 1e3,
            received_bytes=sum(size for _, size in received),
            stages=_stages(told, begun, received),
        )


PILLS = "button[data-variant='pills']"


def _stages(
    told: dict[str, Any], begun: float, received: Sequence[tuple[float, int]]
) -> dict[str, float]:
    sent = [at - begun for at, _ in told["sent"] if at >= begun]
    renders = [at - begun for at in told["renders"] if at >= begun]
    if not sent or not renders or not received:
        return {}
    answers = [at for at, _ in received if at <= renders[0]]
    return {
        "sent": round(sent[0], 1),
        "answer": round(answers[-1] if answers else received[0][0], 1),
        "frame": round(renders[0], 1),
        "painted": round(told["at"] - begun, 1),
    }
