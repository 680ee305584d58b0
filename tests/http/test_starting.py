"""The program starts whole, or says in one sentence why not."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geo.access import Account
from geo.services.accounts import new_account
from geo.store.accounts import Accounts
from geo.store.open import open_store

ROOT = Path(__file__).resolve().parents[2]


def started(folder: Path, *options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start, and wait for it to end by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "TRYGG_DB": f"sqlite:///{folder / 'start_test.db'}", **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    return subprocess.run(
        [*command, *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def add_account(folder: Path) -> None:
    store = open_store(f"sqlite:///{folder / 'start_test.db'}")
    account = Account("polis-1", "polisen", "officer")
    new_account(Accounts(store.engine), account, password="tre gula bussar", now=datetime.now(UTC))
    store.close()


def last_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_without_accounts_only_this_machine_is_served(tmp_path: Path, address: str) -> None:
    said = last_line(started(tmp_path, "--server.address", address))
    assert said.startswith("Det finns inga konton ännu")
    assert "python -m geo accounts add" in said


def test_without_an_address_of_its_own_only_this_machine_is_served(tmp_path: Path) -> None:
    add_account(tmp_path)
    said = last_line(started(tmp_path, "--server.address", "0.0.0.0"))
    assert said.startswith("Tjänsten är inte öppnad för andra datorer")
    assert "TRYGG_URL" in said


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"TRYGG_DB": "besök.csv"}, "ingen databasadress"),
        ({"TRYGG_DB": "postgresql://a:hemligt@127.0.0.1:9/x"}, "är servern igång"),
        ({"TRYGG_URL": "http://karta.example.se"}, "TRYGG_URL"),
        ({"TRYGG_SESSION_HOURS": "0"}, "TRYGG_SESSION_HOURS"),
    ],
)
def test_what_cannot_work_does_not_start(
    tmp_path: Path, settings: dict[str, str], expected: str
) -> None:
    said = last_line(started(tmp_path, **settings))
    assert expected in said
    assert "hemligt" not in said
