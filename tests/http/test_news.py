"""News over HTTP, from a real server: heard at once, never in the way of stopping."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from websockets.sync.client import connect

from geo.store.open import open_store

ROOT = Path(__file__).resolve().parents[2]
STARTED_WITHIN_S = 30.0
STOPPED_WITHIN_S = 20.0
"""Generous: a server that waits for its listeners waits for ever."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start the program on a database of its own."""
    db, port = f"sqlite:///{folder / 'news_test.db'}", free_port()
    open_store(db).close()
    environment = {**os.environ, "TRYGG_DB": db, "TRYGG_BASEMAP": "simple"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    give_up_at = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < give_up_at:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield process, port
    finally:
        process.kill()
        process.wait()


@contextmanager
def listening(port: int) -> Iterator[HTTPResponse]:
    # Shorter than between two heartbeats, which would keep a test waiting that hears no news.
    connection = HTTPConnection("127.0.0.1", port, timeout=12)
    # As a browser asks, and a proxy that would like to pack everything.
    headers = {"accept": "text/event-stream", "accept-encoding": "gzip, br"}
    connection.request("GET", "/nyheter", headers=headers)
    yield connection.getresponse()
    connection.close()


def next_news(answer: HTTPResponse) -> int:
    while True:
        line = answer.readline()
        assert line, "the stream has ended"
        if line.startswith(b"data: "):
            return int(line[6:])


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("news")
    with serving(folder) as (_, found):
        yield found


def write_elsewhere(folder: Path, db: str) -> None:
    """Write from another process."""
    file = folder / "insatser.csv"
    file.write_text("activity_id;kind;happened_on\na1;riktad insats;2021-05-01\n", "utf-8")
    command = [sys.executable, "-m", "geo", "import", "activities", str(file), "--db", db]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def test_the_stream_is_neither_packed_nor_kept(port: int) -> None:
    with listening(port) as answer:
        assert answer.status == 200
        assert next_news(answer) == 0
        headers = {name.lower(): value for name, value in answer.getheaders()}
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in headers
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["HEAD", "POST"])
def test_only_who_reads_keeps_a_stream_open(port: int, method: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=STARTED_WITHIN_S)
    connection.request(method, "/nyheter", headers={"origin": f"http://127.0.0.1:{port}"})
    answer = connection.getresponse()
    assert "event-stream" not in str(answer.getheader("content-type"))
    answer.read()
    connection.close()


def test_another_process_s_write_is_heard_in_time(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, port), listening(port) as answer:
        assert next_news(answer) == 0
        write_elsewhere(tmp_path, f"sqlite:///{tmp_path / 'news_test.db'}")
        written_at = time.perf_counter()
        assert next_news(answer) == 1
        print(f"heard {time.perf_counter() - written_at:.2f} s after the process had ended")


def test_the_server_stops_with_listeners_connected(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, port):
        origin = f"http://127.0.0.1:{port}"
        with (
            listening(port) as one,
            listening(port) as other,
            connect(
                f"ws://127.0.0.1:{port}/_stcore/stream",
                origin=origin,  # type: ignore[arg-type]
                subprotocols=["streamlit"],  # type: ignore[list-item]
                proxy=None,
            ),
        ):
            next_news(one)
            next_news(other)
            process.send_signal(signal.SIGINT)
            told_at = time.perf_counter()
            process.wait(STOPPED_WITHIN_S)
            print(f"stopped after {time.perf_counter() - told_at:.2f} s")
            # Ended, not broken off.
            assert one.read() == other.read() == b"\n"
