"""Start our app and the plain one, each on a free port, as a person would."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil

from bench._data import NOW

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / "app.py"
PLAIN = ROOT / "bench" / "peers" / "plain_app.py"

_GIVE_UP_S = 30.0
_ASK_AGAIN_S = 0.005


@dataclass(frozen=True, slots=True)
class Server:
    """A running app."""

    url: str
    pid: int
    up_s: float
    """From starting the process to its first healthy answer."""

    @property
    def rss_mb(self) -> float:
        """How much memory it holds now."""
        return float(psutil.Process(self.pid).memory_info().rss) / 1e6


@contextmanager
def running(script: Path, log: Path, **settings: str) -> Iterator[Server]:
    """Start an app and stop it afterwards.

    Parameters
    ----------
    script
        What ``streamlit run`` is given.
    log
        Where its output goes.
    **settings
        Its environment, beside this process's own.
    """
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(settings), stdout=output, stderr=output
        )
        try:
            _wait(port, process, log)
            up_s = time.perf_counter() - begun
            yield Server(f"http://127.0.0.1:{port}", process.pid, up_s)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRYGG_")}
    ours = {"TRYGG_NOW": NOW, "TRYGG_BASEMAP": "simple", "PYTHONPATH": str(ROOT)}
    return {**clean, **ours, **settings}


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.perf_counter() + _GIVE_UP_S
    while time.perf_counter() < give_up_at and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, HTTPException):
            time.sleep(_ASK_AGAIN_S)
        finally:
            connection.close()
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
