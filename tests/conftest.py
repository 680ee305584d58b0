"""Which tests run in one process when several run side by side."""

from __future__ import annotations

import pytest

_COMPILING = (
    *(f"tests/unit/coverage/{room}/" for room in ("cube", "engine", "ground")),
    "tests/unit/services/test_batch.py",
)
"""Numba compiles once per process and for a minute: two processes would do it twice at a time."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests together, for what its fixtures made, and all that compile."""
    for item in items:
        file = item.nodeid.split("::")[0]
        group = "compiling" if file.startswith(_COMPILING) else file
        item.add_marker(pytest.mark.xdist_group(group))
