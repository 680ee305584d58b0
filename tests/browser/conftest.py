"""A server on a free port, Chromium without a network, and a log of all it asked for."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

from geo.maps.assets import missing_assets_message
from geo.services.opening import add_examples
from geo.store.open import open_store

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "tests" / "browser" / "shots"
MAP_FRAME = "iframe[title='streamlit_folium.st_folium']"
SIZES = ((390, 844), (1440, 900), (1920, 1080))

_START_S = 30.0
# Chromium says these about Streamlit's own frame attributes in every Streamlit app.
_STREAMLITS_OWN = ("Unrecognized feature:", "An iframe which has both allow-scripts")


def chromium_path() -> str | None:
    """Find an installed Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


def free_port() -> int:
    """Ask the system for a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Watched:
    """A page with everything it asked for and complained about."""

    page: Page
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def map(self) -> Frame:
        """Wait until the map is painted and return its frame."""
        self.page.wait_for_selector(MAP_FRAME)
        inside = self.page.frame_locator(MAP_FRAME)
        inside.locator("html[data-painted]").wait_for(state="attached")
        return next(frame for frame in self.page.frames if "st_folium" in frame.url)

    def strangers(self) -> list[str]:
        """Addresses outside this machine that were asked for."""
        home = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:", "file:")
        return [url for url in self.asked if not url.startswith(home)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium that can reach this machine and nothing else."""
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    missing = missing_assets_message()
    if missing is not None:
        pytest.skip(str(missing))
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--no-sandbox"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start an app and give its address; all are stopped at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def start(script: Path, **settings: str) -> str:
        folder = tmp_path_factory.mktemp("server")
        port = free_port()
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TRYGG_DB": f"sqlite:///{folder / 'trygg.db'}",
            "TRYGG_BASEMAP": "simple",
            **settings,
        }
        command = [sys.executable, "-m", "streamlit", "run", str(script)]
        command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
        # The repository's own Streamlit settings are found in the working directory.
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        give_up_at = time.monotonic() + _START_S
        while time.monotonic() < give_up_at:
            try:
                with urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                    if answer.status == 200:
                        return url
            except (URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start; its log is {folder / 'server.log'}")

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=10)


@pytest.fixture(scope="session")
def map_url(serve: Callable[..., str]) -> str:
    """Serve the page with only the map."""
    return serve(ROOT / "tests" / "browser" / "map_page" / "app.py")


@pytest.fixture
def watch(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Open pages that are watched; give ``width``, ``height``, and any context option."""
    contexts: list[BrowserContext] = []

    def opened(*, width: int = 1440, height: int = 900, **options: object) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type] # options are Playwright's own
        context.set_default_timeout(20_000)
        contexts.append(context)
        seen = Watched(context.new_page())
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("websocket", lambda socket_: seen.asked.append(socket_.url))
        seen.page.on("requestfailed", lambda request: seen.failed.append(request.url))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))

        def heard(message: object) -> None:
            text = getattr(message, "text", "")
            if getattr(message, "type", "") in ("error", "warning") and not text.startswith(
                _STREAMLITS_OWN
            ):
                seen.complaints.append(text)

        seen.page.on("console", heard)
        return seen

    yield opened
    for context in contexts:
        context.close()


NOW = "2022-01-03T09:00:00+01:00"
"""The Monday after the example year: everything in it has happened, and logging is today."""


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with the example year once; stories work on copies of it."""
    path = tmp_path_factory.mktemp("examples") / "story_test.db"
    store = open_store(f"sqlite:///{path}")
    add_examples(store, seed=2021, now=datetime.fromisoformat(NOW))
    store.close()
    return path


@pytest.fixture(scope="session")
def serve_program(
    serve: Callable[..., str], examples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., str]:
    """Start the whole program on a copy of the examples, or on a database a test names."""

    def start(**settings: str) -> str:
        copy = tmp_path_factory.mktemp("story") / "story_test.db"
        shutil.copy(examples, copy)
        return serve(
            ROOT / "app.py", **{"TRYGG_DB": f"sqlite:///{copy}", "TRYGG_NOW": NOW} | settings
        )

    return start


@pytest.fixture(scope="session")
def program(serve_program: Callable[..., str]) -> str:
    """Serve the whole program; stories share it, each with places of its own."""
    return serve_program()
