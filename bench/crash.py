"""Visits logged while the power goes: what was acknowledged, and what is there afterwards.

A process of its own logs visits and says each as soon as the store has acknowledged it.
Somewhere in the middle it is ended with ``kill -9``; on PostgreSQL the server's main process is,
in turns with it.  Then the database is opened again: every visit that was said must be there, the
trace must be whole, and the database sound.  Nothing is timed.
Run as ``python -m bench.crash [ROUNDS]`` from the repository's folder (20 rounds unless told).
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bench._table import tell
from checks import postgis
from geo.errors import StorageError
from geo.model.visit import Visit
from geo.store.open import open_store
from geo.store.trace import Trace

ROUNDS = 20
ROOT = Path(__file__).resolve().parents[1]
_WRITES_FIRST = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of all rounds."""

    acknowledged: int
    lost: int
    damaged: int


def crash_rounds(
    url: str, *, rounds: int, seed: int, kill_server: Callable[[], None] | None = None
) -> Outcome:
    """Log, kill, look; again and again on one database.

    Parameters
    ----------
    url
        The database.
    rounds
        How often.
    seed
        Of when the killing is done.
    kill_server
        Kills the server and starts it again; used every second time, where there is one.
    """
    dice = random.Random(seed)
    said: set[int] = set()
    lost = damaged = 0
    for number in range(rounds):
        first = max(said, default=0) + 1_000
        command = [sys.executable, "-m", "bench._writer", url, str(first)]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as writer:
            assert writer.stdout is not None
            said |= {int(writer.stdout.readline()) for _ in range(_WRITES_FIRST)}
            time.sleep(dice.uniform(0, 0.3))
            if kill_server is not None and number % 2:
                kill_server()
            writer.kill()
            # A line that was cut off was not said.
            rest = writer.stdout.read().rpartition("\n")[0]
        said |= {int(line) for line in rest.split()}
        kept, is_sound = _look(url)
        lost += len(said - kept)
        damaged += not is_sound
    return Outcome(len(said), lost, damaged)


def _look(url: str) -> tuple[set[int], bool]:
    store = open_store(url)
    try:
        kept = {int(one.record.visit_id.removeprefix("crash-")) for one in store.standing(Visit)}
        is_sound = Trace(store.engine).verify().fault is None
        if store.engine.dialect.name == "sqlite":
            with store.engine.connect() as connection:
                is_sound &= connection.scalar(text("PRAGMA integrity_check")) == "ok"
    finally:
        store.close()
    return kept, is_sound


def restarted(server: postgis.Server) -> Callable[[], None]:
    """Give what kills a server and starts it again, waiting until it answers."""

    def kill() -> None:
        server.kill()
        for _ in range(100):
            time.sleep(0.1)
            try:
                server.start()
                open_store(server.url()).close()
            except (subprocess.CalledProcessError, StorageError):
                continue
            return
        raise RuntimeError("the server did not come back")

    return kill


def main() -> None:
    """Crash both, and say what was lost."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    outcomes: dict[str, Outcome] = {}
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/crash.db"
        outcomes["SQLite"] = crash_rounds(url, rounds=rounds, seed=1)
    found = postgis.programs()
    if found is None:
        print("PostgreSQL with PostGIS is not installed here: only SQLite is tried.")
    else:
        with postgis.running(found, is_safe=True) as server:
            outcomes["PostgreSQL"] = crash_rounds(
                server.url(), rounds=rounds, seed=2, kill_server=restarted(server)
            )
    for name, outcome in outcomes.items():
        tell(
            f"{name}: {rounds} rounds, {outcome.acknowledged} acknowledged, "
            f"{outcome.lost} lost, {outcome.damaged} damaged"
        )
    assert all(outcome.lost == outcome.damaged == 0 for outcome in outcomes.values())


if __name__ == "__main__":
    main()
