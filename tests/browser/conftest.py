"""One server and one Chromium for all stories of a run; the records as new for each of them.

A story costs what it does, not what it starts: servers, the browser and its profiles are
made once, the example year once, and a story that wrote something is followed by a fresh copy.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from geo.maps.assets import missing_assets_message
from tests.browser.tab import LAPTOP, ROOT, Size, Tab
from tests.example_year import NOW, write_example_year

_START_S = 30.0
_WAIT_MS = 20_000
_REVISIONS_OF_A_STORY = 1_000

OpenTab = Callable[..., Tab]


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


# ---------------------------------------------------------------- the browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium that can reach this machine and nothing else."""
    path = chromium_path()
    if path is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium)")
    missing = missing_assets_message()
    if missing is not None:
        pytest.skip(str(missing))
    # As patient as everything else here: a busy machine is not a fault of the program.
    expect.set_options(timeout=_WAIT_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            # Without a graphics card, one that is imitated costs a sixth of every page.
            args=[
                "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
                "--no-sandbox",
                "--disable-gpu",
            ],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> dict[bool, BrowserContext]:
    """Two profiles all stories share, so that they find the program's files in the cache.

    One with a mouse (False), one with a finger (True).  What a story remembers lies in its tab.
    """
    made = {
        False: browser.new_context(),
        True: browser.new_context(has_touch=True, is_mobile=True),
    }
    for context in made.values():
        context.set_default_timeout(_WAIT_MS)
        # Keeps the window: a tab more costs half of what a new window costs.
        context.new_page()
    return made


@pytest.fixture
def watch(browser: Browser, profiles: dict[bool, BrowserContext]) -> Iterator[OpenTab]:
    """Open tabs that are watched.

    Give a size; ``color_scheme`` or ``reduced_motion``; any other option of a browser context
    gives the tab a profile of its own.
    """
    own: list[BrowserContext] = []
    opened: list[Tab] = []

    def open_tab(
        size: Size = LAPTOP,
        *,
        color_scheme: str = "light",
        reduced_motion: str = "no-preference",
        **options: object,
    ) -> Tab:
        context = profiles[size.is_phone]
        if options:
            context = browser.new_context(
                has_touch=size.is_phone,
                is_mobile=size.is_phone,
                **options,  # type: ignore[arg-type] # options are Playwright's own
            )
            context.set_default_timeout(_WAIT_MS)
            own.append(context)
        page = context.new_page()
        page.set_viewport_size({"width": size.width, "height": size.height})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)  # type: ignore[arg-type] # words of CSS
        opened.append(Tab(page, size))
        return opened[-1]

    yield open_tab
    for tab in opened:
        tab.page.close()
    for context in own:
        context.close()


@pytest.fixture
def tab(watch: OpenTab) -> Iterator[OpenTab]:
    """Open tabs, and see at the end that none asked anybody else, failed or complained."""
    opened: list[Tab] = []

    def open_tab(*args: Size, **options: object) -> Tab:
        opened.append(watch(*args, **options))
        return opened[-1]

    yield open_tab
    for seen in opened:
        assert seen.asked
        assert seen.strangers() == []
        assert seen.complaints == []


# ---------------------------------------------------------------- servers


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
            "TRYGG_FIXES": str(folder / "fixes"),
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
            except HTTPError as answer:
                if answer.code == HTTPStatus.UNAUTHORIZED:
                    return url  # It is up, and asks who we are.
            except (URLError, OSError):
                time.sleep(0.05)
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


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with the example year once; stories work on copies of it."""
    return write_example_year(tmp_path_factory.mktemp("examples") / "story_test.db")


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


@dataclass
class SharedProgram:
    """The program all stories share, and the database under it."""

    url: str
    db: Path
    laid: Path
    """The database whose content was laid out last."""
    stories: int = 0

    def lay_out(self, source: Path) -> str:
        """Give the address, with the records of a database as nobody has touched them.

        SQLite's own backup replaces the content in one transaction, under the running server,
        and only where it is another or the last story wrote something.  Each story gets
        revisions of its own: the program keeps its answers by revision.
        """
        with closing(sqlite3.connect(source)) as fresh, closing(sqlite3.connect(self.db)) as used:
            newest = "SELECT max(revision) FROM writes"
            (at_first,) = fresh.execute(newest).fetchone()
            (now,) = used.execute(newest).fetchone()
            if source == self.laid and now == at_first + self.stories * _REVISIONS_OF_A_STORY:
                return self.url
            self.laid = source
            self.stories += 1
            fresh.backup(used)
            used.execute(
                "INSERT INTO writes (revision, origin, recorded_at) "
                "SELECT revision + ?, origin, recorded_at FROM writes WHERE revision = ?",
                (self.stories * _REVISIONS_OF_A_STORY, at_first),
            )
            used.commit()
        return self.url


@pytest.fixture(scope="session")
def shared_program(
    serve_program: Callable[..., str], examples: Path, tmp_path_factory: pytest.TempPathFactory
) -> SharedProgram:
    """Start the program all stories share."""
    db = tmp_path_factory.mktemp("shared") / "story_test.db"
    shutil.copy(examples, db)
    return SharedProgram(serve_program(TRYGG_DB=f"sqlite:///{db}"), db, laid=examples)


@pytest.fixture
def program(shared_program: SharedProgram, examples: Path) -> str:
    """Serve the whole program on the example year, as nobody has touched it."""
    return shared_program.lay_out(examples)
