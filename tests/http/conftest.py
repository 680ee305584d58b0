"""The whole program on a port of its own, with an account of every kind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from websockets.sync.client import ClientConnection, connect

from geo.access import ORGANISATIONS, ROLES, Account, can_be
from geo.services.accounts import new_account
from geo.store.accounts import Accounts
from geo.store.open import open_store
from tests.example_year import NOW

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "tre gula bussar"
COOKIE = "__Host-trygg"
EVERYBODY = tuple(
    Account(f"{organisation}-{role}".replace("_", "-"), organisation, role)
    for organisation, role in product(ORGANISATIONS, ROLES)
    if can_be(organisation, role)
)


@dataclass(frozen=True)
class Program:
    """A running program."""

    port: int
    accounts: Accounts
    folder: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str | None
    ) -> HTTPResponse:
        """Ask, as a browser's page would unless told otherwise; None leaves a header out."""
        wanted: dict[str, str | None] = {"accept": "text/html"}
        if method != "GET":
            wanted["origin"] = self.origin
        wanted |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name: value for name, value in wanted.items() if value is not None}
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]
        connection.close()
        return answer

    def sign_in(self, account: Account, password: str = PASSWORD) -> str | None:
        """Give the cookie, or None for whoever is turned away."""
        form = urlencode({"konto": account.account_id, "losenord": password, "till": "/"})
        answer = self.ask("/logga-in", method="POST", body=form.encode())
        cookie = answer.headers.get("set-cookie")
        return cookie and cookie.partition(";")[0]

    def socket(self, cookie: str | None, *, origin: str | None = "own") -> ClientConnection:
        """Open the page's WebSocket."""
        headers = {} if cookie is None else {"cookie": cookie}
        return connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=self.origin if origin == "own" else origin,  # type: ignore[arg-type]
            additional_headers=headers,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            proxy=None,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Program]]:
    """Start the program on a database, with its accounts added; all end with the session."""
    running: list[tuple[subprocess.Popen[bytes], Accounts]] = []

    def start(db: Path, *, port: int | None = None, **settings: str) -> Program:
        port = port or free_port()
        folder = tmp_path_factory.mktemp("http")
        store = open_store(f"sqlite:///{db}")
        accounts = Accounts(store.engine)
        for account in EVERYBODY:
            new_account(accounts, account, password=PASSWORD, now=datetime.now(UTC))
        environment: Mapping[str, str] = {
            **os.environ,
            "TRYGG_DB": f"sqlite:///{db}",
            "TRYGG_BASEMAP": "simple",
            "TRYGG_NOW": NOW,
            "TRYGG_FIXES": str(folder / "fixes"),
            "TRYGG_URL": "https://karta.example.se",
            **settings,
        }
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        running.append((process, accounts))
        program = Program(port, accounts, folder)
        for _ in range(300):
            try:
                program.ask("/logga-in")
                return program
            except OSError:
                time.sleep(0.1)
        raise RuntimeError((folder / "log").read_text("utf-8"))

    yield start
    for process, _ in running:
        process.terminate()
    for process, _ in running:
        process.wait(timeout=20)
