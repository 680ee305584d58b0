"""No acknowledged visit is lost when a process or a server is killed.

bench/crash.py goes on longer.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.crash import crash_rounds, restarted
from checks import postgis


def test_a_process_that_is_killed_loses_nothing_acknowledged(tmp_path: Path) -> None:
    outcome = crash_rounds(f"sqlite:///{tmp_path / 'crash_test.db'}", rounds=2, seed=1)
    assert (outcome.lost, outcome.damaged) == (0, 0)
    assert outcome.acknowledged >= 10


def test_a_server_that_is_killed_loses_nothing_acknowledged() -> None:
    found = postgis.programs()
    if found is None:
        pytest.skip("PostgreSQL with PostGIS is not installed")
    with postgis.running(found, is_safe=True) as server:
        outcome = crash_rounds(server.url(), rounds=2, seed=2, kill_server=restarted(server))
    assert (outcome.lost, outcome.damaged) == (0, 0)
    assert outcome.acknowledged >= 10
