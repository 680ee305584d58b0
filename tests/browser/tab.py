"""A tab of the browser as the person before it meets it: what is read, and what may be touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "tests" / "browser" / "shots"
MAP_FRAME = "iframe[title='streamlit_folium.st_folium']"
PAGES = ("karta", "tackning", "genomgangar", "loften", "logga", "data", "om")
"""Every page by its address, but for the map's, which is the bare one."""

_HOME = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:", "file:")
# Chromium says these about Streamlit's own frame attributes in every Streamlit app.
_STREAMLITS_OWN = ("Unrecognized feature:", "An iframe which has both allow-scripts")
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@dataclass(frozen=True)
class Size:
    """A screen of the three the program is made for; a phone also has a finger, not a mouse."""

    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        return self.width < 600


PHONE, LAPTOP, PROJECTOR = Size(390, 844), Size(1440, 900), Size(1920, 1080)
SIZES = (PHONE, LAPTOP, PROJECTOR)


def address(page: str) -> str:
    """Where a page lies; the map's address is the bare one."""
    return "" if page == "karta" else page


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@dataclass
class Tab:
    """A page with everything it asked for and complained about."""

    page: Page
    size: Size
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sent: int = 0
    """Messages to the server so far; each of them makes the page run."""

    def __post_init__(self) -> None:
        page = self.page
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", self._connected)
        page.on("requestfailed", lambda request: self.failed.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._spoken_to)
        page.on("console", self._heard)

    def _connected(self, socket: Any) -> None:
        self.asked.append(socket.url)
        socket.on("framesent", self._told)

    def _told(self, _message: object) -> None:
        self.sent += 1

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_STREAMLITS_OWN):
            self.complaints.append(message.text)

    def _spoken_to(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def strangers(self) -> list[str]:
        """Addresses outside this machine that were asked for."""
        return [url for url in self.asked if not url.startswith(_HOME)]

    # ---------------------------------------------------------------- pages

    def open(self, url: str) -> None:
        """Go to an address of the program and wait until all of it is there."""
        self.page.goto(url)
        self.settle()

    def go_to(self, page: str) -> None:
        """Follow a link of the bar on top."""
        place = PAGES.index(page) + 1
        self.page.locator(f".st-key-nav > :nth-child({place}) a").click()
        self.page.locator(f".st-key-at_{page}").wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until the server has nothing more to draw, and everything drawn has arrived."""
        self.page.locator(".st-key-foot").wait_for()
        # The part that names the bar for screen readers also prepares the page for paper.
        self.page.locator(".st-key-nav[role=navigation]").wait_for()
        self.page.locator("[data-testid='stApp'][data-test-script-state='notRunning']").wait_for()
        # Parts that are read in late show a grey shape first, which anybody could read.
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        if self.page.locator(MAP_FRAME).count():
            self.map()

    def look_on(self, size: Size) -> None:
        """Make the window as large as another screen."""
        self.page.set_viewport_size({"width": size.width, "height": size.height})
        self.settle()

    def turn(self, theme: str) -> None:
        """Let it become dark, or light, as a phone does by itself in the evening."""
        self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type] # a word of CSS
        self.page.locator(f"html[data-theme={theme}]").wait_for(state="attached")
        self.settle()

    def choose_part(self, name: str) -> None:
        """Go to another part of the page."""
        part = self.page.locator("[class*='st-key-page_']").get_by_role("radio", name=name)
        part.click()
        expect(part).to_be_checked()
        self.settle()

    def choose_period(self, name: str) -> None:
        """Press one of the short cuts to a period; on a phone the filters open first."""
        if self.size.is_phone:
            self.page.locator(".st-key-filters_open label").click()
        self.page.get_by_role("radio", name=name, exact=True).click()

    def figure(self, words: str) -> Locator:
        """The number that stands over some words."""
        return self.page.locator(".tk-figures div", has_text=words).locator("dd")

    def choose_option(self, label: str, option: str) -> None:
        """Pick from a list, as one does who reads it."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def row(self, *texts: str) -> Locator:
        """The row of a table in which some texts stand.

        Tables are drawn as pictures; what stands in them is also written out.
        """
        found = self.page.locator(".tk-written tr")
        for text in texts:
            found = found.filter(has_text=text)
        return found

    # ---------------------------------------------------------------- the map

    def map(self) -> Frame:
        """Wait until the map is painted and return its frame."""
        inside = self.page.frame_locator(MAP_FRAME)
        inside.locator("html[data-painted]").wait_for(state="attached")
        return next(frame for frame in self.page.frames if "st_folium" in frame.url)

    def look_at(self, lat: float, lon: float, *, zoom: float) -> Frame:
        """Move the map at once."""
        frame = self.map()
        frame.evaluate(f"trygg.map.setView([{lat}, {lon}], {zoom}, {{animate: false}})")
        return frame

    def press_map(self, x: float, y: float) -> None:
        """Click the map, or touch it where there is no mouse; pixels from its own corner."""
        surface = self.page.frame_locator(MAP_FRAME).locator("#map_div")
        if self.size.is_phone:
            surface.tap(position={"x": x, "y": y})
        else:
            surface.click(position={"x": x, "y": y})

    def put_corners(self, corners: Sequence[tuple[float, float]]) -> None:
        """Draw with a pressed tool, corner by corner."""
        put = self.map().locator(".trygg-corner")
        for number, (x, y) in enumerate(corners, 1):
            # Leaflet.draw takes no corner within 50 ms of the last; a person then presses again.
            while put.count() < number:
                self.press_map(x, y)

    def press_thing(self, kind: str, thing_id: str) -> None:
        """Press a symbol where it is drawn."""
        spot = self.map().evaluate(f"trygg.things.where({kind!r}, {thing_id!r})")
        self.press_map(spot["x"], spot["y"])

    # ---------------------------------------------------------------- looking closer

    def shot(self, name: str) -> None:
        """Keep a picture, to be looked at by people."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.1 A and AA, in the page and in the map's frame."""
        # axe looks into a frame only where it has been put too.
        for frame in self.page.frames:
            if not frame.evaluate("'axe' in window"):
                frame.evaluate(_axe())
        found = self.page.evaluate(
            "tags => axe.run({runOnly: tags, resultTypes: ['violations']})", _WCAG
        )
        assert found["passes"]  # it did look
        return [
            f"{one['id']}: {node['target']} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def overflow_px(self) -> int:
        """By how much the page, or the part of it that scrolls, is wider than its screen."""
        wide: int = self.page.evaluate(
            """() => Math.max(...[document.documentElement,
                ...document.querySelectorAll("[data-testid=stMain]")]
                .map((part) => part.scrollWidth - part.clientWidth))"""
        )
        return wide
